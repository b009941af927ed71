"""Files of residents: received, checked, imported when somebody says so, taken back within a day.

A file's work is done in steps, each in a transaction of its own, by the process that holds the row's lease. A step
names the lease's owner, and the position from which it goes on: of two processes that believe to hold it, or of a step
that is tried twice, one does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, insert, or_, select, update
from sqlalchemy.orm import aliased

from models.rules.access import Actor, Permission, Role
from models.rules.importing.places import Places
from models.rules.importing.rows import FileRow
from models.store import audit, import_rows, places, scope
from models.store.database import AnyRow, StoreSession
from models.store.errors import Conflict, NotFound
from models.store.places import PlaceRow
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.imports import Import
from models.tables.imports import ImportState as ImportState
from models.tables.places import Place, PlaceKind
from models.tables.staff import Staff

CONTENT = Cell("imports", "content_sealed")
LEASE = timedelta(seconds=90)
"""So long a file is its owner's, from each step."""
UNDO_WITHIN = timedelta(days=1)
KEPT_UNDECIDED = timedelta(days=2)
"""A checked file that nobody decides about is forgotten after so long (convention)."""
_WORK = (ImportState.RECEIVED, ImportState.IMPORTING, ImportState.UNDOING)
"""States in which there is something to do; in the others an owner still has something to tell."""
_FREE: Mapping[str, Any] = {"owner": None, "lease_until": None}


class LeaseLost(Exception):
    """Another process works on the file by now, or somebody has decided otherwise."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A file, without its content; the attributes are those of the table."""

    id: int
    state: ImportState
    village_id: int | None
    staff_id: int | None
    chat_id: int | None
    message_id: int | None
    file_id: str | None
    problem: str | None
    rows: int
    new: int
    matching: int
    wrong: int
    filled: int
    done: int
    undo_until: datetime | None


