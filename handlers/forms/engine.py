"""The form engine: a pure step from a state and an answer to the next state.

It knows no chat network and no database. `step` never raises for what a person does: bad input comes back as
`Invalid`, and the state is as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.forms.fields import Env, Field, Form, Given, Json, PersonChoice
from handlers.forms.state import REVIEW, FormState
from models.rules.errors import InputError

BACK, SKIP, CANCEL, SAVE, CHANGE, MORE = "b", "k", "c", "s", "e", "+"
SETTERS = frozenset({"t"})
"""Operations that say what is, not what changes: they may arrive late or twice without harm."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Words that were typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button, with the revision of the form it was drawn at."""

    op: str
    arg: str = ""
    revision: int = -1


Answer = Typed | Pressed


@dataclass(frozen=True, slots=True)
class Ask:
    """The question at `state.at` is open."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """The answer was refused; `field` is the question, `typed` what was said."""

    error: InputError
    field: str
    typed: str


@dataclass(frozen=True, slots=True)
class MovedOn:
    """The button was drawn for an earlier question."""


@dataclass(frozen=True, slots=True)
class Review:
    """Everything is answered and can be looked over."""


@dataclass(frozen=True, slots=True)
class Done:
    """The person saves."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The person gives the form up."""


Result = Ask | Invalid | MovedOn | Review | Done | Cancelled


def values(form: Form, state: FormState) -> dict[str, Json]:
    """Return the answers that apply, defaults filled in; fields that don't apply are left out."""
    found: dict[str, Json] = {}
    for field in form.fields:
        if not field.when(found, state.facts):
            continue
        if field.key in state.answers and field.stands(state.answers[field.key], state.facts):
            found[field.key] = state.answers[field.key]
        elif field.default is not None:
            found[field.key] = field.default(found, state.facts)
    return found


def applicable(form: Form, state: FormState) -> list[Field]:
    """Return the fields that apply to the answers so far."""
    found = values(form, state)
    return [field for field in form.fields if field.when(found, state.facts)]


def environment(form: Form, state: FormState, today: date, people: Sequence[PersonChoice] = ()) -> Env:
    """Return what the present question may look at."""
    return Env(today, state.facts, values(form, state), people)


def begin(form: Form, facts: Mapping[str, Json], answers: Mapping[str, Json] | None = None) -> FormState:
    """Open a form; `answers` are known already (a saved record, the person tapped in a list)."""
    state = FormState(answers=dict(answers or {}), facts=dict(facts), revision=1)
    return _go_on(form, state)


def anew(form: Form, state: FormState) -> FormState:
    """Return the state of another version's draft in `form`; no button of the old version fits it."""
    keys = {field.key for field in form.fields}
    answers = {key: value for key, value in state.answers.items() if key in keys}
    revision = state.revision + 1
    return _go_on(form, FormState(answers=answers, facts=state.facts, revision=revision))


def step(form: Form, state: FormState, answer: Answer, env: Env) -> tuple[FormState, Result]:
    """Return the next state and what it means."""
    if isinstance(answer, Pressed):
        if not _is_current(state, answer):
            return state, MovedOn()
        if answer.op in _MOVES:
            return _MOVES[answer.op](form, state, answer.arg)
    if state.at == REVIEW:
        return _at_review(state, answer)
    return _answer(form, state, answer, env)


def _at_review(state: FormState, answer: Answer) -> tuple[FormState, Result]:
    if isinstance(answer, Typed):
        return state, Invalid(InputError("at_review", ""), REVIEW, answer.text)
    return state, MovedOn()


def _is_current(state: FormState, pressed: Pressed) -> bool:
    if pressed.op in SETTERS:
        return state.asked_at <= pressed.revision <= state.revision
    return pressed.revision == state.revision


def _answer(form: Form, state: FormState, answer: Answer, env: Env) -> tuple[FormState, Result]:
    field = form.field(state.at)
    try:
        if isinstance(answer, Typed):
            given = field.kind.parse(answer.text, env)
        else:
            given = field.kind.press(answer.op, answer.arg, state.answers.get(field.key), state.ui, env)
    except InputError as error:
        typed = answer.text if isinstance(answer, Typed) else ""
        return state, Invalid(error, field.key, typed)
    if isinstance(given, Given):
        return _settle(form, state.echoing(field.key, given.echo), field.key, given.value)
    return state.drawn(given.ui), Ask()


