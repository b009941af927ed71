"""By what a count was made: the program's rules, and the programmes that a reader's counts take in.

Counts that were made by others are not those that are asked for. So whatever changes the rules (a new version, a
published calendar) or the programmes (a file that is loaded, even while somebody counts) needs nobody who remembers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from models.rules.access import Actor
from models.rules.programmes.catalogue import Catalogue
from models.store import scope
from models.tables.tallies import Lot

_ROOMS = Path(__file__).parents[2]
_CALENDARS = ("chinesecalendar", "holidays")
_OF_NONE = frozenset({Lot.ROUND, Lot.CHOICE, Lot.BENEFIT})
"""What is the same whatever programmes a reader may know of."""


def basis(actor: Actor, lot: Lot) -> str:
    """Return the name of what an actor's counts are made by."""
    return _named(actor.catalogue, _programmes(actor, lot))


def _programmes(actor: Actor, lot: Lot) -> tuple[str, ...]:
    if lot in _OF_NONE:
        return ()
    if lot is Lot.BIRTH and not actor.is_of_team:
        return tuple(actor.catalogue)
    return scope.countable(actor)


@lru_cache(maxsize=256)
def _named(catalogue: Catalogue, codes: tuple[str, ...]) -> str:
    known = (f"{one.code} {one.family} {one.based_on}" for one in catalogue.values())
    return _digest((_program(), *known, "", *codes))


@cache
def _program() -> str:
    """Return the name of what the program counts by, whether its version says that it has changed or not."""
    files = sorted(path for room in ("rules", "store") for path in (_ROOMS / room).rglob("*.py"))
    return _digest((*(path.read_text("utf-8") for path in files), *map(version, _CALENDARS)))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
