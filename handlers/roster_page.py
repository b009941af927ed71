"""What a message that shows a roster says: the list, who stands out, the totals, the search for walk-ins.

Drawn from what is stored and from nothing else, by `scheduler.redrawing` alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from handlers import people, twocolumns
from handlers.paging import turner
from locales.message import Button, Message, Rows, Tap, Text, Verbatim
from locales.translator import translator
from models.rules.access import Actor
from models.rules.measurements import Measure, from_stored
from models.rules.names import bare, match, name_keys
from models.rules.numbers import format_decimal
from models.rules.outcomes import Outcome
from models.rules.rosters import Attention, Mark
from models.store import places, rosters, scope, search
from models.store.database import StoreSession
from models.store.persons import PersonLine
from models.store.roster_views import Screen, View
from models.store.rosters import Roster, RosterLine

PAGE = 16
"""People a page: with the counts above and the rows of work below it fits a phone's screen."""
LABEL = 22
"""Half-width cells of a button's label where two stand in a row."""
NAMED = 8
"""So many of those of whom nothing is said are named before the day is closed."""
FOUND = 8
"""So many people who were not expected are offered at once."""
_TOLD = (Outcome.ATTENDED, Outcome.NOT_REACHED, Outcome.RESCHEDULED, Outcome.DECLINED, Outcome.AWAY)
_ORDER = (*_TOLD, *(one for one in Outcome if one not in _TOLD))
AGREED = (7, 14, 30)
"""Days from now on which somebody absent may come."""


async def compose(session: StoreSession, actor: Actor, view: View) -> tuple[Message, int]:
    """Return what a view shows now, and the revision of the roster that this is.

    Raises:
        AccessDenied, NotFound: the roster is out of the actor's reach.
    """
    roster = await rosters.open_day(session, actor, view.day_id)
    today = scope.today(session, actor)
    if view.screen is Screen.WALK_IN and not roster.is_closed:
        message = await _walk_in(session, actor, roster, view)
    elif view.screen is Screen.LIST or roster.is_closed:
        message = _list(actor, roster, view, today)
    else:
        message = _closing(roster, view.screen, today)
    return message, roster.revision


