"""The units of the demo township: two communities and nineteen villages whose names are made up."""

from __future__ import annotations

from dataclasses import dataclass

TOWNSHIP_CODE = "411728106"
_BEHIND = frozenset({"201", "002", "203", "209", "210", "214", "217", "219"})


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
    def is_diligent(self) -> bool:
        """Whether everything is done in time there, and everybody comes who joined: most units, so that what is left
        undone adds up to counts that are large enough to be told outside the team.
        """
        return self.code not in _BEHIND

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