@dataclass(frozen=True, slots=True)
class Job:
    """A file to work on now.

    Attributes:
        actor: for whom; the operator, for a file from the command line.
        user_id: the chat account; `None` for the command line.
    """

    row: ImportRow
    actor: Actor
    owner: str
    user_id: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What a check found."""

    rows: int = 0
    new: int = 0
    matching: int = 0
    filled: int = 0
    wrong: int = 0


def operator(place: PlaceRow) -> Actor:
    """Return who imports from the command line: staff number 0, within a village or a whole township."""
    if place.kind == PlaceKind.VILLAGE:
        return Actor(0, Role.MANAGER, place.township_id, place.id, zone=place.zone)
    return Actor(0, Role.CLINIC, place.township_id, None, zone=place.zone)


async def operator_of(session: StoreSession, import_id: int) -> Actor:
    """Return the operator for a file that came from the command line.

    Raises:
        NotFound: there is no such file.
    """
    found = select(Import.village_id, Import.township_id).where(Import.id == import_id, Import.staff_id.is_(None))
    row = await session.row(found)
    if row is None:
        raise NotFound
    return operator(await places.get(session, row.village_id or row.township_id))


async def receive(
    session: StoreSession,
    actor: Actor,
    *,
    file_id: str | None = None,
    content: bytes | None = None,
    chat_id: int | None = None,
    owner: str | None = None,
) -> int:
    """Note a file that was sent in, with its content or the network's name for it; returns its number.

    Raises:
        AccessDenied: the role imports nobody.
    """
    scope.require(actor, Permission.PERSON_IMPORT)
    import_id, now = new_id(), session.now()
    values = {
        "id": import_id,
        "township_id": actor.township_id,
        "village_id": actor.village_id,
        "staff_id": actor.staff_id or None,
        "chat_id": chat_id,
        "file_id": file_id,
        "content_sealed": session.vault.seal(CONTENT, import_id, content) if content is not None else None,
        "owner": owner,
        "lease_until": now + LEASE if owner else None,
        "created_at": now,
        "updated_at": now,
    }
    await session.execute(insert(Import), values)
    await _audit(session, actor, "import:receive", import_id)
    return import_id


async def claim(session: StoreSession, owner: str, import_id: int | None = None) -> Job | None:
    """Make a file that waits for work the `owner`'s, and return it: the oldest, or the one that is named.

    `None` when there is nothing to do. What a process left behind waits again when its lease is over.
    """
    now = session.now()
    found = select(Import.id).where(_waits(now)).order_by(Import.updated_at, Import.id).limit(1)
    if import_id is not None:
        found = found.where(Import.id == import_id)
    import_id = await session.scalar(found.with_for_update(skip_locked=True) if session.is_postgres else found)
    if import_id is None:
        return None
    mine = update(Import).where(Import.id == import_id)
    await session.execute(mine.values(owner=owner, lease_until=now + LEASE))
    return await _job(session, import_id, owner)


async def waits(session: StoreSession) -> bool:
    """Return whether there is a file to work on."""
    return await session.row(select(Import.id).where(_waits(session.now())).limit(1)) is not None


async def get(session: StoreSession, actor: Actor, import_id: int) -> ImportRow:
    """Return a file that the actor sent in.

    Raises:
        AccessDenied: the role imports nobody.
        NotFound: there is no such file of the actor's.
    """
    scope.require(actor, Permission.PERSON_IMPORT)
    row = await session.row(_select().where(Import.id == import_id, *_own(actor)))
    if row is None:
        raise NotFound
    return _read(row)


async def content(session: StoreSession, actor: Actor, import_id: int) -> bytes | None:
    """Return the file itself; `None` when it has not been fetched yet, or is gone.

    Raises:
        AccessDenied: the role imports nobody.
    """
    scope.require(actor, Permission.PERSON_IMPORT)
    sealed = await session.scalar(select(Import.content_sealed).where(Import.id == import_id, *_own(actor)))
    return None if sealed is None else session.vault.open(CONTENT, import_id, bytes(sealed))


async def known_places(session: StoreSession, actor: Actor) -> Places:
    """Return where the people of a file can live."""
    township = await places.get(session, actor.township_id)
    villages = await places.villages(session, actor.township_id)
    inside = select(Place.id, Place.parent_id, Place.name).where(
        Place.township_id == actor.township_id, Place.kind == PlaceKind.GROUP
    )
    groups: dict[int, dict[int, str]] = {}
    for row in await session.rows(inside.order_by(Place.code)):
        groups.setdefault(row.parent_id, {})[row.id] = row.name
    own = actor.village_id if actor.role is Role.MANAGER else None
    return Places(township.name, {village.id: village.name for village in villages}, groups, own)


async def keep(session: StoreSession, job: Job, fetched: bytes) -> None:
    """Keep the file that was fetched, sealed.

    Raises:
        LeaseLost: it is another's by now.
    """
    sealed = session.vault.seal(CONTENT, job.row.id, fetched)
    await _step(session, job, {"content_sealed": sealed, "file_id": None}, Import.state == ImportState.RECEIVED)


async def checked(session: StoreSession, job: Job, kind: str, counts: Counts) -> None:
    """Note what a check found; the file waits for the person's word.

    Raises:
        LeaseLost: it is another's by now.
    """
    values = {"state": ImportState.CHECKED, "file_kind": kind, **_counted(counts)}
    before = Import.state.in_((ImportState.RECEIVED, ImportState.CHECKED))
    await _step(session, job, values, before)
    await _audit(session, job.actor, "import:check", job.row.id, _counted(counts))


async def refuse(session: StoreSession, job: Job, problem: str) -> ImportRow:
    """Note why a file can't be read, and forget it. What has been stored of it already can be taken back.

    Raises:
        LeaseLost: it is another's by now.
    """
    values: dict[str, Any] = {"state": ImportState.REFUSED, "problem": problem, "content_sealed": None, "file_id": None}
    if job.row.state is ImportState.IMPORTING:
        values["undo_until"] = session.now() + UNDO_WITHIN
    await _step(session, job, values)
    await _audit(session, job.actor, "import:refuse", job.row.id, {"problem": problem})
    found = await session.row(_select().where(Import.id == job.row.id))
    assert found is not None  # noqa: S101 - stepped on in this transaction
    return _read(found)


async def begin(session: StoreSession, actor: Actor, import_id: int, message_id: int | None = None) -> ImportRow:
    """Let a checked file be imported; its progress is shown in `message_id`. Saying so twice changes nothing.

    Raises:
        AccessDenied: the role imports nobody.
        NotFound: there is no such file of the actor's.
        Conflict: `import_gone`: it was given up.
    """
    row = await get(session, actor, import_id)
    fresh = {"rows": row.rows, "new": 0, "matching": 0, "filled": 0, "wrong": 0, "done": 0}
    values = {"state": ImportState.IMPORTING, "message_id": message_id, **fresh}
    if await _decide(session, actor, import_id, ImportState.CHECKED, values):
        await _audit(session, actor, "import:begin", import_id)
    elif row.state not in {ImportState.IMPORTING, ImportState.DONE}:
        raise Conflict("import_gone")
    return await get(session, actor, import_id)


async def give_up(session: StoreSession, actor: Actor, import_id: int) -> None:
    """Forget a checked file. Saying so twice changes nothing.

    Raises:
        AccessDenied: the role imports nobody.
        NotFound: there is no such file of the actor's.
        Conflict: `import_begun`: it is being imported.
    """
    row = await get(session, actor, import_id)
    values = {"state": ImportState.CANCELLED, "content_sealed": None}
    if await _decide(session, actor, import_id, ImportState.CHECKED, values):
        await _audit(session, actor, "import:give_up", import_id)
    elif row.state is not ImportState.CANCELLED:
        raise Conflict("import_begun")


async def store(session: StoreSession, job: Job, start: int, end: int, rows: Sequence[FileRow], wrong: int) -> Counts:
    """Store the rows between two positions, and the position with them; returns what came of them.

    Raises:
        LeaseLost: it is another's by now, or the position is another.
    """
    await session.lock(job.actor.township_id)
    await _step(session, job, {"done": end}, Import.state == ImportState.IMPORTING, Import.done == start)
    verdicts = await import_rows.compare(session, job.actor, rows)
    new = [row for row, verdict in zip(rows, verdicts, strict=True) if _is_new(verdict)]
    await import_rows.insert_new(session, job.actor, job.row.id, new)
    filled = 0
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict.resident_id is not None and verdict.fills:
            await import_rows.fill(session, job.actor, job.row.id, verdict.resident_id, row, verdict.fills)
            filled += 1
    matching = sum(verdict.resident_id is not None for verdict in verdicts)
    taken = sum(verdict.conflict is not None for verdict in verdicts)
    counts = Counts(end - start, len(new), matching, filled, wrong + taken)
    await _add(session, job, counts)
    return counts


async def finish(session: StoreSession, job: Job, rows: int) -> ImportRow:
    """Note that everything is stored; from now on it can be taken back for a day, and the file is forgotten.

    Raises:
        LeaseLost: it is another's by now.
    """
    values = {
        "state": ImportState.DONE,
        "rows": rows,
        "content_sealed": None,
        "undo_until": session.now() + UNDO_WITHIN,
    }
    await _step(session, job, values, Import.state == ImportState.IMPORTING)
    row = await get(session, job.actor, job.row.id)
    details = {"new": row.new, "matching": row.matching, "filled": row.filled, "wrong": row.wrong}
    await _audit(session, job.actor, "import:finish", row.id, details)
    return row


async def begin_undo(session: StoreSession, actor: Actor, import_id: int, message_id: int | None = None) -> ImportRow:
    """Let what came with a file be taken away again. Saying so while it goes on changes nothing.

    Raises:
        AccessDenied: the role imports nobody.
        NotFound: there is no such file of the actor's.
        Conflict: `import_over`: more than a day ago; `import_gone`: there is nothing to take back.
    """
    row = await get(session, actor, import_id)
    if row.state is ImportState.UNDOING:
        return row
    if row.state not in {ImportState.DONE, ImportState.REFUSED} or row.undo_until is None:
        raise Conflict("import_gone")
    if session.now() > row.undo_until:
        raise Conflict("import_over")
    values = {"state": ImportState.UNDOING, "message_id": message_id, "done": 0}
    if await _decide(session, actor, import_id, row.state, values):
        await _audit(session, actor, "import:undo", import_id)
    return await get(session, actor, import_id)


async def take_away(session: StoreSession, job: Job, limit: int) -> int:
    """Take up to `limit` people or details away again; 0 when nothing is left that can be.

    Raises:
        LeaseLost: it is another's by now.
    """
    await session.lock(job.actor.township_id)
    await _step(session, job, {}, Import.state == ImportState.UNDOING)
    gone = await import_rows.take_away(session, job.actor, job.row.id, limit)
    if gone:
        await session.execute(update(Import).where(Import.id == job.row.id).values(done=Import.done + gone))
        return gone
    return await import_rows.empty_again(session, job.actor, job.row.id, limit)


async def finish_undo(session: StoreSession, job: Job) -> tuple[int, int, int]:
    """Note that it was taken back; returns how many people went, stay with something reported, stay changed.

    Raises:
        LeaseLost: it is another's by now.
    """
    before = Import.state.in_((ImportState.UNDOING, ImportState.UNDONE))
    await _step(session, job, {"state": ImportState.UNDONE}, before)
    gone = int(await session.scalar(select(Import.done).where(Import.id == job.row.id)) or 0)
    reported, changed = await import_rows.left(session, job.actor, job.row.id)
    details = {"gone": gone, "reported": reported, "changed": changed}
    await _audit(session, job.actor, "import:undone", job.row.id, details)
    return gone, reported, changed


async def extend(session: StoreSession, job: Job) -> None:
    """Keep the lease.

    Raises:
        LeaseLost: it is another's by now.
    """
    await _step(session, job, {})


async def show_in(session: StoreSession, job: Job, message_id: int) -> None:
    """Note the message in which the file's progress is shown.

    Raises:
        LeaseLost: it is another's by now.
    """
    await _step(session, job, {"message_id": message_id})


async def release(session: StoreSession, job: Job) -> None:
    """Let go of a file: for now there is nothing more to do or to tell."""
    mine = update(Import).where(Import.id == job.row.id, Import.owner == job.owner)
    await session.execute(mine.values(**_FREE))


async def postpone(session: StoreSession, job: Job, wait: timedelta) -> None:
    """Let go of a file whose work can't be done now; it waits again after `wait`."""
    mine = update(Import).where(Import.id == job.row.id, Import.owner == job.owner)
    await session.execute(mine.values(lease_until=session.now() + wait))


