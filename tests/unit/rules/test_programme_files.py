"""Files of programmes: every kind of mistake, with its line; what must not be; and the way there and back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.rules.programmes.base import ANY_TEAM, Eligibility, Family, Programme
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.programmes.files import checks, forbidden
from models.rules.programmes.files.differences import differences, is_same
from models.rules.programmes.files.faults import Fault
from models.rules.programmes.files.reading import of_body, read
from models.rules.programmes.files.text import LARGEST
from models.rules.programmes.files.writing import body, yaml_text
from models.rules.spans import Span

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "programmes.yaml"
every = pytest.mark.parametrize("programme", BUILT_IN.values(), ids=lambda one: one.code)

HEAD = """\
programmes:
  - code: mine
    names: {zh-CN: 我的随访, en: Mine}
    family: chronic
    source: 本镇约定
    reported_by: [manager, clinic]
    visible_to: [manager, clinic]
"""
REPEATS = "    recurrence: {code: monthly, every: 1m, before: 7d, after: 7d, names: {zh-CN: 每月, en: Monthly}}\n"
VISIT = "names: {zh-CN: 一次, en: Once}"


def file(*lines: str, head: str = HEAD, repeats: str = REPEATS) -> str:
    """Return a file with one programme: right, but for the lines that are added from line 8 on."""
    return head + "".join(f"    {line}\n" for line in lines) + repeats


def told(text: str | bytes) -> list[tuple[int, Fault]]:
    content = text if isinstance(text, bytes) else text.encode()
    return [(problem.line, problem.fault) for problem in read(content).problems]


def without(key: str) -> str:
    return file(head="".join(f"{line}\n" for line in HEAD.splitlines() if not line.strip().startswith(f"{key}:")))


def instead(old: str, new: str) -> str:
    assert old in HEAD
    return file(head=HEAD.replace(old, new))


def items(*each: str) -> str:
    return file("anchors: [birth, start]", "items:", *(f"  - {{{one}}}" for one in each))


CASES: dict[str, tuple[str | bytes, list[tuple[int, Fault]]]] = {
    # the text
    "too large": (b"#" * (LARGEST + 1), [(1, Fault.TOO_LARGE)]),
    "GB18030": ("programmes:\n  - code: 随访".encode("gb18030"), [(2, Fault.NOT_UTF8)]),
    "no YAML": ("programmes:\n  - code: [mine\n", [(3, Fault.SYNTAX)]),
    "a control character": ("programmes:\n  - code: \x07", [(2, Fault.SYNTAX)]),
    "a tab": ("programmes:\n\t- code: mine\n", [(2, Fault.TAB)]),
    "a list as key": ("programmes:\n  - ? [a]\n    : b\n", [(2, Fault.SYNTAX)]),
    "an alias": (file("fields: &f [bp]", "anchors: *f"), [(8, Fault.ALIAS)]),
    "a tag": (file("fields: !!python/object/apply:os.system [ls]"), [(8, Fault.TAG)]),
    "deep": (f"programmes: {'[' * 5000}", [(1, Fault.TOO_DEEP)]),
    "two documents": (file() + "---\nprogrammes: []\n", [(9, Fault.SEVERAL_DOCUMENTS)]),
    "a key twice": (file("family: chronic"), [(8, Fault.REPEATED_KEY)]),
    # its shape
    "nothing": ("", [(1, Fault.NOT_A_MAPPING)]),
    "a list": ("- code: mine\n", [(1, Fault.NOT_A_MAPPING)]),
    "no list": ("programmes:\n  code: mine\n", [(1, Fault.NOT_A_LIST)]),
    "no programmes": ("programmes: []\n", [(1, Fault.EMPTY_LIST)]),
    "another key": ("programs:\n  - code: mine\n", [(1, Fault.UNKNOWN_KEY_NEAR), (1, Fault.MISSING_KEY)]),
    "a list where a word belongs": (instead("family: chronic", "family: [chronic]"), [(4, Fault.NOT_A_WORD)]),
    "nothing where a word belongs": (instead("source: 本镇约定", "source:"), [(5, Fault.NOT_A_WORD)]),
    "a word where a list belongs": (file("fields: bp"), [(8, Fault.NOT_A_LIST)]),
    "a word where keys belong": (file("eligible: 18y"), [(8, Fault.NOT_A_MAPPING)]),
    "nobody reports": (instead("reported_by: [manager, clinic]", "reported_by: []"), [(6, Fault.EMPTY_LIST)]),
    "a key misspelt": (file("feilds: [bp]"), [(8, Fault.UNKNOWN_KEY_NEAR)]),
    "a key nobody knows": (file("zzz: 1"), [(8, Fault.UNKNOWN_KEY)]),
    "a version": (file("version: 3"), [(8, Fault.OWN_VERSION)]),
    "no source": (without("source"), [(2, Fault.MISSING_KEY)]),
    "no names": (without("names"), [(2, Fault.MISSING_KEY)]),
    "no family": (without("family"), [(2, Fault.MISSING_KEY)]),
    "no roles": (without("visible_to"), [(2, Fault.MISSING_KEY)]),
    "no code": ("programmes:\n  - source: x\n", [(2, Fault.MISSING_KEY)]),
    "no source of a change": ("programmes:\n  - {code: hypertension, retired: true}\n", [(2, Fault.MISSING_KEY)]),
    # single values
    "a field misspelt": (file("fields: [bp, medicaton]"), [(8, Fault.UNKNOWN_WORD_NEAR)]),
    "a field nobody knows": (file("fields: [zzzz]"), [(8, Fault.UNKNOWN_WORD)]),
    "an anchor misspelt": (file("anchors: [brith]"), [(8, Fault.UNKNOWN_WORD_NEAR)]),
    "a role nobody knows": (
        instead("visible_to: [manager, clinic]", "visible_to: [manager, clinic, boss]"),
        [(7, Fault.UNKNOWN_WORD)],
    ),
    "a base nobody knows": (file("based_on: hypertention"), [(8, Fault.UNKNOWN_WORD_NEAR)]),
    "a field twice": (file("fields: [bp, bp]"), [(8, Fault.REPEATED_WORD)]),
    "a code with a hyphen": (instead("code: mine", "code: my-own"), [(2, Fault.BAD_CODE)]),
    "a code in capitals": (instead("code: mine", "code: Mine"), [(2, Fault.BAD_CODE)]),
    "a long code": (instead("code: mine", f"code: {'m' * 25}"), [(2, Fault.BAD_CODE)]),
    "perhaps": (file("opt_in: perhaps"), [(8, Fault.BAD_FLAG)]),
    "a bare number": (items(f"code: a, {VISIT}, opens: birth, closes: birth+14"), [(10, Fault.BAD_POINT)]),
    "an unknown date": (items(f"code: a, {VISIT}, opens: brith, closes: birth+14d"), [(10, Fault.UNKNOWN_WORD_NEAR)]),
    "a span without a unit": (file("follow_ups: [{trigger: refer, opens: 14, closes: 21d}]"), [(8, Fault.BAD_SPAN)]),
    "days in months": (file("lapses: 3m"), [(8, Fault.BAD_DAYS)]),
    "an age in days": (file("eligible: {from: 42d}"), [(8, Fault.BAD_AGE)]),
    "an age nobody has": (file("eligible: {from: 300y}"), [(8, Fault.OUT_OF_RANGE)]),
    "under no age": (file("eligible: {under: 0m}"), [(8, Fault.OUT_OF_RANGE)]),
    "far away": (items(f"code: a, {VISIT}, opens: birth, closes: birth+999y"), [(10, Fault.OUT_OF_RANGE)]),
    "no lapse": (file("lapses: 0d"), [(8, Fault.OUT_OF_RANGE)]),
    "a long name": (instead("en: Mine", f"en: {'m' * 31}"), [(3, Fault.TOO_LONG)]),
    "one language": (instead(", en: Mine", ""), [(3, Fault.MISSING_LANGUAGE)]),
    "another language": (instead("en: Mine", "en: Mine, fr: Le mien"), [(3, Fault.UNKNOWN_KEY)]),
    # what fits together
    "a visit without names": (items("code: a, opens: birth, closes: birth+7d"), [(10, Fault.UNNAMED_VISIT)]),
    "a code that means something else": (
        items(f"code: follow_up, {VISIT}, opens: birth, closes: birth+7d"),
        [(10, Fault.RESERVED_CODE)],
    ),
    "a visit twice": (
        items(f"code: a, {VISIT}, opens: birth, closes: birth+7d", f"code: a, {VISIT}, opens: birth, closes: birth+7d"),
        [(11, Fault.REPEATED_VISIT)],
    ),
    "a visit that is also the repeated one": (
        items(f"code: monthly, {VISIT}, opens: birth, closes: birth+7d"),
        [(11, Fault.REPEATED_VISIT)],
    ),
    "a programme twice": (
        HEAD + REPEATS + HEAD.removeprefix("programmes:\n") + REPEATS,
        [(9, Fault.REPEATED_PROGRAMME)],
    ),
    "another's base": (
        "programmes:\n  - {code: diabetes, based_on: hypertension, source: x}\n",
        [(2, Fault.OTHER_BASE)],
    ),
    "closed before open": (
        items(f"code: a, {VISIT}, opens: birth+28d, closes: birth+14d"),
        [(10, Fault.CLOSES_BEFORE_OPENS)],
    ),
    "closed before open in February": (
        items(f"code: a, {VISIT}, opens: birth+29d, closes: birth+1m"),
        [(10, Fault.CLOSES_BEFORE_OPENS)],
    ),
    "a follow-up closed before open": (
        file("follow_ups: [{trigger: refer, opens: 21d, closes: 14d}]"),
        [(8, Fault.CLOSES_BEFORE_OPENS)],
    ),
    "a follow-up at once": (file("follow_ups: [{trigger: refer, opens: 0d, closes: 14d}]"), [(8, Fault.OUT_OF_RANGE)]),
    "aimed outside": (
        items(f"code: a, {VISIT}, opens: birth+7d, target: birth, closes: birth+14d"),
        [(10, Fault.AIMS_OUTSIDE)],
    ),
    "expired before closed": (
        items(f"code: a, {VISIT}, opens: birth, closes: birth+14d, expires: birth+7d"),
        [(10, Fault.EXPIRES_BEFORE_CLOSES)],
    ),
    "a gap to nothing": (
        items(f"code: a, {VISIT}, opens: birth, closes: birth+14d, gap: 28d"),
        [(10, Fault.GAP_WITHOUT_SERIES)],
    ),
    "no gap": (
        items(f"code: a, {VISIT}, opens: birth, closes: birth+14d, series: s, gap: 0d"),
        [(10, Fault.OUT_OF_RANGE)],
    ),
    "open before the last one": (
        file(repeats=REPEATS.replace("before: 7d", "before: 31d")),
        [(8, Fault.OPENS_TOO_EARLY)],
    ),
    "every day": (file(repeats=REPEATS.replace("every: 1m", "every: 1d")), [(8, Fault.OUT_OF_RANGE)]),
    "nobody's age": (file("eligible: {from: 65y, under: 35y}"), [(8, Fault.AGES_REVERSED)]),
    "a date that isn't asked": (
        file("items:", f"  - {{code: a, {VISIT}, opens: start, closes: start+7d}}"),
        [(2, Fault.ANCHOR_NOT_LISTED)],
    ),
    "a date that can't be asked": (file("anchors: [last_visit]"), [(8, Fault.ANCHOR_NEVER_ASKED)]),
    "control of nothing": (
        file("follow_ups: [{trigger: uncontrolled, opens: 14d, closes: 21d}]"),
        [(8, Fault.NO_CONTROL)],
    ),
    "over at once": (file("anchors: [start]", "ended_by: start"), [(9, Fault.ENDS_AT_ONCE)]),
    "no visits": (file(repeats=""), [(2, Fault.NO_VISITS)]),
    "another calendar": (file("calendar: true"), [(8, Fault.CALENDAR_ELSEWHERE)]),
    "the check-up retired": (
        "programmes:\n  - code: checkup\n    source: x\n    retired: true\n",
        [(4, Fault.CHECKUP_STAYS)],
    ),
    # what must not be
    "seen by the leader": (
        instead("visible_to: [manager, clinic]", "visible_to: [manager, clinic, leader]"),
        [(7, Fault.COUNTS_ONLY)],
    ),
    "seen by the deputy": (
        instead("visible_to: [manager, clinic]", "visible_to: [manager, clinic, deputy]"),
        [(7, Fault.COUNTS_ONLY)],
    ),
    "reported by the admin": (
        instead("reported_by: [manager, clinic]", "reported_by: [manager, admin]"),
        [(6, Fault.NO_TEAM)],
    ),
    "reported unseen": (instead("visible_to: [manager, clinic]", "visible_to: [clinic]"), [(6, Fault.REPORTS_UNSEEN)]),
    "antenatal seen by managers": (
        instead("family: chronic", "family: antenatal"),
        [(2, Fault.PREGNANCY_OPT_IN), (6, Fault.PREGNANCY_TO_CLINIC), (7, Fault.PREGNANCY_TO_CLINIC)],
    ),
    "pregnancy by the date": (
        file("opt_in: true", "anchors: [lmp]"),
        [(6, Fault.PREGNANCY_TO_CLINIC), (7, Fault.PREGNANCY_TO_CLINIC)],
    ),
    "pregnancy by its end": (
        file("opt_in: true", "ended_by: delivery"),
        [(6, Fault.PREGNANCY_TO_CLINIC), (7, Fault.PREGNANCY_TO_CLINIC)],
    ),
    "contraception for all": (
        instead("family: chronic", "family: contraception"),
        [(2, Fault.CONTRACEPTION_OPT_IN), (2, Fault.CONTRACEPTION_APPROVAL)],
    ),
    "contraception without approval": (
        "programmes:\n  - code: iud\n    source: x\n    clinic_approval: false\n",
        [(4, Fault.CONTRACEPTION_APPROVAL)],
    ),
    "antenatal care opened to managers": (
        "programmes:\n  - code: antenatal\n    source: x\n    visible_to: [manager, clinic]\n",
        [(4, Fault.PREGNANCY_TO_CLINIC), (4, Fault.SEEN_BY_MORE)],
    ),
    "another family": (
        "programmes:\n  - code: diabetes\n    source: x\n    family: screening\n",
        [(4, Fault.OTHER_FAMILY)],
    ),
    "a menstrual date": (file("fields: [menstruation]"), [(8, Fault.NEVER_COLLECTED)]),
    "fetal sex": (file("fields: [fetal_sex]"), [(8, Fault.NEVER_COLLECTED)]),
    "a quota": (file("quota: 90"), [(8, Fault.NO_TARGETS)]),
    "a fee": (file("fee: 200"), [(8, Fault.NO_SUCH_SERVICE)]),
    "a search for pregnancies": (instead("我的随访", "单月查孕"), [(3, Fault.NO_SUCH_SERVICE)]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_with_its_line(name: str) -> None:
    text, expected = CASES[name]
    assert sorted(told(text)) == sorted(expected)


def test_every_fault_is_shown() -> None:
    assert {fault for _, expected in CASES.values() for _, fault in expected} == set(Fault)


def test_the_file_that_the_cases_spoil_is_right() -> None:
    assert told(file()) == []
    assert told(items(f"code: a, {VISIT}, opens: birth+28d, target: birth+30d, closes: birth+1m+14d")) == []


def test_everything_is_told_at_once() -> None:
    text = file("fields: [bpp]", "quota: 1", "eligible: {from: 42d}", repeats="") + "  - code: other\n"
    faults = [fault for _, fault in told(text)]
    assert {Fault.UNKNOWN_WORD_NEAR, Fault.NO_TARGETS, Fault.BAD_AGE, Fault.MISSING_KEY, Fault.NO_VISITS} <= set(faults)


def test_a_file_full_of_aliases_is_refused_at_once() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{after}: &{after} [{','.join([f'*{before}'] * 9)}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert told(bomb) == [(1, Fault.ALIAS)]


def test_each_problem_has_an_example_that_is_right() -> None:
    """Where an example is a line of the file, the file with it says nothing about that line any more."""
    problem = read(items(f"code: a, {VISIT}, opens: birth+28d, closes: birth+14d").encode()).problems[0]
    assert problem.where == ("mine", "items", "a", "closes")
    assert told(items(f"code: a, {VISIT}, opens: birth+28d, {problem.example}")) == []


@every
def test_the_built_in_programmes_are_right_themselves(programme: Programme) -> None:
    found = [*checks.findings(programme, programme), *forbidden.findings(programme)]
    assert [(where, wrong.fault) for where, wrong in found] == []


@every
def test_what_is_written_reads_as_the_same(programme: Programme) -> None:
    """Read upon an empty programme of that code, so that nothing can come from the built-in one."""
    empty = replace(Programme("", 1, Family.CHRONIC, "", ANY_TEAM, ANY_TEAM), code=programme.code)
    named = replace(programme, titles=(("zh-CN", "名"), ("en", "Name")))
    named = replace(named, items=tuple(replace(item, titles=named.titles) for item in named.items))
    if named.recurrence is not None:
        named = replace(named, recurrence=replace(named.recurrence, titles=named.titles))
    present = {programme.code: programme}
    read_back = read(yaml_text([(named, empty)]).encode(), present, {programme.code: empty})
    assert read_back.problems == ()
    assert [replace(one, version=named.version) for one in read_back.programmes] == [named]
    assert of_body(json.loads(json.dumps(body(named))), named.version) == named
    assert of_body(json.loads(json.dumps(body(programme))), programme.version) == programme


@every
def test_a_built_in_programme_that_is_only_named_stays_as_it_is(programme: Programme) -> None:
    [same] = read(f"programmes: [{{code: {programme.code}, source: 本镇}}]".encode()).programmes
    assert same == replace(programme, source="本镇")
    assert [one.key for one in differences(programme, same)] == ["source"]
    assert is_same(same, replace(same, version=99))


def test_a_programme_based_on_another_has_all_of_it_but_the_name() -> None:
    text = (
        "programmes:\n  - {code: mine, based_on: hypertension, source: x, names: {zh-CN: 我, en: Mine}, opt_in: yes}\n"
    )
    [mine] = read(text.encode()).programmes
    kept = replace(BUILT_IN["hypertension"], code="mine", source="x", opt_in=True, based_on="hypertension")
    assert mine == replace(kept, titles=(("zh-CN", "我"), ("en", "Mine")))


def test_what_is_inherited_can_be_taken_away() -> None:
    text = file(
        "based_on: iud", "opt_in: true", "clinic_approval: true", "recurrence: none", "eligible: {}", repeats=""
    )
    [mine] = read(text.replace("family: chronic", "family: contraception").encode()).programmes
    assert (mine.recurrence, mine.eligible) == (None, Eligibility())
    assert [item.code for item in mine.items] == ["month1", "month3", "month6", "month12"]


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("14d", Span(days=14)),
        ("2w", Span(days=14)),
        ("3m", Span(months=3)),
        ("1y6m", Span(months=18)),
        ("6m-1d", Span(6, -1)),
        ("＋３ｍ", Span(months=3)),
    ],
)
def test_lengths_of_time(written: str, span: Span) -> None:
    text = file(f"follow_ups: [{{trigger: refer, opens: 1d, closes: '{written}'}}]")
    programmes = read(text.encode()).programmes
    assert not programmes or programmes[0].follow_ups[0].closes == span


def test_the_example_is_right() -> None:
    contents = read(EXAMPLE.read_bytes())
    assert contents.problems == ()
    assert [one.code for one in contents.programmes] == ["hypertension", "bp_at_home", "copd", "cervical_cytology"]
    by_code = {one.code: one for one in contents.programmes}
    assert by_code["copd"].eligible == Eligibility(min_months=35 * 12)
    assert by_code["cervical_cytology"].retired
    assert by_code["bp_at_home"].visible_to == ANY_TEAM
