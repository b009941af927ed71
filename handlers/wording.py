"""What programmes and their visits are called: by the service's texts, or as the township's own file has it.

A form keeps the name of a programme among its facts as JSON: `kept` writes it, `named` reads it.
"""

from __future__ import annotations

from typing import Any

from locales.message import Label, Text, Worded
from models.rules.due import EXTRA, FOLLOW_UP
from models.rules.programmes.base import Programme
from models.rules.programmes.catalogue import texts_of

Json = Any


def programme_name(programme: Programme) -> Label:
    """Return what a programme is called."""
    return named(kept(programme))


def item_name(programme: Programme, item: str) -> Label:
    """Return what a visit of a programme is called."""
    if item in {FOLLOW_UP, EXTRA}:
        return Text.of(f"items.{item}")
    visit = programme.visit(item)
    if visit is not None and visit.titles:
        return Worded(dict(visit.titles))
    code = texts_of(programme, item)
    return Text.of(f"items.{code}.{item}") if code is not None else programme_name(programme)


def kept(programme: Programme) -> Json:
    """Return what names a programme, as JSON: its titles, or its code where the service's texts name it."""
    return dict(programme.titles) or programme.code


def named(name: Json) -> Label:
    """Return the name that `kept` wrote."""
    return Worded(name) if isinstance(name, dict) else Text.of(f"programmes.{name}.name")
