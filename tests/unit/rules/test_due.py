"""What visits and outcomes do to what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.rules.due import (
    DueState,
    Facts,
    MissingAnchorError,
    ReasonCode,
    VisitFact,
    Window,
    assess,
    next_window,
    refresh_on,
    windows,
)
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.sex import Sex

V = date(2026, 5, 31)
ENROLLED = date(2026, 1, 1)
NEXT = Window("quarterly", date(2026, 8, 17), date(2026, 8, 31), date(2026, 9, 14))
CAME = VisitFact("quarterly", V, Outcome.ATTENDED)


def hypertension(*visits: VisitFact, **more: object) -> Facts:
    return replace(Facts(BUILT_IN["hypertension"], ENROLLED, {}, visits), **more)  # type: ignore[arg-type]


def week(item: str, opens: date) -> Window:
    return Window(item, opens, opens, opens + timedelta(days=7))


def test_the_next_quarter_follows_the_last_visit() -> None:
    due = assess(hypertension(CAME), date(2026, 6, 1))
    assert (due.state, due.window) == (DueState.UPCOMING, NEXT)
    assert (due.reason.code, due.reason.since) == (ReasonCode.RECURRING, V)


def test_served_elsewhere_counts_as_served() -> None:
    elsewhere = replace(CAME, outcome=Outcome.OTHER_PROVIDER)
    assert next_window(hypertension(elsewhere), V) == NEXT


@pytest.mark.parametrize("outcome", [Outcome.RESCHEDULED, Outcome.ILL])
def test_an_agreed_date_moves_the_window(outcome: Outcome) -> None:
    moved = VisitFact("quarterly", date(2026, 8, 20), outcome, date(2026, 9, 1))
    due = assess(hypertension(CAME, moved), date(2026, 8, 20))
    assert (due.state, due.window) == (DueState.UPCOMING, week("quarterly", date(2026, 9, 1)))
    assert (due.reason.code, due.reason.since) == (ReasonCode.AGREED_DATE, date(2026, 8, 20))
    assert assess(hypertension(CAME, moved), date(2026, 9, 9)).state is DueState.OVERDUE


def test_ill_without_a_date_leaves_the_window() -> None:
    assert next_window(hypertension(CAME, VisitFact(None, date(2026, 8, 20), Outcome.ILL)), V) == NEXT


def test_the_reporter_may_choose_the_next_date() -> None:
    chosen = replace(CAME, next_on=date(2026, 7, 1))
    assert next_window(hypertension(chosen), V) == week("quarterly", date(2026, 7, 1))


def test_attempts_are_counted_and_the_window_stays() -> None:
    missed = [VisitFact("quarterly", date(2026, 8, day), Outcome.NOT_REACHED) for day in (18, 19, 20)]
    due = assess(hypertension(CAME, *missed), date(2026, 8, 21))
    assert (due.attempts, due.window, due.state) == (3, NEXT, DueState.DUE)
    came = VisitFact("quarterly", date(2026, 8, 22), Outcome.ATTENDED)
    assert assess(hypertension(CAME, *missed, came), date(2026, 8, 22)).attempts == 0


@pytest.mark.parametrize(
    "outcome",
    [Outcome.DECLINED, Outcome.MOVED, Outcome.DECEASED, Outcome.CONSENT_WITHDRAWN, Outcome.NOT_DUE],
)
def test_what_ends_an_enrolment_ends_it_whatever_is_reported_later(outcome: Outcome) -> None:
    end = VisitFact("quarterly", date(2026, 8, 20), outcome)
    later = VisitFact("quarterly", date(2026, 8, 21), Outcome.ATTENDED, uncontrolled=True)
    for facts in (hypertension(CAME, end), hypertension(CAME, end, later)):
        due = assess(facts, date(2026, 8, 22))
        assert (due.state, due.window, due.reason.code) == (DueState.CLOSED, None, ReasonCode.ENDED)
        assert windows(facts, V) == ()
        assert refresh_on(facts, V) is None


def test_away_is_silent_until_back() -> None:
    away = VisitFact("quarterly", date(2026, 8, 20), Outcome.AWAY)
    assert assess(hypertension(CAME, away, paused=True), V).reason.code is ReasonCode.AWAY
    assert next_window(hypertension(CAME, away), V) == NEXT


@pytest.mark.parametrize(
    ("visits", "reason"),
    [
        ([replace(CAME, uncontrolled=True)], ReasonCode.UNCONTROLLED),
        ([replace(CAME, on=date(2026, 5, 17), uncontrolled=True), replace(CAME, uncontrolled=True)], ReasonCode.REFER),
        ([replace(CAME, on=date(2026, 5, 17)), replace(CAME, uncontrolled=True)], ReasonCode.UNCONTROLLED),
        ([replace(CAME, reaction=True)], ReasonCode.REFER),
    ],
)
def test_a_visit_in_two_weeks(visits: list[VisitFact], reason: ReasonCode) -> None:
    due = assess(hypertension(*visits), V)
    assert due.window == week("follow_up", date(2026, 6, 14))
    assert (due.reason.code, due.reason.since) == (reason, V)


def test_a_follow_up_stays_until_a_visit_is_made_and_then_the_quarter_counts_from_it() -> None:
    found = replace(CAME, uncontrolled=True)
    assert assess(hypertension(found), date(2026, 9, 30)).window == week("follow_up", date(2026, 6, 14))
    again = VisitFact("follow_up", date(2026, 6, 15), Outcome.ATTENDED)
    window = next_window(hypertension(found, again), date(2026, 6, 15))
    assert window == Window("quarterly", date(2026, 9, 1), date(2026, 9, 15), date(2026, 9, 29))


def test_urgent_comes_before_all_and_a_later_chosen_date_does_not_put_it_off() -> None:
    found = replace(CAME, uncontrolled=True, urgent=True, next_on=date(2026, 7, 1))
    due = assess(hypertension(found), V)
    assert due.window == Window("follow_up", date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 14))
    assert due.reason.code is ReasonCode.URGENT
    sooner = replace(found, next_on=date(2026, 6, 5))
    due = assess(hypertension(sooner), V)
    assert due.window == week("follow_up", date(2026, 6, 5))
    assert due.reason.code is ReasonCode.URGENT


def test_a_last_visit_before_enrolment_counts() -> None:
    facts = hypertension(anchors={Anchor.LAST_VISIT: date(2025, 11, 30)})
    assert next_window(facts, ENROLLED) == Window("quarterly", date(2026, 2, 14), date(2026, 2, 28), date(2026, 3, 14))
    old = hypertension(anchors={Anchor.LAST_VISIT: date(2024, 1, 1)})
    assert next_window(old, ENROLLED) == Window("quarterly", ENROLLED, ENROLLED, date(2026, 1, 15))


L = date(2026, 1, 1)


def antenatal(first_contact: date, *visits: VisitFact) -> Facts:
    return Facts(BUILT_IN["antenatal"], first_contact, {Anchor.LMP: L}, visits)


def after(days: int) -> date:
    return L + timedelta(days=days)


def test_a_late_first_contact_is_due_at_once() -> None:
    window = next_window(antenatal(after(100)), after(100))
    assert window == Window("ANC1", after(100), after(100), after(107), after(111))
    window = next_window(antenatal(after(150)), after(150))
    assert window is not None
    assert (window.item, window.closes_on) == ("ANC3", after(174))


def test_birth_ends_antenatal_care_and_so_does_week_42() -> None:
    facts = antenatal(after(60))
    assert (
        assess(replace(facts, anchors={Anchor.LMP: L, Anchor.DELIVERY: after(250)}), after(251)).state
        is DueState.CLOSED
    )
    assert assess(facts, after(294)).state is DueState.OVERDUE
    assert assess(facts, after(295)).reason.code is ReasonCode.COMPLETED


def test_an_unnamed_visit_settles_what_was_open_and_nothing_that_was_not() -> None:
    early = VisitFact(None, after(130), Outcome.ATTENDED)
    window = next_window(antenatal(after(60), early), after(130))
    assert window is not None and window.item == "ANC3"
    between = VisitFact(None, after(180), Outcome.ATTENDED)
    window = next_window(antenatal(after(60), between), after(181))
    assert window is not None and window.item == "ANC4"
    before = VisitFact(None, after(190), Outcome.ATTENDED)
    window = next_window(antenatal(after(60), between, before), after(200))
    assert window is not None and window.item == "ANC4"


def test_a_date_chosen_between_two_visits_is_an_extra_one() -> None:
    chosen = VisitFact("ANC2", after(115), Outcome.ATTENDED, after(130))
    facts = antenatal(after(60), chosen)
    assert [one.item for one in windows(facts, after(116))] == ["extra", "ANC3", "ANC4", "ANC5"]
    came = VisitFact("extra", after(131), Outcome.ATTENDED)
    assert [one.item for one in windows(replace(facts, visits=(chosen, came)), after(131))] == ["ANC3", "ANC4", "ANC5"]
    assert [one.item for one in windows(facts, after(147))] == ["ANC3", "ANC4", "ANC5"]


def test_a_visit_moved_into_the_time_of_the_next_one_is_the_next_one() -> None:
    moved = VisitFact("ANC2", after(140), Outcome.RESCHEDULED, after(150))
    assert [one.item for one in windows(antenatal(after(60), moved), after(141))] == ["ANC3", "ANC4", "ANC5"]
    assert next_window(antenatal(after(60), moved), after(141)) == Window(
        "ANC3", after(150), after(150), after(157), after(294)
    )


def test_a_dose_waits_for_the_one_before_it() -> None:
    birth = date(2026, 1, 1)
    late = VisitFact("HepB1", date(2026, 3, 1), Outcome.ATTENDED)
    facts = Facts(BUILT_IN["immunisation"], birth, {Anchor.BIRTH: birth}, (), sex=Sex.MALE)
    assert "HepB2" not in {one.item for one in windows(facts, date(2026, 3, 1))}
    found = {one.item: one for one in windows(replace(facts, visits=(late,)), date(2026, 3, 1))}
    assert found["HepB2"].opens_on == date(2026, 3, 29)
    assert "HPV1" not in {one.item for one in windows(facts, date(2039, 2, 1))}


def test_a_child_enrolled_late_is_not_asked_for_what_was_before() -> None:
    birth, enrolled = date(2024, 1, 1), date(2026, 6, 1)
    facts = Facts(BUILT_IN["immunisation"], enrolled, {Anchor.BIRTH: birth}, (), sex=Sex.FEMALE)
    assert next(one.item for one in windows(facts, enrolled)) == "JE2"
    checks = Facts(BUILT_IN["child_health"], enrolled, {Anchor.BIRTH: birth})
    assert [one.item for one in windows(checks, enrolled)] == ["month30", "month36", "year4", "year5", "year6"]


def test_age_bounds_what_is_due() -> None:
    turns_65 = date(2026, 7, 1)
    elder = Facts(BUILT_IN["elderly"], ENROLLED, {Anchor.BIRTH: date(1961, 7, 1)})
    assert next_window(elder, ENROLLED) == Window("yearly", turns_65, turns_65, date(2026, 7, 31))
    woman = Facts(BUILT_IN["cervical_hpv"], ENROLLED, {Anchor.BIRTH: date(1961, 7, 1)})
    assert assess(woman, date(2026, 6, 30)).state is DueState.OVERDUE
    assert assess(woman, turns_65).state is DueState.CLOSED


def test_a_contraceptive_visit_left_alone_falls_silent() -> None:
    facts = Facts(BUILT_IN["dmpa"], L, {Anchor.START: L})
    assert assess(facts, after(119 + 90)).state is DueState.OVERDUE
    assert assess(facts, after(119 + 91)).state is DueState.CLOSED


def test_an_implant_that_is_over_time_is_due_at_enrolment() -> None:
    facts = Facts(BUILT_IN["implant"], L, {Anchor.REMOVAL: date(2024, 1, 1)})
    assert assess(facts, L).state is DueState.DUE


def checkup(*visits: VisitFact) -> Facts:
    return Facts(BUILT_IN["checkup"], ENROLLED, {}, visits, checkup_dom=15)


def test_checkups_follow_the_calendar() -> None:
    first = Window("checkup", date(2026, 1, 15), date(2026, 1, 15), date(2026, 1, 22), date(2026, 3, 15))
    assert next_window(checkup(), ENROLLED) == first
    assert assess(checkup(), date(2026, 3, 15)).state is DueState.OVERDUE
    due = assess(checkup(), date(2026, 3, 16))
    assert due.state is DueState.DUE
    assert due.window is not None and due.window.opens_on == date(2026, 3, 16)
    assert refresh_on(checkup(), ENROLLED) == date(2026, 3, 16)
    came = VisitFact(None, date(2026, 1, 15), Outcome.ATTENDED)
    window = next_window(checkup(came), date(2026, 1, 16))
    assert window is not None and window.opens_on == date(2026, 3, 16)


def test_a_checkup_moved_by_agreement_gives_way_to_the_next_one() -> None:
    facts = checkup(VisitFact(None, date(2026, 3, 16), Outcome.RESCHEDULED, date(2026, 3, 20)))
    assert next_window(facts, date(2026, 3, 17)) == week("checkup", date(2026, 3, 20))
    assert refresh_on(facts, date(2026, 3, 17)) == date(2026, 5, 15)
    window = next_window(facts, date(2026, 5, 15))
    assert window is not None and window.opens_on == date(2026, 5, 15)


@pytest.mark.parametrize("code", [code for code, programme in BUILT_IN.items() if programme.anchors])
def test_a_date_that_is_missing_is_named(code: str) -> None:
    programme = BUILT_IN[code]
    facts = Facts(programme, ENROLLED, {})
    if programme.items or Anchor.START in programme.anchors:
        with pytest.raises(MissingAnchorError) as refused:
            assess(facts, ENROLLED)
        assert refused.value.anchor in programme.anchors
    else:
        assert assess(facts, ENROLLED).state is not DueState.CLOSED


def test_a_checkup_needs_the_day_of_the_village() -> None:
    with pytest.raises(ValueError, match="day of the month"):
        assess(replace(checkup(), checkup_dom=None), ENROLLED)


def test_a_checkup_follows_the_days_that_were_moved_or_cancelled() -> None:
    facts = replace(checkup(), checkup_moves={date(2026, 1, 15): date(2026, 1, 22), date(2026, 3, 15): None})
    window = next_window(facts, date(2026, 1, 10))
    assert window is not None
    assert (window.opens_on, window.closes_on, window.expires_on) == (
        date(2026, 1, 22),
        date(2026, 1, 29),
        date(2026, 5, 14),
    )
    assert assess(facts, date(2026, 4, 1)).state is DueState.OVERDUE
