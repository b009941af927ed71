"""From rows to the facts of `rules.due`, and from its answer back to the columns that lists read.

Private to the store: callers hold ids of enrolments that are within their actor's scope.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select, update
from sqlalchemy.orm import aliased

from models.rules.due import Due, Facts, Reason, ReasonCode, VisitFact, assess, refer_by, refresh_on
from models.rules.facts import DueState
from models.rules.outcomes import EFFECTS
from models.rules.programmes.base import Anchor
from models.rules.programmes.catalogue import Catalogue
from models.rules.programmes.checkup import CHECKUP
from models.store import _days, _declines, catalogues
from models.store.database import AnyRow, StoreSession
from models.store.vault import Cell
from models.tables.base import table
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import Place
from models.tables.residents import Resident
from models.tables.visits import Visit

LMP = Cell("enrolments", "lmp_sealed")
BATCH = 400
"""Enrolments per statement: below what a database takes as parameters."""


@dataclass(frozen=True, slots=True)
class Known:
    """An enrolment's facts, and whether the clinic has approved it, which some programmes wait for.

    Attributes:
        has_declined: by a mark on a roster that is still open.
    """

    facts: Facts
    is_approved: bool
    has_declined: bool = False

    @property
    def is_silent(self) -> bool:
        """Whether nothing is due, whatever the facts say."""
        return self.waits or self.has_declined

    @property
    def waits(self) -> bool:
        """Whether the clinic has yet to approve it: nothing is due until then."""
        return self.facts.programme.clinic_approval and not self.is_approved

    def due(self, today: date) -> Due:
        """Return what is due on `today`."""
        if self.waits:
            return Due(DueState.CLOSED, None, 0, Reason(ReasonCode.COMPLETED))
        if self.has_declined:
            return Due(DueState.CLOSED, None, 0, Reason(ReasonCode.ENDED))
        return assess(self.facts, today)


_village, _township = aliased(Place), aliased(Place)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ENROLMENTS = (
    select(
        Enrolment.id,
        Enrolment.township_id,
        Enrolment.village_id,
        Enrolment.programme,
        Enrolment.programme_version,
        Enrolment.approved_by,
        Enrolment.enrolled_on,
        Enrolment.anchors,
        Enrolment.lmp_sealed,
        Enrolment.ended_on,
        Enrolment.ended_by,
        Enrolment.paused,
        Resident.sex,
        Resident.birth_date,
        _township.programmes_revision,
        func.coalesce(_village.checkup_dom, _township.checkup_dom, _days.DEFAULT_CHECKUP_DOM).label("dom"),
        _declines.declined().label("has_declined"),
    )
    .join(Resident, Resident.id == Enrolment.resident_id)
    .join(_village, _village.id == Enrolment.village_id)
    .join(_township, _township.id == Enrolment.township_id)
    .where(Enrolment.id.in_(_IDS))
)
_visit_columns = (
    Visit.outcome,
    Visit.next_on,
    Visit.abnormal,
    Visit.uncontrolled,
    Visit.urgent,
    Visit.reaction,
)
_VISITS = (
    select(Visit.id, Visit.enrolment_id, Visit.visited_on.label("day"), Visit.entered_at, Visit.item, *_visit_columns)
    .where(Visit.enrolment_id.in_(_IDS), Visit.voided_at.is_(None))
    .order_by(Visit.visited_on, Visit.entered_at, Visit.id)
)
_ATTENDANCES = (
    select(
        Attendance.enrolment_id,
        Attendance.held_on.label("day"),
        Attendance.entered_at,
        Attendance.outcome,
        Attendance.next_on,
        Attendance.abnormal,
        Attendance.uncontrolled,
        Attendance.urgent,
        Attendance.reaction,
    )
    .where(Attendance.enrolment_id.in_(_IDS), Attendance.voided_at.is_(None))
    .order_by(Attendance.held_on, Attendance.entered_at, Attendance.id)
)
_e = table(Enrolment).c
_UPDATE = (
    update(table(Enrolment))
    .where(_e.id == bindparam("row"))
    .values(
        next_item=bindparam("item"),
        next_due_on=bindparam("opens"),
        next_target_on=bindparam("target"),
        next_closes_on=bindparam("closes"),
        refresh_on=bindparam("refresh"),
        followup_on=bindparam("followup"),
        attempts=bindparam("tries"),
        last_visit_on=bindparam("last"),
    )
)


async def load(session: StoreSession, enrolment_ids: Sequence[int], *, but: int | None = None) -> dict[int, Known]:
    """Return the facts of the enrolments, by id, as if visit `but` had not been made."""
    found: dict[int, Known] = {}
    for ids in _batches(enrolment_ids):
        history = await _history(session, ids, but)
        rows = await session.rows(_ENROLMENTS, {"ids": ids})
        for row in rows:
            catalogue = await catalogues.at_revision(session, row.township_id, row.programmes_revision)
            found[row.id] = _known(session, catalogue, row, tuple(history.get(row.id, ())))
        await _move_days(session, found, {row.id: row.village_id for row in rows})
    return found


async def _move_days(session: StoreSession, found: dict[int, Known], villages: Mapping[int, int]) -> None:
    """Tell the facts that follow a village's check-up days which of them were moved or cancelled."""
    concerned = {number: village for number, village in villages.items() if found[number].facts.programme.calendar}
    moves = await _days.moves_of(session, concerned.values())
    for number, village in concerned.items():
        if village in moves:
            facts = replace(found[number].facts, checkup_moves=moves[village])
            found[number] = replace(found[number], facts=facts)


