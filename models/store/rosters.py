"""The roster of a check-up day: opened, marked tap by tap, measured, added to.

What is said here is provisional: `roster_closing.close` makes records of it. Only that somebody declines counts from
the tap on: nothing is due for them any more. Each change names the version of the line that was seen; one that was
changed meanwhile stays as it is, and whoever comes late learns what it says now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from models.rules.access import Actor, Permission
from models.rules.ages import age_in_months
from models.rules.calendar import last_checkup_day, next_checkup_day
from models.rules.outcomes import Outcome
from models.rules.rosters import Mark, day_to_open, following
from models.store import _days, _findings, _people, _roster_lines, alerts, audit, scope
from models.store._days import DayLine
from models.store._roster_lines import Recorded as Recorded
from models.store._roster_lines import RosterLine as RosterLine
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.reports import Measures
from models.store.staff import Member
from models.tables.base import new_id
from models.tables.checkups import DayState
from models.tables.places import Place
from models.tables.rosters import RosterEntry
from models.tables.staff import Staff


@dataclass(frozen=True, slots=True)
class Roster:
    """The roster of a village's check-up day.

    Attributes:
        village: its name.
        revision: counts changes of the whole roster.
        is_closed: its marks have become records.
        closed_by, closed_at: who closed it last, and when; both stay when it is opened again.
        lines: by group and pinyin.
    """

    day: DayLine
    village: str
    revision: int
    is_closed: bool
    closed_by: Member | None
    closed_at: datetime | None
    lines: tuple[RosterLine, ...]

    @property
    def open_lines(self) -> tuple[RosterLine, ...]:
        """Lines on which nothing is said yet."""
        return tuple(line for line in self.lines if line.outcome is None)

    @property
    def counts(self) -> Mapping[Outcome | None, int]:
        """How many there are of each outcome; `None` counts those of whom nothing is said yet."""
        return Counter(line.outcome for line in self.lines)


@dataclass(frozen=True, slots=True)
class Tapped:
    """What came of a tap.

    Attributes:
        line: as it is now.
        is_new: the tap changed it; otherwise somebody had changed it since it was seen.
        by: who changed it last; `None` where nobody did.
    """

    line: RosterLine
    is_new: bool
    by: Member | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines marked by one tap, which can be taken back together."""

    id: int
    many: int


async def current_day(session: StoreSession, actor: Actor, village_id: int | None = None) -> DayLine:
    """Return the day whose roster is worked on now: the last one, or the next one from a week before it.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: the village is out of reach, or none was named.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    village = await scope.village(session, actor, village_id)
    dom, moves = await _days.rule_of(session, village.id, village.township_id)
    today = scope.today(session, actor)
    last, upcoming = last_checkup_day(dom, today, moves), next_checkup_day(dom, today, moves)
    is_next = day_to_open(last.held_on, upcoming.held_on, today) == upcoming.held_on
    return await _days.row_of(session, village.id, village.township_id, upcoming if is_next else last)


@whole
async def open_day(session: StoreSession, actor: Actor, day_id: int) -> Roster:
    """Return the roster of a day; it is made when first opened, and who joined since is added to it.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: there is no such day within reach.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    day = await _roster_lines.lock_day(session, actor, day_id)
    if day.state is DayState.PLANNED or not await _has_lines(session, day_id):
        await _roster_lines.call_up(session, actor, day)
        day = await _roster_lines.lock_day(session, actor, day_id)
    lines = await _roster_lines.read(session, actor, day)
    await audit.write(session, actor, "person:read", "checkup_day", day_id, {"count": len(lines)})
    return Roster(
        DayLine(day.id, day.village_id, day.nominal_on, day.held_on, day.provisional),
        day.village,
        day.roster_revision,
        day.state is DayState.CLOSED,
        await _member(session, day.closed_by),
        day.closed_at,
        tuple(lines),
    )


async def get_line(session: StoreSession, actor: Actor, line_id: int) -> RosterLine:
    """Return one line as it is now.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: it is out of reach, or not on the list any more.
    """
    _, line = await _locked(session, actor, line_id)
    await audit.write(session, actor, "person:read", "roster_line", line_id)
    return line


@whole
async def tap(session: StoreSession, actor: Actor, line_id: int, version: int) -> Tapped:
    """Let a line say what follows in the cycle, if it still is at `version`. Raises as `mark`."""
    day, line = await _locked(session, actor, line_id)
    return await _mark(session, actor, day, line, following(line.mark), version)


@whole
async def mark(session: StoreSession, actor: Actor, line_id: int, wanted: Mark | None, version: int) -> Tapped:
    """Let a line say `wanted` (`None`: nothing), if it still is at `version`; return what came of it.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: the line is out of reach, or not on the list any more.
        Conflict: `roster_closed`; `day_not_begun`; `already_reported`: a record says what came of it.
    """
    day, line = await _locked(session, actor, line_id)
    return await _mark(session, actor, day, line, wanted, version)


