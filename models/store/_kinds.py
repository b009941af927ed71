"""The kinds of records that people enter, alike enough to stand in one list. Private to the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    literal,
    null,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy import cast as sql_cast

from models.rules.access import Actor, Permission
from models.store import _benefits, scope
from models.store._records import CHECKUP
from models.store.errors import NotFound
from models.tables.base import Id
from models.tables.benefits import BenefitApplication
from models.tables.changes import StatusChange
from models.tables.checkups import Attendance
from models.tables.counsellings import Counselling
from models.tables.examinations import Examination
from models.tables.referrals import Referral
from models.tables.residents import Resident
from models.tables.visits import RecordKind, Visit

Condition = Callable[["Kind"], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    Attributes:
        code: how the chat calls it: its form, and what its buttons begin with.
        record: how versions and grants call it; `None` for a kind that is not corrected.
        model: the mapped class.
        on: its column with the day it is about; without one it is about the day on which it was entered.
        said: its column with the code of what came of it.
        programme: its column with the programme, or the one programme it belongs to.
        permission: who may know that there are such records.
        own: only who entered it and the clinic may know of it.
        kept: the condition that it may be shown at all.
        locks: it can't be corrected after its lock date without the clinic's leave.
        resident, entered_at: its columns with the person, and when it was entered.
    """

    code: str
    record: RecordKind | None
    model: Any
    on: Any = None
    said: Any = None
    programme: Any = None
    permission: Permission = Permission.PERSON_READ
    own: bool = False
    kept: Any = None
    locks: bool = False
    resident: Any = None
    entered_at: Any = None

    @property
    def person(self) -> Any:
        """The column with the person."""
        return self.model.resident_id if self.resident is None else self.resident

    @property
    def entered(self) -> Any:
        """The column with the moment of entry."""
        return self.model.entered_at if self.entered_at is None else self.entered_at

    def known_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition that the actor may know of a record."""
        if self.own and not actor.may(Permission.CLINICAL_READ):
            return cast(ColumnElement[bool], self.model.entered_by == actor.staff_id)
        return true() if self.programme is None else cast(ColumnElement[bool], self.programme.in_(scope.visible(actor)))


_CHECKUP, _CHOICE = literal(CHECKUP), Permission.CHOICE_REPORT
_REFER, _CLINICAL = Permission.REFERRAL_MAKE, Permission.CLINICAL_READ
_WHO, _REGISTERED = Resident.id, Resident.created_at
KINDS = (
    Kind("visit", RecordKind.VISIT, Visit, Visit.visited_on, Visit.outcome, Visit.programme, locks=True),
    Kind("checkup", RecordKind.ATTENDANCE, Attendance, Attendance.held_on, Attendance.outcome, _CHECKUP, locks=True),
    Kind("register", RecordKind.REGISTRATION, Resident, locks=True, resident=_WHO, entered_at=_REGISTERED),
    Kind("choice", RecordKind.COUNSELLING, Counselling, Counselling.counselled_on, permission=_CHOICE, own=True),
    Kind("referral", RecordKind.REFERRAL, Referral, Referral.made_on, Referral.state, permission=_REFER),
    Kind("examination", RecordKind.EXAMINATION, Examination, permission=_CLINICAL),
    Kind(
        *("benefit", RecordKind.BENEFIT, BenefitApplication, BenefitApplication.applied_on, BenefitApplication.state),
        permission=Permission.BENEFIT_ASK,
        kept=_benefits.agreed(),
        locks=True,
    ),
    Kind("change", None, StatusChange, StatusChange.on, StatusChange.kind),
)
"""Every kind; a new one is a line here and one in `handlers.records`. The first one has every column, because
PostgreSQL takes the types of the list from it."""


def kind_of(actor: Actor, code: str) -> Kind:
    """Return the kind called `code` that the actor may know of.

    Raises:
        NotFound: there is none.
    """
    for kind in KINDS:
        if kind.code == code and actor.may(kind.permission):
            return kind
    raise NotFound


def of_record(record: RecordKind) -> Kind:
    """Return the kind whose versions and grants are called `record`."""
    return next(kind for kind in KINDS if kind.record is record)


def lines(actor: Actor, condition: Condition) -> CompoundSelect[Any]:
    """Return the records of all kinds that the actor may know of and that meet `condition`, taken back ones aside.

    Whoever uses it joins the person and narrows by reach.
    """
    return union_all(*(line(actor, kind).where(condition(kind)) for kind in KINDS if actor.may(kind.permission)))


def line(actor: Actor, kind: Kind) -> Select[*tuple[Any, ...]]:
    """Return what stands in a list of a kind's records."""
    model = kind.model
    columns = (
        literal(kind.code).label("kind"),
        model.id.label("record_id"),
        kind.person.label("resident_id"),
        kind.entered.label("entered_at"),
        (model.entered_by if hasattr(model, "entered_by") else type_coerce(null(), Id)).label("entered_by"),
        type_coerce(null() if kind.on is None else kind.on, Date).label("on_day"),
        sql_cast(null() if kind.said is None else kind.said, String(24)).label("said"),
        sql_cast(null() if kind.programme is None else kind.programme, String(32)).label("programme"),
        sql_cast(model.version if hasattr(model, "version") else literal(1), Integer).label("version"),
    )
    alive = model.voided_at.is_(None) if hasattr(model, "voided_at") else true()
    kept = true() if kind.kept is None else kind.kept
    return select(*columns).where(alive, kept, kind.known_to(actor))
