"""Targets that a township sets itself for a year, and those that nobody may set.

The share of people who were served well and in time may have one. Births, the sex ratio, methods, pregnancies and
whether people come may not: the law and informed choice forbid to reckon what is each person's own to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from models.rules.disclosure import LARGEST_SMALL
from models.rules.errors import InputError
from models.rules.indicators.base import Figure
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.numbers import parse_integer
from models.rules.periods import Period

SETTABLE = tuple(code for code, one in INDICATORS.items() if one.is_rate and one.may_have_target)
"""What may have a target, in the order in which it is told."""
_MOST = 100
_EXAMPLE = "90"


class Refusal(StrEnum):
    """Why something has no target; each is worded at `input.target_<code>`."""

    BIRTHS = "births"
    SEX_RATIO = "sex_ratio"
    METHODS = "methods"
    PREGNANCIES = "pregnancies"
    UPTAKE = "uptake"
    FEES = "fees"


_WORDS: Mapping[Refusal, str] = MappingProxyType(
    {
        Refusal.SEX_RATIO: r"性别比|男女比|男孩|女孩|生男|生女|胎儿性别|sex.?ratio|\bboys\b|\bgirls\b|gender",
        Refusal.FEES: r"社会抚养费|抚养费|罚款|征收|\bfees?\b|\bfines?\b|maintenance",
        Refusal.METHODS: (
            r"上环|放环|取环|带环|戴环|结扎|绝育|节育|避孕|皮埋|长效|四术|两术|手术|药具|避孕套|流产|引产|人流|补救|"
            r"\biuds?\b|\bcoils?\b|sterili[sz]|steril|vasectom|ligation|contracepti|\bmethods?\b|implants?\b|"
            r"inject|abortion|\bpills?\b|condoms?|family planning|terminat"
        ),
        Refusal.PREGNANCIES: r"怀孕|妊娠|孕妇|孕情|孕检|查孕|计划外|政策外|违法生育|pregnan|conception|gestation",
        Refusal.BIRTHS: (
            r"出生|生育|生孩|二孩|三孩|二胎|三胎|多孩|超生|活产|人口数|人口增|自然增长|总和生育|births?\b|fertil|"
            r"\bchildren per|population|babies|newborns per|\bbirth"
        ),
        Refusal.UPTAKE: (
            r"康检率|到检|参检|受检|参加率|来康检|康检人数|康检(?:完成|覆盖|普及)|普查率|就诊率|接受率|参与率|不需要率|拒绝率|"
            r"attend|uptake|turn.?out|turnout|participat|accept|declin|refus|show.?up"
        ),
    }
)
_PATTERNS = {one: re.compile(words, re.IGNORECASE) for one, words in _WORDS.items()}
_ASKED = re.compile(r"目标|指标任务|下任务|定任务|任务数|\btargets?\b|\bquotas?\b|\bgoals?\b", re.IGNORECASE)
_BARE_CHECKUP = re.compile(r"\s*(?:单月)?(?:康检|查环查孕|三查|检查)(?:率)?\s*")


@dataclass(frozen=True, slots=True)
class Target:
    """A target as it was set.

    Attributes:
        percent: `None`: it was taken away.
        set_on: the day; it holds from then on, for what was over before it changes nothing.
    """

    code: IndicatorCode
    year: int
    percent: int | None
    set_on: date


@dataclass(frozen=True, slots=True)
class Attained:
    """How a figure stands to a target.

    Attributes:
        percent: the target.
        gap: so many points are missing; 0: it is attained.
        may_be_chance: the target lies within the figure's interval.
    """

    percent: int
    gap: float
    may_be_chance: bool

    @property
    def is_attained(self) -> bool:
        """Whether nothing is missing."""
        return self.gap <= 0


def refusal(words: str) -> Refusal | None:
    """Return why what was typed may have no target; `None` where nothing forbids it."""
    if _BARE_CHECKUP.fullmatch(words):
        return Refusal.UPTAKE
    return next((one for one, pattern in _PATTERNS.items() if pattern.search(words)), None)


def asks_for_one(words: str) -> bool:
    """Return whether typed words speak of a target."""
    return _ASKED.search(words) is not None


def may_be_set(code: IndicatorCode) -> bool:
    """Return whether an indicator may have a target."""
    return code in SETTABLE


def parse_percent(typed: str) -> int:
    """Read a whole number of percent from 1 to 100.

    Raises:
        InputError: `percent_whole`.
    """
    bare = typed.strip().removesuffix("%").removesuffix("％").removeprefix("百分之").strip()
    found = parse_integer(bare, _EXAMPLE)
    if not 1 <= found <= _MOST:
        raise InputError("percent_whole", _EXAMPLE)
    return found


def in_force(history: Iterable[Target], period: Period, today: date) -> dict[IndicatorCode, int]:
    """Return the targets that figures of a period are measured by: those set by its end for the year it ends in."""
    by = min(period.last, today)
    found: dict[IndicatorCode, int] = {}
    for one in sorted(history, key=lambda each: each.set_on):
        if one.year != period.last.year or one.set_on > by:
            continue
        found.pop(one.code, None)
        if one.percent is not None:
            found[one.code] = one.percent
    return found


def attained(figure: Figure | None, percent: int) -> Attained | None:
    """Return how a figure stands to a target; `None` for one of so few that it says nothing."""
    if figure is None or figure.rate is None or figure.rate.of <= LARGEST_SMALL:
        return None
    rate = figure.rate
    interval = rate.interval
    gap = max(0.0, percent - rate.percent)
    return Attained(percent, gap, interval.low <= percent <= interval.high)
