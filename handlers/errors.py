"""What is answered when something is not allowed, not there, or no longer so."""

from __future__ import annotations

from handlers.context import Handler, Turn
from locales.message import Button, Reply, Tap, Text
from models.rules.access import AccessDenied
from models.store.errors import Conflict, Merged, NoConsent, NotFound, Refused

EXPECTED = (AccessDenied, NotFound, NoConsent, Conflict, Refused)
"""What a handler may let pass: it is answered, not counted as a failure."""


def explain(turn: Turn, error: Exception) -> list[Reply]:
    """Return the polite answer to one of `EXPECTED`; what the handler had said before is dropped."""
    turn.replies.clear()
    text = _text(turn, error)
    if isinstance(error, Merged) and error.kept_id is not None:
        turn.say(text, ((Button(Text.of("errors.to_kept"), Tap.of("card", error.kept_id)),),))
        return turn.replies
    if turn.tap is not None:
        turn.toast(text, alert=True)
    else:
        turn.say(text)
    return turn.replies


def _text(turn: Turn, error: Exception) -> Text:
    if isinstance(error, AccessDenied):
        if turn.actor is None:
            return Text.of("enrol.stranger")
        return Text.of("errors.not_allowed", role=Text.of(f"roles.{turn.actor.role}"))
    if isinstance(error, Merged):
        return Text.of("errors.merged" if error.kept_id is not None else "errors.merged_elsewhere")
    if isinstance(error, NoConsent):
        return Text.of("errors.no_consent")
    if isinstance(error, Conflict | Refused):
        return Text.of(f"errors.{error.code}")
    return Text.of("errors.not_found")


def enrolled(handler: Handler) -> Handler:
    """Wrap a handler so that it serves only people who are enrolled now."""

    async def guarded(turn: Turn) -> None:
        if turn.actor is None:
            raise AccessDenied
        await handler(turn)

    return guarded


def private(handler: Handler) -> Handler:
    """Wrap a handler that talks about people: in a group it only says where to talk."""

    async def guarded(turn: Turn) -> None:
        if turn.chat.is_private:
            await handler(turn)
        else:
            turn.say(Text.of("enrol.private_only"))

    return guarded
