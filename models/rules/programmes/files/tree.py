"""A file of programmes as a tree of lines, mappings and words, whatever it was written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the file.

    Attributes:
        line: where it begins, from 1 (under a key: the key's line); 0 when it comes from no file.
        value: a word, a list, a mapping, or nothing.
    """

    line: int
    value: str | tuple[Node, ...] | Mapping[str, Node] | None


def of_plain(value: Any) -> Node:
    """Return the tree of what JSON holds: mappings, lists, words and truth values."""
    if isinstance(value, dict):
        return Node(0, {str(key): of_plain(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return Node(0, tuple(of_plain(inner) for inner in value))
    if isinstance(value, bool):
        return Node(0, "true" if value else "false")
    return Node(0, None if value is None else str(value))
