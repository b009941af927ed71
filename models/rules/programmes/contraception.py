"""Follow-up of contraceptive methods: opt-in, approved by the clinic, ended by one tap.

Conventions: the yearly visit is reckoned from the last visit, at the earliest from the last of the visits
counted from the insertion or first packet. A visit left alone for 90 days after its window ends the
programme in silence: the method may have been changed, and nobody has to say so.
"""

from __future__ import annotations

from models.rules.programmes.base import (
    ANY_TEAM,
    Anchor,
    Eligibility,
    Family,
    Item,
    Point,
    Programme,
    Recurrence,
)
from models.rules.programmes.sources import IMPLANT as IMPLANT_SOURCE
from models.rules.programmes.sources import INJECTABLES, ROUTINE_OPTIONAL, STERILISATION
from models.rules.sex import Sex
from models.rules.spans import Span, years

LAPSE_DAYS = 90
_FIELDS = ("side_effects", "content")


def _once(code: str, months: int = 0, *, first: int, last: int, anchor: Anchor = Anchor.START) -> Item:
    """Return the visit from `first` to `last` days around `months` after `anchor`, aimed at that day."""
    return Item(
        code,
        Point(anchor, Span(months, first)),
        Point(anchor, Span(months, last)),
        target=Point(anchor, Span(months, max(first, 0))),
    )


def _method(
    code: str,
    source: str,
    *,
    items: tuple[Item, ...] = (),
    recurrence: Recurrence | None = None,
    sex: Sex = Sex.FEMALE,
    anchor: Anchor = Anchor.START,
    fields: tuple[str, ...] = _FIELDS,
) -> Programme:
    return Programme(
        code=code,
        version=1,
        family=Family.CONTRACEPTION,
        source=source,
        opt_in=True,
        clinic_approval=True,
        reported_by=ANY_TEAM,
        visible_to=ANY_TEAM,
        eligible=Eligibility(sex=sex),
        anchors=(anchor,),
        items=items,
        recurrence=recurrence,
        lapses=LAPSE_DAYS,
        fields=fields,
    )


_YEARLY = Recurrence("yearly", years(1), before=14, after=14)

DMPA = _method(
    "dmpa",
    INJECTABLES,
    recurrence=Recurrence("injection", Span(days=91), before=14, after=28),
)
NET_EN = _method(
    "net_en",
    INJECTABLES,
    recurrence=Recurrence("injection", Span(days=56), before=14, after=14),
)
IUD = _method(
    "iud",
    ROUTINE_OPTIONAL,
    items=tuple(_once(f"month{month}", month, first=-14, last=14) for month in (1, 3, 6, 12)),
    recurrence=_YEARLY,
)
COMBINED_PILL = _method(
    "combined_pill",
    ROUTINE_OPTIONAL,
    items=(_once("month3", 3, first=-14, last=14),),
    recurrence=_YEARLY,
)
FEMALE_STERILISATION = _method("female_sterilisation", STERILISATION, items=(_once("after", first=7, last=14),))
VASECTOMY = _method(
    "vasectomy",
    STERILISATION,
    items=(_once("semen_test", 3, first=0, last=7),),
    sex=Sex.MALE,
    fields=("content",),
)
IMPLANT = _method(
    "implant",
    IMPLANT_SOURCE,
    items=(_once("removal", first=0, last=30, anchor=Anchor.REMOVAL),),
    anchor=Anchor.REMOVAL,
)
