"""Taking an update: has it had its effect, who acts, which form is open, and what is owed in answer.

This is the path of every update: one lock, one SELECT, then one UPDATE of the draft and one INSERT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, exists, insert, literal_column, select

from models.rules.access import Actor
from models.store import catalogues, drafts
from models.store.database import StoreSession
from models.store.drafts import DraftRow
from models.store.hot import Hot
from models.store.vault import Cell
from models.tables.base import table
from models.tables.drafts import Draft, DraftState
from models.tables.inbox import ProcessedUpdate
from models.tables.places import Place
from models.tables.staff import Staff

OWED = Cell("processed_updates", "owed")

_p = table(ProcessedUpdate).c
_s = table(Staff).c
_d = table(Draft).c
_township = table(Place)


@dataclass(frozen=True, slots=True)
class Opened:
    """What an update meets.

    Attributes:
        seen: it has had its effect already: confirm it, do nothing.
        actor: who acts; `None` for a person who is not enrolled.
        draft: the active form of this person in this chat.
    """

    seen: bool
    actor: Actor | None
    draft: DraftRow | None


_one = select(literal_column("1").label("one")).subquery("one")
_OPEN = Hot(
    select(
        exists().where(_p.update_id == bindparam("update")).label("seen"),
        _s.id,
        _s.role,
        _s.township_id,
        _s.village_id,
        _s.language,
        _township.c.zone,
        _township.c.programmes_revision,
        *drafts.COLUMNS,
    ).select_from(
        _one.outerjoin(table(Staff), and_(_s.telegram_user_id == bindparam("account"), _s.active))
        .outerjoin(_township, _township.c.id == _s.township_id)
        .outerjoin(
            table(Draft),
            and_(
                _d.chat_id == bindparam("chat"),
                _d.telegram_user_id == bindparam("account"),
                _d.active,
                _d.state == DraftState.OPEN,
                _d.staff_id.is_not_distinct_from(_s.id),
            ),
        )
    )
)
_RECORD = Hot(
    insert(table(ProcessedUpdate)).values(
        update_id=bindparam("update"), chat_id=bindparam("chat"), at=bindparam("now"), owed=bindparam("sealed")
    )
)


async def lock_chat(session: StoreSession, chat_id: int) -> None:
    """Wait until no other transaction works on this chat."""
    await session.lock(chat_id)


async def open_turn(session: StoreSession, update_id: int, chat_id: int, user_id: int) -> Opened:
    """Lock the chat and return what the update meets, in one SELECT."""
    await lock_chat(session, chat_id)
    [row] = await session.hot(_OPEN, {"update": update_id, "chat": chat_id, "account": user_id})
    return Opened(bool(row[0]), await _actor(session, row), _draft(session, row))


async def record(session: StoreSession, update_id: int, chat_id: int, owed: bytes | None) -> None:
    """Say that the update has its effect with this transaction, and keep sealed what is `owed` in answer.

    Raises:
        sqlalchemy.exc.IntegrityError: when it was recorded before; the transaction must not commit.
    """
    sealed = None if owed is None else session.vault.seal(OWED, update_id, owed)
    values = {"update": update_id, "chat": chat_id, "now": session.now(), "sealed": sealed}
    await session.hot(_RECORD, values)


async def _actor(session: StoreSession, row: Sequence[Any]) -> Actor | None:
    staff_id, role, township_id, village_id, language, zone, revision = row[1:8]
    if staff_id is None:
        return None
    catalogue = await catalogues.at_revision(session, township_id, revision)
    return Actor(staff_id, role, township_id, village_id, language, zone, catalogue)


def _draft(session: StoreSession, row: Sequence[Any]) -> DraftRow | None:
    return drafts.read(session.vault, row[8:]) if row[8] is not None else None
