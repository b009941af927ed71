"""Directories: the names of a township in memory, so that a search needs not open every name again.

A directory holds nothing that the database does not: it is built when first asked for, follows what changed since
by `residents.updated_at`, and who is found is read from the database again, within the actor's scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from models.rules.name_index import Found, Named, NameIndex

OVERLAP = timedelta(minutes=2)
"""Changes so long before the last look are looked at again: a transaction may commit late, a clock may lag."""
SET_BACK = timedelta(days=1)
"""How far is looked back once the clock was set back."""
MOST_CHANGED = 1_000
"""So many changes are kept beside the index; more, and it is built anew."""


class Directory:
    """The names of one township."""

    def __init__(self, people: Iterable[Named], recent: Mapping[int, datetime], now: datetime) -> None:
        """Begin with everybody who is listed; `recent` says which rows changed within `OVERLAP` and when."""
        self._index = NameIndex(people)
        self._changed: dict[int, Named | None] = {}
        self._recent = NameIndex(())
        self._seen = dict(recent)
        self._looked_at = now

    @property
    def is_full(self) -> bool:
        """Whether so much has changed that it has to be built anew."""
        return len(self._changed) > MOST_CHANGED

    def since(self, now: datetime) -> datetime:
        """Return from when on changes have to be read."""
        return now - SET_BACK if now < self._looked_at else self._looked_at - OVERLAP

    def unseen(self, changes: Mapping[int, datetime], now: datetime) -> list[int]:
        """Return which of the rows that changed since `since` have to be read; `now` is when they were asked for."""
        found = [row for row, at in changes.items() if self._seen.get(row) != at]
        self._seen = dict(changes) if now >= self._looked_at else {**self._seen, **changes}
        self._looked_at = now
        return found

    def follow(self, changes: Mapping[int, Named | None]) -> None:
        """Take in people who changed: how they are listed now, if they are."""
        self._changed |= changes
        if changes and not self.is_full:
            self._recent = NameIndex(named for named in self._changed.values() if named is not None)

    def search(self, query: str, village_id: int | None) -> Found:
        """Return who matches, of one village or of all."""
        here = self._index.search(query, village_id=village_id, but=self._changed)
        recent = self._recent.search(query, village_id=village_id)
        hits = sorted((*here.hits, *recent.hits), key=lambda hit: (-hit.score, hit.sort_key, hit.person_id))
        return Found(tuple(hits), here.more or recent.more)


class Directories:
    """The directories of one process, by township."""

    def __init__(self) -> None:
        """Begin empty."""
        self._by_township: dict[int, Directory] = {}

    def get(self, township_id: int) -> Directory | None:
        """Return a township's directory, if it has been built and needn't be built anew."""
        found = self._by_township.get(township_id)
        return None if found is None or found.is_full else found

    def keep(self, township_id: int, directory: Directory) -> None:
        """Use `directory` for a township from now on."""
        self._by_township[township_id] = directory
