"""Closing a check-up day: what its roster says becomes records, all or none; and opening it again.

The roster is closed as it was seen: whoever closes one that has changed since is shown it once more. Opened again, its
records stay; what is said otherwise then corrects them, or takes them back, when it is closed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from models.rules.access import Actor, Permission
from models.rules.consent import Purpose
from models.rules.rosters import Mark, mark_of
from models.store import _facts, _locks, _people, _roster_lines, audit, checkups, plannings, rosters, scope
from models.store._roster_lines import Recorded, RosterLine
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.store.reports import CheckupReport, Measures
from models.store.rosters import Roster
from models.tables.checkups import CheckupDay, DayState
from models.tables.rosters import RosterEntry

REASON = "other"
"""The reason of a correction that a roster makes."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A day that is closed.

    Attributes:
        reported: how many records were made, corrected or taken back now.
        refused: how many lines could not be reported: the person changed meanwhile.
    """

    roster: Roster
    reported: int
    refused: int


@whole
async def close(session: StoreSession, actor: Actor, day_id: int, revision: int | None = None) -> Closed:
    """Make records of what a roster says. Closing twice does no more than once.

    Args:
        session: the transaction.
        actor: who.
        day_id: the day.
        revision: the roster's, as it was seen; `None` asks nothing.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: there is no such day within reach.
        Conflict: `roster_changed`: it is at another revision; `day_not_begun`.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    day = await _roster_lines.lock_day(session, actor, day_id)
    if day.state is DayState.CLOSED:
        return Closed(await rosters.open_day(session, actor, day_id), 0, 0)
    if scope.today(session, actor) < day.held_on:
        raise Conflict("day_not_begun")
    if revision is not None and day.roster_revision != revision:
        raise Conflict("roster_changed")
    done = [await _report(session, actor, day, line) for line in await _roster_lines.read(session, actor, day)]
    await _forget_typed(session, day_id)
    values = {"state": DayState.CLOSED, "closed_by": actor.staff_id, "closed_at": session.now()}
    await _set(session, day, **values)
    await _follow(session, actor, day)
    closed = Closed(await rosters.open_day(session, actor, day_id), done.count(True), done.count(None))
    details: dict[str, Detail] = {"count": closed.reported, "open": len(closed.roster.open_lines)}
    await audit.write(session, actor, "roster:close", "checkup_day", day_id, details)
    return closed


@whole
async def reopen(session: StoreSession, actor: Actor, day_id: int) -> Roster:
    """Let a closed roster be changed again, until its lock date; later the clinic can. Its records stay.

    Opening twice does no more than once.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: there is no such day within reach.
        Conflict: `locked`: closed too long ago.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    day = await _roster_lines.lock_day(session, actor, day_id)
    if day.state is DayState.CLOSED:
        is_locked = day.closed_at is not None and _locks.is_locked(session, actor, day.closed_at)
        if is_locked and not _locks.may_unlock(actor):
            raise Conflict("locked")
        await _set(session, day, state=DayState.PLANNED)
        for line in await _roster_lines.read(session, actor, day):
            await _say_as_recorded(session, line)
        await _follow(session, actor, day)
        await audit.write(session, actor, "roster:reopen", "checkup_day", day_id, {"locked": is_locked})
    return await rosters.open_day(session, actor, day_id)


def may_reopen(session: StoreSession, actor: Actor, roster: Roster) -> bool:
    """Return whether the actor can open a closed roster again: until its lock date; the clinic later too."""
    is_locked = roster.closed_at is not None and _locks.is_locked(session, actor, roster.closed_at)
    return not is_locked or _locks.may_unlock(actor)


async def _follow(session: StoreSession, actor: Actor, day: AnyRow) -> None:
    """Bring what is due in line for who was marked as declining: whether the mark counts hangs on the day's state."""
    marked = select(RosterEntry.resident_id).where(RosterEntry.day_id == day.id, RosterEntry.mark == Mark.DECLINED)
    residents = [row.resident_id for row in await session.rows(marked)]
    if residents:
        await _facts.recompute_checkup_of(session, residents, scope.today(session, actor))


async def _report(session: StoreSession, actor: Actor, day: AnyRow, line: RosterLine) -> bool | None:
    """Bring the records after a line; return whether that changed something, `None` when it was refused."""
    if line.is_done or (line.mark is None and line.record is None):
        return False
    try:
        return await _bring(session, actor, day, line)
    except (Conflict, NoConsent, NotFound, Refused):
        return None


async def _bring(session: StoreSession, actor: Actor, day: AnyRow, line: RosterLine) -> bool:
    if line.record is not None and line.mark is None:
        await checkups.take_back(session, actor, line.record.id)
        await _link(session, line, None)
        return True
    wanted = await _wanted(session, day, line)
    if line.record is None:
        stored = await checkups.report(session, actor, wanted)
        await _link(session, line, stored.record_id)
        return True
    if _says(line.record, wanted):
        return False
    known = (await checkups.get(session, actor, line.record.id)).report
    said = (known.answers, known.note) if wanted.outcome is known.outcome else ({}, None)
    fixed = CheckupReport(
        line.resident.id, wanted.held_on, wanted.outcome, wanted.next_on, wanted.measures, said[0], said[1]
    )
    await checkups.correct(session, actor, line.record.id, fixed, REASON)
    return True


async def _wanted(session: StoreSession, day: AnyRow, line: RosterLine) -> CheckupReport:
    """Return what is to be reported; measurements only of who came, and agrees to a health record."""
    outcome = line.outcome
    assert outcome is not None  # noqa: S101 - only what says something is reported
    may_keep = Purpose.HEALTH_RECORD in await _people.consents(session, line.resident.id)
    measures = line.measures if line.mark is Mark.ATTENDED and may_keep else Measures()
    return CheckupReport(line.resident.id, day.held_on, outcome, line.next_on, measures)


def _says(record: Recorded, wanted: CheckupReport) -> bool:
    return (record.outcome, record.next_on, record.measures) == (wanted.outcome, wanted.next_on, wanted.measures)


async def _link(session: StoreSession, line: RosterLine, record_id: int | None) -> None:
    await session.execute(update(RosterEntry).where(RosterEntry.id == line.id).values(record_id=record_id))


async def _forget_typed(session: StoreSession, day_id: int) -> None:
    """Delete what was typed: it stands in the records now, or was never allowed to."""
    typed = update(RosterEntry).where(RosterEntry.day_id == day_id, RosterEntry.measures_sealed.is_not(None))
    await session.execute(typed.values(measures_sealed=None))


async def _say_as_recorded(session: StoreSession, line: RosterLine) -> None:
    """Let a line say what its own record says, which may have been corrected since."""
    if line.record is None or line.is_done:
        return
    said = {"mark": mark_of(line.record.outcome), "next_on": _next_of(line.record), "checked": True}
    values = said | {"version": line.version + 1, "batch_id": None}
    await session.execute(update(RosterEntry).where(RosterEntry.id == line.id).values(**values))


def _next_of(record: Recorded) -> Any:
    return record.next_on if mark_of(record.outcome) is Mark.ABSENT else None


async def _set(session: StoreSession, day: AnyRow, **values: Any) -> None:
    await session.execute(update(CheckupDay).where(CheckupDay.id == day.id).values(**values))
    await _roster_lines.bump(session, day.id)
    await plannings.touch(session, day.township_id)
