"""The forms that move one check-up day, or leave it out: which day instead, and why."""

from __future__ import annotations

from datetime import date

from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.calendar import Day
from handlers.forms.kinds.choice import Choice, texts
from locales.message import Text
from models.rules.calendar import is_working_day
from models.rules.moving import REASONS

_REACH_DAYS = 400


def _quick(env: Env) -> tuple[tuple[str, date], ...]:
    return tuple(("on", date.fromisoformat(day)) for day in env.facts.get("quick", ()))


def _is_off(day: date, _env: Env) -> tuple[Text, ...]:
    return () if is_working_day(day) else (Text.of("forms.move_day.day_off"),)


def _now(env: Env) -> tuple[Text, ...]:
    held = env.facts.get("held")
    return (Text.of("forms.move_day.now", day=date.fromisoformat(held)),) if held else ()


_reason = Field("reason", Choice(texts("day_reason", REASONS)))

MOVE = Form(
    name="move_day",
    version=1,
    fields=(
        Field("day", Day("future", _REACH_DAYS, quick=_quick, warn=_is_off), loads=True, warns=_now),
        _reason,
    ),
)
CANCEL = Form("cancel_day", 1, (Field("reason", Choice(texts("day_reason", REASONS)), warns=_now),))
