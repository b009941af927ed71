"""The form engine, step by step."""

from __future__ import annotations

from datetime import date

from handlers.forms import engine
from handlers.forms.engine import Ask, Cancelled, Done, Invalid, MovedOn, Pressed, Result, Review, Typed
from handlers.forms.fields import Field, Form
from handlers.forms.kinds.choice import Choice, Several, texts, yes_no
from handlers.forms.kinds.measured import Measured, Pressure
from handlers.forms.state import REVIEW, FormState

TODAY = date(2026, 11, 9)
FORM = Form(
    "checkup",
    1,
    (
        Field("outcome", Choice(texts("outcome", ("ATTENDED", "AWAY")))),
        Field("bp", Pressure(), when=lambda answers, _: answers.get("outcome") == "ATTENDED", required=False),
        Field("weight", Measured("weight"), offered=lambda _a, _f: True, required=False),
        Field("reason", yes_no(), default=lambda _a, _f: "no"),
    ),
)


def act(state: FormState, answer: engine.Answer, form: Form = FORM) -> tuple[FormState, Result]:
    return engine.step(form, state, answer, engine.environment(form, state, TODAY))


def press(state: FormState, op: str, arg: str = "", form: Form = FORM) -> tuple[FormState, Result]:
    return act(state, Pressed(op, arg, state.revision), form)


def test_questions_come_in_order_and_defaults_are_not_asked() -> None:
    state = engine.begin(FORM, {})
    assert state.at == "outcome"
    state, result = press(state, "o", "ATTENDED")
    assert (state.at, result) == ("bp", Ask())
    state, result = act(state, Typed("128/82"))
    assert (state.at, result) == (REVIEW, Review())
    assert engine.values(FORM, state) == {"outcome": "ATTENDED", "bp": [128, 82], "reason": "no"}


def test_a_condition_leaves_a_question_out() -> None:
    state, result = press(engine.begin(FORM, {}), "o", "AWAY")
    assert result == Review()
    assert "bp" not in engine.values(FORM, state)


def test_a_changed_answer_asks_what_applies_now() -> None:
    state, _ = press(engine.begin(FORM, {}), "o", "AWAY")
    state, _ = press(state, engine.CHANGE, "0")
    assert state.at == "outcome"
    state, result = press(state, "o", "ATTENDED")
    assert (state.at, result) == ("bp", Ask())


def test_another_answer_forgets_what_hung_on_it_and_the_same_one_does_not() -> None:
    form = Form(
        "checkup",
        1,
        (
            Field("outcome", Choice(texts("outcome", ("ATTENDED", "AWAY"))), clears=("bp",)),
            Field("bp", Pressure()),
        ),
    )
    state = engine.begin(form, {}, {"outcome": "ATTENDED", "bp": [128, 82]})
    state, _ = press(state, engine.CHANGE, "0", form)
    state, result = press(state, "o", "ATTENDED", form)
    assert (result, engine.values(form, state)["bp"]) == (Review(), [128, 82])
    state, _ = press(state, engine.CHANGE, "0", form)
    state, result = press(state, "o", "AWAY", form)
    assert (state.at, result, engine.values(form, state)) == ("bp", Ask(), {"outcome": "AWAY"})


def test_back_from_a_change_returns_to_the_review() -> None:
    state, _ = press(engine.begin(FORM, {}), "o", "AWAY")
    state, _ = press(state, engine.CHANGE, "3")
    state, result = press(state, engine.BACK)
    assert (state.at, result) == (REVIEW, Review())


def test_back_walks_the_way_that_was_asked() -> None:
    state, _ = press(engine.begin(FORM, {}), "o", "ATTENDED")
    state, _ = press(state, engine.SKIP)
    assert state.at == REVIEW
    state, _ = press(state, engine.BACK)
    assert state.at == "bp"
    state, _ = press(state, engine.BACK)
    assert state.at == "outcome"


def test_bad_input_leaves_the_state_alone() -> None:
    state, _ = press(engine.begin(FORM, {}), "o", "ATTENDED")
    after, result = act(state, Typed("12882"))
    assert after == state
    assert isinstance(result, Invalid)
    assert (result.field, result.error.example) == ("bp", "128/82")


