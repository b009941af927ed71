"""Drafts: each answer is saved at once, in one conditional UPDATE, and what is typed is sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, update

from models.rules.clock import CHINA, local_day
from models.store import outbox
from models.store.database import AnyRow, StoreSession
from models.store.hot import Hot
from models.store.outbox import Recipient
from models.store.vault import Cell, Vault
from models.tables.base import new_id, table
from models.tables.drafts import Draft
from models.tables.drafts import DraftState as DraftState
from models.tables.places import Place
from models.tables.staff import Staff

LIFETIME = timedelta(days=7)
"""A draft that nobody touches for so long expires when that day is over (convention)."""
EXPIRED = "draft.expired"
"""The message that tells somebody how many drafts expired on a day."""
TOLD_FROM = time(8)
"""Local time from which people are told: not at midnight, when drafts expire (convention)."""

BODY = Cell("drafts", "body_sealed")

_d = table(Draft).c
COLUMNS: tuple[ColumnElement[Any], ...] = (
    _d.id,
    _d.form,
    _d.form_version,
    _d.subject,
    _d.revision,
    _d.body_sealed,
    _d.message_id,
)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """An open draft.

    Attributes:
        subject: what the form is about, as the form names it.
        revision: counts answers; a button of an older revision is stale.
        body: the answers and where the form stands, as the form engine keeps them.
        message_id: the message that shows the question, once it was sent.
    """

    id: int
    form: str
    form_version: int
    subject: str | None
    revision: int
    body: dict[str, Any]
    message_id: int | None


_SAVE = Hot(
    update(table(Draft))
    .where(_d.id == bindparam("draft"), _d.revision == bindparam("seen"), _d.state == DraftState.OPEN)
    .values(
        revision=bindparam("next"),
        body_sealed=bindparam("body"),
        updated_at=bindparam("now"),
        expires_at=bindparam("until"),
    )
    .returning(_d.id)
)
_RENEW = (
    update(table(Draft))
    .where(_d.id == bindparam("draft"), _d.revision == bindparam("seen"), _d.state == DraftState.OPEN)
    .values(form_version=bindparam("version"), revision=bindparam("next"), body_sealed=bindparam("body"))
)
_INSERT = insert(table(Draft))
_DEACTIVATE = (
    update(table(Draft))
    .where(_d.chat_id == bindparam("chat"), _d.telegram_user_id == bindparam("account"), _d.active)
    .values(active=False)
)
_CLOSE = (
    update(table(Draft))
    .where(_d.id == bindparam("draft"), _d.state == DraftState.OPEN)
    .values(state=bindparam("ended"), active=False, body_sealed=bindparam("body"), updated_at=bindparam("now"))
)
_BIND = update(table(Draft)).where(_d.id == bindparam("draft")).values(message_id=bindparam("message"))
_OPEN_OF_ACCOUNT = select(*COLUMNS).where(_d.telegram_user_id == bindparam("account"), _d.state == DraftState.OPEN)
_BY_ID = _OPEN_OF_ACCOUNT.where(_d.id == bindparam("draft"))
_township = table(Place)
_s = table(Staff).c
_OVERDUE = (
    select(_d.id, _d.staff_id, _d.expires_at, _s.active, _s.township_id, _township.c.zone)
    .select_from(
        table(Draft)
        .outerjoin(table(Staff), _s.id == _d.staff_id)
        .outerjoin(_township, _township.c.id == _s.township_id)
    )
    .where(_d.state == DraftState.OPEN, _d.expires_at < bindparam("now"))
)
_BATCH = 400
_LIST = _OPEN_OF_ACCOUNT.where(_d.chat_id == bindparam("chat")).order_by(_d.updated_at.desc(), _d.id.desc())


async def open_draft(
    session: StoreSession,
    *,
    chat_id: int,
    user_id: int,
    staff_id: int | None,
    form: str,
    form_version: int,
    subject: str | None = None,
    body: Mapping[str, Any] | None = None,
    message_id: int | None = None,
) -> DraftRow:
    """Open a draft and make it the active one of this person in this chat; another one waits, unlost."""
    draft_id, now, content = new_id(), session.now(), dict(body or {})
    await session.execute(_DEACTIVATE, {"chat": chat_id, "account": user_id})
    await session.execute(
        _INSERT,
        {
            "id": draft_id,
            "telegram_user_id": user_id,
            "chat_id": chat_id,
            "staff_id": staff_id,
            "form": form,
            "form_version": form_version,
            "subject": subject,
            "body_sealed": session.vault.seal_json(BODY, draft_id, content),
            "message_id": message_id,
            "created_at": now,
            "updated_at": now,
            "expires_at": now + LIFETIME,
        },
    )
    return DraftRow(draft_id, form, form_version, subject, 1, content, message_id)


async def save_draft(session: StoreSession, draft_id: int, expected_revision: int, body: Mapping[str, Any]) -> bool:
    """Store `body` as revision `expected_revision + 1`; `False` when the draft moved on or has ended."""
    now = session.now()
    met = await session.hot(
        _SAVE,
        {
            "draft": draft_id,
            "seen": expected_revision,
            "next": expected_revision + 1,
            "body": session.vault.seal_json(BODY, draft_id, body),
            "now": now,
            "until": now + LIFETIME,
        },
    )
    return len(met) == 1


async def renew(session: StoreSession, draft: DraftRow, form_version: int, body: Mapping[str, Any]) -> DraftRow:
    """Store what a draft is in another version of its form, so that buttons of the old one are stale.

    Returns the draft as it is now.
    """
    values = {
        "draft": draft.id,
        "seen": draft.revision,
        "version": form_version,
        "next": draft.revision + 1,
        "body": session.vault.seal_json(BODY, draft.id, body),
    }
    await session.execute(_RENEW, values)
    return replace(draft, form_version=form_version, revision=draft.revision + 1, body=dict(body))


async def bind_message(session: StoreSession, draft_id: int, message_id: int | None) -> None:
    """Remember which message shows the draft's question; not an answer, so the revision stays."""
    await session.execute(_BIND, {"draft": draft_id, "message": message_id})


