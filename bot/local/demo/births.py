"""The demo's births by year, as county statistics would tell them: fewer each year, no more boys than usual."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from bot.local.demo.township import Township, office_hours
from models.rules.birth_totals import years
from models.tables.base import new_id

_FIRST, _EACH_YEAR, _SPREAD = 720, 0.925, 20
"""Births of the first year, what share of a year's the next one has, and by how many a year may differ from that."""
_BOYS = 0.514
_KNOWN = timedelta(days=45)
"""So long after a year its totals are known."""


def rows(here: Township, rng: Random) -> list[dict[str, Any]]:
    """Return the rows of every year that can be entered and is known by now."""
    return [_row(here, rng, year) for year in sorted(years(here.today)) if _known_on(year) < here.today]


def _row(here: Township, rng: Random, year: int) -> dict[str, Any]:
    before = year - years(here.today)[-1]
    births = round(_FIRST * _EACH_YEAR**before) + rng.randint(-_SPREAD, _SPREAD)
    boys = round(births * rng.gauss(_BOYS, 0.01))
    return {
        "id": new_id(),
        "township_id": here.id,
        "year": year,
        "boys": boys,
        "girls": births - boys,
        "entered_by": here.deputy,
        "entered_at": office_hours(rng, _known_on(year)),
        "voided_at": None,
        "draft_id": None,
    }


def _known_on(year: int) -> date:
    return date(year + 1, 1, 1) + _KNOWN
