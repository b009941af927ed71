"""Villages as choices, for those who work in the whole township."""

from __future__ import annotations

from typing import Any

from handlers.context import Turn
from models.rules.access import Actor
from models.store import places

Json = Any


async def choices(turn: Turn, actor: Actor) -> list[list[Json]]:
    """Return `[id, name]` of each village that the actor has to choose from; none for a manager."""
    if actor.village_id is not None:
        return []
    return [[str(place.id), place.name] for place in await places.children(turn.session, actor.township_id)]


def chosen(actor: Actor, answers: Any) -> int | None:
    """Return the village that a form is about: the actor's own, or the one chosen in it."""
    if actor.village_id is not None:
        return actor.village_id
    picked = answers.get("village")
    return int(picked) if picked else None
