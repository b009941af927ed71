"""Rows for analysis that point at nobody: k-anonymity with k = 10, by generalising step by step, then leaving out.

What could point at somebody, or tell something of a few, is the key of a row: where, how old, which sex, when, which
programme, what came of it, whether in time. A key is kept where at least ten different people have it; the rows of
the others take the next, coarser key. What is still rare at last is left out. Measurements are rounded and cut off at
both ends, so that none is the only one of its kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.rules.outcomes import Outcome

K = 10
"""So many different people have the key of a row at least."""
FEWEST_RESIDENTS = 300
"""A village with fewer residents is told as the township (convention)."""
OUTCOMES = (
    *(Outcome.ATTENDED, Outcome.DECLINED, Outcome.OTHER_PROVIDER, Outcome.RESCHEDULED),
    *(Outcome.ILL, Outcome.NOT_REACHED, Outcome.AWAY),
)
"""What can have come of a row; who moved, died, withdrew or was listed by mistake is in none."""
ANY = "*"
"""Stands for what isn't told."""
_OLDEST = 80
_BROAD = ((18, "0-17"), (45, "18-44"), (65, "45-64"))
_LAST_BROAD = "65+"


class Fact(NamedTuple):
    """A visit or a place on a check-up day, before anything is generalised.

    Attributes:
        person: tells people apart; it goes nowhere.
        village: its name, or the township's where it is too small.
        age: in whole years on that day; `None`: not known.
        in_time: by the window's last day; `None`: there was none.
        measures: rounded already (`rounded`), in the order of `ROUNDED`.
    """

    person: int
    village: str
    age: int | None
    sex: str
    on: date
    programme: str
    outcome: str
    in_time: bool | None
    measures: tuple[int | None, ...]


class Key(NamedTuple):
    """What of a row could point at somebody."""

    place: str
    age: str
    sex: str
    period: str
    programme: str
    outcome: str
    in_time: str


@dataclass(frozen=True, slots=True)
class Rows:
    """What may leave: keys with measurements, in no order; `left_out`: how many rows were too rare."""

    rows: tuple[tuple[Key, tuple[int | None, ...]], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a measurement is rounded: in steps, and cut off at `low` and `high`, in the units of the store."""

    step: int
    low: int
    high: int


ROUNDED: Mapping[str, Rounding] = {
    "sbp": Rounding(10, 90, 180),
    "dbp": Rounding(10, 50, 110),
    "pulse": Rounding(10, 50, 110),
    "weight": Rounding(50, 400, 900),
    "waist": Rounding(50, 600, 1100),
    "glucose": Rounding(10, 40, 160),
}
"""By measurement. Height and temperature are not told."""


def rounded(name: str, value: int | None) -> int | None:
    """Return a measurement as it may be told."""
    how = ROUNDED[name]
    return None if value is None else min(how.high, max(how.low, (value + how.step // 2) // how.step * how.step))


def generalised(facts: Iterable[Fact], township: str) -> Rows:
    """Return the rows that may leave, each with the finest key that enough people have.

    Args:
        facts: of one township.
        township: what it is called: the place of rows whose village isn't told.
    """
    left = list(facts)
    found: list[tuple[Key, tuple[int | None, ...]]] = []
    for step in _steps(township):
        keys = [step(fact) for fact in left]
        people: dict[Key, set[int]] = defaultdict(set)
        for key, fact in zip(keys, left, strict=True):
            people[key].add(fact.person)
        enough = {key for key, some in people.items() if len(some) >= K}
        found += [(key, fact.measures) for key, fact in zip(keys, left, strict=True) if key in enough]
        left = [fact for key, fact in zip(keys, left, strict=True) if key not in enough]
    return Rows(tuple(sorted(found, key=repr)), len(left))


def _steps(township: str) -> tuple[Callable[[Fact], Key], ...]:
    """Return the keys from fine to coarse: the village goes first, then the month, the age, and the sex."""
    return (
        lambda fact: _key(fact, fact.village, band(fact.age), fact.sex, month(fact.on)),
        lambda fact: _key(fact, township, band(fact.age), fact.sex, month(fact.on)),
        lambda fact: _key(fact, township, band(fact.age), fact.sex, quarter(fact.on)),
        lambda fact: _key(fact, township, broad_band(fact.age), fact.sex, quarter(fact.on)),
        lambda fact: _key(fact, township, broad_band(fact.age), ANY, quarter(fact.on)),
    )


def _key(fact: Fact, place: str, age: str, sex: str, when: str) -> Key:
    in_time = "" if fact.in_time is None else "1" if fact.in_time else "0"
    return Key(place, age, sex, when, fact.programme, fact.outcome, in_time)


def band(age: int | None) -> str:
    """Return ten years of age: `30-39`, `80+`; `*` where it isn't known."""
    if age is None:
        return ANY
    return f"{_OLDEST}+" if age >= _OLDEST else f"{age // 10 * 10}-{age // 10 * 10 + 9}"


def broad_band(age: int | None) -> str:
    """Return a stage of life: `18-44`."""
    if age is None:
        return ANY
    return next((name for under, name in _BROAD if age < under), _LAST_BROAD)


def month(on: date) -> str:
    """Return `2026-03`."""
    return f"{on:%Y-%m}"


def quarter(on: date) -> str:
    """Return `2026-Q1`."""
    return f"{on.year}-Q{(on.month + 2) // 3}"


def told(count: int) -> int | None:
    """Return a number of rows as it may be told; `None`: fewer than ten, but some."""
    return None if 0 < count < K else count


def is_too_small(residents: int) -> bool:
    """Return whether a village is told as the township."""
    return residents < FEWEST_RESIDENTS


def columns() -> Collection[str]:
    """Return the names of a file's columns, without the number of the row."""
    return (*Key._fields, *ROUNDED)