def _settle(form: Form, state: FormState, key: str, value: Json) -> tuple[FormState, Result]:
    hanging = form.field(key).clears if state.answers.get(key, value) != value else ()
    after = _go_on(form, state.answered(key, value, hanging))
    return after, _meaning(after)


def _meaning(state: FormState) -> Result:
    return Review() if state.at == REVIEW else Ask()


def _go_on(form: Form, state: FormState) -> FormState:
    """Ask the first field that applies and has no answer, or review."""
    path = _walked(state)
    found = values(form, state)
    for field in form.fields:
        if field.key in found or not _is_asked(field, found, state.facts):
            continue
        return state.asking(field.key, path)
    return state.asking(REVIEW, path)


def _is_asked(field: Field, found: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return field.when(found, facts) and not field.offered(found, facts)


def told(form: Form, state: FormState, facts: Mapping[str, Json]) -> FormState:
    """Return the state with new facts, asking what they make the next question."""
    path = state.path
    return _go_on(form, replace(state, facts={**state.facts, **facts}, at="", path=path))


def rebased(form: Form, state: FormState, facts: Mapping[str, Json], stored: Mapping[str, Json]) -> FormState:
    """Return a correction on top of what is `stored` now instead of what it was opened with.

    What was changed in the form stays, taken away or added; everything else is as it is stored.
    """
    opened = state.facts.get("opened_with") or {}
    changed = {key: value for key, value in state.answers.items() if key not in opened or opened[key] != value}
    kept = {key: value for key, value in stored.items() if key in state.answers or key not in opened}
    after = FormState({**kept, **changed}, {**state.facts, **facts}, revision=state.revision + 1)
    return _go_on(form, after)


def _walked(state: FormState) -> tuple[str, ...]:
    """Return the path including the present question; a detour from the review is forgotten."""
    if REVIEW in state.path:
        return state.path[: state.path.index(REVIEW)]
    return (*state.path, state.at) if state.at and state.at != REVIEW else state.path


def _back(form: Form, state: FormState, _arg: str) -> tuple[FormState, Result]:
    """Ask the question before this one again; its answer is kept until it is answered anew."""
    asked = [key for key in state.path if _applies(form, state, key)]
    moved = replace(state, revision=state.revision + 1)
    if asked:
        moved = moved.asking(asked[-1], tuple(asked[:-1]))
    return moved, _meaning(moved)


def _applies(form: Form, state: FormState, key: str) -> bool:
    return key == REVIEW or any(field.key == key for field in applicable(form, state))


def _skip(form: Form, state: FormState, _arg: str) -> tuple[FormState, Result]:
    if state.at == REVIEW or form.field(state.at).required:
        return state, MovedOn()
    return _settle(form, state, state.at, None)


def _cancel(_form: Form, state: FormState, _arg: str) -> tuple[FormState, Result]:
    return state, Cancelled()


def _save(form: Form, state: FormState, _arg: str) -> tuple[FormState, Result]:
    """Save, unless a question that applies is still open (an answer changed what applies)."""
    after = _go_on(form, state)
    return (state, Done()) if after.at == REVIEW else (after, Ask())


def _change(form: Form, state: FormState, arg: str) -> tuple[FormState, Result]:
    """Ask one field again from the review."""
    if state.at != REVIEW or not arg.isdecimal() or int(arg) >= len(form.fields):
        return state, MovedOn()
    moved = replace(state, revision=state.revision + 1)
    return moved.asking(form.fields[int(arg)].key, (*state.path, REVIEW)), Ask()


def _more(_form: Form, state: FormState, _arg: str) -> tuple[FormState, Result]:
    """Show at the review what else can be added."""
    return (state.drawn({"more": True}), Review()) if state.at == REVIEW else (state, MovedOn())


_MOVES = {BACK: _back, SKIP: _skip, CANCEL: _cancel, SAVE: _save, CHANGE: _change, MORE: _more}
