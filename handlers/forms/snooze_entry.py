"""What the form `snooze` needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import alerts as said
from handlers.context import Turn
from handlers.forms import snooze
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.access import Permission
from models.rules.alerts import SnoozeReason
from models.store import alert_holds, alerts
from models.store.alerts import OverdueVisit

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    actor = turn.require(Permission.DUE_READ)
    line = await alerts.get(turn.session, actor, int(facts["alert"]), turn.today)
    return {"name": line.about.resident.name if isinstance(line.about, OverdueVisit) else line.place}


async def _save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.DUE_READ)
    until, reason = date.fromisoformat(answers["until"]), SnoozeReason(answers["reason"])
    wait = (int(facts["alert"]), turn.today, until, reason, answers.get("note"), draft_id)
    return said.receipt(turn, actor, await alert_holds.snooze(turn.session, actor, *wait))


ENTRY = Entry(snooze.FORM, _load, nobody, _save)
