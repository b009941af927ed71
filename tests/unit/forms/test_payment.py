"""The form of payments in a large township: no more buttons than a message can hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.forms import engine, render
from handlers.forms.engine import Ask, Pressed
from handlers.forms.payment import FORM
from handlers.forms.state import FormState
from models.rules.benefits import BenefitCode

TODAY = date(2026, 11, 9)
MOST_BUTTONS = 100


def facts(villages: int) -> dict[str, Any]:
    """Confirmations of every benefit wait in so many villages."""
    groups = [[f"{n}-{one}", f"村{n}", one.value, 1 + n] for n in range(villages) for one in BenefitCode]
    return {"groups": groups, "people": [], "more": 0, "started_on": TODAY.isoformat()}


def labels(state: FormState) -> list[str]:
    """Return how the buttons of the question begin."""
    env = engine.environment(FORM, state, TODAY)
    rows = render.draw(FORM, state, Ask(), env, 2**63 - 1).buttons
    return [button.tap.args[3] for row in rows for button in row if button.tap.args[2] == "o"]


def test_few_groups_are_asked_for_at_once() -> None:
    state = engine.begin(FORM, facts(10))
    assert (state.at, len(labels(state))) == ("group", 40)


def test_of_many_the_benefit_is_asked_for_first() -> None:
    state = engine.begin(FORM, facts(40))
    assert (state.at, labels(state)) == ("benefit", [one.value for one in BenefitCode])
    answer = Pressed("o", BenefitCode.REWARD, state.revision)
    state, _ = engine.step(FORM, state, answer, engine.environment(FORM, state, TODAY))
    shown = labels(state)
    assert state.at == "group"
    assert shown == [f"{n}-reward" for n in range(40)]
    assert len(shown) < MOST_BUTTONS