async def close(session: StoreSession, draft_id: int, state: DraftState) -> bool:
    """End a draft as `state` and wipe what was typed; `False` when it had ended before."""
    params = {
        "draft": draft_id,
        "ended": state,
        "body": session.vault.seal_json(BODY, draft_id, {}),
        "now": session.now(),
    }
    return await session.changed(_CLOSE, params) == 1


async def erase(session: StoreSession, draft_id: int) -> None:
    """Delete a draft: not even that there was one is kept."""
    await session.execute(delete(table(Draft)).where(_d.id == draft_id))


async def cancel(session: StoreSession, draft_id: int) -> bool:
    """Give a draft up; what was typed stays for `reopen` until `prune`. `False` when it had ended before."""
    given_up = update(table(Draft)).where(_d.id == draft_id, _d.state == DraftState.OPEN)
    values = {"state": DraftState.CANCELLED, "active": False, "updated_at": session.now()}
    return await session.changed(given_up.values(**values)) == 1


async def reopen(session: StoreSession, chat_id: int, user_id: int, draft_id: int) -> DraftRow | None:
    """Take up a draft that was given up, as the active one; `None` when it is gone.

    One that was begun meanwhile in the same form on the same subject is given up for it.
    """
    given_up = update(table(Draft)).where(
        _d.id == draft_id,
        _d.telegram_user_id == user_id,
        _d.chat_id == chat_id,
        _d.state == DraftState.CANCELLED,
    )
    await session.execute(_DEACTIVATE, {"chat": chat_id, "account": user_id})
    now = session.now()
    values = {"state": DraftState.OPEN, "active": True, "updated_at": now, "expires_at": now + LIFETIME}
    if await session.changed(given_up.values(**values)) != 1:
        return None
    found = await get(session, user_id, draft_id)
    for other in await list_open(session, chat_id, user_id):
        if found is not None and _is_double(other, found):
            await cancel(session, other.id)
    return found


def _is_double(other: DraftRow, draft: DraftRow) -> bool:
    same = (other.form, other.subject) == (draft.form, draft.subject)
    return same and draft.subject is not None and other.id != draft.id


async def state_of(session: StoreSession, user_id: int, draft_id: int) -> DraftState | None:
    """Return how a draft of this person stands, ended ones included; `None` when there is none."""
    condition = (_d.id == draft_id, _d.telegram_user_id == user_id)
    found: DraftState | None = await session.scalar(select(_d.state).where(*condition))
    return found


async def get(session: StoreSession, user_id: int, draft_id: int) -> DraftRow | None:
    """Return an open draft of this person, or `None`: it has ended, or is someone else's."""
    row = await session.row(_BY_ID, {"account": user_id, "draft": draft_id})
    return read(session.vault, row) if row else None


