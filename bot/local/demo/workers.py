"""The rows of the demo's staff: every persona that has a role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.local.demo.personas import PERSONAS
from bot.local.demo.places import Village
from locales.translator import LANGUAGES
from models.rules.access import Role
from models.store import staff
from models.store.vault import Vault
from models.tables.base import new_id

Posts = dict[tuple[Role, int], int]
"""Ids of the staff, by role and place."""


def rows(vault: Vault, now: datetime, township_id: int, villages: Iterable[Village]) -> list[dict[str, Any]]:
    """Return a row for each persona with a role."""
    by_code = {village.unit.full_code: village.id for village in villages}
    found: list[dict[str, Any]] = []
    for persona in PERSONAS:
        if persona.role is None:
            continue
        staff_id, village_id = new_id(), by_code.get(persona.place_code)
        found.append(
            {
                "id": staff_id,
                "telegram_user_id": persona.user_id,
                "chat_id": persona.user_id,
                "role": persona.role,
                "place_id": village_id or township_id,
                "township_id": township_id,
                "village_id": village_id,
                "name_sealed": vault.seal_text(staff.NAME, staff_id, persona.first_name),
                "language": LANGUAGES[0],
                "active": True,
                "is_demo": True,
                "created_at": now,
            }
        )
    return found


def by_post(employed: Sequence[dict[str, Any]]) -> Posts:
    """Return the ids of the rows by role and place."""
    return {(row["role"], row["place_id"]): row["id"] for row in employed}
