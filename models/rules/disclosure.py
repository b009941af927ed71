"""What of a table of counts by place readers outside the team may be shown, so that no small count can be worked out.

A count of 1 to 9 people is small. The rows of a table are places, its columns the cells of an indicator's table. A row
is shown whole or not at all: a row with a small cell is not. The rows that aren't shown are a group: what they have
together follows from the sum and the other rows, so the group must not be small in any cell either, nor so near to
what small counts can add up to that the counts follow; else more rows join it. Where even the whole place is no such
group, nothing is shown. That there is nothing at all tells of nobody, so it is shown of every row.

Longer periods are made of shorter ones, and each is asked for by itself. A row is shown for a longer period where it
is shown for all of its parts: then nothing new is told. Beyond that, once the period is over, a row of which nothing
was shown for any part is shown if its parts are such a group among themselves, and if the others of which nothing was
shown still are one, unless there is nothing else. A period that isn't over, or that is no part of a year's quarters
and halves, is the sum of those that it is made of. Two answers of different days, with reports in between, tell what
was reported in between: this is not kept.

Tables that count some of the same people are told one inside the other: of what the outer one keeps back, the inner one
shows nothing. What the outer one has more than the inner one follows where both are shown, so an inner row has it as
further cells, which are looked at like the others and never told.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Generic, TypeVar

from models.rules import periods
from models.rules.periods import Period, PeriodKind

LARGEST_SMALL = 9
"""Counts from 1 to this one are small."""
_SLACK = 2
"""A sum of small counts so far from the least and the most that it can be leaves each of them three values."""
_FEWEST = 2
"""So many rows with anything in them make a group."""

P = TypeVar("P", bound=Hashable)
Counts = tuple[int, ...]
Rows = Mapping[P, Counts]


@dataclass(frozen=True, slots=True)
class Shown(Generic[P]):
    """What may be shown of a period.

    Attributes:
        rows: by place, in the given order; `None` where it is not shown.
        rest: what the rows that are not shown have together; `None` where there are none, or the sum isn't shown.
        total: the sum of all; `None` where it isn't shown.
        whole: all cells of the sum together, which may be shown where the sum itself isn't; `None`: neither is.
    """

    rows: Mapping[P, Counts | None]
    rest: Counts | None
    total: Counts | None
    whole: int | None

    @property
    def hidden(self) -> int:
        """How many rows are not shown."""
        return sum(row is None for row in self.rows.values())


@dataclass(frozen=True, slots=True)
class _Node(Generic[P]):
    """A period that can be asked for.

    Attributes:
        rows: all counts.
        told: so many of the cells are told; the others follow from them and from an outer table.
        shown: places whose row is shown.
        bare: places of which nothing is shown, neither here nor of any part, but that there is nothing.
        hidden: of places that aren't shown, the counts of those parts that aren't shown either.
        has_total: the sum is shown; `has_whole`: at least all of its cells together.
        is_bare: nothing of the sum is shown, neither here nor of any part; `is_secret`: not even all cells together.
    """

    rows: Rows[P]
    told: int
    shown: frozenset[P]
    bare: frozenset[P]
    hidden: Rows[P]
    has_total: bool
    has_whole: bool
    is_bare: bool
    is_secret: bool

    @property
    def total(self) -> Counts:
        """The sum, shown or not."""
        return _sum(self.rows.values())

    def lets(self, place: object) -> bool:
        """Return whether an inner table may show a place: what is no place of this one is all of them together."""
        return place in self.shown if place in self.rows else self.has_total


@dataclass(frozen=True, slots=True)
class Counted(Generic[P]):
    """A table's counts.

    Attributes:
        months: the rows of each month that has begun, all of the same places.
        told: so many of the cells are told; `None`: all of them.
    """

    months: Mapping[Period, Rows[P]]
    told: int | None = None


def is_small(count: int) -> bool:
    """Return whether a count must not be shown."""
    return 0 < count <= LARGEST_SMALL


def everything(rows: Rows[P]) -> Shown[P]:
    """Return rows as the team itself may see them."""
    total = _sum(rows.values())
    return Shown(dict(rows), None, total, sum(total))


def of_rows(rows: Rows[P]) -> Shown[P]:
    """Return what may be shown of one table that no other adds up with: how things stand on a day."""
    return _answer(_leaf(rows, None, None))


def of_period(period: Period, months: Mapping[Period, Rows[P]], today: date) -> Shown[P]:
    """Return what may be shown of a period of one table.

    Args:
        period: the one asked for.
        months: the rows of each month of it that has begun, all of the same places.
        today: later months are not looked at.
    """
    return of_periods(period, [Counted(months)], today)[0]


def of_periods(period: Period, tables: Sequence[Counted[P]], today: date) -> list[Shown[P]]:
    """Return what may be shown of a period of tables that count some of the same people, the outermost first."""
    found = [_nodes(part, tables) for part in parts(period, today)]
    return [_answer(_combined([nodes[index] for nodes in found])) for index in range(len(tables))]


def parts(period: Period, today: date) -> list[Period]:
    """Return the periods that one is told as the sum of: itself if it is over and a part of years, else less of it."""
    if period.kind is PeriodKind.MONTH or (period.is_over(today) and period.kind is not PeriodKind.YEAR_TO_DATE):
        return [period] if period.first <= today else []
    return [part for each in _halved(period) for part in parts(each, today)]


def _halved(period: Period) -> Iterable[Period]:
    """Return the longest periods that begin a period, without itself: the parts of a year are halves, and so on."""
    if period.kind is not PeriodKind.YEAR_TO_DATE:
        return _children(period)
    whole = periods.of(PeriodKind.YEAR, period.first)
    return [whole] if whole.last == period.last else _fill(whole, period.last)


def _fill(period: Period, last: date) -> list[Period]:
    """Return the longest parts of a period that lie before `last`, the last day of a month, and make up for it."""
    if period.last <= last:
        return [period]
    if period.first > last:
        return []
    return [part for child in _children(period) for part in _fill(child, last)]


def _children(period: Period) -> tuple[Period, ...]:
    """Return the parts of a year, a half-year or a quarter."""
    kind = {PeriodKind.YEAR: PeriodKind.HALF_YEAR, PeriodKind.HALF_YEAR: PeriodKind.QUARTER}.get(period.kind)
    if kind is None:
        return period.months
    return tuple(sorted({periods.of(kind, month.first) for month in period.months}))


def _nodes(period: Period, tables: Sequence[Counted[P]]) -> list[_Node[P]]:
    """Return a period of each table."""
    within = [] if period.kind is PeriodKind.MONTH else [_nodes(child, tables) for child in _children(period)]
    found: list[_Node[P]] = []
    for index, table in enumerate(tables):
        outer = found[-1] if found else None
        if within:
            found.append(_widened([nodes[index] for nodes in within], outer))
        else:
            found.append(_leaf(table.months[period], table.told, outer))
    return found


def _leaf(rows: Rows[P], told: int | None, outer: _Node[P] | None) -> _Node[P]:
    """Decide about a table of a month, or of a day."""
    everybody = frozenset(rows)
    total = _sum(rows.values())
    cells = len(total) if told is None else told
    if not any(total[:cells]):
        return _Node(rows, cells, everybody, everybody, {}, True, True, True, True)
    let = everybody if outer is None else frozenset(filter(outer.lets, rows))
    group = _closed({place: row for place, row in rows.items() if not _is_safe(row) or place not in let}, rows)
    if group is None or not _is_safe(total) or (outer is not None and not outer.has_total):
        has_whole = not is_small(sum(total[:cells])) and sum(map(bool, total[:cells])) > 1
        return _Node(rows, cells, frozenset(), everybody, rows, False, has_whole, True, not has_whole)
    shown = everybody - set(group)
    bare = frozenset(place for place, row in rows.items() if place in group or not any(row))
    return _Node(rows, cells, shown, bare, group, True, True, False, False)


def _closed(group: Rows[P], rows: Rows[P]) -> Rows[P] | None:
    """Return rows that aren't shown with as many more as make them a group; `None` where all of them make none.

    Which join follows from their order, not from what is in them, and is much the same from month to month.
    """
    more: dict[P, Counts] = {}
    left = [place for place in rows if place not in group and any(rows[place])]
    while group and not _is_group(group.values(), more.values()):
        if not left:
            return None
        place = left.pop()
        more[place] = rows[place]
    return {**group, **more}


def _combined(nodes: Sequence[_Node[P]]) -> _Node[P]:
    """Return a period that tells no more than its parts do."""
    if len(nodes) == 1:
        return nodes[0]
    places = tuple(nodes[0].rows) if nodes else ()
    rows = {place: _sum(node.rows[place] for node in nodes) for place in places}
    shown = frozenset(place for place in places if all(place in node.shown for node in nodes))
    bare = frozenset(place for place in places if all(place in node.bare for node in nodes))
    hidden = {
        place: _sum(node.hidden[place] for node in nodes if place in node.hidden)
        for place in places
        if place not in shown
    }
    return _Node(
        rows,
        nodes[0].told if nodes else 0,
        shown,
        bare,
        hidden,
        has_total=all(node.has_total for node in nodes),
        has_whole=all(node.has_whole for node in nodes),
        is_bare=all(node.is_bare for node in nodes),
        is_secret=all(node.is_secret for node in nodes),
    )


def _widened(nodes: Sequence[_Node[P]], outer: _Node[P] | None) -> _Node[P]:
    """Return a period that is over: it shows more than its parts do, where that gives nothing away."""
    node = _combined(nodes)
    is_let = outer is None or outer.has_total
    has_total = node.has_total or (is_let and _has_total(node, nodes))
    bare = node.bare if outer is None else frozenset(filter(outer.lets, node.bare))
    candidates = {place: row for place, row in node.rows.items() if has_total and place in bare}
    more = {place: row for place, row in candidates.items() if _is_group([each.rows[place] for each in nodes])}
    for place in sorted(more, key=lambda each: sum(more[each])):
        if _is_kept(node, more):
            break
        del more[place]
    return _Node(
        node.rows,
        node.told,
        node.shown | more.keys(),
        node.bare - more.keys(),
        {place: row for place, row in node.hidden.items() if place not in more},
        has_total,
        has_whole=has_total or node.has_whole,
        is_bare=node.is_bare and not has_total,
        is_secret=node.is_secret and not has_total,
    )


def _is_kept(node: _Node[P], more: Collection[P]) -> bool:
    """Return whether what stays hidden is kept when `more` rows are shown.

    Rows of which some part is shown are no help: where all the others are shown, they could be told part by part.
    """
    rest = {place: row for place, row in node.hidden.items() if place not in more and any(row)}
    bare = [row for place, row in rest.items() if place in node.bare]
    return not rest or (bool(bare) and _is_group(bare))


def _has_total(node: _Node[P], nodes: Sequence[_Node[P]]) -> bool:
    """Return whether a sum that is shown for no part is shown for all of them together."""
    is_known = node.has_whole or node.is_secret
    return node.is_bare and is_known and _is_group([each.total for each in nodes])


def _answer(node: _Node[P]) -> Shown[P]:
    told = {place: row[: node.told] for place, row in node.rows.items()}
    total, hidden = _sum(told.values()), [row for place, row in told.items() if place not in node.shown]
    rows = {place: row if place in node.shown else None for place, row in told.items()}
    if not node.has_total:
        return Shown(rows, None, None, sum(total) if node.has_whole else None)
    return Shown(rows, _sum(hidden) if hidden else None, total, sum(total))


def _is_safe(row: Counts) -> bool:
    return not any(map(is_small, row))


def _is_group(rows: Collection[Counts], more: Collection[Counts] = ()) -> bool:
    """Return whether rows, of which only the sum can be worked out, keep each other's small counts; none always do.

    `more` are rows without small counts that only came to hide the others.
    """
    filled = [row for row in (*rows, *more) if any(row)]
    if not filled:
        return True
    return len(filled) >= _FEWEST and all(
        map(_covers, zip(*rows, strict=True), zip(*more, strict=True) if more else repeat(()))
    )


def _covers(counts: Collection[int], more: Collection[int]) -> bool:
    """Return whether what the rows of a group have in one cell leaves each of their small counts open."""
    total, many = sum(counts) + sum(more), sum(map(bool, counts)) + sum(map(bool, more))
    least = sum(map(bool, counts)) + sum(map(bool, more)) * (LARGEST_SMALL + 1) + _SLACK
    most = many * LARGEST_SMALL
    return not total or (total >= max(least, LARGEST_SMALL + 1) and not most - _SLACK < total <= most)


def _sum(rows: Iterable[Counts]) -> Counts:
    return tuple(map(sum, zip(*rows, strict=True)))