async def expire(session: StoreSession) -> int:
    """Forget checked files that nobody decided about; returns how many."""
    old = update(Import).where(
        Import.state == ImportState.CHECKED, Import.updated_at < session.now() - KEPT_UNDECIDED, Import.owner.is_(None)
    )
    return await session.changed(old.values(state=ImportState.CANCELLED, content_sealed=None))


def _waits(now: datetime) -> ColumnElement[bool]:
    """Return the condition that there is something to do or to tell, and that nobody is at it."""
    free = or_(Import.lease_until.is_(None), Import.lease_until <= now)
    return and_(or_(Import.state.in_(_WORK), Import.owner.is_not(None)), free)


def _is_new(verdict: import_rows.Verdict) -> bool:
    return verdict.resident_id is None and verdict.conflict is None


async def _step(session: StoreSession, job: Job, values: Mapping[str, Any], *before: ColumnElement[bool]) -> None:
    mine = update(Import).where(Import.id == job.row.id, Import.owner == job.owner, *before)
    now = session.now()
    if not await session.changed(mine.values(lease_until=now + LEASE, updated_at=now, **values)):
        raise LeaseLost


async def _decide(
    session: StoreSession,
    actor: Actor,
    import_id: int,
    before: ImportState,
    values: Mapping[str, Any],
) -> bool:
    """Change the state by a person's word; whoever claims it goes on."""
    now = session.now()
    mine = update(Import).where(Import.id == import_id, Import.state == before, *_own(actor))
    return bool(await session.changed(mine.values(updated_at=now, **_FREE, **values)))


