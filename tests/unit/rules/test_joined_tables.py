"""All answers of a quarter together give no small count away: whatever ties them to each other is known as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from models.rules import disclosure, suppression
from models.rules.disclosure import is_small
from models.rules.indicators import satisfaction
from models.rules.indicators.base import Counts
from models.rules.periods import Period
from tests.factories.atoms import DUE, OVERDUE, World
from tests.factories.listener import Listener
from tests.factories.solver import Sums

COUNTS = {
    "mixed": (0, 0, 0, 1, 2, 4, 8, 9, 10, 11, 12, 15, 20, 40),
    "large": (0, 0, 0, 0, 10, 12, 15, 20, 30, 40, 60, 3),
    "near": (0, 0, 5, 10, 11, 12, 14, 20),
    "few": (0, 0, 0, 0, 1, 2, 3, 5, 9, 11),
}
"""How many people there can be of each sort."""


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("many", COUNTS)
def test_all_tables_together_give_no_small_count_away(seed: int, many: str) -> None:
    """Three whole numbers are left for each; that it is small is known only of what is told as *fewer than 10*."""
    world = World(seed, COUNTS[many])
    listener = Listener(world)
    assert sum(is_small(world.count(atoms)) for atoms in listener.targets().values()) > 3
    assert listener.found() == {}
    assert {cell for (cell, *_), _ in listener.known().items()} <= {(OVERDUE, 0), (DUE, 0)}


@pytest.mark.parametrize(("seed", "many"), [(1, "few"), (4, "mixed")])
def test_nested_tables_give_nothing_away_where_little_else_is_done(seed: int, many: str) -> None:
    world = World(seed, COUNTS[many], is_plain=True)
    assert Listener(world).found() == {}
    found = Listener(world, is_careless=True).found()
    assert "visits" in {cell for cell, *_ in found}, "told by themselves, they do"


def _asked_by_itself(
    _period: Period, answers: Mapping[Period, Mapping[int, Counts]], asked: Mapping[Period, int], _today: date
) -> int | None:
    """Return how many were asked where few of them didn't answer is no concern of other periods."""
    answered = sum(sum(row) for rows in answers.values() for row in rows.values())
    return None if is_small(sum(asked.values()) - answered) else sum(asked.values())


@pytest.mark.parametrize(
    ("seed", "many", "rules", "name", "instead"),
    [
        (0, "few", disclosure, "_covers", lambda _counts, _more: True),
        (0, "large", disclosure, "_is_safe", lambda _row: True),
        (0, "mixed", disclosure, "_is_kept", lambda _node, _more: True),
        (4, "mixed", suppression, "_is_safe", lambda _hidden: True),
        (1, "few", suppression, "parts", lambda _counts, _wholes: True),
        (2, "near", satisfaction, "asked", _asked_by_itself),
    ],
    ids=["a group's sum", "a small cell", "the others", "a column's sum", "weeks", "who gave no answer"],
)
def test_with_a_rule_taken_out_the_attack_finds_something(
    monkeypatch: pytest.MonkeyPatch, seed: int, many: str, rules: object, name: str, instead: Callable[..., object]
) -> None:
    world = World(seed, COUNTS[many])
    monkeypatch.setattr(rules, name, instead)
    assert Listener(world).found()


def test_whole_numbers_can_be_known_where_others_are_not() -> None:
    known = Sums([((0, 0, 1), 5), ((1, 2), 1)], 3)
    assert known.bounds(0) == (2, 2.5)
    assert (known.least_whole(0), known.most_whole(0)) == (2, 2)
    assert (known.least_whole(1), known.most_whole(1)) == (1, 1)
