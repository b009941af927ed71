"""How a figure is counted: its definition in plain words, and what the reader's own figure was counted from."""

from __future__ import annotations

from handlers import figure_words as words
from handlers.context import Turn
from handlers.status import indicator_of, number_of, period_of, reader, village_of
from locales.message import Button, Message, Rows, Tap, Text
from models.rules import periods
from models.rules.access import Permission
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.indicators.work import Counted
from models.rules.periods import Period
from models.store import targets
from models.store.indicators import figures
from models.store.indicators.figures import Page

_BESIDE = frozenset({IndicatorCode.COMPLAINTS_ANSWERED})
"""Beside these stands another number, which is explained as well."""


async def define(turn: Turn) -> None:
    """Ask which figure; a button brings the period and, if one, the village that it is asked about."""
    turn.require(Permission.COUNT_READ)
    is_tapped = turn.tap is not None and bool(turn.tap.args)
    period = period_of(turn) if is_tapped else periods.month_of(turn.today)
    about = _args(period, village_of(turn, 1) if is_tapped else None)
    buttons = [Button(words.name(code), Tap.of("define.of", number_of(code), *about)) for code in INDICATORS]
    rows: Rows = tuple(tuple(buttons[index : index + 2]) for index in range(0, len(buttons), 2))
    back = Button(Text.of("define.to_status"), Tap.of("status", *about))
    turn.show(Message(Text.of("define.ask"), (*rows, (back,))))
    turn.toast()


async def define_one(turn: Turn) -> None:
    """Show how one is counted: its number, the period and, if one, the village."""
    actor = reader(turn)
    code = indicator_of(turn, 0)
    period, village_id = period_of(turn, 1), village_of(turn, 2)
    page = (await figures.ask(turn.session, actor, [code], period, turn.today))[code]
    back = Button(Text.of("define.back"), Tap.of("define", *_args(period, village_id)))
    show = Button(Text.of("define.to_status"), Tap.of("status", *_args(period, village_id)))
    aims = await targets.in_force(turn.session, actor, period, turn.today)
    lines = [*explained(code, aims.get(code)), *_counted(page, village_id), *words.target(page, village_id, aims)]
    turn.show(Message(Text.of("define.screen", lines=lines), ((back, show),)))
    turn.toast()


def explained(code: IndicatorCode, target: int | None = None) -> list[Text]:
    """Return how an indicator is counted, and the target that the township has set, if it has."""
    found = INDICATORS[code]
    parts = ("numerator", "denominator", "exclusions") if found.is_rate else ("numerator", "exclusions")
    lines = [Text.of("define.title", name=words.name(code)), Text.of(f"indicators.{code}.definition")]
    lines += [Text.of(f"define.parts.{part}", text=Text.of(f"indicators.{code}.{part}")) for part in parts]
    aimed = target if target is not None else found.aim
    aim = Text.of("define.aim", percent=aimed) if aimed is not None else Text.of("define.no_aim")
    lines += [aim] if found.is_rate else []
    lines += [Text.of("define.parts.beside", text=Text.of(f"indicators.{code}.beside"))] if code in _BESIDE else []
    return [*lines, Text.of("define.parts.source", text=Text.of(f"indicators.{code}.source"))]


def _counted(page: Page, village_id: int | None) -> list[Text]:
    """Return what the figure was counted from, as far as the reader may know."""
    found = (page.total, page.counts)
    if village_id is not None:
        found = next(((line.figure, line.counts) for line in page.lines if line.village_id == village_id), (None, None))
    figure, counts = found
    head = Text.of("define.figure", period=words.period(page.period))
    if figure is None or counts is None:
        return [head, Text.of("define.kept")]
    table = page.indicator.table
    lines = [head, Text.of("define.value", figure=words.share(figure))]
    if village_id is None and page.days is not None:
        lines.append(Text.of("define.days", days=f"{page.days:g}"))
    if figure.rate is not None:
        lines.append(Text.of("define.interval", interval=words.interval(figure.rate)))
    return lines + [
        Text.of("define.cell", name=Text.of(f"indicators.cells.{table.code}.{cell}"), n=count)
        for cell, count in zip(table.cells, counts, strict=False)
        if cell is not Counted.COUNTED
    ]


def _args(period: Period, village_id: int | None) -> tuple[object, ...]:
    return (period.code,) if village_id is None else (period.code, village_id)
