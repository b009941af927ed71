"""Messages that show a roster: where they are, what they show, and which are owed a redraw.

A message that shows a roster is only ever drawn by `scheduler.redrawing`. A turn changes what there is to show, here or
in the roster, and owes the drawing by that: after a crash or a pause it still is owed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, delete, insert, or_, select, update

from models.rules.access import Actor, Permission
from models.store import _roster_lines, pacing, scope
from models.store.database import AnyRow, StoreSession
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.checkups import CheckupDay
from models.tables.rosters import RosterView

TYPED = Cell("roster_views", "filter_sealed")
OWED = -1
"""The revision that is shown where nothing is, or something else than should be."""
LEASE = timedelta(seconds=30)
"""So long a process may take to draw."""
OPEN_FOR = timedelta(hours=12)
"""So long after somebody touched a roster what is typed in that chat is meant for it (convention)."""
_MOST_TYPED = 40


class Screen(StrEnum):
    """Which part of the work a message shows."""

    LIST = "list"
    WALK_IN = "walk_in"
    """Looking for somebody who was not expected."""
    CLOSE = "close"
    """Closing the day: what of those of whom nothing is said? Then what stands out, one by one, then the totals."""
    LOOK = "look"
    """The same, those of whom nothing is said aside."""
    TOTAL = "total"
    """The same, whoever is away or absent aside too."""


@dataclass(frozen=True, slots=True)
class View:
    """A message that shows a roster.

    Attributes:
        message_id: the message, once it was sent.
        typed: what narrows the list, or who is looked for.
        seq: counts what the person did to the view itself.
        may_repeat: the message may have been sent before.
    """

    id: int
    user_id: int
    chat_id: int
    message_id: int | None
    day_id: int
    screen: Screen
    page: int
    typed: str | None
    seq: int
    may_repeat: bool


_COLUMNS = (
    RosterView.id,
    RosterView.telegram_user_id,
    RosterView.chat_id,
    RosterView.message_id,
    RosterView.day_id,
    RosterView.screen,
    RosterView.page,
    RosterView.filter_sealed,
    RosterView.seq,
    RosterView.may_repeat,
)


async def open_view(session: StoreSession, actor: Actor, chat_id: int, user_id: int, day_id: int) -> int | None:
    """Owe a chat a new message with a day's roster; return the message that showed one before, if any.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: there is no such day within reach.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    await _roster_lines.lock_day(session, actor, day_id)
    before = await session.row(select(RosterView.message_id).where(RosterView.chat_id == chat_id))
    await session.execute(delete(RosterView).where(RosterView.chat_id == chat_id))
    await session.execute(insert(RosterView), _values(session, actor, chat_id, user_id, day_id))
    session.has_redrawn = True
    return before.message_id if before is not None else None


async def of_chat(session: StoreSession, actor: Actor, chat_id: int) -> View | None:
    """Return the actor's view in a chat, if it was touched lately.

    Raises:
        AccessDenied: the role reports no check-ups.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    lately = RosterView.touched_at >= session.now() - OPEN_FOR
    mine = (RosterView.chat_id == chat_id, RosterView.staff_id == actor.staff_id)
    row = await session.row(select(*_COLUMNS).where(*mine, lately))
    return _read(session, row) if row is not None else None


async def hold(
    session: StoreSession, actor: Actor, chat_id: int, user_id: int, message_id: int | None, day_id: int
) -> View:
    """Return the view that a tapped message is: what is tapped is what is kept up to date from now on.

    Raises:
        AccessDenied, NotFound: as in `open_view`.
    """
    found = await of_chat(session, actor, chat_id)
    if found is None or found.day_id != day_id:
        await open_view(session, actor, chat_id, user_id, day_id)
    if found is None or (found.day_id, found.message_id) != (day_id, message_id):
        await _update(session, chat_id, message_id=message_id, shown=OWED)
    else:
        await _update(session, chat_id)
    held = await of_chat(session, actor, chat_id)
    assert held is not None  # noqa: S101 - made above
    return held


async def turn_to(
    session: StoreSession, actor: Actor, view: View, screen: Screen, page: int = 0, typed: str | None = None
) -> None:
    """Let a view show another part of the work, another page, or who matches what was typed.

    Raises:
        AccessDenied: the role reports no check-ups.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    words = typed[:_MOST_TYPED] if typed else None
    sealed = session.vault.seal_text(TYPED, view.id, words)
    await _update(session, view.chat_id, screen=screen.value, page=page, filter_sealed=sealed, shown=OWED)


