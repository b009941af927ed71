"""The code and the texts know each other: what is said has words and values, and what is worded is said."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from itertools import product
from types import SimpleNamespace

import pytest

from handlers import routes
from handlers.forms import entries
from handlers.forms.fields import Field
from handlers.forms.kinds.choice import Choice, Several
from handlers.menu import COMMANDS
from handlers.staff import INVITED
from locales.message import Text
from locales.translator import LANGUAGES, translator
from models.rules.access import Role
from models.rules.consent import Purpose
from models.rules.digest import Topic
from models.rules.facts import DueState, ReasonCode
from models.rules.outcomes import EFFECTS, Outcome
from models.rules.programmes.base import Programme
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.programmes.checkup import CHECKUP
from models.rules.programmes.checkup import ITEM as CHECKUP_ITEM
from models.rules.programmes.files.faults import Fault
from models.rules.questions.understanding import Intent, Reason
from models.rules.stages import CHECKUP_MANAGER, CHECKUP_RESIDENT
from models.store.checkup_days import CANCELLED, MOVED, RESTORED
from models.store.queue import Troubles
from models.store.unreached import UNREACHED
from scheduler.messages import NOTICES
from scheduler.sources import digest
from tests.architecture.said_keys import ROOT, Said, builds, constant_keys, said, words
from tests.architecture.test_texts import CHINESE, base, names_in

KEYS = {base(key) for key in translator(CHINESE).catalogue}
FORMS = [entry.form for entry in entries.ENTRIES.values()]
SEEN = {notice.action for notice in NOTICES.values() if notice.action} | {tap.action for tap in digest.TAPS.values()}
"""What the buttons of messages open."""
SHOWN_STATES = [state for state in DueState if state is not DueState.CLOSED]
NEVER_DUE = frozenset({ReasonCode.ENDED, ReasonCode.AWAY, ReasonCode.COMPLETED})
"""Reasons why nothing is due: no list shows them."""
RATED, OF_A_TIME = ("highest", "lowest"), ("meeting_of", "checkup_day_of")
"""How questions are worded of rates, and of days of a time."""
WORDED_AHEAD = frozenset[str]()
"""Texts that nothing says so far."""


def _items(programme: Programme) -> set[str]:
    codes = {item.code for item in programme.items} | ({CHECKUP_ITEM} if programme is CHECKUP else set())
    return codes | ({programme.recurrence.code} if programme.recurrence is not None else set())


def _choices(field: Field) -> set[str]:
    if not isinstance(field.kind, Choice | Several):
        return set()
    options = field.kind.choices(SimpleNamespace(facts={}, answers={}))  # type: ignore[arg-type]
    return {label.key for _, label in options if isinstance(label, Text)}


def _graves() -> set[str]:
    grave = [one for one, effect in EFFECTS.items() if effect.ends_programme or effect.ends_all or effect.pauses]
    return {f"choices.outcome_effect.{outcome}" for outcome in grave}


FAMILIES: dict[str, set[str]] = {
    "choices.{}.{}": {key for form in FORMS for field in form.fields for key in _choices(field)},
    "choices.outcome.{}": {f"choices.outcome.{outcome}" for outcome in Outcome},
    "choices.outcome_effect.{}": _graves(),
    "choices.consent.{}": {f"choices.consent.{purpose}" for purpose in Purpose},
    "card.state_{}": {f"card.state_{state}" for state in SHOWN_STATES},
    "commands.{}": {f"commands.{name}" for names in COMMANDS.values() for name in (*names, "start")},
    "demo.note.{}": {f"demo.note.{role}" for role in (*set(Role) - {Role.RESIDENT}, "newcomer")},
    "digest.line.{}": {f"digest.line.{topic}" for topic in Topic},
    "due.button_{}": {f"due.button_{state}" for state in SHOWN_STATES},
    "due.line_{}": {f"due.line_{state}" for state in SHOWN_STATES},
    "due.reason.{}": {f"due.reason.{reason}" for reason in set(ReasonCode) - NEVER_DUE},
    "enrol.hint_{}": {f"enrol.hint_{role}" for role in Role},
    "forms.{}.title": {f"forms.{form.name}.title" for form in FORMS},
    "forms.{}.{}.ask": {f"forms.{form.name}.{field.key}.ask" for form in FORMS for field in form.fields},
    "forms.{}.{}.label": {f"forms.{form.name}.{field.key}.label" for form in FORMS for field in form.fields},
    "forms.weekday.{}": {f"forms.weekday.{number}" for number in range(7)},
    "help.{}": {f"help.{role}" for role in Role},
    "items.{}": {"items.follow_up", "items.extra"},
    "items.{}.{}": {f"items.{code}.{item}" for code, programme in BUILT_IN.items() for item in _items(programme)},
    "languages.{}": {f"languages.{language}" for language in LANGUAGES},
    "programme_files.fault.{}": {f"programme_files.fault.{fault}" for fault in Fault},
    "notices.{}": {f"notices.{kind}" for kind, notice in NOTICES.items() if notice.compose is None},
    "notices.about.{}": {f"notices.about.{kind}" for kind in set(NOTICES) - {UNREACHED}},
    "notices.checkup.{}": {f"notices.{kind}" for kind in (MOVED, CANCELLED, RESTORED)},
    "notices.checkup.before.{}": {f"notices.checkup.before.{stage.value}" for stage in CHECKUP_MANAGER},
    "notices.own.{}": {f"notices.own.{kind.removeprefix('checkup.')}" for kind in (MOVED, CANCELLED, RESTORED)},
    "notices.own.before.{}": {f"notices.own.before.{stage.value}" for stage in CHECKUP_RESIDENT},
    "notices.outbox.{}": {f"notices.outbox.{field.name}" for field in fields(Troubles)},
    "notices.see.{}": {f"notices.see.{action}" for action in SEEN},
    "programmes.{}.name": {f"programmes.{code}.name" for code in BUILT_IN},
    "questions.part.{}": {f"questions.part.{one}" for one in (*set(Intent) - {Intent.ASK, Intent.REFUSE}, *RATED)},
    "questions.reason.{}": {f"questions.reason.{reason}" for reason in Reason} | {"questions.reason.names_team"},
    "questions.understood.{}": {
        f"questions.understood.{one}" for one in (*set(Intent) - {Intent.REFUSE}, *RATED, "some", *OF_A_TIME)
    },
    "receipts.{}": {"receipts.checkup", "receipts.visit"},
    "receipts.another_{}": {"receipts.another_checkup", "receipts.another_visit"},
    "roles.{}": {f"roles.{role}" for role in (*Role, *INVITED)},
}
"""What each f-string can make. One that isn't here is known by the words that the code knows."""


