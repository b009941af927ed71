"""The form with which care is handed over: for good or for a time, where to, and the person's own yes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.calendar import Day
from handlers.forms.kinds.choice import Choice, listed, texts, yes_no

Json = Any
_FARTHEST_DAYS = 3 * 366


def _for_a_time(answers: Mapping[str, Json], _facts: Mapping[str, Json]) -> bool:
    return answers.get("kind") == "temporary"


def _has_townships(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return len(facts.get("townships", ())) > 1


def _is_asked_now(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return not facts.get("agreed") and not facts.get("child")


def _is_guardian_asked(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return not facts.get("agreed") and bool(facts.get("child"))


def agrees(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    """Return whether the person consents: before, or just now."""
    return bool(facts.get("agreed")) or "yes" in (answers.get("agrees"), answers.get("guardian"))


def _reaches_both(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    is_own = answers.get("township") in (None, facts.get("own"))
    return bool(facts.get("is_clinic")) and is_own and agrees(answers, facts)


def _back(env: Env) -> tuple[tuple[str, date], ...]:
    return (("month", env.today + timedelta(days=30)), ("half_year", env.today + timedelta(days=182)))


FORM = Form(
    name="handover",
    version=1,
    fields=(
        Field("kind", Choice(texts("handover_kind", ("permanent", "temporary")))),
        Field("until", Day("future", _FARTHEST_DAYS, quick=_back), when=_for_a_time, required=False),
        Field("township", Choice(listed("townships")), when=_has_townships, loads=True, clears=("village",)),
        Field("village", Choice(listed("villages"))),
        Field("agrees", yes_no(), when=_is_asked_now),
        Field("guardian", yes_no(), when=_is_guardian_asked),
        Field("now", Choice(texts("handover_now", ("now", "offer")), columns=1), when=_reaches_both),
    ),
)