async def _add(session: StoreSession, job: Job, counts: Counts) -> None:
    mine = update(Import).where(Import.id == job.row.id)
    await session.execute(
        mine.values(
            new=Import.new + counts.new,
            matching=Import.matching + counts.matching,
            filled=Import.filled + counts.filled,
            wrong=Import.wrong + counts.wrong,
        )
    )


def _counted(counts: Counts) -> dict[str, int]:
    return {
        "rows": counts.rows,
        "new": counts.new,
        "matching": counts.matching,
        "filled": counts.filled,
        "wrong": counts.wrong,
    }


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a file is the actor's own, from the place where the actor works now."""
    sent = Import.staff_id == actor.staff_id if actor.staff_id else Import.staff_id.is_(None)
    here = Import.village_id == actor.village_id if actor.village_id else Import.village_id.is_(None)
    return (Import.township_id == actor.township_id, sent, here)


def _select() -> Select[*tuple[Any, ...]]:
    return select(
        *(Import.id, Import.state, Import.village_id, Import.staff_id, Import.chat_id, Import.message_id),
        *(Import.file_id, Import.problem, Import.rows, Import.new, Import.matching, Import.wrong, Import.filled),
        *(Import.done, Import.undo_until),
    )


def _read(row: AnyRow) -> ImportRow:
    return ImportRow(*row[:15])


async def _job(session: StoreSession, import_id: int, owner: str) -> Job:
    """Return a claimed file with whom it is for, in that person's present role."""
    township = aliased(Place)
    statement = (
        _select()
        .add_columns(Import.township_id, township.zone, Staff.role, Staff.village_id.label("post"))
        .add_columns(Staff.language, Staff.active, Staff.telegram_user_id)
        .join(township, township.id == Import.township_id)
        .outerjoin(Staff, Staff.id == Import.staff_id)
        .where(Import.id == import_id)
    )
    found = await session.row(statement)
    assert found is not None  # noqa: S101 - claimed in this transaction
    row = _read(found)
    if row.staff_id is None:
        place = await places.get(session, row.village_id or found.township_id)
        return Job(row, operator(place), owner, None)
    role = found.role if found.active else Role.RESIDENT
    actor = Actor(row.staff_id, role, found.township_id, found.post, found.language, found.zone)
    return Job(row, actor, owner, found.telegram_user_id)


async def _audit(
    session: StoreSession, actor: Actor, action: str, import_id: int, details: Mapping[str, audit.Detail] | None = None
) -> None:
    who = actor if actor.staff_id else None
    await audit.write(session, who, action, "import", import_id, details, township_id=actor.township_id)
