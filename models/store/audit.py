"""Writing the audit trail. It says who, what and which row, never about whom in words."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert

from models.rules.access import Actor
from models.store.database import StoreSession
from models.tables.audit import AuditEntry
from models.tables.base import new_id, table

Detail = str | int | bool | None

_INSERT = insert(table(AuditEntry))


async def write(
    session: StoreSession,
    actor: Actor | None,
    action: str,
    kind: str,
    subject_id: int | None = None,
    details: Mapping[str, Detail] | None = None,
    *,
    township_id: int | None = None,
) -> None:
    """Add one entry.

    Args:
        session: the transaction that does what is recorded.
        actor: who; `None` for the command line and the system.
        action: `resource:action`.
        kind: what `subject_id` is a row of.
        subject_id: the row; `None` for a list.
        details: codes and counts only.
        township_id: where, when there is no actor.
    """
    await session.execute(
        _INSERT,
        {
            "id": new_id(),
            "at": session.now(),
            "staff_id": actor.staff_id if actor else None,
            "action": action,
            "subject_kind": kind,
            "subject_id": subject_id,
            "township_id": actor.township_id if actor else township_id,
            "details": dict(details or {}),
        },
    )
