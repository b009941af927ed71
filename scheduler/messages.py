"""What the outbox can say: how each kind is worded, what its button opens, and when it is senseless.

The words are `notices.<kind>`: neutral, with counts at most; never a name, a value, or which service. Whoever
reads them opens the rest in the private chat by the button.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from locales.message import Attachment, Button, Menu, Message, Tap, Text
from models.store import (
    accounts,
    appeals,
    decisions,
    extracts,
    meetings,
    own,
    publication_places,
    publications,
    queue,
    relevance,
    staff,
    unreached,
)
from models.store.database import Database, StoreSession
from models.store.sending import Claimed
from scheduler import checkup_words, extract_making, extract_words, leave_words, meeting_words
from scheduler.sources import alerts, checkups, digest, report_files, troubles, weekly
from scheduler.sources import meetings as meeting_source
from scheduler.sources import own as own_source
from scheduler.sources import publications as publication_source

Check = Callable[[StoreSession, Claimed], Awaitable[bool]]
"""Whether a message still makes sense, asked just before it is sent."""
Compose = Callable[[StoreSession, Claimed], Awaitable[Message | None]]
"""What a message says by now, asked just before it is sent; `None` when there is nothing to say any more."""

Attach = Callable[[Database, Claimed], Awaitable[Attachment]]
"""The file that goes with a message, made just before it is sent; no transaction is open meanwhile."""


async def _always(_session: StoreSession, _claimed: Claimed) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of message.

    Attributes:
        action: the tap of its button, `None` for none; its label is `notices.see.<action>`.
        about: the button names the row that the message is about.
        values: what its words mention of `details`.
        makes_sense: asked just before it is sent; one that makes none expires.
        compose: words it with what is true when it is sent, in place of all the above.
        attach: makes the file that goes with it.
        low_value: not worth a repeat: held when it is not known whether it arrived, and nobody else is told of it.
        recurs: there is another one soon: of somebody who can't be reached anyway, nobody is told once more.
        to_removed: it is for somebody who does not work here any more.
    """

    action: str | None = None
    about: bool = False
    values: tuple[str, ...] = ()
    makes_sense: Check = _always
    compose: Compose | None = None
    attach: Attach | None = None
    low_value: bool = False
    recurs: bool = False
    to_removed: bool = False


async def _referral_is_open(session: StoreSession, claimed: Claimed) -> bool:
    return await relevance.referral_is_open(session, claimed.to, claimed.subject_id)


async def _referral_stands(session: StoreSession, claimed: Claimed) -> bool:
    return await relevance.referral_stands(session, claimed.to, claimed.subject_id)


async def _is_ill(session: StoreSession, claimed: Claimed) -> bool:
    record_kind, _, record_id = claimed.occurrence.partition(":")
    return await relevance.is_ill(session, claimed.to, claimed.subject_id, record_kind, int(record_id))


async def _is_not_own(session: StoreSession, claimed: Claimed) -> bool:
    return await relevance.decision_is_not_own(session, claimed.to, claimed.subject_id, int(claimed.occurrence))


async def _approval_waits(session: StoreSession, claimed: Claimed) -> bool:
    return await relevance.approval_waits(session, claimed.to, claimed.subject_id)


async def _grant_is_asked(session: StoreSession, claimed: Claimed) -> bool:
    return await relevance.grant_is_asked(session, claimed.to, claimed.subject_id)


async def _handover_is_offered(session: StoreSession, claimed: Claimed) -> bool:
    return await relevance.handover_is_offered(session, claimed.to, claimed.subject_id)


async def _alert_is_given(session: StoreSession, claimed: Claimed) -> bool:
    return await relevance.alert_is_given(session, claimed.to, claimed.subject_id)


async def _appeal_waits(session: StoreSession, claimed: Claimed) -> bool:
    return await relevance.appeal_waits(session, claimed.to, claimed.subject_id)


async def _is_not_back(session: StoreSession, claimed: Claimed) -> bool:
    return await staff.find(session, claimed.user_id) is None


async def _farewell(session: StoreSession, claimed: Claimed) -> Message | None:
    """Say it without the keyboard of the account, unless there is another account in that chat by now."""
    if await accounts.is_chat_used(session, claimed.chat_id):
        return None
    return Message(Text.of("notices.account.ended"), menu=Menu())


async def _unreached(session: StoreSession, claimed: Claimed) -> Message | None:
    found = await unreached.find(session, claimed.to, claimed.subject_id)
    if found is None:
        return None
    about = Text.of(f"notices.about.{claimed.details['kind']}")
    role = Text.of(f"roles.{found.role.value}")
    return Message(Text.of("notices.unreached", place=found.place, role=role, about=about))


