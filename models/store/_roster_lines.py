"""The lines of a roster: made when it is first opened, locked, read. Private to the store.

A day's row is what everybody who changes its roster waits for, on PostgreSQL; SQLite has one writer anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from models.rules.access import Actor
from models.rules.measurements import is_urgent
from models.rules.names import name_keys
from models.rules.outcomes import Outcome
from models.rules.rosters import Attention, Mark, attention, mark_of, outcome_of
from models.store import _facts, _findings, _rosters, persons, plannings, scope
from models.store._records import CHECKUP
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.persons import PersonLine
from models.store.reports import MEASURES, Measures
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.checkups import Attendance, CheckupDay, DayState
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import Place
from models.tables.residents import Resident, ResidentStatus
from models.tables.rosters import RosterEntry

VALUES = Cell("roster_lines", "measures_sealed")
_place = aliased(Enrolment)
_group = aliased(Place, name="roster_group")
_LAST_GROUP = "~"
"""Sorts behind every code of a village group: people of whom no group is known."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is reported of a person's place on the day already."""

    id: int
    outcome: Outcome
    version: int
    next_on: date | None
    measures: Measures


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A person on a roster.

    Attributes:
        number: the number on the list of the day, printed too; it never changes.
        version: counts changes; whoever changes the line names the one that was seen.
        measures: what was typed for the line, or stands in its record.
        record: the record of the day; a line that has one can't be marked, unless its day was opened again.
        is_done: the record says what there is to say: a tap opens it.
        checked: what stands out about it was looked at.
        batch_id: marked together with others, by one tap that can be taken back.
        marked_by: the member of staff who marked it last; `None` for a mark that the roster began with.
    """

    id: int
    day_id: int
    number: int
    resident: PersonLine
    group: str
    mark: Mark | None
    version: int
    walk_in: bool
    next_on: date | None
    checked: bool
    batch_id: int | None
    measures: Measures
    record: Recorded | None
    is_done: bool
    marked_by: int | None
    marked_at: datetime | None

    @property
    def measured(self) -> bool:
        """Whether anything was measured."""
        return self.measures != Measures()

    @property
    def is_urgent(self) -> bool:
        """Whether a value was measured with which somebody is to be referred now."""
        values = _findings.pressure_of(self.measures), _findings.glucose_of(self.measures)
        return self.outcome is Outcome.ATTENDED and is_urgent(*values)

    @property
    def attention(self) -> Attention | None:
        """Why it is to be looked at once more; `None` once that was done."""
        if self.checked or self.is_done:
            return None
        return attention(self.mark, _findings.pressure_of(self.measures), _findings.glucose_of(self.measures))

    @property
    def outcome(self) -> Outcome | None:
        """What is said of the person; `None` is nothing yet."""
        if self.is_done and self.record is not None:
            return self.record.outcome
        return outcome_of(self.mark, self.next_on) if self.mark is not None else None

    @property
    def sort_key(self) -> tuple[str, tuple[str, ...], str, int]:
        """By group, then by pinyin."""
        spellings = name_keys(self.resident.name).syllables
        return self.group, spellings[0] if spellings else (), self.resident.name, self.number


async def lock_day(session: StoreSession, actor: Actor, day_id: int) -> AnyRow:
    """Return a day of a village within reach, held until the transaction ends; what refers to it is not held up.

    Raises:
        NotFound: there is none, or it was cancelled.
    """
    statement = select(CheckupDay.__table__, Place.name.label("village")).join(Place, Place.id == CheckupDay.village_id)
    here = (CheckupDay.id == day_id, CheckupDay.state != DayState.CANCELLED, scope.reach(actor, CheckupDay))
    locking = (
        statement.where(*here).with_for_update(of=CheckupDay, key_share=True)
        if session.is_postgres
        else statement.where(*here)
    )
    row = await session.row(locking)
    if row is None:
        raise NotFound
    return row


async def day_of(session: StoreSession, actor: Actor, line_id: int) -> int:
    """Return the day of a line within reach.

    Raises:
        NotFound: there is none.
    """
    statement = select(RosterEntry.day_id).where(RosterEntry.id == line_id, scope.of_reachable(actor, RosterEntry))
    found: int | None = await session.scalar(statement)
    if found is None:
        raise NotFound
    return found


async def bump(session: StoreSession, day_id: int) -> None:
    """Note that a roster has changed: the messages that show it are owed a redraw."""
    changed = update(CheckupDay).where(CheckupDay.id == day_id)
    await session.execute(changed.values(roster_revision=CheckupDay.roster_revision + 1))
    session.has_redrawn = True


async def follow(
    session: StoreSession, actor: Actor, marks: Collection[Mark | None], resident_ids: Collection[int]
) -> None:
    """Let nothing be due any more for who declines, and everything again where that is taken back."""
    if Mark.DECLINED in marks:
        await _facts.recompute_checkup_of(session, resident_ids, scope.today(session, actor))
        await plannings.touch(session, actor.township_id)


async def call_up(session: StoreSession, actor: Actor, day: AnyRow) -> None:
    """Add a line for everybody who is expected on the locked day and has none, by group and pinyin."""
    missing = ~exists().where(RosterEntry.day_id == CheckupDay.id, RosterEntry.resident_id == Resident.id)
    statement = (
        select(*persons.COLUMNS, func.coalesce(_group.code, _LAST_GROUP).label("group_code"))
        .select_from(CheckupDay)
        .join(Enrolment, Enrolment.village_id == CheckupDay.village_id)
        .join(Resident, Resident.id == Enrolment.resident_id)
        .outerjoin(_group, _group.id == Resident.group_id)
        .where(
            CheckupDay.id == day.id,
            _rosters.on_roster(Enrolment, Resident),
            scope.reach(actor, Resident),
            missing,
        )
    )
    rows = await session.rows(statement)
    if not rows:
        return
    people = [(row.group_code, persons.read(session, row)) for row in rows]
    people.sort(key=lambda one: (one[0], name_keys(one[1].name).syllables[:1], one[1].name, one[1].id))
    first = await next_number(session, day.id)
    lines = [_values(day, person, first + at) for at, (_, person) in enumerate(people)]
    await session.execute(insert(RosterEntry), lines)
    await bump(session, day.id)


async def next_number(session: StoreSession, day_id: int) -> int:
    """Return the number of the next line of the locked day."""
    highest = await session.scalar(select(func.max(RosterEntry.number)).where(RosterEntry.day_id == day_id))
    return int(highest or 0) + 1


def _values(day: AnyRow, person: PersonLine, number: int) -> dict[str, Any]:
    """Return a new line; who is known to be away is marked so, and is not asked after."""
    return {
        **blank(day, person.id, number),
        "mark": Mark.AWAY if person.status is ResidentStatus.AWAY else None,
        "checked": person.status is ResidentStatus.AWAY,
    }


def blank(day: AnyRow, resident_id: int, number: int) -> dict[str, Any]:
    """Return the columns of a line on which nothing is said yet."""
    return {
        "id": new_id(),
        "day_id": day.id,
        "resident_id": resident_id,
        "township_id": day.township_id,
        "village_id": day.village_id,
        "number": number,
        "mark": None,
        "version": 1,
        "walk_in": False,
        "checked": False,
    }


async def read(
    session: StoreSession, actor: Actor, day: AnyRow, *conditions: ColumnElement[bool], may_have_left: bool = False
) -> list[RosterLine]:
    """Return the lines of a day by group and pinyin: of people who live there and are listed.

    Who is not in the programme (any more), and of whom nothing is said, is on it only with `may_have_left`.
    """
    recorded = await _recorded(session, actor, day.id)
    stays = () if may_have_left else (_stays(),)
    rows = await session.rows(_select(actor, day, *stays, *conditions))
    lines = [_line(session, day, row, recorded.get(row.person_id)) for row in rows]
    return sorted(lines, key=lambda line: line.sort_key)


async def one(
    session: StoreSession, actor: Actor, day: AnyRow, line_id: int, *, may_have_left: bool = False
) -> RosterLine:
    """Return one line of a day.

    Raises:
        NotFound: it is not on the list (any more).
    """
    lines = await read(session, actor, day, RosterEntry.id == line_id, may_have_left=may_have_left)
    if not lines:
        raise NotFound
    return lines[0]


def _stays() -> ColumnElement[bool]:
    expected = exists().where(
        _place.resident_id == RosterEntry.resident_id,
        _place.programme == CHECKUP,
        _place.state == EnrolmentState.ACTIVE,
    )
    reported = exists().where(
        Attendance.day_id == RosterEntry.day_id,
        Attendance.resident_id == RosterEntry.resident_id,
        Attendance.voided_at.is_(None),
    )
    return or_(RosterEntry.mark.is_not(None), expected, reported)


def _select(actor: Actor, day: AnyRow, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(RosterEntry.__table__, *persons.COLUMNS, func.coalesce(_group.code, _LAST_GROUP).label("group_code"))
        .join(Resident, Resident.id == RosterEntry.resident_id)
        .outerjoin(_group, _group.id == Resident.group_id)
        .where(
            RosterEntry.day_id == day.id,
            Resident.village_id == day.village_id,
            scope.reach(actor, Resident),
            scope.listed(),
            *conditions,
        )
    )


async def _recorded(session: StoreSession, actor: Actor, day_id: int) -> Mapping[int, Recorded]:
    """Return the last record of each person of a day."""
    columns = (Attendance.id, Attendance.resident_id, Attendance.outcome, Attendance.version, Attendance.next_on)
    measures = [getattr(Attendance, name) for name in MEASURES]
    statement = select(*columns, *measures).where(
        Attendance.day_id == day_id, Attendance.voided_at.is_(None), scope.of_reachable(actor, Attendance)
    )
    rows = await session.rows(statement.order_by(Attendance.held_on, Attendance.entered_at, Attendance.id))
    return {row.resident_id: _record(row) for row in rows}


def _record(row: AnyRow) -> Recorded:
    measures = Measures(**{name: row._mapping[name] for name in MEASURES})
    return Recorded(row.id, row.outcome, row.version, row.next_on, measures)


def _line(session: StoreSession, day: AnyRow, row: AnyRow, record: Recorded | None) -> RosterLine:
    is_closed = day.state is DayState.CLOSED
    is_own = record is not None and record.id == row.record_id
    can_say = record is not None and mark_of(record.outcome) is not None
    is_open = record is None or (is_own and can_say and not is_closed)
    return RosterLine(
        row.id,
        row.day_id,
        row.number,
        persons.read(session, row),
        row.group_code,
        None if is_closed and record is None else row.mark,
        row.version,
        row.walk_in,
        row.next_on,
        row.checked,
        row.batch_id,
        _measures(session, row, record),
        record,
        not is_open,
        row.marked_by,
        row.marked_at,
    )


def _measures(session: StoreSession, row: AnyRow, record: Recorded | None) -> Measures:
    """Return what is typed for a line over what its record says."""
    known = record.measures if record is not None else Measures()
    return joined(known, typed(session, row.id, row.measures_sealed))


def typed(session: StoreSession, line_id: int, sealed: bytes | None) -> Measures:
    """Open what was typed for a line."""
    return Measures(**session.vault.open_json(VALUES, line_id, sealed)) if sealed is not None else Measures()


def joined(before: Measures, later: Measures) -> Measures:
    """Return what was measured before, with what was measured later in its place."""
    found = {name: getattr(later, name) for name in MEASURES}
    return Measures(**{name: getattr(before, name) if value is None else value for name, value in found.items()})


def seal(session: StoreSession, line_id: int, measures: Measures) -> bytes:
    """Seal what was typed for a line."""
    return session.vault.seal_json(VALUES, line_id, {name: value for name, value in asdict(measures).items() if value})
