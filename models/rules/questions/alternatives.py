"""What a question may mean otherwise, or what one may want to know next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from models.rules.calendar import CHECKUP_MONTHS
from models.rules.indicators.codes import IndicatorCode
from models.rules.questions import indicators, stretches
from models.rules.questions.concepts import Concept
from models.rules.questions.counting import OF_ROUNDS, is_only_of_now
from models.rules.questions.said import Said
from models.rules.questions.stretches import Stretch, Unit
from models.rules.questions.understanding import Intent, Understanding

_C, _I = Concept, IndicatorCode
MOST = 4
_NEAR = {
    _I.DUE: _I.OVERDUE,
    _I.OVERDUE: _I.DUE,
    _I.DONE: _I.TIMELINESS,
    _I.TIMELINESS: _I.OVERDUE,
    _I.ATTENDANCE: _I.CHECKUP_OFFER,
    _I.CHECKUP_OFFER: _I.ATTENDANCE,
    _I.HYPERTENSION_MANAGED: _I.HYPERTENSION_CONTROLLED,
    _I.HYPERTENSION_CONTROLLED: _I.HYPERTENSION_MANAGED,
    _I.DIABETES_MANAGED: _I.DIABETES_CONTROLLED,
    _I.DIABETES_CONTROLLED: _I.DIABETES_MANAGED,
    _I.EARLY_ANTENATAL: _I.POSTNATAL_VISIT,
    _I.POSTNATAL_VISIT: _I.EARLY_ANTENATAL,
    _I.REPORTING: _I.TIMELINESS,
    _I.INFORMED_CHOICE: _I.CHECKUP_OFFER,
    _I.BENEFITS_COVERAGE: _I.COMPLAINTS_ANSWERED,
    _I.COMPLAINTS_ANSWERED: _I.SATISFACTION,
    _I.SATISFACTION: _I.COMPLAINTS_ANSWERED,
}
"""What is taken for one another, or asked for next."""
_NEAR_WORDS = (
    ((_C.MEETING,), Intent.MEETING),
    ((_C.CHECKUP, _C.WHEN, _C.NEXT), Intent.CHECKUP_DAY),
    ((_C.REPORT, _C.UNREPORTED), Intent.UNREPORTED),
    ((_C.STATUS, _C.HOW), Intent.STATUS),
)
"""What is offered where nothing is understood but a word."""
_TURNED = {Intent.MOST: Intent.LEAST, Intent.LEAST: Intent.MOST}


def added(found: Understanding, parts: Said, today: date) -> Understanding:
    """Return the understanding with its nearest alternatives."""
    if found.instead:
        return found
    if found.intent is Intent.REFUSE:
        return replace(found, instead=_near_refused(parts, today))
    plain = replace(found, guesses=(), unexplained=(), asks_why=False)
    return replace(found, instead=tuple(islice(_near(plain, today), MOST)))


def _near(found: Understanding, today: date) -> Iterator[Understanding]:
    period = found.period or stretches.of(Unit.MONTH, today)
    if found.intent is Intent.STATUS:
        yield replace(found, period=period.before)
        yield Understanding(Intent.VILLAGES, _I.OVERDUE, period=found.period)
        yield Understanding(Intent.UNREPORTED)
        return
    if found.indicator is None:
        return
    here = replace(found, intent=Intent.FIGURE, top=1, versus=None)
    if found.intent in _TURNED:
        yield replace(found, intent=Intent.VILLAGES, top=1)
        yield replace(found, intent=_TURNED[found.intent])
    elif found.intent is not Intent.VILLAGES:
        yield replace(here, intent=Intent.VILLAGES, villages=())
    if found.intent is Intent.DEFINE:
        yield here
        return
    yield replace(found, indicator=_NEAR[found.indicator])
    if found.intent is Intent.COMPARE:
        yield here
    elif not is_only_of_now(found.indicator):
        yield replace(found, period=_before(period, found.indicator), versus=None)


def _before(period: Stretch, code: IndicatorCode) -> Stretch:
    """Return the period before, of check-ups the last month that had some, before that which is answered."""
    is_answered_before = code in OF_ROUNDS and period.unit is Unit.MONTH and period.first.month not in CHECKUP_MONTHS
    before = period.before.before if is_answered_before else period.before
    is_without = code in OF_ROUNDS and before.unit is Unit.MONTH and before.first.month not in CHECKUP_MONTHS
    return before.before if is_without else before


def _near_refused(parts: Said, today: date) -> tuple[Understanding, ...]:
    """Return what can be answered about the same thing."""
    code = next(iter(indicators.named(parts.words)), None) or indicators.implied(parts.words)
    if code is None:
        return tuple(Understanding(intent) for words, intent in _NEAR_WORDS if parts.has(*words))
    villages = tuple(place.villages[0] for place in parts.places if len(place.villages) == 1)
    figure = Understanding(Intent.FIGURE, code, villages, parts.period)
    return (figure, replace(figure, intent=Intent.VILLAGES, villages=()))
