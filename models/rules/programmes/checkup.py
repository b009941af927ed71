"""The odd-month check-up: the village's fixed day, moved to the next working day.

The day is given as one date, so it stays in time for 7 days (convention); the next check-up day takes its
place. Coming is voluntary: who declines is not asked again.
"""

from __future__ import annotations

from models.rules.programmes.base import ANY_TEAM, Family, Programme
from models.rules.programmes.sources import CHECKUP as SOURCE

ITEM = "checkup"
OPEN_DAYS = 7
"""Days from the check-up day to the last day in time; who came this long before is not asked again either."""

CHECKUP = Programme(
    code="checkup",
    version=1,
    family=Family.CHECKUP,
    source=SOURCE,
    reported_by=ANY_TEAM,
    visible_to=ANY_TEAM,
    calendar=True,
    fields=("bp", "concern"),
)
