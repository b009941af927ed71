"""How a changed check-up day is told: which village, which days. It is public, and names nobody."""

from __future__ import annotations

from datetime import date

from locales.message import Button, Message, Tap, Text
from models.store import checkup_days
from models.store.database import StoreSession
from models.store.sending import Claimed


async def compose(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what is said of a change, or `None` when the day has changed again since."""
    told = await checkup_days.told(session, claimed.subject_id, int(claimed.occurrence))
    if told is None:
        return None
    old = date.fromisoformat(str(claimed.details["old"]))
    change = claimed.kind.removeprefix("checkup.")
    text = Text.of(f"notices.checkup.{change}", village=told.village, old=old, new=told.held_on)
    return Message(text, ((Button(Text.of("notices.see.calendar"), Tap.of("calendar")),),))
