"""Which people several tables count: whoever came to a check-up day was served, and is told of in three tables.

`done` counts every service of a month, `checkup` what came of the places of its check-up day, `outcomes` the same in
other words. What `done` has more than the others follows by subtraction, so it is a count to be kept like theirs. A
report entered under another month can make it less: that is a count as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.rules.disclosure import Counted
from models.rules.indicators.base import Counts, add_all
from models.rules.indicators.checkups import OUTCOMES, TABLE, CheckupCell, OutcomeCell
from models.rules.indicators.work import DONE_TABLE
from models.rules.periods import Period

NESTED = (DONE_TABLE.code, TABLE.code, OUTCOMES.code)
"""Tables that count some of the same people, the outermost first."""
Months = Mapping[Period, Mapping[int, Counts]]
"""By month and village."""
_WHOLE = 0
"""The only row of a table that is shown for all villages together."""
_ATTENDED = tuple(TABLE.cells).index(CheckupCell.ATTENDED)
_SERVED = frozenset({OutcomeCell.ATTENDED, OutcomeCell.DECLINED, OutcomeCell.ELSEWHERE})


def nested(tables: Mapping[str, Months]) -> list[Counted[int]]:
    """Return those of the tables that are there as they are told one inside the other, each with what follows of it.

    Of outcomes, only the sum of all villages is told.
    """
    told = {DONE_TABLE.code: _done, TABLE.code: _places, OUTCOMES.code: _outcomes}
    return [told[code](tables) for code in NESTED if code in tables]


def _done(tables: Mapping[str, Months]) -> Counted[int]:
    return Counted(tables[DONE_TABLE.code])


def _places(tables: Mapping[str, Months]) -> Counted[int]:
    done, months = tables[DONE_TABLE.code], {}
    for month, rows in tables[TABLE.code].items():
        outcomes = add_all(OUTCOMES, tables[OUTCOMES.code][month].values())
        is_only = not beside_served(add_all(DONE_TABLE, done[month].values()), outcomes)[0]
        months[month] = {
            village: _beside(row, beside_attended(done[month][village], row, is_only=is_only))
            for village, row in rows.items()
        }
    return Counted(months, len(TABLE.cells))


def _outcomes(tables: Mapping[str, Months]) -> Counted[int]:
    done, months = tables[DONE_TABLE.code], {}
    for month, rows in tables[OUTCOMES.code].items():
        total = add_all(OUTCOMES, rows.values())
        served = beside_served(add_all(DONE_TABLE, done[month].values()), total)
        months[month] = {_WHOLE: _beside(total, served)}
    return Counted(months, len(OUTCOMES.cells))


def _beside(row: Counts, follows: Counts) -> Counts:
    """Return a row with what follows of it. Where there was no check-up, all that was done is told by itself, whatever
    is told of longer times: such a month hides nothing of the others.
    """
    return row + (follows if any(row) else (0,) * len(follows))


def beside_attended(done: Counts, places: Counts, *, is_only: bool = False) -> Counts:
    """Return what follows of a village's services that weren't places at which somebody came.

    What is left of them beside the other places follows as well where, say, nobody declined anywhere. Where there are
    more places than services, none need be left; but those are the places at which nobody was served where there were
    no other services, in any village: `is_only`.
    """
    more, less = _rest(sum(done), sum(places))
    return *_rest(sum(done), places[_ATTENDED]), more, less if is_only else 0


def beside_served(done: Counts, outcomes: Counts) -> Counts:
    """Return what follows of the services that weren't places at which somebody was served: the visits."""
    return _rest(sum(done), sum(many for cell, many in zip(OUTCOMES.cells, outcomes, strict=True) if cell in _SERVED))


def _rest(whole: int, part: int) -> Counts:
    """Return by how much a whole is more, and by how much less, than what is a part of it as a rule."""
    return max(0, whole - part), max(0, part - whole)