def _possible(text: Said) -> set[str]:
    return _made_by(text.key)


@cache
def _made_by(key: str) -> set[str]:
    if "{}" not in key:
        return {key}
    return FAMILIES.get(key) or {one for one in KEYS if builds(key, one)}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_its_text(family: str) -> None:
    assert FAMILIES[family]
    for language in LANGUAGES:
        assert sorted(key for key in FAMILIES[family] if not translator(language).has(key)) == [], language


def test_every_text_that_is_said_has_words() -> None:
    assert len(said()) > 100
    for text in said():
        assert _possible(text), text.where
        for language, key in product(LANGUAGES, _possible(text)):
            assert translator(language).has(key), f"{text.where}: {language} {key}"


def test_every_key_that_is_kept_for_later_has_words() -> None:
    """A key may stand in a variable, a table or a list before it is said."""
    others = {*routes.TAPS, *NOTICES, *(notice.action for notice in NOTICES.values()), "invite.png", "status.png"}
    wrong = [f"{where}: {key}" for where, key in constant_keys() if key not in KEYS | others]
    assert wrong == []


def test_every_value_that_a_text_mentions_is_given() -> None:
    for text in said():
        if text.is_open:
            continue
        for key in _possible(text):
            assert names_in(key) <= text.values, f"{text.where}: {key}"


def test_what_is_counted_is_given_as_n() -> None:
    """`n` chooses between the forms for one and for many, whatever else they mention."""
    counted = {base(key) for language in LANGUAGES for key in translator(language).catalogue if base(key) != key}
    assert {"staff.list", "due.line_due", "due.attempts"} <= counted
    for text in said():
        if not text.is_open and counted & _possible(text):
            assert "n" in text.values, text.where


@cache
def _asked_formats() -> set[str]:
    specs = {
        spec for pattern in translator(CHINESE).catalogue.values() for spec in re.findall(r"\{\w+:(\w+)\}", pattern)
    }
    return {key for spec in specs for key in (f"formats.{spec}", f"formats.join_{spec}")}


def _page_words() -> str:
    return "\n".join(path.read_text("utf-8") for path in (ROOT / "bot" / "local" / "page").iterdir())


def _on_page(key: str, page: str) -> bool:
    name = key.split(".", 1)[1]
    return f'"{name}"' in page or (name.startswith("service_") and "`service_${" in page)


def _is_said(key: str, page: str) -> bool:
    if key.startswith("page."):
        return _on_page(key, page)
    constants, _ = words()
    families = FAMILIES.values()
    return (
        key in constants
        or key in _asked_formats()
        or any(key in made for made in families)
        or any(builds(one, key) for one in _free(key.split(".")[0]))
    )


@cache
def _free(beginning: str) -> list[str]:
    """Return the f-strings that begin so and are none of the families."""
    _, templates = words()
    return [one for one in templates - set(FAMILIES) if one.split(".")[0] == beginning]


def test_every_text_is_said() -> None:
    page = _page_words()
    assert {key for key in KEYS if not _is_said(key, page)} - WORDED_AHEAD == set()


def test_texts_worded_ahead_are_not_said_yet() -> None:
    page = _page_words()
    assert {key for key in WORDED_AHEAD if key not in KEYS or _is_said(key, page)} == set()
