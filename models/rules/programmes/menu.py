"""The order in which programmes are offered."""

from __future__ import annotations

from collections.abc import Iterable

from models.rules.programmes.base import Family, Programme

_LAST = (*(family for family in Family if family is not Family.CONTRACEPTION), Family.CONTRACEPTION)
"""Families as they are offered. Contraception comes last: nobody is steered to it."""


def in_order(programmes: Iterable[Programme]) -> list[Programme]:
    """Return programmes family by family, within a family as they come."""
    return sorted(programmes, key=lambda programme: _LAST.index(programme.family))
