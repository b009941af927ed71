"""Conditions that several forms share. Each takes the answers and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from handlers.forms.fields import Condition, Env
from models.rules.outcomes import EFFECTS, Outcome

Json = Any


def outcome_of(answers: Mapping[str, Json]) -> Outcome | None:
    """Return the outcome that was chosen, if any."""
    code = answers.get("outcome")
    return Outcome(code) if code else None


def came(answers: Mapping[str, Json], _facts: Mapping[str, Json]) -> bool:
    """Return whether the person was seen."""
    return outcome_of(answers) is Outcome.ATTENDED


def is_measured(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    """Return whether measurements may be recorded: the person was seen and consents to a health record."""
    return came(answers, facts) and bool(facts.get("health_consent"))


def needs_date(answers: Mapping[str, Json], _facts: Mapping[str, Json]) -> bool:
    """Return whether another date has to be agreed on."""
    outcome = outcome_of(answers)
    return outcome is not None and EFFECTS[outcome].needs_date


def chooses_village(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    """Return whether the actor works in several villages and has to say which."""
    return bool(facts.get("villages"))


def is_correcting(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    """Return whether a saved record is being corrected."""
    return bool(facts.get("correcting"))


def is_asked(name: str, group: str) -> Condition:
    """Return whether the facts list field `name` under `group` (`asked` or `offered`)."""
    return lambda answers, facts: came(answers, facts) and name in facts.get(group, ())


def either(first: Condition, second: Condition) -> Condition:
    """Return a condition that holds when one of the two does."""
    return lambda answers, facts: first(answers, facts) or second(answers, facts)


def ahead(env: Env) -> tuple[tuple[str, date], ...]:
    """Return usual days for the next appointment."""
    spans = (("week", 7), ("fortnight", 14), ("month", 30))
    return tuple((code, env.today + timedelta(days=days)) for code, days in spans)
