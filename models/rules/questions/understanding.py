"""What was understood of a question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.rules.indicators.codes import IndicatorCode
from models.rules.questions.gazetteer import Villages
from models.rules.questions.stretches import Stretch


class Intent(StrEnum):
    """What is wanted."""

    STATUS = "status"
    FIGURE = "figure"
    VILLAGES = "villages"
    """One figure for each village."""
    MOST = "most"
    LEAST = "least"
    COMPARE = "compare"
    UNREPORTED = "unreported"
    MEETING = "meeting"
    CHECKUP_DAY = "checkup_day"
    DEFINE = "define"
    ASK = "ask"
    """It may mean one thing or another: `Understanding.instead` has them all."""
    REFUSE = "refuse"


class Reason(StrEnum):
    """Why there is no figure for an answer."""

    NAMES = "names"
    PREGNANCY = "pregnancy"
    BIRTHS = "births"
    METHODS = "methods"
    FEE = "fee"
    PETITIONS = "petitions"
    BUDGET = "budget"
    SEX = "sex"
    SEX_RATIO = "sex_ratio"
    REPORTS = "reports"
    SCORES = "scores"
    TARGETS = "targets"
    NOTICES = "notices"
    DECISIONS = "decisions"
    TRUST = "trust"
    """It is asked whether the figures are right."""
    HELP = "help"
    """It is asked what can be asked."""
    UNKNOWN = "unknown"
    """It isn't understood."""


HAVE_A_SCREEN = frozenset(
    {
        *(Reason.SEX_RATIO, Reason.REPORTS, Reason.SCORES, Reason.TARGETS, Reason.NOTICES),
        *(Reason.DECISIONS, Reason.TRUST),
    }
)
"""What is shown elsewhere: the answer says where."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A village that was not written as it is called."""

    typed: str
    name: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as it was understood.

    Attributes:
        indicator: what is counted, where one thing is asked about.
        villages: those that are asked about; none for the whole township.
        period: `None` when the question names none.
        versus: the period that it is compared with.
        top: how many villages, of those with the most or the least.
        reason: why there is no answer, for `Intent.REFUSE`.
        guesses: villages that were written in another way.
        unexplained: pieces that were not understood.
        asks_why: whether the reason is asked, which figures don't tell.
        is_certain: whether it can't be anything but a question: nobody's name, nothing to be entered.
        instead: what it may mean otherwise, the likeliest first.
    """

    intent: Intent
    indicator: IndicatorCode | None = None
    villages: Villages = ()
    period: Stretch | None = None
    versus: Stretch | None = None
    top: int = 1
    reason: Reason | None = None
    guesses: tuple[Guess, ...] = ()
    unexplained: tuple[str, ...] = ()
    asks_why: bool = False
    is_certain: bool = False
    instead: tuple[Understanding, ...] = ()
