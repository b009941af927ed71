"""Making one person of two rows, reversibly for 30 days.

The histories of both are kept: what was reported moves to the kept row, and where both are in the same programme the
records go on in the kept row's enrolment. Of two rows that were both served at one check-up day the earlier record
stays the settled one. The gone row keeps its own details and points to the kept one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from models.rules.access import Actor, Permission
from models.rules.consent import Purpose
from models.rules.outcomes import Outcome
from models.store import _accounts, _benefits, _facts, _households, _merging, _people, _union, audit, persons, scope
from models.store._households import State
from models.store._merging import Work
from models.store._union import Union
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound
from models.store.persons import IDENTITY, PHONE, PersonLine
from models.tables.base import new_id
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.handovers import Handover, HandoverState
from models.tables.merges import Merge
from models.tables.residents import Consent, Relation, Resident, ResidentStatus
from models.tables.rosters import RosterEntry
from models.tables.visits import Visit

UNDO_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class MergeLine:
    """One merge.

    Attributes:
        kept: who has everything.
        undo_until: it can be taken back until then.
        undone: it was taken back.
    """

    id: int
    kept: PersonLine
    gone_id: int
    merged_at: datetime
    undo_until: datetime
    undone: bool


@dataclass(frozen=True, slots=True)
class MergePage:
    """Some of the merges, and how many there are."""

    lines: tuple[MergeLine, ...]
    total: int


@whole
async def merge(
    session: StoreSession, actor: Actor, kept_id: int, gone_id: int, seen: tuple[int, int] | None = None
) -> MergeLine:
    """Make one person of two rows: `kept_id` has everything afterwards. Merging twice does no more than once.

    Args:
        session: the transaction.
        actor: who; a manager reaches pairs of the own village, the clinic those across villages too.
        kept_id: the row that stays.
        gone_id: the row that points to it afterwards.
        seen: the revisions of both that a preview was made of.

    Raises:
        AccessDenied: the role merges no persons.
        NotFound: one of them is out of reach or not listed.
        Conflict: `merge_outdated`: one of them was changed since the preview; `merge_handover`: one of them is
            being handed over; `merge_benefit`: both ask for the same benefit.
    """
    scope.require(actor, Permission.PERSON_MERGE)
    done = await _done(session, actor, kept_id, gone_id)
    if done is not None:
        return done
    kept, gone = await _locked(session, actor, kept_id, gone_id)
    if seen is not None and seen != (kept.revision, gone.revision):
        raise Conflict("merge_outdated")
    await _refuse_handover(session, kept, gone)
    await _benefits.need_apart(session, kept.id, gone.id)
    work, merge_id, now = Work(session), new_id(), session.now()
    day = scope.today(session, actor)
    union = await _union.of(session, kept, gone)
    await _consents(work, union, kept, gone)
    await _programmes(work, union, kept, gone, day)
    await _checkup_days(work, kept, gone)
    await _rosters(work, kept, gone)
    for model in _merging.PLAIN:
        await work.move(model, gone, kept)
    await _household(work, union, kept, gone)
    await _person(work, union, kept, gone)
    work.accounts = await _accounts.follow(session, gone.id, kept.id)
    values = {
        "id": merge_id,
        "township_id": kept.township_id,
        "village_id": kept.village_id,
        "kept_id": kept.id,
        "gone_id": gone.id,
        "moved": work.remembered(),
        "merged_by": actor.staff_id,
        "merged_at": now,
        "undo_until": now + UNDO_WITHIN,
    }
    await session.execute(insert(Merge), values)
    await _facts.recompute(session, await _all_enrolments(session, kept, gone), day)
    count = sum(len(ids) for ids in work.rows.values())
    await audit.write(session, actor, "person:merge", "merge", merge_id, {"count": count})
    return await _line(session, actor, merge_id)


@whole
async def undo(session: StoreSession, actor: Actor, merge_id: int) -> MergeLine:
    """Make two rows of one person again, exactly as they were; what was reported since stays with the kept one.

    Taking it back twice does no more than once.

    Raises:
        AccessDenied: the role merges no persons.
        NotFound: one of them is out of reach.
        Conflict: `merge_too_late`; `merge_changed`: what was moved was changed since, or the kept row is not
            listed any more; `merge_reported`: something was reported since that hangs on what would go back.
    """
    scope.require(actor, Permission.PERSON_MERGE)
    row = await _find(session, actor, merge_id)
    if row.undone_at is None:
        kept, gone = await _parted(session, actor, row)
        if session.now() > row.undo_until:
            raise Conflict("merge_too_late")
        await _merging.refuse_later_reports(session, row.moved, kept)
        await _put_back(session, row.moved, kept, gone)
        await _accounts.go_back(session, row.moved.get("accounts", ()), kept.id, gone.id)
        await _person_back(session, row.moved, kept, gone)
        await _refuse_without_consent(session, row, kept)
        await _facts.recompute(session, await _all_enrolments(session, kept, gone), scope.today(session, actor))
        undone = update(Merge).where(Merge.id == merge_id)
        await session.execute(undone.values(undone_by=actor.staff_id, undone_at=session.now()))
        await audit.write(session, actor, "person:unmerge", "merge", merge_id)
    return await _line(session, actor, merge_id)


async def list_merged(session: StoreSession, actor: Actor, *, limit: int, offset: int = 0) -> MergePage:
    """Return the merges that can still be taken back, the newest first.

    Raises:
        AccessDenied: the role merges no persons.
    """
    scope.require(actor, Permission.PERSON_MERGE)
    can_undo = _select(actor).where(Merge.undone_at.is_(None), Merge.undo_until >= session.now(), scope.listed())
    total = await session.scalar(select(func.count()).select_from(can_undo.subquery()))
    rows = await session.rows(can_undo.order_by(Merge.merged_at.desc(), Merge.id.desc()).limit(limit).offset(offset))
    await audit.write(session, actor, "person:read", "merge", None, {"count": len(rows)})
    return MergePage(tuple(_read(session, row) for row in rows), total)


async def _locked(session: StoreSession, actor: Actor, kept_id: int, gone_id: int) -> tuple[AnyRow, AnyRow]:
    for person_id in sorted((kept_id, gone_id)):  # always in this order: two merges wait for each other at most once
        await _people.locked(session, actor, person_id)
    return await _union.both(session, actor, kept_id, gone_id)


async def _parted(session: StoreSession, actor: Actor, row: AnyRow) -> tuple[AnyRow, AnyRow]:
    """Return the kept and the gone row of a merge, locked."""
    for person_id in sorted((row.kept_id, row.gone_id)):
        await _people.locked(session, actor, person_id, listed=False)
    kept = await session.row(select(Resident.__table__).where(Resident.id == row.kept_id, scope.listed()))
    gone = await session.row(select(Resident.__table__).where(Resident.id == row.gone_id))
    if kept is None or gone is None or gone.merged_into != row.kept_id:
        raise Conflict("merge_changed")
    return kept, gone


async def _refuse_handover(session: StoreSession, kept: AnyRow, gone: AnyRow) -> None:
    offered = select(Handover.id).where(
        Handover.resident_id.in_((kept.id, gone.id)), Handover.state == HandoverState.OFFERED
    )
    is_away = kept.home_village_id is not None or gone.home_village_id is not None
    if is_away or await session.row(offered) is not None:
        raise Conflict("merge_handover")


async def _consents(work: Work, union: Union, kept: AnyRow, gone: AnyRow) -> None:
    for consent_id, moment in union.consents.withdrawn.items():
        await work.change(Consent, Consent.id == consent_id, withdrawn_at=moment)
    await work.move(Consent, gone, kept, but=union.consents.doubled)


async def _programmes(work: Work, union: Union, kept: AnyRow, gone: AnyRow, day: date) -> None:
    for enrolment_id, declined_on in union.programmes.declined.items():
        await _end(work, enrolment_id, declined_on, Outcome.DECLINED)
    for gone_id, kept_id in union.programmes.absorbed.items():
        await _absorb(work, union.enrolments[gone_id], union.enrolments[kept_id], day)
    moving = [each for each in union.programmes.running if union.enrolments[each].resident_id == gone.id]
    await work.change(Enrolment, Enrolment.id.in_(moving), paused=kept.status is ResidentStatus.AWAY)
    await work.move(Enrolment, gone, kept, but=union.programmes.absorbed)


async def _end(work: Work, enrolment_id: int, on: date, by: Outcome) -> None:
    ended = {"state": EnrolmentState.ENDED, "ended_on": on, "ended_by": by}
    await work.change(Enrolment, Enrolment.id == enrolment_id, **ended)


async def _absorb(work: Work, gone: AnyRow, kept: AnyRow, day: date) -> None:
    """Let the records of one enrolment go on in another one, which has begun when the first of the two did."""
    for model in (Visit, Attendance):
        await work.change(model, model.enrolment_id == gone.id, enrolment_id=kept.id)
    await _end(work, gone.id, day, Outcome.NOT_DUE)
    await work.change(
        Enrolment,
        Enrolment.id == kept.id,
        enrolled_on=min(kept.enrolled_on, gone.enrolled_on),
        anchors={**gone.anchors, **kept.anchors},
        approved_by=kept.approved_by or gone.approved_by,
    )
    if kept.lmp_sealed is None and gone.lmp_sealed is not None:
        work.lmp.append([kept.id, gone.id])
        sealed = _resealed(work.session, gone, kept.id)
        await work.session.execute(update(Enrolment).where(Enrolment.id == kept.id).values(lmp_sealed=sealed))


def _resealed(session: StoreSession, enrolment: AnyRow, row_id: int) -> bytes:
    return session.vault.seal(_facts.LMP, row_id, session.vault.open(_facts.LMP, enrolment.id, enrolment.lmp_sealed))


async def _checkup_days(work: Work, kept: AnyRow, gone: AnyRow) -> None:
    """Leave one settled record a check-up day: the earlier one."""
    settled = select(Attendance.id, Attendance.day_id).where(
        Attendance.resident_id.in_((kept.id, gone.id)), Attendance.settled, Attendance.voided_at.is_(None)
    )
    rows = await work.session.rows(settled.order_by(Attendance.held_on, Attendance.entered_at, Attendance.id))
    first: dict[int, int] = {}
    for row in rows:
        first.setdefault(row.day_id, row.id)
    later = [row.id for row in rows if first[row.day_id] != row.id]
    await work.change(Attendance, Attendance.id.in_(later), settled=False)


async def _rosters(work: Work, kept: AnyRow, gone: AnyRow) -> None:
    """Leave one line a roster: the kept row's, which says what the gone one's says if it says nothing itself."""
    statement = select(RosterEntry.__table__).where(RosterEntry.resident_id.in_((kept.id, gone.id)))
    rows = await work.session.rows(statement.order_by(RosterEntry.id))
    theirs = {row.day_id: row for row in rows if row.resident_id == gone.id}
    mine = {row.day_id: row for row in rows if row.resident_id == kept.id}
    for day_id in theirs.keys() & mine.keys():
        line = mine[day_id]
        if line.mark is None and theirs[day_id].mark is not None:
            values = {"mark": theirs[day_id].mark, "version": line.version + 1}
            await work.change(RosterEntry, RosterEntry.id == line.id, **values)
    await work.move(RosterEntry, gone, kept, but=[row.id for day_id, row in theirs.items() if day_id in mine])


async def _household(work: Work, union: Union, kept: AnyRow, gone: AnyRow) -> None:
    """Let the gone row leave its household, and the kept one take its place where it has none or lives there too."""
    session, household_id = work.session, gone.household_id
    if household_id is None:
        return
    before = await _households.state(session, [household_id], [kept.id])
    stays = "household_id" in union.filled or kept.household_id == household_id
    if stays:
        is_head = "household_id" in union.filled or gone.relation is Relation.HEAD
        relation = gone.relation if is_head else kept.relation
        await _households.write(session, [[gone.id, None, None], [kept.id, household_id, relation]])
    elif len([row for row in before if row[1] == household_id]) > 1:  # nobody else is left without a household
        await _households.leave(session, gone.id)
    after = await _households.again(session, before)
    if after != before:
        work.households = {"before": before, "after": after}


async def _person(work: Work, union: Union, kept: AnyRow, gone: AnyRow) -> None:
    """Fill what the kept row lacks, and let the gone row point to it.

    The revision rises above both, so that an undo of either's reports can't mistake the one for the other.
    """
    session, work.details = work.session, list(union.filled)
    values = _filled(session, union.filled, kept, gone)
    values |= {"revision": max(kept.revision, gone.revision) + 1, "updated_at": session.now()}
    await session.execute(update(Resident).where(Resident.id == kept.id).values(values))
    away = {"merged_into": kept.id, "revision": values["revision"], "updated_at": session.now()}
    await session.execute(update(Resident).where(Resident.id == gone.id).values(away))


def _filled(session: StoreSession, names: tuple[str, ...], kept: AnyRow, gone: AnyRow) -> dict[str, Any]:
    """Return the columns of the details that are taken over; what is sealed is sealed for the kept row."""
    known, values = _union.details(session, gone), {}
    for name in names:
        if name in ("phone", "identity"):
            cell = PHONE if name == "phone" else IDENTITY
            values[f"{name}_sealed"] = session.vault.seal_text(cell, kept.id, known[name])
            values[f"{name}_hash"] = session.vault.lookup(name, known[name])
        elif name != "household_id":
            values[name] = known[name]
    return values


async def _put_back(session: StoreSession, moved: _merging.Moved, kept: AnyRow, gone: AnyRow) -> None:
    if moved["households"]:
        await _households_back(session, moved["households"], gone)
    try:
        await _merging.put_back(session, moved, kept, gone)
    except IntegrityError:  # what was ended by the merge has begun anew since
        raise Conflict("merge_changed") from None


async def _households_back(session: StoreSession, households: dict[str, State], gone: AnyRow) -> None:
    try:
        await _households.restore(session, gone, households["before"], households["after"])
    except Conflict:
        raise Conflict("merge_changed") from None


async def _person_back(session: StoreSession, moved: _merging.Moved, kept: AnyRow, gone: AnyRow) -> None:
    """Empty what was filled, unless it was corrected since, and let the gone row stand for itself."""
    ours, theirs = _union.details(session, kept), _union.details(session, gone)
    values: dict[str, Any] = {}
    for name in set(moved["details"]) - {"household_id"}:
        if ours[name] == theirs[name]:
            columns = (f"{name}_sealed", f"{name}_hash") if name in ("phone", "identity") else (name,)
            values |= dict.fromkeys(columns)
    values |= {"revision": max(kept.revision, gone.revision) + 1, "updated_at": session.now()}
    await session.execute(update(Resident).where(Resident.id == kept.id).values(values))
    again = {"merged_into": None, "revision": values["revision"], "updated_at": session.now()}
    await session.execute(update(Resident).where(Resident.id == gone.id).values(again))
    for kept_id, gone_id in moved["lmp"]:
        if await _lmp(session, kept_id) == await _lmp(session, gone_id):
            await session.execute(update(Enrolment).where(Enrolment.id == kept_id).values(lmp_sealed=None))


async def _lmp(session: StoreSession, enrolment_id: int) -> str | None:
    sealed: bytes | None = await session.scalar(select(Enrolment.lmp_sealed).where(Enrolment.id == enrolment_id))
    return session.vault.open_text(_facts.LMP, enrolment_id, sealed)


async def _refuse_without_consent(session: StoreSession, row: AnyRow, kept: AnyRow) -> None:
    """Refuse when the kept row would have reports made since the merge on a consent that has just gone back."""
    consents = await _people.consents(session, kept.id)
    if Purpose.HEALTH_RECORD in consents:
        return
    joined = select(Enrolment.id).where(Enrolment.resident_id == kept.id, Enrolment.created_at > row.merged_at)
    has_joined = await session.row(joined.limit(1)) is not None
    if has_joined or await _merging.has_reports_since(session, row.moved, kept, row.merged_at):
        raise Conflict("merge_reported")


async def _all_enrolments(session: StoreSession, *people: AnyRow) -> list[int]:
    statement = select(Enrolment.id).where(Enrolment.resident_id.in_([person.id for person in people]))
    return [row.id for row in await session.rows(statement.order_by(Enrolment.id))]


async def _done(session: StoreSession, actor: Actor, kept_id: int, gone_id: int) -> MergeLine | None:
    same = (Merge.kept_id == kept_id, Merge.gone_id == gone_id, Merge.undone_at.is_(None))
    row = await session.row(_select(actor).where(*same))
    return None if row is None else _read(session, row)


async def _find(session: StoreSession, actor: Actor, merge_id: int) -> AnyRow:
    gone = aliased(Resident)
    statement = (
        select(Merge.__table__)
        .join(Resident, Resident.id == Merge.kept_id)
        .join(gone, gone.id == Merge.gone_id)
        .where(Merge.id == merge_id, scope.reach(actor, Resident), scope.reach(actor, gone))
    )
    row = await session.row(statement)
    if row is None:
        raise NotFound
    return row


async def _line(session: StoreSession, actor: Actor, merge_id: int) -> MergeLine:
    row = await session.row(_select(actor).where(Merge.id == merge_id))
    if row is None:
        raise NotFound
    return _read(session, row)


def _select(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Select merges of whom the actor reaches both rows."""
    gone = aliased(Resident)
    columns = (Merge.id, Merge.gone_id, Merge.merged_at, Merge.undo_until, Merge.undone_at)
    return (
        select(*columns, *persons.COLUMNS)
        .join(Resident, Resident.id == Merge.kept_id)
        .join(gone, gone.id == Merge.gone_id)
        .where(scope.reach(actor, Resident), scope.reach(actor, gone))
    )


def _read(session: StoreSession, row: AnyRow) -> MergeLine:
    person = persons.read(session, row)
    return MergeLine(row.id, person, row.gone_id, row.merged_at, row.undo_until, row.undone_at is not None)
