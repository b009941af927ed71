"""The wording of what the bot says on its own: neutral, short, and complete in both languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from locales.message import Text
from locales.translator import LANGUAGES, translator
from models.rules.access import Actor, Role
from models.rules.quiet import OFF
from models.store.sending import Claimed
from models.store.unreached import UNREACHED
from scheduler.dispatcher import pause_after
from scheduler.messages import NOTICES, word

SOME_DAY = datetime(2026, 3, 1, tzinfo=UTC)
CLINIC = Actor(5, Role.CLINIC, 1, None)


def claimed(kind: str, **details: int) -> Claimed:
    return Claimed(1, kind, 2**62, "", details, 0, False, False, SOME_DAY, CLINIC, True, False, OFF, 7, 7)


FIXED = [kind for kind, notice in NOTICES.items() if notice.compose is None]


@pytest.mark.parametrize("kind", FIXED)
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


@pytest.mark.parametrize("kind", NOTICES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_can_be_named_when_it_does_not_arrive(kind: str, language: str) -> None:
    if kind == UNREACHED:
        return  # passed on as it is
    about = Text.of(f"notices.about.{kind}")
    words = translator(language).plain(Text.of("notices.unreached", place="大王庄", role="村管理员", about=about))
    assert "大王庄" in words
    assert not re.search(r"[{}\d]", words)


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
