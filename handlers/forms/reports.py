"""From answers to what the store takes, and back: the same form edits a saved record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.forms.visit import CODED
from models.rules.outcomes import Outcome
from models.store.reports import Channel, CheckupReport, Measures, VisitReport

Json = Any
_SINGLE = ("pulse", "temperature", "weight", "height", "waist", "glucose")


def measures(answers: Mapping[str, Json]) -> Measures:
    """Return what was measured."""
    sbp, dbp = answers.get("bp") or (None, None)
    return Measures(sbp, dbp, **{name: answers.get(name) for name in _SINGLE})


def coded(answers: Mapping[str, Json]) -> dict[str, str | list[str]]:
    """Return the codes that were chosen, by field."""
    return {name: answers[name] for name in CODED if answers.get(name) is not None}


def day(answers: Mapping[str, Json], *keys: str) -> date | None:
    """Return the first of the answers `keys` that is given, as a day."""
    found = next((answers[key] for key in keys if answers.get(key)), None)
    return date.fromisoformat(found) if found else None


def checkup_report(answers: Mapping[str, Json]) -> CheckupReport:
    """Return the check-up that the answers report."""
    return CheckupReport(
        resident_id=int(answers["person"]),
        held_on=date.fromisoformat(answers["held_on"]),
        outcome=Outcome(answers["outcome"]),
        next_on=day(answers, "agreed_on"),
        measures=measures(answers),
        answers=coded(answers),
        note=answers.get("note"),
    )


def visit_report(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> VisitReport:
    """Return the visit that the answers report."""
    channel = answers.get("channel")
    return VisitReport(
        enrolment_id=int(facts["enrolment"]),
        visited_on=date.fromisoformat(answers["visited_on"]),
        outcome=Outcome(answers["outcome"]),
        next_on=day(answers, "agreed_on", "next_on"),
        channel=Channel(channel) if channel else None,
        measures=measures(answers),
        answers=coded(answers),
        note=answers.get("note"),
    )


def checkup_before(_answers: Mapping[str, Json], values: Mapping[str, Json]) -> dict[str, Json]:
    """Return the answers that made an earlier version of a check-up, of which `values` were kept."""
    return _before(values) | {"held_on": values["on"]}


def visit_before(_answers: Mapping[str, Json], values: Mapping[str, Json]) -> dict[str, Json]:
    """Return the answers that made an earlier version of a visit, of which `values` were kept."""
    channel = {"channel": values["channel"]} if values.get("channel") else {}
    return _before(values) | {"visited_on": values["on"], **channel}


def _before(values: Mapping[str, Json]) -> dict[str, Json]:
    next_on = date.fromisoformat(values["next_on"]) if values["next_on"] else None
    taken = Measures(**values["measures"])
    day, outcome = date.fromisoformat(values["on"]), Outcome(values["outcome"])
    return answers_of(CheckupReport(0, day, outcome, next_on, taken, values["answers"], values["note"]))


def answers_of(report: CheckupReport | VisitReport) -> dict[str, Json]:
    """Return the answers that would make `report`, to correct a saved record in the same form."""
    known: dict[str, Json] = {name: getattr(report.measures, name) for name in _SINGLE}
    if report.measures.sbp is not None:
        known["bp"] = [report.measures.sbp, report.measures.dbp]
    known |= dict(report.answers)
    known |= {"outcome": str(report.outcome), "note": report.note}
    if report.next_on is not None:
        key = "next_on" if report.outcome is Outcome.ATTENDED else "agreed_on"
        known[key] = report.next_on.isoformat()
    return {key: value for key, value in known.items() if value is not None}
