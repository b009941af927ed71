"""How a village's month is scored: by how well people were served, never by whether they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any, cast

import pytest
from hypothesis import given, settings

from models.rules import periods
from models.rules.disclosure import LARGEST_SMALL, Counts, Shown, is_small, of_rows
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.checkups import CheckupCell
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period, PeriodKind
from models.rules.scorecards import (
    CURRENT,
    MEASURED,
    RULES,
    Component,
    Level,
    Rule,
    Share,
    Shares,
    Standing,
    appeal_until,
    final_on,
    is_final,
    last_final,
    outside,
    score,
)
from tests.unit.rules.test_disclosure import Attack, Months, townships

NOW = RULES[CURRENT]
OCTOBER = periods.of(PeriodKind.MONTH, date(2026, 10, 1))
FULL: Shares = {
    Component.TIMELINESS: Share(48, 50),
    Component.REPORTING: Share(1, 1),
    Component.CHECKUP_OFFER: Share(30, 40),
    Component.INFORMED_CHOICE: Share(5, 20),
    Component.COMPLAINTS: Share(10, 10),
}


def test_levels_are_worth_points_by_weight() -> None:
    found = score(FULL, NOW)
    levels = [mark.level for mark in found.marks]
    assert levels == [Level.GOOD, Level.GOOD, Level.FAIR, Level.LOW, Level.GOOD]
    assert found.total == (30 * 100 + 20 * 100 + 20 * 70 + 20 * 40 + 10 * 100) // 100


@pytest.mark.parametrize(
    ("share", "standing"),
    [
        (Share(0, 0), Standing.NOTHING),
        (Share(9, 9), Standing.FEW),
        (Share(10, 10), Standing.SCORED),
        (None, Standing.KEPT),
    ],
)
def test_what_cannot_be_scored_is_left_out_and_the_rest_weighs_more(share: Share | None, standing: Standing) -> None:
    found = score({Component.TIMELINESS: share, Component.CHECKUP_OFFER: Share(8, 10)}, NOW)
    assert found.marks[0].standing is standing
    assert found.total == (70 if standing is not Standing.SCORED else 88)


def test_one_day_that_was_reported_is_scored_although_it_is_one() -> None:
    assert score({Component.REPORTING: Share(0, 1)}, NOW).total == 40
    assert score({Component.REPORTING: Share(0, 0)}, NOW).total is None


def test_an_appeal_takes_a_component_out() -> None:
    found = score(FULL, NOW, left_out=frozenset({Component.INFORMED_CHOICE}))
    assert found.marks[3].standing is Standing.LEFT_OUT
    assert found.total == 93  # 92.5


def test_a_card_says_how_many_more_make_the_next_level() -> None:
    fair, low = score({Component.TIMELINESS: Share(80, 100), Component.CHECKUP_OFFER: Share(6, 11)}, NOW).marks
    assert (fair.missing, low.missing) == (10, 2)
    assert score({Component.TIMELINESS: Share(90, 100)}, NOW).marks[0].missing is None


@pytest.mark.parametrize("code", [code for code in IndicatorCode if code.value not in set(Component)])
def test_nothing_else_can_be_put_into_a_score(code: IndicatorCode) -> None:
    with pytest.raises(ValueError, match="how people were served"):
        Rule(cast(Any, {Component.TIMELINESS: 50, code: 50}))


def test_no_component_tells_whether_people_came_or_what_they_chose() -> None:
    assert IndicatorCode.ATTENDANCE not in MEASURED.values()
    assert all(INDICATORS[code].may_have_target and INDICATORS[code].is_rate for code in MEASURED.values())
    offer = INDICATORS[MEASURED[Component.CHECKUP_OFFER]]
    assert offer.numerator == {CheckupCell.ATTENDED, CheckupCell.OFFERED}  # whoever declines was served as well
    assert {component.value for component in Component} == {
        *("timeliness", "reporting", "checkup_offer", "informed_choice", "complaints")
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": {Component.TIMELINESS: 90}},
        {"weights": {Component.TIMELINESS: 100, Component.REPORTING: 0}},
        {"weights": {Component.TIMELINESS: 100}, "points": {Level.GOOD: 50, Level.FAIR: 60, Level.LOW: 10}},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"(weights|level)"):
        Rule(**wrong)


def test_a_share_is_a_part_of_a_whole() -> None:
    with pytest.raises(ValueError, match="part"):
        Share(3, 2)


def test_a_card_is_final_on_the_tenth_of_the_next_month() -> None:
    assert final_on(OCTOBER) == date(2026, 11, 10)
    assert not is_final(OCTOBER, date(2026, 11, 9))
    assert is_final(OCTOBER, date(2026, 11, 10))
    assert last_final(date(2026, 11, 9)) == date(2026, 9, 1)
    assert last_final(date(2026, 11, 10)) == date(2026, 10, 1)
    assert last_final(date(2027, 1, 10)) == date(2026, 12, 1)
    assert appeal_until(date(2026, 11, 10)) == date(2026, 11, 25)


def test_all_cards_of_a_month_tell_outsiders_nothing_that_its_figures_do_not() -> None:
    """Every table of three places: those whose figures look alike have cards that look alike, whatever they hide."""
    cards: dict[object, set[object]] = defaultdict(set)
    for late in product(range(0, 14), repeat=3):
        rows = {place: (40, many) for place, many in enumerate(late)}
        shown = of_rows(rows)
        seen = (*shown.rows.values(), shown.total, shown.whole)
        cards[seen].add(_cards(rows, shown.rows))
    assert all(len(looks) == 1 for looks in cards.values())


@settings(max_examples=20, deadline=None)
@given(townships(cells=2))
def test_figures_and_cards_of_a_year_together_give_no_small_count_away(rows: Months) -> None:
    known = _Cards(rows)
    for (place, month, cell), number in known.numbers.items():
        if is_small(rows[month][place][cell]):
            least, most = known.sums.bounds(number)
            assert least < 1 - 1e-6 or most > LARGEST_SMALL + 1e-6, (place, month, cell, least, most, rows)


class _Cards(Attack):
    """All that is said of a year's figures, and what each village's card of each month says to outsiders besides."""

    def _of(self, found: Shown[str], there: list[Period]) -> Iterator[tuple[tuple[int, ...], int]]:
        yield from super()._of(found, there)
        if len(there) > 1:
            return
        for place, row in self.rows[there[0]].items():
            exact = Share(row[0], sum(row), found.rows[place] is not None)
            share = outside({Component.TIMELINESS: exact})[Component.TIMELINESS]
            both = tuple(self.numbers[place, there[0], cell] for cell in range(2))
            if share is not None:
                yield from ((both[:1], share.n), (both, share.of))


def _cards(rows: Mapping[int, Counts], shown: Mapping[int, Counts | None]) -> object:
    shares = [Share(row[0], sum(row), shown[place] is not None) for place, row in rows.items()]
    return tuple(score(outside({Component.TIMELINESS: share}), NOW) for share in shares)
