"""How one version of a programme differs from another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.rules.programmes.base import Programme
from models.rules.programmes.files.writing import body


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is not the same: the way to it, what it was, what it is; empty where there was or is none."""

    key: str
    before: str
    after: str


def differences(before: Programme, after: Programme) -> list[Difference]:
    """Return what differs, in the order of a file; versions are not looked at."""
    was, now = dict(_flat(body(before))), dict(_flat(body(after)))
    keys = [*now, *(key for key in was if key not in now)]
    return [Difference(key, was.get(key, ""), now.get(key, "")) for key in keys if was.get(key) != now.get(key)]


def is_same(before: Programme, after: Programme) -> bool:
    """Return whether two programmes say the same, whatever their versions."""
    return body(before) == body(after)


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the way to every word; visits go by their codes."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{key}.{name}" if key else name)
    elif isinstance(value, list) and any(isinstance(inner, Mapping) for inner in value):
        for inner in value:
            yield from _flat(inner, f"{key}.{inner.get('code') or inner['trigger']}")
    else:
        yield (
            key,
            ", ".join(value) if isinstance(value, list) else str(value).lower() if value in (True, False) else value,
        )
