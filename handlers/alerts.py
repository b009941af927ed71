"""What is overdue and climbs: a list by urgency, one thing, seen to, put off, given to a colleague, and why.

The village and the clinic see people, in the private chat; whoever is above sees from which villages it comes, and
numbers that are not small.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers import people
from handlers.context import Turn
from handlers.forms import runner
from handlers.paging import LAST_PAGE, turner
from handlers.wording import item_name, programme_name
from locales.message import Button, Label, Message, Rows, Tap, Text, Verbatim
from locales.numbers import alone
from models.rules.access import Actor, Permission
from models.rules.alerts import AlertState
from models.rules.escalation import MOST_IN_A_ROW, HoldKind, Rung, passed_over
from models.store import alert_holds, alerts
from models.store.alerts import AlertLine, HoldLine, OverdueDay, OverdueVisit, PlaceAlerts
from models.store.staff import Member

PAGE = 5
"""Things a page: their lines and their buttons fit a phone's screen."""


async def alerts_list(turn: Turn) -> None:
    """Show what has climbed to the actor: a page of it, or for the heads from which places."""
    actor = turn.require(Permission.COUNT_READ)
    if not actor.may(Permission.DUE_READ):
        await _places(turn, actor)
        return
    number = turn.number(0, most=LAST_PAGE) if turn.tap is not None and turn.tap.args else 0
    page = await alerts.list_open(turn.session, actor, turn.today, limit=PAGE, offset=number * PAGE)
    first = number * PAGE + 1
    title = _title(page.total, page.held)
    lines = [_line(turn, actor, index, one) for index, one in enumerate(page.lines, first)]
    buttons = [_see(index, one) for index, one in enumerate(page.lines, first)]
    turns = turner("alerts", page=number, size=PAGE, total=page.total)
    rows = (*(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)), *((turns,) if turns else ()))
    turn.show(Message(Text.of("alerts.screen", lines=[title, *lines]), rows, protect=True))
    turn.toast()


def _title(total: int, held: int) -> Text:
    if not total:
        return Text.of("alerts.nothing")
    return Text.of("alerts.title_held", n=total, held=held) if held else Text.of("alerts.title", n=total)


async def show(turn: Turn) -> None:
    """Show one thing."""
    actor = turn.require(Permission.DUE_READ)
    _show(turn, actor, await alerts.get(turn.session, actor, turn.number(0), turn.today))


async def acknowledge(turn: Turn) -> None:
    """Note that the actor sees to it: it waits for a week."""
    actor = turn.require(Permission.DUE_READ)
    line = await alert_holds.acknowledge(turn.session, actor, turn.number(0), turn.today)
    _show(turn, actor, line)
    turn.toast(Text.of("alerts.noted"))


async def snooze(turn: Turn) -> None:
    """Open the form that lets it wait."""
    actor = turn.require(Permission.DUE_READ)
    line = await alerts.get(turn.session, actor, turn.number(0), turn.today)
    turn.toast()
    await runner.open_form(turn, "snooze", {"alert": str(line.id)}, subject=f"alert:{line.id}")


async def give(turn: Turn) -> None:
    """Ask to whom it is given."""
    actor = turn.require(Permission.DUE_READ)
    alert_id = turn.number(0)
    line = await alerts.get(turn.session, actor, alert_id, turn.today)
    takers = await alert_holds.takers(turn.session, actor, alert_id, turn.today)
    rows = [(Button(_who(one), Tap.of("alert.take", alert_id, one.staff_id)),) for one in takers]
    text = Text.of("alerts.give_ask" if takers else "alerts.give_nobody", about=_about(line))
    back = Button(Text.of("alerts.back"), Tap.of("alert", alert_id))
    turn.show(Message(text, (*rows, (back,)), protect=True))
    turn.toast()


async def take(turn: Turn) -> None:
    """Give it to somebody, who is told."""
    actor = turn.require(Permission.DUE_READ)
    line = await alert_holds.assign(turn.session, actor, turn.number(0), turn.today, turn.number(1))
    _show(turn, actor, line)


async def undo(turn: Turn) -> None:
    """Take back what the actor did last about it."""
    actor = turn.require(Permission.DUE_READ)
    _show(turn, actor, await alert_holds.undo(turn.session, actor, turn.number(0), turn.today))


async def why(turn: Turn) -> None:
    """Tell why the reader is told of this: the rule, the dates, the facts, and whom it has climbed past."""
    actor = turn.require(Permission.DUE_READ)
    line = await alerts.get(turn.session, actor, turn.number(0), turn.today)
    rule = await _rule(turn, actor)
    back = Button(Text.of("alerts.back"), Tap.of("alert", line.id))
    lines = [Text.of("alerts.why_title", about=_about(line)), *_facts(turn, actor, line), *_coming(line), *rule]
    turn.show(Message(Text.of("alerts.screen", lines=lines), ((back,),), protect=True))
    turn.toast()


