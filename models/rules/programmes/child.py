"""Child health: growth and development from birth to the seventh birthday.

"One month wide" starts at the age and ends on the day before the next month of age; a yearly check is in time
until the day before the next birthday. A check that was left out is gone when the next one opens.
"""

from __future__ import annotations

from models.rules.programmes.base import ANY_TEAM, Anchor, Eligibility, Family, Item, Point, Programme
from models.rules.programmes.sources import PRIMARY_CARE
from models.rules.spans import Span, years


def _birth(span: Span) -> Point:
    return Point(Anchor.BIRTH, span)


def _discharge(days: int) -> Point:
    return Point(Anchor.DISCHARGE, Span(days=days))


def _month(age: int) -> Item:
    """Return the check at `age` months, one month wide."""
    return Item(f"month{age}", _birth(Span(months=age)), _birth(Span(months=age + 1, days=-1)))


def _year(age: int) -> Item:
    """Return the check at `age` years, to be made before the next birthday."""
    return Item(f"year{age}", _birth(years(age)), _birth(Span(years(age + 1).months, days=-1)))


CHILD_HEALTH = Programme(
    code="child_health",
    version=1,
    family=Family.CHILD,
    source=f"{PRIMARY_CARE} 0–6岁儿童健康管理",
    reported_by=ANY_TEAM,
    visible_to=ANY_TEAM,
    eligible=Eligibility(max_months=83),
    anchors=(Anchor.BIRTH,),
    items=(
        Item("newborn", _discharge(0), _discharge(7)),
        Item("month1", _birth(Span(days=28)), _birth(Span(days=42))),
        *(_month(age) for age in (3, 6, 8, 12, 18, 24, 30, 36)),
        *(_year(age) for age in (4, 5, 6)),
    ),
    fields=("weight", "height", "concern"),
)
