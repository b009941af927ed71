"""Referrals: made from the card or the receipt of a dangerous value, listed, answered, declined, taken back."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from handlers import people
from handlers.context import Turn
from handlers.forms import runner
from handlers.of_person import open_health_form, to_card
from handlers.paging import LAST_PAGE, turner
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.referrals import ReferralReason, ReferralState
from models.store import checkups, places, referrals, visits
from models.store.errors import Conflict, NotFound
from models.store.referrals import RecordKind, StoredReferral

PAGE = 5
RECORDS = {"checkup": RecordKind.ATTENDANCE, "visit": RecordKind.VISIT}
"""The kinds of report whose value can lead to a referral, as buttons call them."""


async def refer(turn: Turn) -> None:
    """Open the form for one person."""
    actor = turn.require(Permission.REFERRAL_MAKE)
    await open_health_form(turn, actor, "referral")


async def refer_now(turn: Turn) -> None:
    """Open the form filled in for a dangerous value: kind and id of its record; show the referral if there is one."""
    actor = turn.require(Permission.REFERRAL_MAKE)
    kind, record_id = turn.argument(0), turn.number(1)
    if kind not in RECORDS:
        raise NotFound
    made = await referrals.of_record(turn.session, actor, RECORDS[kind], record_id)
    if made is not None:
        await _show(turn, actor, await referrals.get(turn.session, actor, made))
        return
    store = checkups if kind == "checkup" else visits
    person = str((await store.get(turn.session, actor, record_id)).resident.id)
    turn.toast()
    facts = {"resident": person, "record_kind": RECORDS[kind].value, "record_id": str(record_id)}
    answers = {"why": ReferralReason.URGENT.value}
    await runner.open_form(turn, "referral", facts, answers, subject=f"{kind}:{record_id}")


async def correct(turn: Turn) -> None:
    """Open the form with what was stored."""
    turn.require(Permission.REFERRAL_MAKE)
    await runner.correct(turn, "referral", turn.number(0))


async def undo(turn: Turn) -> None:
    """Take a referral back."""
    actor = turn.require(Permission.REFERRAL_MAKE)
    stored = await referrals.undo(turn.session, actor, turn.number(0))
    text = Text.of("referrals.undone", name=stored.resident.name)
    turn.show(Message(text, ((to_card(stored.resident.id),),), protect=True))


async def decline(turn: Turn) -> None:
    """Note that the person does not want to go: no reason is asked, nothing reminds any more."""
    actor = turn.require(Permission.REFERRAL_MAKE)
    await _show(turn, actor, await referrals.decline(turn.session, actor, turn.number(0)))


async def show(turn: Turn) -> None:
    """Show a referral, with its answer to who may read it."""
    actor = turn.require(Permission.REFERRAL_MAKE)
    await _show(turn, actor, await referrals.get(turn.session, actor, turn.number(0)))


async def list_open(turn: Turn) -> None:
    """Show the referrals that wait for an answer."""
    actor = turn.require(Permission.REFERRAL_MAKE)
    page = turn.number(0, most=LAST_PAGE) if turn.tap is not None and turn.tap.args else 0
    found = await referrals.list_open(turn.session, actor, limit=PAGE, offset=page * PAGE)
    villages = {place.id: place.name for place in await places.children(turn.session, actor.township_id)}
    first = page * PAGE + 1
    lines = [_line(n, one, villages, turn.today) for n, one in enumerate(found.lines, first)]
    buttons = [_person(n, one) for n, one in enumerate(found.lines, first)]
    turns = turner("referrals", page=page, size=PAGE, total=found.total)
    rows = (*(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)), *((turns,) if turns else ()))
    title = Text.of("referrals.title", n=found.total) if found.total else Text.of("referrals.empty")
    turn.show(Message(Text.of("card.screen", lines=[title, *lines]), rows, protect=True))
    turn.toast()


async def answer(turn: Turn) -> None:
    """Open the form with which the clinic answers."""
    actor = turn.require(Permission.REFERRAL_ANSWER)
    stored = await referrals.get(turn.session, actor, turn.number(0))
    if stored.state is not ReferralState.OPEN:
        raise Conflict("answered" if stored.state is ReferralState.ANSWERED else "declined")
    turn.toast()
    await runner.open_form(turn, "referral_answer", {"referral": str(stored.id)}, subject=f"referral:{stored.id}")


async def correct_answer(turn: Turn) -> None:
    """Open the form with what the clinic answered."""
    turn.require(Permission.REFERRAL_ANSWER)
    await runner.correct(turn, "referral_answer", turn.number(0))


async def undo_answer(turn: Turn) -> None:
    """Take the clinic's answer back."""
    actor = turn.require(Permission.REFERRAL_ANSWER)
    stored = await referrals.undo_answer(turn.session, actor, turn.number(0))
    text = Text.of("referrals.answer_undone", name=stored.resident.name)
    turn.show(Message(text, ((_open(stored),),), protect=True))


