"""Persons entered twice: likely pairs, the two side by side, merged after a preview, and taken apart."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers import paging, people
from handlers.context import LARGEST_ID, Turn
from handlers.forms.kinds.alike import reasons
from handlers.forms.kinds.person import decode, encode
from handlers.of_person import to_card
from handlers.twocolumns import plain, table
from handlers.wording import programme_name
from locales.message import Button, Label, Message, Rows, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.duplicates import Certainty
from models.rules.errors import InputError
from models.store import duplicates as store
from models.store import merges, places, sides
from models.store.duplicates import PairLine
from models.store.errors import Conflict, NotFound
from models.store.merges import MergeLine
from models.store.persons import PersonLine
from models.store.sides import Preview, Side

PAGE = 5
_LINES = {
    Certainty.CERTAIN: "duplicates.line_certain",
    Certainty.LIKELY: "duplicates.line_likely",
    Certainty.POSSIBLE: "duplicates.line_possible",
}


async def duplicates(turn: Turn) -> None:
    """Show the first page of likely pairs."""
    await _list(turn, 0)


async def turn_page(turn: Turn) -> None:
    """Show another page of likely pairs."""
    await _list(turn, turn.number(0, most=paging.LAST_PAGE))
    turn.toast()


async def pair(turn: Turn) -> None:
    """Show two rows side by side, with what can be done about them."""
    actor = turn.require(Permission.PERSON_MERGE)
    left, right = await sides.compare(turn.session, actor, _row(turn, 0), _row(turn, 1))
    one, other = left.person.id, right.person.id
    buttons: Rows = (
        (
            Button(Text.of("duplicates.keep_left"), _tap("pair.ask", one, other)),
            Button(Text.of("duplicates.keep_right"), _tap("pair.ask", other, one)),
        ),
        (Button(Text.of("duplicates.two"), _tap("pair.two", one, other)),),
        (Button(Text.of("duplicates.back"), Tap.of("pairs", 0)),),
    )
    text = Text.of("duplicates.pair", table=_side_by_side(turn, left, right))
    turn.show(Message(text, buttons, protect=True))
    turn.toast()


async def ask(turn: Turn) -> None:
    """Show what would come of a merge, and ask once more."""
    actor = turn.require(Permission.PERSON_MERGE)
    shown = await sides.preview(turn.session, actor, _row(turn, 0), _row(turn, 1))
    kept, gone = shown.kept.person.id, shown.gone.person.id
    buttons: Rows = (
        (Button(Text.of("duplicates.merge"), _tap("pair.merge", kept, gone, *shown.seen)),),
        (Button(Text.of("duplicates.not_yet"), _tap("pair", kept, gone)),),
    )
    turn.show(Message(Text.of("duplicates.preview", lines=_preview(actor, shown)), buttons, protect=True))
    turn.toast()


async def merge(turn: Turn) -> None:
    """Make one person of two rows. When one was changed since the preview, that is shown anew."""
    actor = turn.require(Permission.PERSON_MERGE)
    kept, gone, *seen = (_row(turn, index) for index in range(4))
    try:
        line = await merges.merge(turn.session, actor, kept, gone, (seen[0], seen[1]))
    except Conflict as error:
        if error.code != "merge_outdated":
            raise
        await ask(turn)
        turn.toast(Text.of("errors.merge_outdated"), alert=True)
        return
    turn.show(_receipt(turn, actor, line))


async def tell_apart(turn: Turn) -> None:
    """Note that two rows are two persons, and show the list again."""
    actor = turn.require(Permission.PERSON_MERGE)
    await store.dismiss(turn.session, actor, _row(turn, 0), _row(turn, 1))
    await _list(turn, 0)
    turn.toast(Text.of("duplicates.told_apart"))


async def merged(turn: Turn) -> None:
    """Show the merges that can still be taken apart: a page of them."""
    actor = turn.require(Permission.PERSON_MERGE)
    number = turn.number(0, most=paging.LAST_PAGE)
    page = await merges.list_merged(turn.session, actor, limit=PAGE, offset=number * PAGE)
    lines = [_merged_line(turn, actor, index, line) for index, line in enumerate(page.lines, number * PAGE + 1)]
    key = "duplicates.merged" if lines else "duplicates.none_merged"
    rows: list[tuple[Button, ...]] = [
        (Button(Text.of("duplicates.undo_one", index=index, name=line.kept.name), Tap.of("unmerge", line.id)),)
        for index, line in enumerate(page.lines, number * PAGE + 1)
    ]
    rows += [
        paging.turner("merged", page=number, size=PAGE, total=page.total),
        (Button(Text.of("duplicates.back"), Tap.of("pairs", 0)),),
    ]
    turn.show(Message(Text.of(key, lines=lines, n=page.total), tuple(row for row in rows if row), protect=True))
    turn.toast()


async def undo(turn: Turn) -> None:
    """Take a merge apart."""
    actor = turn.require(Permission.PERSON_MERGE)
    line = await merges.undo(turn.session, actor, turn.number(0))
    buttons: Rows = (
        (Button(Text.of("duplicates.both"), _tap("pair", line.kept.id, line.gone_id)),),
        (Button(Text.of("duplicates.back"), Tap.of("pairs", 0)),),
    )
    turn.show(Message(Text.of("duplicates.undone", name=line.kept.name), buttons, protect=True))


async def _list(turn: Turn, number: int) -> None:
    actor = turn.require(Permission.PERSON_MERGE)
    page = await store.pairs(turn.session, actor, limit=PAGE, offset=number * PAGE)
    numbered = list(enumerate(page.lines, number * PAGE + 1))
    lines = [await _pair_line(turn, actor, index, line) for index, line in numbered]
    rows: list[tuple[Button, ...]] = [(_pair_button(index, line),) for index, line in numbered]
    rows += [
        paging.turner("pairs", page=number, size=PAGE, total=page.total),
        (Button(Text.of("duplicates.to_merged"), Tap.of("merged", 0)),),
    ]
    key = "duplicates.list" if lines else "duplicates.none"
    turn.show(Message(Text.of(key, lines=lines, n=page.total), tuple(row for row in rows if row), protect=True))


async def _pair_line(turn: Turn, actor: Actor, index: int, line: PairLine) -> Text:
    return Text.of(
        _LINES[line.likeness.certainty],
        index=index,
        one=await _named(turn, actor, line.one),
        other=await _named(turn, actor, line.other),
        reasons=reasons([str(reason) for reason in line.likeness.reasons]),
    )


async def _named(turn: Turn, actor: Actor, person: PersonLine) -> Text:
    """Return a name with what tells namesakes apart; to township staff with the village."""
    village = "" if actor.village_id is not None else (await places.get(turn.session, person.village_id)).name
    hint = " ".join(part for part in (village, people.hint(person)) if part)
    about = Text.of("duplicates.hint", hint=hint) if hint else Text.of("forms.nothing")
    return Text.of("duplicates.named", name=person.name, hint=about)


def _pair_button(index: int, line: PairLine) -> Button:
    return Button(Text.of("duplicates.look", index=index, name=line.one.name), _tap("pair", line.one.id, line.other.id))


def _side_by_side(turn: Turn, left: Side, right: Side) -> Text:
    head = (Text.of("forms.nothing"), Text.of("duplicates.left"), Text.of("duplicates.right"))
    rows = zip(_cells(left), _cells(right), strict=True)
    labelled = [(Text.of(f"duplicates.field.{name}"), one, other) for (name, one), (_, other) in rows]
    return table(turn.language, (head, *labelled))


def _cells(side: Side) -> list[tuple[str, Label]]:
    person = side.person
    return [
        ("name", plain(person.name)),
        ("sex", Text.of(f"choices.sex.{person.sex}")),
        ("born", _or_none(person.birth_date)),
        ("village", plain(side.village)),
        ("group", _or_none(person.group)),
        ("phone", _last4(person.phone_last4)),
        ("identity", _last4(side.identity_last4)),
        ("since", plain(side.registered_on)),
        ("checkups", plain(side.checkups)),
        ("visits", plain(side.visits)),
        ("programmes", plain(len(side.programmes))),
        ("consents", plain(len(side.consents))),
    ]


def _or_none(value: object | None) -> Label:
    return Text.of("duplicates.unknown") if value is None else plain(value)


def _last4(digits: str | None) -> Label:
    return _or_none(f"…{digits}" if digits else None)


def _preview(actor: Actor, shown: Preview) -> list[Text]:
    programmes = [programme_name(actor.catalogue.at(code, 0)) for code in shown.programmes] or [Text.of("forms.none")]
    consents = [Text.of(f"choices.consent.{code}") for code in sorted(shown.consents)] or [Text.of("forms.none")]
    return [
        Text.of("duplicates.will_name", name=shown.kept.person.name, village=shown.kept.village),
        _detail("born", _or_none(shown.birth_date), filled="birth_date" in shown.filled),
        _detail("group", _or_none(shown.group), filled="group_id" in shown.filled),
        _detail("phone", _last4(shown.phone_last4), filled="phone" in shown.filled),
        _detail("identity", _last4(shown.identity_last4), filled="identity" in shown.filled),
        *([Text.of("duplicates.will_household")] if "household_id" in shown.filled else []),
        Text.of("duplicates.will_programmes", programmes=programmes),
        Text.of("duplicates.will_records", checkups=shown.checkups, visits=shown.visits),
        Text.of("duplicates.will_consents", consents=consents),
    ]


def _detail(name: str, value: Label, *, filled: bool) -> Text:
    key = "duplicates.will_filled" if filled else "duplicates.will_detail"
    return Text.of(key, label=Text.of(f"duplicates.field.{name}"), value=value)


def _receipt(turn: Turn, actor: Actor, line: MergeLine) -> Message:
    zone = ZoneInfo(actor.zone)
    buttons: Rows = (
        (
            to_card(line.kept.id),
            Button(Text.of("duplicates.undo"), Tap.of("unmerge", line.id)),
        ),
        (Button(Text.of("duplicates.back"), Tap.of("pairs", 0)),),
    )
    last = line.undo_until.astimezone(zone).date()
    text = Text.of("duplicates.done", at=turn.now.astimezone(zone), name=line.kept.name, last=last)
    return Message(text, buttons, protect=True)


def _merged_line(turn: Turn, actor: Actor, index: int, line: MergeLine) -> Text:
    zone = ZoneInfo(actor.zone)
    hint = people.hint(line.kept)
    return Text.of(
        "duplicates.merged_line",
        index=index,
        name=line.kept.name,
        hint=Text.of("duplicates.hint", hint=hint) if hint else Text.of("forms.nothing"),
        day=line.merged_at.astimezone(zone).date(),
        last=line.undo_until.astimezone(zone).date(),
    )


def _tap(action: str, *ids: int) -> Tap:
    """Return a tap with ids short enough for two of them to fit into a button."""
    return Tap.of(action, *(encode(number) for number in ids))


def _row(turn: Turn, index: int) -> int:
    """Return an argument that `_tap` wrote."""
    try:
        number = decode(turn.argument(index))
    except InputError:
        raise NotFound from None
    if not 0 <= number <= LARGEST_ID:
        raise NotFound
    return number
