"""What the clinic examines, and what can come of it.

There is no code for the sex of a fetus nor for a pregnancy: neither is ever recorded here.
"""

from __future__ import annotations

from enum import StrEnum


class ExaminationKind(StrEnum):
    """What was examined."""

    PELVIC = "pelvic"
    ULTRASOUND = "ultrasound"
    INFECTION = "infection"
    HPV = "hpv"
    CYTOLOGY = "cytology"
    BREAST = "breast"


class ExaminationResult(StrEnum):
    """What came of it."""

    NORMAL = "normal"
    NEGATIVE = "negative"
    TREAT = "treat"
    RECHECK = "recheck"
    REFER = "refer"


_R = ExaminationResult
RESULTS: dict[ExaminationKind, tuple[ExaminationResult, ...]] = {
    ExaminationKind.PELVIC: (_R.NORMAL, _R.TREAT, _R.RECHECK, _R.REFER),
    ExaminationKind.ULTRASOUND: (_R.NORMAL, _R.RECHECK, _R.REFER),
    ExaminationKind.INFECTION: (_R.NEGATIVE, _R.TREAT, _R.RECHECK, _R.REFER),
    ExaminationKind.HPV: (_R.NEGATIVE, _R.RECHECK, _R.REFER),
    ExaminationKind.CYTOLOGY: (_R.NORMAL, _R.RECHECK, _R.REFER),
    ExaminationKind.BREAST: (_R.NORMAL, _R.RECHECK, _R.REFER),
}
"""The results that an examination can have."""
SCREENINGS = {ExaminationKind.HPV: "cervical_hpv", ExaminationKind.CYTOLOGY: "cervical_cytology"}
"""The programme whose visit an examination makes; reporting it there stays a step of its own."""


def is_possible(kind: ExaminationKind, result: ExaminationResult) -> bool:
    """Return whether an examination can have this result."""
    return result in RESULTS[kind]
