"""Hypertension, diabetes, and the yearly check from 65 on.

Conventions: the first visit is due from the day of enrolment; its window is as long as the later ones' is
after the day aimed at. "Twice uncontrolled" means the last two visits that were made.
"""

from __future__ import annotations

from models.rules.programmes.base import (
    ANY_TEAM,
    Anchor,
    Eligibility,
    Family,
    FollowUp,
    Programme,
    Recurrence,
    Trigger,
)
from models.rules.programmes.sources import DIABETES, ELDERLY_CARE, HYPERTENSION
from models.rules.spans import Span, years

_ADULT = Eligibility(min_months=18 * 12)
_QUARTERLY = Recurrence("quarterly", Span(months=3), before=14, after=14)
_SOON = tuple(FollowUp(trigger, Span(days=14), Span(days=21)) for trigger in (Trigger.REFER, Trigger.UNCONTROLLED))

HYPERTENSION_CARE = Programme(
    code="hypertension",
    version=1,
    family=Family.CHRONIC,
    source=HYPERTENSION,
    reported_by=ANY_TEAM,
    visible_to=ANY_TEAM,
    eligible=_ADULT,
    recurrence=_QUARTERLY,
    follow_ups=_SOON,
    fields=("bp", "medication", "reaction"),
)

DIABETES_CARE = Programme(
    code="diabetes",
    version=1,
    family=Family.CHRONIC,
    source=DIABETES,
    reported_by=ANY_TEAM,
    visible_to=ANY_TEAM,
    eligible=_ADULT,
    recurrence=_QUARTERLY,
    follow_ups=_SOON,
    fields=("glucose", "medication", "reaction"),
)

ELDERLY = Programme(
    code="elderly",
    version=1,
    family=Family.CHRONIC,
    source=ELDERLY_CARE,
    reported_by=ANY_TEAM,
    visible_to=ANY_TEAM,
    eligible=Eligibility(min_months=65 * 12),
    anchors=(Anchor.BIRTH,),
    recurrence=Recurrence("yearly", years(1), before=0, after=30),
    fields=("bp", "pulse", "weight", "height", "waist", "glucose"),
)
