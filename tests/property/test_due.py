"""Properties of what is due, over every programme and arbitrary histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.calendar import Moves, last_checkup_day, next_checkup_day, nominal_checkup_days
from models.rules.due import EXTRA, FOLLOW_UP, DueState, Facts, VisitFact, assess, next_window, refresh_on, windows
from models.rules.outcomes import EFFECTS, Outcome
from models.rules.programmes.base import Anchor, Programme
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.sex import Sex

START = date(2025, 1, 1)
ORDER = [DueState.UPCOMING, DueState.DUE, DueState.OVERDUE, DueState.CLOSED]
ENDING = [outcome for outcome, effect in EFFECTS.items() if effect.ends_programme or effect.ends_all]
GOING_ON = [outcome for outcome in Outcome if outcome not in ENDING]

days = st.integers(0, 900).map(lambda number: START + timedelta(days=number))


def codes(programme: Programme) -> list[str | None]:
    own = [item.code for item in programme.items]
    repeating = [programme.recurrence.code] if programme.recurrence else []
    return [*own, *repeating, None, FOLLOW_UP, EXTRA, "unknown"]


@st.composite
def moves(draw: st.DrawFn, dom: int) -> Moves:
    """A few check-up days that were moved by up to three weeks, or cancelled."""
    nominal = [day for year in range(2024, 2030) for day in nominal_checkup_days(dom, year)]
    shift = st.none() | st.integers(-21, 21)
    chosen = draw(st.dictionaries(st.sampled_from(nominal), shift, max_size=12))
    return {day: None if by is None else day + timedelta(days=by) for day, by in chosen.items()}


@st.composite
def histories(draw: st.DrawFn, outcomes: list[Outcome] = GOING_ON) -> Facts:
    programme = draw(st.sampled_from(list(BUILT_IN.values())))
    enrolled = draw(days)
    back = st.integers(-400, 60).map(lambda number: enrolled + timedelta(days=number))
    anchors = {anchor: draw(back) for anchor in programme.anchors}
    if programme.eligible.min_months:
        anchors[Anchor.BIRTH] = date(1958, 3, 1) + timedelta(days=draw(st.integers(0, 2000)))
    if draw(st.booleans()) and programme.recurrence is not None:
        anchors[Anchor.LAST_VISIT] = draw(back)
    reported = draw(st.lists(st.integers(0, 700), max_size=5).map(sorted))
    visits = tuple(
        VisitFact(
            draw(st.sampled_from(codes(programme))),
            on := enrolled + timedelta(days=number),
            draw(st.sampled_from(outcomes)),
            draw(st.none() | st.integers(0, 120).map(lambda ahead, on=on: on + timedelta(days=ahead))),
            *(draw(st.booleans()) for _ in range(4)),
        )
        for number in reported
    )
    sex = draw(st.sampled_from([Sex.FEMALE, Sex.MALE, None]))
    dom = draw(st.integers(1, 31)) if programme.calendar else None
    moved = draw(moves(dom)) if dom is not None else {}
    return Facts(programme, enrolled, anchors, visits, checkup_dom=dom, checkup_moves=moved, sex=sex)


@given(histories(), days)
def test_a_window_is_in_order_and_its_state_is_where_the_day_lies(facts: Facts, today: date) -> None:
    due = assess(facts, today)
    assert (due.window is None) == (due.state is DueState.CLOSED)
    assert (next_window(facts, today), due) == (due.window, assess(facts, today))
    for window in windows(facts, today):
        assert window.opens_on <= window.target_on <= window.closes_on
        assert window.expires_on is None or max(window.closes_on, today) <= window.expires_on
    if due.window is not None:
        assert windows(facts, today)[0] == due.window
        upcoming, overdue = today < due.window.opens_on, today > due.window.closes_on
        expected = DueState.UPCOMING if upcoming else DueState.OVERDUE if overdue else DueState.DUE
        assert due.state is expected


@given(st.integers(1, 31).flatmap(lambda dom: st.tuples(st.just(dom), moves(dom))), days)
def test_checkup_days_follow_each_other_without_the_cancelled_ones(village: tuple[int, Moves], today: date) -> None:
    dom, moved = village
    held = [next_checkup_day(dom, START, moved).held_on]
    while held[-1] <= today:
        held.append(next_checkup_day(dom, held[-1], moved).held_on)
    assert held == sorted(set(held))
    assert not {nominal for nominal, to in moved.items() if to is None} & {
        next_checkup_day(dom, day - timedelta(days=1), moved).nominal for day in held
    }
    assert all(last_checkup_day(dom, day, moved).held_on == day for day in held)
    assert last_checkup_day(dom, today, moved).held_on <= today
    shown = [to for to in moved.values() if to is not None and held[0] <= to <= today]
    assert set(shown) <= set(held)


@given(histories(), days, st.integers(1, 400))
def test_time_only_moves_a_window_on(facts: Facts, today: date, ahead: int) -> None:
    now, later = assess(facts, today), assess(facts, today + timedelta(days=ahead))
    if now.window == later.window:
        assert ORDER.index(now.state) <= ORDER.index(later.state)
    if now.state is DueState.CLOSED:
        assert later.state is DueState.CLOSED


@given(histories(), days, st.integers(1, 400))
def test_nothing_that_is_open_goes_back_to_a_visit_before_it(facts: Facts, today: date, ahead: int) -> None:
    """In a sequence, a visit left out never comes back by waiting."""
    if not facts.programme.supersedes or facts.visits:
        return
    now, later = next_window(facts, today), next_window(facts, today + timedelta(days=ahead))
    if now is not None and later is not None:
        assert now.opens_on <= later.opens_on


@settings(max_examples=25, deadline=None)
@given(histories())
def test_a_stored_window_follows_the_function_by_its_refresh_days_alone(facts: Facts) -> None:
    """What is kept in columns and renewed only on refresh days is what the function says on every day."""
    stored, refresh = next_window(facts, facts.enrolled_on), refresh_on(facts, facts.enrolled_on)
    for number in range(1, 501):
        today = facts.enrolled_on + timedelta(days=number)
        if refresh is not None and today >= refresh:
            stored, refresh = next_window(facts, today), refresh_on(facts, today)
        if number % 3 == 0 or today + timedelta(days=1) == refresh:  # the eve is where a day too late shows
            assert stored == next_window(facts, today), today


@given(histories(), st.sampled_from(ENDING), days, st.data())
def test_an_ending_outcome_ends_everything(facts: Facts, outcome: Outcome, today: date, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(facts.visits)))
    end = VisitFact(None, facts.visits[at].on if at < len(facts.visits) else START, outcome)
    ended = replace(facts, visits=(*facts.visits[:at], end, *facts.visits[at:]))
    due = assess(ended, today)
    assert (due.state, due.window, windows(ended, today), refresh_on(ended, today)) == (DueState.CLOSED, None, (), None)


@given(histories(), days)
def test_an_ended_or_paused_enrolment_is_silent(facts: Facts, today: date) -> None:
    for silent in (replace(facts, ended_on=today), replace(facts, paused=True)):
        assert assess(silent, today).state is DueState.CLOSED
        assert refresh_on(silent, today) is None


@given(histories(), days)
def test_not_reached_changes_the_count_and_nothing_else(facts: Facts, today: date) -> None:
    on = facts.visits[-1].on if facts.visits else facts.enrolled_on
    more = replace(facts, visits=(*facts.visits, VisitFact(None, on, Outcome.NOT_REACHED)))
    before, after = assess(facts, today), assess(more, today)
    assert (after.window, after.attempts) == (before.window, before.attempts + 1)


@given(histories(), st.integers(0, 120))
def test_a_visit_that_was_made_is_not_due_again_that_day(facts: Facts, ahead: int) -> None:
    """After the visit that is open was made, the same window is never in question again."""
    on = (facts.visits[-1].on if facts.visits else facts.enrolled_on) + timedelta(days=ahead)
    window = next_window(facts, on)
    if window is None or window.opens_on > on:
        return
    made = replace(facts, visits=(*facts.visits, VisitFact(window.item, on, Outcome.ATTENDED)))
    assert next_window(made, on) != window
    assert assess(made, on).attempts == 0
