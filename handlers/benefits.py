"""Benefits: what waits for whom, what a person asks for, and one application with all that can be done about it.

Whoever sees no people sees how many of those confirmed were paid, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from handlers import benefit_words as words
from handlers import figure_words, people, records, status
from handlers.context import Turn
from handlers.forms import runner
from handlers.paging import LAST_PAGE, turner
from locales.message import Button, Message, Rows, Tap, Text
from models.rules import periods
from models.rules.access import Actor, Permission
from models.rules.benefits import OPEN, BenefitCode, Step
from models.rules.consent import Purpose
from models.rules.indicators.codes import IndicatorCode
from models.store import benefit_lists, benefits, consents, places, residents
from models.store.benefit_lists import Waiting, Waits
from models.store.benefits import StoredApplication
from models.store.errors import Conflict, NotFound
from models.store.indicators import figures

PAGE = 6
_CODE = IndicatorCode.BENEFITS_COVERAGE


async def overview(turn: Turn) -> None:
    """Show how many wait for what; to whoever sees no people, what share of the confirmed was paid."""
    actor = turn.require(Permission.COUNT_READ)
    if not actor.may(Permission.BENEFIT_ASK):
        await _show_figure(turn, actor)
        return
    found = await benefit_lists.counts(turn.session, actor, turn.today)
    rows = [(_to_list(waits, found.of(waits)),) for waits in Waits if found.of(waits)]
    if found.money and actor.may(Permission.BENEFIT_DECIDE):
        rows.append((Button(Text.of("benefits.pay_many"), Tap.of("benefits.pay")),))
    turn.show(Message(Text.of("benefits.screen", lines=_overview(found)), tuple(rows), protect=True))
    turn.toast()


async def list_waiting(turn: Turn) -> None:
    """Show those who wait for one thing: what, and the page."""
    actor = turn.require(Permission.BENEFIT_ASK)
    waits, page = _waits(turn), turn.number(1, most=LAST_PAGE)
    found = await benefit_lists.list_waiting(turn.session, actor, waits, turn.today, limit=PAGE, offset=page * PAGE)
    known = {place.id: place.name for place in await places.villages(turn.session, actor.township_id)}
    villages = known if actor.village_id is None else {}
    lines = [_line(n, one, villages, turn.today) for n, one in enumerate(found.lines, page * PAGE + 1)]
    title = Text.of(f"benefits.listed.{waits}" if found.total else "benefits.listed.empty", n=found.total)
    turns = turner("benefits.list", page=page, size=PAGE, total=found.total)
    rows = (*_numbers(found.lines, page * PAGE + 1), *((turns,) if turns else ()), (to_overview(),))
    turn.show(Message(Text.of("benefits.screen", lines=[title, *lines]), rows, protect=True))
    turn.toast()


async def of_person(turn: Turn) -> None:
    """Show what a person asks for; of whom nothing is asked yet, open the form; without consent, ask for that first."""
    actor = turn.require(Permission.BENEFIT_ASK)
    person = (await residents.brief(turn.session, actor, turn.number(0))).person
    now = await consents.standing(turn.session, actor, person.id)
    if Purpose.BENEFITS not in now.given:
        turn.show(_consent_first(person.id, person.name, child=now.child))
        turn.toast()
        return
    found = await benefits.of_person(turn.session, actor, person.id)
    if not found:
        await _open(turn, person.id)
        return
    lines = [Text.of("benefits.of_person", name=person.name), *(_short(one) for one in found)]
    rows = [(Button(words.name(one.benefit), Tap.of("benefit", one.id)),) for one in found]
    more = (Button(Text.of("benefits.new"), Tap.of("benefit.new", person.id)),) if _is_free(found) else ()
    turn.show(Message(Text.of("benefits.screen", lines=lines), (*rows, (*more, _to_card(person.id))), protect=True))
    turn.toast()


async def agree(turn: Turn) -> None:
    """Write down that the person consents to benefits being kept, and open the form."""
    actor = turn.require(Permission.BENEFIT_ASK)
    person_id = turn.number(0)
    if Purpose.BENEFITS not in (await consents.standing(turn.session, actor, person_id)).given:
        await consents.give(turn.session, actor, person_id, [Purpose.BENEFITS])
    await _open(turn, person_id)


async def new(turn: Turn) -> None:
    """Open the form for one more benefit."""
    actor = turn.require(Permission.BENEFIT_ASK)
    person = (await residents.brief(turn.session, actor, turn.number(0))).person
    await _open(turn, person.id)


async def show(turn: Turn) -> None:
    """Show one application."""
    actor = turn.require(Permission.BENEFIT_ASK)
    found = await benefits.get(turn.session, actor, turn.number(0))
    if found.voided:
        raise NotFound
    turn.show(screen(turn, actor, found))
    turn.toast()


async def correct(turn: Turn) -> None:
    """Open the form with what was entered."""
    actor = turn.require(Permission.BENEFIT_ASK)
    if Step.DECIDE not in (await benefits.get(turn.session, actor, turn.number(0))).steps:
        raise Conflict("benefit_decided")
    await records.correct(turn, "benefit")


async def undo(turn: Turn) -> None:
    """Take an application back."""
    actor = turn.require(Permission.BENEFIT_ASK)
    found = await benefits.undo(turn.session, actor, turn.number(0))
    text = Text.of("benefits.undone", name=found.resident.name, benefit=words.name(found.benefit))
    turn.show(Message(text, ((_to_card(found.resident.id),),), protect=True))
    turn.toast()


async def withdraw(turn: Turn) -> None:
    """Note that the person does not want it any more; it is asked about once."""
    actor = turn.require(Permission.BENEFIT_ASK)
    found = await benefits.get(turn.session, actor, turn.number(0))
    if len(turn.tap.args if turn.tap else ()) < 2:
        yes = Button(Text.of("benefits.withdraw_yes"), Tap.of("benefit.end", found.id, 1))
        text = Text.of("benefits.withdraw_ask", name=found.resident.name, benefit=words.name(found.benefit))
        turn.show(Message(text, ((yes, open_one(found)),), protect=True))
    else:
        done = await benefits.withdraw(turn.session, actor, found.id)
        turn.show(screen(turn, actor, done, Tap.of("benefit.unend", done.id)))
    turn.toast()


async def take_up(turn: Turn) -> None:
    """Take a withdrawal back."""
    actor = turn.require(Permission.BENEFIT_ASK)
    turn.show(screen(turn, actor, await benefits.take_up(turn.session, actor, turn.number(0))))
    turn.toast(Text.of("benefits.as_before"))


async def own(turn: Turn) -> None:
    """Show a resident what they ask for, what was decided, and what was paid."""
    actor = turn.require(Permission.OWN_READ)
    found = await benefits.own(turn.session, actor)
    lines = [Text.of("benefits.own" if found else "benefits.own_none")]
    for one in found:
        lines += [Text.of("benefits.own_title", benefit=words.name(one.benefit)), *words.told(one, turn.today)]
    back = Button(Text.of("own.back"), Tap.of("own"))
    turn.show(Message(Text.of("benefits.screen", lines=lines), ((back,),), protect=True))
    turn.toast()


def receipt(turn: Turn, found: StoredApplication) -> Message:
    """Return the message that shows an application just entered or corrected."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text.of(
        "benefits.receipt",
        at=turn.now.astimezone(zone),
        name=found.resident.name,
        benefit=words.name(found.benefit),
        details=words.told(found, turn.today),
    )
    fix = Button(Text.of("receipts.correct"), Tap.of("benefit.fix", found.id))
    back = Button(Text.of("receipts.undo"), Tap.of("benefit.undo", found.id))
    return Message(text, ((fix, back), (_to_card(found.resident.id), open_one(found))), protect=True)


