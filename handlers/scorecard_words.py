"""Scorecards in words: how well a village was served, never who came, and no ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from handlers.figure_words import name as indicator
from locales.message import Text
from models.rules import scorecards as rules
from models.rules.appeals import AppealedPart
from models.rules.periods import PeriodKind
from models.rules.scorecards import Component, Level, Mark, Score, Standing
from models.store.scorecards import Card

_MARKS: Mapping[Component, str] = {
    Component.TIMELINESS: "⏱",
    Component.REPORTING: "🕕",
    Component.CHECKUP_OFFER: "📣",
    Component.INFORMED_CHOICE: "💬",
    Component.COMPLAINTS: "📮",
}
_BETTER: Mapping[Level | None, Level] = {Level.LOW: Level.FAIR, Level.FAIR: Level.GOOD}


def state(cards: Sequence[Card], today: date) -> Text:
    """Return whether cards of a month are final, since when or when they will be; a quarter's never are."""
    month = cards[0].month
    if month.kind is not PeriodKind.MONTH:
        return Text.of("scorecards.of_quarter")
    settled = next((card for card in cards if card.version is not None), None)
    if settled is not None:
        return Text.of("scorecards.final", on=rules.final_on(month))
    if rules.is_final(month, today):
        return Text.of("scorecards.unkept")
    return Text.of("scorecards.preliminary", on=rules.final_on(month))


def total(score: Score) -> Text:
    """Return a score in a few words."""
    if score.is_vetoed:
        return Text.of("scorecards.vetoed")
    return Text.of("scorecards.unscored") if score.total is None else Text.of("scorecards.points", n=score.total)


def name(component: Component) -> Text:
    """Return what a component is called."""
    return indicator(rules.MEASURED[component])


def part(one: AppealedPart) -> Text:
    """Return what an appeal is about."""
    return Text.of("appeals.veto") if one.component is None else name(one.component)


def mark(one: Mark) -> Text:
    """Return a component's line on a card."""
    values = {"mark": _MARKS[one.component], "name": name(one.component), "weight": one.weight}
    if one.standing is not Standing.SCORED or one.share is None:
        return Text.of("scorecards.mark_without", why=_why(one), **values)
    counted = Text.of("scorecards.share", n=one.share.n, of=one.share.of)
    level = Text.of(f"scorecards.levels.{one.level}")
    return Text.of("scorecards.mark", level=level, points=one.points, share=counted, **values)


def advice(one: Mark) -> list[Text]:
    """Return what would raise a component, where more would."""
    if one.missing is None:
        return []
    level = Text.of(f"scorecards.levels.{_BETTER[one.level]}")
    return [Text.of("scorecards.missing", n=one.missing, level=level)]


def history(cards: Sequence[Card]) -> list[Text]:
    """Return how a card has changed: nothing where it hasn't."""
    if len(cards) < 2:
        return []
    return [
        Text.of(f"scorecards.version.{card.reason}", n=card.version, on=card.settled_on, score=total(card.score))
        for card in cards
    ]


def _why(one: Mark) -> Text:
    of = one.share.of if one.share is not None else 0
    return Text.of(f"scorecards.standing.{one.standing}", of=of)
