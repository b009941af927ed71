"""What happened to a person, newest first; a number opens the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers import records
from handlers.context import Turn
from handlers.forms.fields import Env
from handlers.forms.visit import KINDS
from handlers.of_person import to_card
from handlers.paging import LAST_PAGE, turner
from locales.message import Button, Label, Message, Rows, Tap, Text, Verbatim
from models.rules.access import Permission
from models.store import history as store
from models.store.history import Event, History
from models.store.reports import MEASURES, Measures

PAGE = 8
"""Lines a page."""


async def history(turn: Turn) -> None:
    """Show a person's history: the person, or a page of it and the person."""
    is_first = turn.tap is not None and len(turn.tap.args) == 1
    number = 0 if is_first else turn.number(0, most=LAST_PAGE)
    await _show(turn, turn.number(0 if is_first else 1), number)


async def _show(turn: Turn, person_id: int, number: int) -> None:
    actor = turn.require(Permission.PERSON_READ)
    found = await store.of_person(turn.session, actor, person_id, limit=PAGE, offset=number * PAGE)
    title = Text.of("history.title", name=found.resident.name, n=found.total)
    lines = [_line(turn, index, event) for index, event in enumerate(found.events, number * PAGE + 1)]
    turn.show(Message(Text.of("history.screen", lines=[title, *lines]), _buttons(found, number), protect=True))
    turn.toast()


def _line(turn: Turn, index: int, event: Event) -> Text:
    on = event.on or records.day(turn, event.entered_at)
    if not event.is_record:
        return _event(turn, index, event, on)
    return Text.of("history.line", day=on, index=index, what=_what(turn, event), details=_details(turn, event))


def _event(turn: Turn, index: int, event: Event, on: date) -> Text:
    if event.programme is None:
        moved = "history.came_back" if event.kind == "came_back" else "history.handed_over"
        return Text.of(moved, day=on, index=index)
    key = "history.joined" if event.kind == "joined" else "history.left"
    return Text.of(key, day=on, index=index, programme=records.programme(turn, event.programme))


def _what(turn: Turn, event: Event) -> Label:
    if event.kind == "visit" and event.programme is not None:
        return records.programme(turn, event.programme)
    return records.kind(event.kind)


def _details(turn: Turn, event: Event) -> Sequence[Text]:
    outcome = [Text.of("history.detail", detail=records.said(event.said))] if event.said else []
    return [Text.of("history.details", details=[*outcome, *_measured(turn, event.measures)])]


def _measured(turn: Turn, measures: Measures) -> list[Text]:
    env = Env(turn.today, {}, {})
    values = {} if measures.sbp is None else {"bp": [measures.sbp, measures.dbp]}
    values |= {name: value for name in MEASURES[2:] if (value := getattr(measures, name)) is not None}
    return [
        Text.of("history.measured", label=Text.of(f"forms.visit.{name}.label"), value=KINDS[name].show(value, env))
        for name, value in values.items()
    ]


def _buttons(found: History, number: int) -> Rows:
    person_id = found.resident.id
    opens = [
        Button(Verbatim(str(index)), Tap.of("record", event.kind, event.record_id, f"h{number}"))
        for index, event in enumerate(found.events, number * PAGE + 1)
        if event.is_record
    ]
    rows = [tuple(opens[i : i + 4]) for i in range(0, len(opens), 4)]
    rows.append(turner("history", person_id, page=number, size=PAGE, total=found.total))
    rows.append((to_card(person_id),))
    return tuple(row for row in rows if row)