async def owe(session: StoreSession, actor: Actor, view: View) -> None:
    """Have a view drawn again, because whoever taps in it doesn't see what is so.

    Raises:
        AccessDenied: the role reports no check-ups.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    await _update(session, view.chat_id, shown=OWED)


async def is_owed(session: StoreSession) -> bool:
    """Return whether any view may be owed a redraw; for the scheduler."""
    return await session.row(_owed(session).limit(1)) is not None


async def claim(session: StoreSession, most: int) -> list[View]:
    """Take up to `most` views that are owed a redraw, for this process alone; for the scheduler."""
    now, statement = session.now(), _owed(session).order_by(RosterView.id).limit(most)
    if session.is_postgres:
        statement = statement.with_for_update(of=RosterView, skip_locked=True)
    views = [_read(session, row) for row in await session.rows(statement)]
    waits = [await pacing.opens_in(session, pacing.EVERYBODY, view.chat_id) for view in views]
    for view, wait in zip(views, waits, strict=True):
        await _of(session, view.id, busy_until=now + (timedelta(seconds=wait) if wait else LEASE))
    return [view for view, wait in zip(views, waits, strict=True) if not wait]


async def again(session: StoreSession, view_id: int) -> View | None:
    """Return a view as it is now, just before it is drawn; for the scheduler."""
    row = await session.row(select(*_COLUMNS).where(RosterView.id == view_id))
    return _read(session, row) if row is not None else None


async def drawn(session: StoreSession, view: View, revision: int, message_id: int | None) -> None:
    """Note which revision a message shows; what the person did to the view meanwhile still is owed."""
    free: dict[str, Any] = {"busy_until": None, "may_repeat": False}
    same = update(RosterView).where(RosterView.id == view.id, RosterView.seq == view.seq)
    if not await session.changed(same.values(shown=revision, message_id=message_id, **free)):
        is_there = RosterView.message_id.is_not_distinct_from(view.message_id)
        stays = case((is_there, message_id), else_=RosterView.message_id)
        await _of(session, view.id, shown=OWED, message_id=stays, **free)
    session.has_redrawn = True


async def put_back(session: StoreSession, view: View, wait: timedelta, *, may_repeat: bool = False) -> None:
    """Leave a view owed, for another try after `wait`."""
    await _of(session, view.id, busy_until=session.now() + wait, may_repeat=may_repeat, shown=OWED)


async def forget(session: StoreSession, view_id: int) -> None:
    """Keep a message up to date no more."""
    await session.execute(delete(RosterView).where(RosterView.id == view_id))


async def prune(session: StoreSession, before: datetime) -> int:
    """Forget the views that nobody has touched since; returns how many."""
    return await session.changed(delete(RosterView).where(RosterView.touched_at < before))


def _owed(session: StoreSession) -> Select[*tuple[Any, ...]]:
    now = session.now()
    late = RosterView.busy_until > now + 2 * LEASE  # the clock was set back
    statement = select(*_COLUMNS).join(CheckupDay, CheckupDay.id == RosterView.day_id)
    free = or_(RosterView.busy_until.is_(None), RosterView.busy_until <= now, late)
    return statement.where(RosterView.shown < CheckupDay.roster_revision, free)


async def _update(session: StoreSession, chat_id: int, **values: Any) -> None:
    """Note that the person did something to the view of a chat, and what."""
    moved = {"seq": RosterView.seq + 1, **values} if values else {}
    mine = update(RosterView).where(RosterView.chat_id == chat_id)
    await session.execute(mine.values(touched_at=session.now(), **moved))
    session.has_redrawn = True


async def _of(session: StoreSession, view_id: int, **values: Any) -> None:
    await session.execute(update(RosterView).where(RosterView.id == view_id).values(**values))


def _values(session: StoreSession, actor: Actor, chat_id: int, user_id: int, day_id: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "staff_id": actor.staff_id,
        "telegram_user_id": user_id,
        "chat_id": chat_id,
        "day_id": day_id,
        "screen": Screen.LIST.value,
        "touched_at": session.now(),
    }


def _read(session: StoreSession, row: AnyRow) -> View:
    return View(
        row.id,
        row.telegram_user_id,
        row.chat_id,
        row.message_id,
        row.day_id,
        Screen(row.screen),
        row.page,
        session.vault.open_text(TYPED, row.id, row.filter_sealed),
        row.seq,
        row.may_repeat,
    )