def _list(actor: Actor, roster: Roster, view: View, today: date) -> Message:
    lines = matching(roster, view.typed) if view.typed else list(roster.lines)
    page = min(view.page, max(0, (len(lines) - 1) // PAGE))
    shown = lines[page * PAGE : (page + 1) * PAGE]
    said = [_title(roster), *_state(actor, roster), *counts(roster), *_help(roster, today)]
    said += _filtered(view, lines) if view.typed else _groups(shown)
    buttons = (
        *_names(actor.language, shown, _doubled(roster)),
        turner("roster.page", roster.day.id, page=page, size=PAGE, total=len(lines)),
    )
    rows = (*buttons, *_work(roster, view, today))
    return Message(Text.of("rosters.screen", lines=said), tuple(row for row in rows if row), protect=True)


def _title(roster: Roster) -> Text:
    return Text.of("rosters.title", village=roster.village, day=roster.day.held_on)


def counts(roster: Roster) -> list[Text]:
    """Return how many there are of each outcome, those of whom nothing is said last."""
    if not roster.lines:
        return [Text.of("rosters.empty")]
    found = roster.counts
    said: list[Text] = [Text.of(f"rosters.count.{one}", n=found[one]) for one in _ORDER if found.get(one)]
    if found.get(None):
        said.append(Text.of("rosters.count.none", n=found[None]))
    total = [Text.of("rosters.counts", n=len(roster.lines), counts=said)]
    measured = sum(line.measured for line in roster.lines)
    return [*total, Text.of("rosters.measured", n=measured)] if measured else total


def _state(actor: Actor, roster: Roster) -> list[Text]:
    if not roster.is_closed:
        return []
    said = [Text.of("rosters.closed_before")]
    if roster.closed_at is not None and roster.closed_by is not None:
        who = Text.of(f"roles.{roster.closed_by.role}")
        said = [Text.of("rosters.closed", at=roster.closed_at.astimezone(ZoneInfo(actor.zone)), who=who)]
    if roster.open_lines:
        said.append(Text.of("rosters.left_open", n=len(roster.open_lines)))
    urgent = [line for line in roster.lines if line.is_urgent]
    if urgent:
        values = [Text.of("rosters.urgent_line", name=each.resident.name, values=_values(each)) for each in urgent]
        said += [Text.of("rosters.urgent_title"), *values]
    return said


def _help(roster: Roster, today: date) -> list[Text]:
    if not roster.lines:
        return []
    if today < roster.day.held_on:
        return [Text.of("rosters.not_begun")]
    said = [] if roster.is_closed else [Text.of("rosters.legend")]
    if any(line.is_done for line in roster.lines):
        said.append(Text.of("rosters.records"))
    return [*said, Text.of("rosters.typing")]


def _filtered(view: View, lines: Sequence[RosterLine]) -> list[Text]:
    key = "rosters.filtered" if lines else "rosters.filtered_none"
    return [Text.of(key, typed=view.typed, n=len(lines))]


def _groups(shown: Sequence[RosterLine]) -> list[Text]:
    """Say which numbers of which groups are on the page."""
    found: dict[str, list[RosterLine]] = {}
    for line in shown:
        found.setdefault(line.resident.group or "", []).append(line)
    if list(found) in ([], [""]):
        return []
    numbers = {group: [line.number for line in lines] for group, lines in found.items()}
    said = [_group(group, min(here), max(here)) for group, here in numbers.items()]
    return [Text.of("rosters.here", groups=said)]


def _group(name: str, first: int, last: int) -> Text:
    key = "rosters.one_here" if first == last else "rosters.group_here"
    return Text.of(key, group=name or Text.of("rosters.no_group"), first=first, last=last)


def _names(language: str, shown: Sequence[RosterLine], doubled: Collection[str]) -> Rows:
    buttons = [_button(language, line, is_doubled=line.resident.name in doubled) for line in shown]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _doubled(roster: Roster) -> set[str]:
    """Return the names that several people have: their buttons tell the year of birth."""
    many = Counter(line.resident.name for line in roster.lines)
    return {name for name, count in many.items() if count > 1}


def _button(language: str, line: RosterLine, *, is_doubled: bool) -> Button:
    born = line.resident.birth_date
    year = f"({born:%y})" if is_doubled and born is not None else ""
    room = LABEL - twocolumns.cells(translator(language).plain(_label(line, year)))
    return Button(
        _label(line, twocolumns.cut(line.resident.name, room) + year), Tap.of("roster.tap", line.id, line.version)
    )


def _label(line: RosterLine, name: str) -> Text:
    return Text.of(
        "rosters.line_done" if line.is_done else "rosters.line", sign=sign(line), number=line.number, name=name
    )


def sign(line: RosterLine) -> Text:
    """Return the sign of what is said of somebody: a shape or a word, never a colour alone."""
    if line.outcome is None:
        return Text.of("rosters.sign.none")
    if line.outcome is Outcome.ATTENDED and line.measured:
        return Text.of("rosters.sign.measured")
    return Text.of(f"rosters.sign.{line.outcome}")


def said_of(mark: Mark | None) -> Text:
    """Return a mark in words."""
    return Text.of("rosters.said.none") if mark is None else Text.of(f"rosters.said.{mark}")


def _work(roster: Roster, view: View, today: date) -> Rows:
    """Return what can be done with the whole list."""
    clear = (Button(Text.of("rosters.all"), Tap.of("roster.to", roster.day.id, "list")),) if view.typed else ()
    if roster.is_closed:
        urgent = [line for line in roster.lines if line.is_urgent]
        reopen = Button(Text.of("rosters.reopen"), Tap.of("roster.reopen", roster.day.id))
        return (*((_refer_record(line),) for line in urgent), clear, (reopen,))
    paper = Button(Text.of("paper.button"), Tap.of("roster.paper", roster.day.id))
    if today < roster.day.held_on:
        return (clear, (paper,) if roster.lines else ())
    add = Button(Text.of("rosters.add"), Tap.of("roster.to", roster.day.id, "walk_in"))
    finish = Button(Text.of("rosters.finish"), Tap.of("roster.to", roster.day.id, "close"))
    return (clear, _together(roster), *(((add, finish), (paper,)) if roster.lines else ((add,),)))


def _refer_record(line: RosterLine) -> Button:
    record_id = line.record.id if line.record is not None else 0
    return Button(Text.of("rosters.refer_line", name=line.resident.name), Tap.of("referral.now", "checkup", record_id))


def _together(roster: Roster) -> tuple[Button, ...]:
    """Return the buttons that mark everybody else, and that take the last such tap back."""
    found = []
    if roster.open_lines:
        tap = Tap.of("roster.fill", roster.day.id, Mark.ATTENDED)
        found.append(Button(Text.of("rosters.rest", n=len(roster.open_lines)), tap))
    batches = [line.batch_id for line in roster.lines if line.batch_id is not None]
    if batches:
        last = max(batches)
        found.append(Button(Text.of("rosters.unrest", n=batches.count(last)), Tap.of("roster.unfill", last)))
    return tuple(found)


def matching(roster: Roster, typed: str) -> list[RosterLine]:
    """Return the lines that what was typed may mean: a number on the list, or a name by any part; best first."""
    wanted = bare(typed)
    by_number = [line for line in roster.lines if str(line.number) == wanted]
    scored = [(_score(line, typed), line) for line in roster.lines if line not in by_number]
    hits = sorted(((score, line) for score, line in scored if score), key=lambda hit: -hit[0])
    return [*by_number, *(line for _, line in hits)]


def _score(line: RosterLine, typed: str) -> int:
    person = line.resident
    return match(typed, person.name, name_keys(person.name), person.phone_last4) or 0


def _closing(roster: Roster, screen: Screen, today: date) -> Message:
    """Ask what is left to be asked, one thing at a time; then show the totals."""
    if roster.open_lines and screen is Screen.CLOSE:
        return _ask_open(roster)
    waiting = _waiting(roster, but_routine=screen is Screen.TOTAL)
    return _ask(roster, waiting, screen, today) if waiting else _totals(roster)


def _waiting(roster: Roster, *, but_routine: bool) -> list[RosterLine]:
    """Return whom to look at, gravest first."""
    order = [one for one in Attention if not (but_routine and one in (Attention.ABSENT, Attention.AWAY))]
    found = [line for line in roster.lines if line.attention in order]
    return sorted(found, key=lambda line: (order.index(line.attention), line.number))  # type: ignore[arg-type]


def _ask_open(roster: Roster) -> Message:
    open_lines, day_id = roster.open_lines, roster.day.id
    names: list[Text | str] = [line.resident.name for line in open_lines[:NAMED]]
    if len(open_lines) > NAMED:
        names.append(Text.of("rosters.look.more"))
    said = [
        Text.of("rosters.look.title", village=roster.village, day=roster.day.held_on),
        Text.of("rosters.look.open", n=len(open_lines), names=names),
    ]
    came = Button(Text.of("rosters.close.all_came"), Tap.of("roster.fill", day_id, Mark.ATTENDED))
    absent = Button(Text.of("rosters.close.all_absent"), Tap.of("roster.fill", day_id, Mark.ABSENT))
    leave = Button(Text.of("rosters.close.leave_open"), Tap.of("roster.to", day_id, "look"))
    return Message(Text.of("rosters.screen", lines=said), ((came, absent), (leave, _back(roster))), protect=True)


def _ask(roster: Roster, waiting: Sequence[RosterLine], screen: Screen, today: date) -> Message:
    line = waiting[0]
    said = [
        Text.of("rosters.look.title", village=roster.village, day=roster.day.held_on),
        Text.of("rosters.look.left", n=len(waiting)),
        Text.of(
            f"rosters.stands_out.{line.attention}",
            number=line.number,
            name=line.resident.name,
            values=_values(line),
        ),
    ]
    rows = _answers(line, today)
    if line.attention in (Attention.ABSENT, Attention.AWAY) and len(waiting) > 1:
        rest = Button(Text.of("rosters.close.rest"), Tap.of("roster.to", roster.day.id, "total"))
        rows = (*rows, (rest,))
    return Message(Text.of("rosters.screen", lines=said), (*rows, (_back(roster),)), protect=True)


def _answers(line: RosterLine, today: date) -> Rows:
    seen = Tap.of("roster.look", line.id, line.version)
    if line.attention in (Attention.URGENT, Attention.HIGH):
        right = Button(Text.of("rosters.close.right"), seen)
        wrong = Button(Text.of("rosters.close.wrong"), Tap.of("roster.drop", line.id, line.version))
        refer = Button(Text.of("rosters.close.refer"), Tap.of("referral.of", line.resident.id))
        return ((right, wrong), *(((refer,),) if line.attention is Attention.URGENT else ()))
    if line.attention is Attention.ABSENT:
        days = [(count, today + timedelta(days=count)) for count in AGREED]
        agreed = tuple(
            Button(Text.of("rosters.close.date", day=day), Tap.of("roster.look", line.id, line.version, count))
            for count, day in days
        )
        return ((Button(Text.of("rosters.close.no_date"), seen),), agreed)
    away = Button(Text.of("rosters.close.hand_over"), Tap.of("roster.away", line.resident.id))
    return ((Button(Text.of("rosters.close.no_handover"), seen), away),)


def _totals(roster: Roster) -> Message:
    said = [Text.of("rosters.look.total", village=roster.village, day=roster.day.held_on), *counts(roster)]
    if roster.open_lines:
        said.append(Text.of("rosters.look.total_open", n=len(roster.open_lines)))
    said.append(Text.of("rosters.look.total_do"))
    confirm = Button(Text.of("rosters.close.confirm"), Tap.of("roster.close", roster.day.id, roster.revision))
    return Message(Text.of("rosters.screen", lines=said), ((confirm,), (_back(roster),)), protect=True)


def _back(roster: Roster) -> Button:
    return Button(Text.of("rosters.back"), Tap.of("roster.to", roster.day.id, "list"))


def _values(line: RosterLine) -> list[Text]:
    """Return the values of somebody that can stand out."""
    taken, said = line.measures, []
    if taken.sbp is not None:
        said.append(Text.of("receipts.urgent_bp", value=f"{taken.sbp}/{taken.dbp}"))
    if taken.glucose is not None:
        value = format_decimal(from_stored(Measure.GLUCOSE, taken.glucose))
        said.append(Text.of("receipts.urgent_glucose", value=value))
    return said


async def _walk_in(session: StoreSession, actor: Actor, roster: Roster, view: View) -> Message:
    said, rows = [Text.of("rosters.walk_in.title"), Text.of("rosters.walk_in.ask")], []
    if view.typed:
        found = await search.find(session, actor, view.typed)
        here = [one for one in found.lines if one.village_id == roster.day.village_id]
        key = "rosters.walk_in.found" if here else "rosters.walk_in.nobody"
        said.append(Text.of(key, typed=view.typed, n=len(here)))
        rows = [(_hit(one),) for one in here[:FOUND]]
        rows.append((Button(Text.of("rosters.walk_in.new"), Tap.of("roster.new", roster.day.id)),))
    return Message(Text.of("rosters.screen", lines=said), (*rows, (_back(roster),)), protect=True)


def _hit(person: PersonLine) -> Button:
    hint = people.hint(person)
    label = f"{person.name} · {hint}" if hint else person.name
    return Button(Verbatim(label), Tap.of("roster.add", person.id))


async def village_rows(session: StoreSession, actor: Actor) -> Rows:
    """Return the villages to choose from."""
    found = await places.children(session, actor.township_id)
    buttons = [Button(Text.of("rosters.village", name=place.name), Tap.of("roster", place.id)) for place in found]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
