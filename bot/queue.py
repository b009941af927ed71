"""The outbox from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.opening import open_database
from bot.settings import Settings
from models.store import outbox_admin
from models.store.errors import NotFound
from models.store.outbox_admin import OPEN, Listed, WrongState
from models.tables.outbox import OutboxState

_COLUMNS = ("number", "state", "kind", "to", "due there", "attempts", "may repeat", "error")
_WIDEST = 200
"""Lines are never cut: numbers are copied from them, kinds are searched for."""
_OPEN = {
    OutboxState.PLANNED: "is yet to be sent",
    OutboxState.CLAIMED: "is being sent right now",
    OutboxState.SENDING: "is being sent right now",
}


class NotPossible(Exception):
    """It can't be done with this message; the message says why."""


async def listed(settings: Settings, states: Sequence[str], staff_id: int | None, kind: str | None, limit: int) -> None:
    """Print messages; without `states`, those that are to be sent or to be decided about.

    Raises:
        NotPossible: there is no such state.
    """
    wanted = [_state(name) for name in states] or OPEN
    database = open_database(settings)
    try:
        async with database.reading() as session:
            found = await outbox_admin.list_messages(session, wanted, staff_id, kind, limit)
    finally:
        await database.close()
    Console(width=max(Console().width, _WIDEST)).print(_table(found) if found else "No such messages.")


async def retry(settings: Settings, message_id: int) -> str:
    """Let a message go out again, and return what to say.

    Raises:
        NotPossible: it has arrived, or is yet to be sent.
    """
    database = open_database(settings)
    try:
        async with database.transaction() as session:
            may_repeat = await outbox_admin.retry(session, message_id)
    except NotFound:
        raise NotPossible(_unknown(message_id)) from None
    except WrongState as error:
        why = _OPEN.get(error.state, "has arrived")
        raise NotPossible(f"Message {message_id} {why}: there is nothing to try again.") from None
    finally:
        await database.close()
    said = f"Message {message_id} goes out as soon as a running bot looks."
    return f"{said} It will say that it may be a repeat." if may_repeat else said


async def drop(settings: Settings, message_id: int) -> str:
    """End a message unsent, and return what to say.

    Raises:
        NotPossible: it is being sent, or over.
    """
    database = open_database(settings)
    try:
        async with database.transaction() as session:
            await outbox_admin.drop(session, message_id)
    except NotFound:
        raise NotPossible(_unknown(message_id)) from None
    except WrongState as error:
        if error.state in _OPEN:
            why = "is being sent right now. In two minutes it has left, or can be dropped."
        else:
            why = f"is over ({error.state}): there is nothing to drop."
        raise NotPossible(f"Message {message_id} {why}") from None
    finally:
        await database.close()
    return f"Message {message_id} was dropped: it will not be sent, and not be planned again."


def _state(name: str) -> OutboxState:
    try:
        return OutboxState(name)
    except ValueError:
        raise NotPossible(f"There is no state {name!r}; there are {', '.join(OutboxState)}.") from None


def _unknown(message_id: int) -> str:
    return f"There is no message {message_id}. `suifang outbox` lists them."


def _table(found: Sequence[Listed]) -> Table:
    table = Table(*_COLUMNS)
    for one in found:
        due = f"{one.due_at.astimezone(ZoneInfo(one.zone)):%Y-%m-%d %H:%M}"
        to = f"{one.role} · {one.place} · {one.staff_id}"
        may_repeat = "yes" if one.may_repeat else ""
        table.add_row(str(one.id), one.state, one.kind, to, due, str(one.attempts), may_repeat, one.error or "")
    return table