def test_a_button_of_an_earlier_revision_moves_nothing() -> None:
    first = engine.begin(FORM, {})
    state, _ = press(first, "o", "ATTENDED")
    after, result = act(state, Pressed("o", "AWAY", first.revision))
    assert (after, result) == (state, MovedOn())


def test_a_required_question_cannot_be_skipped() -> None:
    state = engine.begin(FORM, {})
    assert press(state, engine.SKIP)[1] == MovedOn()


def test_an_offered_field_is_added_at_the_review() -> None:
    state, _ = press(engine.begin(FORM, {}), "o", "AWAY")
    state, _ = press(state, engine.CHANGE, "2")
    state, result = act(state, Typed("62.5"))
    assert result == Review()
    assert engine.values(FORM, state)["weight"] == 625


def test_saving_and_giving_up() -> None:
    state, _ = press(engine.begin(FORM, {}), "o", "AWAY")
    assert press(state, engine.SAVE)[1] == Done()
    assert press(state, engine.CANCEL)[1] == Cancelled()


def test_a_late_tick_of_several_is_not_a_flip() -> None:
    form = Form("checkup", 1, (Field("lifestyle", Several(texts("lifestyle", ("salt", "diet", "mood")))),))
    shown = engine.begin(form, {})
    state, _ = act(shown, Pressed("t", "salt=1", shown.revision), form)
    state, _ = act(state, Pressed("t", "salt=1", shown.revision), form)
    state, _ = act(state, Pressed("t", "diet=1", shown.revision), form)
    state, result = press(state, "d", form=form)
    assert result == Review()
    assert engine.values(form, state) == {"lifestyle": ["salt", "diet"]}


def test_words_at_the_review_are_answered() -> None:
    state, _ = press(engine.begin(FORM, {}), "o", "AWAY")
    after, result = act(state, Typed("128/82"))
    assert after == state
    assert isinstance(result, Invalid)
    assert result.field == REVIEW


def test_a_choice_is_typed_without_its_picture() -> None:
    for words in ("✅ 到了", "到了", "came", "Came", "1", "１"):
        state, result = act(engine.begin(FORM, {}), Typed(words))
        assert state.answers == {"outcome": "ATTENDED"}, (words, result)


def test_several_are_typed_with_commas_or_blanks() -> None:
    form = Form("checkup", 1, (Field("lifestyle", Several(texts("lifestyle", ("salt", "exercise", "mood")))),))
    for words in ("少盐，多活动", "少盐 多活动", "1、2", "Less salt, more movement"):
        state, result = act(engine.begin(form, {}), Typed(words), form)
        assert state.answers == {"lifestyle": ["salt", "exercise"]}, (words, result)


def test_a_correction_is_put_on_top_of_what_somebody_else_has_stored() -> None:
    opened = {"outcome": "ATTENDED", "bp": [128, 82], "reason": "no"}
    state = engine.begin(FORM, {"version": 1, "opened_with": opened}, opened)
    state, _ = press(state, engine.CHANGE, "1")
    state, _ = act(state, Typed("138/86"))
    theirs = {"outcome": "ATTENDED", "bp": [120, 80], "weight": 620, "reason": "yes"}
    after = engine.rebased(FORM, state, {"version": 2, "opened_with": theirs}, theirs)
    assert after.answers == {"outcome": "ATTENDED", "bp": [138, 86], "weight": 620, "reason": "yes"}
    assert (after.at, after.revision, after.facts["version"]) == (REVIEW, state.revision + 1, 2)


def test_what_does_not_apply_to_anothers_correction_is_not_saved_with_it() -> None:
    opened = {"outcome": "ATTENDED", "bp": [128, 82]}
    state = engine.begin(FORM, {"version": 1, "opened_with": opened}, opened)
    state, _ = press(state, engine.CHANGE, "1")
    state, _ = act(state, Typed("138/86"))
    after = engine.rebased(FORM, state, {}, {"outcome": "AWAY"})
    assert engine.values(FORM, after) == {"outcome": "AWAY", "reason": "no"}
