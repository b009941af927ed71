"""What the form of a leave needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import leaves as screens
from handlers.context import Turn
from handlers.forms import leave
from handlers.forms.runner import Entry, Facts, nobody
from handlers.settings import actor_of
from locales.message import Message
from models.rules.errors import InputError
from models.store import leaves
from models.store.leaves import Wish

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, answers: Answers, _facts: Answers) -> Facts:
    """Return who can stand in, and refuse a leave that ends before it begins."""
    first, last = answers.get("first"), answers.get("last")
    if first and last and last < first:
        day = date.fromisoformat(first)
        raise InputError("leave_order", f"{day.month}.{day.day}", first=day)
    found = await leaves.colleagues(turn.session, actor_of(turn))
    return {"colleagues": [[str(one.staff_id), one.role.value, one.place, one.name] for one in found]}


async def _save(turn: Turn, answers: Answers, _facts: Answers, _draft_id: int) -> Message:
    chosen = answers["substitute"]
    substitute = None if chosen == leave.NOBODY else int(chosen)
    first, last = date.fromisoformat(answers["first"]), date.fromisoformat(answers["last"])
    line = await leaves.take(turn.session, actor_of(turn), Wish(first, last, substitute))
    return screens.saved(turn, line)


ENTRY = Entry(leave.FORM, _load, nobody, _save)
