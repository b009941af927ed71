"""Measurements, as visits and attendances keep them: integers in the smallest unit a form takes."""

from __future__ import annotations

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column


class Measured:
    """What was measured; `None` is not measured.

    Attributes:
        sbp: systolic blood pressure, mmHg.
        dbp: diastolic blood pressure, mmHg.
        pulse: beats per minute.
        temperature: 0.1 °C.
        weight: 0.1 kg.
        height: 0.1 cm.
        waist: 0.1 cm.
        glucose: fasting glucose, 0.1 mmol/L.
    """

    sbp: Mapped[int | None] = mapped_column(Integer)
    dbp: Mapped[int | None] = mapped_column(Integer)
    pulse: Mapped[int | None] = mapped_column(Integer)
    temperature: Mapped[int | None] = mapped_column(Integer)
    weight: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    waist: Mapped[int | None] = mapped_column(Integer)
    glucose: Mapped[int | None] = mapped_column(Integer)
