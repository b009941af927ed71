"""Methods by their codes, and what makes a choice an informed one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import methods
from models.rules.methods import CHOSEN, CODES, EXPLAINED, UNSAID, Method, is_informed, is_offered

TODAY = date(2026, 11, 9)


def test_the_codes_are_those_of_the_dictionary() -> None:
    assert CODES[Method.COPPER_IUD] == "HIV.D.DE570"
    assert CODES[Method.DMPA_IM] == "HIV.D.DE574"
    assert CODES[Method.LACTATION] == "HIV.D.DE582"
    assert CODES[Method.WITHDRAWAL] == "HIV.D.DE587"
    assert len(set(CODES.values())) == len(Method)
    assert sum(code.startswith("HIV.D.DE") for code in CODES.values()) == 18


def test_not_saying_it_is_the_first_choice_and_can_not_be_explained() -> None:
    assert CHOSEN[0] == UNSAID
    assert set(CHOSEN) == {UNSAID, *Method}
    assert set(EXPLAINED) == set(Method) - {Method.NONE}


@given(st.lists(st.sampled_from(EXPLAINED), max_size=30))
@settings(max_examples=50)
def test_a_method_counts_once(explained: list[Method]) -> None:
    assert methods.count(explained) == len(set(explained))
    assert methods.count([str(method) for method in explained]) == len(set(explained))


@pytest.mark.parametrize("wrong", ["none", "unsaid", "tea"])
def test_what_is_no_method_is_not_counted(wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        methods.count(["patch", wrong])


@given(st.integers(0, 30), st.booleans())
@settings(max_examples=50)
def test_a_choice_is_informed_by_two_methods_and_an_own_decision(explained: int, own: bool) -> None:
    assert is_informed(explained, own=own) == (own and explained >= 2)


@pytest.mark.parametrize(
    ("born", "offered"),
    [
        (date(2011, 11, 9), True),
        (date(2011, 11, 10), False),
        (date(1976, 11, 10), True),
        (date(1976, 11, 9), False),
        (None, True),
    ],
)
def test_the_card_offers_it_from_15_to_49(born: date | None, offered: bool) -> None:
    assert is_offered(born, TODAY) is offered
