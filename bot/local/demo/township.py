"""What the demo's records of the township itself need to know: no person and no village has made them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from bot.local.demo.places import Village
from bot.local.demo.setting import OPEN_MINUTES, OPENS_UTC, midnight
from models.rules.spans import add_months
from models.store.vault import Vault

MONTHS = 14
"""So many months back such records are told: a year, and what it is compared with."""


@dataclass(frozen=True, slots=True)
class Township:
    """The township on one day.

    Attributes:
        today: the day there; nothing is told of it or later.
        clinic, deputy: ids of the staff who answer and enter.
    """

    id: int
    villages: Sequence[Village]
    clinic: int
    deputy: int
    today: date
    vault: Vault

    def month(self, ago: int) -> date:
        """Return the first day of the month so many months ago."""
        return add_months(self.today.replace(day=1), -ago)


def office_hours(rng: Random, day: date) -> datetime:
    """Return a moment of office hours of `day`."""
    return midnight(day) + timedelta(minutes=OPENS_UTC + rng.randint(0, OPEN_MINUTES))
