"""Reading a demo township as the tests need it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from models.rules.access import Actor, Role
from models.store.database import StoreSession
from models.store.persons import IDENTITY, NAME, PHONE
from models.tables.base import Base, table
from models.tables.birth_totals import BirthTotal
from models.tables.checkups import Attendance, CheckupDay
from models.tables.complaints import Complaint
from models.tables.enrolments import Enrolment
from models.tables.places import Place
from models.tables.residents import Consent, Resident
from models.tables.satisfaction import SatisfactionAnswer
from models.tables.staff import Staff
from models.tables.visits import Visit

Row = dict[str, Any]
TABLES: tuple[type[Base], ...] = (
    *(Place, Staff, CheckupDay, Resident, Consent, Enrolment, Visit, Attendance),
    *(Complaint, SatisfactionAnswer, BirthTotal),
)


async def read(session: StoreSession, model: type[Base]) -> list[Row]:
    """Return all rows of a table, in the order in which they were made."""
    found = await session.rows(select(table(model)).order_by(table(model).c.id))
    return [dict(row._mapping) for row in found]


async def actor(session: StoreSession, role: Role, village_id: int | None = None) -> Actor:
    """Return a member of the demo's staff; the manager of a village, or of any."""
    statement = select(Staff.id, Staff.township_id, Staff.village_id).where(Staff.role == role)
    if village_id is not None:
        statement = statement.where(Staff.village_id == village_id)
    row = await session.row(statement.order_by(Staff.id))
    assert row is not None
    return Actor(row.id, role, row.township_id, row.village_id)


async def content(session: StoreSession) -> dict[str, list[Row]]:
    """Return the content of every table: ids replaced by their order, sealed values opened."""
    numbers: dict[int, int] = {}
    rows = {model.__tablename__: await read(session, model) for model in TABLES}
    for row in (row for table_rows in rows.values() for row in table_rows):
        numbers[row["id"]] = len(numbers)
    return {name: [_plain(session, name, row, numbers) for row in each] for name, each in rows.items()}


def _plain(session: StoreSession, name: str, row: Row, numbers: dict[int, int]) -> Row:
    if name == "residents":
        for cell in (NAME, PHONE, IDENTITY):
            row[cell.column] = session.vault.open_text(cell, row["id"], row[cell.column])
    return {key: _number(value, numbers) for key, value in row.items() if not _is_secret(value)}


def _is_secret(value: Any) -> bool:
    return isinstance(value, bytes)


def _number(value: Any, numbers: dict[int, int]) -> Any:
    if isinstance(value, dict):
        return {key: _number(each, numbers) for key, each in value.items()}
    if isinstance(value, list):
        return [_number(each, numbers) for each in value]
    return numbers.get(value, value) if isinstance(value, int) and not isinstance(value, bool) else value
