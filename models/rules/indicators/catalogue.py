"""All indicators, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from models.rules.indicators.base import Indicator, Table
from models.rules.indicators.benefits import BENEFITS_COVERAGE
from models.rules.indicators.births import EARLY_ANTENATAL, POSTNATAL_VISIT
from models.rules.indicators.checkups import ATTENDANCE, OFFER
from models.rules.indicators.choice import INFORMED_CHOICE
from models.rules.indicators.chronic import (
    DIABETES_CONTROLLED,
    DIABETES_MANAGED,
    HYPERTENSION_CONTROLLED,
    HYPERTENSION_MANAGED,
)
from models.rules.indicators.codes import IndicatorCode
from models.rules.indicators.complaints import COMPLAINTS_ANSWERED
from models.rules.indicators.followups import TIMELINESS
from models.rules.indicators.reporting import REPORTING
from models.rules.indicators.satisfaction import SATISFACTION
from models.rules.indicators.work import DONE, DUE, OVERDUE

_ALL = (
    *(OVERDUE, DUE, DONE),
    *(TIMELINESS, OFFER, ATTENDANCE, REPORTING, INFORMED_CHOICE),
    *(HYPERTENSION_MANAGED, HYPERTENSION_CONTROLLED, DIABETES_MANAGED, DIABETES_CONTROLLED),
    *(EARLY_ANTENATAL, POSTNATAL_VISIT),
    *(BENEFITS_COVERAGE, COMPLAINTS_ANSWERED, SATISFACTION),
)

INDICATORS: Mapping[IndicatorCode, Indicator] = MappingProxyType({one.code: one for one in _ALL})
"""Every indicator by its code."""

TABLES: Mapping[str, Table] = MappingProxyType({one.table.code: one.table for one in _ALL})  # type: ignore[type-arg]
"""Every table by its code."""
