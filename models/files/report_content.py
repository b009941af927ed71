"""What a report (报表) says, in either form: every word on it is given, and each number is a number or kept back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.files.charts import Chart


@dataclass(frozen=True, slots=True)
class Value:
    """An indicator's value; a number that is `None` is not there, and `note` says why.

    Attributes:
        percent: unrounded; `low`, `high`: its 95 % interval.
        note: "too few to show", "nothing to count"; empty where the number is there.
        beside: of attendance, how many declined, were served elsewhere, and are away, where that may be told.
    """

    n: int | None = None
    of: int | None = None
    percent: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    beside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator in the period before, and what became of it since.

    Attributes:
        period: what that period is called; empty where there is none to compare with.
        points: what the number, or the percentage, has risen by.
        note: whether that may be chance.
    """

    period: str = ""
    value: Value = Value()
    points: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """How an indicator is counted: its parts in words, in the order of `Report.definition_heads`; some don't apply."""

    parts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator of the whole place.

    Attributes:
        is_rate: whether it has a denominator.
        is_headline: whether it is told first, and by village on paper.
    """

    name: str
    value: Value
    change: Change
    definition: Definition
    is_rate: bool
    is_headline: bool


@dataclass(frozen=True, slots=True)
class Village:
    """A row of values, in the order of the figures: a village, those together that aren't shown, or all.

    Attributes:
        is_sum: it is no village.
    """

    name: str
    values: Sequence[Value]
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The words that are the same on every report of a language.

    Attributes:
        sheets: names of the four sheets: figures, villages, every figure of every village, definitions.
        columns: by name, what columns are called.
        points: `{points}` in words; `page`: `{page}` and `{pages}` in words.
        hidden: what stands on paper where a number is kept back; `none`: where there is none.
    """

    sheets: Sequence[str]
    columns: dict[str, str]
    points: str
    page: str
    hidden: str
    none: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Attributes:
        title: whose, of which period; `as_of`: when it was made.
        notes: what has to be known to read it.
        villages: empty for a report of one village.
        remarks: lines below the headline figures: what stands beside one, how decisions of the joint meeting stand.
        definition_heads: what the parts of definitions are called.
        pictures: what is drawn on paper between the tables.
    """

    title: str
    as_of: str
    notes: Sequence[str]
    figures: Sequence[Figure]
    villages: Sequence[Village]
    remarks: Sequence[str]
    definition_heads: Sequence[str]
    words: Words
    pictures: Sequence[Chart] = field(default=())
