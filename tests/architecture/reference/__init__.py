"""The tables of `docs/reference/`, made from the code.

A page has its prose, and between `<!-- begin NAME -->` and `<!-- end NAME -->` a table that is one of `BLOCKS`.
`python -m tests.architecture.reference` writes the tables anew; a test holds them to the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.architecture.reference import calendar, commands, forms, indicators, people, reminders, settings, tables

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "reference"
BLOCKS: dict[str, Callable[[], str]] = {
    "settings": settings.table,
    "command-line": commands.command_line,
    "bot-commands": commands.bot_commands,
    "keyboards": commands.keyboards,
    "register": lambda: forms.table("register"),
    "checkup": lambda: forms.table("checkup"),
    "visit": lambda: forms.table("visit"),
    "choice": lambda: forms.table("choice"),
    "household": lambda: forms.table("household"),
    "consent": lambda: forms.table("consent"),
    "change": lambda: forms.table("change"),
    "examination": lambda: forms.table("examination"),
    "referral": lambda: forms.table("referral"),
    "referral_answer": lambda: forms.table("referral_answer"),
    "checkup-days-2026": calendar.checkup_days,
    "meetings-2026": calendar.meetings,
    "reminders": reminders.stages,
    "digest": reminders.digest,
    "ladder": reminders.ladder,
    "minutes": lambda: forms.table("minutes"),
    "decision": lambda: forms.table("decision"),
    "limits": forms.limits,
    "outcomes": people.outcomes,
    "roles": people.roles,
    "permissions": people.permissions,
    "indicators": indicators.indicators,
    "indicator-kinds": indicators.kinds,
    "indicator-cells": indicators.cells,
    "tables": tables.tables,
    "sealed": tables.sealed,
}
_BLOCK = re.compile(r"(<!-- begin ([\w-]+) -->\n)(.*?)(<!-- end \2 -->)", re.DOTALL)


def pages() -> Iterator[Path]:
    """Yield the pages that have a table from the code."""
    for path in sorted(FOLDER.glob("*.md")):
        if _BLOCK.search(path.read_text("utf-8")):
            yield path


def names(path: Path) -> list[str]:
    """Return the blocks of a page."""
    return [found[2] for found in _BLOCK.finditer(path.read_text("utf-8"))]


def renewed(path: Path) -> str:
    """Return a page as it should be."""
    return _BLOCK.sub(lambda found: found[1] + BLOCKS[found[2]]() + "\n" + found[4], path.read_text("utf-8"))
