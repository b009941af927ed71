"""The kinds of records that people enter, alike enough to stand in one list. Private to the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    cast,
    literal,
    null,
    select,
    true,
    type_coerce,
    union_all,
)

from models.rules.access import Actor, Permission
from models.store import scope
from models.store._records import CHECKUP
from models.store.errors import NotFound
from models.tables.checkups import Attendance
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
        resident, entered_at: its columns with the person, and when it was entered.
    """

    code: str
    record: RecordKind | None
    model: Any
    on: Any = None
    said: Any = None
    programme: Any = None
    permission: Permission = Permission.PERSON_READ
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
        """Return the condition that the actor's role may know of a record's programme."""
        return true() if self.programme is None else self.programme.in_(scope.visible(actor))


KINDS = (
    Kind("visit", RecordKind.VISIT, Visit, Visit.visited_on, Visit.outcome, Visit.programme),
    Kind("checkup", RecordKind.ATTENDANCE, Attendance, Attendance.held_on, Attendance.outcome, literal(CHECKUP)),
    Kind("register", RecordKind.REGISTRATION, Resident, resident=Resident.id, entered_at=Resident.created_at),
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
        model.entered_by.label("entered_by"),
        type_coerce(null() if kind.on is None else kind.on, Date).label("on_day"),
        cast(null() if kind.said is None else kind.said, String(24)).label("said"),
        cast(null() if kind.programme is None else kind.programme, String(32)).label("programme"),
        cast(model.version if hasattr(model, "version") else literal(1), Integer).label("version"),
    )
    alive = model.voided_at.is_(None) if hasattr(model, "voided_at") else true()
    return select(*columns).where(alive, kind.known_to(actor))
