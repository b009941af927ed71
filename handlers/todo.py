"""What waits for somebody: each kind with its count, one tap away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.context import Turn
from handlers.forms import runner
from locales.message import Button, Message, Tap, Text
from models.rules.access import Actor, Permission
from models.store import (
    alerts,
    appeals,
    benefit_lists,
    complaints,
    decisions,
    drafts,
    enrolments,
    grants,
    handovers,
    referrals,
)


async def _approvals(turn: Turn, actor: Actor) -> int:
    return await enrolments.count_waiting(turn.session, actor)


async def _referrals(turn: Turn, actor: Actor) -> int:
    return await referrals.open_count(turn.session, actor)


async def _offers(turn: Turn, actor: Actor) -> int:
    return await handovers.offered_count(turn.session, actor)


async def _due_back(turn: Turn, actor: Actor) -> int:
    return await handovers.due_back_count(turn.session, actor)


async def _grants(turn: Turn, actor: Actor) -> int:
    return await grants.asked_count(turn.session, actor)


async def _complaints(turn: Turn, actor: Actor) -> int:
    return (await complaints.waiting(turn.session, actor, turn.today))[0]


async def _benefits(turn: Turn, actor: Actor) -> int:
    waiting = await benefit_lists.counts(turn.session, actor, turn.today)
    return waiting.to_decide + waiting.money


async def _appeals(turn: Turn, actor: Actor) -> int:
    return await appeals.waiting(turn.session, actor)


async def _decisions(turn: Turn, actor: Actor) -> int:
    return await decisions.count_mine(turn.session, actor)


async def _alerts(turn: Turn, actor: Actor) -> int:
    return (await alerts.counts(turn.session, actor, turn.today)).open


async def _places(turn: Turn, actor: Actor) -> int:
    """Count the places from which something has climbed to one of the heads; who has a due list sees each thing."""
    return 0 if actor.may(Permission.DUE_READ) else len(await alerts.by_place(turn.session, actor, turn.today))


async def _drafts(turn: Turn, _actor: Actor) -> int:
    return await drafts.count_open(turn.session, turn.chat.chat_id, turn.chat.user_id, tuple(runner.ENTRIES))


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of thing that waits.

    Attributes:
        label: key of the button's text, which mentions `n`.
        action: the tap that opens the list.
        permission: whom it may wait for.
        count: how many there are; none is not shown.
    """

    label: str
    action: str
    permission: Permission
    count: Callable[[Turn, Actor], Awaitable[int]]


LINES = (
    Line("todo.referrals", "referrals", Permission.REFERRAL_ANSWER, _referrals),
    Line("todo.approvals", "approvals", Permission.CLINICAL_READ, _approvals),
    Line("todo.handovers", "handovers", Permission.HANDOVER_OFFER, _offers),
    Line("todo.due_back", "handovers", Permission.HANDOVER_OFFER, _due_back),
    Line("todo.grants", "grants", Permission.CORRECTION_GRANT, _grants),
    Line("todo.complaints", "complaints", Permission.COMPLAINT_ANSWER, _complaints),
    Line("todo.benefits", "benefits", Permission.BENEFIT_DECIDE, _benefits),
    Line("todo.appeals", "appeals", Permission.APPEAL_DECIDE, _appeals),
    Line("todo.decisions", "decisions", Permission.MEETING_ATTEND, _decisions),
    Line("todo.alerts", "alerts", Permission.DUE_READ, _alerts),
    Line("todo.places", "alerts", Permission.COUNT_READ, _places),
    Line("todo.drafts", "resume", Permission.COUNT_READ, _drafts),
)
"""In the order in which they are shown: what others wait for comes first."""


async def todo(turn: Turn) -> None:
    """Show what waits for the actor."""
    actor = turn.require(Permission.COUNT_READ)
    mine = [line for line in LINES if actor.may(line.permission)]
    counts = [(line, await line.count(turn, actor)) for line in mine]
    rows = [(Button(Text.of(line.label, n=n), Tap.of(line.action)),) for line, n in counts if n]
    turn.show(Message(Text.of("todo.title" if rows else "todo.nothing"), tuple(rows)))
    turn.toast()
