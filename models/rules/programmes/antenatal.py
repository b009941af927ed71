"""Antenatal care: five visits, by weeks since the last menstrual period as told to the clinic.

Known to the clinic only, and joined by the woman herself. Conventions: a first visit after day 90 is in
time for 7 days (`ANC1`), then its place is the item of that week. The programme ends after week 42 (day
294) when no birth was recorded.
"""

from __future__ import annotations

from models.rules.programmes.base import (
    CLINIC_ONLY,
    Anchor,
    Eligibility,
    Family,
    FollowUp,
    Item,
    Point,
    Programme,
    Trigger,
)
from models.rules.programmes.sources import PRIMARY_CARE
from models.rules.sex import Sex
from models.rules.spans import Span


def _lmp(days: int) -> Point:
    return Point(Anchor.LMP, Span(days=days))


ANTENATAL = Programme(
    code="antenatal",
    version=1,
    family=Family.ANTENATAL,
    source=f"{PRIMARY_CARE} 孕产妇健康管理",
    opt_in=True,
    reported_by=CLINIC_ONLY,
    visible_to=CLINIC_ONLY,
    eligible=Eligibility(sex=Sex.FEMALE),
    anchors=(Anchor.LMP,),
    items=(
        Item("ANC1", Point(Anchor.FIRST_CONTACT, Span()), _lmp(90)),
        Item("ANC2", _lmp(112), _lmp(146)),
        Item("ANC3", _lmp(147), _lmp(174)),
        Item("ANC4", _lmp(196), _lmp(258)),
        Item("ANC5", _lmp(259), _lmp(286)),
    ),
    follow_ups=(FollowUp(Trigger.ABNORMAL, Span(days=14), Span(days=21)),),
    ended_by=Anchor.DELIVERY,
    ends=_lmp(294),
    fields=("bp", "weight", "concern"),
)
