"""Every visit of every schedule at start−1, start, end, end+1.

The expected windows are written out by hand from the programme's published table, as days or dates, so that
the catalogue is not measured against itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from models.rules.due import DueState, Facts, VisitFact, assess, windows
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.sex import Sex

L = date(2026, 1, 1)
"""A last menstrual period, a birth, an operation: the day that the cases below count from."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """One visit: the programme, its code, the first and last day in time, and what was done before."""

    programme: str
    item: str
    first: date
    last: date
    anchors: dict[Anchor, date]
    visits: tuple[VisitFact, ...] = ()
    enrolled_on: date = L
    sex: Sex = Sex.FEMALE
    lasting: bool = field(default=True)
    """Overdue on the day after; false where the next visit opens that day."""

    def facts(self) -> Facts:
        return Facts(BUILT_IN[self.programme], self.enrolled_on, self.anchors, self.visits, sex=self.sex)


def after(days: int) -> date:
    return L + timedelta(days=days)


def attended(on: date, item: str | None = None, **more: bool) -> VisitFact:
    return VisitFact(item, on, Outcome.ATTENDED, **more)


LMP = {Anchor.LMP: L}
MOTHER = {Anchor.DELIVERY: L, Anchor.DISCHARGE: after(3)}
CHILD = {Anchor.BIRTH: L, Anchor.DISCHARGE: after(3)}
WOMAN_40 = {Anchor.BIRTH: date(1986, 1, 1)}
STARTED = {Anchor.START: L}
V = date(2026, 5, 31)


def antenatal() -> list[Case]:
    return [
        Case("antenatal", "ANC1", after(50), after(90), LMP, enrolled_on=after(50)),
        Case(
            "antenatal", "ANC2", after(112), after(146), LMP, (attended(after(60), "ANC1"),), after(50), lasting=False
        ),
        Case("antenatal", "ANC2", after(112), after(146), LMP, lasting=False),
        Case("antenatal", "ANC3", after(147), after(174), LMP),
        Case("antenatal", "ANC4", after(196), after(258), LMP, lasting=False),
        Case("antenatal", "ANC5", after(259), after(286), LMP),
        Case(
            "antenatal",
            "follow_up",
            after(74),
            after(81),
            LMP,
            (attended(after(60), "ANC1", abnormal=True),),
            after(50),
        ),
    ]


def postnatal() -> list[Case]:
    return [
        Case("postnatal", "home", after(3), after(10), MOTHER),
        Case("postnatal", "day42", after(42), after(56), MOTHER),
    ]


CHILD_WINDOWS = {
    "newborn": (date(2026, 1, 4), date(2026, 1, 11)),
    "month1": (date(2026, 1, 29), date(2026, 2, 12)),
    "month3": (date(2026, 4, 1), date(2026, 4, 30)),
    "month6": (date(2026, 7, 1), date(2026, 7, 31)),
    "month8": (date(2026, 9, 1), date(2026, 9, 30)),
    "month12": (date(2027, 1, 1), date(2027, 1, 31)),
    "month18": (date(2027, 7, 1), date(2027, 7, 31)),
    "month24": (date(2028, 1, 1), date(2028, 1, 31)),
    "month30": (date(2028, 7, 1), date(2028, 7, 31)),
    "month36": (date(2029, 1, 1), date(2029, 1, 31)),
    "year4": (date(2030, 1, 1), date(2030, 12, 31)),
    "year5": (date(2031, 1, 1), date(2031, 12, 31)),
    "year6": (date(2032, 1, 1), date(2032, 12, 31)),
}

DOSES = {
    # code: (age in months, complete before this age in months)
    "HepB1": (0, 12), "HepB2": (1, 12), "HepB3": (6, 12),
    "BCG1": (0, 3),
    "Polio1": (2, 12), "Polio2": (3, 12), "Polio3": (4, 12), "Polio4": (48, 60),
    "DTaP1": (2, 12), "DTaP2": (4, 12), "DTaP3": (6, 12), "DTaP4": (18, 24), "DTaP5": (72, 84),
    "MMR1": (8, 12), "MMR2": (18, 24),
    "JE1": (8, 12), "JE2": (24, 36),
    "MenA1": (6, 12), "MenA2": (9, 24),
    "MenAC1": (36, 48), "MenAC2": (72, 84),
    "HepA1": (18, 24),
    "HPV1": (156, 168), "HPV2": (162, 168),
}  # fmt: skip


def first_of(months: int) -> date:
    """Return the day on which someone born on 1 January 2026 is so many months old."""
    return date(2026 + months // 12, 1 + months % 12, 1)


def child() -> list[Case]:
    lasting = {"year4": False, "year5": False, "year6": False}
    return [
        Case("child_health", item, first, last, CHILD, lasting=lasting.get(item, True))
        for item, (first, last) in CHILD_WINDOWS.items()
    ]


def immunisation() -> list[Case]:
    """Each dose, the ones before it given on the day they were due."""
    given = tuple(attended(first_of(age), code) for code, (age, _) in DOSES.items())
    return [
        Case(
            "immunisation",
            code,
            first_of(age),
            first_of(before) - DAY,
            CHILD,
            tuple(visit for visit in given if visit.item != code and visit.on <= first_of(age)),
        )
        for code, (age, before) in DOSES.items()
    ]


def chronic() -> list[Case]:
    cases = []
    for programme in ("hypertension", "diabetes"):
        once, twice = attended(V, uncontrolled=True), attended(date(2026, 6, 14), uncontrolled=True)
        cases += [
            Case(programme, "quarterly", date(2026, 8, 17), date(2026, 9, 14), {}, (attended(V),)),
            Case(programme, "quarterly", L, after(14), {}),
            Case(programme, "follow_up", date(2026, 6, 14), date(2026, 6, 21), {}, (once,)),
            Case(programme, "follow_up", date(2026, 6, 28), date(2026, 7, 5), {}, (once, twice)),
            Case(
                programme,
                "follow_up",
                date(2026, 6, 14),
                date(2026, 6, 21),
                {},
                (attended(V, reaction=True),),
            ),
        ]
    elder = {Anchor.BIRTH: date(1950, 1, 1)}
    return [
        *cases,
        Case("elderly", "yearly", date(2027, 5, 31), date(2027, 6, 30), elder, (attended(V),)),
        Case("elderly", "yearly", date(2026, 7, 1), date(2026, 7, 31), {Anchor.BIRTH: date(1961, 7, 1)}),
    ]


def screening() -> list[Case]:
    seen = (attended(V),)
    return [
        Case("blood_pressure", "yearly", date(2027, 5, 31), date(2027, 6, 30), WOMAN_40, seen),
        Case(
            "blood_pressure",
            "follow_up",
            date(2026, 6, 1),
            date(2026, 6, 14),
            WOMAN_40,
            (attended(V, urgent=True),),
        ),
        Case("cervical_cytology", "cytology", date(2029, 5, 31), date(2029, 6, 30), WOMAN_40, seen),
        Case("cervical_hpv", "hpv", date(2031, 5, 31), date(2031, 6, 30), WOMAN_40, seen),
    ]


def contraception() -> list[Case]:
    seen = (attended(date(2027, 1, 5), "month12"),)
    return [
        Case("dmpa", "injection", after(77), after(119), STARTED),
        Case("dmpa", "injection", V + 77 * DAY, V + 119 * DAY, STARTED, (attended(V),)),
        Case("net_en", "injection", after(42), after(70), STARTED),
        Case("iud", "month1", date(2026, 1, 18), date(2026, 2, 15), STARTED),
        Case("iud", "month3", date(2026, 3, 18), date(2026, 4, 15), STARTED),
        Case("iud", "month6", date(2026, 6, 17), date(2026, 7, 15), STARTED),
        Case("iud", "month12", date(2026, 12, 18), date(2027, 1, 15), STARTED),
        Case("iud", "yearly", date(2027, 12, 22), date(2028, 1, 19), STARTED, seen),
        Case("iud", "yearly", date(2027, 12, 18), date(2028, 1, 15), STARTED),
        Case("combined_pill", "month3", date(2026, 3, 18), date(2026, 4, 15), STARTED),
        Case("combined_pill", "yearly", date(2027, 3, 18), date(2027, 4, 15), STARTED),
        Case("female_sterilisation", "after", after(7), after(14), STARTED),
        Case("vasectomy", "semen_test", date(2026, 4, 1), date(2026, 4, 8), STARTED, sex=Sex.MALE),
        Case("implant", "removal", date(2029, 1, 1), date(2029, 1, 31), {Anchor.REMOVAL: date(2029, 1, 1)}),
    ]


CASES = [
    *antenatal(), *postnatal(), *child(), *immunisation(), *chronic(), *screening(), *contraception()
]  # fmt: skip


def state_on(case: Case, day: date) -> DueState | None:
    """Return the state of the case's visit on `day`: `None` when another one, or none, is in question."""
    window = next((one for one in windows(case.facts(), day) if one.item == case.item), None)
    if window is None:
        return None
    if day < window.opens_on:
        return DueState.UPCOMING
    return DueState.DUE if day <= window.closes_on else DueState.OVERDUE


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.programme}-{case.item}-{case.first}")
def test_a_window_at_its_edges(case: Case) -> None:
    if case.first > case.enrolled_on:
        assert state_on(case, case.first - DAY) is DueState.UPCOMING
    assert state_on(case, case.first) is DueState.DUE
    assert state_on(case, case.last) is DueState.DUE
    assert state_on(case, case.last + DAY) is (DueState.OVERDUE if case.lasting else None)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.programme != "immunisation"],
    ids=lambda case: f"{case.programme}-{case.item}-{case.first}",
)
def test_one_visit_at_a_time_is_in_question(case: Case) -> None:
    for day in (case.first, case.last):
        due = assess(case.facts(), day)
        assert due.window is not None
        assert (due.window.item, due.state) == (case.item, DueState.DUE)


def test_no_visit_of_the_catalogue_is_left_out() -> None:
    tested = {(case.programme, case.item) for case in CASES}
    for programme in BUILT_IN.values():
        codes = {item.code for item in programme.items}
        if programme.recurrence is not None:
            codes.add(programme.recurrence.code)
        if programme.follow_ups:
            codes.add("follow_up")
        assert {(programme.code, code) for code in codes} <= tested
