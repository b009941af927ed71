"""After birth: a visit at home and a check at 42 days.

Conventions: where the day of discharge is not known, the day of birth stands for it. The check at 42 days
can be made up for until day 84 (12 weeks), then the programme is over.
"""

from __future__ import annotations

from models.rules.programmes.base import ANY_TEAM, Anchor, Eligibility, Family, Item, Point, Programme
from models.rules.programmes.sources import PRIMARY_CARE
from models.rules.sex import Sex
from models.rules.spans import Span


def _discharge(days: int) -> Point:
    return Point(Anchor.DISCHARGE, Span(days=days))


def _birth(days: int) -> Point:
    return Point(Anchor.DELIVERY, Span(days=days))


POSTNATAL = Programme(
    code="postnatal",
    version=1,
    family=Family.POSTNATAL,
    source=f"{PRIMARY_CARE} 孕产妇健康管理",
    reported_by=ANY_TEAM,
    visible_to=ANY_TEAM,
    eligible=Eligibility(sex=Sex.FEMALE),
    anchors=(Anchor.DELIVERY,),
    items=(
        Item("home", _discharge(0), _discharge(7), expires=_discharge(28)),
        Item("day42", _birth(42), _birth(56)),
    ),
    ends=_birth(84),
    fields=("bp", "temperature", "breastfeeding", "concern"),
)
