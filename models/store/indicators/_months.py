"""Facts by village and month. Private to the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, case

from models.rules.access import Actor
from models.rules.periods import Period
from models.store import scope
from models.store.database import AnyRow

F = TypeVar("F")
Found = dict[tuple[int, Period], list[tuple[F, int]]]
"""By village and month, each fact with how often it was met."""
MONTH = "month"


def month_column(day: Any, months: Sequence[Period]) -> ColumnElement[int]:
    """Return the number of the month of a day that lies in one of them."""
    return case(*((day <= month.last, number) for number, month in enumerate(months)), else_=len(months)).label(MONTH)


def lies(actor: Actor, villages: Sequence[int], model: Any) -> ColumnElement[bool]:
    """Return the condition that rows of `model` lie in one of some villages, within the actor's reach."""
    return and_(scope.reach(actor, model), model.village_id.in_(villages))


def within(day: Any, months: Sequence[Period]) -> ColumnElement[bool]:
    """Return the condition that a day lies in the months, which follow each other."""
    condition: ColumnElement[bool] = day.between(months[0].first, months[-1].last)
    return condition


def collect(rows: Iterable[AnyRow], months: Sequence[Period], fact: Callable[[AnyRow], F]) -> Found[F]:
    """Return the facts of rows of `village_id`, `month` and `many`."""
    found: Found[F] = {}
    for row in rows:
        found.setdefault((row.village_id, months[row.month]), []).append((fact(row), row.many))
    return found


def joined(*lots: Found[F]) -> Found[F]:
    """Return several lots of facts as one."""
    found: Found[F] = {}
    for lot in lots:
        for key, facts in lot.items():
            found.setdefault(key, []).extend(facts)
    return found
