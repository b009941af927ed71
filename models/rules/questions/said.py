"""What a reading says, sorted: words, villages, periods, how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.rules.questions import stretches
from models.rules.questions.concepts import Concept
from models.rules.questions.counts import Few
from models.rules.questions.reading import Meaning, Place, Reading
from models.rules.questions.stretches import Stretch, Unit

_C = Concept
_COMPARING = frozenset({_C.COMPARE, _C.SINCE_LAST, _C.SINCE_LAST_YEAR})
_LEADS_TO_OTHER = frozenset({_C.COMPARE, _C.AND})
_SILENT = frozenset({_C.FILLER, _C.WHY})


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of a question.

    Attributes:
        words: what its words stand for, without fillers and without *why*.
        places: villages, without initials that are something else.
        period: the one that is asked about; `versus` the one that it is compared with.
        few: how many villages are asked for.
        names_a_time: whether the question itself names one.
        is_of_a_day_ahead: the period is one day, today or later.
        asks_why: whether the reason is asked.
    """

    words: frozenset[Concept]
    places: tuple[Place, ...]
    period: Stretch | None
    versus: Stretch | None
    few: Few | None
    unexplained: tuple[str, ...]
    names_a_time: bool = False
    is_of_a_day_ahead: bool = False
    asks_why: bool = False

    def has(self, *any_of: Concept) -> bool:
        """Return whether one of these words is there."""
        return not self.words.isdisjoint(any_of)

    @property
    def compares(self) -> bool:
        """Whether periods are compared."""
        return self.versus is not None

    @property
    def compares_with_before(self) -> bool:
        """Whether a period is compared with the one before it."""
        if self.versus is None or _C.SINCE_LAST_YEAR in self.words:
            return False
        return self.period is None or self.versus == self.period.before


def sort(reading: Reading, today: date) -> Said:
    """Return the parts of what was read."""
    meanings = [one for one in reading.meanings if one not in _SILENT]
    few = next((one for one in meanings if isinstance(one, Few)), None)
    words = frozenset(one for one in meanings if isinstance(one, Concept))
    period, versus = _periods(meanings, words, today)
    names_a_time = any(isinstance(one, Stretch) for one in meanings)
    is_ahead = period is not None and period.unit is Unit.DAY and period.first >= today
    asks_why = _C.WHY in reading.meanings
    return Said(words, _places(meanings), period, versus, few, reading.unexplained, names_a_time, is_ahead, asks_why)


def _places(meanings: list[Meaning]) -> tuple[Place, ...]:
    """Return the villages; initials of several, beside a name in full, were some other word."""
    found = list(dict.fromkeys(one for one in meanings if isinstance(one, Place)))
    if any(not one.by_initials for one in found):
        found = [one for one in found if not one.by_initials or len(one.villages) == 1]
    return tuple(found)


def _periods(meanings: list[Meaning], words: frozenset[Concept], today: date) -> tuple[Stretch | None, Stretch | None]:
    periods = [(one, _is_other(meanings, at)) for at, one in enumerate(meanings) if isinstance(one, Stretch)]
    if words.isdisjoint(_COMPARING) and not (len(periods) > 1 and _chooses(words)):
        return (periods[0][0] if periods else None), None
    asked = [one for one, other in periods if not other]
    others = [one for one, other in periods if other]
    if not asked and len(others) > 1:
        asked, others = others[:1], others[1:]
    if len(asked) > 1 and not others:
        asked, others = asked[:1], asked[1:]
    return _compared(asked[0] if asked else None, others[0] if others else None, words, today)


def _chooses(words: frozenset[Concept]) -> bool:
    """Return whether it is asked which has more."""
    return not words.isdisjoint((_C.MORE, _C.LESS, _C.BEST, _C.WORST, _C.MOST, _C.LEAST))


def _is_other(meanings: list[Meaning], at: int) -> bool:
    """Return whether the period at that place is what another is compared with."""
    return at > 0 and meanings[at - 1] in _LEADS_TO_OTHER


def _compared(
    period: Stretch | None, versus: Stretch | None, words: frozenset[Concept], today: date
) -> tuple[Stretch | None, Stretch]:
    if period is None and versus is not None and versus.unit not in (Unit.MONTH, Unit.RANGE):
        period = stretches.of(versus.unit, today)
    base = period or stretches.of(Unit.MONTH, today)
    if _C.SINCE_LAST_YEAR in words:
        return period, base.a_year_before
    return period, versus or base.before
