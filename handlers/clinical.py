"""What the card says beside the programmes: dangerous values, referrals, and to the clinic alone what is clinical."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handlers.context import Turn
from handlers.examinations import named
from handlers.referrals import RECORDS
from locales.message import Button, Rows, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.referrals import ReferralState
from models.store import counsellings, examinations, referrals, urgent
from models.store.referrals import StoredReferral
from models.store.residents import PersonCard
from models.store.urgent import UrgentValue

SHOWN = 3
"""So many of the last results stand on the card itself."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Lines and buttons of the card.

    Attributes:
        alarms: stand below the name, before everything else.
        lines: stand below the programmes.
        first: rows of buttons above all others; `last` below them.
    """

    alarms: tuple[Text, ...] = ()
    lines: tuple[Text, ...] = ()
    first: Rows = ()
    last: Rows = ()


async def beside(turn: Turn, actor: Actor, shown: PersonCard) -> Beside:
    """Return what the actor may see of a person beyond the programmes."""
    person_id = shown.person.id
    dangers = await urgent.of_person(turn.session, actor, person_id)
    referral = await referrals.of_person(turn.session, actor, person_id)
    lines, rows = await _clinic(turn, actor, person_id)
    first: Rows = ()
    if referral is not None:
        lines = [_referral(referral), *lines]
        rows = [(Button(Text.of("referrals.open"), Tap.of("referral", referral.id)),), *rows]
    if dangers and not _is_open(referral):
        first = ((_refer(dangers[0]),),)
    return Beside(tuple(_danger(each, shown.today) for each in dangers), tuple(lines), first, tuple(rows))


async def _clinic(turn: Turn, actor: Actor, person_id: int) -> tuple[list[Text], list[tuple[Button, ...]]]:
    """Return what is for the clinic alone: the last results and talks, and the way to all of them."""
    if not actor.may(Permission.CLINICAL_READ):
        return [], []
    rows: list[tuple[Button, ...]] = []
    results = await examinations.of_person(turn.session, actor, person_id, limit=SHOWN)
    lines = [Text.of("examinations.on_card", day=one.report.examined_on, what=named(one)) for one in results.lines]
    if results.lines:
        label = Text.of("examinations.all", n=results.total)
        rows.append((Button(label, Tap.of("examination.list", 0, person_id)),))
    talks = await counsellings.of_person(turn.session, actor, person_id, limit=1)
    for talk in talks.lines:
        lines.append(Text.of("counsellings.on_card", day=talk.report.counselled_on, n=talks.total))
        rows.append((Button(Text.of("counsellings.all"), Tap.of("choice.list", 0, person_id)),))
    return lines, rows


def _danger(value: UrgentValue, today: date) -> Text:
    what = [Text.of(f"referrals.danger.{code}") for code in value.codes]
    key = "referrals.see_again_late" if value.followup_on < today else "referrals.see_again"
    return Text.of(key, what=what, day=value.followup_on)


def _refer(value: UrgentValue) -> Button:
    kind = next(name for name, kind in RECORDS.items() if kind is value.kind)
    return Button(Text.of("receipts.refer"), Tap.of("referral.now", kind, value.record_id))


def _is_open(referral: StoredReferral | None) -> bool:
    return referral is not None and referral.state is ReferralState.OPEN


def _referral(stored: StoredReferral) -> Text:
    if stored.state is ReferralState.OPEN and stored.not_come:
        return Text.of("referrals.card_open_not_come", n=stored.not_come)
    if stored.state is ReferralState.OPEN:
        return Text.of("referrals.card_open", due=stored.due_on)
    if stored.answer is None:
        return Text.of("referrals.card_done")
    given = Text.of(f"choices.referral_answer.{stored.answer.answer}")
    return Text.of("referrals.card_answered", answer=given, day=stored.answered_on)
