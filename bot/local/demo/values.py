"""What is measured and answered at a visit: plausible for the person, abnormal or urgent now and then."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from bot.local.demo.people import Life
from models.rules.bloodpressure import BloodPressure
from models.rules.measurements import Measure, from_stored, is_uncontrolled, is_urgent
from models.rules.programmes.base import Programme
from models.rules.sex import Sex

MEASURES = ("sbp", "dbp", "pulse", "temperature", "weight", "height", "waist", "glucose")
_GROWTH = ((0, 33, 500), (1, 44, 545), (3, 63, 610), (6, 79, 670), (8, 86, 705), (12, 97, 760), (18, 110, 825),
           (24, 123, 880), (30, 133, 920), (36, 143, 960), (48, 163, 1030), (60, 185, 1100), (72, 210, 1160),
           (84, 235, 1220))  # fmt: skip
"""Months of age, 0.1 kg, 0.1 cm of a usual child."""
_CHILD_MONTHS = 84
URGENT = 0.006
"""Share of visits that find an urgent blood pressure or glucose."""
_CONCERN = 0.03


@dataclass(frozen=True, slots=True)
class Body:
    """What a person's measurements lie around: mmHg, 0.1 cm, 0.1 kg, 0.1 mmol/L; and an urgent value today."""

    sbp: int
    dbp: int
    height: int
    weight: int
    glucose: int
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a visit found. `flags` are the findings that schedules react to."""

    measures: dict[str, int | None]
    answers: dict[str, str | list[str]]
    flags: dict[str, bool]


NOTHING = Found(dict.fromkeys(MEASURES), {}, dict.fromkeys(("abnormal", "uncontrolled", "urgent", "reaction"), False))


def body(rng: Random, life: Life, today: date, programmes: frozenset[str]) -> Body:
    """Return what a grown person's measurements lie around, in these programmes."""
    years = life.months(today) // 12
    sbp = 112 + years // 5 + int(rng.gauss(0, 6))
    if "hypertension" in programmes:
        sbp = int(rng.gauss(145, 5) if rng.random() < 0.2 else rng.gauss(129, 4))
    height = int(rng.gauss(1570 if life.sex is Sex.FEMALE else 1680, 55))
    index = min(max(rng.gauss(24, 2.6), 18.0), 32.0)
    glucose = int(rng.gauss(53, 4))
    if "diabetes" in programmes:
        glucose = int(rng.gauss(78, 6) if rng.random() < 0.25 else rng.gauss(61, 3))
    return Body(sbp, 42 + sbp * 3 // 10, height, int(index * (height / 1000) ** 2 * 10), glucose)


def find(rng: Random, life: Life, here: Body, programme: Programme, on: date, urgent_share: float = URGENT) -> Found:
    """Return what a visit of `programme` on a day finds."""
    here = replace(here, is_urgent=rng.random() < urgent_share)
    measures: dict[str, int | None] = dict.fromkeys(MEASURES)
    answers: dict[str, str | list[str]] = {}
    for name in programme.fields:
        _MEASURED.get(name, _nothing)(rng, life, here, on, measures)
        if name in _CODES:
            answers[name] = rng.choices(*_CODES[name])[0]
    if "side_effects" in programme.fields:
        _side_effects(rng, answers)
    return Found(measures, answers, _flags(programme.code, measures, answers))


def _flags(programme: str, measures: dict[str, int | None], answers: dict[str, Any]) -> dict[str, bool]:
    sbp, dbp, sugar = measures["sbp"], measures["dbp"], measures["glucose"]
    pressure = BloodPressure(sbp, dbp) if sbp is not None and dbp is not None else None
    glucose = from_stored(Measure.GLUCOSE, sugar) if sugar is not None else None
    return {
        "abnormal": answers.get("concern") == "yes",
        "uncontrolled": is_uncontrolled(programme, pressure, glucose),
        "urgent": is_urgent(pressure, glucose),
        "reaction": answers.get("reaction") == "yes",
    }


def _pressure(rng: Random, _life: Life, here: Body, _on: date, into: dict[str, int | None]) -> None:
    sbp, dbp = here.sbp + int(rng.gauss(0, 5)), here.dbp + int(rng.gauss(0, 4))
    if here.is_urgent and here.sbp > 120:
        sbp, dbp = 180 + int(rng.random() * 18), 98 + int(rng.random() * 16)
    sbp = min(max(sbp, 88), 210)
    into["sbp"], into["dbp"] = sbp, min(max(dbp, 52), sbp - 20, 118)


def _glucose(rng: Random, _life: Life, here: Body, _on: date, into: dict[str, int | None]) -> None:
    into["glucose"] = max(here.glucose + int(rng.gauss(0, 3)), 42)
    if here.is_urgent:
        into["glucose"] = 168 + int(rng.random() * 30) if here.glucose > 60 else 37


def _weight(rng: Random, life: Life, here: Body, on: date, into: dict[str, int | None]) -> None:
    usual = here.weight if life.months(on) >= _CHILD_MONTHS else _grown(life.months(on), 1)
    into["weight"] = max(round(usual * (1 + rng.gauss(0, 0.015))), 20)


def _height(rng: Random, life: Life, here: Body, on: date, into: dict[str, int | None]) -> None:
    usual = here.height if life.months(on) >= _CHILD_MONTHS else _grown(life.months(on), 2)
    into["height"] = max(round(usual * (1 + rng.gauss(0, 0.003))), 420)


def _waist(rng: Random, _life: Life, here: Body, _on: date, into: dict[str, int | None]) -> None:
    into["waist"] = min(max(int(here.weight * 1.28 + rng.gauss(0, 25)), 600), 1250)


def _pulse(rng: Random, _life: Life, _here: Body, _on: date, into: dict[str, int | None]) -> None:
    into["pulse"] = min(max(int(rng.gauss(74, 7)), 52), 104)


def _temperature(rng: Random, _life: Life, _here: Body, _on: date, into: dict[str, int | None]) -> None:
    into["temperature"] = min(max(int(rng.gauss(365, 2)), 359), 374)


def _nothing(_rng: Random, _life: Life, _here: Body, _on: date, _into: dict[str, int | None]) -> None:
    """Measure nothing: the field is an answer."""


def _grown(months: int, column: int) -> float:
    """Return weight (1) or height (2) of a usual child, between the rows of the table."""
    position = bisect_right(_GROWTH, months, key=lambda row: row[0])
    before, after = _GROWTH[position - 1], _GROWTH[min(position, len(_GROWTH) - 1)]
    share = (months - before[0]) / max(after[0] - before[0], 1)
    return before[column] + (after[column] - before[column]) * share


def _side_effects(rng: Random, answers: dict[str, str | list[str]]) -> None:
    if rng.random() < 0.15:
        answers["side_effects"] = [rng.choice(("spotting", "headache", "mood", "weight"))]


_MEASURED = {
    "bp": _pressure,
    "glucose": _glucose,
    "weight": _weight,
    "height": _height,
    "waist": _waist,
    "pulse": _pulse,
    "temperature": _temperature,
}
_CODES: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "medication": (("regular", "irregular", "none"), (80, 15, 5)),
    "reaction": (("no", "yes"), (98.5, 1.5)),
    "concern": (("no", "yes"), (1 - _CONCERN, _CONCERN)),
    "breastfeeding": (("only", "mixed", "formula"), (55, 35, 10)),
    "content": (("continue", "change", "unsure"), (94, 3, 3)),
    "vaccine_given": (("given", "postponed"), (97, 3)),
}
"""Answers and how often they come; a subset of what the forms offer."""
