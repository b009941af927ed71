"""Blood pressure from 18 on, and cervical screening from 35 to 64.

The two cervical tests are programmes of their own because they come at different intervals; a woman is
enrolled in one of them. Results belong to the clinic, so nothing but the outcome is asked here. A screening
that is still open when the woman turns 65 ends then.
"""

from __future__ import annotations

from models.rules.programmes.base import ANY_TEAM, Anchor, Eligibility, Family, Programme, Recurrence
from models.rules.programmes.sources import CERVICAL, FIRST_BP
from models.rules.sex import Sex
from models.rules.spans import years

_CERVICAL_AGE = Eligibility(sex=Sex.FEMALE, min_months=35 * 12, max_months=65 * 12 - 1)

BLOOD_PRESSURE = Programme(
    code="blood_pressure",
    version=1,
    family=Family.SCREENING,
    source=FIRST_BP,
    reported_by=ANY_TEAM,
    visible_to=ANY_TEAM,
    eligible=Eligibility(min_months=18 * 12),
    anchors=(Anchor.BIRTH,),
    recurrence=Recurrence("yearly", years(1), before=0, after=30),
    fields=("bp",),
)

CERVICAL_CYTOLOGY = Programme(
    code="cervical_cytology",
    version=1,
    family=Family.SCREENING,
    source=CERVICAL,
    reported_by=ANY_TEAM,
    visible_to=ANY_TEAM,
    eligible=_CERVICAL_AGE,
    anchors=(Anchor.BIRTH,),
    recurrence=Recurrence("cytology", years(3), before=0, after=30),
)

CERVICAL_HPV = Programme(
    code="cervical_hpv",
    version=1,
    family=Family.SCREENING,
    source=CERVICAL,
    reported_by=ANY_TEAM,
    visible_to=ANY_TEAM,
    eligible=_CERVICAL_AGE,
    anchors=(Anchor.BIRTH,),
    recurrence=Recurrence("hpv", years(5), before=0, after=30),
)
