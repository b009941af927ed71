"""What alerts hang on, as conditions of a SELECT: whether they still stand, and when they reach whom.

Private to the store. Whoever reads asks `stands` again, so that nothing that is over is ever shown, followed or not.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, exists, null, or_, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models.rules.access import Actor, Permission, Role
from models.rules.alerts import AlertKind
from models.rules.escalation import HoldKind, passed_to
from models.rules.meetings import DecisionState
from models.rules.stages import last_overdue_report
from models.store import _rosters, scope
from models.store.database import StoreSession
from models.tables.alerts import Alert
from models.tables.checkups import CheckupDay, DayState
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.leaves import Leave
from models.tables.meetings import Decision
from models.tables.residents import Resident
from models.tables.staff import Staff

RUNGS: dict[Role, InstrumentedAttribute[date | None]] = {
    Role.MANAGER: Alert.manager_on,
    Role.CLINIC: Alert.clinic_on,
    Role.DEPUTY: Alert.deputy_on,
    Role.LEADER: Alert.leader_on,
}
"""The column of each rung."""
IS_OPEN = Alert.closed_on.is_(None)
_enrolment, _person, _owner = aliased(Enrolment), aliased(Resident), aliased(Staff)
_later, _leave, _away = aliased(CheckupDay), aliased(Leave), aliased(Staff)


def overdue(today: date, enrolment: Any = Enrolment, person: Any = Resident) -> ColumnElement[bool]:
    """Return the condition that an enrolment's window has closed, of a person who is listed; they are to be joined."""
    return and_(
        enrolment.state == EnrolmentState.ACTIVE,
        enrolment.paused.is_(False),
        enrolment.next_closes_on < today,
        scope.listed(person),
    )


def overdue_decision(today: date) -> ColumnElement[bool]:
    """Return the condition that a decision should have been carried out."""
    return and_(Decision.state == DecisionState.OPEN, Decision.voided_at.is_(None), Decision.due_on < today)


def stands(session: StoreSession, today: date, zone: str, actor: Actor | None = None) -> ColumnElement[bool]:
    """Return the condition that what an alert is about is still overdue, and still where it was.

    With an actor, only of programmes that the actor may count.
    """
    reported_until = last_overdue_report(session.now(), ZoneInfo(zone))
    return _stands(today, reported_until, scope.visible(actor) if actor is not None and actor.is_of_team else None)


@lru_cache(maxsize=64)
def _stands(today: date, reported_until: date, programmes: tuple[str, ...] | None) -> ColumnElement[bool]:
    """Return the condition of `stands`, made once a day: to make it takes longer than to ask it."""
    return or_(
        and_(Alert.kind == AlertKind.VISIT, _visit(today, programmes)),
        and_(Alert.kind == AlertKind.CHECKUP_DAY, _day(reported_until)),
        and_(Alert.kind == AlertKind.DECISION, _decision(today)),
    )


def reaches_on(actor: Actor, today: date) -> ColumnElement[date | None]:
    """Return the day on which an alert reaches the actor: by rung, as its owner, because it was assigned, or because
    the actor stands in for somebody whom it has reached.
    """
    return _reaches(actor, today, _known_to_managers(actor))


@lru_cache(maxsize=64)
def _reaches(actor: Actor, today: date, theirs: tuple[str, ...]) -> ColumnElement[date | None]:
    """Return the day of `reaches_on`, made once a day for each reader: one count asks for it three times."""
    own, away = _reaches_on(actor, theirs), _reached_away(actor, today, theirs)
    return case((and_(away.is_not(None), or_(own.is_(None), away < own)), away), else_=own)


