"""The catalogue as a whole, and the page that describes it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from models.rules.access import Role
from models.rules.programmes.base import FIELDS, Eligibility, Family, Programme
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.sex import Sex
from tests.unit.rules.programme_table import DOCUMENT, document

CODES = [
    "checkup", "antenatal", "postnatal", "child_health", "immunisation", "hypertension", "diabetes", "elderly",
    "blood_pressure", "cervical_cytology", "cervical_hpv", "dmpa", "net_en", "iud", "combined_pill",
    "female_sterilisation", "vasectomy", "implant",
]  # fmt: skip

every = pytest.mark.parametrize("programme", BUILT_IN.values(), ids=lambda one: one.code)


def test_the_catalogue_is_complete() -> None:
    assert list(BUILT_IN) == CODES


@every
def test_a_programme_is_well_formed(programme: Programme) -> None:
    assert programme.source
    assert programme.version >= 1
    assert programme.reported_by <= programme.visible_to <= {Role.MANAGER, Role.CLINIC}
    assert set(programme.fields) <= FIELDS
    assert len(set(programme.fields)) == len(programme.fields)
    codes = [item.code for item in programme.items]
    codes += [programme.recurrence.code] if programme.recurrence else []
    assert len(set(codes)) == len(codes)
    assert codes or programme.calendar
    assert not {"follow_up", "extra"} & set(codes)
    assert all(re.fullmatch(r"[A-Za-z0-9_]{1,16}", code) for code in codes)


def test_a_manager_never_learns_of_a_pregnancy() -> None:
    for role in Role:
        found = {programme.code for programme in (*BUILT_IN.visible_to(role), *BUILT_IN.reported_by(role))}
        assert ("antenatal" in found) is (role is Role.CLINIC)


@every
def test_what_needs_a_wish_and_an_approval(programme: Programme) -> None:
    contraception = programme.family is Family.CONTRACEPTION
    assert programme.clinic_approval is contraception
    assert programme.opt_in is (contraception or programme.family is Family.ANTENATAL)


@pytest.mark.parametrize(
    ("code", "sex", "months", "admitted"),
    [
        ("hypertension", None, 216, True), ("hypertension", None, 215, False),
        ("elderly", Sex.MALE, 780, True), ("elderly", Sex.MALE, 779, False),
        ("blood_pressure", Sex.MALE, 216, True), ("blood_pressure", Sex.MALE, 215, False),
        ("cervical_hpv", Sex.FEMALE, 420, True), ("cervical_hpv", Sex.FEMALE, 419, False),
        ("cervical_hpv", Sex.FEMALE, 779, True), ("cervical_hpv", Sex.FEMALE, 780, False),
        ("cervical_cytology", Sex.MALE, 500, False), ("cervical_cytology", None, None, True),
        ("child_health", None, 83, True), ("child_health", None, 84, False),
        ("vasectomy", Sex.FEMALE, 400, False), ("dmpa", Sex.MALE, 400, False), ("postnatal", Sex.FEMALE, 400, True),
    ],
)  # fmt: skip
def test_eligibility(code: str, sex: Sex | None, months: int | None, admitted: bool) -> None:
    assert BUILT_IN[code].eligible.admits(sex, months) is admitted


def test_what_is_not_known_is_not_held_against_a_person() -> None:
    assert Eligibility(Sex.FEMALE, 420, 779).admits(None, None)


def test_the_page_of_programmes_is_true() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_rules_of_programmes_load_nothing_heavy() -> None:
    code = (
        "import sys, models.rules.due, models.rules.programmes.catalogue, models.rules.names, models.rules.dates;"
        "heavy = {'pypinyin', 'holidays', 'chinese_calendar', 'lunardate', 'rapidfuzz'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
