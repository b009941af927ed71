"""The parts of the demo: places, personas, people, and what is measured."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.local.demo import story
from bot.local.demo.course import Course
from bot.local.demo.joining import Join, joins
from bot.local.demo.names import SURNAMES, full_name, generation
from bot.local.demo.people import Life, people
from bot.local.demo.personas import PERSONAS, personas
from bot.local.demo.places import Village, build, share
from bot.local.demo.rounds import NEWCOMERS, Conduct, Rounds, Rule, conduct, newcomers_day, rule_of
from bot.local.demo.setting import Setting
from bot.local.demo.units import TOWNSHIP_CODE, UNITS
from bot.local.demo.values import body, find
from handlers.forms.fields import Env
from handlers.forms.visit import KINDS
from locales.translator import LANGUAGES
from models.rules import identity, phones
from models.rules.access import Role
from models.rules.calendar import checkup_day, last_checkup_day, working_day_after
from models.rules.consent import ON_REGISTERING, Purpose
from models.rules.moving import reach
from models.rules.names import SURNAME_READINGS
from models.rules.outcomes import Outcome
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.sex import Sex
from models.store import _findings
from models.store.keyring import Keyring
from models.store.persons import IDENTITY, PHONE
from models.store.reports import Measures
from models.store.vault import Vault

TODAY = date(2026, 11, 24)
RULE = Rule(10)
VILLAGE = Village(1, 2, UNITS[0], (3, 4, 5), RULE)
SPECIAL = "单仇解查曾区覃翟缪"


def setting(seed: int = 1) -> Setting:
    vault = Vault(Keyring.parse(Keyring.generate()))
    return Setting(
        VILLAGE,
        manager=10,
        clinic=11,
        admin=12,
        today=TODAY,
        rounds=Rounds.of(UNITS[0], RULE, TODAY),
        vault=vault,
        rng=Random(seed),
    )


@pytest.fixture(scope="module")
def many() -> tuple[Setting, list[Life]]:
    here = setting()
    return here, people(here, 3000)


def test_the_township_has_21_units_with_groups_and_codes_of_their_own() -> None:
    rows, township_id, villages = build(TODAY)
    codes = [row["code"] for row in rows]
    assert len(set(codes)) == len(codes)
    assert sum(unit.is_community for unit in UNITS) == 2
    assert len(villages) == 21
    assert all(re.fullmatch(rf"{TOWNSHIP_CODE}\d{{3}}", unit.full_code) for unit in UNITS)
    assert all(3 <= len(village.groups) <= 8 for village in villages)
    assert all(row["is_demo"] and row["township_id"] == township_id for row in rows)
    seen: set[int | None] = {None}
    for row in rows:
        assert row["parent_id"] in seen, "parents come first"
        seen.add(row["id"])


@pytest.mark.parametrize("residents", [0, 1, 20, 2000, 60000])
def test_shares_sum_up(residents: int) -> None:
    shares = share(residents)
    assert sum(shares) == residents
    assert len(shares) == len(UNITS)
    assert min(shares) >= residents // 50


def test_each_unit_has_a_manager_and_the_township_one_of_each_role() -> None:
    managers = {persona.place_code for persona in PERSONAS if persona.role is Role.MANAGER}
    assert managers == {unit.full_code for unit in UNITS}
    others = Counter(persona.role for persona in PERSONAS if persona.role is not Role.MANAGER)
    assert others == Counter([Role.CLINIC, Role.DEPUTY, Role.LEADER, Role.ADMIN, None])
    assert len({persona.user_id for persona in PERSONAS}) == len(PERSONAS)
    assert [persona.role for persona in PERSONAS[:5]] == list(Role)[1:], "one of each role comes first"


@pytest.mark.parametrize("language", LANGUAGES)
def test_personas_are_described_in_every_language(language: str) -> None:
    played = personas(language)
    assert [person.id for person in played] == [persona.user_id for persona in PERSONAS]
    for person, persona in zip(played, PERSONAS, strict=True):
        assert person.note
        assert "{" not in person.note
        assert persona.role is None or persona.place in person.note
    assert len({person.note for person in played}) == len(played)


def test_notes_differ_by_language() -> None:
    chinese, english = (personas(language)[1].note for language in ("zh-CN", "en"))
    assert "乡所技术人员" in chinese
    assert "clinic" in english


def test_names_follow_sex_and_generation() -> None:
    rng = Random(3)
    old = {full_name(rng, Sex.FEMALE, date(1950, 1, 1))[1:] for _ in range(400)}
    young = {full_name(rng, Sex.FEMALE, date(2020, 1, 1))[1:] for _ in range(400)}
    boys = {full_name(rng, Sex.MALE, date(2020, 1, 1))[1:] for _ in range(400)}
    assert "秀英" in old
    assert not old & young
    assert len(young & boys) < 5
    assert [generation(date(year, 1, 1)) for year in (1940, 1960, 1980, 1990, 2015)] == [0, 1, 2, 3, 4]


def test_surnames_with_a_reading_of_their_own_occur(many: tuple[Setting, list[Life]]) -> None:
    surnames = Counter(life.name[0] for life in many[1])
    assert all(surnames[one] for one in SPECIAL)
    assert set(SPECIAL) <= set(SURNAMES) & set(SURNAME_READINGS)
    assert surnames["王"] > 100


def test_the_pyramid_has_children_and_old_people(many: tuple[Setting, list[Life]]) -> None:
    ages = Counter(min(life.months(TODAY) // 12 // 5, 13) for life in many[1])
    total = len(many[1])
    assert 0.03 < ages[0] / total < 0.09
    assert 0.12 < ages[13] / total < 0.3
    assert all(date(1925, 1, 1) < life.birth < TODAY for life in many[1])
    assert {life.sex for life in many[1]} == set(Sex)


def test_some_have_the_same_name_within_a_village(many: tuple[Setting, list[Life]]) -> None:
    lives = people(setting(9), 95)
    names = Counter(life.name for life in lives)
    assert max(names.values()) >= 2
    twins = [life for life in lives if names[life.name] > 1]
    assert len({(life.name, life.birth.year) for life in twins}) > len({life.name for life in twins})


def test_phones_and_identity_numbers_are_valid_and_nobodys(many: tuple[Setting, list[Life]]) -> None:
    here, lives = many
    numbers = [here.vault.open_text(PHONE, life.id, life.row["phone_sealed"]) for life in lives]
    given = [number for number in numbers if number is not None]
    assert len(given) > len(lives) / 2
    assert all(phones.parse(number) == number and number.startswith("1640") for number in given)
    cards = 0
    for life in lives:
        card = here.vault.open_text(IDENTITY, life.id, life.row["identity_sealed"])
        if card is not None:
            cards += 1
            read = identity.parse(card, TODAY)
            assert (read.birth, read.sex, read.region_known) == (life.birth, life.sex, True)
            assert card.startswith("411799")
    assert 0.03 < cards / len(lives) < 0.15


def test_consents_are_given_by_most_and_by_a_guardian_for_children(many: tuple[Setting, list[Life]]) -> None:
    lives = many[1]
    given = Counter(purpose for life in lives for purpose in life.consents)
    assert 0.9 < given[Purpose.HEALTH_RECORD] / len(lives) < 0.98
    assert all(0.3 < given[purpose] / len(lives) < 0.98 for purpose in ON_REGISTERING)
    for life in lives:
        child = life.months(life.registered_on) < 14 * 12
        assert all(row["guardian"] is child for row in life.consent_rows)
        assert life.row["phone_sealed"] is None or Purpose.CONTACT in life.consents


def test_only_those_join_whom_a_programme_is_for(many: tuple[Setting, list[Life]]) -> None:
    here, lives = many
    joined: Counter[str] = Counter()
    for life in lives:
        for join in joins(here, life):
            assert life.has_record
            assert join.programme.eligible.admits(life.sex, life.months(join.on))
            assert life.registered_on <= join.on < TODAY
            assert set(join.programme.anchors) <= {*join.anchors, "birth"}
            joined[join.programme.code] += 1
    assert {"checkup", "hypertension", "diabetes", "elderly", "blood_pressure", "child_health"} <= set(joined)
    assert {"immunisation", "iud", "dmpa", "combined_pill"} <= set(joined)
    assert not joined["antenatal"] + joined["postnatal"], "these follow from a birth, or the clinic enters them"


@pytest.mark.parametrize("code", BUILT_IN)
def test_what_is_found_can_be_measured_and_answered(code: str, many: tuple[Setting, list[Life]]) -> None:
    rng, programme = Random(5), BUILT_IN[code]
    env = Env(TODAY, {}, {})
    for life in many[1]:
        if not programme.eligible.admits(life.sex, life.months(TODAY)):
            continue
        here = body(rng, life, TODAY, frozenset({code}))
        found = find(rng, life, here, programme, TODAY)
        measures = Measures(**found.measures)
        months = life.months(TODAY)
        _findings.check_all(measures, child=_findings.is_child(months))
        assert {name for name in programme.fields if name in KINDS and name in found.answers} >= {
            name for name in found.answers if name != "side_effects"
        }
        assert found.flags == vars_of(_findings.find(code, measures, found.answers))
        for name, answer in found.answers.items():
            codes = {known for known, _ in KINDS[name].choices(env)}  # type: ignore[attr-defined]
            assert {answer} <= codes if isinstance(answer, str) else set(answer) <= codes


def test_urgent_values_come_now_and_then(many: tuple[Setting, list[Life]]) -> None:
    rng, programme = Random(6), BUILT_IN["hypertension"]
    grown = [life for life in many[1] if life.months(TODAY) > 40 * 12]
    flags: Counter[str] = Counter()
    for life in grown:
        found = find(rng, life, body(rng, life, TODAY, frozenset({"hypertension"})), programme, TODAY)
        flags.update(name for name, is_set in found.flags.items() if is_set)
    assert 0 < flags["urgent"] < len(grown) * 0.03
    assert 0.1 < flags["uncontrolled"] / len(grown) < 0.35


def test_moments_lie_in_office_hours() -> None:
    here = setting()
    for _ in range(200):
        at = here.at(TODAY) + timedelta(hours=8)
        assert datetime(2026, 11, 24, 8, 30, tzinfo=UTC) <= at <= datetime(2026, 11, 24, 17, 30, tzinfo=UTC)


def vars_of(findings: _findings.Findings) -> dict[str, bool]:
    return {name: getattr(findings, name) for name in ("abnormal", "uncontrolled", "urgent", "reaction")}


def test_on_every_day_a_newcomer_finds_a_day_that_the_calendar_allows() -> None:
    for number in range(800):
        today = date(2026, 1, 1) + timedelta(days=number)
        rule = rule_of(NEWCOMERS, today)
        rounds = Rounds.of(NEWCOMERS, rule, today)
        day = max((day for day in rounds.days if day.held_on <= today), key=lambda one: one.held_on)
        assert day.held_on == last_checkup_day(rule.dom, today, rule.moves).held_on == newcomers_day(today)
        assert working_day_after(day.held_on, 1) >= today
        for nominal, held_on in rule.moves.items():
            assert held_on in reach(rule.dom, nominal, nominal, {})
            assert nominal.month % 2 == 1


def test_in_each_round_one_village_leaves_people_out_and_a_few_are_late() -> None:
    others = [unit for unit in UNITS if unit is not NEWCOMERS]
    for month in (5, 7, 9):
        told = Counter(conduct(unit, checkup_day(unit.checkup_dom, 2026, month), TODAY) for unit in others)
        assert 1 <= told[Conduct.LATE] + told[Conduct.LEFT] <= 4
        assert told[Conduct.OPEN] == 0
    left = [unit for unit in UNITS if conduct(unit, checkup_day(unit.checkup_dom, 2026, 11), TODAY) is Conduct.LEFT]
    assert len(left) == 1


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25)
def test_a_story_never_goes_back_however_often_a_place_is_postponed(seed: int) -> None:
    """What is due when a place is reported is what follows from the places before it, in the order of their days."""
    often = {**dict.fromkeys(story._AT_CHECKUPS, 1), Outcome.RESCHEDULED: 3, Outcome.NOT_REACHED: 3}
    here = setting(seed)
    joined = Join(BUILT_IN["checkup"], here.launch + timedelta(days=40))
    life = people(here, 1)[0]
    course = Course(life, joined, here.at(joined.on), RULE)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(story, "_checkup_weights", tuple(accumulate(often.values())))
        story.tell(here, course, body(here.rng, life, TODAY, frozenset()), here.yesterday)
    days = [entry.on for entry in course.entries]
    assert days == sorted(days)
    again = Course(life, joined, here.at(joined.on), RULE)
    for entry in course.entries:
        assert again.due(entry.on).window == entry.due.window
        again.add(entry)
