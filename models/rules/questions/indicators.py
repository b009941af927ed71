"""Which indicators the words of a question name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from models.rules.indicators.codes import IndicatorCode
from models.rules.questions.concepts import Concept

_C, _I = Concept, IndicatorCode


@dataclass(frozen=True, slots=True)
class _Rule:
    """Words that together name an indicator; `takes` are others that then say nothing more."""

    needs: frozenset[Concept]
    indicator: IndicatorCode
    takes: frozenset[Concept] = frozenset()


_VISIT = frozenset({_C.FOLLOWUP, _C.VISITED, _C.COMPLETED, _C.DUE})
_CAME = frozenset({_C.CHECKUP, _C.CAME, _C.COMPLETED, _C.ABSENT, _C.DECLINED})


def _rule(indicator: IndicatorCode, *needs: Concept, takes: frozenset[Concept] = frozenset()) -> _Rule:
    return _Rule(frozenset(needs), indicator, takes)


_STRONG = (
    _rule(_I.SATISFACTION, _C.SATISFACTION, takes=_VISIT | frozenset({_C.COMPLETED, _C.CHECKUP})),
    _rule(_I.COMPLAINTS_ANSWERED, _C.COMPLAINT, takes=frozenset({_C.TIMELY, _C.COMPLETED})),
    _rule(_I.BENEFITS_COVERAGE, _C.BENEFIT, takes=frozenset({_C.TIMELY, _C.COMPLETED, _C.CAME})),
    _rule(_I.INFORMED_CHOICE, _C.CHOICE, takes=_VISIT),
    _rule(_I.EARLY_ANTENATAL, _C.EARLY, takes=_VISIT),
    _rule(_I.POSTNATAL_VISIT, _C.POSTNATAL, takes=_VISIT),
    _rule(_I.HYPERTENSION_CONTROLLED, _C.HYPERTENSION, _C.CONTROL, takes=_VISIT | {_C.MANAGE}),
    _rule(_I.HYPERTENSION_MANAGED, _C.HYPERTENSION, _C.MANAGE, takes=_VISIT),
    _rule(_I.DIABETES_CONTROLLED, _C.DIABETES, _C.CONTROL, takes=_VISIT | {_C.MANAGE}),
    _rule(_I.DIABETES_MANAGED, _C.DIABETES, _C.MANAGE, takes=_VISIT),
    _rule(_I.REPORTING, _C.REPORTING, takes=frozenset({_C.TIMELY, _C.REPORT})),
    _rule(_I.REPORTING, _C.REPORT, _C.TIMELY),
    _rule(_I.REPORTING, _C.REPORT, _C.RATE),
    _rule(_I.OVERDUE, _C.OVERDUE, takes=_VISIT),
    _rule(_I.CHECKUP_OFFER, _C.OFFER, takes=_CAME),
    _rule(_I.ATTENDANCE, _C.ATTENDANCE, takes=_CAME),
    _rule(_I.ATTENDANCE, _C.CHECKUP, _C.CAME, takes=_CAME),
    _rule(_I.TIMELINESS, _C.TIMELY, takes=_VISIT),
    _rule(_I.DONE, _C.VISITED, takes=_VISIT - {_C.DUE}),
    _rule(_I.DUE, _C.DUE, takes=_VISIT),
)
"""In this order; what one rule has used, the next ones don't see."""
_WEAK = (
    _rule(_I.ATTENDANCE, _C.CHECKUP, _C.COMPLETED),
    _rule(_I.ATTENDANCE, _C.CHECKUP, _C.ABSENT),
    _rule(_I.ATTENDANCE, _C.CHECKUP, _C.DECLINED),
    _rule(_I.ATTENDANCE, _C.CHECKUP),
    _rule(_I.DONE, _C.FOLLOWUP),
    _rule(_I.DONE, _C.COMPLETED),
    _rule(_I.ATTENDANCE, _C.CAME),
)
"""Words that name an indicator only where nothing else does."""
_CHRONIC = (_I.HYPERTENSION_CONTROLLED, _I.HYPERTENSION_MANAGED, _I.DIABETES_CONTROLLED, _I.DIABETES_MANAGED)
_EITHER = (
    (_C.HYPERTENSION, (_I.HYPERTENSION_CONTROLLED, _I.HYPERTENSION_MANAGED)),
    (_C.DIABETES, (_I.DIABETES_CONTROLLED, _I.DIABETES_MANAGED)),
    (_C.CONTROL, (_I.HYPERTENSION_CONTROLLED, _I.DIABETES_CONTROLLED)),
    (_C.MANAGE, (_I.HYPERTENSION_MANAGED, _I.DIABETES_MANAGED)),
    (_C.CHRONIC, _CHRONIC),
)


def named(concepts: Collection[Concept]) -> tuple[IndicatorCode, ...]:
    """Return the indicators that are named clearly, or that one word may mean; none when none is."""
    left = set(concepts)
    found: list[IndicatorCode] = []
    for rule in _STRONG:
        if rule.needs <= left and rule.indicator not in found:
            found.append(rule.indicator)
            left -= rule.needs | rule.takes
    for word, either in _EITHER:
        if not found and word in left:
            return either
    return tuple(found)


def implied(concepts: Collection[Concept]) -> IndicatorCode | None:
    """Return the indicator that general words (visits, check-up) point to."""
    return next((rule.indicator for rule in _WEAK if rule.needs <= set(concepts)), None)
