"""What a resident sees and decides from an account of their own: dates, consents, reminders. Nobody else's, ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import String, cast, select, update

from models.rules.access import Actor, Permission
from models.rules.changes import ResidentStatus
from models.rules.consent import Purpose
from models.rules.due import DueState, is_roster_place
from models.store import (
    _accounts,
    _facts,
    _people,
    audit,
    checkup_calendar,
    consents,
    outbox,
    persons,
    places,
    plannings,
    scope,
)
from models.store.audit import Detail
from models.store.consents import StoredConsent
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound
from models.store.outbox import Recipient
from models.store.places import PlaceRow
from models.tables.accounts import ResidentAccount
from models.tables.checkups import CheckupDay
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.outbox import OutboxMessage, OutboxState
from models.tables.residents import Resident
from models.tables.staff import Staff

AHEAD = timedelta(days=400)
"""So far ahead a resident sees dates: a year, and a little more."""
BEFORE, CHANGED = "own.before", "own.changed"
"""Kinds of message: a check-up day comes; it is moved, cancelled or put back."""
_HERE = (ResidentStatus.PRESENT, ResidentStatus.AWAY)


@dataclass(frozen=True, slots=True)
class OwnDate:
    """Days on which something can be done; which service it is for, a screen that others see too doesn't say.

    Attributes:
        first, last: the days, both included.
        is_day: it is the village's check-up day.
    """

    first: date
    last: date
    is_day: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A village's check-up day, by its fixed day."""

    township_id: int
    village_id: int
    nominal: date


@dataclass(frozen=True, slots=True)
class Own:
    """What a resident sees of themselves.

    Attributes:
        dates: what comes next, by day.
        given: the purposes that the resident agrees to.
        restricted: the consent to a health record was withdrawn: nothing else is told.
        reminders: asked for, and agreed to.
    """

    resident_id: int
    name: str
    village: str
    dates: tuple[OwnDate, ...]
    given: frozenset[Purpose]
    restricted: bool
    reminders: bool


async def me(session: StoreSession, actor: Actor) -> Own:
    """Return what the actor sees of themselves.

    Raises:
        AccessDenied: the actor is no resident.
        NotFound: the account is nobody's, or the person has moved or died.
    """
    row = await _own(session, actor)
    village = await places.get(session, row.village_id)
    given = await _people.consents(session, row.id)
    dates = () if row.restricted else tuple(await _dates(session, actor, row))
    await audit.write(session, actor, "own:read", "resident", row.id)
    name = session.vault.open_text(persons.NAME, row.id, row.name_sealed)
    reminders = await _is_reminded(session, actor, row.id)
    return Own(row.id, name, village.name, dates, given, row.restricted, reminders)


async def village(session: StoreSession, actor: Actor) -> PlaceRow | None:
    """Return the village that the actor lives in, and nothing else of them; `None`: the account is nobody's.

    Not audited: no record is read, and the moment would tell who wrote a complaint.

    Raises:
        AccessDenied: the actor is no resident.
    """
    try:
        row = await _own(session, actor)
    except NotFound:
        return None
    return await places.get(session, row.village_id)


@whole
async def remind(session: StoreSession, actor: Actor, *, on: bool) -> Own:
    """Ask to be reminded of check-up days, which is agreed to with it, or not any more. Twice does no more than once.

    Raises:
        AccessDenied, NotFound: as in `me`.
        Conflict: `own_restricted`: nothing of the record is used.
    """
    row = await _own(session, actor)
    if on and row.restricted:
        raise Conflict("own_restricted")
    if on != await _is_reminded(session, actor, row.id):
        if on and Purpose.REMINDERS not in await _people.consents(session, row.id):
            await consents.give_own(session, actor, row.id, Purpose.REMINDERS)
        mine = update(ResidentAccount).where(ResidentAccount.staff_id == actor.staff_id)
        await session.execute(mine.values(reminders_since=session.now() if on else None))
        await plannings.touch(session, actor.township_id)
        await audit.write(session, actor, "own:remind", "resident", row.id, {"on": on})
    return await me(session, actor)


@whole
async def agree(session: StoreSession, actor: Actor, purpose: Purpose) -> StoredConsent:
    """Record that the actor agrees to a purpose.

    Raises:
        AccessDenied, NotFound: as in `me`.
        Conflict: `as_it_is`; `own_restricted`: what was closed is opened with the village's staff.
    """
    row = await _own(session, actor)
    if row.restricted:
        raise Conflict("own_restricted")
    return await consents.give_own(session, actor, row.id, purpose)


@whole
async def withdraw(session: StoreSession, actor: Actor, purpose: Purpose) -> StoredConsent:
    """Record that the actor withdraws a purpose; without a health record everything else ends with it.

    Raises:
        AccessDenied, NotFound: as in `me`.
        Conflict: `as_it_is`.
    """
    row = await _own(session, actor)
    stored = await consents.withdraw_own(session, actor, row.id, purpose)
    await plannings.touch(session, actor.township_id)
    return stored


