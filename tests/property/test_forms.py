"""Whatever people do to a form, it stays a form."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from handlers.forms import change, checkup, consent, engine, household, join, register, visit
from handlers.forms.engine import Done, Invalid, Pressed, Result, Typed
from handlers.forms.fields import Form, PersonChoice
from handlers.forms.render import draw
from handlers.forms.state import REVIEW, FormState
from locales.translator import LANGUAGES, translator
from models.rules.names import name_keys
from models.rules.programmes.catalogue import BUILT_IN

TODAY = date(2026, 11, 9)
PEOPLE = [
    PersonChoice(number, name, f"一组 {1950 + number}", name_keys(name), "4321", number < 3)
    for number, name in enumerate(("王秀英", "单国强", "李红", "王秀英", "仇<b>&"), 1)
]
FACTS: dict[str, Any] = {
    "started_on": TODAY.isoformat(),
    "health_consent": True,
    "groups": [["11", "一组"], ["12", "二组"]],
    "asked": ["bp", "medication", "reaction", "lifestyle"],
    "offered": ["weight", "glucose", "symptoms", "concern"],
    "enrolment": "77",
    "programme": "hypertension",
    "programme_name": "hypertension",
    "act": "withdrawn",
    "current": ["HEALTH_RECORD", "REMINDERS"],
    "possible": ["away", "back", "moved"],
    "who": "王秀英",
    "head": "单国强",
    "relations": ["spouse", "child"],
    "odd": ["child"],
    "fitting": [[one.code, one.code, one.family, list(one.anchors)] for one in BUILT_IN.values()],
}
FORMS = st.sampled_from([register.FORM, checkup.FORM, visit.FORM, change.FORM, consent.FORM, household.FORM, join.FORM])
WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["128/82", "82/128", "１２８／８２", "昨天", "10.5", "下周三", "农历八月十五", "闰六月初一", "62.5", "王秀英"],
    ),
    st.sampled_from(
        ["wxy", "4321", "是", "否", "1", "女", "2031-02-30", "13812345678", "11010519491231002X", "-1", "9" * 30]
    ),
)


def _buttons(form: Form, state: FormState) -> list[Pressed]:
    """Return every button that the form shows now."""
    env = engine.environment(form, state, TODAY, PEOPLE)
    message = draw(form, state, engine.Ask(), env, 2**62)
    taps = [button.tap for row in message.buttons for button in row]
    assert all(len(".".join((tap.action, *tap.args)).encode()) <= 48 for tap in taps)
    return [Pressed(tap.args[2], tap.args[3], int(tap.args[1], 36)) for tap in taps]


def _step(form: Form, state: FormState, answer: engine.Answer) -> tuple[FormState, Result]:
    env = engine.environment(form, state, TODAY, PEOPLE)
    after, result = engine.step(form, state, answer, env)
    env = engine.environment(form, after, TODAY, PEOPLE)
    message = draw(form, after, result, env, 7)
    for language in LANGUAGES:
        words = translator(language)
        assert 0 < len(words.render(message.text)) < 4096
        assert all(words.plain(button.label) for row in message.buttons for button in row)
    return after, result


@given(form=FORMS, data=st.data())
def test_any_walk_through_a_form(form: Form, data: st.DataObject) -> None:
    state = engine.begin(form, FACTS)
    for _ in range(data.draw(st.integers(1, 25))):
        shown = _buttons(form, state)
        answer = data.draw(st.one_of(st.sampled_from(shown), WORDS.map(Typed)))
        after, result = _step(form, state, answer)
        assert after.revision in (state.revision, state.revision + 1)
        if isinstance(result, Invalid):
            assert after == state
            assert result.field == state.at
        if isinstance(result, Done):
            assert all(
                field.key in engine.values(form, after) or not field.required or field.offered({}, FACTS)
                for field in engine.applicable(form, after)
            )
            return
        body = orjson.loads(orjson.dumps(after.dump()))
        assert FormState.load(body, after.revision) == after
        state = after


@given(form=FORMS, typed=st.text(min_size=1, max_size=200), data=st.data())
def test_arbitrary_words_never_raise(form: Form, typed: str, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from([field.key for field in form.fields]))
    state = engine.begin(form, FACTS).asking(key, ())
    after, result = _step(form, state, Typed(typed))
    if isinstance(result, Invalid):
        assert after == state


@given(form=FORMS, op=st.sampled_from("otdklpmbces"), arg=st.text(max_size=20), revision=st.integers(-1, 3))
def test_forged_buttons_never_raise(form: Form, op: str, arg: str, revision: int) -> None:
    state = engine.begin(form, FACTS)
    for key in (*(field.key for field in form.fields), REVIEW):
        _step(form, state.asking(key, ()), Pressed(op, arg, revision))
