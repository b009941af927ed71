"""A form as data: its fields, and what a kind of field has to be able to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from locales.message import Label, Text
from models.rules.errors import InputError
from models.rules.names import NameKeys

Json = Any


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """A resident who can be chosen.

    Attributes:
        person_id: the resident.
        name: as it is written.
        hint: what tells people of the same name apart (group, birth year).
        keys: how the name can be searched.
        phone_last4: the last four digits of the phone, if there is one.
        expected: whether this person is among those whom the form is probably about.
    """

    person_id: int
    name: str
    hint: str
    keys: NameKeys
    phone_last4: str | None = None
    expected: bool = False

    @property
    def sort_key(self) -> str:
        """The name in pinyin, by which lists are ordered."""
        return self.keys.full[0] if self.keys.full else self.name


@dataclass(frozen=True, slots=True)
class Env:
    """What a step may look at besides the state.

    Attributes:
        today: the day where the person works.
        facts: what the form was told when it was opened.
        answers: the answers so far, defaults filled in.
        people: residents to choose from, loaded only when the question needs them.
    """

    today: date
    facts: Mapping[str, Json]
    answers: Mapping[str, Json]
    people: Sequence[PersonChoice] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A button of a question: a label, an operation (one letter) and its argument.

    Attributes:
        action: what a tap does; the form itself takes it, if not said.
    """

    label: Label
    op: str
    arg: str = ""
    action: str = "f"


OptionRows = tuple[tuple[Option, ...], ...]


@dataclass(frozen=True, slots=True)
class Given:
    """The question is answered with `value`; `echo` is shown behind it, so that a misreading is seen."""

    value: Json
    echo: str | None = None


@dataclass(frozen=True, slots=True)
class Redraw:
    """The question stays; it looks different now."""

    ui: Mapping[str, Json]


class TakenError(InputError):
    """What was answered belongs to somebody already; `lead` opens that person's card."""

    def __init__(self, code: str, lead: Option, **values: object) -> None:
        """Remember where to go instead."""
        super().__init__(code, "", **values)
        self.lead = lead


class Kind(Protocol):
    """A kind of question. Values are JSON, so that a draft can hold them."""

    @property
    def needs_people(self) -> bool:
        """Whether the question is answered with a resident, so that residents have to be loaded."""
        ...

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read what was typed.

        Raises:
            InputError: what was wrong, with an example.
        """
        ...

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Read a button of this question; `value` is the answer given before, if any.

        Raises:
            InputError: when the button says nothing this question knows.
        """
        ...

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return the buttons of the question; `value` is the answer given before, if any."""
        ...

    def show(self, value: Json, env: Env) -> Label:
        """Return how an answer reads."""
        ...

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return soft warnings about an answer."""
        ...


def always(_answers: Mapping[str, Json], _facts: Mapping[str, Json]) -> bool:
    """A field that is always asked."""
    return True


def never(_answers: Mapping[str, Json], _facts: Mapping[str, Json]) -> bool:
    """A condition that never holds."""
    return False


def no_alarm(_answers: Mapping[str, Json]) -> Text | None:
    """No answer is dangerous."""
    return None


def no_warning(_env: Env) -> tuple[Text, ...]:
    """A field that warns of nothing."""
    return ()


def stands(_value: Json, _facts: Mapping[str, Json]) -> bool:
    """An answer that stands until it is answered anew."""
    return True


Condition = Callable[[Mapping[str, Json], Mapping[str, Json]], bool]
Default = Callable[[Mapping[str, Json], Mapping[str, Json]], Json]


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    Attributes:
        key: names the answer, and the texts `forms.<form>.<key>.ask` and `.label`.
        kind: what sort of question it is.
        when: whether it applies, given answers and facts.
        required: whether it may be skipped.
        default: an answer that stands unless the person changes it at the review.
        offered: when it is not asked in turn, but the review offers to add it.
        fixed: can't be changed when a saved record is corrected.
        locks: can't be changed once the record is locked (fact `locked`).
        loads: facts must be loaded anew once this is answered.
        clears: fields whose answers hang on this one: forgotten when it is answered otherwise.
        warns: what has to be read before this is answered, and again at the review.
        stands: whether an answer given before still holds for the facts; if not, it is asked again.
    """

    key: str
    kind: Kind
    when: Condition = always
    required: bool = True
    default: Default | None = None
    offered: Condition = never
    fixed: bool = False
    locks: bool = False
    loads: bool = False
    clears: tuple[str, ...] = ()
    warns: Callable[[Env], tuple[Text, ...]] = no_warning
    stands: Callable[[Json, Mapping[str, Json]], bool] = stands


@dataclass(frozen=True, slots=True)
class Form:
    """A guided entry: a name, a version, and fields in the order they are asked.

    The version is raised when fields go, or their answers look different; a field whose answers mean something
    else gets another key. A draft of another version is begun anew with the answers whose keys are still there.

    Attributes:
        alarm: what stands above everything else while the answers hold something dangerous.
    """

    name: str
    version: int
    fields: tuple[Field, ...]
    alarm: Callable[[Mapping[str, Json]], Text | None] = no_alarm

    def field(self, key: str) -> Field:
        """Return the field called `key`."""
        return next(field for field in self.fields if field.key == key)
