"""All answers of a quarter together give no small count away: whatever ties them to each other is known as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from operator import add

import pytest

from models.rules import disclosure, suppression
from models.rules.disclosure import LARGEST_SMALL, is_small
from models.rules.indicators import satisfaction, served
from models.rules.indicators.base import Counts
from models.rules.indicators.served import beside_attended
from models.rules.periods import Period
from tests.factories import kept
from tests.factories.atoms import CARE, DUE, FRESH, HALF, OVERDUE, World, cells_of
from tests.factories.care import CareWorld
from tests.factories.listener import Listener
from tests.factories.solver import Sums

COUNTS = {
    "mixed": (0, 0, 0, 1, 2, 4, 8, 9, 10, 11, 12, 15, 20, 40),
    "large": (0, 0, 0, 0, 10, 12, 15, 20, 30, 40, 60, 3),
    "near": (0, 0, 5, 10, 11, 12, 14, 20),
    "few": (0, 0, 0, 0, 1, 2, 3, 5, 9, 11),
}
"""How many people there can be of each sort."""


TOLD = ((OVERDUE, 0), (DUE, 0), FRESH)
"""What is told as *fewer than 10*, and what is some of it."""


@pytest.mark.parametrize("seed", [0, 2])
@pytest.mark.parametrize("many", COUNTS)
def test_all_tables_together_give_no_small_count_away(seed: int, many: str) -> None:
    """Three whole numbers are left for each; that it is small is known of what is told so, or that it is 1 to 9."""
    world = World(seed, COUNTS[many])
    listener = Listener(world)
    assert sum(is_small(world.count(atoms)) for atoms in kept.counts(world).values()) > 3
    assert listener.found() == {}
    assert {known for (cell, *_), known in listener.known().items() if cell not in TOLD} <= {(1, LARGEST_SMALL)}


@pytest.mark.parametrize(("seed", "many"), [(0, "few"), (2, "mixed")])
def test_people_in_care_are_not_worked_out_from_one_month_to_the_next(seed: int, many: str) -> None:
    world = CareWorld(seed, COUNTS[many], 2)
    listener = Listener(world)
    assert sum(is_small(world.count(atoms)) for atoms in kept.counts(world).values()) > 5
    assert listener.found() == {}


@pytest.mark.parametrize(("seed", "many"), [(1, "few"), (6, "large")])
def test_nested_tables_give_nothing_away_where_little_else_is_done(seed: int, many: str) -> None:
    world = World(seed, COUNTS[many], is_plain=True)
    assert Listener(world).found() == {}
    found = Listener(world, is_careless=True).found()
    assert "visits" in {cell for cell, *_ in found}, "told by themselves, they do"


def test_a_month_s_check_up_day_is_not_told_as_its_quarter_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """In every other quarter there is one: what is kept back of the month would be told of the quarter."""
    world = World(7, COUNTS["large"], period=HALF, is_plain=True)
    assert Listener(world).found() == {}
    monkeypatch.setattr(served, "_beside", add)
    assert "visits" in {cell for cell, *_ in Listener(world).found()}


def _asked_by_itself(
    _period: Period, answers: Mapping[Period, Mapping[int, Counts]], asked: Mapping[Period, int], _today: date
) -> int | None:
    """Return how many were asked where few of them didn't answer is no concern of other periods."""
    answered = sum(sum(row) for rows in answers.values() for row in rows.values())
    return None if is_small(sum(asked.values()) - answered) else sum(asked.values())


def _attended_alone(done: Counts, places: Counts, **_: object) -> Counts:
    """Return what follows where it isn't looked whether anybody was visited in the township."""
    return beside_attended(done, places)


@pytest.mark.parametrize(
    ("seed", "many", "is_plain", "rules", "name", "instead", "table"),
    [
        (0, "mixed", False, disclosure, "_is_safe", lambda _row: True, "benefits hypertension diabetes choice"),
        (6, "few", False, disclosure, "_covers", lambda _counts, _more: True, "benefits antenatal"),
        (1, "few", False, disclosure, "_is_kept", lambda _node, _more: True, "followup"),
        (4, "mixed", True, suppression, "_is_safe", lambda _hidden: True, "overdue due"),
        (7, "few", False, suppression, "parts", lambda _counts, _wholes: True, "week_before"),
        (0, "large", False, satisfaction, "asked", _asked_by_itself, "unanswered"),
        (118, "near", True, served, "beside_attended", _attended_alone, "outcomes"),
    ],
    ids=["a small cell", "a group's sum", "others", "a column's sum", "weeks", "who gave no answer", "nobody visited"],
)
def test_with_a_rule_taken_out_the_attack_finds_something(
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    many: str,
    is_plain: bool,
    rules: object,
    name: str,
    instead: Callable[..., object],
    table: str,
) -> None:
    world = World(seed, COUNTS[many], is_plain=is_plain)
    monkeypatch.setattr(rules, name, instead)
    found = {cell[0] if isinstance(cell, tuple) else cell for cell, *_ in Listener(world).found()}
    assert set(table.split()) <= found


def test_people_in_care_are_worked_out_where_a_small_cell_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    world = CareWorld(0, COUNTS["few"], 2)
    monkeypatch.setattr(disclosure, "_is_safe", lambda _row: True)
    months = {month for cell, *_, month in Listener(world).found() if cell in cells_of(CARE[0])}
    assert months == set(world.months)


def test_what_became_overdue_last_week_is_no_village_s_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where from one village alone something has climbed, all that is overdue elsewhere is new."""
    world = World(0, (0,))
    new, february = FRESH[0], world.last.before
    there = {(new, village, world.last): many for village, many in enumerate((11, 11, 9))}
    world.atoms |= {**there, ("never_overdue", 2, february): 10}
    assert Listener(world).found() == {}
    monkeypatch.setattr(suppression, "fresh", lambda counts, whole: suppression.part(sum(n for n, _ in counts), whole))
    assert (FRESH, 2) in Listener(world).found()


def test_whole_numbers_can_be_known_where_others_are_not() -> None:
    known = Sums([((0, 0, 1), 5), ((1, 2), 1)], 3)
    assert known.bounds(0) == (2, 2.5)
    assert (known.least_whole(0), known.most_whole(0)) == (2, 2)
    assert (known.least_whole(1), known.most_whole(1)) == (1, 1)