@whole
async def look_at(
    session: StoreSession, actor: Actor, line_id: int, version: int, next_on: date | None = None
) -> Tapped:
    """Note that what stands out about a line was looked at, and on what day somebody absent comes, if that was agreed.

    Raises:
        AccessDenied, NotFound, Conflict: as in `mark`.
        Refused: `next_before_visit`.
    """
    day, line = await _locked(session, actor, line_id)
    _need_open(session, actor, day)
    if next_on is not None and next_on <= day.held_on:
        raise Refused("next_before_visit")
    kept = next_on if line.mark is Mark.ABSENT else None
    is_new = await _change(session, actor, line, version, {"checked": True, "next_on": kept, "batch_id": None})
    return await _tapped(session, actor, day, line_id, is_new=is_new)


@whole
async def fill(session: StoreSession, actor: Actor, day_id: int, wanted: Mark) -> Batch:
    """Mark everybody of whom nothing is said yet.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: there is no such day within reach.
        Conflict: `roster_closed`; `day_not_begun`.
    """
    day, batch_id = await _day(session, actor, day_id), new_id()
    _need_open(session, actor, day)
    lines = [line for line in await _roster_lines.read(session, actor, day) if line.outcome is None]
    values = {"mark": wanted, "checked": False, "batch_id": batch_id} | _by(session, actor)
    those = update(RosterEntry).where(RosterEntry.id.in_([line.id for line in lines]), RosterEntry.mark.is_(None))
    many = await session.changed(those.values(**values)) if lines else 0
    if many:
        await _roster_lines.bump(session, day_id)
        await _roster_lines.follow(session, actor, {wanted}, [line.resident.id for line in lines])
        details: dict[str, Detail] = {"mark": wanted.value, "count": many}
        await audit.write(session, actor, "roster:fill", "checkup_day", day_id, details)
    return Batch(batch_id, many)