@whole
async def undo(session: StoreSession, actor: Actor, change_id: int) -> StoredConsent:
    """Take back within ten minutes what the actor agreed to or withdrew. Twice does no more than once.

    Raises:
        AccessDenied, NotFound: as in `me`.
        Conflict: `not_yours`, `too_late` or `changed_since`.
    """
    row = await _own(session, actor)
    stored = await consents.undo_own(session, actor, row.id, change_id)
    await plannings.touch(session, actor.township_id)
    return stored


async def is_reminded(session: StoreSession, actor: Actor) -> bool:
    """Return whether the actor wants to hear from the bot: asked for reminders, and agrees to them.

    Raises:
        AccessDenied, NotFound: as in `me`.
    """
    return await _is_reminded(session, actor, (await _own(session, actor)).id)


async def reminded(session: StoreSession, township_id: int) -> Mapping[int, int]:
    """Return the accounts that are to be reminded of a check-up day, each with the village of that day.

    For the planner: no names, nothing of health beyond being in a check-up.
    """
    statement = (
        select(Staff.id, Enrolment.village_id)
        .join(ResidentAccount, ResidentAccount.staff_id == Staff.id)
        .join(Resident, Resident.id == ResidentAccount.resident_id)
        .join(Enrolment, Enrolment.resident_id == Resident.id)
        .where(Staff.township_id == township_id, _accounts.wants_reminders())
    )
    return {row.id: row.village_id for row in await session.rows(statement)}


async def told_of_changes(session: StoreSession, township_id: int) -> Mapping[tuple[int, int, date], datetime]:
    """Return when accounts were told of the last change of a day, by account, village and fixed day.

    For the planner: the message of the change names the new date already.
    """
    statement = select(
        OutboxMessage.recipient_id, OutboxMessage.created_at, CheckupDay.village_id, CheckupDay.nominal_on
    ).join(CheckupDay, CheckupDay.id == OutboxMessage.subject_id)
    rows = await session.rows(
        statement.where(
            OutboxMessage.kind == CHANGED,
            OutboxMessage.township_id == township_id,
            OutboxMessage.occurrence == cast(CheckupDay.sequence, String),
            OutboxMessage.state.not_in((OutboxState.DEAD, OutboxState.EXPIRED)),
        )
    )
    return {(row.recipient_id, row.village_id, row.nominal_on): row.created_at for row in rows}


async def tell(
    session: StoreSession, day_id: int, occurrence: str, about: Day, details: Mapping[str, Detail], until: datetime
) -> None:
    """Plan a message of a change of a check-up day to whoever was reminded of it and still wants to be."""
    there = await reminded(session, about.township_id)
    wanted = [account for account, village_id in there.items() if village_id == about.village_id]
    told = await outbox.reached(session, BEFORE, about.village_id, f"{about.nominal.isoformat()}/", wanted)
    recipients = [Recipient(account, about.township_id) for account in told]
    await outbox.plan(session, recipients, CHANGED, day_id, occurrence, details=details, expires_at=until)


async def is_reminded_of(session: StoreSession, actor: Actor, village_id: int) -> bool:
    """Return whether the actor is, by now, to be reminded of a village's check-up day: asked before it is sent."""
    return (await reminded(session, actor.township_id)).get(actor.staff_id) == village_id


async def _own(session: StoreSession, actor: Actor) -> AnyRow:
    scope.require(actor, Permission.OWN_READ)
    columns = (Resident.id, Resident.village_id, Resident.township_id, Resident.name_sealed, Resident.restricted)
    row = await session.row(select(*columns).where(_accounts.own(actor), Resident.status.in_(_HERE)))
    if row is None:
        raise NotFound
    return row


async def _is_reminded(session: StoreSession, actor: Actor, resident_id: int) -> bool:
    since = select(ResidentAccount.reminders_since).where(ResidentAccount.staff_id == actor.staff_id)
    asked = await session.scalar(since)
    agreed = await consents.agreed_at(session, actor, resident_id, Purpose.REMINDERS)
    return asked is not None and agreed is not None and agreed <= asked


async def _dates(session: StoreSession, actor: Actor, person: AnyRow) -> list[OwnDate]:
    """Return what comes next in each of the person's programmes."""
    today = scope.today(session, actor)
    running = (Enrolment.resident_id == person.id, Enrolment.state == EnrolmentState.ACTIVE)
    rows = await session.rows(select(Enrolment.id).where(*running, Enrolment.paused.is_(False)))
    found: set[OwnDate] = set()
    for known in (await _facts.load(session, [row.id for row in rows])).values():
        due = known.due(today)
        if is_roster_place(known.facts.programme, due.window):
            found |= await _next_day(session, person, today)
        elif due.window is not None and due.state is not DueState.CLOSED and due.window.opens_on <= today + AHEAD:
            found.add(OwnDate(due.window.opens_on, due.window.closes_on, False))
    return sorted(found, key=lambda one: (one.first, one.last))


async def _next_day(session: StoreSession, person: AnyRow, today: date) -> set[OwnDate]:
    """Return the village's next check-up day."""
    days = await checkup_calendar.between(session, person.township_id, today, today + _SEARCHED)
    held = [one.held_on for village, one in days if village.id == person.village_id]
    return {OwnDate(held[0], held[0], True)} if held else set()


_SEARCHED = timedelta(days=100)
"""So far ahead lies the next check-up day of every village."""
