"""How many villages a question asks for: the first three, the last five."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.rules.questions.concepts import Concept
from models.rules.typed import chinese_number

FIRST_MARK = 0xE100
"""The character that stands for the first number that was found; the next ones follow."""
_WRITTEN = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ENGLISH = {word: number for number, word in enumerate(_WRITTEN, 2)}
_N = r"(\d{1,2}|[一二两三四五六七八九十])"
_E = rf"(\d{{1,2}}|{'|'.join(_ENGLISH)})"
_ENDS = ("worst", "best", "lowest", "highest", "most", "fewest", "least")
_PATTERNS: tuple[tuple[re.Pattern[str], Concept | None], ...] = tuple(
    (re.compile(pattern), end)
    for pattern, end in (
        (rf"(?:排名?)?(?:倒数|最后|后)第?前?{_N}(?:名|位|个)?的?(?:村|社区)?(?!率)", Concept.LAST_FEW),
        (rf"(?:排名?)?前{_N}(?:名|位|个)?的?(?:村|社区)?", Concept.FIRST_FEW),
        (rf"哪{_N}个(?:村|社区)", Concept.WHICH_VILLAGE),
        (rf"{_N}个(?:村|社区)(?:子)?", None),
        (rf"\btop {_E}\b(?: villages?)?", Concept.FIRST_FEW),
        (rf"\bbottom {_E}\b(?: villages?)?", Concept.LAST_FEW),
        *((rf"(?<={word} ){_E}\b(?: villages?)?", None) for word in _ENDS),
        (rf"\b{_E} villages?\b", None),
    )
)


@dataclass(frozen=True, slots=True)
class Few:
    """So many villages; `end` says from where, if the words do."""

    count: int
    end: Concept | None


def counted(text: str) -> tuple[str, list[Few]]:
    """Return the question with such numbers replaced by marks, and what the marks stand for."""
    found: list[Few] = []
    for pattern, end in _PATTERNS:
        text = pattern.sub(lambda match, end=end: _mark(found, match, end), text)  # type: ignore[misc]
    return text, found


def _mark(found: list[Few], match: re.Match[str], end: Concept | None) -> str:
    digits = next(filter(None, match.groups()), "")
    count = _ENGLISH.get(digits) or chinese_number(digits)
    if not count:
        return match[0]
    found.append(Few(count, end))
    return chr(FIRST_MARK + len(found) - 1)
