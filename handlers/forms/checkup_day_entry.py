"""What the forms of one check-up day need from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from handlers import checkup_days as screens
from handlers.context import Turn
from handlers.forms import checkup_day
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.access import Permission
from models.rules.calendar import is_working_day
from models.rules.errors import InputError
from models.rules.moving import Reach
from models.store import checkup_days as store

Json = Any
Answers = Mapping[str, Json]
_QUICK, _LOOKED_AT = 3, 14
"""So many working days before and after are offered, of those so near."""


async def _load(turn: Turn, answers: Answers, facts: Answers) -> Facts:
    """Return where the day is now and where it can go, and refuse a day out of reach."""
    actor = turn.require(Permission.CALENDAR_CHANGE)
    village_id, nominal = screens.nominal_of(facts)
    found = await store.get(turn.session, actor, village_id, nominal)
    reach = await store.reach_of(turn.session, actor, village_id, nominal)
    day = answers.get("day")
    if day and date.fromisoformat(day) not in reach:
        example = f"{reach.last.month}.{reach.last.day}"
        raise InputError("day_reach", example, first=reach.first, last=reach.last)
    quick = [each.isoformat() for each in _near(found.held_on, reach)]
    return {"name": found.village.name, "held": found.held_on.isoformat(), "quick": quick}


def _near(held_on: date, reach: Reach) -> list[date]:
    """Return a few working days just before and after the day, as far as they are within reach."""
    spans = [timedelta(days=number) for number in range(1, _LOOKED_AT)]
    before = [held_on - span for span in spans if held_on - span in reach and is_working_day(held_on - span)]
    after = [held_on + span for span in spans if held_on + span in reach and is_working_day(held_on + span)]
    return sorted((*before[:_QUICK], *after[:_QUICK]))


async def _move(turn: Turn, answers: Answers, facts: Answers, _draft_id: int) -> Message:
    actor = turn.require(Permission.CALENDAR_CHANGE)
    village_id, nominal = screens.nominal_of(facts)
    to, reason = date.fromisoformat(answers["day"]), str(answers["reason"])
    found = await store.move(turn.session, actor, village_id, nominal, to, reason)
    return screens.receipt(turn, found, date.fromisoformat(facts["held"]))


async def _cancel(turn: Turn, answers: Answers, facts: Answers, _draft_id: int) -> Message:
    actor = turn.require(Permission.CALENDAR_CHANGE)
    village_id, nominal = screens.nominal_of(facts)
    found = await store.cancel(turn.session, actor, village_id, nominal, str(answers["reason"]))
    return screens.receipt(turn, found, found.held_on)


MOVE = Entry(checkup_day.MOVE, _load, nobody, _move)
CANCEL = Entry(checkup_day.CANCEL, _load, nobody, _cancel)
