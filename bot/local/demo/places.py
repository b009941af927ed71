"""The demo township: Shenzhai, with two communities and nineteen villages whose names are made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.tables.base import new_id
from models.tables.places import PlaceKind

TOWNSHIP_CODE = "411728106"
TOWNSHIP_NAME = "沈寨镇"
TOWNSHIP_PINYIN = "shenzhaizhen"
CHECKUP_DOM = 10
ZONE = "Asia/Shanghai"
_NUMBERS = "一二三四五六七八"


@dataclass(frozen=True, slots=True)
class Unit:
    """A village or community of the demo.

    Attributes:
        code: the last three digits of its division code.
        groups: how many village groups it has.
        checkup_dom: day of the month of its check-ups.
        weight: how large it is beside the others.
    """

    code: str
    name: str
    pinyin: str
    groups: int
    checkup_dom: int
    weight: int

    @property
    def is_community(self) -> bool:
        """Whether it is a community (社区)."""
        return self.code.startswith("0")

    @property
    def full_code(self) -> str:
        """Its division code, 12 digits."""
        return TOWNSHIP_CODE + self.code


UNITS: tuple[Unit, ...] = (
    Unit("201", "大王庄村", "dawangzhuang", 5, 10, 10),
    Unit("001", "街东社区", "jiedong", 8, 8, 16),
    Unit("002", "街西社区", "jiexi", 7, 18, 14),
    Unit("202", "小李庄村", "xiaolizhuang", 4, 12, 8),
    Unit("203", "张楼村", "zhanglou", 6, 5, 11),
    Unit("204", "刘店村", "liudian", 5, 20, 9),
    Unit("205", "前马村", "qianma", 3, 15, 7),
    Unit("206", "后马村", "houma", 3, 16, 7),
    Unit("207", "赵桥村", "zhaoqiao", 6, 22, 11),
    Unit("208", "孙湾村", "sunwan", 4, 25, 8),
    Unit("209", "胡庙村", "humiao", 5, 6, 9),
    Unit("210", "徐岗村", "xugang", 4, 11, 8),
    Unit("211", "郭寨村", "guozhai", 7, 13, 12),
    Unit("212", "高台村", "gaotai", 3, 17, 6),
    Unit("213", "杨集村", "yangji", 8, 9, 13),
    Unit("214", "吴阁村", "wuge", 4, 21, 8),
    Unit("215", "陈铺村", "chenpu", 5, 26, 9),
    Unit("216", "柳堰村", "liuyan", 3, 7, 7),
    Unit("217", "石坡村", "shipo", 4, 19, 8),
    Unit("218", "朱洼村", "zhuwa", 6, 23, 10),
    Unit("219", "黄埠村", "huangbu", 4, 28, 9),
)


@dataclass(frozen=True, slots=True)
class Village:
    """A unit as it is stored."""

    id: int
    township_id: int
    unit: Unit
    groups: tuple[int, ...]


def build() -> tuple[list[dict[str, Any]], int, list[Village]]:
    """Return the rows of all places (parents first), the township's id, and its villages."""
    township_id = new_id()
    rows = [_row(township_id, township_id, None, TOWNSHIP_CODE, PlaceKind.TOWNSHIP, TOWNSHIP_NAME)]
    rows[0] |= {"name_pinyin": TOWNSHIP_PINYIN, "checkup_dom": CHECKUP_DOM}
    villages = []
    for unit in UNITS:
        village = _row(new_id(), township_id, township_id, unit.full_code, PlaceKind.VILLAGE, unit.name)
        village |= {"name_pinyin": unit.pinyin, "checkup_dom": unit.checkup_dom}
        village["is_community"] = unit.is_community
        groups = [_group(village, unit, number) for number in range(1, unit.groups + 1)]
        rows += [village, *groups]
        villages.append(Village(village["id"], township_id, unit, tuple(group["id"] for group in groups)))
    return rows, township_id, villages


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
