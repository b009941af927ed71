"""What a substitute is told: that somebody asks, and that there is something to do; buttons only to whom they reach."""

from __future__ import annotations

from locales.message import Button, Message, Tap, Text
from models.rules.access import Role
from models.store import leaves
from models.store.database import StoreSession
from models.store.errors import NotFound
from models.store.leaves import LeaveLine
from models.store.sending import Claimed


async def stands(session: StoreSession, claimed: Claimed) -> bool:
    """Return whether a leave still stands as it was told."""
    return await _find(session, claimed) is not None


async def stands_in(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what a substitute is told while the other one is away."""
    line = await _find(session, claimed)
    if line is None or line.is_declined:
        return None
    role = Text.of(f"roles.{line.of.role.value}")
    text = Text.of("notices.leave.stands_in", place=line.of.place, role=role)
    buttons = [Button(Text.of("notices.see.off.asked"), Tap.of("off.asked", line.id))]
    if leaves.reaches(claimed.to, line):
        where = (0, line.of.village_id) if line.of.role is Role.MANAGER else ()
        buttons.insert(0, Button(Text.of("notices.see.due"), Tap.of("due" if where else "todo", *where)))
    return Message(text, (tuple(buttons),))


async def _find(session: StoreSession, claimed: Claimed) -> LeaveLine | None:
    try:
        return await leaves.get(session, claimed.to, claimed.subject_id)
    except NotFound:
        return None