@whole
async def take_back(session: StoreSession, actor: Actor, batch_id: int) -> int:
    """Let those lines say nothing again that were marked together and that nobody has touched since.

    Returns how many. Taking back twice does no more than once.

    Raises:
        AccessDenied, Conflict: as in `fill`.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    here = (RosterEntry.batch_id == batch_id, scope.of_reachable(actor, RosterEntry))
    day_id: int | None = await session.scalar(select(RosterEntry.day_id).where(*here).limit(1))
    if day_id is None:
        return 0
    _need_open(session, actor, await _roster_lines.lock_day(session, actor, day_id))
    batch = (RosterEntry.day_id == day_id, RosterEntry.batch_id == batch_id)
    marked = await session.rows(select(RosterEntry.resident_id, RosterEntry.mark).where(*batch))
    those = update(RosterEntry).where(*batch)
    many = await session.changed(those.values(mark=None, batch_id=None, **_by(session, actor)))
    if many:
        await _roster_lines.bump(session, day_id)
        await _roster_lines.follow(session, actor, {row.mark for row in marked}, [row.resident_id for row in marked])
        await audit.write(session, actor, "roster:take-back", "checkup_day", day_id, {"count": many})
    return many


@whole
async def measure(session: StoreSession, actor: Actor, line_id: int, values: Measures) -> Tapped:
    """Store what was measured of somebody, over what was typed before; who was not marked has come.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: the line is out of reach, or not on the list any more.
        NoConsent: the person has not agreed to a health record.
        Conflict: `roster_closed`; `day_not_begun`; `already_reported`; `marked_otherwise`: absent, declined, away or
            served elsewhere.
        Refused: a measurement that can't be: `half_a_pressure`, `measure_order`, `measure_range`.
    """
    day, line = await _locked(session, actor, line_id)
    _need_open(session, actor, day)
    if line.is_done:
        raise Conflict("already_reported")
    if line.mark not in (None, Mark.ATTENDED):
        raise Conflict("marked_otherwise")
    _findings.check_all(values, child=_findings.is_child(age_in_months(line.resident.birth_date, day.held_on)))
    await _people.need_health_consent(session, line.resident.id)
    kept = _roster_lines.seal(session, line_id, _roster_lines.joined(line.measures, values))
    await _change(
        session,
        actor,
        line,
        line.version,
        {"mark": Mark.ATTENDED, "checked": False, "batch_id": None, "measures_sealed": kept},
    )
    await _audit(session, actor, "roster:measure", line_id, Mark.ATTENDED)
    return await _tapped(session, actor, day, line_id, is_new=True)


@whole
async def unmeasure(session: StoreSession, actor: Actor, line_id: int, version: int) -> Tapped:
    """Forget what was typed for a line, if it still is at `version`; what its record says stays.

    Raises:
        AccessDenied, NotFound, Conflict: as in `mark`.
    """
    day, line = await _locked(session, actor, line_id)
    _need_open(session, actor, day)
    values = {"measures_sealed": None, "checked": False, "batch_id": None}
    is_new = await _change(session, actor, line, version, values)
    if is_new:
        await _audit(session, actor, "roster:unmeasure", line_id, line.mark)
    return await _tapped(session, actor, day, line_id, is_new=is_new)


@whole
async def add_walk_in(session: StoreSession, actor: Actor, day_id: int, resident_id: int) -> Tapped:
    """Add somebody who came without being expected, as attended; who is on the list and not marked is marked.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: there is no such day within reach; the person is out of reach, not listed, or of another village.
        Conflict: `roster_closed`; `day_not_begun`.
    """
    day = await _day(session, actor, day_id)
    _need_open(session, actor, day)
    person = await _people.locked(session, actor, resident_id)
    if person.village_id != day.village_id:
        raise NotFound
    mine = (RosterEntry.day_id == day_id, RosterEntry.resident_id == resident_id)
    line_id: int | None = await session.scalar(select(RosterEntry.id).where(*mine))
    if line_id is None:
        return await _append(session, actor, day, resident_id)
    come = update(RosterEntry).where(*mine)
    await session.execute(come.values(walk_in=True))
    line = await _roster_lines.one(session, actor, day, line_id)
    if line.outcome is None:
        return await mark(session, actor, line_id, Mark.ATTENDED, line.version)
    return await _tapped(session, actor, day, line_id, is_new=False)


async def _mark(
    session: StoreSession, actor: Actor, day: AnyRow, line: RosterLine, wanted: Mark | None, version: int
) -> Tapped:
    _need_open(session, actor, day)
    if line.is_done:
        raise Conflict("already_reported")
    values = {"mark": wanted, "next_on": None, "checked": False, "batch_id": None}
    is_new = await _change(session, actor, line, version, values)
    if is_new:
        await _roster_lines.follow(session, actor, {line.mark, wanted}, [line.resident.id])
        await _audit(session, actor, "roster:mark", line.id, wanted)
    return await _tapped(session, actor, day, line.id, is_new=is_new)


async def _append(session: StoreSession, actor: Actor, day: AnyRow, resident_id: int) -> Tapped:
    number = await _roster_lines.next_number(session, day.id)
    values = _roster_lines.blank(day, resident_id, number) | {"walk_in": True, "mark": Mark.ATTENDED}
    values |= {"marked_by": actor.staff_id, "marked_at": session.now()}
    await session.execute(insert(RosterEntry), values)
    await _roster_lines.bump(session, day.id)
    await _audit(session, actor, "roster:walk-in", values["id"], Mark.ATTENDED)
    return await _tapped(session, actor, day, values["id"], is_new=True)


async def _day(session: StoreSession, actor: Actor, day_id: int) -> AnyRow:
    scope.require(actor, Permission.CHECKUP_REPORT)
    return await _roster_lines.lock_day(session, actor, day_id)


async def _locked(session: StoreSession, actor: Actor, line_id: int) -> tuple[AnyRow, RosterLine]:
    """Return a line, and its day, held until the transaction ends."""
    scope.require(actor, Permission.CHECKUP_REPORT)
    day = await _roster_lines.lock_day(session, actor, await _roster_lines.day_of(session, actor, line_id))
    return day, await _roster_lines.one(session, actor, day, line_id)


def _need_open(session: StoreSession, actor: Actor, day: AnyRow) -> None:
    if day.state is DayState.CLOSED:
        raise Conflict("roster_closed")
    if scope.today(session, actor) < day.held_on:
        raise Conflict("day_not_begun")


async def _change(
    session: StoreSession, actor: Actor, line: RosterLine, version: int, values: Mapping[str, Any]
) -> bool:
    """Write into a line that still is at `version`; `False` when it is not."""
    seen = update(RosterEntry).where(RosterEntry.id == line.id, RosterEntry.version == version)
    is_new = await session.changed(seen.values(**values, **_by(session, actor))) == 1
    if is_new:
        await _roster_lines.bump(session, line.day_id)
    return is_new


def _by(session: StoreSession, actor: Actor) -> dict[str, Any]:
    return {"version": RosterEntry.version + 1, "marked_by": actor.staff_id, "marked_at": session.now()}


async def _tapped(session: StoreSession, actor: Actor, day: AnyRow, line_id: int, *, is_new: bool) -> Tapped:
    line = await _roster_lines.one(session, actor, day, line_id, may_have_left=True)
    return Tapped(line, is_new, await _member(session, line.marked_by))


async def _has_lines(session: StoreSession, day_id: int) -> bool:
    return await session.row(select(RosterEntry.id).where(RosterEntry.day_id == day_id).limit(1)) is not None


async def _member(session: StoreSession, staff_id: int | None) -> Member | None:
    """Return a member of staff, as others at work may know."""
    if staff_id is None:
        return None
    statement = select(Staff.id, Staff.role, Place.name, Staff.name_sealed, Staff.active)
    row = await session.row(statement.join(Place, Place.id == Staff.place_id).where(Staff.id == staff_id))
    return alerts.member_of(session, row) if row is not None else None


async def _audit(session: StoreSession, actor: Actor, action: str, line_id: int, said: Mark | None) -> None:
    details: dict[str, Detail] = {"mark": said.value if said is not None else None}
    await audit.write(session, actor, action, "roster_line", line_id, details)
