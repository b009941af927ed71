"""Running programmes, brought to the version that is in force: looked at first, then changed, a batch at a time.

Whoever joined before a load keeps the schedule of that time until the operator has seen what would change and says
yes. What is told of it are counts and numbers of days, never who.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, false, or_, select, update

from models.rules.facts import MissingAnchorError
from models.rules.programmes.base import Programme
from models.store import _facts, audit, catalogues
from models.store._facts import Known
from models.store.database import AnyRow, StoreSession
from models.tables.enrolments import Enrolment, EnrolmentState

BATCH = 200
"""Enrolments a transaction."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What a new version means for one running enrolment.

    Attributes:
        version: the version that was joined; `to` is the one in force.
        before: the day on which it is due next, if it is; `after` under the new version.
        waits: the new version waits for the clinic's approval.
        lacks: the new version needs a date that nobody told; the old one stays.
    """

    programme: str
    version: int
    to: int
    before: date | None
    after: date | None
    waits: bool = False
    lacks: bool = False

    @property
    def days(self) -> int | None:
        """By how many days it moves; `None` where there is no day before or after."""
        return None if self.before is None or self.after is None else (self.after - self.before).days


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch found; the next one begins after `last`, `None` when there is none."""

    shifts: tuple[Shift, ...]
    last: int | None


async def step(
    session: StoreSession,
    township_id: int,
    today: date,
    *,
    programme: str | None = None,
    after: int = 0,
    apply: bool = False,
) -> Step:
    """Look at the next running enrolments on an older version; with `apply`, bring them to the one in force.

    For the command line: nothing it returns says who.
    """
    catalogue = await catalogues.of(session, township_id)
    present = [each for each in catalogue.values() if programme in (None, each.code)]
    statement = _older(township_id, present).where(Enrolment.id > after).order_by(Enrolment.id).limit(BATCH)
    # Locked first: a report that commits in between would be overwritten with what was true before it.
    rows = await session.rows(statement.with_for_update() if apply and session.is_postgres else statement)
    known = await _facts.load(session, [row.id for row in rows])
    shifts = {row.id: _shift(known[row.id], row, catalogue[row.programme], today) for row in rows}
    changed = [row.id for row in rows if not shifts[row.id].lacks]
    if apply and changed:
        await _change(session, changed, shifts, today)
    if rows:
        await _audit(session, township_id, programme, len(changed), apply=apply)
    return Step(tuple(shifts.values()), rows[-1].id if len(rows) == BATCH else None)


def _older(township_id: int, present: Sequence[Programme]) -> Select[*tuple[Any, ...]]:
    older = [and_(Enrolment.programme == each.code, Enrolment.programme_version != each.version) for each in present]
    return select(Enrolment.id, Enrolment.programme, Enrolment.programme_version).where(
        Enrolment.township_id == township_id, Enrolment.state == EnrolmentState.ACTIVE, or_(false(), *older)
    )


def _shift(known: Known, row: AnyRow, present: Programme, today: date) -> Shift:
    was = known.due(today).window
    before = was.opens_on if was else None
    then = replace(known, facts=replace(known.facts, programme=present))
    try:
        window = then.due(today).window
    except MissingAnchorError:
        return Shift(present.code, row.programme_version, present.version, before, before, lacks=True)
    after = window.opens_on if window else None
    return Shift(present.code, row.programme_version, present.version, before, after, waits=then.waits)


async def _change(session: StoreSession, ids: Sequence[int], shifts: dict[int, Shift], today: date) -> None:
    for version in {(shifts[each].programme, shifts[each].to) for each in ids}:
        mine = [each for each in ids if (shifts[each].programme, shifts[each].to) == version]
        changed = update(Enrolment).where(Enrolment.id.in_(mine))
        await session.execute(changed.values(programme_version=version[1], updated_at=session.now()))
    await _facts.recompute(session, ids, today)


async def _audit(session: StoreSession, township_id: int, programme: str | None, count: int, *, apply: bool) -> None:
    action = "programme:recompute" if apply else "programme:preview"
    details: dict[str, audit.Detail] = {"programme": programme, "enrolments": count}
    await audit.write(session, None, action, "programme", None, details, township_id=township_id)
