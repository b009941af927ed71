"""The forms that move a joint meeting, or leave it out: which day and hour instead, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.calendar import Day
from handlers.forms.kinds.choice import Choice, texts
from locales.message import Label, Text, Verbatim
from models.rules.calendar import is_working_day
from models.rules.meetings import MeetingReason

Json = Any
_REACH_DAYS = 400
_HOURS = range(8, 19)


def _quick(env: Env) -> tuple[tuple[str, date], ...]:
    return tuple(("on", date.fromisoformat(day)) for day in env.facts.get("quick", ()))


def _is_off(day: date, _env: Env) -> tuple[Text, ...]:
    return () if is_working_day(day) else (Text.of("forms.move_meeting.day_off"),)


def _now(env: Env) -> tuple[Text, ...]:
    starts = env.facts.get("starts")
    if not starts:
        return ()
    moment = datetime.fromisoformat(starts)
    return (Text.of("forms.move_meeting.now", day=moment.date(), at=moment.time()),)


def _hours(env: Env) -> Sequence[tuple[str, Label]]:
    return [(str(hour), Verbatim(f"{hour:02}:00")) for hour in _HOURS]


def _same_hour(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> Json:
    return facts.get("hour")


_reason = Choice(texts("meeting_reason", tuple(MeetingReason)))

MOVE = Form(
    name="move_meeting",
    version=1,
    fields=(
        Field("day", Day("future", _REACH_DAYS, quick=_quick, warn=_is_off), loads=True, warns=_now),
        Field("hour", Choice(_hours, columns=3), default=_same_hour),
        Field("reason", _reason),
    ),
)
CANCEL = Form("cancel_meeting", 1, (Field("reason", _reason, warns=_now),))
