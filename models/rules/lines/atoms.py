"""The pieces of a line: words, numbers, values that are understood, and what looks like one but can't be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from models.rules.bloodpressure import BloodPressure


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters or characters that stands for nothing known: part of a name, or not understood.

    Attributes:
        text: as it was typed, full-width forms made ordinary.
        gap: what stood between it and the piece before.
    """

    text: str
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that doesn't say what it is."""

    text: str
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that tells people apart: `number` on the list, year `born`, or `age` in years."""

    kind: str
    value: int
    text: str
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A measurement, not yet held to its limits.

    Attributes:
        field: what was measured, as forms name it (`bp`, `weight`, …).
        value: in the usual unit.
        plain: written so that nothing behind it can belong to it (`128/82`, `62kg`).
    """

    field: str
    value: Decimal | BloodPressure
    text: str
    gap: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A word with a meaning: `topic` is an answer of a form (`outcome`, `medication`, …), `code` what it says."""

    topic: str
    code: str
    text: str = ""
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What can't be read; the text is at `input.<code>`.

    Attributes:
        example: something right of the same kind.
        values: what the text mentions.
    """

    code: str
    text: str
    example: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    gap: str = ""


Atom = Word | Number | Hint | Value | Said | Fault
