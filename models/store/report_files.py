"""Reports that somebody asked for as files: made and sent in the background, by the process that holds the row's lease.

The files are kept nowhere: one that a process did not send any more is made again by the next. A step names the
lease's owner, so that one whose lease ran out, or whose report was cancelled, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.orm import aliased

from models.rules import periods
from models.rules.access import Actor, Permission
from models.rules.periods import Period
from models.rules.report_files import FileForm, ReportForm
from models.store import audit, catalogues, scope
from models.store.database import StoreSession
from models.store.errors import Conflict, NotFound
from models.tables.base import new_id, table
from models.tables.places import Place
from models.tables.report_files import ReportFile
from models.tables.report_files import ReportState as ReportState
from models.tables.staff import Staff

LEASE = timedelta(seconds=120)
"""So long a report is its owner's, from each step."""
MOST_ATTEMPTS = 6
"""So often it is tried in vain before somebody is told that it can't be had."""
_WORK = (ReportState.WAITING, ReportState.SENDING)
"""States in which there is something to do; in the others an owner has still something to tell."""
_UNTOLD = "untold"
"""The owner of what was ended by a person, until somebody takes it up to tell."""

_r = table(ReportFile).c


@dataclass(frozen=True, slots=True)
class Job:
    """A report to work on now.

    Attributes:
        actor: for whom, in that person's present role; `is_active`: the person still works here.
        sent: so many of its files have arrived; `may_repeat`: the next one perhaps too.
        attempts: how often it was tried in vain before, by processes that did not survive it as well.
        message_id: where its progress is shown.
    """

    id: int
    owner: str
    actor: Actor
    is_active: bool
    period: Period
    form: ReportForm
    state: ReportState
    sent: int
    may_repeat: bool
    attempts: int
    chat_id: int
    user_id: int
    message_id: int | None

    @property
    def left(self) -> tuple[FileForm, ...]:
        """The files that have still to be sent."""
        return self.form.files[self.sent :]


class LeaseLost(Exception):
    """Another process works on the report by now, or it was cancelled."""


async def ask(
    session: StoreSession, actor: Actor, period: Period, form: ReportForm, *, chat_id: int, message_id: int | None
) -> bool:
    """Have a report made; its progress is shown in `message_id`. `False`: the same is being made for the actor already.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    await session.lock(actor.staff_id)
    same = (_r.staff_id == actor.staff_id, _r.period == period.code, _r.form == form, _r.state.in_(_WORK))
    if await session.row(select(_r.id).where(*same).limit(1)) is not None:
        return False
    now, report_id = session.now(), new_id()
    values = {
        "id": report_id,
        "township_id": actor.township_id,
        "staff_id": actor.staff_id,
        "period": period.code,
        "form": form,
        "chat_id": chat_id,
        "message_id": message_id,
        "created_at": now,
        "updated_at": now,
    }
    await session.execute(insert(ReportFile), values)
    details = {"period": period.code, "form": form.value}
    await audit.write(session, actor, "report:ask", "report", report_id, details)
    return True


async def cancel(session: StoreSession, actor: Actor, report_id: int) -> None:
    """Have a report not made after all; whoever works on it finds out at its next step. Twice does no more than once.

    Raises:
        AccessDenied: the role reads no counts.
        NotFound: there is no such report of the actor's.
        Conflict: `report_left`: it is being sent, or was.
    """
    scope.require(actor, Permission.COUNT_READ)
    mine = (_r.id == report_id, _r.staff_id == actor.staff_id)
    gone = {"state": ReportState.CANCELLED, "owner": _UNTOLD, "lease_until": None, "updated_at": session.now()}
    waits = update(table(ReportFile)).where(*mine, _r.state == ReportState.WAITING)
    if await session.changed(waits.values(**gone)):
        await audit.write(session, actor, "report:cancel", "report", report_id)
        return
    state = await session.scalar(select(_r.state).where(*mine))
    if state is None:
        raise NotFound
    if state is not ReportState.CANCELLED:
        raise Conflict("report_left")


async def waits(session: StoreSession) -> bool:
    """Return whether there is a report to work on."""
    return await session.row(select(_r.id).where(_waits(session.now())).limit(1)) is not None


async def claim(session: StoreSession, owner: str) -> Job | None:
    """Make the report that waits longest the `owner`'s; `None` when there is nothing to do.

    What a process left while it was sending may have arrived.
    """
    found = select(_r.id, _r.state).where(_waits(session.now())).order_by(_r.updated_at, _r.id).limit(1)
    row = await session.row(found.with_for_update(skip_locked=True) if session.is_postgres else found)
    if row is None:
        return None
    values: dict[str, Any] = {"owner": owner, "lease_until": session.now() + LEASE}
    if row.state in _WORK:
        values["attempts"] = _r.attempts + 1
    if row.state is ReportState.SENDING:
        values |= {"state": ReportState.WAITING, "may_repeat": True}
    await session.execute(update(table(ReportFile)).where(_r.id == row.id).values(**values))
    return await _job(session, row.id, owner)


async def begin(session: StoreSession, job: Job) -> None:
    """Note that its figures are read now, and keep the lease.

    Raises:
        AccessDenied: the role reads no counts any more.
        LeaseLost: it is not the owner's any more.
    """
    scope.require(job.actor, Permission.COUNT_READ)
    await extend(session, job)
    await note(session, job.actor, job.period, job.form, job.id)


async def note(
    session: StoreSession, actor: Actor, period: Period, form: ReportForm | FileForm, report_id: int | None = None
) -> None:
    """Write down that the figures of a report are read for the actor; one that comes by itself has no row.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    details = {"period": period.code, "form": form.value}
    await audit.write(session, actor, "report:make", "report", report_id, details)


