"""Methods of contraception by their codes, and what makes a choice an informed one.

Codes: WHO SMART Guidelines, Digital adaptation kit for HIV, core data dictionary, `HIV.D.DE570` to
`HIV.D.DE587`; sterilisation and *none* have codes of our own. No order of rank: the list is the dictionary's.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from models.rules.ages import age_in_months

LEAST_EXPLAINED = 2
"""So many methods have to be explained before there is a choice."""
AGES = (15, 49)
"""The ages in years at which the card offers to record a talk about methods, both included (convention)."""


class Method(StrEnum):
    """A method; the value is what is stored and shown on buttons, `CODES` has the dictionary's code."""

    COPPER_IUD = "copper_iud"
    LNG_IUD = "lng_iud"
    IMPLANT_ONE = "implant_one"
    IMPLANT_TWO = "implant_two"
    DMPA_IM = "dmpa_im"
    DMPA_SC = "dmpa_sc"
    NET_EN = "net_en"
    PROGESTOGEN_PILL = "progestogen_pill"
    COMBINED_PILL = "combined_pill"
    PATCH = "patch"
    COMBINED_RING = "combined_ring"
    PROGESTERONE_RING = "progesterone_ring"
    LACTATION = "lactation"
    EMERGENCY = "emergency"
    FERTILITY_AWARENESS = "fertility_awareness"
    MALE_CONDOM = "male_condom"
    FEMALE_CONDOM = "female_condom"
    WITHDRAWAL = "withdrawal"
    FEMALE_STERILISATION = "female_sterilisation"
    MALE_STERILISATION = "male_sterilisation"
    NONE = "none"


UNSAID = "unsaid"
"""The person prefers not to say: the default, so that nothing has to be asked."""

_FIRST_WHO_CODE = 570
_WHO = tuple(Method)[:18]
CODES: dict[Method, str] = {
    **{method: f"HIV.D.DE{_FIRST_WHO_CODE + number}" for number, method in enumerate(_WHO)},
    Method.FEMALE_STERILISATION: "SUIFANG.METHOD.1",
    Method.MALE_STERILISATION: "SUIFANG.METHOD.2",
    Method.NONE: "SUIFANG.METHOD.0",
}
"""The code of each method, for exchange with other systems."""
EXPLAINED = tuple(method for method in Method if method is not Method.NONE)
"""What can be explained."""
CHOSEN = (UNSAID, *Method)
"""What can have been chosen."""


def is_informed(explained: int, *, own: bool) -> bool:
    """Return whether a talk counts as an informed choice: two or more methods explained, the decision own."""
    return explained >= LEAST_EXPLAINED and own


def count(explained: Collection[str]) -> int:
    """Return how many different methods were explained.

    Raises:
        ValueError: one of them is no method that can be explained.
    """
    different = {Method(code) for code in explained}
    if Method.NONE in different:
        raise ValueError(f"{Method.NONE} can't be explained")
    return len(different)


def is_offered(birth_date: date | None, on: date) -> bool:
    """Return whether the card offers to record a talk on a day: at 15 to 49 years, or at an unknown age."""
    months = age_in_months(birth_date, on)
    return months is None or AGES[0] * 12 <= months < (AGES[1] + 1) * 12
