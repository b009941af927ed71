"""What a person's morning digest counts, as of now: numbers of what the lists behind its buttons show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from models.rules import scorecards as card_rules
from models.rules.access import Actor, Permission, Role
from models.rules.alerts import AlertKind
from models.rules.calendar import is_working_day
from models.rules.digest import Line, Topic
from models.rules.facts import DueState
from models.store import (
    alert_holds,
    alerts,
    appeals,
    audit,
    benefit_lists,
    complaints,
    decisions,
    due,
    enrolments,
    grants,
    handovers,
    referrals,
    scorecards,
    unreported,
)
from models.store.database import StoreSession
from models.tables.outbox import OutboxMessage, OutboxState

KIND = "digest"
"""The kind of message that tells them."""
DECISION_AHEAD = timedelta(days=3)
"""So long before its day a decision stands in the digest (convention)."""

_CLIMBED_TO = (Role.CLINIC, Role.DEPUTY, Role.LEADER)
"""What is overdue begins with the manager: there it has not climbed."""


async def count(session: StoreSession, actor: Actor, today: date) -> list[Line]:
    """Return the lines of the actor's digest; which there are follows from what the role may do."""
    lines = []
    if actor.may(Permission.DUE_READ):
        lines += [*await _due(session, actor, today), *await _waiting(session, actor)]
        lines.append(Line(Topic.UNREPORTED, len(await unreported.by_village(session, actor))))
        lines.append(Line(Topic.STOOD_IN, await alert_holds.done_for(session, actor, today)))
    if actor.may(Permission.COMPLAINT_ANSWER):
        waiting, late = await complaints.waiting(session, actor, today)
        lines += [Line(Topic.COMPLAINT_OVERDUE, late), Line(Topic.COMPLAINT, waiting - late)]
    if actor.may(Permission.BENEFIT_DECIDE):
        benefits = await benefit_lists.counts(session, actor, today)
        lines += [Line(Topic.BENEFIT_OVERDUE, benefits.late), Line(Topic.BENEFIT, benefits.to_decide - benefits.late)]
    if actor.may(Permission.APPEAL_DECIDE):
        lines.append(Line(Topic.APPEAL, await appeals.waiting(session, actor)))
    if actor.may(Permission.APPEAL_MAKE):
        lines += await _cards(session, actor, today)
    if actor.may(Permission.MEETING_ATTEND):
        lines += await _decisions(session, actor, today)
    if actor.role in _CLIMBED_TO:
        escalated = _escalated if actor.is_of_team else _places
        lines.append(await escalated(session, actor, today, lines))
    await audit.write(session, actor, "count:read", "digest")
    return lines


async def _due(session: StoreSession, actor: Actor, today: date) -> list[Line]:
    return [_line(one) for one in await due.by_day(session, actor, today)]


def _line(one: due.DayCount) -> Line:
    match one.state:
        case DueState.OVERDUE:
            return Line(Topic.DANGEROUS if one.danger else Topic.OVERDUE, one.many)
        case DueState.DUE:
            return Line(Topic.DUE, one.many, one.closes_on)
        case _:
            return Line(Topic.COMING, one.many)


async def _waiting(session: StoreSession, actor: Actor) -> list[Line]:
    """Count what waits for the actor's answer."""
    lines = [
        Line(Topic.HANDOVER, await handovers.offered_count(session, actor)),
        Line(Topic.BACK, await handovers.due_back_count(session, actor)),
    ]
    if actor.may(Permission.REFERRAL_ANSWER):
        lines.append(Line(Topic.REFERRAL, await referrals.open_count(session, actor)))
    if actor.may(Permission.CORRECTION_GRANT):
        lines.append(Line(Topic.CORRECTION, await grants.asked_count(session, actor)))
    if actor.may(Permission.CLINICAL_READ):
        lines.append(Line(Topic.APPROVAL, await enrolments.count_waiting(session, actor)))
    return lines


async def _escalated(session: StoreSession, actor: Actor, today: date, lines: Sequence[Line]) -> Line:
    """Count what has climbed to the actor, without the actor's own decisions, which have a line of their own."""
    found = await alerts.counts(session, actor, today)
    own = sum(line.count for line in lines if line.topic is Topic.DECISION_OVERDUE)
    return Line(Topic.ESCALATED, found.open - min(own, found.kinds[AlertKind.DECISION]))


async def _places(session: StoreSession, actor: Actor, today: date, lines: Sequence[Line]) -> Line:
    """Count the places from which something has climbed to one of the heads: how many people is not told here."""
    own = sum(line.count for line in lines if line.topic is Topic.DECISION_OVERDUE)
    found = await alerts.by_place(session, actor, today)
    decided = {one.place_id: one.decisions - own * (one.place_id == actor.township_id) for one in found}
    return Line(Topic.PLACES, sum(one.visits or one.day or decided[one.place_id] > 0 for one in found))


async def _cards(session: StoreSession, actor: Actor, today: date) -> list[Line]:
    """Count cards that nobody told the actor of yet, by the last day on which they can be appealed against."""
    oldest = session.now() - timedelta(days=card_rules.APPEAL_DAYS + 1)
    cards = await scorecards.fresh(session, actor, await _last_told(session, actor, oldest))
    ends = [card_rules.appeal_until(card.settled_on) for card in cards if card.settled_on is not None]
    return [Line(Topic.CARD, 1, end) for end in ends if today <= end]


async def _last_told(session: StoreSession, actor: Actor, oldest: datetime) -> datetime:
    """Return when the actor last got a digest since `oldest`; those of days off tell only what is urgent."""
    mine = (OutboxMessage.recipient_id == actor.staff_id, OutboxMessage.kind == KIND)
    sent = (OutboxMessage.state == OutboxState.SENT, OutboxMessage.ended_at > oldest)
    columns = (OutboxMessage.occurrence, OutboxMessage.ended_at)
    rows = await session.rows(select(*columns).where(*mine, *sent))
    ended = [row.ended_at for row in rows if is_working_day(date.fromisoformat(row.occurrence))]
    return max(ended, default=oldest)


async def _decisions(session: StoreSession, actor: Actor, today: date) -> list[Line]:
    days = await decisions.days_of_mine(session, actor)
    near = [day for day in days if day <= today + DECISION_AHEAD]
    return [Line(Topic.DECISION_OVERDUE, 1) if day < today else Line(Topic.DECISION_DUE, 1, day) for day in near]
