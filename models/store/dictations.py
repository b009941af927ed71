"""Results dictated in one message: put on the roster's lines at once, and taken back together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update

from models.rules.access import Actor, Permission
from models.rules.outcomes import Outcome
from models.rules.rosters import Mark, mark_of
from models.store import _roster_lines, audit, rosters, scope
from models.store._records import UNDO_WITHIN
from models.store._roster_lines import RosterLine
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.store.reports import MEASURES, Measures
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.checkups import DayState
from models.tables.dictations import Dictation
from models.tables.rosters import RosterEntry

BEFORE = Cell("dictations", "before_sealed")
NOTHING = Measures()


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one line; `outcome` is `None` where only numbers were."""

    line_id: int
    outcome: Outcome | None
    measures: Measures = NOTHING


@dataclass(frozen=True, slots=True)
class Kept:
    """A line as it is now, and as it was before."""

    line: RosterLine
    before: RosterLine


@dataclass(frozen=True, slots=True)
class NotKept:
    """A line that stayed as it is, and why; the text is at `errors.<code>`."""

    line: RosterLine
    code: str


@dataclass(frozen=True, slots=True)
class Dictated:
    """What a message changed; `id` takes it back."""

    id: int
    kept: tuple[Kept, ...]
    refused: tuple[NotKept, ...]


@whole
async def keep(session: StoreSession, actor: Actor, day_id: int, told: Sequence[Told]) -> Dictated:
    """Put what was told on the lines of a day; what one line refuses leaves the others alone.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: there is no such day within reach.
        Conflict: `roster_closed`; `day_not_begun`.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    day = await _open_day(session, actor, day_id)
    lines = {line.id: line for line in await _roster_lines.read(session, actor, day)}
    kept, refused = [], []
    for each in told:
        before = lines.get(each.line_id)
        if before is None:
            raise NotFound
        try:
            kept.append(Kept(await _put(session, actor, before, each), before))
        except (Conflict, Refused) as error:
            refused.append(NotKept(before, error.code))
        except NoConsent:
            refused.append(NotKept(before, "no_consent"))
    dictation_id = await _remember(session, actor, day, kept)
    await audit.write(session, actor, "roster:dictate", "checkup_day", day_id, {"count": len(kept)})
    return Dictated(dictation_id, tuple(kept), tuple(refused))


@whole
async def take_back(session: StoreSession, actor: Actor, dictation_id: int) -> tuple[int, int]:
    """Put the lines back as they were before a message, but for those that were changed since.

    Returns how many were put back, and how many were not. Taking back twice does no more than once.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: there is no such message within reach, or it is forgotten.
        Conflict: `not_yours`; `too_late`; `roster_closed`.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    made = await _find(session, actor, dictation_id)
    await _open_day(session, actor, made.day_id)
    made = await _find(session, actor, dictation_id)
    before: list[dict[str, Any]] = session.vault.open_json(BEFORE, dictation_id, made.before_sealed)["lines"]
    if made.taken_back_at is not None:
        return 0, 0
    _may_take_back(session, actor, made)
    lines = await session.rows(select(RosterEntry.mark, RosterEntry.resident_id).where(_is_of(before)))
    done = sum([await _put_back(session, actor, each) for each in before])
    marks = [*(each["mark"] for each in before), *(line.mark for line in lines)]
    await _roster_lines.follow(session, actor, marks, [line.resident_id for line in lines])
    gone = update(Dictation).where(Dictation.id == dictation_id)
    await session.execute(gone.values(taken_back_at=session.now()))
    await _roster_lines.bump(session, made.day_id)
    await audit.write(session, actor, "roster:take-back", "checkup_day", made.day_id, {"count": done})
    return done, len(before) - done


async def prune(session: StoreSession, before: datetime) -> int:
    """Forget what was dictated before `before`; returns how many messages."""
    return await session.changed(delete(Dictation).where(Dictation.made_at < before))


async def _open_day(session: StoreSession, actor: Actor, day_id: int) -> AnyRow:
    day = await _roster_lines.lock_day(session, actor, day_id)
    if day.state is DayState.CLOSED:
        raise Conflict("roster_closed")
    if scope.today(session, actor) < day.held_on:
        raise Conflict("day_not_begun")
    return day


async def _put(session: StoreSession, actor: Actor, line: RosterLine, told: Told) -> RosterLine:
    """Mark and measure one line, and return it as it is then."""
    mark = mark_of(told.outcome) if told.outcome is not None else None
    has_values = told.measures != NOTHING
    if mark is not None and mark is not line.mark and not (has_values and line.mark is None):
        line = (await rosters.mark(session, actor, line.id, mark, line.version)).line
    if has_values:
        line = (await rosters.measure(session, actor, line.id, told.measures)).line
    return line


async def _remember(session: StoreSession, actor: Actor, day: AnyRow, kept: Sequence[Kept]) -> int:
    dictation_id = new_id()
    lines = [_before(each) for each in kept]
    values = {
        "id": dictation_id,
        "day_id": day.id,
        "township_id": day.township_id,
        "village_id": day.village_id,
        "staff_id": actor.staff_id,
        "before_sealed": session.vault.seal_json(BEFORE, dictation_id, {"lines": lines}),
        "made_at": session.now(),
    }
    await session.execute(insert(Dictation), values)
    return dictation_id


def _before(kept: Kept) -> dict[str, Any]:
    before = kept.before
    return {
        "id": str(before.id),
        "version": kept.line.version,
        "mark": before.mark,
        "next_on": before.next_on.isoformat() if before.next_on is not None else None,
        "checked": before.checked,
        "batch": str(before.batch_id) if before.batch_id is not None else None,
        "measures": asdict(before.measures),
    }


async def _find(session: StoreSession, actor: Actor, dictation_id: int) -> AnyRow:
    here = (Dictation.id == dictation_id, scope.reach(actor, Dictation))
    row = await session.row(select(Dictation.__table__).where(*here))
    if row is None:
        raise NotFound
    return row


def _may_take_back(session: StoreSession, actor: Actor, made: AnyRow) -> None:
    if made.staff_id != actor.staff_id:
        raise Conflict("not_yours")
    if session.now() - made.made_at > UNDO_WITHIN:
        raise Conflict("too_late")


def _is_of(before: Sequence[Mapping[str, Any]]) -> ColumnElement[bool]:
    return RosterEntry.id.in_([int(each["id"]) for each in before])


async def _put_back(session: StoreSession, actor: Actor, before: Mapping[str, Any]) -> int:
    """Put one line back, if nothing has changed it since; returns 1 when it was."""
    line_id, measures = int(before["id"]), Measures(**{name: before["measures"][name] for name in MEASURES})
    same = update(RosterEntry).where(RosterEntry.id == line_id, RosterEntry.version == before["version"])
    values = {
        "mark": Mark(before["mark"]) if before["mark"] is not None else None,
        "next_on": date.fromisoformat(before["next_on"]) if before["next_on"] is not None else None,
        "checked": before["checked"],
        "batch_id": int(before["batch"]) if before["batch"] is not None else None,
        "measures_sealed": _sealed(session, line_id, measures),
        "version": RosterEntry.version + 1,
        "marked_by": actor.staff_id,
        "marked_at": session.now(),
    }
    return await session.changed(same.values(**values))


def _sealed(session: StoreSession, line_id: int, measures: Measures) -> bytes | None:
    return _roster_lines.seal(session, line_id, measures) if measures != NOTHING else None