async def why_rule(turn: Turn) -> None:
    """Tell the rule by which what is overdue climbs in the township."""
    actor = turn.require(Permission.COUNT_READ)
    lines = [Text.of("alerts.rule_title"), *await _rule(turn, actor), Text.of("alerts.rule_each")]
    see = Button(Text.of("alerts.to_list"), Tap.of("alerts"))
    turn.show(Message(Text.of("alerts.screen", lines=lines), ((see,),)))
    turn.toast()


def receipt(turn: Turn, actor: Actor, line: AlertLine) -> Message:
    """Return the message that shows what was just put off."""
    return _screen(turn, actor, line)


async def _places(turn: Turn, actor: Actor) -> None:
    found = await alerts.by_place(turn.session, actor, turn.today)
    title = Text.of("alerts.places", n=len(found)) if found else Text.of("alerts.nothing")
    has_numbers = any(one.visits and one.overdue != 0 for one in found)
    lines = [*map(_place, found), *([Text.of("alerts.where")] if has_numbers else [])]
    buttons = (
        Button(Text.of("alerts.to_status"), Tap.of("status", f"{turn.today:%Y-%m}")),
        Button(Text.of("alerts.to_decisions"), Tap.of("decisions")),
    )
    turn.show(Message(Text.of("alerts.screen", lines=[title, *lines]), (buttons,)))
    turn.toast()


def _place(one: PlaceAlerts) -> Text:
    """Return what has come from a place; how many people is as the status shows it, so that nothing is subtracted."""
    what = [Text.of("alerts.place_visits", n=alone(one.overdue))] if one.visits and one.overdue != 0 else []
    what += [Text.of("alerts.place_own")] if one.visits and one.overdue == 0 else []
    what += [Text.of("alerts.place_day")] if one.day else []
    what += [Text.of("alerts.place_decisions", n=one.decisions)] if one.decisions else []
    if not what:
        return Text.of("alerts.place_waits", place=one.name)
    nothing = Text.of("due.nothing")
    new = Text.of("alerts.place_new") if one.is_new else nothing
    held = Text.of("alerts.place_held") if one.is_held else nothing
    return Text.of("alerts.place", place=one.name, what=what, new=new, held=held)


def _show(turn: Turn, actor: Actor, line: AlertLine) -> None:
    turn.show(_screen(turn, actor, line))
    turn.toast()


def _screen(turn: Turn, actor: Actor, line: AlertLine) -> Message:
    lines = [Text.of("alerts.shown", about=_about(line)), *_facts(turn, actor, line)]
    return Message(Text.of("alerts.screen", lines=lines), _buttons(line), protect=True)


def _facts(turn: Turn, actor: Actor, line: AlertLine) -> list[Text]:
    """Return what it is, since when, past whom it has climbed, and what was done about it."""
    days = (turn.today - line.since).days + 1
    facts = [_what(line), Text.of("alerts.since", day=line.since, n=days)]
    facts += [Text.of(_passing(line, rung), day=rung.on, who=_role(rung)) for rung in _passed(actor, line)]
    facts += [Text.of("alerts.below", day=rung.on, who=_role(rung)) for rung in _below(actor, line)]
    facts += [_done(hold) for hold in line.holds[-3:]]
    if line.stands_in:
        facts.append(Text.of("alerts.stands_in"))
    if line.assigned is not None:
        facts.append(Text.of("alerts.assigned", who=_who(line.assigned)))
    if line.in_a_row >= MOST_IN_A_ROW:
        facts.append(Text.of("alerts.worn_out", n=line.in_a_row))
    return facts


def _passing(line: AlertLine, rung: Rung) -> str:
    """Return the text that says whom it has climbed to, put off or not."""
    return "alerts.passed_anyway" if rung.role in line.anyway else "alerts.passed"


def _what(line: AlertLine) -> Text:
    about = line.about
    if isinstance(about, OverdueVisit):
        item = item_name(about.schedule, about.window.item)
        opens, closes = about.window.opens_on, about.followup_on or about.window.closes_on
        return Text.of("alerts.what_visit", place=line.place, item=item, opens=opens, closes=closes)
    if isinstance(about, OverdueDay):
        return Text.of("alerts.what_day", day=about.held_on, n=about.missing, many=about.expected)
    return Text.of("alerts.what_decision", who=_who(about.owner), day=line.due_on)


def _done(hold: HoldLine) -> Text:
    if hold.by is None:
        return Text.of("alerts.was_over", on=hold.on, until=hold.until)
    by = Text.of("alerts.for_you", who=_who(hold.by)) if hold.for_reader else _who(hold.by)
    values = {"on": hold.on, "who": by, "until": hold.until}
    if hold.kind is HoldKind.ASSIGNED and hold.to is not None:
        return Text.of("alerts.was_given", on=hold.on, who=by, to=_who(hold.to))
    if hold.kind is HoldKind.ACKNOWLEDGED:
        return Text("alerts.was_seen", values)
    reason = Text.of(f"choices.snooze_reason.{hold.reason}")
    note = Text.of("alerts.note", note=hold.note) if hold.note else Text.of("due.nothing")
    return Text("alerts.was_put_off", values | {"reason": reason, "note": note})


