"""A village's scorecard of a month (考核评比): how well it was served, never who came or what anybody chose.

Each component is a share. It is marked by its level; the score is the mean of the levels' points by weight. A component
of which there was nothing to do, or of too few people, is left out, and the others weigh more. A confirmed complaint of
coercion or of a breach of privacy vetoes the score of its month: the old one-vote veto (一票否决), turned round.

Rules have numbers: a month keeps the rule that it was scored by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from models.rules.disclosure import LARGEST_SMALL
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period

_HUNDRED = 100
FINAL_DAY = 10
"""On this day of the next month a card is final: reports and corrections have had their time (convention)."""
APPEAL_DAYS = 15
"""So many days after it is final its village may appeal against a card (convention)."""


class Component(StrEnum):
    """What a village is scored by. Uptake, births and methods are none, and never will be."""

    TIMELINESS = "timeliness"
    REPORTING = "reporting"
    CHECKUP_OFFER = "checkup_offer"
    INFORMED_CHOICE = "informed_choice"
    COMPLAINTS = "complaints"
    """Complaints that were answered in time."""


MEASURED: Mapping[Component, IndicatorCode] = MappingProxyType(
    {
        Component.TIMELINESS: IndicatorCode.TIMELINESS,
        Component.REPORTING: IndicatorCode.REPORTING,
        Component.CHECKUP_OFFER: IndicatorCode.CHECKUP_OFFER,
        Component.INFORMED_CHOICE: IndicatorCode.INFORMED_CHOICE,
        Component.COMPLAINTS: IndicatorCode.COMPLAINTS_ANSWERED,
    }
)
"""The indicators that components are read from: all of the service, none of who comes."""
OF_THE_DAY = frozenset({Component.REPORTING, Component.CHECKUP_OFFER})
"""What a check-up day that doesn't count takes out of the score."""


class Level(StrEnum):
    """How good a share is."""

    GOOD = "good"
    FAIR = "fair"
    LOW = "low"


class Standing(StrEnum):
    """Whether a component counts."""

    SCORED = "scored"
    NOTHING = "nothing"
    """There was nothing to do."""
    FEW = "too_few"
    """Of so few, chance decides."""
    KEPT = "kept"
    """It isn't for the reader: see `outside`."""
    LEFT_OUT = "left_out"
    """It doesn't count since an appeal."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a component was counted to be.

    Attributes:
        is_public: readers outside the team may see it; village-days always, people by `rules.disclosure`.
    """

    n: int
    of: int
    is_public: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.n <= self.of:
            raise ValueError("a share is a part of a whole")


Shares = Mapping[Component, Share | None]
"""Every component; `None` where it is kept from the reader."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How cards are scored.

    Attributes:
        weights: in percent, of every component that counts.
        good, fair: from this share on, in percent, a level is reached.
        points: what a level is worth, of 100.
        fewest: a share of fewer isn't scored; of village-days, each is known to everybody.
    """

    weights: Mapping[Component, int]
    good: int = 90
    fair: int = 70
    points: Mapping[Level, int] = field(default_factory=lambda: {Level.GOOD: 100, Level.FAIR: 70, Level.LOW: 40})
    fewest: int = LARGEST_SMALL + 1

    def __post_init__(self) -> None:
        if not all(isinstance(component, Component) for component in self.weights):
            raise ValueError("only how people were served is scored")
        if sum(self.weights.values()) != _HUNDRED or min(self.weights.values()) < 1:
            raise ValueError("weights are shares of 100")
        if not self.points[Level.GOOD] >= self.points[Level.FAIR] >= self.points[Level.LOW] >= 0:
            raise ValueError("a better level is worth more")

    def level(self, share: Share) -> Level:
        """Return the level of a share of something."""
        if _HUNDRED * share.n >= self.good * share.of:
            return Level.GOOD
        return Level.FAIR if _HUNDRED * share.n >= self.fair * share.of else Level.LOW

    def is_few(self, component: Component, share: Share) -> bool:
        """Return whether a share is of too few to be scored."""
        return component is not Component.REPORTING and share.of < self.fewest