async def extend(session: StoreSession, job: Job) -> None:
    """Keep the lease.

    Raises:
        LeaseLost: it is not the owner's any more.
    """
    await _step(session, job, ReportState.WAITING, {})


async def show_in(session: StoreSession, job: Job, message_id: int) -> None:
    """Note the message in which its progress is shown.

    Raises:
        LeaseLost: it is not the owner's any more.
    """
    await _step(session, job, ReportState.WAITING, {"message_id": message_id})


async def mark_sending(session: StoreSession, job: Job) -> None:
    """Note that a file is about to leave; commit before it does.

    Raises:
        LeaseLost: it is not the owner's any more.
    """
    await _step(session, job, ReportState.WAITING, {"state": ReportState.SENDING})


async def mark_arrived(session: StoreSession, job: Job, sent: int) -> None:
    """Note that `sent` of its files have arrived; after the last one it has still to be told.

    Raises:
        LeaseLost: it is not the owner's any more.
    """
    state = ReportState.SENT if sent == len(job.form.files) else ReportState.WAITING
    await _step(session, job, ReportState.SENDING, {"state": state, "sent": sent, "may_repeat": False, "attempts": 1})
    await audit.write(session, job.actor, "report:send", "report", job.id, {"files": sent})


async def put_back(session: StoreSession, job: Job, wait: timedelta, *, may_repeat: bool = False) -> None:
    """Let it be worked on again after `wait`.

    Raises:
        LeaseLost: it is not the owner's any more.
    """
    again = {"state": ReportState.WAITING, "lease_until": session.now() + wait}
    await _step(session, job, None, again | ({"may_repeat": True} if may_repeat else {}))


async def fail(session: StoreSession, job: Job) -> None:
    """Note that it can't be had; that has still to be told.

    Raises:
        LeaseLost: it is not the owner's any more.
    """
    await _step(session, job, None, {"state": ReportState.FAILED})
    await audit.write(session, job.actor, "report:fail", "report", job.id)


async def leave(session: StoreSession, job: Job) -> None:
    """Leave it to the next process, as if this one had not taken it up."""
    mine = update(table(ReportFile)).where(_r.id == job.id, _r.owner == job.owner)
    await session.execute(mine.values(lease_until=session.now(), attempts=job.attempts))


async def postpone(session: StoreSession, job: Job, wait: timedelta) -> None:
    """Let go of it; it waits again after `wait`."""
    mine = update(table(ReportFile)).where(_r.id == job.id, _r.owner == job.owner)
    await session.execute(mine.values(lease_until=session.now() + wait))


async def release(session: StoreSession, job: Job) -> None:
    """Let go of a report that has ended, and been told."""
    mine = update(table(ReportFile)).where(_r.id == job.id, _r.owner == job.owner)
    await session.execute(mine.values(owner=None, lease_until=None))


async def drop(session: StoreSession, job: Job) -> None:
    """End a report for somebody who does not work here any more: nobody is told."""
    mine = update(table(ReportFile)).where(_r.id == job.id, _r.owner == job.owner)
    await session.execute(mine.values(state=ReportState.CANCELLED, owner=None, lease_until=None))


async def prune(session: StoreSession, before: datetime) -> int:
    """Delete reports that have ended before `before`; returns how many."""
    ended = (_r.state.not_in(_WORK), _r.owner.is_(None), _r.updated_at < before)
    return await session.changed(delete(table(ReportFile)).where(*ended))


def _waits(now: datetime) -> ColumnElement[bool]:
    """Return the condition that there is something to do or to tell, and that nobody is at it."""
    free = or_(_r.lease_until.is_(None), _r.lease_until <= now)
    return and_(or_(_r.state.in_(_WORK), _r.owner.is_not(None)), free)


async def _step(session: StoreSession, job: Job, before: ReportState | None, values: Mapping[str, Any]) -> None:
    mine = update(table(ReportFile)).where(_r.id == job.id, _r.owner == job.owner)
    if before is not None:
        mine = mine.where(_r.state == before)
    now = session.now()
    if not await session.changed(mine.values(**{"lease_until": now + LEASE, "updated_at": now, **values})):
        raise LeaseLost


async def _job(session: StoreSession, report_id: int, owner: str) -> Job:
    """Return a claimed report with whom it is for, in that person's present role."""
    township = aliased(Place)
    columns = (_r.period, _r.form, _r.state, _r.sent, _r.may_repeat, _r.attempts, _r.chat_id, _r.message_id)
    person = (Staff.id.label("staff_id"), Staff.role, Staff.township_id, Staff.village_id, Staff.language, Staff.active)
    statement = (
        select(*columns, *person, Staff.telegram_user_id, township.zone)
        .join(Staff, Staff.id == _r.staff_id)
        .join(township, township.id == Staff.township_id)
        .where(_r.id == report_id)
    )
    row = await session.row(statement)
    assert row is not None  # noqa: S101 - claimed in this transaction
    catalogue = await catalogues.of(session, row.township_id)
    return Job(
        report_id,
        owner,
        Actor(row.staff_id, row.role, row.township_id, row.village_id, row.language, row.zone, catalogue),
        row.active,
        periods.named(row.period),
        row.form,
        row.state,
        row.sent,
        row.may_repeat,
        max(0, row.attempts - 1),
        row.chat_id,
        row.telegram_user_id,
        row.message_id,
    )
