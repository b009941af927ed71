"""What the demo's residents answered when they were asked how it was: without whose answer it is."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from bot.local.demo.township import MONTHS, Township
from models.rules.satisfaction import Satisfaction

Row = dict[str, Any]
_ANSWERED = {Satisfaction.SATISFIED: (44, 58), Satisfaction.FAIR: (10, 14)}
"""So many a month give each answer: enough to be told outside the team."""
_BAD_MONTH, _BAD = 4, (10, 13)
"""So many months ago so many were dissatisfied: when complaints were answered late."""
_SILENT = (18, 30)
"""So many are asked and don't answer."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The rows of answers, and of how many were asked."""

    answers: list[Row]
    asked: list[Row]


def rows(here: Township, rng: Random) -> Answers:
    """Return the rows of the months that are over."""
    found = Answers([], [])
    for ago in range(MONTHS, 0, -1):
        usual = _ANSWERED | ({Satisfaction.DISSATISFIED: _BAD} if ago == _BAD_MONTH else {})
        given = [answer for answer, many in usual.items() for _ in range(rng.randint(*many))]
        mine = {"township_id": here.id, "month": here.month(ago)}
        rng.shuffle(given)
        found.answers.extend({**mine, "id": rng.getrandbits(62), "village_id": None, "answer": one} for one in given)
        found.asked.append({**mine, "asked": len(given) + rng.randint(*_SILENT)})
    return found
