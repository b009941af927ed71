"""The public notice of a month (公开公示): what is on it, when it is offered, where it may go."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from enum import StrEnum

from models.rules.calendar import working_day_after
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period

_C = IndicatorCode
PUBLISHED = (
    *(_C.DONE, _C.TIMELINESS, _C.CHECKUP_OFFER, _C.REPORTING, _C.INFORMED_CHOICE),
    *(_C.HYPERTENSION_MANAGED, _C.DIABETES_MANAGED, _C.BENEFITS_COVERAGE, _C.COMPLAINTS_ANSWERED),
)
"""Service only: nothing of births, of who comes, or of what people choose; in this order."""
OFFERED_AT = time(9, 0)
_WORKING_DAY = 3
_CHAT = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-[0-9]{5,19}", re.ASCII)


class PublicationState(StrEnum):
    """How far a month's notice is."""

    SHOWN = "shown"
    """Somebody who may approve it has seen it."""
    APPROVED = "approved"
    DECLINED = "declined"
    """None this month."""


class Spot(StrEnum):
    """Whether notices can be posted somewhere."""

    FINE = "fine"
    UNKNOWN = "unknown"
    """There is no such chat, or the bot does not know of it."""
    PRIVATE = "private"
    """It is a person's."""
    NOT_MEMBER = "not_member"
    MAY_NOT_POST = "may_not_post"


def offered_on(month: Period) -> date:
    """Return the day on which a month's notice is offered: the third working day after it (convention)."""
    return working_day_after(month.after.first - timedelta(days=1), _WORKING_DAY)


def chat_name(typed: str) -> str | None:
    """Return the group or channel that was typed: `@name`, or the number of a chat; `None`: neither."""
    found = typed.strip()
    return found if _CHAT.fullmatch(found) else None