async def activate(session: StoreSession, chat_id: int, user_id: int, draft_id: int) -> DraftRow | None:
    """Make a waiting draft the active one again and return it; `None` when it has ended."""
    row = await session.row(_BY_ID.where(_d.chat_id == chat_id), {"account": user_id, "draft": draft_id})
    if row is None:
        return None
    await session.execute(_DEACTIVATE, {"chat": chat_id, "account": user_id})
    await session.execute(update(table(Draft)).where(_d.id == draft_id).values(active=True))
    return read(session.vault, row)


async def list_open(session: StoreSession, chat_id: int, user_id: int) -> list[DraftRow]:
    """Return the open drafts of this person in this chat, last touched first."""
    found = await session.rows(_LIST, {"chat": chat_id, "account": user_id})
    return [read(session.vault, row) for row in found]


async def count_open(session: StoreSession, chat_id: int, user_id: int, forms: Sequence[str]) -> int:
    """Return how many open drafts of `forms` this person has in this chat."""
    mine = (_d.telegram_user_id == user_id, _d.chat_id == chat_id, _d.state == DraftState.OPEN, _d.form.in_(forms))
    return int(await session.scalar(select(func.count()).where(*mine)))


async def end_of_staff(session: StoreSession, staff_id: int) -> int:
    """Delete every draft of a member of staff who is removed, those given up too; returns how many."""
    ended = delete(table(Draft)).where(_d.staff_id == staff_id, _d.state.in_((DraftState.OPEN, DraftState.CANCELLED)))
    return await session.changed(ended)


async def end_about(session: StoreSession, staff: Collection[int], numbers: Collection[str]) -> int:
    """End the drafts of these members of staff that name one of the rows `numbers`; returns how many.

    The people they are about are out of reach now, so what was typed is wiped.
    """
    waiting = (DraftState.OPEN, DraftState.CANCELLED)
    found = await session.rows(select(*COLUMNS).where(_d.staff_id.in_(staff), _d.state.in_(waiting)))
    ended = [draft.id for row in found if _names(draft := read(session.vault, row), numbers)]
    for draft_id in ended:
        body = session.vault.seal_json(BODY, draft_id, {})
        values = {"state": DraftState.EXPIRED, "active": False, "body_sealed": body, "updated_at": session.now()}
        await session.execute(update(table(Draft)).where(_d.id == draft_id).values(**values))
    return len(ended)


def _names(draft: DraftRow, numbers: Collection[str]) -> bool:
    return (draft.subject or "").rpartition(":")[2] in numbers or _mentions(draft.body, numbers)


def _mentions(value: Any, numbers: Collection[str]) -> bool:
    if isinstance(value, str):
        return value in numbers
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(_mentions(each, numbers) for each in inner)


async def expire(session: StoreSession) -> int:
    """Delete open drafts whose last day is over, and plan to tell each owner once a day; returns how many."""
    over = [row for row in await session.rows(_OVERDUE, {"now": session.now()}) if _is_over(session, row)]
    ids = [row.id for row in over]
    for start in range(0, len(ids), _BATCH):
        await session.execute(delete(table(Draft)).where(_d.id.in_(ids[start : start + _BATCH])))
    owners = {row.staff_id: row for row in over if row.active}
    for staff_id, count in Counter(row.staff_id for row in over).items():
        if staff_id in owners:
            await _tell(session, owners[staff_id], count)
    return len(ids)


async def _tell(session: StoreSession, owner: AnyRow, count: int) -> None:
    zone = ZoneInfo(owner.zone)
    today = local_day(session.now(), zone)
    await outbox.plan(
        session,
        [Recipient(owner.staff_id, owner.township_id)],
        EXPIRED,
        occurrence=today.isoformat(),
        details={"n": count},
        due_at=datetime.combine(today, TOLD_FROM, zone).astimezone(UTC),
    )


def _is_over(session: StoreSession, row: AnyRow) -> bool:
    """Return whether the day is over on which a draft expires: so all of a day expire together."""
    zone = ZoneInfo(row.zone) if row.zone else CHINA
    return local_day(row.expires_at, zone) < local_day(session.now(), zone)


async def prune(session: StoreSession, before: datetime) -> int:
    """Delete drafts that ended before `before`; returns how many."""
    return await session.changed(delete(table(Draft)).where(_d.state != DraftState.OPEN, _d.updated_at < before))


def read(vault: Vault, row: Sequence[Any]) -> DraftRow:
    """Open a row of `COLUMNS`."""
    draft_id, form, form_version, subject, revision, sealed, message_id = row
    return DraftRow(
        draft_id, form, form_version, subject, revision, vault.open_json(BODY, draft_id, sealed), message_id
    )