def receipt(turn: Turn, stored: StoredReferral) -> Message:
    """Return the message that shows a referral just made or corrected."""
    return _saved(turn, stored, "referrals.receipt", "referral.fix", "referral.undo")


def answer_receipt(turn: Turn, stored: StoredReferral) -> Message:
    """Return the message that shows an answer just given or corrected."""
    return _saved(turn, stored, "referrals.answer_receipt", "referral.refix", "referral.reundo")


def _saved(turn: Turn, stored: StoredReferral, key: str, fix: str, undo_tap: str) -> Message:
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text(key, {"at": turn.now.astimezone(zone), "name": stored.resident.name, "details": _details(stored)})
    correct_button = Button(Text.of("receipts.correct"), Tap.of(fix, stored.id))
    undo_button = Button(Text.of("receipts.undo"), Tap.of(undo_tap, stored.id))
    rows = ((correct_button, undo_button), (to_card(stored.resident.id), Button(Text.of("referrals.to_list"), _LIST)))
    return Message(text, rows, protect=True)


async def _show(turn: Turn, actor: Actor, stored: StoredReferral) -> None:
    text = Text.of("referrals.screen", name=stored.resident.name, details=_details(stored))
    turn.show(Message(text, _buttons(actor, stored), protect=True))
    turn.toast()


def _details(stored: StoredReferral) -> list[Text]:
    lines = [
        Text.of("referrals.why", reason=Text.of(f"choices.referral_reason.{stored.reason}"), day=stored.made_on),
        Text.of(f"referrals.state_{stored.state}", due=stored.due_on),
    ]
    if stored.note:
        lines.append(Text.of("referrals.note", note=stored.note))
    if stored.not_come:
        lines.append(Text.of("referrals.not_come", n=stored.not_come))
    return lines + _answer(stored)


def _answer(stored: StoredReferral) -> list[Text]:
    given = stored.answer
    if given is None:
        return []
    answer_given = Text.of(f"choices.referral_answer.{given.answer}")
    lines = [Text.of("referrals.answer", answer=answer_given, day=stored.answered_on)]
    if given.note:
        lines.append(Text.of("referrals.answer_note", note=given.note))
    if given.next_on is not None:
        lines.append(Text.of("referrals.next", day=given.next_on))
    return lines


_LIST = Tap.of("referrals")


def _buttons(actor: Actor, stored: StoredReferral) -> Rows:
    may_answer = actor.may(Permission.REFERRAL_ANSWER)
    rows: list[tuple[Button, ...]] = []
    if stored.state is ReferralState.OPEN and may_answer:
        rows.append((Button(Text.of("referrals.to_answer"), Tap.of("referral.answer", stored.id)),))
    if stored.state is ReferralState.OPEN:
        rows.append((Button(Text.of("referrals.decline"), Tap.of("referral.no", stored.id)),))
    if stored.state is ReferralState.ANSWERED and may_answer:
        rows.append((Button(Text.of("referrals.fix_answer"), Tap.of("referral.refix", stored.id)),))
    if stored.state is not ReferralState.ANSWERED:
        rows.append((Button(Text.of("referrals.fix"), Tap.of("referral.fix", stored.id)),))
    rows.append((to_card(stored.resident.id), Button(Text.of("referrals.to_list"), _LIST)))
    return tuple(rows)


def _line(index: int, stored: StoredReferral, villages: dict[int, str], today: date) -> Text:
    hint = people.hint(stored.resident)
    return Text.of(
        "referrals.line",
        mark=_mark(stored),
        index=index,
        name=stored.resident.name,
        place=" ".join(part for part in (villages.get(stored.resident.village_id, ""), hint) if part),
        reason=Text.of(f"choices.referral_reason.{stored.reason}"),
        due=stored.due_on,
        late=Text.of("referrals.late") if stored.due_on < today else Text.of("due.nothing"),
        not_come=Text.of("referrals.line_not_come", n=stored.not_come) if stored.not_come else Text.of("due.nothing"),
    )


def _mark(stored: StoredReferral) -> str:
    return "🚨" if stored.reason is ReferralReason.URGENT else "📨"


def _person(index: int, stored: StoredReferral) -> Button:
    label = Text.of("referrals.person", mark=_mark(stored), index=index, name=stored.resident.name)
    return Button(label, Tap.of("referral", stored.id))


def _open(stored: StoredReferral) -> Button:
    return Button(Text.of("referrals.open"), Tap.of("referral", stored.id))
