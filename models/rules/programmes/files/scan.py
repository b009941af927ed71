"""Reading a tree by a table of keys, and going on after what is wrong, so that everything is told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from models.rules.programmes.files.faults import Fault, Problem, Wrong, unknown
from models.rules.programmes.files.forbidden import KEYS as FORBIDDEN
from models.rules.programmes.files.tree import Node

T = TypeVar("T")
Where = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a mapping: what it sets, how it is read, and what is right, as an example."""

    attribute: str
    read: Callable[[Scan, Node], Any]
    example: str
    required: bool = False


@dataclass(slots=True)
class Scan:
    """A place in a file that is being read.

    Attributes:
        where: the way to it.
        example: what would be right there.
        problems: what was wrong so far, in the whole file.
        lines: the line of every key that was met in this programme.
    """

    where: Where = ()
    example: str = ""
    problems: list[Problem] = field(default_factory=list)
    lines: dict[Where, int] = field(default_factory=dict)

    def tell(self, line: int, wrong: Wrong) -> None:
        """Note what is wrong here."""
        example = wrong.example or self.example
        self.problems.append(Problem(line, self.where, wrong.fault, example, wrong.values))

    def under(self, word: str, example: str) -> Scan:
        """Return the place one step further on."""
        return Scan((*self.where, word), example, self.problems, self.lines)

    def line(self, where: Where) -> int:
        """Return the line of the nearest key on the way to `where` that stands in the file."""
        while where not in self.lines and where:
            where = where[:-1]
        return self.lines.get(where, 1)

    def word(self, node: Node) -> str:
        """Return the one word that stands here.

        Raises:
            Wrong: NOT_A_WORD.
        """
        if not isinstance(node.value, str) or not node.value.strip():
            raise Wrong(Fault.NOT_A_WORD)
        return node.value.strip()

    def each(self, node: Node, read: Callable[[Scan, Node], T | None]) -> tuple[T, ...]:
        """Return the members of a list that can be read; `read` returns `None` for what it told of itself.

        Raises:
            Wrong: NOT_A_LIST.
        """
        if not isinstance(node.value, tuple):
            raise Wrong(Fault.NOT_A_LIST)
        found: dict[str, T | None] = {}
        for number, child in enumerate(node.value, 1):
            name = _name(child) or str(number)
            is_repeated = name in found
            place = self.under(str(number) if is_repeated else name, self.example)
            place.lines[place.where] = child.line
            value = place.attempt(child, read)
            if is_repeated:
                place.tell(child.line, Wrong(Fault.REPEATED_VISIT, "code: month2", what=name))
            else:
                found[name] = value
        return tuple(value for value in found.values() if value is not None)

    def attempt(self, node: Node, read: Callable[[Scan, Node], T]) -> T | None:
        """Return what `read` makes of this place, or `None` and a note of what is wrong."""
        try:
            return read(self, node)
        except Wrong as wrong:
            self.tell(node.line, wrong)
            return None

    def keyed(self, node: Node, keys: Mapping[str, Key]) -> dict[str, Any] | None:
        """Return the values of a mapping by attribute; `None` when a key that has to be there isn't or is wrong.

        Raises:
            Wrong: NOT_A_MAPPING.
        """
        values, is_whole = self.some(node, keys)
        return values if is_whole else None

    def some(self, node: Node, keys: Mapping[str, Key]) -> tuple[dict[str, Any], bool]:
        """Return the values of a mapping that can be read, and whether those are all that have to be.

        Raises:
            Wrong: NOT_A_MAPPING.
        """
        if not isinstance(node.value, Mapping):
            raise Wrong(Fault.NOT_A_MAPPING)
        values: dict[str, Any] = {}
        for name, inner in node.value.items():
            place = self.under(name, keys[name].example if name in keys else "")
            self.lines[place.where] = inner.line
            if name not in keys:
                place.tell(inner.line, _unknown_key(name, keys))
                continue
            self._set(values, keys[name], place, inner)
        for name in (name for name, key in keys.items() if key.required and name not in node.value):
            self.under(name, keys[name].example).tell(node.line, Wrong(Fault.MISSING_KEY, what=name))
        return values, all(key.attribute in values for key in keys.values() if key.required)

    @staticmethod
    def _set(values: dict[str, Any], key: Key, place: Scan, node: Node) -> None:
        met = len(place.problems)
        try:
            value = key.read(place, node)
        except Wrong as wrong:
            place.tell(node.line, wrong)
        else:
            if value is not None or len(place.problems) == met:
                values[key.attribute] = value


def _unknown_key(name: str, keys: Mapping[str, Key]) -> Wrong:
    if name == "version":
        return Wrong(Fault.OWN_VERSION)
    if name.lower() in FORBIDDEN:
        return Wrong(FORBIDDEN[name.lower()], what=name)
    wrong = unknown(name, keys, Fault.UNKNOWN_KEY, Fault.UNKNOWN_KEY_NEAR)
    nearest = wrong.values.get("nearest")
    example = keys[str(nearest)].example if nearest else next(iter(keys.values())).example
    return Wrong(wrong.fault, example, **wrong.values)


def _name(node: Node) -> str | None:
    """Return the code of a programme or visit, to say where something is wrong."""
    code = node.value.get("code") if isinstance(node.value, Mapping) else None
    return code.value if code is not None and isinstance(code.value, str) and code.value else None
