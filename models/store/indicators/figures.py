"""What an indicator comes to, by village and period, as its reader may see it.

The team itself sees its own counts. Readers outside it (leader, deputy, groups) see those of the whole township, as far
as `rules.disclosure` shows them: the same to each of them, so that their answers can't be put together. Whatever else
is made for them (files, notices, scores) takes its counts from here, and so tells nothing that isn't told already.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from models.rules import disclosure, suppression
from models.rules.access import Actor, Permission, Role
from models.rules.disclosure import Counts, Shown
from models.rules.indicators import checkups as checkup_rules
from models.rules.indicators import reporting as reporting_rules
from models.rules.indicators import satisfaction as satisfaction_rules
from models.rules.indicators import served
from models.rules.indicators.base import Figure, Indicator, Nature, Table, add_all
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period, PeriodKind
from models.store import audit, places, scope
from models.store.database import StoreSession
from models.store.indicators import benefits, complaints, satisfaction, tallies
from models.store.indicators.counting import BY_CODE, OUTCOMES, TABLES
from models.store.indicators.tallies import Piece
from models.store.places import PlaceRow

Rows = dict[int, Counts]
"""By village."""
ByMonth = dict[Period, Rows]
HEADLINES = (
    *(IndicatorCode.OVERDUE, IndicatorCode.DUE, IndicatorCode.DONE, IndicatorCode.TIMELINESS),
    *(IndicatorCode.CHECKUP_OFFER, IndicatorCode.ATTENDANCE, IndicatorCode.REPORTING, IndicatorCode.INFORMED_CHOICE),
)
"""What is told first, in this order."""
_DAYS = {IndicatorCode.COMPLAINTS_ANSWERED: complaints.days, IndicatorCode.BENEFITS_COVERAGE: benefits.days}
"""What tells how long something took, beside the figure."""
_ROUNDS = (checkup_rules.TABLE.code, reporting_rules.TABLE.code)


@dataclass(frozen=True, slots=True)
class Line:
    """A village's figure; `None` where it isn't shown to this reader.

    Attributes:
        counts: the table's cells that it was counted from.
        outcomes: of attendance, what came of everybody's place (`checkups.OUTCOMES`), where that is shown.
    """

    village_id: int
    name: str
    figure: Figure | None
    counts: Counts | None = None
    outcomes: Counts | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """An indicator in a period.

    Attributes:
        lines: all villages within reach, by code.
        total: of all of them; `None` where it isn't shown.
        whole: the total's `of`, which may be shown where the total isn't; `None`: neither is, or it is no rate.
        rest: of the `hidden` villages together; `None` where that isn't shown.
        counts, outcomes: of the total, as in `Line`.
        days: of complaints, the median days to the answer, of benefits those to the money, where that may be told.
        asked: of satisfaction, how many were asked, where that may be told.
    """

    indicator: Indicator
    period: Period
    lines: tuple[Line, ...]
    total: Figure | None
    whole: int | None
    rest: Figure | None
    hidden: int
    counts: Counts | None = None
    outcomes: Counts | None = None
    days: float | None = None
    asked: int | None = None

    @property
    def is_complete(self) -> bool:
        """Whether nothing was kept from the reader."""
        return self.total is not None and not self.hidden


@dataclass(frozen=True, slots=True)
class Trend:
    """An indicator in a period, and in the one to compare it with; `None` where there is none."""

    now: Page
    before: Page | None


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Pieces of some tables that are to be counted anew; those that follow each other can be counted together."""

    tables: frozenset[str]
    pieces: tuple[Piece, ...]


def public(actor: Actor) -> Actor:
    """Return the actor as a group that the actor writes in: like somebody outside the team, of the whole township."""
    return replace(actor, role=Role.LEADER, village_id=None)


def comparable(indicator: Indicator, period: Period) -> Period | None:
    """Return the period to compare an indicator's figure with: check-ups are every two months."""
    if indicator.table.nature is Nature.NOW:
        return None
    is_round = indicator.table.code in _ROUNDS and period.kind is PeriodKind.MONTH
    return period.before.before if is_round else period.before


def lots(codes: Collection[IndicatorCode]) -> list[list[IndicatorCode]]:
    """Return indicators in lots, each of which is read at once."""
    found: dict[tuple[str, ...], list[IndicatorCode]] = {}
    for code in codes:
        found.setdefault(BY_CODE[INDICATORS[code].table.code].codes, []).append(code)
    return list(found.values())