def stands_in(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the condition that an alert has reached somebody on leave, for whom the actor stands in."""
    return _reached_away(actor, today, _known_to_managers(actor)) <= today


def _reaches_on(actor: Actor, theirs: tuple[str, ...]) -> ColumnElement[date | None]:
    rung = RUNGS[actor.role]
    is_given = Alert.assigned_to == actor.staff_id
    is_decision = Alert.kind == AlertKind.DECISION
    return case(
        (and_(is_given, or_(rung.is_(None), Alert.assigned_on < rung)), Alert.assigned_on),
        (and_(is_decision, _is_owned(_owner.id == actor.staff_id)), Alert.since),
        (and_(is_decision, ~_is_owned(_owner.role.in_(passed_to(actor.role)))), null()),
        (and_(Alert.kind == AlertKind.VISIT, _begins_with(actor, theirs)), Alert.since),
        else_=rung,
    )


def _reached_away(actor: Actor, today: date, theirs: tuple[str, ...]) -> ColumnElement[date | None]:
    """Return the day on which an alert has reached whom the actor stands in for: given, owned, or of the village.

    Of whom else it is about the actor sees no more than before: what lies within reach is asked besides.
    """
    decision = exists().where(Decision.id == Alert.subject_id, Decision.owner_id == _away.id)
    decision = decision.correlate_except(Decision)  # inside another EXISTS only the nearest FROM would be the outer one
    village = and_(_away.role == Role.MANAGER, _away.village_id == Alert.village_id, Alert.kind != AlertKind.DECISION)
    hers = and_(village, or_(Alert.kind != AlertKind.VISIT, ~_is_clinics(theirs)))
    return case(
        (_is_away(actor, today, _away.id == Alert.assigned_to), Alert.assigned_on),
        (and_(Alert.kind == AlertKind.DECISION, _is_away(actor, today, decision)), Alert.since),
        (_is_away(actor, today, hers), Alert.manager_on),
        else_=null(),
    )


def _is_away(actor: Actor, today: date, who: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that somebody is on leave today for whom the actor stands in."""
    stands = (_leave.substitute_id == actor.staff_id, _leave.ended_at.is_(None), _leave.declined_at.is_(None))
    during = (_leave.first_on <= today, _leave.last_on >= today)
    there = exists().where(*stands, *during, _away.id == _leave.staff_id, _away.active, who)
    return there.correlate_except(_leave, _away)


def is_held(today: date, actor: Actor | None = None) -> ColumnElement[bool]:
    """Return the condition that the climb stands still today.

    With an actor, unless it has climbed to the actor since: whoever is told of it then has not put it off.
    """
    return waits(Alert, today, None if actor is None else reaches_on(actor, today))


def waits(alert: Any, today: date, reached_on: ColumnElement[date | None] | None) -> ColumnElement[bool]:
    """Return the condition of `is_held`, of columns of an alert and the day on which it has reached the actor."""
    held = and_(alert.held_until.is_not(None), alert.held_until > today)
    return held if reached_on is None else and_(held, or_(alert.held_on.is_(None), reached_on <= alert.held_on))


def is_urgent() -> ColumnElement[bool]:
    """Return the condition that a dangerous value was measured: the person has to be seen again."""
    of_alert = and_(Alert.kind == AlertKind.VISIT, _enrolment.id == Alert.subject_id)
    return exists().where(of_alert, _enrolment.followup_on.is_not(None))


def is_snoozed(today: date) -> ColumnElement[bool]:
    """Return the condition that an alert is left out of the digest today."""
    return and_(IS_OPEN, Alert.hold == HoldKind.SNOOZED, is_held(today))


def of_visit(enrolment: Any) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an alert is about the window of an enrolment that was missed."""
    return (Alert.kind == AlertKind.VISIT, Alert.subject_id == enrolment.id, Alert.due_on == enrolment.next_closes_on)


def _visit(today: date, programmes: tuple[str, ...] | None) -> ColumnElement[bool]:
    return exists().where(
        _enrolment.id == Alert.subject_id,
        _enrolment.next_closes_on == Alert.due_on,
        _enrolment.village_id == Alert.village_id,
        _person.id == _enrolment.resident_id,
        overdue(today, _enrolment, _person),
        true() if programmes is None else _enrolment.programme.in_(programmes),
    )


def _day(until: date) -> ColumnElement[bool]:
    """Return the condition that a day isn't reported in full, and no later one is to be reported by now."""
    later = and_(
        _later.village_id == Alert.subject_id,
        _later.held_on > CheckupDay.held_on,
        _later.held_on <= until,
        _later.state != DayState.CANCELLED,
    )
    return exists().where(
        CheckupDay.village_id == Alert.subject_id,
        CheckupDay.nominal_on == Alert.due_on,
        CheckupDay.held_on <= until,
        CheckupDay.state != DayState.CANCELLED,
        _rosters.is_missing(),
        ~exists().where(later).correlate_except(_later),
    )


def _decision(today: date) -> ColumnElement[bool]:
    return exists().where(
        Decision.id == Alert.subject_id,
        Decision.due_on == Alert.due_on,
        overdue_decision(today),
        _owner.id == Decision.owner_id,
        _owner.place_id == Alert.village_id,
    )


def _is_owned(by: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Decision.id == Alert.subject_id, _owner.id == Decision.owner_id, by)


def _begins_with(actor: Actor, theirs: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition that a programme is none of the manager's: the clinic is then the first who is told."""
    return _is_clinics(theirs) if actor.may(Permission.CLINICAL_READ) else ~true()


def is_clinics(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a visit is overdue in a programme that managers may not know of."""
    return _is_clinics(_known_to_managers(actor))


def _known_to_managers(actor: Actor) -> tuple[str, ...]:
    """Return the codes of the programmes of the actor's township that managers may know of."""
    return tuple(one.code for one in actor.catalogue.visible_to(Role.MANAGER))


def _is_clinics(theirs: tuple[str, ...]) -> ColumnElement[bool]:
    hidden = exists().where(_enrolment.id == Alert.subject_id, _enrolment.programme.not_in(theirs))
    return hidden.correlate_except(_enrolment)
