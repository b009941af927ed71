"""Reads the questions, and says whether one was understood as it is to be."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.local.demo.units import UNITS
from models.rules.questions.gazetteer import Village
from models.rules.questions.stretches import Stretch
from models.rules.questions.understanding import Intent, Understanding
from models.rules.spans import add_months

VILLAGES = tuple(Village(number, unit.name) for number, unit in enumerate(UNITS, 1))
"""Those of the demo township, about which all questions are asked."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """A question and how it is to be understood; see the table in this package."""

    language: str
    messy: bool
    today: date
    question: str
    intent: str
    indicator: str
    villages: str
    period: str
    more: str


def load(name: str) -> list[Case]:
    """Return the questions of `asked`, `heldout` or `later`."""
    with (Path(__file__).parent / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", restval="")
        return [
            Case(**{**row, "messy": row["messy"] == "messy", "today": date.fromisoformat(row["today"])}) for row in rows
        ]


def is_right(case: Case, found: Understanding) -> bool:
    """Return whether a question was understood as it is to be."""
    if found.intent != case.intent:
        return False
    if found.intent is Intent.REFUSE:
        return found.reason == case.indicator
    return (
        _indicators(found) == set(filter(None, case.indicator.split("/")))
        and _villages(found) == _wanted_villages(case.villages)
        and _days(found.period, case.today) == _span(case.period, case.today)
        and _more_is_right(case, found)
    )


def _indicators(found: Understanding) -> set[str]:
    return {str(one.indicator) for one in (found.instead if found.intent is Intent.ASK else (found,)) if one.indicator}


def _villages(found: Understanding) -> set[frozenset[str]]:
    choices = found.instead if found.intent is Intent.ASK else (found,)
    return {frozenset(village.name for village in one.villages) for one in choices}


def _wanted_villages(text: str) -> set[frozenset[str]]:
    return {frozenset(filter(None, either.split("+"))) for either in text.split("/")}


def _more_is_right(case: Case, found: Understanding) -> bool:
    more = dict(one.split("=") for one in case.more.split(";") if one)
    if found.top != int(more.get("top", 1)):
        return False
    return found.intent is not Intent.COMPARE or _days(found.versus, case.today) == _span(more["versus"], case.today)


def _days(period: Stretch | None, today: date) -> tuple[date, date] | None:
    """Return first and last day; a period that began ends today at the latest, for what is counted."""
    if period is None:
        return None
    return period.first, min(period.last, today) if period.first <= today else period.last


def _span(text: str, today: date) -> tuple[date, date] | None:
    if not text:
        return None
    first, last = _named(text) if ".." not in text else map(date.fromisoformat, text.split(".."))
    return first, min(last, today) if first <= today else last


def _named(text: str) -> tuple[date, date]:
    year, _, rest = text.partition("-")
    if rest.count("-"):
        return date.fromisoformat(text), date.fromisoformat(text)
    length = {"Q": 3, "H": 6}.get(rest[:1], 1 if rest else 12)
    number = int(rest.strip("QH") or 1)
    first = date(int(year), (number - 1) * length + 1, 1)
    return first, add_months(first, length) - _DAY
