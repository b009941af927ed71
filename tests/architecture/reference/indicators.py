"""The indicators and what each counts, in the words that the bot explains them with."""

from __future__ import annotations

from locales.message import Text
from locales.translator import translator
from models.rules.indicators.base import Indicator, Nature
from models.rules.indicators.catalogue import INDICATORS, TABLES
from tests.architecture.reference.markdown import rows

_WORDS = translator("en").plain
_OF = {
    Nature.FLOW: "the period",
    Nature.STOCK: "the period's last day, or today",
    Nature.NOW: "now",
}


def indicators() -> str:
    """Return what each is, and what is counted."""
    head = ("indicator", "counted", "out of", "left out", "from")
    parts = ("numerator", "denominator", "exclusions", "source")
    body = [[_named(one), *(_said(one, part) for part in parts)] for one in INDICATORS.values()]
    return rows(head, body)


def kinds() -> str:
    """Return which table each is counted from, of what, and what is aimed at."""
    head = ("indicator", "table", "counts", "of", "aim", "a township may set a target")
    body = [
        (
            f"`{one.code}`",
            f"`{one.table.code}`",
            one.table.unit.value.replace("_", "-"),
            _OF[one.table.nature],
            "none" if one.aim is None else f"{one.aim}%",
            "yes" if one.may_have_target else "no",
        )
        for one in INDICATORS.values()
    ]
    return rows(head, body)


def cells() -> str:
    """Return the cells of each table, those of each indicator's numerator by its name."""
    body = [
        (f"`{table.code}`", f"`{cell}`", ", ".join(f"`{one.code}`" for one in _of(table.code) if cell in one.numerator))
        for table in TABLES.values()
        for cell in table.cells
    ]
    return rows(("table", "cell", "in the numerator of"), body)


def _of(table: str) -> list[Indicator]:
    return [one for one in INDICATORS.values() if one.table.code == table]


def _named(one: Indicator) -> str:
    return f"{_WORDS(Text.of(f'indicators.{one.code}.name'))} (`{one.code}`)"


def _said(one: Indicator, part: str) -> str:
    return _WORDS(Text.of(f"indicators.{one.code}.{part}")) if one.is_rate or part != "denominator" else ""
