"""Which facts an indicator counts, and which of them in its numerator."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.rules.facts import DueState
from models.rules.indicators import births, checkups, choice, chronic, followups, reporting, work
from models.rules.indicators.base import Figure, add_all
from models.rules.indicators.catalogue import INDICATORS, TABLES
from models.rules.indicators.checkups import CheckupCell, OutcomeCell, Place
from models.rules.indicators.chronic import Care
from models.rules.indicators.codes import IndicatorCode
from models.rules.indicators.followups import FollowUp, FollowUpCell
from models.rules.outcomes import EFFECTS, Outcome

BORN = date(2026, 5, 1)
GONE = {Outcome.MOVED, Outcome.DECEASED, Outcome.CONSENT_WITHDRAWN, Outcome.NOT_DUE}


def test_every_code_has_its_indicator() -> None:
    assert set(INDICATORS) == set(IndicatorCode)
    assert {one.table.code for one in INDICATORS.values()} == set(TABLES)


def test_no_target_can_be_set_on_who_comes() -> None:
    assert not INDICATORS[IndicatorCode.ATTENDANCE].may_have_target
    assert INDICATORS[IndicatorCode.ATTENDANCE].aim is None
    assert [code for code, one in INDICATORS.items() if one.aim is not None] == [IndicatorCode.INFORMED_CHOICE]


@pytest.mark.parametrize(
    ("outcome", "cell"),
    [
        (Outcome.ATTENDED, CheckupCell.ATTENDED),
        (Outcome.DECLINED, CheckupCell.OFFERED),
        (Outcome.OTHER_PROVIDER, CheckupCell.OFFERED),
        (Outcome.RESCHEDULED, CheckupCell.OFFERED),
        (Outcome.ILL, CheckupCell.OFFERED),
        (Outcome.NOT_REACHED, CheckupCell.MISSED),
        (None, CheckupCell.MISSED),
        *((outcome, None) for outcome in (*sorted(GONE), Outcome.AWAY)),
    ],
)
def test_a_place_on_a_checkup_day(outcome: Outcome | None, cell: CheckupCell | None) -> None:
    assert checkups.cell_of(Place(outcome)) is cell


def test_attendance_is_told_beside_what_else_came_of_it() -> None:
    counted = {outcome: checkups.outcome_of(Place(outcome)) for outcome in (*Outcome, None)}
    assert {outcome for outcome, cell in counted.items() if cell is None} == GONE
    assert counted[Outcome.AWAY] is OutcomeCell.AWAY
    assert counted[Outcome.DECLINED] is OutcomeCell.DECLINED
    assert counted[None] is counted[Outcome.NOT_REACHED] is counted[Outcome.ILL] is OutcomeCell.ABSENT


def test_asked_too_late_is_not_offered_but_who_came_was() -> None:
    assert checkups.cell_of(Place(Outcome.DECLINED, in_time=False)) is CheckupCell.MISSED
    assert checkups.cell_of(Place(Outcome.ATTENDED, in_time=False)) is CheckupCell.ATTENDED


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_served_counts_as_a_followup(outcome: Outcome) -> None:
    expected = FollowUpCell.IN_TIME if EFFECTS[outcome].served else None
    assert followups.cell_of(FollowUp(outcome, in_time=True)) is expected
    assert (work.done_of(work.Report(outcome)) is not None) is EFFECTS[outcome].served


def test_late_and_never_are_both_not_in_time() -> None:
    assert followups.cell_of(FollowUp(Outcome.ATTENDED, in_time=False)) is FollowUpCell.LATE
    assert followups.cell_of(FollowUp(None)) is FollowUpCell.LATE
    assert followups.cell_of(FollowUp(Outcome.DECLINED, in_time=True)) is FollowUpCell.IN_TIME


@pytest.mark.parametrize(
    ("state", "is_due", "is_overdue"),
    [
        (DueState.DUE, True, False),
        (DueState.UPCOMING, True, False),
        (DueState.OVERDUE, False, True),
        (DueState.CLOSED, False, False),
    ],
)
def test_what_waits_is_due_or_overdue(state: DueState, is_due: bool, is_overdue: bool) -> None:
    assert (work.due_of(work.Waiting(state)) is not None) is is_due
    assert (work.overdue_of(work.Waiting(state)) is not None) is is_overdue


def test_a_day_counts_once_it_is_reported_in_full() -> None:
    assert reporting.cell_of(reporting.VillageDay(40, 0)) is reporting.ReportingCell.IN_TIME
    assert reporting.cell_of(reporting.VillageDay(40, 1)) is reporting.ReportingCell.LATE
    assert reporting.cell_of(reporting.VillageDay(0, 0)) is None


@pytest.mark.parametrize(("explained", "own", "informed"), [(2, True, True), (1, True, False), (5, False, False)])
def test_a_choice_needs_two_methods_and_an_own_decision(explained: int, own: bool, informed: bool) -> None:
    assert (choice.cell_of(choice.Talk(explained, own)) is choice.ChoiceCell.INFORMED) is informed


def test_a_first_visit_is_early_until_week_13_begins() -> None:
    last = BORN + births.EARLY
    assert births.early_of(births.Pregnancy(BORN, last)) is births.BirthCell.IN_TIME
    assert births.early_of(births.Pregnancy(BORN, last + timedelta(days=1))) is births.BirthCell.LATE
    assert births.early_of(births.Pregnancy(BORN, None)) is births.BirthCell.LATE
    assert births.early_of(births.Pregnancy(None, last)) is None


def test_a_visit_after_birth_counts_until_day_28() -> None:
    assert births.visited_of(births.Birth(BORN, BORN + timedelta(days=28))) is births.BirthCell.IN_TIME
    assert births.visited_of(births.Birth(BORN, BORN + timedelta(days=29))) is births.BirthCell.LATE
    assert births.visited_of(births.Birth(BORN, None)) is births.BirthCell.LATE


@pytest.mark.parametrize(
    ("care", "cell"),
    [
        (Care(0, 0, None), None),
        (Care(4, 4, True), chronic.CareCell.BOTH),
        (Care(4, 5, None), chronic.CareCell.STANDARD),
        (Care(4, 3, True), chronic.CareCell.CONTROLLED),
        (Care(1, 0, False), chronic.CareCell.NEITHER),
    ],
)
def test_care_to_standard_is_a_visit_each_quarter(care: Care, cell: chronic.CareCell | None) -> None:
    assert chronic.cell_of(care) is cell


def test_figures_are_parts_of_all_cells() -> None:
    counts = checkups.TABLE.count(
        [(Place(Outcome.ATTENDED), 33), (Place(Outcome.DECLINED), 3), (Place(Outcome.AWAY), 2), (Place(None), 2)]
    )
    assert counts == (33, 3, 2)
    assert checkups.ATTENDANCE.figure(counts) == Figure(33, 38)
    assert checkups.OFFER.figure(counts) == Figure(36, 38)
    assert work.DONE.figure((7,)) == Figure(7)
    assert checkups.OFFER.figure(checkups.TABLE.nothing).rate is None
    assert add_all(checkups.TABLE, [counts, counts]) == (66, 6, 4)
    assert add_all(checkups.TABLE, []) == (0, 0, 0)


def test_two_indicators_of_one_table_share_its_whole() -> None:
    counts = (5, 3, 2, 4)
    assert chronic.HYPERTENSION_MANAGED.figure(counts) == Figure(8, 14)
    assert chronic.HYPERTENSION_CONTROLLED.figure(counts) == Figure(7, 14)


def test_village_days_are_nobodys_secret() -> None:
    assert [code for code, table in TABLES.items() if not table.is_of_people] == ["reporting"]
