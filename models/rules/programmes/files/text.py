"""From YAML text to a tree, one event at a time.

Nothing is constructed and nothing is expanded: aliases, tags and second documents are refused as they are met,
so that a small file can't become a large tree.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from models.rules.programmes.files.faults import Fault, Problem, Wrong
from models.rules.programmes.files.tree import Node

LARGEST = 256 * 1024
"""Bytes of a file; the eighteen programmes of the service take a tenth of it."""
DEEPEST = 12
"""Levels of lists and mappings; a programme needs six."""
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class Unreadable(Exception):
    """The text is no file of programmes; `problem` says why and where."""

    def __init__(self, problem: Problem) -> None:
        """Say why."""
        super().__init__(problem.fault.value)
        self.problem = problem


def _unreadable(line: int, fault: Fault, example: str = "", **values: object) -> Unreadable:
    return Unreadable(Problem(line, (), fault, example, values))


def decoded(content: bytes) -> str:
    """Return the text of a file.

    Raises:
        Unreadable: it is too large, or not UTF-8.
    """
    if len(content) > LARGEST:
        raise _unreadable(1, Fault.TOO_LARGE, size=len(content) // 1024, most=LARGEST // 1024)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(content[: error.start].count(b"\n") + 1, Fault.NOT_UTF8) from None


def parsed(text: str) -> tuple[Node, list[Problem]]:
    """Return the tree of a text, and what is wrong in it without making it unreadable.

    Raises:
        Unreadable: it is not YAML, or uses what has no place here.
    """
    tree = _Tree(text)
    try:
        return tree.document(), tree.problems
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise _unreadable(line, Fault.SYNTAX, why=str(error.reason)) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, why = (mark.line + 1 if mark else 1), error.problem or error.context or ""
        raise _unreadable(line, Fault.TAB if "'\\t'" in why else Fault.SYNTAX, why=why) from None


class _Tree:
    """Builds the tree of one text."""

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.SafeLoader)

    def document(self) -> Node:
        """Return the only document; an empty text is an empty one."""
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return Node(1, None)
        node = self._node(next(self._events), 0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _unreadable(_line(after), Fault.SEVERAL_DOCUMENTS)
        return node

    def _node(self, event: yaml.Event, depth: int) -> Node:
        self._refuse(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(_line(event), tuple(self._members(depth)))
        if isinstance(event, yaml.MappingStartEvent):
            return Node(_line(event), self._pairs(depth))
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - no other event is left
        is_nothing = event.implicit[0] and event.value in _NOTHING
        return Node(_line(event), None if is_nothing else event.value)

    def _refuse(self, event: yaml.Event, depth: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _unreadable(_line(event), Fault.ALIAS)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _unreadable(_line(event), Fault.TAG, what=str(tag))
        if depth > DEEPEST:
            raise _unreadable(_line(event), Fault.TOO_DEEP)

    def _members(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _pairs(self, depth: int) -> dict[str, Node]:
        pairs: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line, key = _line(event), self._node(event, depth + 1).value
            inner = self._node(next(self._events), depth + 1)
            if not isinstance(key, str):
                raise _unreadable(line, Fault.SYNTAX, why="a key has to be one word")
            if key in pairs:
                repeated = Wrong(Fault.REPEATED_KEY, what=key, first=pairs[key].line)
                self.problems.append(Problem(line, (key,), repeated.fault, "", repeated.values))
            else:
                pairs[key] = Node(line, inner.value)
        return pairs


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark is not None else 1
