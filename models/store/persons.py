"""How a person appears in lists: enough to tell apart, not more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from models.rules.sex import Sex
from models.store.database import AnyRow, StoreSession
from models.store.vault import Cell
from models.tables.places import Place
from models.tables.residents import Resident, ResidentStatus

NAME = Cell("residents", "name_sealed")
PHONE = Cell("residents", "phone_sealed")
IDENTITY = Cell("residents", "identity_sealed")

_group = aliased(Place, name="person_group")
_group_name = select(_group.name).where(_group.id == Resident.group_id).correlate(Resident).scalar_subquery()


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A resident in a list. People of the same name are told apart by group and year of birth.

    Attributes:
        group: name of the village group, if known.
        phone_last4: the last four digits, for searching.
    """

    id: int
    name: str
    sex: Sex
    birth_date: date | None
    group: str | None
    village_id: int
    status: ResidentStatus
    phone_last4: str | None


COLUMNS: tuple[ColumnElement[Any], ...] = (
    Resident.id.label("person_id"),
    Resident.name_sealed.label("person_name"),
    Resident.sex.label("person_sex"),
    Resident.birth_date.label("person_birth"),
    _group_name.label("person_group"),
    Resident.village_id.label("person_village"),
    Resident.status.label("person_status"),
    Resident.phone_sealed.label("person_phone"),
)


def read(session: StoreSession, row: AnyRow) -> PersonLine:
    """Open a row that has `COLUMNS` among its columns."""
    found: Any = row._mapping
    person_id = found["person_id"]
    phone = session.vault.open_text(PHONE, person_id, found["person_phone"])
    return PersonLine(
        person_id,
        session.vault.open_text(NAME, person_id, found["person_name"]),
        found["person_sex"],
        found["person_birth"],
        found["person_group"],
        found["person_village"],
        found["person_status"],
        phone[-4:] if phone else None,
    )
