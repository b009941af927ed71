"""Benefits (奖励扶助): which there are, what may follow what, and until when. Never who is entitled to one.

A person asks, of their own wish; the township decides by its own papers; money is paid; what is yearly is confirmed
again each year. Of births, children and methods nothing is asked here and nothing computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from models.rules import money
from models.rules.calendar import working_day_after
from models.rules.errors import InputError
from models.rules.spans import add_months

DECIDE_WITHIN = 20
"""So many working days after somebody has asked, the township decides (convention)."""
RENEW_AHEAD = timedelta(days=60)
"""So long before a confirmation ends it can be confirmed for another year (convention)."""
LEAST_FEN = 100
"""Less than one yuan is a slip."""
LARGEST_FEN = 10_000_000
"""More than 100,000 yuan paid to one person at once is a slip (convention)."""
MUCH_FEN = 1_000_000
"""From 10,000 yuan on it is asked whether that is meant (convention)."""
EXAMPLE = "960"
_YEAR = 12
_DAY = timedelta(days=1)


class BenefitCode(StrEnum):
    """A benefit."""

    ONLY_CHILD = "only_child"
    """独生子女父母奖励: the only-child award."""
    REWARD = "reward"
    """奖励扶助: reward assistance."""
    SPECIAL = "special"
    """特别扶助: special assistance."""
    DIFFICULTY = "difficulty"
    """困难家庭救助: aid to families in difficulty."""


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit that can be asked for.

    Attributes:
        source: where it comes from.
        is_yearly: a confirmation holds for a year; else for the one case.
    """

    code: BenefitCode
    source: str
    is_yearly: bool = True


_ALL = (
    Benefit(BenefitCode.ONLY_CHILD, "人口与计划生育法（2021年修正）第三十一条"),
    Benefit(BenefitCode.REWARD, "国办发〔2004〕21号 农村部分计划生育家庭奖励扶助制度"),
    Benefit(BenefitCode.SPECIAL, "国人口发〔2007〕78号 独生子女伤残死亡家庭扶助制度"),
    Benefit(BenefitCode.DIFFICULTY, "社会救助暂行办法（国务院令第649号）", is_yearly=False),
)
BENEFITS: Mapping[BenefitCode, Benefit] = MappingProxyType({one.code: one for one in _ALL})
"""Every benefit by its code, in the order in which they are offered. Who is entitled is for those papers to say."""


class BenefitState(StrEnum):
    """How far an application is."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "not_eligible"
    WITHDRAWN = "withdrawn"
    """The person does not want it any more: no reason is asked, and nothing waits."""


OPEN = frozenset({BenefitState.ASKED, BenefitState.CONFIRMED})
"""Beside one of these the same person does not ask for the same benefit again."""


class Ground(StrEnum):
    """Why not, in short: what the person is told. Nothing of anybody's life."""

    PAPERS = "papers"
    RULES = "rules"
    ELSEWHERE = "elsewhere"
    OTHER = "other"


class Renewal(StrEnum):
    """Whether a confirmation has to be confirmed again."""

    NOT_YET = "not_yet"
    OPEN = "open"
    OVERDUE = "overdue"


class Step(StrEnum):
    """What may come next."""

    DECIDE = "decide"
    RENEW = "renew"
    PAY = "pay"
    REVISE = "revise"
    """The last decision was wrong."""
    WITHDRAW = "withdraw"


def decide_by(applied_on: date) -> date:
    """Return the last day for the decision."""
    return working_day_after(applied_on, DECIDE_WITHIN)


def holds_until(benefit: Benefit, decided_on: date, before: date | None = None) -> date | None:
    """Return the last day of a confirmation; `None` for one that does not end.

    Args:
        benefit: what is confirmed.
        decided_on: the day of the decision.
        before: the last day of the confirmation that it renews: whoever is confirmed early loses no days.
    """
    if not benefit.is_yearly:
        return None
    begins = decided_on if before is None else max(before + _DAY, decided_on)
    return add_months(begins, _YEAR) - _DAY


def renewal(until: date | None, today: date) -> Renewal:
    """Return whether a confirmation that holds until a day has to be confirmed again."""
    if until is None or today < until - RENEW_AHEAD:
        return Renewal.NOT_YET
    return Renewal.OPEN if today <= until else Renewal.OVERDUE


def steps(state: BenefitState, due: Renewal) -> frozenset[Step]:
    """Return what may come next."""
    match state:
        case BenefitState.ASKED:
            return frozenset({Step.DECIDE, Step.WITHDRAW})
        case BenefitState.CONFIRMED:
            always = frozenset({Step.PAY, Step.REVISE, Step.WITHDRAW})
            return always if due is Renewal.NOT_YET else always | {Step.RENEW}
        case BenefitState.REFUSED:
            return frozenset({Step.REVISE})
        case _:
            return frozenset()


def parse_amount(text: str) -> int:
    """Return the 分 that were paid to one person; without 万 the number is yuan.

    Raises:
        InputError: as `money.parse`; `benefit_amount`: less or more than can be.
    """
    try:
        fen = money.parse(text)
    except InputError as error:
        raise InputError(error.code, EXAMPLE) from None
    check_amount(fen)
    return fen


def check_amount(fen: int) -> None:
    """Refuse what can't be paid to one person at once.

    Raises:
        InputError: `benefit_amount`.
    """
    if not LEAST_FEN <= fen <= LARGEST_FEN:
        least, most = money.in_yuan(LEAST_FEN), money.in_yuan(LARGEST_FEN)
        raise InputError("benefit_amount", EXAMPLE, least=least, most=most)
