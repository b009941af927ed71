"""Who is in a programme of chronic disease on the last day of the months, and how their last twelve months went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, or_, select

from models.rules.access import Actor
from models.rules.indicators.chronic import MOST_QUARTERS, QUARTER, Care
from models.rules.outcomes import EFFECTS
from models.rules.periods import Period
from models.rules.spans import add_months
from models.store import scope
from models.store.database import StoreSession
from models.store.indicators._months import Found, lies
from models.tables.enrolments import Enrolment
from models.tables.visits import Visit

_DONE = tuple(outcome for outcome, effect in EFFECTS.items() if effect.done)


async def hypertension(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[Care]:
    """Return who is in care for high blood pressure; all as of the last month."""
    return await _care(session, actor, villages, "hypertension", Visit.sbp, months, today)


async def diabetes(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[Care]:
    """Return who is in care for diabetes; all as of the last month."""
    return await _care(session, actor, villages, "diabetes", Visit.glucose, months, today)


async def _care(
    session: StoreSession,
    actor: Actor,
    villages: Sequence[int],
    code: str,
    measure: Any,
    months: Sequence[Period],
    today: date,
) -> Found[Care]:
    end = min(months[-1].last, today)
    codes = [each for each, one in actor.catalogue.items() if code in (each, one.based_on)]
    quarters = _quarters(end).label("quarters")
    here = (
        lies(actor, villages, Enrolment),
        Enrolment.programme.in_(codes),
        scope.counted(actor, Enrolment.programme),
        Enrolment.enrolled_on <= end,
        or_(Enrolment.ended_on.is_(None), Enrolment.ended_on > end),
    )
    everybody = select(Enrolment.village_id, quarters, func.count().label("people")).where(*here)
    unseen = Counter[tuple[int, int]]()
    for row in await session.rows(everybody.group_by(Enrolment.village_id, "quarters")):
        unseen[row.village_id, row.quarters] = row.people
    found: Found[Care] = {}
    for row in await session.rows(_seen(_visits(actor, codes, measure, end), quarters, here)):
        care = Care(row.quarters, row.visits, None if row.controlled is None else bool(row.controlled))
        found.setdefault((row.village_id, months[-1]), []).append((care, row.people))
        unseen[row.village_id, row.quarters] -= row.people
    for (village_id, many), people in unseen.items():
        found.setdefault((village_id, months[-1]), []).append((Care(many, 0, None), people))
    return found


def _seen(
    visits: Subquery, quarters: ColumnElement[int], here: Collection[ColumnElement[bool]]
) -> Select[*tuple[Any, ...]]:
    """Count those who were seen. Those who weren't are the others: SQLite would look for each of them in vain."""
    many = case((visits.c.many > MOST_QUARTERS, MOST_QUARTERS), else_=visits.c.many).label("visits")
    controlled = case((visits.c.is_measured, case((visits.c.uncontrolled, 0), else_=1))).label("controlled")
    statement = select(Enrolment.village_id, quarters, many, controlled, func.count().label("people"))
    statement = statement.join(visits, visits.c.enrolment_id == Enrolment.id).where(*here)
    return statement.group_by(Enrolment.village_id, "quarters", "visits", "controlled")


def _quarters(end: date) -> ColumnElement[int]:
    """Return how many whole quarters ago a person joined, at most four."""
    steps = range(MOST_QUARTERS, 0, -1)
    return case(*((Enrolment.enrolled_on <= add_months(end, -QUARTER * step), step) for step in steps), else_=0)


def _visits(actor: Actor, codes: Sequence[str], measure: Any, end: date) -> Subquery:
    """Return the visits of the twelve months up to a day at which somebody was seen.

    Of each enrolment the `newest` comes first, of those with a measured value if there are any, with how `many`.
    """
    theirs = Visit.enrolment_id
    order = (measure.is_(None), Visit.visited_on.desc(), Visit.entered_at.desc(), Visit.id.desc())
    statement = select(
        theirs,
        Visit.uncontrolled,
        measure.is_not(None).label("is_measured"),
        func.row_number().over(partition_by=theirs, order_by=order).label("newest"),
        func.count().over(partition_by=theirs).label("many"),
    )
    statement = statement.where(
        Visit.township_id == actor.township_id,
        Visit.programme.in_(codes),
        Visit.visited_on > add_months(end, -QUARTER * MOST_QUARTERS),
        Visit.visited_on <= end,
        Visit.voided_at.is_(None),
        Visit.outcome.in_(_DONE),
    )
    found = statement.subquery()
    return select(found).where(found.c.newest == 1).subquery()
