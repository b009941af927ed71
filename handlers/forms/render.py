"""Draws a form: one message with what was answered, the question or the review, and its buttons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from handlers import wording
from handlers.forms import unread
from handlers.forms.engine import (
    BACK,
    CANCEL,
    CHANGE,
    MORE,
    SAVE,
    SKIP,
    Invalid,
    Result,
    applicable,
    environment,
    values,
)
from handlers.forms.fields import Env, Field, Form, Json, Option, TakenError
from handlers.forms.kinds.person import encode, said
from handlers.forms.state import REVIEW, FormState
from locales.message import Button, Label, Message, Rows, Tap, Text

ABOUT = "person"
"""The field with whom a form is about: the heading says it, once the name is known."""


def draw(form: Form, state: FormState, result: Result, env: Env, draft_id: int) -> Message:
    """Return the message that shows `state`; what was refused stands above the question."""
    trouble = result if isinstance(result, Invalid) else None
    alarm = form.alarm(env.answers)
    lines = [] if alarm is None else [alarm]
    lines += [heading(form, state.facts), *_answered(form, state, env)]
    lines += unread.lines(form, state, env)
    if trouble is not None:
        lines.append(_trouble(form, trouble))
    if state.at == REVIEW:
        lines += [line for field in applicable(form, state) for line in field.warns(env)]
        if state.facts.get("locked"):
            lines.append(Text.of("forms.partly_locked"))
        lines.append(Text.of("forms.look_over"))
        buttons = _review_buttons(form, state, draft_id, is_alarming=alarm is not None)
    else:
        lines += form.field(state.at).warns(env)
        if (found := said(state.ui, env)) is not None:
            lines.append(Text.of("forms.said", **found))
        lines.append(Text.of("forms.question", question=question(form, state.at, state.facts)))
        buttons = _question_buttons(form, state, env, draft_id)
    if trouble is not None and isinstance(trouble.error, TakenError):
        buttons = ((_button(trouble.error.lead, state, draft_id),), *buttons)
    return Message(Text.of("forms.screen", lines=lines), buttons, protect=True)


def heading(form: Form, facts: Mapping[str, Json]) -> Text:
    """Return the form's title, with whom it is about."""
    title = Text.of(f"forms.{form.name}.title")
    if facts.get("correcting"):
        title = Text.of("forms.correcting", title=title)
    if facts.get("name"):
        return Text.of("forms.heading_about", title=title, name=facts["name"], about=_about(facts))
    return Text.of("forms.heading", title=title)


def _about(facts: Mapping[str, Json]) -> Text:
    if facts.get("programme_name"):
        return Text.of("forms.about", about=wording.named(facts["programme_name"]))
    return Text.of("forms.nothing")


def answered(form: Form, answers: Mapping[str, Json], facts: Mapping[str, Json], today: date) -> list[Text]:
    """Return what a stored record says, a line an answer, as the review of its form would."""
    known = {name: fact for name, fact in facts.items() if name != "correcting"}
    state = FormState(answers, known, at=REVIEW)
    return _answered(form, state, environment(form, state, today))


def label(form: Form, key: str) -> Text:
    """Return what a field is called."""
    return Text.of(f"forms.{form.name}.{key}.label")


def question(form: Form, key: str, facts: Mapping[str, Json]) -> Text:
    """Return the question of a field; it may mention facts."""
    return Text.of(f"forms.{form.name}.{key}.ask", **{name: value for name, value in facts.items() if value})


def _answered(form: Form, state: FormState, env: Env) -> list[Text]:
    """Return a line an answer, and a line a warning. Until the review, defaults are not shown."""
    lines: list[Text] = []
    for field in applicable(form, state):
        value = env.answers.get(field.key)
        is_shown = field.key in state.answers or state.at == REVIEW
        if value is None or not is_shown or (field.key == ABOUT and state.facts.get("name")):
            continue
        lines.append(Text.of("forms.line", label=label(form, field.key), value=_shown(field, value, env)))
        lines.extend(Text.of("forms.note", note=note) for note in field.kind.notes(value, env))
    return lines


def _shown(field: Field, value: Json, env: Env) -> Label:
    shown = field.kind.show(value, env)
    echo = env.facts.get("echoes", {}).get(field.key)
    return Text.of("forms.echoed", value=shown, echo=echo) if echo else shown


def _trouble(form: Form, trouble: Invalid) -> Text:
    error = trouble.error
    problem = Text.of(f"input.{error.code}", **{**error.values, "example": error.example})
    if trouble.field == REVIEW:
        return Text.of("forms.trouble_review", problem=problem)
    key = "forms.trouble_typed" if trouble.typed else "forms.trouble"
    return Text.of(key, label=label(form, trouble.field), problem=problem, typed=trouble.typed[:60])


def _button(option: Option, state: FormState, draft_id: int) -> Button:
    tap = Tap(option.action, (encode(draft_id), encode(state.revision), option.op, option.arg))
    return Button(option.label, tap)


def _question_buttons(form: Form, state: FormState, env: Env, draft_id: int) -> Rows:
    field = form.field(state.at)
    rows = list(field.kind.rows(state.answers.get(field.key), state.ui, env))
    rows.append(_navigation(field, state))
    return tuple(tuple(_button(option, state, draft_id) for option in row) for row in rows if row)


def _navigation(field: Field, state: FormState) -> tuple[Option, ...]:
    options = []
    if state.path:
        options.append(Option(Text.of("forms.back"), BACK))
    if not field.required:
        options.append(Option(Text.of("forms.skip"), SKIP))
    options.append(Option(Text.of("forms.cancel"), CANCEL))
    return tuple(options)


def _review_buttons(form: Form, state: FormState, draft_id: int, *, is_alarming: bool) -> Rows:
    """Return *save*, a button an answer, and what can be added, which waits behind a button of its own."""
    given, missing = _reviewed(form, state)
    save = Option(Text.of("forms.save_urgent" if is_alarming else "forms.save"), SAVE)
    rows = [(save,), *_pairs(given)]
    if missing and state.ui.get("more"):
        rows += _pairs(missing)
    elif missing:
        rows.append((Option(Text.of("forms.more"), MORE),))
    rows.append((Option(Text.of("forms.cancel"), CANCEL),))
    return tuple(tuple(_button(option, state, draft_id) for option in row) for row in rows)


def _reviewed(form: Form, state: FormState) -> tuple[list[Option], list[Option]]:
    """Return a button each for the answers that can be changed, and for what can be added."""
    found = values(form, state)
    given, missing = [], []
    for index, field in enumerate(form.fields):
        if not field.when(found, state.facts) or _is_closed(field, state.facts):
            continue
        name = label(form, field.key)
        if found.get(field.key) is not None:
            given.append(Option(Text.of("forms.change", label=name), CHANGE, str(index)))
        else:
            missing.append(Option(Text.of("forms.add", label=name), CHANGE, str(index)))
    return given, missing


def _is_closed(field: Field, facts: Mapping[str, Json]) -> bool:
    return bool((field.fixed and facts.get("fixed")) or (field.locks and facts.get("locked")))


def _pairs(options: list[Option]) -> list[tuple[Option, ...]]:
    return [tuple(options[i : i + 2]) for i in range(0, len(options), 2)]
