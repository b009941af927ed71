"""What every part of the demo's story needs to know: the day, the village, who enters, and the dice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.local.demo.places import Village
from bot.local.demo.rounds import Rounds, launch_of
from models.store.vault import Vault

OPENS_UTC = 30
"""Offices open at 08:30 in China: minutes after midnight UTC."""
OPEN_MINUTES = 9 * 60


@dataclass(frozen=True, slots=True)
class Setting:
    """One village on one day.

    Attributes:
        today: the day there; nothing is told of it or later.
        launch: the day on which the village began to use the service.
        manager, clinic: ids of the staff who enter records; `admin` moves check-up days.
        rounds: the village's check-up days.
        rng: the dice; their order makes the content.
    """

    village: Village
    manager: int
    clinic: int
    admin: int
    today: date
    rounds: Rounds
    vault: Vault
    rng: Random

    @property
    def launch(self) -> date:
        """The day on which the service began, two years ago."""
        return launch_of(self.today)

    @property
    def yesterday(self) -> date:
        """The last day of which anything is told: today is the newcomer's."""
        return self.today - timedelta(days=1)

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.rng.random() * (high - low + 1))

    def day(self, first: date, last: date) -> date:
        """Return a day from `first` to `last`, both included."""
        return first + timedelta(days=self.between(0, max(0, (last - first).days)))

    def chance(self, share: float) -> bool:
        """Return true so often."""
        return self.rng.random() < share

    def at(self, day: date) -> datetime:
        """Return a moment of office hours of `day`."""
        return midnight(day) + timedelta(minutes=OPENS_UTC + self.between(0, OPEN_MINUTES))


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins in UTC, which is 8:00 in China."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
