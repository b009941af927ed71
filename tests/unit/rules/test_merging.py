"""What two entries of one person add up to."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from models.rules import merging
from models.rules.consent import Purpose
from models.rules.merging import FILLABLE, Given, Joined


def _moment(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def _given(number: int, day: int, until: int | None = None, purpose: Purpose = Purpose.CONTACT) -> Given:
    return Given(number, purpose, _moment(day), _moment(until) if until else None)


def test_consents_of_both_stand() -> None:
    found = merging.consents([_given(1, 1)], [_given(2, 2, purpose=Purpose.REMINDERS)])
    assert found.standing == {Purpose.CONTACT, Purpose.REMINDERS}
    assert (found.doubled, found.withdrawn) == (frozenset(), {})


def test_the_same_consent_stands_once() -> None:
    found = merging.consents([_given(1, 1)], [_given(2, 2)])
    assert (found.standing, found.doubled, found.withdrawn) == ({Purpose.CONTACT}, {2}, {})


def test_a_later_withdrawal_ends_the_others_consent() -> None:
    for kept, gone in (([_given(1, 2)], [_given(2, 1, 3)]), ([_given(2, 1, 3)], [_given(1, 2)])):
        found = merging.consents(kept, gone)
        assert (found.standing, found.withdrawn) == (frozenset(), {1: _moment(3)})


def test_a_consent_that_was_given_after_the_withdrawal_stands() -> None:
    found = merging.consents([_given(1, 4)], [_given(2, 1, 3)])
    assert (found.standing, found.withdrawn) == ({Purpose.CONTACT}, {})


events = st.lists(st.tuples(st.integers(1, 28), st.none() | st.integers(1, 28)), max_size=3)


@given(kept=events, gone=events)
def test_no_consent_stands_against_a_later_withdrawal(
    kept: list[tuple[int, int | None]], gone: list[tuple[int, int | None]]
) -> None:
    ours = [_given(number, *event) for number, event in enumerate(kept)]
    theirs = [_given(100 + number, *event) for number, event in enumerate(gone)]
    found = merging.consents(ours, theirs)
    for mine, others in ((ours, theirs), (theirs, ours)):
        for one in mine:
            later = [each for each in others if each.withdrawn_at is not None and each.withdrawn_at >= one.given_at]
            assert (one.id in found.withdrawn) == (one.withdrawn_at is None and bool(later))


def _joined(number: int, programme: str = "checkup", *, since: int = 1, declined: int | None = None) -> Joined:
    declined_on = date(2026, 1, declined) if declined else None
    return Joined(number, programme, declined is None, date(2026, 1, since), declined_on)


def test_a_programme_of_both_is_absorbed() -> None:
    found = merging.programmes([_joined(1)], [_joined(2), _joined(3, "diabetes")])
    assert (found.absorbed, found.declined, found.running) == ({2: 1}, {}, (1, 3))


def test_what_was_declined_in_one_ends_in_the_other() -> None:
    found = merging.programmes([_joined(1, declined=5)], [_joined(2)])
    assert (found.absorbed, found.declined, found.running) == ({}, {2: date(2026, 1, 5)}, ())
    found = merging.programmes([_joined(1)], [_joined(2, declined=5)])
    assert (found.declined, found.running) == ({1: date(2026, 1, 5)}, ())


def test_joining_again_after_declining_stands() -> None:
    found = merging.programmes([_joined(1, declined=5)], [_joined(2, since=6)])
    assert (found.declined, found.running) == ({}, (2,))


def test_details_are_filled_where_they_lack_and_where_consent_allows() -> None:
    kept: dict[str, object | None] = dict.fromkeys(FILLABLE)
    gone: dict[str, object | None] = dict.fromkeys(FILLABLE, "x")
    assert set(merging.filled(kept, gone, frozenset(Purpose))) == set(FILLABLE)
    without = merging.filled(kept, gone, frozenset())
    assert set(without) == {"birth_date", "group_id", "household_id"}
    assert merging.filled(gone, gone, frozenset(Purpose)) == []
    assert merging.filled(kept, kept, frozenset(Purpose)) == []
