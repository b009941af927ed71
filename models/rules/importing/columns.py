"""Which column holds what, by the headers that stand in township files. The order of columns is free."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.rules.consent import Purpose


class Column(StrEnum):
    """What a column holds."""

    NAME = "name"
    SEX = "sex"
    BIRTH = "birth"
    IDENTITY = "identity"
    PHONE = "phone"
    VILLAGE = "village"
    GROUP = "group"
    HEALTH_RECORD = "health_record"
    CONTACT = "contact"
    REMINDERS = "reminders"
    HANDOVER = "handover"
    CONSENT = "consent"
    """Agreed, without saying what to."""
    REMARK = "remark"
    """A number or a remark: not stored."""


PURPOSES: Mapping[Column, Purpose] = {
    Column.HEALTH_RECORD: Purpose.HEALTH_RECORD,
    Column.CONTACT: Purpose.CONTACT,
    Column.REMINDERS: Purpose.REMINDERS,
    Column.HANDOVER: Purpose.HANDOVER,
}
_CALLED: Mapping[Column, tuple[str, ...]] = {
    Column.NAME: ("姓名", "名字", "村民姓名", "居民姓名", "人员姓名", "本人姓名", "成员姓名", "name", "fullname"),
    Column.SEX: ("性别", "sex", "gender"),
    Column.BIRTH: (
        *("出生日期", "出生年月日", "出生年月", "出生时间", "生日", "出生", "出生日", "公历生日"),
        *("birth", "birthdate", "dateofbirth", "dob", "birthday"),
    ),
    Column.IDENTITY: (
        *("身份证号", "身份证", "身份证号码", "证件号码", "证件号", "公民身份号码", "公民身份证号码", "居民身份证号码"),
        *("identity", "identitynumber", "idnumber", "idcard"),
    ),
    Column.PHONE: (
        *("手机", "手机号", "手机号码", "联系电话", "联系方式", "电话", "电话号码", "本人电话", "移动电话"),
        *("phone", "phonenumber", "mobile", "tel", "telephone"),
    ),
    Column.VILLAGE: ("村", "村名", "行政村", "所在村", "村社区", "村居", "村委会", "社区", "所属村", "village"),
    Column.GROUP: ("组", "组别", "村民组", "小组", "村民小组", "所在组", "组名", "村组", "group"),
    Column.CONSENT: ("同意", "是否同意", "本人同意", "知情同意", "是否知情同意", "consent", "agreed"),
    Column.REMARK: ("序号", "编号", "备注", "说明", "no", "remark", "remarks", "note", "notes"),
}
_BY_NAME = {name: column for column, names in _CALLED.items() for name in names}
_AGREED = re.compile("同意|consent|agree")
_PURPOSE_WORDS: Mapping[Column, str] = {
    Column.HEALTH_RECORD: "健康|healthrecord|health",
    Column.CONTACT: "联系|打电话|上门|contact",
    Column.REMINDERS: "提醒|reminder",
    Column.HANDOVER: "转接|转交|handover",
}
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】|<[^>]*>|\{[^}]*\}")
_SIGNS = re.compile(r"[\s\W_]+")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file.

    Attributes:
        titles: the headers as they stand, cut to `LONGEST` characters.
        at: where each known column is; of two columns of one kind the first.
        purposes: for each column of consents, what a *yes* in it agrees to.
        unknown: headers that mean nothing here; these columns are not read.
    """

    titles: tuple[str, ...]
    at: Mapping[Column, int]
    purposes: Mapping[int, frozenset[Purpose]]
    unknown: tuple[str, ...]

    def title(self, column: Column) -> str:
        """Return what the file calls a column that it has."""
        return self.titles[self.at[column]]


def read_header(cells: Sequence[object]) -> Header | None:
    """Return the columns that a row of headers names, or `None` when it is no such row.

    A row of headers names the people's names and one column more. Blanks, line breaks, full-width forms and what stands
    in brackets don't matter, except that brackets may say what a consent is for.
    """
    titles = [" ".join(str(cell).split())[:LONGEST] if isinstance(cell, str) else "" for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    at: dict[Column, int] = {}
    purposes: dict[int, frozenset[Purpose]] = {}
    unknown: list[str] = []
    for index, title in enumerate(titles):
        found = column_of(title)
        if found is None:
            unknown += [title] if title else []
            continue
        at.setdefault(found, index)
        if agreed := purposes_of(title):
            purposes[index] = agreed
    if Column.NAME not in at or len(set(at) - {Column.REMARK}) < 2:
        return None
    return Header(tuple(titles), at, purposes, tuple(unknown))


def column_of(title: str) -> Column | None:
    """Return what a column with that header holds, or `None`."""
    plain = unicodedata.normalize("NFKC", title).lower()
    if _AGREED.search(plain):
        named = [column for column, words in _PURPOSE_WORDS.items() if re.search(words, _bare(plain))]
        return named[0] if named else Column.CONSENT
    whole = _BY_NAME.get(_bare(plain))
    return whole or _BY_NAME.get(_bare(_BRACKETS.sub("", plain)))


def purposes_of(title: str) -> frozenset[Purpose]:
    """Return the purposes that the header of a consent names; none for a consent that doesn't say what to."""
    plain = unicodedata.normalize("NFKC", title).lower()
    if not _AGREED.search(plain):
        return frozenset()
    bare = _bare(plain)
    return frozenset(PURPOSES[column] for column, words in _PURPOSE_WORDS.items() if re.search(words, bare))


def _bare(words: str) -> str:
    return _SIGNS.sub("", words)
