"""A report of a township of chance, put together without a database: what is shown of it follows the rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from models.files.report_content import Report
from models.rules import disclosure, periods
from models.rules.access import Actor, Role
from models.rules.disclosure import Shown
from models.rules.indicators.base import Figure, Indicator
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period
from models.store.indicators.figures import Line, Page, Trend, comparable
from scheduler.report_content import Found, codes, laid_out

AT = datetime(2026, 11, 9, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OCTOBER = periods.named("2026-10")
ODD = ('=HYPERLINK("http://x.example","点我")村', "买买提·阿卜杜拉艾山江村民委员会", "+1", "@SUM(A1)", "鄢䶮庄")
"""Names of places that a spreadsheet could take for something else, and long and rare ones."""


def found(villages: int = 40, *, seed: int = 1, role: Role = Role.LEADER, called: Sequence[str] = ()) -> Found:
    """Return what a report is made of, as a reader of that role may see it; `called`: the villages' names."""
    random = Random(seed)
    odd = [ODD[number] if number < len(ODD) else f"第{number}村" for number in range(villages)]
    names = list(called) or odd
    trends = {}
    for code in codes():
        indicator = INDICATORS[code]
        before = comparable(indicator, OCTOBER)
        pages = [None if one is None else _page(indicator, one, names, random, role) for one in (OCTOBER, before)]
        assert pages[0] is not None
        trends[code] = Trend(pages[0], pages[1])
    place = "沈寨镇" if role is not Role.MANAGER else names[0]
    return Found(place, OCTOBER, trends, (5, 2), AT)


def reported(
    language: str = "zh-CN",
    villages: int = 40,
    *,
    seed: int = 1,
    role: Role = Role.LEADER,
    called: Sequence[str] = (),
) -> Report:
    """Return such a report in the words of its reader."""
    village_id = 0 if role is Role.MANAGER else None
    return laid_out(Actor(1, role, 1, village_id, language), found(villages, seed=seed, role=role, called=called))


def _page(indicator: Indicator, period: Period, names: list[str], random: Random, role: Role) -> Page:
    cells = len(indicator.table.cells)
    rows = {
        number: tuple(random.choice([0, 4, 12, 60, 250, 1250]) for _ in range(cells)) for number in range(len(names))
    }
    shown: Shown[int] = disclosure.of_rows(rows) if role is Role.LEADER else disclosure.everything(rows)
    lines = [Line(number, name, _figure(indicator, shown.rows[number])) for number, name in enumerate(names)]
    return Page(
        indicator,
        period,
        tuple(lines),
        _figure(indicator, shown.total),
        shown.whole if indicator.is_rate else None,
        _figure(indicator, shown.rest),
        shown.hidden,
        outcomes=(900, 31, 12, 44, 80) if indicator.code is IndicatorCode.ATTENDANCE else None,
    )


def _figure(indicator: Indicator, counts: tuple[int, ...] | None) -> Figure | None:
    return None if counts is None else indicator.figure(counts)