async def ask(
    session: StoreSession, actor: Actor, codes: Collection[IndicatorCode], period: Period, today: date
) -> dict[IndicatorCode, Page]:
    """Return indicators of a period, each by village within the actor's reach, as the actor may see them.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    await audit.write(session, actor, "count:read", "indicator", None, {"count": len(codes)})
    return await _pages(session, actor, codes, period, today)


async def trends(
    session: StoreSession, actor: Actor, codes: Collection[IndicatorCode], period: Period, today: date
) -> dict[IndicatorCode, Trend]:
    """Return what `ask` does, with the same of the periods before.

    Raises:
        AccessDenied: as in `ask`.
    """
    now = await ask(session, actor, codes, period, today)
    before: dict[IndicatorCode, Page] = {}
    for other, same in _compared(codes, period).items():
        before |= await _pages(session, actor, same, other, today)
    return {code: Trend(page, before.get(code)) for code, page in now.items()}


async def uncounted(
    session: StoreSession, actor: Actor, codes: Collection[IndicatorCode], period: Period, today: date
) -> list[Uncounted]:
    """Return what `trends` would have to count anew; `warm` does it before, piece by piece.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    here = [village.id for village in await places.villages(session, actor.township_id, actor.village_id)]
    found: list[Uncounted] = []
    for one, some in ({period: list(codes)} | _compared(codes, period)).items():
        tables = _needed_tables(actor, _wanted(some))
        pieces = await tallies.lacking(session, actor, tables, here, _begun(one, today), today)
        found.append(Uncounted(frozenset(tables), tuple(pieces)))
    return found


async def warm(
    session: StoreSession, actor: Actor, tables: Collection[str], pieces: Sequence[Piece], today: date
) -> None:
    """Count anew some pieces that follow each other, and keep that: nothing is told.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    villages = sorted({village for piece in pieces for village in piece.villages})
    months = sorted({month for piece in pieces for month in piece.months})
    await tallies.counts(session, actor, tables, villages, months, today)


async def series(
    session: StoreSession, actor: Actor, codes: Collection[IndicatorCode], months: Sequence[Period], today: date
) -> dict[IndicatorCode, list[Page]]:
    """Return what `ask` returns for each of some months that follow each other, all counted at once; no days.

    Args:
        session, actor, today: as in `ask`.
        codes: indicators of what happens in a month, not of how things stand at its end.
        months: the last of them has begun.

    Raises:
        AccessDenied: as in `ask`.
    """
    scope.require(actor, Permission.COUNT_READ)
    await audit.write(session, actor, "count:read", "indicator", None, {"count": len(codes)})
    villages = await places.villages(session, actor.township_id, actor.village_id)
    wanted = _wanted(codes)
    tables = await _tables(session, actor, wanted, villages, months, today)
    found: dict[IndicatorCode, list[Page]] = {code: [] for code in codes}
    for month in months:
        one = {code: {month: by_month[month]} for code, by_month in tables.items()}
        shown = _all_shown(actor, wanted, one, month, today)
        for code, pages in found.items():
            pages.append(_page(INDICATORS[code], shown, villages, month))
    return found


async def for_both(
    session: StoreSession, actor: Actor, codes: Collection[IndicatorCode], period: Period, today: date
) -> dict[IndicatorCode, tuple[Page, Page]]:
    """Return indicators of a period for the whole township, counted once: as its team sees them, and as others do.

    For what is kept for readers of both sorts. The team's are of what every village may know, as the others' are.

    Raises:
        AccessDenied: as in `ask`.
    """
    scope.require(actor, Permission.COUNT_READ)
    outside = public(actor)
    villages = await places.villages(session, actor.township_id)
    wanted = _wanted(codes)
    tables = await _tables(session, outside, wanted, villages, _begun(period, today), today)
    readers = (replace(outside, role=Role.CLINIC), outside)
    team, others = (_all_shown(one, wanted, tables, period, today) for one in readers)
    made = [(code, INDICATORS[code]) for code in codes]
    return {code: (_page(one, team, villages, period), _page(one, others, villages, period)) for code, one in made}


def _wanted(codes: Collection[IndicatorCode]) -> set[str]:
    """Return the tables from which indicators are counted."""
    beside = {OUTCOMES} if IndicatorCode.ATTENDANCE in codes else set()
    return {INDICATORS[code].table.code for code in codes} | beside


async def _pages(
    session: StoreSession, actor: Actor, codes: Collection[IndicatorCode], period: Period, today: date
) -> dict[IndicatorCode, Page]:
    villages = await places.villages(session, actor.township_id, actor.village_id)
    wanted, months = _wanted(codes), _begun(period, today)
    tables = await _tables(session, actor, wanted, villages, months, today)
    shown = _all_shown(actor, wanted, tables, period, today)
    pages = {code: _page(INDICATORS[code], shown, villages, period) for code in codes}
    for code, read in _DAYS.items():
        page = pages.get(code)
        if page is not None and page.total is not None:
            pages[code] = replace(page, days=await read(session, actor, months, today))
    rated = pages.get(IndicatorCode.SATISFACTION)
    if rated is not None and rated.total is not None:
        asked = satisfaction_rules.asked(
            period, tables[rated.indicator.table.code], await satisfaction.asked(session, actor, months), today
        )
        pages[IndicatorCode.SATISFACTION] = replace(rated, asked=asked)
    return pages


def _compared(codes: Collection[IndicatorCode], period: Period) -> dict[Period, list[IndicatorCode]]:
    """Return the periods that indicators are compared with."""
    found: dict[Period, list[IndicatorCode]] = {}
    for code in codes:
        other = comparable(INDICATORS[code], period)
        if other is not None:
            found.setdefault(other, []).append(code)
    return found


def _begun(period: Period, today: date) -> list[Period]:
    """Return the months of a period that have begun; of one to come, its last."""
    return [month for month in period.months if month.first <= today] or [period.months[-1]]


def _needed_tables(actor: Actor, wanted: Collection[str]) -> set[str]:
    """Return the tables that are to be read for wanted ones."""
    return set(wanted) if actor.is_of_team else {*wanted, *_around(wanted)}


def _around(wanted: Collection[str]) -> set[str]:
    """Return the tables that have to be known for others to be shown outside the team: they count the same people."""
    _, *inner = served.NESTED
    return set(served.NESTED) if not set(inner).isdisjoint(wanted) else set()


async def _tables(
    session: StoreSession,
    actor: Actor,
    wanted: Collection[str],
    villages: Sequence[PlaceRow],
    months: Sequence[Period],
    today: date,
) -> dict[str, ByMonth]:
    """Return the counts of tables, and outside the team of those without which they can't be shown."""
    codes = _needed_tables(actor, wanted)
    found: dict[str, ByMonth] = {}
    here = [village.id for village in villages]
    counts = await tallies.counts(session, actor, codes, here, months, today)
    for code, counted in counts.items():
        if code not in codes:  # counted from the same rows: without those around it, it can't be shown
            continue
        table = TABLES[code]
        rows = [*here, *([actor.township_id] if table.is_of_nobody else [])]
        found[code] = {month: {row: counted.get((row, month), table.nothing) for row in rows} for month in months}
    return found


