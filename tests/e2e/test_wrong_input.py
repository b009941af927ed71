"""Wrong input of hundreds of kinds: each answer names the field, keeps the draft and fails nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.callback import TapSigner
from bot.telegram.rendering import Reader, Renderer
from handlers.forms import checkup, engine, register, visit
from handlers.forms.engine import Invalid, Pressed, Result, Typed
from handlers.forms.fields import Form, PersonChoice
from handlers.forms.render import draw
from handlers.forms.state import FormState
from locales.message import Say
from locales.translator import LANGUAGES, translator
from models.rules.names import name_keys
from models.store import drafts
from models.store.keyring import Keyring
from tests.conftest import KEYS
from tests.e2e.chat import plain
from tests.e2e.probe import Probe, letters
from tests.e2e.world import World
from tests.e2e.wrong_input import WRONG

TODAY = date(2026, 11, 9)
FORMS: dict[str, Form] = {form.name: form for form in (register.FORM, checkup.FORM, visit.FORM)}
PEOPLE = [
    PersonChoice(number, name, "一组 1956", name_keys(name), "4321", number == 1)
    for number, name in enumerate(("王秀英", "单国强"), 1)
]
FACTS: dict[str, Any] = {
    "started_on": TODAY.isoformat(),
    "health_consent": True,
    "villages": [["21", "大王庄"], ["22", "小李村"]],
    "groups": [["11", "一组"], ["12", "二组"]],
    "enrolments": [["71", "hypertension"], ["72", "diabetes"]],
    "asked": list(visit.KINDS),
    "offered": [],
    "correcting": "5",
    "alike": {
        "here": [
            {"id": "9", "key": "9", "name": "王秀英", "hint": "1956", "reasons": ["name_year"], "weak": False},
        ],
        "elsewhere": ["phone_name"],
    },
}
ANSWERS: dict[str, dict[str, Any]] = {
    "register": {"birth": "2016-03-12", "guardian": "yes", "consents": ["HEALTH_RECORD", "CONTACT"]},
    "checkup": {"person": "1", "outcome": "ATTENDED"},
    "visit": {"person": "1", "outcome": "ATTENDED"},
}
QUESTIONS = [(form.name, field.key) for form in FORMS.values() for field in form.fields]
RENDERER = Renderer(translator, TapSigner(Keyring.parse(KEYS)))
READER = Reader(7, 7, "zh-CN", TODAY)


def _asking(form: str, field: str) -> FormState:
    """Return the state in which `field` is asked, everything before it answered."""
    answers = {key: value for key, value in ANSWERS[form].items() if key != field}
    if field == "agreed_on":
        answers["outcome"] = "RESCHEDULED"
    return FormState(answers=answers, facts=FACTS, revision=3).asking(field, ("person",))


def _step(form: Form, state: FormState, answer: engine.Answer) -> tuple[FormState, Result, list[str]]:
    """Return the next state, what it means, and what is shown in each language."""
    after, result = engine.step(form, state, answer, engine.environment(form, state, TODAY, PEOPLE))
    message = draw(form, after, result, engine.environment(form, after, TODAY, PEOPLE), 2**62)
    shown = []
    for language in LANGUAGES:
        (call,) = RENDERER.render([Say(message, 2**62)], replace(READER, language=language))
        shown.append(plain(call.params["text"]))
    return after, result, shown


def test_the_table_is_large_and_meets_every_question() -> None:
    assert len(WRONG) == len({row[:3] for row in WRONG}) >= 400
    assert len({(row[2], row[3]) for row in WRONG}) >= 200
    assert {row[:2] for row in WRONG} == set(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=".".join)
def test_wrong_input_is_answered_with_the_field_a_hint_and_the_question(question: tuple[str, str]) -> None:
    name, field = question
    form, state = FORMS[name], _asking(name, field)
    label = translator("zh-CN").pattern(f"forms.{name}.{field}.label", {})
    asked = plain(translator("zh-CN").pattern(f"forms.{name}.{field}.ask", {}))
    for _, _, typed, hint in (row for row in WRONG if row[:2] == question):
        after, result, (shown, english) = _step(form, state, Typed(typed))
        assert isinstance(result, Invalid), (typed, result)
        assert after == state, typed
        assert f"❗ {label}：" in shown, (typed, shown)
        assert hint in shown.split("❗")[1], (typed, shown)
        assert f"您输入的是“{typed[:60]}”" in shown, (typed, shown)
        assert asked in shown.split("❗")[1], (typed, shown)
        assert "❗" in english


_NEAR = st.text(
    "0123456789０２/／.-。年月日号农历闰正腊初廿十二三天周后前下上高低压①²½٣XxwyWz王秀英+, \n<&{}", max_size=24
)


@pytest.mark.parametrize("question", QUESTIONS, ids=".".join)
@settings(max_examples=12)  # the questions are of a dozen kinds
@given(typed=st.one_of(st.text(max_size=80), _NEAR))
def test_any_text_is_taken_or_refused_with_the_field_named(question: tuple[str, str], typed: str) -> None:
    name, field = question
    state = _asking(name, field)
    after, result, (shown, _) = _step(FORMS[name], state, Typed(typed))
    if isinstance(result, Invalid):
        assert after == state
        assert f"❗ {translator('zh-CN').pattern(f'forms.{name}.{field}.label', {})}：" in shown
    else:
        assert after.revision == state.revision + 1
        assert FormState.load(orjson.loads(orjson.dumps(after.dump())), after.revision) == after


@pytest.mark.parametrize("question", QUESTIONS, ids=".".join)
@settings(max_examples=15)
@given(op=st.sampled_from("otdmlpbkcsez"), arg=st.text("0123456789abcz-=²①ATTENDED", max_size=14))
def test_any_button_is_taken_or_refused(question: tuple[str, str], op: str, arg: str) -> None:
    name, field = question
    _step(FORMS[name], _asking(name, field), Pressed(op, arg, 3))


SAMPLE = [
    ("/checkup", (), ("128/82", "赵邻居", "?" * 3000, "/nothing", "<b>x</b>"), "报谁？"),
    ("/checkup", ("李红", "到了"), ("12882", "300/90", "82/128", "①", "😀" * 100), "血压多少？"),
    (
        "/checkup",
        ("李红", "改日子"),
        ("改天", "昨天", "2.30", "农历十三月初一", "闰正月初一", "1899-1-1"),
        "约到哪天？",
    ),
    ("/checkup", ("李红",), ("²", "①", "来了", "99", "\u200b"), "结果怎样？"),
    ("/visit", ("王秀英", "到了"), ("abc", "128", "128/820"), "血压多少？"),
    ("/register", (), ("王", "123", "王" * 4000, "王_"), "姓名？"),
]


@pytest.mark.parametrize(("begin", "taps", "wrong", "asked"), SAMPLE)
async def test_in_the_chat_nothing_is_lost_and_nothing_fails(
    world: World, begin: str, taps: tuple[str, ...], wrong: tuple[str, ...], asked: str
) -> None:
    probe = Probe(world, 1001, 1001)
    with structlog.testing.capture_logs() as logs:
        await probe.send(begin)
        for label in taps:
            await probe.tap(label)
        before = await _draft(world)
        for typed in wrong:
            assert asked in str(await probe.send(typed)) or typed.startswith("/"), typed
            assert await _draft(world) == before, typed
    assert [line for line in logs if line["log_level"] in ("error", "critical", "warning")] == []
    assert await letters(world) == []


async def test_words_at_the_review_change_nothing(world: World) -> None:
    probe = Probe(world, 1001, 1001)
    await probe.send("/checkup")
    for label in ("李红", "到了", "跳过"):
        await probe.tap(label)
    before = await _draft(world)
    for typed in ("跳过", "128/82", "上一步", "①"):
        assert "这里不用打字" in str(await probe.send(typed))
        assert await _draft(world) == before
    assert await letters(world) == []


async def test_what_the_store_refuses_is_said_and_the_draft_stays(world: World) -> None:
    """An appointment for today is no later than the visit: said at the review, to be changed there."""
    probe = Probe(world, 1001, 1001)
    await probe.send("/checkup")
    await probe.tap("李红")
    await probe.tap("改日子")
    await probe.send("今天")
    before = await _draft(world)
    assert "要晚于这次的日期" in str(await probe.tap("保存"))
    assert await _draft(world) == before
    await probe.tap("约定日期")
    await probe.send("明天")
    assert "已保存" in str(await probe.tap("保存"))
    assert await letters(world) == []


async def _draft(world: World) -> tuple[int, int, dict[str, Any]]:
    async with world.database.reading() as session:
        (draft,) = await drafts.list_open(session, 1001, 1001)
    return draft.id, draft.revision, draft.body
