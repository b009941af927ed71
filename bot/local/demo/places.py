"""The demo township as rows: Shenzhai, its units, and their groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from bot.local.demo.rounds import Rule, rule_of
from bot.local.demo.units import TOWNSHIP_CODE, UNITS, Unit
from models.store.database import StoreSession
from models.tables.base import new_id
from models.tables.places import Place, PlaceKind

TOWNSHIP_NAME = "沈寨镇"
TOWNSHIP_PINYIN = "shenzhaizhen"
CHECKUP_DOM = 10
ZONE = "Asia/Shanghai"
_NUMBERS = "一二三四五六七八"


@dataclass(frozen=True, slots=True)
class Village:
    """A unit as it is stored; `rule` tells its check-up days."""

    id: int
    township_id: int
    unit: Unit
    groups: tuple[int, ...]
    rule: Rule


def build(today: date) -> tuple[list[dict[str, Any]], int, list[Village]]:
    """Return the rows of all places (parents first), the township's id, and its villages."""
    township_id = new_id()
    rows = [_row(township_id, township_id, None, TOWNSHIP_CODE, PlaceKind.TOWNSHIP, TOWNSHIP_NAME)]
    rows[0] |= {"name_pinyin": TOWNSHIP_PINYIN, "checkup_dom": CHECKUP_DOM}
    villages = []
    for unit in UNITS:
        rule = rule_of(unit, today)
        village = _row(new_id(), township_id, township_id, unit.full_code, PlaceKind.VILLAGE, unit.name)
        village |= {"name_pinyin": unit.pinyin, "checkup_dom": rule.dom}
        village["is_community"] = unit.is_community
        groups = [_group(village, unit, number) for number in range(1, unit.groups + 1)]
        rows += [village, *groups]
        villages.append(Village(village["id"], township_id, unit, tuple(group["id"] for group in groups), rule))
    return rows, township_id, villages


async def stored_id(session: StoreSession) -> int | None:
    """Return the township's id in the database, `None` before it is made."""
    found: int | None = await session.scalar(select(Place.id).where(Place.code == TOWNSHIP_CODE))
    return found


def share(residents: int) -> list[int]:
    """Return how many of `residents` each unit has, by its weight; they sum up to `residents`."""
    total = sum(unit.weight for unit in UNITS)
    ends, reached = [], 0
    for unit in UNITS:
        reached += unit.weight
        ends.append(residents * reached // total)
    return [end - start for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _group(village: dict[str, Any], unit: Unit, number: int) -> dict[str, Any]:
    code = f"{unit.full_code}{number:02}"
    name = f"{_NUMBERS[number - 1]}组"
    return _row(new_id(), village["township_id"], village["id"], code, PlaceKind.GROUP, name)


def _row(
    place_id: int, township_id: int, parent_id: int | None, code: str, kind: PlaceKind, name: str
) -> dict[str, Any]:
    return {
        "id": place_id,
        "code": code,
        "kind": kind,
        "is_community": False,
        "parent_id": parent_id,
        "township_id": township_id,
        "name": name,
        "name_pinyin": "",
        "zone": ZONE,
        "checkup_dom": None,
        "is_demo": True,
    }
