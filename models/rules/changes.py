"""What becomes of a person outside any visit: away, back, moved, died; what may follow what."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.rules.outcomes import Outcome


class ResidentStatus(StrEnum):
    """Where the person is."""

    PRESENT = "present"
    AWAY = "away"
    MOVED = "moved"
    DECEASED = "deceased"


class ChangeKind(StrEnum):
    """What became of the person."""

    AWAY = "away"
    BACK = "back"
    MOVED = "moved"
    DIED = "died"


OUTCOMES = {
    ChangeKind.AWAY: Outcome.AWAY,
    ChangeKind.BACK: Outcome.ATTENDED,
    ChangeKind.MOVED: Outcome.MOVED,
    ChangeKind.DIED: Outcome.DECEASED,
}
"""The outcome of a visit that does the same to the person and the programmes."""
RESULTS = {
    ChangeKind.AWAY: ResidentStatus.AWAY,
    ChangeKind.BACK: ResidentStatus.PRESENT,
    ChangeKind.MOVED: ResidentStatus.MOVED,
    ChangeKind.DIED: ResidentStatus.DECEASED,
}
"""Where the person is after it."""
GONE = frozenset({ChangeKind.MOVED, ChangeKind.DIED})
"""After these the person is not listed any more."""
REASONS = ("typo", "late", "person", "other")
"""Why a change is taken back, as codes."""
_POSSIBLE = {
    ResidentStatus.PRESENT: (ChangeKind.AWAY, ChangeKind.MOVED, ChangeKind.DIED),
    ResidentStatus.AWAY: (ChangeKind.BACK, ChangeKind.AWAY, ChangeKind.MOVED, ChangeKind.DIED),
    ResidentStatus.MOVED: (ChangeKind.BACK,),
    ResidentStatus.DECEASED: (),
}


def possible(status: ResidentStatus) -> tuple[ChangeKind, ...]:
    """Return what can become of a person; who is away may be away for longer, a death can only be taken back."""
    return _POSSIBLE[status]


def trouble(on: date, until: date | None, birth_date: date | None, today: date) -> str | None:
    """Return the code of what is wrong with the days of a change, or `None`.

    `future_date`: it has not happened yet; `before_birth`; `until_before`: back before having left.
    """
    if on > today:
        return "future_date"
    if birth_date is not None and on < birth_date:
        return "before_birth"
    return "until_before" if until is not None and until <= on else None
