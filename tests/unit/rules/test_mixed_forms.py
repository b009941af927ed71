"""A thousand dates, phones, identity numbers and blood pressures as people write them: read rightly, or refused.

What each one means is known before it is written down, so nothing here asks the parsers what is right.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from lunardate import LunarDate

from models.rules import bloodpressure, identity, phones
from models.rules.bloodpressure import BloodPressure
from models.rules.dates import parse_date
from models.rules.errors import InputError

TODAY = date(2026, 11, 9)
WIDE = str.maketrans("0123456789/-.: +XABCDEFGHIJ", "０１２３４５６７８９／－．：　＋ＸＡＢＣＤＥＦＧＨＩＪ")
NUMERALS = "〇一二三四五六七八九十"
WEEKDAYS = "一二三四五六日"
LUNAR_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
Case = tuple[str, object]


def chinese(number: int) -> str:
    if number <= 10:
        return NUMERALS[number]
    tens, ones = divmod(number, 10)
    return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")


def lunar_day(day: int) -> str:
    if day <= 10:
        return f"初{NUMERALS[day]}"
    return f"廿{NUMERALS[day % 10]}" if 20 < day < 30 else chinese(day)


def spaced(chance: random.Random, text: str) -> str:
    return chance.choice((text, f" {text}", f"{text}　", text.translate(WIDE)))


def whole_dates(chance: random.Random) -> Iterator[Case]:
    forms: tuple[Callable[[date], str], ...] = (
        lambda day: f"{day:%Y-%m-%d}",
        lambda day: f"{day:%Y%m%d}",
        lambda day: f"{day.year}.{day.month}.{day.day}",
        lambda day: f"{day.year}/{day.month}/{day.day}",
        lambda day: f"{day.year}年{day.month}月{day.day}日",
        lambda day: f"{day.year} 年 {day.month} 月 {day.day} 号",
        lambda day: (
            "".join(NUMERALS[int(digit)] for digit in f"{day.year}") + f"年{chinese(day.month)}月{chinese(day.day)}日"
        ),
        lambda day: f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}",
    )
    for number in range(120):
        day = date(1930, 1, 1) + timedelta(days=chance.randrange(35_000))
        yield spaced(chance, forms[number % len(forms)](day)), day


def short_dates(chance: random.Random) -> Iterator[Case]:
    forms = ("{0.month}.{0.day}", "{0.month}/{0.day}", "{0.month}-{0.day}", "{0.month}月{0.day}号", "{0:%m%d}")
    for number in range(120):
        day = TODAY + timedelta(days=chance.randint(-180, 180))
        written = forms[number % len(forms)].format(day)
        yield spaced(chance, written if number % 7 else f"{chinese(day.month)}月{chinese(day.day)}"), day


def day_words(_: random.Random) -> Iterator[Case]:
    monday = TODAY - timedelta(days=TODAY.weekday())
    for words, days in (
        ("今天", 0),
        ("昨天", -1),
        ("前天", -2),
        ("大前天", -3),
        ("明天", 1),
        ("后天", 2),
        ("大后天", 3),
    ):
        yield words, TODAY + timedelta(days=days)
    for number in range(1, 11):
        yield f"{number}天后", TODAY + timedelta(days=number)
        yield f"{chinese(number)}天前", TODAY - timedelta(days=number)
        yield f"{chinese(number)}周后", TODAY + timedelta(weeks=number)
    for number, weekday in enumerate(WEEKDAYS):
        yield f"下周{weekday}", monday + timedelta(days=7 + number)
        yield f"上星期{weekday}", monday + timedelta(days=number - 7)
        yield f"这周{weekday}", monday + timedelta(days=number)


def lunar_dates(chance: random.Random) -> Iterator[Case]:
    for number in range(100):
        year, month, day = chance.randint(1950, 2030), chance.randint(1, 12), chance.randint(1, 29)
        named = f"{LUNAR_MONTHS[month - 1]}月{lunar_day(day)}"
        prefix = ("农历", "阴历", "旧历")[number % 3]
        written = f"{prefix}{year}年{named}" if number % 2 else f"{year}年{prefix}{named}"
        if number % 2 == 0:
            written = f"{prefix}{year}年{named}日"
        yield written, LunarDate(year, month, day).to_solar_date()
    yield "农历八月十五", date(2026, 9, 25)
    yield "农历2025年闰六月初一", date(2025, 7, 25)
    yield "农历2028年闰五月初一", LunarDate(2028, 5, 1, True).to_solar_date()


def wrong_dates(_: random.Random) -> Iterator[Case]:
    for words in (
        "2026-02-30", "2月30号", "13.5", "10.32", "2026-13-01", "农历八月三十一", "农历十三月初一", "二月三十",
        "明年再说", "过几天", "abc", "100", "99999999", "0.0", "2026年", "星期八", "农历2026年闰六月初一", "31/31",
        "..", "十月",
    ):  # fmt: skip
        yield words, None


def mobiles(chance: random.Random) -> Iterator[Case]:
    for number in range(170):
        phone = f"1{chance.choice('3456789')}{chance.randrange(10**9):09}"
        grouped = f"{phone[:3]}{chance.choice(' -')}{phone[3:7]}{chance.choice(' -')}{phone[7:]}"
        forms = (phone, grouped, f"+86{phone}", f"+86 {grouped}", f"86{phone}", f"0086{phone}", f"（{phone}）")
        yield spaced(chance, forms[number % len(forms)]), phone
    for wrong in (
        "12345678901",
        "1381234567",
        "138123456789",
        "010-88886666",
        "十三八",
        "1381234567a",
        "",
        "+1 2025550123",
    ):
        yield wrong, None


def identities(chance: random.Random) -> Iterator[Case]:
    for number in range(170):
        born = date(1930, 1, 1) + timedelta(days=chance.randrange(34_000))
        body = f"{chance.choice(('411728', '412823', '110105', '650102'))}{born:%Y%m%d}{chance.randrange(1000):03}"
        right = body + check_digit(body)
        forms = (right, right.lower(), f"{right[:6]} {right[6:14]} {right[14:]}", f"{right[:6]}-{right[6:]}")
        yield spaced(chance, forms[number % len(forms)]), right
        if number % 4 == 0:
            yield body + "0123456789X"[("0123456789X".index(right[-1]) + 1) % 11], None
        if number % 10 == 0:
            yield right[:-1], None
    yield "11010519491231002X", "11010519491231002X"
    for wrong in ("110105491231002", "11010519491331002X", "11010520991231002X", "身份证", "X" * 18):
        yield wrong, None


def check_digit(body: str) -> str:
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return "10X98765432"[total % 11]


def pressures(chance: random.Random) -> Iterator[Case]:
    for number in range(170):
        sbp, dbp = chance.randint(90, 230), chance.randint(40, 129)
        forms = (
            f"{sbp}/{dbp}", f"{sbp} {dbp}", f"{sbp}-{dbp}", f"{sbp}，{dbp}", f"{sbp}、{dbp}", f"{sbp} / {dbp} mmHg",
            f"血压{sbp}/{dbp}", f"高压{sbp}低压{dbp}", f"低压{dbp}，高压{sbp}", f"{sbp}／{dbp}",
            f"收缩压{sbp} 舒张压{dbp}",
        )  # fmt: skip
        yield spaced(chance, forms[number % len(forms)]), BloodPressure(sbp, dbp)
    for wrong in ("128", "高压128", "128/", "/82", "一百二/八十", "128/82/70", "正常", "12.8/8.2/1"):
        yield wrong, None


def cases(*writers: Callable[[random.Random], Iterator[Case]]) -> list[Case]:
    chance = random.Random(20261109)
    return [case for writer in writers for case in writer(chance)]


DATES = cases(whole_dates, short_dates, day_words, lunar_dates, wrong_dates)
PHONES, IDENTITIES, PRESSURES = cases(mobiles), cases(identities), cases(pressures)


def disagreements(written: list[Case], read: Callable[[str], object]) -> list[tuple[str, object, object]]:
    """Return what was read otherwise than it was meant, or refused without an example."""
    found = []
    for typed, meant in written:
        try:
            got = read(typed)
        except InputError as refused:
            got = None if refused.example else "no example"
        if got != meant:
            found.append((typed, meant, got))
    return found


def test_there_are_a_thousand() -> None:
    assert len(DATES) + len(PHONES) + len(IDENTITIES) + len(PRESSURES) >= 1000


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (DATES, lambda typed: parse_date(typed, TODAY).day),
        (PHONES, phones.parse),
        (IDENTITIES, lambda typed: identity.parse(typed, TODAY).number),
        (PRESSURES, bloodpressure.parse),
    ],
    ids=["dates", "phones", "identities", "pressures"],
)
def test_what_is_meant_is_what_is_read(written: list[Case], read: Callable[[str], object]) -> None:
    assert disagreements(written, read) == []