def _all_shown(
    actor: Actor, wanted: Collection[str], tables: Mapping[str, ByMonth], period: Period, today: date
) -> dict[str, Shown[int]]:
    """Return what may be shown of the wanted tables."""
    shown = {code: _shown(actor, TABLES[code], tables[code], period, today) for code in wanted}
    if not actor.is_of_team and period.first <= today:
        inside = disclosure.of_periods(period, served.nested(tables), today)
        shown |= {code: each for code, each in zip(served.NESTED, inside, strict=False) if code in wanted}
    return shown


def _shown(actor: Actor, table: Table[Any], by_month: ByMonth, period: Period, today: date) -> Shown[int]:
    """Return what may be shown of a table that no other adds up with."""
    last = list(by_month.values())[-1]
    if table.is_of_nobody and actor.village_id is not None:
        return Shown({place: None for place in last if place != actor.township_id}, None, None, None)
    is_kept = table.is_of_people and (table.is_of_nobody or not actor.is_of_team)
    if table.nature is not Nature.FLOW:
        return _of_day(table, last) if is_kept else disclosure.everything(last)
    if is_kept and period.first <= today:
        return disclosure.of_period(period, by_month, today)
    return disclosure.everything({place: _sum(table, by_month.values(), place) for place in last})


def _of_day(table: Table[Any], rows: Rows) -> Shown[int]:
    """Return what may be shown of how things stand; what waits, as every other answer about it shows it."""
    if table.nature is not Nature.NOW:
        return disclosure.of_rows(rows)
    column = suppression.column([count for (count,) in rows.values()])
    cells = {place: None if cell is None else (cell,) for place, cell in zip(rows, column.cells, strict=True)}
    return Shown(cells, None, None if column.total is None else (column.total,), column.total)


def _sum(table: Table[Any], rows: Collection[Rows], place: int) -> Counts:
    return add_all(table, [each[place] for each in rows])


def _page(indicator: Indicator, shown: Mapping[str, Shown[int]], villages: Sequence[PlaceRow], period: Period) -> Page:
    found = shown[indicator.table.code]
    beside = shown.get(OUTCOMES) if indicator.code is IndicatorCode.ATTENDANCE else None
    lines = [
        Line(
            *(village.id, village.name, _figure(indicator, found.rows[village.id]), found.rows[village.id]),
            beside.rows.get(village.id) if beside is not None else None,
        )
        for village in villages
    ]
    return Page(
        indicator,
        period,
        tuple(lines),
        _figure(indicator, found.total),
        found.whole if indicator.is_rate else None,
        _figure(indicator, _rest(found, villages)),
        found.hidden,
        found.total,
        beside.total if beside is not None else None,
    )


def _rest(found: Shown[int], villages: Sequence[PlaceRow]) -> Counts | None:
    """Return what the villages that aren't shown have together; not where the township's own row is among them."""
    listed = {village.id for village in villages}
    return None if any(row is None for place, row in found.rows.items() if place not in listed) else found.rest


def _figure(indicator: Indicator, counts: Counts | None) -> Figure | None:
    return None if counts is None else indicator.figure(counts or indicator.table.nothing)
