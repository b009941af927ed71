"""Windows that have closed: those that were used, those that are overdue, and those that gave way to a later one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, exists, func, or_, select

from models.rules.access import Actor
from models.rules.alerts import AlertKind, CloseReason
from models.rules.due import EXTRA
from models.rules.indicators.followups import FollowUp
from models.rules.outcomes import Outcome
from models.rules.periods import Period
from models.rules.programmes.checkup import ITEM as CHECKUP_ITEM
from models.store import _alerts, scope
from models.store._records import CHECKUP
from models.store.database import StoreSession
from models.store.indicators._months import Found, collect, joined, lies, month_column, within
from models.store.indicators.work import SERVED
from models.tables.alerts import Alert
from models.tables.enrolments import Enrolment
from models.tables.residents import Resident
from models.tables.visits import Visit

_LEFT_OUT = (CHECKUP_ITEM, EXTRA)


async def windows(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[FollowUp]:
    """Return the windows that closed in the months and before today.

    The columns are to be up to date (`refresh.within`). What gave way is known by its alert, as long as that is kept.
    """
    return joined(
        await _used(session, actor, villages, months, today),
        await _overdue(session, actor, villages, months, today),
        await _gone_by(session, actor, villages, months, today),
    )


async def _used(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[FollowUp]:
    closes = Visit.window_closes_on
    month, in_time = month_column(closes, months), (Visit.visited_on <= closes).label("in_time")
    statement = select(Visit.village_id, month, Visit.outcome, in_time, func.count().label("many")).where(
        lies(actor, villages, Visit),
        within(closes, months),
        closes < today,
        Visit.voided_at.is_(None),
        Visit.outcome.in_(SERVED),
        Visit.item.not_in(_LEFT_OUT),
        scope.counted(actor, Visit.programme),
    )
    rows = await session.rows(statement.group_by(Visit.village_id, month, Visit.outcome, "in_time"))
    return collect(rows, months, lambda row: FollowUp(Outcome(row.outcome), bool(row.in_time)))


async def _overdue(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[FollowUp]:
    closes = Enrolment.next_closes_on
    month = month_column(closes, months)
    statement = select(Enrolment.village_id, month, func.count().label("many"))
    statement = statement.join(Resident, Resident.id == Enrolment.resident_id).where(
        lies(actor, villages, Enrolment),
        within(closes, months),
        _alerts.overdue(today),
        Enrolment.next_item.not_in(_LEFT_OUT),
        scope.counted(actor, Enrolment.programme),
    )
    rows = await session.rows(statement.group_by(Enrolment.village_id, month))
    return collect(rows, months, lambda row: FollowUp(None))


async def _gone_by(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[FollowUp]:
    closed = Alert.due_on
    month = month_column(closed, months)
    used = and_(
        Visit.enrolment_id == Alert.subject_id,
        Visit.window_closes_on == closed,
        Visit.voided_at.is_(None),
        Visit.outcome.in_(SERVED),
    )
    statement = select(Alert.village_id, month, func.count().label("many"))
    statement = statement.join(Enrolment, Enrolment.id == Alert.subject_id).where(
        lies(actor, villages, Alert),
        Alert.kind == AlertKind.VISIT,
        within(closed, months),
        closed < today,
        Alert.closed_on.is_not(None),
        Alert.closed_why == CloseReason.DONE,
        or_(Enrolment.ended_on.is_(None), Alert.closed_on < Enrolment.ended_on),
        or_(Enrolment.next_closes_on.is_(None), Enrolment.next_closes_on != closed),
        Enrolment.paused.is_(False),
        Enrolment.programme != CHECKUP,
        scope.counted(actor, Enrolment.programme),
        ~exists().where(used),
    )
    rows = await session.rows(statement.group_by(Alert.village_id, month))
    return collect(rows, months, lambda row: FollowUp(None))
