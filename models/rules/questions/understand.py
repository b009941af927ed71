"""Understanding a plain question: pure, in a few milliseconds, with what else it may mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

from models.rules.indicators.codes import IndicatorCode
from models.rules.questions import alternatives, indicators, said, wanted
from models.rules.questions.gazetteer import Village, Villages, gazetteer
from models.rules.questions.reading import Place, read
from models.rules.questions.said import Said
from models.rules.questions.understanding import Guess, Intent, Understanding

_AHEAD = frozenset({Intent.MEETING, Intent.CHECKUP_DAY})
_MOST_CHOICES = 8
_COMPARED = (IndicatorCode.DONE, IndicatorCode.TIMELINESS, IndicatorCode.ATTENDANCE)
"""In what one time is compared with another, where that isn't said."""


def understand(text: str, villages: Villages, today: date) -> Understanding:
    """Return what a question asks about a township.

    Args:
        text: what was typed, in Chinese or English or both.
        villages: those of the township, or those the person who asks may know of.
        today: the day on which it is asked.
    """
    places = gazetteer(villages)
    parts = said.sort(read(text, places, today), today)
    found = _understood(parts, villages)
    if found.intent in _AHEAD and parts.period is not None:
        ahead = said.sort(read(text, places, today, ahead=True), today)
        found = replace(found, period=ahead.period)
    return alternatives.added(found, parts, today)


def _understood(parts: Said, villages: Villages) -> Understanding:
    names = indicators.named(parts.words)
    intent, reason = wanted.intent_of(parts, names)
    guesses = tuple(map(_guess, filter(_is_guess, parts.places)))
    if reason is not None:
        return Understanding(intent, reason=reason, guesses=guesses, unexplained=parts.unexplained)
    bare = Understanding(
        intent,
        period=parts.period,
        versus=parts.versus if intent is Intent.COMPARE else None,
        top=parts.few.count if parts.few else 1,
        guesses=guesses,
        unexplained=parts.unexplained,
        asks_why=parts.asks_why,
        is_certain=wanted.is_certain(parts, intent, names),
    )
    if not names and wanted.asks_who_does_well(parts):
        return replace(bare, intent=Intent.ASK, is_certain=True, instead=_in_what(bare, parts))
    if intent is not Intent.STATUS and wanted.asks_how_all_compares(parts, names):
        choices = tuple(replace(bare, intent=Intent.COMPARE, versus=parts.versus, indicator=code) for code in _COMPARED)
        return replace(bare, intent=Intent.ASK, versus=None, instead=choices)
    implied = indicators.implied(parts.words)
    codes = names or ((implied,) if implied else ())
    asked = [one.villages for one in parts.places]
    fixed = wanted.communities(parts, villages)
    return _chosen(bare, codes if intent in wanted.ABOUT_AN_INDICATOR else (), asked, fixed)


def _in_what(bare: Understanding, parts: Said) -> tuple[Understanding, ...]:
    """Return in what a village may be the best or the worst."""
    named = tuple(one.villages[0] for one in parts.places if len(one.villages) == 1)
    return tuple(
        replace(bare, intent=wanted.direction(parts, code) or Intent.MOST, indicator=code, villages=named)
        for code in (IndicatorCode.OVERDUE, IndicatorCode.TIMELINESS, IndicatorCode.ATTENDANCE)
    )


def _chosen(
    bare: Understanding, codes: tuple[IndicatorCode, ...], asked: list[Villages], fixed: Villages
) -> Understanding:
    """Return the one understanding, or all of them where an indicator or a village may be one or the other."""
    choices = [
        replace(bare, indicator=code, villages=fixed or _unique(chosen))
        for code in (codes or (None,))
        for chosen in product(*asked)
    ]
    if len(choices) == 1:
        return choices[0]
    return replace(bare, intent=Intent.ASK, instead=tuple(choices[:_MOST_CHOICES]))


def _unique(villages: tuple[Village, ...]) -> Villages:
    return tuple(dict.fromkeys(villages))


def _is_guess(place: Place) -> bool:
    return not place.as_written and len(place.villages) == 1


def _guess(place: Place) -> Guess:
    return Guess(place.typed, place.villages[0].name)