async def recompute(session: StoreSession, enrolment_ids: Sequence[int], today: date) -> dict[int, Due]:
    """Bring the `next_*` columns of the enrolments in line with `rules.due`, and return its answers."""
    known = await load(session, enrolment_ids)
    answers = {enrolment_id: one.due(today) for enrolment_id, one in known.items()}
    rows = [_columns(enrolment_id, known[enrolment_id], answers[enrolment_id], today) for enrolment_id in known]
    for each in _batches(rows):
        await session.execute(_UPDATE, each)
    return answers


async def recompute_checkups(session: StoreSession, village_id: int, township_id: int, today: date) -> int:
    """Bring whoever follows a village's check-up days in line with them, batch by batch; returns how many."""
    programmes = [one.code for one in (await catalogues.of(session, township_id)).values() if one.calendar]
    running = (Enrolment.village_id == village_id, Enrolment.state == EnrolmentState.ACTIVE)
    here = select(Enrolment.id).where(*running, Enrolment.programme.in_(programmes)).order_by(Enrolment.id)
    last = total = 0
    while True:
        # Locked first: a report that commits in between would be overwritten with what was true before it.
        batch = here.where(Enrolment.id > last).limit(BATCH)
        ids = [row.id for row in await session.rows(batch.with_for_update() if session.is_postgres else batch)]
        if not ids:
            return total
        await recompute(session, ids, today)
        last, total = ids[-1], total + len(ids)


async def recompute_checkup_of(session: StoreSession, resident_ids: Collection[int], today: date) -> None:
    """Bring the running check-up enrolments of people in line with their facts."""
    running = (Enrolment.programme == CHECKUP.code, Enrolment.state == EnrolmentState.ACTIVE)
    statement = select(Enrolment.id).where(Enrolment.resident_id.in_(resident_ids), *running).order_by(Enrolment.id)
    rows = await session.rows(statement.with_for_update() if session.is_postgres else statement)
    await recompute(session, [row.id for row in rows], today)


async def _history(session: StoreSession, ids: Sequence[int], but: int | None) -> dict[int, list[VisitFact]]:
    """Return what was reported of each enrolment, oldest first.

    A check-up enrolment has both kinds of record: attendances, and the visits that follow an urgent value.
    """
    records = [(row, row.item) for row in await session.rows(_VISITS, {"ids": ids}) if row.id != but]
    records += [(row, None) for row in await session.rows(_ATTENDANCES, {"ids": ids})]
    records.sort(key=lambda record: (record[0].day, record[0].entered_at))
    history: dict[int, list[VisitFact]] = {}
    for row, item in records:
        history.setdefault(row.enrolment_id, []).append(_fact(row, item))
    return history


def _fact(row: AnyRow, item: str | None) -> VisitFact:
    return VisitFact(item, row.day, row.outcome, row.next_on, row.abnormal, row.uncontrolled, row.urgent, row.reaction)


def _known(session: StoreSession, catalogue: Catalogue, row: AnyRow, visits: tuple[VisitFact, ...]) -> Known:
    programme = catalogue.at(row.programme, row.programme_version)
    facts = Facts(
        programme=programme,
        enrolled_on=row.enrolled_on,
        anchors=_anchors(session, row),
        visits=visits,
        ended_on=row.ended_on,
        ended_by=row.ended_by,
        paused=row.paused,
        checkup_dom=row.dom if programme.calendar else None,
        sex=row.sex,
    )
    return Known(facts, is_approved=row.approved_by is not None, has_declined=bool(row.has_declined))


def _anchors(session: StoreSession, row: AnyRow) -> dict[Anchor, date]:
    anchors = {Anchor(name): date.fromisoformat(day) for name, day in row.anchors.items()}
    if row.birth_date is not None:
        anchors[Anchor.BIRTH] = row.birth_date
    lmp = session.vault.open_text(LMP, row.id, row.lmp_sealed)
    if lmp is not None:
        anchors[Anchor.LMP] = date.fromisoformat(lmp)
    return anchors


def _columns(enrolment_id: int, known: Known, due: Due, today: date) -> dict[str, Any]:
    window = due.window
    served = [visit.on for visit in known.facts.visits if EFFECTS[visit.outcome].done]
    return {
        "row": enrolment_id,
        "item": window.item if window else None,
        "opens": window.opens_on if window else None,
        "target": window.target_on if window else None,
        "closes": window.closes_on if window else None,
        "refresh": None if known.is_silent else refresh_on(known.facts, today),
        "followup": None if known.is_silent else refer_by(known.facts),
        "tries": due.attempts,
        "last": max(served, default=None),
    }


def _batches(things: Sequence[Any] | Iterable[Any]) -> Iterable[list[Any]]:
    whole = list(things)
    for start in range(0, len(whole), BATCH):
        yield whole[start : start + BATCH]
