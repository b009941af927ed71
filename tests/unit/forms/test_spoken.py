"""What is typed in a form like the button below its question is that button, where there is one."""

from __future__ import annotations

import pytest

from handlers.forms import engine
from handlers.forms.engine import BACK, CANCEL, SAVE, SKIP, Answer, Pressed, Typed
from handlers.forms.spoken import meant
from handlers.forms.state import FormState
from tests.unit.forms.test_engine import FORM, press


def _now(state: FormState, text: str) -> str | None:
    answer: Answer = meant(FORM, state, Typed(text))
    return answer.op if isinstance(answer, Pressed) and answer.revision == state.revision else None


def test_before_the_first_answer_there_is_nothing_to_go_back_to_or_to_skip() -> None:
    first = engine.begin(FORM, {})
    assert [_now(first, text) for text in ("上一步", "跳过", "保存", "不填了")] == [None, None, None, CANCEL]


def test_a_question_that_may_be_skipped_is_skipped() -> None:
    pressure, _ = press(engine.begin(FORM, {}), "o", "ATTENDED")
    assert pressure.at == "bp"
    assert [_now(pressure, text) for text in ("上一步", "跳过", "保存", "取消")] == [BACK, SKIP, None, CANCEL]


@pytest.mark.parametrize("text", ["保存", "都对", "对", "没错", "save", "Yes"])
def test_the_review_is_saved(text: str) -> None:
    review, _ = press(engine.begin(FORM, {}), "o", "AWAY")
    assert _now(review, text) == SAVE
    assert _now(review, "上一步") is None


def test_what_answers_stays_an_answer() -> None:
    first = engine.begin(FORM, {})
    for answer in (Typed("到了"), Pressed("o", "AWAY", first.revision)):
        assert meant(FORM, first, answer) is answer