def _coming(line: AlertLine) -> list[Text]:
    """Return who is told next, if nothing is done."""
    if not line.coming:
        return []
    return [Text.of("alerts.coming", day=line.coming[0].on, who=_role(line.coming[0]))]


async def _rule(turn: Turn, actor: Actor) -> list[Text]:
    steps = await alerts.ladder_of(turn.session, actor)
    said = [
        Text.of(
            "alerts.rule_now" if not step.after else "alerts.rule_after",
            n=step.after,
            who=Text.of(f"alerts.told.{step.role}"),
        )
        for step in steps
    ]
    return [
        Text.of("alerts.rule", steps=said),
        Text.of("alerts.rule_held", n=MOST_IN_A_ROW),
        Text.of("alerts.rule_ends"),
    ]


def _passed(actor: Actor, line: AlertLine) -> tuple[Rung, ...]:
    return passed_over(line.reached, actor.role)


def _below(actor: Actor, line: AlertLine) -> list[Rung]:
    """Return whom it had reached before it reached the reader."""
    above = _passed(actor, line)
    return [rung for rung in line.reached if rung not in above and rung.role is not actor.role]


def _line(turn: Turn, actor: Actor, index: int, line: AlertLine) -> Text:
    passed = _passed(actor, line)
    up = Text.of("alerts.line_up", day=passed[-1].on, who=_role(passed[-1])) if passed else Text.of("due.nothing")
    held = line.state is AlertState.HELD
    return Text.of(
        "alerts.line",
        mark=_mark(line),
        index=index,
        about=_about(line),
        place=_where(line),
        what=_short(line),
        n=(turn.today - line.since).days + 1,
        up=up,
        held=Text.of("alerts.line_held", day=line.held_until) if held else Text.of("due.nothing"),
    )


def _short(line: AlertLine) -> Label:
    about = line.about
    if isinstance(about, OverdueVisit):
        return programme_name(about.schedule)
    if isinstance(about, OverdueDay):
        return Text.of("alerts.short_day", day=about.held_on, n=about.missing)
    return Text.of("alerts.short_decision")


def _about(line: AlertLine) -> Label:
    """Return whom or what it is about."""
    about = line.about
    if isinstance(about, OverdueVisit):
        return Verbatim(about.resident.name)
    return Verbatim(line.place) if isinstance(about, OverdueDay) else Verbatim(about.text)


def _where(line: AlertLine) -> str:
    about = line.about
    hint = people.hint(about.resident) if isinstance(about, OverdueVisit) else ""
    return " ".join(part for part in (line.place, hint) if part)


def _mark(line: AlertLine) -> str:
    if line.state is AlertState.HELD:
        return "⏸"
    about = line.about
    return "🚨" if isinstance(about, OverdueVisit) and about.followup_on is not None else "🔴"


def _see(index: int, line: AlertLine) -> Button:
    name = _about(line) if isinstance(line.about, OverdueVisit | OverdueDay) else Text.of("alerts.short_decision")
    return Button(Text.of("alerts.see", mark=_mark(line), index=index, name=name), Tap.of("alert", line.id))


def _buttons(line: AlertLine) -> Rows:
    seen = Button(Text.of("alerts.acknowledge"), Tap.of("alert.ack", line.id))
    wait = Button(Text.of("alerts.snooze"), Tap.of("alert.wait", line.id))
    give_ = Button(Text.of("alerts.give"), Tap.of("alert.give", line.id))
    why_ = Button(Text.of("alerts.why"), Tap.of("alert.why", line.id))
    second = (give_, why_) if isinstance(line.about, OverdueVisit | OverdueDay) else (why_,)
    mine = [hold.id for hold in line.holds[-1:] if hold.may_undo]
    rows: Sequence[tuple[Button, ...]] = (
        (seen, wait),
        second,
        *((Button(Text.of("receipts.undo"), Tap.of("alert.undo", hold_id)),) for hold_id in mine),
        (_work(line), Button(Text.of("alerts.to_list"), Tap.of("alerts"))),
    )
    return tuple(rows)


def _work(line: AlertLine) -> Button:
    """Return the button that leads to where it is done."""
    about = line.about
    if isinstance(about, OverdueVisit):
        return Button(Text.of("alerts.do"), Tap.of("due.go", about.enrolment_id))
    if isinstance(about, OverdueDay):
        return Button(Text.of("alerts.do"), Tap.of("due", 0, line.village_id))
    return Button(Text.of("alerts.do"), Tap.of("decision", about.decision_id))


def _role(rung: Rung) -> Text:
    return Text.of(f"alerts.told.{rung.role}")


def _who(one: Member) -> Label:
    """Return a member of staff as colleagues call them."""
    return Text.of(
        "alerts.who",
        place=one.place_name,
        role=Text.of(f"roles.at.{one.role}"),
        name=f" {one.name}" if one.name else "",
    )
