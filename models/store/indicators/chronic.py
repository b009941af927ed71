"""Who is in a programme of chronic disease on the last day of the months, and how their last twelve months went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, or_, select

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
    visits, uncontrolled = _since(end), _uncontrolled(measure, end)
    people = (
        select(Enrolment.village_id, _quarters(end).label("quarters"), visits, uncontrolled)
        .where(
            lies(actor, villages, Enrolment),
            Enrolment.programme.in_(codes),
            scope.counted(actor, Enrolment.programme),
            Enrolment.enrolled_on <= end,
            or_(Enrolment.ended_on.is_(None), Enrolment.ended_on > end),
        )
        .subquery()
    )
    found: Found[Care] = {}
    for row in await session.rows(select(people, func.count().label("people")).group_by(*people.c)):
        care = Care(row.quarters, row.visits, None if row.uncontrolled is None else not row.uncontrolled)
        found.setdefault((row.village_id, months[-1]), []).append((care, row.people))
    return found


def _quarters(end: date) -> ColumnElement[int]:
    """Return how many whole quarters ago a person joined, at most four."""
    steps = range(MOST_QUARTERS, 0, -1)
    return case(*((Enrolment.enrolled_on <= add_months(end, -QUARTER * step), step) for step in steps), else_=0)


def _since(end: date) -> ColumnElement[int]:
    """Return how often a person was seen in the twelve months up to a day, as far as that matters."""
    some = select(literal(1).label("one")).where(*_seen(end)).limit(MOST_QUARTERS).correlate(Enrolment).subquery()
    return select(func.count()).select_from(some).scalar_subquery().label("visits")


def _uncontrolled(measure: Any, end: date) -> ColumnElement[bool | None]:
    """Return what the last value says that was measured in these months; `None` where none was."""
    newest = (Visit.visited_on.desc(), Visit.entered_at.desc(), Visit.id.desc())
    last = select(Visit.uncontrolled).where(*_seen(end), measure.is_not(None)).order_by(*newest).limit(1)
    return last.correlate(Enrolment).scalar_subquery().label("uncontrolled")


def _seen(end: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a visit to the person at which somebody was seen."""
    return (
        Visit.enrolment_id == Enrolment.id,
        Visit.visited_on > add_months(end, -QUARTER * MOST_QUARTERS),
        Visit.visited_on <= end,
        Visit.voided_at.is_(None),
        Visit.outcome.in_(_DONE),
    )