RULES: Mapping[int, Rule] = MappingProxyType(
    {
        1: Rule(
            {
                Component.TIMELINESS: 30,
                Component.REPORTING: 20,
                Component.CHECKUP_OFFER: 20,
                Component.INFORMED_CHOICE: 20,
                Component.COMPLAINTS: 10,
            }
        )
    }
)
"""By number (conventions). One by which a month was scored is never changed: a new one gets a number of its own."""
CURRENT = max(RULES)


@dataclass(frozen=True, slots=True)
class Mark:
    """A component on a card.

    Attributes:
        share: what was counted; `None`: it is kept from the reader.
        level, points: of one that is scored; points are of 100.
        missing: so many more make the next level; `None` at the best, and where nothing is scored.
    """

    component: Component
    standing: Standing
    share: Share | None
    weight: int
    level: Level | None = None
    points: int | None = None
    missing: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A card's marks.

    Attributes:
        total: of 100; `None`: nothing is scored. 0 for one that is vetoed.
    """

    total: int | None
    marks: tuple[Mark, ...]
    is_vetoed: bool


def score(
    shares: Shares, rule: Rule, *, is_vetoed: bool = False, left_out: frozenset[Component] = frozenset()
) -> Score:
    """Return the marks of a card, and what they come to.

    Args:
        shares: what was counted; a component that isn't there was not counted.
        rule: by which the month is scored.
        is_vetoed: a complaint of coercion, or of a breach of privacy, was confirmed.
        left_out: what an appeal took out.
    """
    marks = tuple(_mark(component, shares, rule, left_out) for component in rule.weights if component in shares)
    weight = sum(mark.weight for mark in marks if mark.points is not None)
    if is_vetoed:
        return Score(0, marks, True)
    points = sum(mark.weight * mark.points for mark in marks if mark.points is not None)
    return Score((2 * points + weight) // (2 * weight) if weight else None, marks, False)


def outside(shares: Shares) -> Shares:
    """Return what readers outside the team are told of.

    Nothing but figures that each of them may read anyway: what they see of a card follows from those, so it can give
    no count away that they keep, however many cards are put together.
    """
    return {component: share if share is not None and share.is_public else None for component, share in shares.items()}


def final_on(month: Period) -> date:
    """Return the day from which a month's card is final."""
    return month.after.first.replace(day=FINAL_DAY)


def is_final(month: Period, today: date) -> bool:
    """Return whether a month's card is final."""
    return today >= final_on(month)


def last_final(today: date) -> date:
    """Return the first day of the last month whose card is final."""
    first = today.replace(day=1)
    return _month_before(first if today.day >= FINAL_DAY else _month_before(first))


def appeal_until(settled_on: date) -> date:
    """Return the last day on which a card that became final on `settled_on` can be appealed against."""
    return settled_on + timedelta(days=APPEAL_DAYS)


def _month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _mark(component: Component, shares: Shares, rule: Rule, left_out: frozenset[Component]) -> Mark:
    share, weight = shares[component], rule.weights[component]
    standing = _standing(component, share, rule, left_out)
    if standing is not Standing.SCORED or share is None:
        return Mark(component, standing, share, weight)
    level = rule.level(share)
    return Mark(component, standing, share, weight, level, rule.points[level], _missing(share, level, rule))


def _standing(component: Component, share: Share | None, rule: Rule, left_out: frozenset[Component]) -> Standing:
    if component in left_out:
        return Standing.LEFT_OUT
    if share is None:
        return Standing.KEPT
    if not share.of:
        return Standing.NOTHING
    return Standing.FEW if rule.is_few(component, share) else Standing.SCORED


def _missing(share: Share, level: Level, rule: Rule) -> int | None:
    if level is Level.GOOD:
        return None
    percent = rule.good if level is Level.FAIR else rule.fair
    return -(-percent * share.of // _HUNDRED) - share.n