def screen(turn: Turn, actor: Actor, found: StoredApplication, undone_by: Tap | None = None) -> Message:
    """Return the screen of an application; `undone_by` takes back what was just done."""
    title = Text.of("benefits.title", name=found.resident.name, benefit=words.name(found.benefit))
    lines = [title, *words.told(found, turn.today)]
    rows: list[tuple[Button, ...]] = []
    if undone_by is not None:
        rows.append((Button(Text.of("receipts.undo"), undone_by),))
    rows += [*(_decides(found) if actor.may(Permission.BENEFIT_DECIDE) else ()), *_changes(found)]
    rows.append((_to_card(found.resident.id), to_overview()))
    return Message(Text.of("benefits.screen", lines=lines), tuple(rows), protect=True)


def open_one(found: StoredApplication) -> Button:
    """Return the button that opens an application."""
    return Button(Text.of("benefits.open"), Tap.of("benefit", found.id))


def to_overview() -> Button:
    """Return the button to what waits."""
    return Button(Text.of("benefits.to_overview"), Tap.of("benefits"))


async def _show_figure(turn: Turn, actor: Actor) -> None:
    """Show the share of the confirmed who were paid, of the year so far."""
    period = periods.to_date(turn.today)
    trend = (await figures.trends(turn.session, actor, [_CODE], period, turn.today))[_CODE]
    head = await status.head(turn, actor, period, None)
    lines = [figure_words.title(head), *figure_words.figure(trend), *figure_words.notes({_CODE: trend})]
    number = status.number_of(_CODE)
    villages = Button(Text.of("status.villages"), Tap.of("status.in", period.code, number))
    counted = Button(Text.of("status.define"), Tap.of("define.of", number, period.code))
    turn.show(Message(Text.of("benefits.screen", lines=lines), ((villages, counted),)))
    turn.toast()


