"""Sex as the register of residents knows it."""

from __future__ import annotations

from enum import StrEnum


class Sex(StrEnum):
    """Sex in the household register; programmes for one sex only ask for it."""

    FEMALE = "female"
    MALE = "male"
