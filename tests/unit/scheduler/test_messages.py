"""The wording of what the bot says on its own: neutral, short, and complete in both languages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from locales.translator import LANGUAGES, translator
from models.rules.access import Actor, Role
from models.store.outbox import Claimed
from scheduler.dispatcher import pause_after
from scheduler.messages import NOTICES, word

CLINIC = Actor(5, Role.CLINIC, 1, None)


def claimed(kind: str, **details: int) -> Claimed:
    return Claimed(1, kind, 2**62, "", details, 0, False, None, CLINIC, True, 7, 7)


@pytest.mark.parametrize("kind", NOTICES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_says_something_neutral(kind: str, language: str) -> None:
    notice = NOTICES[kind]
    message = word(claimed(kind, **dict.fromkeys(notice.values, 3)))
    words = translator(language).render(message.text)
    assert len(words) < 200
    assert not re.search(r"\d", re.sub(r"3|7 天|7 days", "", words))
    assert bool(message.buttons) == (notice.action is not None)
    for row in message.buttons:
        for button in row:
            assert translator(language).plain(button.label)
            assert len("|".join((button.tap.action, *button.tap.args)).encode()) <= 48


def test_a_kind_is_worded_with_its_own_values_only() -> None:
    message = word(claimed("draft.expired", n=2, other=9))
    assert message.text.values == {"n": 2}


@pytest.mark.parametrize("kind", ["unheard.of", "draft.expired"])
def test_what_cannot_be_worded_is_not_said(kind: str) -> None:
    with pytest.raises(KeyError):
        word(claimed(kind))


def test_pauses_double_and_end_at_half_an_hour() -> None:
    pauses = [pause_after(attempts) for attempts in range(2000)]
    assert pauses[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(minutes=30)