async def _open(turn: Turn, person_id: int) -> None:
    """Open the form.

    Raises:
        Conflict: `benefit_open`: the person asks for everything already.
    """
    actor = turn.require(Permission.BENEFIT_ASK)
    if not _is_free(await benefits.of_person(turn.session, actor, person_id)):
        raise Conflict("benefit_open")
    turn.toast()
    await runner.open_form(turn, "benefit", {"resident": str(person_id)}, subject=f"benefit:{person_id}")


def _is_free(found: Sequence[StoredApplication]) -> bool:
    """Return whether there is a benefit that a person does not ask for."""
    return len({one.benefit for one in found if one.state in OPEN}) < len(BenefitCode)


def _waits(turn: Turn) -> Waits:
    """Return what a button names that is waited for.

    Raises:
        NotFound: it names nothing.
    """
    try:
        return Waits(turn.argument(0))
    except ValueError:
        raise NotFound from None


def _consent_first(person_id: int, name: str, *, child: bool) -> Message:
    asked = [Text.of("benefits.consent_first", name=name), Text.of(f"consents.explained.{Purpose.BENEFITS}")]
    lines = [*asked, *([Text.of("consents.child")] if child else [])]
    yes = Button(Text.of("benefits.agrees"), Tap.of("benefit.agree", person_id))
    return Message(Text.of("benefits.screen", lines=lines), ((yes,), (_to_card(person_id),)), protect=True)


def _overview(found: Waiting) -> list[Text]:
    waits = found.decision or found.money or found.renewal
    lines = [Text.of("benefits.overview" if waits else "benefits.nothing")]
    if found.late:
        lines.append(Text.of("benefits.late", n=found.late))
    return [*lines, Text.of("benefits.how")]


def _line(index: int, one: StoredApplication, villages: dict[int, str], today: date) -> Text:
    place = " ".join(part for part in (villages.get(one.resident.village_id, ""), people.hint(one.resident)) if part)
    waits = words.told(one, today)[-1]
    named = {"index": index, "name": one.resident.name, "place": place, "benefit": words.name(one.benefit)}
    return Text.of("benefits.line", **named, waits=waits)


def _short(one: StoredApplication) -> Text:
    state = Text.of(f"mine.said.{one.state}")
    return Text.of("benefits.short", mark=words.mark(one), benefit=words.name(one.benefit), state=state)


def _numbers(lines: Sequence[StoredApplication], first: int) -> Rows:
    buttons = [
        Button(Text.of("benefits.person", index=n, name=one.resident.name), Tap.of("benefit", one.id))
        for n, one in enumerate(lines, first)
    ]
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def _decides(found: StoredApplication) -> Rows:
    """Return what the clinic can do about an application."""
    rows: list[tuple[Button, ...]] = []
    if not found.steps.isdisjoint({Step.DECIDE, Step.RENEW}):
        sort = "again" if Step.RENEW in found.steps else "decide"
        yes = Button(Text.of(f"benefits.{sort}.yes"), Tap.of("benefit.yes", found.id))
        rows.append((yes, Button(Text.of(f"benefits.{sort}.no"), Tap.of("benefit.no", found.id))))
    if Step.PAY in found.steps:
        owed = found.unpaid[0] if found.unpaid else found.last
        key = "benefits.pay" if found.unpaid else "benefits.pay_again"
        rows += [(Button(Text.of(key), Tap.of("benefit.pay", owed.id)),)] if owed is not None else []
    fixes = [_fix_payment(found)] if found.last is not None and found.last.payments else []
    if Step.REVISE in found.steps and found.last is not None and not found.last.payments:
        fixes.append(Button(Text.of("benefits.revise"), Tap.of("benefit.redo", found.id)))
    return (*rows, *((tuple(fixes),) if fixes else ()))


def _fix_payment(found: StoredApplication) -> Button:
    return Button(Text.of("benefits.fix_payment"), Tap.of("payment", found.decisions[-1].payments[-1].id))


def _changes(found: StoredApplication) -> Rows:
    row: list[Button] = []
    if Step.DECIDE in found.steps:
        row.append(Button(Text.of("receipts.correct"), Tap.of("benefit.fix", found.id)))
    if Step.WITHDRAW in found.steps:
        row.append(Button(Text.of("benefits.withdraw"), Tap.of("benefit.end", found.id)))
    return (tuple(row),) if row else ()


def _to_list(waits: Waits, many: int) -> Button:
    return Button(Text.of(f"benefits.waiting.{waits}", n=many), Tap.of("benefits.list", waits.value, 0))


def _to_card(person_id: int) -> Button:
    return Button(Text.of("card.back"), Tap.of("card", person_id))
