"""What the forms that arrange a joint meeting need from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from handlers import arranging as screens
from handlers.context import Turn
from handlers.forms import arranging
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.access import Permission
from models.rules.calendar import is_working_day
from models.rules.errors import InputError
from models.rules.meetings import MeetingReason
from models.store import meetings

Json = Any
Answers = Mapping[str, Json]
_QUICK, _LOOKED_AT = 3, 14
"""So many working days before and after are offered, of those so near."""


async def _load(turn: Turn, answers: Answers, facts: Answers) -> Facts:
    """Return when the meeting is now, and refuse a day too far from its fixed day."""
    actor = turn.require(Permission.MEETING_ARRANGE)
    found = await meetings.get(turn.session, actor, int(facts["meeting"]))
    first = max(turn.today, found.nominal_on - meetings.MOVED_AT_MOST)
    last = found.nominal_on + meetings.MOVED_AT_MOST
    day = answers.get("day")
    if day and not first <= date.fromisoformat(day) <= last:
        raise InputError("meeting_reach", f"{last.month}.{last.day}", first=first, last=last)
    near = _near(found.held_on, first, last)
    return {
        "starts": found.starts_at.isoformat(),
        "hour": str(found.starts_at.hour),
        "quick": [each.isoformat() for each in near],
    }


def _near(held_on: date, first: date, last: date) -> list[date]:
    spans = [timedelta(days=number) for number in range(1, _LOOKED_AT)]

    def some(days: list[date]) -> list[date]:
        return [day for day in days if first <= day <= last and is_working_day(day)][:_QUICK]

    return sorted((*some([held_on - span for span in spans]), *some([held_on + span for span in spans])))


async def _move(turn: Turn, answers: Answers, facts: Answers, _draft_id: int) -> Message:
    actor = turn.require(Permission.MEETING_ARRANGE)
    day, hour = date.fromisoformat(answers["day"]), int(answers["hour"])
    reason = MeetingReason(answers["reason"])
    found = await meetings.move(turn.session, actor, int(facts["meeting"]), day, hour, reason)
    return screens.receipt(turn, found, datetime.fromisoformat(facts["starts"]))


async def _cancel(turn: Turn, answers: Answers, facts: Answers, _draft_id: int) -> Message:
    actor = turn.require(Permission.MEETING_ARRANGE)
    found = await meetings.cancel(turn.session, actor, int(facts["meeting"]), MeetingReason(answers["reason"]))
    return screens.receipt(turn, found, found.starts_at)


MOVE = Entry(arranging.MOVE, _load, nobody, _move)
CANCEL = Entry(arranging.CANCEL, _load, nobody, _cancel)
