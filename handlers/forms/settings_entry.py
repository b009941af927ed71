"""What the forms of the settings need from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from handlers import settings as screens
from handlers.context import Turn
from handlers.forms import settings
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.errors import InputError
from models.rules.quiet import Quiet
from models.store import preferences

Json = Any
Answers = Mapping[str, Json]


async def _load(_turn: Turn, answers: Answers, _facts: Answers) -> Facts:
    """Refuse quiet hours that last no time: they are switched off by a button."""
    if answers.get("start") and answers.get("start") == answers.get("end"):
        raise InputError("quiet_same", "7:30")
    return {}


async def _save_digest(turn: Turn, answers: Answers, _facts: Answers, _draft_id: int) -> Message:
    actor = screens.actor_of(turn)
    await preferences.set_digest(turn.session, actor, time.fromisoformat(answers["at"]))
    return await screens.screen(turn, actor)


async def _save_quiet(turn: Turn, answers: Answers, _facts: Answers, _draft_id: int) -> Message:
    actor = screens.actor_of(turn)
    quiet = Quiet(time.fromisoformat(answers["start"]), time.fromisoformat(answers["end"]))
    await preferences.set_quiet(turn.session, actor, quiet)
    return await screens.screen(turn, actor)


DIGEST = Entry(settings.DIGEST, _load, nobody, _save_digest)
QUIET = Entry(settings.QUIET, _load, nobody, _save_quiet)
