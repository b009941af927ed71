"""Informed choice: of the talks about methods, in how many was there a choice. Which method, nobody counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.rules.indicators.base import Indicator, Nature, Table, Unit
from models.rules.indicators.codes import IndicatorCode
from models.rules.methods import is_informed


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk: how many methods were explained, and whether the decision was the person's own."""

    explained: int
    own: bool


class ChoiceCell(StrEnum):
    """Whether there was a choice."""

    INFORMED = "informed"
    NOT_INFORMED = "not_informed"


def cell_of(talk: Talk) -> ChoiceCell:
    """Return the cell of a talk."""
    return ChoiceCell.INFORMED if is_informed(talk.explained, own=talk.own) else ChoiceCell.NOT_INFORMED


TABLE = Table("choice", tuple(ChoiceCell), cell_of, Nature.FLOW, Unit.RECORDS)

INFORMED_CHOICE = Indicator(
    IndicatorCode.INFORMED_CHOICE,
    TABLE,
    numerator=frozenset({ChoiceCell.INFORMED}),
    aim=100,
)
