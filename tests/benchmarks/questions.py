"""The form that all bots of the comparison ask: five questions, then a look over it, then saving.

| update | what the person does | what the bot shows |
| --- | --- | --- |
| 1 | `/form` | a new message with the first question |
| 2 | taps the outcome | the same message, the next question |
| 3 | types the blood pressure | the same; what was typed is deleted |
| 4 | taps how the medicine is taken | the same |
| 5 | types the weight | the same; what was typed is deleted |
| 6 | taps yes or no | the same message, everything to look over |
| 7 | taps save | the same message: saved |
"""

from __future__ import annotations

from dataclasses import dataclass

from locales.message import Text
from locales.translator import translator

LANGUAGE = "zh-CN"
FIELDS = ("outcome", "bp", "medication", "weight", "reaction")
SAVED = "forms.already_saved"
"""The key of what stands there in the end."""
FACTS = {"name": "王秀英", "programme": "hypertension", "programme_name": "hypertension", "health_consent": True}
CALLS = {
    "/form": ("sendMessage",),
    "tap": ("editMessageText", "answerCallbackQuery"),
    "typed": ("editMessageText", "deleteMessage"),
}
"""The calls that every bot makes for each kind of update, besides getUpdates."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a person does: types `text`, or taps the button whose label is `label`.

    Attributes:
        sees: a part of what the bot must show then.
    """

    sees: str
    text: str | None = None
    label: str | None = None


def words(key: str, **values: object) -> str:
    """Return the text of `key` as a button or a reader sees it."""
    return translator(LANGUAGE).plain(Text.of(key, **values))


def label(field: str) -> str:
    """Return what a question is called."""
    return words(f"forms.visit.{field}.label")


def ask(field: str) -> str:
    """Return a question."""
    return words(f"forms.visit.{field}.ask")


def option(group: str, code: str) -> str:
    """Return the label of a choice."""
    return words(f"choices.{group}.{code}")


def steps() -> tuple[Step, ...]:
    """Return one form from the first word to the receipt."""
    return (
        Step(ask("outcome"), text="/form"),
        Step(ask("bp"), label=option("outcome", "ATTENDED")),
        Step(ask("medication"), text="128/82"),
        Step(ask("weight"), label=option("medication", "regular")),
        Step(ask("reaction"), text="62.5"),
        Step("62.5", label=option("is_there", "no")),
        Step(words(SAVED), label=words("forms.save")),
    )
