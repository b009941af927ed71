"""Villages and groups as files name them: 大王庄, 大王庄村, 沈寨镇大王庄村委会; 一组, 1组, 第1村民组, 1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from models.rules.errors import InputError
from models.rules.typed import chinese_number, plain

_OFFICE = re.compile(r"(?:村民|居民)?委员会$|居委会$|委会$")
_VILLAGE_TAIL = re.compile(r"(?:行政村|社区|村)$")
_GROUP_FORM = re.compile(r"第?([0-9]{1,2}|[一二三四五六七八九十两廿]{1,3})(?:村民|居民|小)?(?:小?组|队|生产队)?")


@dataclass(frozen=True)
class Places:
    """Where the people of a file can live.

    Attributes:
        township: its name, which may stand before a village's.
        villages: all villages of the township, by id.
        groups: the groups of each village, by id.
        own: the only village into which the person may import; `None` for the whole township.
    """

    township: str
    villages: Mapping[int, str]
    groups: Mapping[int, Mapping[int, str]]
    own: int | None = None

    def village(self, typed: str) -> int:
        """Return the village that a cell names; the own one for a blank.

        Raises:
            InputError: `imports.village_missing`, `imports.village_unknown`, `imports.village_other` (not the own).
        """
        name = self._bare(typed)
        if not name:
            if self.own is None:
                raise InputError("imports.village_missing", self._example)
            return self.own
        found = self._by_name.get(name) or self._by_stem.get(_stem(name))
        if found is None:
            raise InputError("imports.village_unknown", self._example)
        if self.own not in {None, found}:
            raise InputError("imports.village_other", self._example, own=self._example)
        return found

    def group(self, village_id: int, typed: str) -> int | None:
        """Return the group of a village that a cell names; `None` for a blank, or where no groups are known.

        Raises:
            InputError: `imports.group_unknown`.
        """
        known = self._groups.get(village_id)
        if not known or not plain(typed):
            return None
        found = known.get(_group(plain(typed).removeprefix(self.villages[village_id])))
        if found is None:
            raise InputError("imports.group_unknown", next(iter(self.groups[village_id].values())))
        return found

    def _bare(self, typed: str) -> str:
        return _OFFICE.sub("", plain(typed).replace(" ", "").removeprefix(self.township))

    @cached_property
    def _groups(self) -> dict[int, dict[str, int]]:
        return {
            village_id: {_group(name): group_id for group_id, name in known.items()}
            for village_id, known in self.groups.items()
        }

    @cached_property
    def _by_name(self) -> dict[str, int]:
        return {self._bare(name): village_id for village_id, name in self.villages.items()}

    @cached_property
    def _by_stem(self) -> dict[str, int]:
        """Names without 村 and 社区; those that two places share are left out."""
        stems = [_stem(name) for name in self._by_name]
        return {_stem(name): village_id for name, village_id in self._by_name.items() if stems.count(_stem(name)) == 1}

    @property
    def _example(self) -> str:
        return self.villages.get(self.own or 0) or next(iter(self.villages.values()), "")


def _stem(name: str) -> str:
    return _VILLAGE_TAIL.sub("", name) or name


def _group(name: str) -> str:
    found = _GROUP_FORM.fullmatch(plain(name).replace(" ", ""))
    number = chinese_number(found[1]) if found else None
    return plain(name).replace(" ", "") if number is None else str(number)
