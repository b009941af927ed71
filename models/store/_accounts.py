"""Which account is whose: as a condition, ended, and following a merge. Private to the store."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update

from models.rules.access import Actor
from models.rules.consent import Purpose
from models.rules.programmes.checkup import CHECKUP
from models.rules.roles import Role
from models.store import _declines, drafts, outbox, plannings, scope
from models.store.database import StoreSession
from models.store.outbox import Recipient
from models.store.places import PlaceRow
from models.tables.accounts import ResidentAccount, ResidentLink
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.outbox import ENDED, OutboxMessage
from models.tables.residents import Consent, Resident
from models.tables.staff import Staff

FAREWELL = "account.ended"
FAREWELL_WITHIN = timedelta(days=2)
"""So long it is tried to tell somebody whose account others ended; then nobody knows the chat any more (convention)."""


def own(actor: Actor, person: Any = Resident) -> ColumnElement[bool]:
    """Return the condition that a person is the one to whom the actor's account belongs, and lives in the township."""
    mine = and_(ResidentAccount.staff_id == actor.staff_id, ResidentAccount.resident_id == person.id)
    return and_(exists().where(mine), person.township_id == actor.township_id, person.merged_into.is_(None))


def wants_reminders() -> ColumnElement[bool]:
    """Return the condition that somebody is to be reminded of a check-up day: asked for it, consents, is in it.

    `ResidentAccount`, `Staff`, `Resident` and `Enrolment` are to be joined. Consent that was given anew after it had
    been withdrawn asks for no reminders.
    """
    person = and_(
        Staff.active,
        Resident.township_id == Staff.township_id,
        scope.listed(),
        _agrees(Consent.resident_id == Resident.id),
    )
    running = and_(Enrolment.state == EnrolmentState.ACTIVE, Enrolment.paused.is_(False))
    running = and_(running, ~_declines.declined())
    return and_(person, running, Enrolment.programme == CHECKUP.code)


async def end(session: StoreSession, condition: ColumnElement[bool], *, is_told: bool = False) -> None:
    """Untie accounts: nothing is kept of them, not even which chat account it was.

    One whose owner `is_told` of it keeps the chat until the message has left, or for `FAREWELL_WITHIN`.
    """
    tied = select(Staff.id, Staff.township_id).join(ResidentAccount, ResidentAccount.staff_id == Staff.id)
    rows = await session.rows(tied.where(condition))
    for row in rows:
        await session.execute(delete(ResidentAccount).where(ResidentAccount.staff_id == row.id))
        gone = {"active": False, "removed_at": session.now(), "telegram_user_id": 0}
        gone |= {} if is_told else {"chat_id": 0}
        await session.execute(update(Staff).where(Staff.id == row.id).values(**gone))
        if is_told:
            until = session.now() + FAREWELL_WITHIN
            await outbox.plan(session, [Recipient(row.id, row.township_id)], FAREWELL, row.id, expires_at=until)
        await drafts.end_of_staff(session, row.id)
        await plannings.touch(session, row.township_id)


async def forget(session: StoreSession, resident_ids: Collection[int]) -> None:
    """Untie the accounts of residents and tell them so, and delete the codes that were made for them."""
    await session.execute(delete(ResidentLink).where(ResidentLink.resident_id.in_(resident_ids)))
    await end(session, ResidentAccount.resident_id.in_(resident_ids), is_told=True)


async def forget_chats(session: StoreSession) -> int:
    """Forget the chats of accounts that were untied and have nothing to be told any more; returns of how many."""
    farewell = (OutboxMessage.recipient_id == Staff.id, OutboxMessage.kind == FAREWELL)
    is_owed = exists().where(*farewell, OutboxMessage.state.not_in(ENDED))
    is_over = or_(~is_owed, Staff.removed_at <= session.now() - FAREWELL_WITHIN)
    ended = (Staff.role == Role.RESIDENT, Staff.active.is_(False), Staff.telegram_user_id == 0, Staff.chat_id != 0)
    return await session.changed(update(Staff).where(*ended, is_over).values(chat_id=0))


async def follow(session: StoreSession, gone_id: int, kept_id: int) -> list[int]:
    """Let the accounts of a row that was merged be those of the kept one; returns which.

    Whoever was to be reminded still is, where the consents of the two became one that was given later.
    """
    statement = select(ResidentAccount.id).where(ResidentAccount.resident_id == gone_id)
    ids = [row.id for row in await session.rows(statement.order_by(ResidentAccount.id))]
    agreed = _agrees(Consent.resident_id.in_((gone_id, kept_id)))
    goes_on = update(ResidentAccount).where(ResidentAccount.id.in_(ids), agreed).values(reminders_since=session.now())
    if ids:
        await session.execute(goes_on)
    await _hand(session, ids, gone_id, kept_id)
    return ids


async def move(session: StoreSession, resident_id: int, village: PlaceRow) -> None:
    """Let a resident's account be one of the village to which the resident moves, within the township."""
    mine = select(ResidentAccount.staff_id).where(ResidentAccount.resident_id == resident_id)
    here = (Staff.id.in_(mine), Staff.township_id == village.township_id)
    await session.execute(update(Staff).where(*here).values(place_id=village.id, village_id=village.id))


async def go_back(session: StoreSession, ids: Collection[int], kept_id: int, gone_id: int) -> None:
    """Let accounts that followed a merge go back with the row; those that ended meanwhile stay ended."""
    await _hand(session, ids, kept_id, gone_id)


async def _hand(session: StoreSession, ids: Collection[int], from_id: int, to_id: int) -> None:
    if ids:
        these = (ResidentAccount.id.in_(ids), ResidentAccount.resident_id == from_id)
        await session.execute(update(ResidentAccount).where(*these).values(resident_id=to_id))


def _agrees(whose: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that somebody agreed to reminders before asking for them, and still does."""
    stands = (Consent.withdrawn_at.is_(None), Consent.given_at <= ResidentAccount.reminders_since)
    return exists().where(whose, Consent.purpose == Purpose.REMINDERS, *stands)