NOTICES: dict[str, Notice] = {
    "referral.new": Notice("referrals", makes_sense=_referral_is_open),
    "referral.answered": Notice("referrals", makes_sense=_referral_stands),
    "person.ill": Notice("card", about=True, makes_sense=_is_ill),
    "choice.not_own": Notice("card", about=True, makes_sense=_is_not_own),
    "approval.waits": Notice("approvals", makes_sense=_approval_waits),
    "grant.asked": Notice("grants", makes_sense=_grant_is_asked),
    "grant.decided": Notice("mine"),
    "handover.offered": Notice("handovers", makes_sense=_handover_is_offered),
    "handover.decided": Notice("handovers"),
    "handover.moved": Notice("handovers", low_value=True),
    "handover.returned": Notice("handovers", low_value=True),
    meeting_source.INVITE: Notice(compose=meeting_words.invite),
    meeting_source.MINUTES: Notice(compose=meeting_words.minutes),
    meetings.MOVED: Notice(compose=meeting_words.moved),
    meetings.CANCELLED: Notice(compose=meeting_words.cancelled),
    meetings.RESTORED: Notice(compose=meeting_words.restored),
    decisions.ASSIGNED: Notice(compose=meeting_words.assigned),
    "draft.expired": Notice(values=("n",), low_value=True),
    extracts.FILE: Notice(compose=extract_words.file, attach=extract_making.attach),
    extracts.MADE: Notice(compose=extract_words.made, low_value=True),
    accounts.FAREWELL: Notice(compose=_farewell, to_removed=True, low_value=True),
    "staff.removed": Notice(makes_sense=_is_not_back, to_removed=True, low_value=True),
    "checkup.moved": Notice(compose=checkup_words.compose),
    "checkup.cancelled": Notice(compose=checkup_words.compose),
    "checkup.restored": Notice(compose=checkup_words.compose),
    checkups.MANAGER: Notice(compose=checkups.word_before),
    checkups.CLINIC: Notice(compose=checkups.word_tomorrow),
    own.BEFORE: Notice(compose=own_source.word_before, low_value=True),
    own.CHANGED: Notice(compose=own_source.word_changed, low_value=True),
    queue.DAILY: Notice(compose=troubles.word_daily),
    "leave.asked": Notice("off.asked", about=True, makes_sense=leave_words.stands),
    "leave.declined": Notice("off"),
    "leave.ended": Notice(low_value=True),
    "leave.stands_in": Notice(compose=leave_words.stands_in, low_value=True),
    alerts.UNREPORTED: Notice(compose=alerts.word_unreported),
    appeals.ASKED: Notice("appeal", about=True, makes_sense=_appeal_waits),
    appeals.DECIDED: Notice("appeal", about=True),
    "alert.assigned": Notice("alert", about=True, makes_sense=_alert_is_given),
    digest.KIND: Notice(compose=digest.word, recurs=True),
    weekly.KIND: Notice(compose=weekly.word, recurs=True),
    report_files.KIND: Notice(compose=report_files.word, attach=report_files.attach, recurs=True),
    publication_source.READY: Notice(compose=publication_source.word_ready),
    publication_source.FAILED: Notice(compose=publication_source.word_failed),
    publications.POST: Notice(compose=publication_source.word_post, low_value=True, to_removed=True),
    publication_places.PLACE: Notice(compose=publication_source.word_place),
    "unreached": Notice(compose=_unreached),
}
"""By kind, as the store plans them."""
LOW_VALUE = frozenset(kind for kind, notice in NOTICES.items() if notice.low_value)
RECURRING = frozenset(kind for kind, notice in NOTICES.items() if notice.recurs)


async def prepare(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what is said now, or `None` when it makes no sense any more.

    Raises:
        KeyError: as `word`.
    """
    notice = NOTICES[claimed.kind]
    if notice.compose is not None:
        return await notice.compose(session, claimed)
    return word(claimed) if await notice.makes_sense(session, claimed) else None


def word(claimed: Claimed) -> Message:
    """Return what is said.

    Raises:
        KeyError: there is no such kind here (a newer version planned it), or a value is missing.
    """
    notice = NOTICES[claimed.kind]
    values = {name: claimed.details[name] for name in notice.values}
    text = Text.of(f"notices.{claimed.kind}", **values)
    if notice.action is None:
        return Message(text)
    tap = Tap.of(notice.action, *((claimed.subject_id,) if notice.about else ()))
    return Message(text, ((Button(Text.of(f"notices.see.{notice.action}"), tap),),))
