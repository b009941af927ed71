"""What people type wrongly: form, question, what was typed, and what the answer must say about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Row = tuple[str, str, str, str]
TWO_NUMBERS, ORDER = "血压要两个数，高压在前，例如：128/82", "高压要比低压大，例如：128/82"
HIGH, LOW = "高压要在 60 到 260 之间", "低压要在 30 到 160 之间"
A_NUMBER, WHOLE, PLACES = "请输一个数，例如：", "请输整数，不带小数", "最多 1 位小数"
A_BUTTON = "请点一个按钮，或者输入按钮上的字，例如“"
NO_DATE, NO_DAY = "看不懂这个日期。可以这样输：", "没有这一天"
NO_LUNAR, SHORT, NO_LEAP = "看不懂这个农历日期", "月只有 29 天", "没有农历闰"
YEAR, NOT_YET, GONE, FAR, OLD = "年份要在 1900 到 2099 之间", "还没到", "已经过去了", "太远了", "太早了"
NAME_LENGTH, NAME_LETTERS = "姓名要 2 到 30 个字", "姓名里只能有字"
PHONE = "手机号是 11 位，1 开头"
ID_FORM, ID_OLD, ID_DATE, ID_CHECK = "身份证号是 18 位", "15 位的老号码", "出生日期不对", "最后一位对不上"
NOBODY = "没找到这个人。可以输姓名、拼音首字母"
LONG, EMPTY = "太长了：最多 200 个字，现在有", "没有内容"

_PRESSURES = {
    TWO_NUMBERS: (
        "12882", "128", "128/", "/82", "128//82", "128/82/76", "高压128", "低压82", "abc", "一百二/八十", "128.5/82",
        "-128/82", "128+82", "128／", "正常", "？", "😀", "128/82好", "血压", "12 8 82", "128,82,90", "测不到", "0",
    ),
    HIGH: ("300/90", "261/90", "59/40", "0/0", "999/999", "12/82", "1280/82", "高压300低压90"),
    LOW: ("128/161", "128/29", "128/0", "128/820", "高压128低压8"),
    ORDER: ("82/128", "100/100", "80/81", "低压120高压80"),
}  # fmt: skip
_NO_NUMBERS = (
    "abc",
    "六十二",
    "1.2.3",
    "--5",
    "5+5",
    "½",
    "1e3",
    "0x10",
    "，",
    "3 5",
    "约60",
    "60左右",
    "😀",
    "NaN",
)
_RANGES = {
    "weight": ("25 到 200", ("24.9", "201", "0", "-62", "6200")),
    "height": ("100 到 220", ("99.9", "220.1", "0", "1650")),
    "waist": ("40 到 160", ("39", "161", "0", "850")),
    "pulse": ("30 到 220", ("29", "221", "0", "-72", "720")),
    "temperature": ("34 到 42", ("33.9", "42.1", "0", "365", "98.6")),
    "glucose": ("1 到 35", ("0.9", "35.1", "0", "56", "-5.6")),
}
_PAST_DAYS = {
    NO_DATE: ("abc", "去年", "5", "12月", "月日", "昨", "10.5.3.1", "11/9/2026", "？", "😀", "八月十五左右"),
    NO_DAY: ("2026-02-30", "13.1", "0.5", "4月31日", "2025.2.29", "10.32", "2026-00-10", "2026-13-01", "2026"),
    NO_LUNAR: ("农历十三月初一", "农历八月", "正月三十一", "初五", "闰", "农历", "农历八月初二十"),
    NO_LEAP: ("闰正月初一", "2026年闰六月初一"),
    YEAR: ("1899-12-31", "1000.1.1"),
}  # fmt: skip
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "checkup.outcome": ("来了", "0", "12", "99", "①", "²", "yes", "?", "到了吗", "128/82"),
    "visit.outcome": ("来了", "0", "12", "-1", "①", "到 了"),
    "register.sex": ("不知道", "3", "0", "男女", "F", "ⅠⅠ"),
    "register.guardian": ("好", "3", "是的是的", "y"),
    "register.checkup": ("好", "3", "0", "愿意"),
    "register.another": ("不知道", "2", "0", "也许"),
    "register.reason": ("写错", "9"),
    "register.group": ("三组", "0", "3", "一"),
    "register.channel": ("写信", "5", "0", "鸽子"),
    "register.consents": ("都同意吗", "5", "0", "记录", "1,9", "一 二", "①"),
    "checkup.concern": ("也许", "3"),
    "checkup.reason": ("写错", "9", "0"),
    "visit.enrolment": ("糖尿", "0", "3", "全部"),
    "visit.medication": ("吃了", "5", "0", "按时吃吗"),
    "visit.reaction": ("不清楚", "3"),
    "visit.lifestyle": ("钓鱼", "7", "少盐 钓鱼", "0"),
    "visit.symptoms": ("牙痛", "11", "0", "头痛头晕,牙痛"),
    "visit.side_effects": ("头皮痒", "8", "1 8"),
    "visit.content": ("还行", "5", "0"),
    "visit.breastfeeding": ("羊奶", "5"),
    "visit.vaccine_given": ("打过", "4"),
    "visit.concern": ("也许", "0"),
    "visit.channel": ("写信", "5", "0"),
    "visit.reason": ("写错", "9"),
}
_WORDS: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {
    ("register", "full_name"): {
        NAME_LENGTH: ("王", " ", "王" * 31, "A", "\u3000李\u3000", "·"),
        NAME_LETTERS: ("王秀英1", "123", "王_秀英", "王/英", "<b>王英</b>", "王秀英😀", "a@b", "王，英", "128/82"),
    },
    ("register", "phone"): {
        PHONE: (
            "123", "12345678901", "1381234567", "138123456789", "0371-12345678", "电话", "13812345abc", "+1 2025550100",
            "11012345678", "19912345 67", "１３８１２３", "138١234567", "没有", "138-1234-567", "-13812345678x",
        ),
    },
    ("register", "identity"): {
        ID_FORM: ("123", "1101051949123100", "11010519491231002", "没有", "11010519491231002Y", "X" * 18, "1" * 19),
        ID_OLD: ("110105491231002", "1 1 0 1 0 5 4 9 1 2 3 1 0 0 2"),
        ID_DATE: ("110105194913310021", "110105194902300021", "110105204912310020", "110105100012310021"),
        ID_CHECK: ("110105194912310021", "110105194912310020", "11010519491231012X"),
    },
    ("checkup", "note"): {LONG: ("字" * 201, "很" * 4000), EMPTY: (" ", "\n")},
    ("visit", "note"): {LONG: ("字" * 201,), EMPTY: ("\u3000",)},
    ("checkup", "person"): {NOBODY: ("赵邻居", "zlj", "0000", "x", "？", "128/82", "😀", "刘")},
    ("visit", "person"): {NOBODY: ("赵邻居", "qqq", "13900000000", "'; DROP TABLE residents")},
}  # fmt: skip
_DAYS: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {
    ("register", "birth"): {**_PAST_DAYS, NOT_YET: ("2027-01-01", "明天", "三天后", "2026.11.10")},
    ("checkup", "held_on"): {
        **_PAST_DAYS,
        NOT_YET: ("明天", "下周三"),
        OLD: ("2026-01-01", "去年十月一号", "1950.1.1"),
    },
    ("visit", "visited_on"): {**_PAST_DAYS, NOT_YET: ("后天", "2026-12-01"), OLD: ("2026-01-01", "半年前")},
    ("checkup", "agreed_on"): {
        NO_DATE: ("abc", "改天", "有空", "5", "下个月"),
        NO_DAY: ("2.30", "13.1"),
        GONE: ("昨天", "2026-10-01", "上周三"),
        FAR: ("2028-01-01", "两年后"),
        NO_LUNAR: ("腊月", "农历三十"),
    },
    ("visit", "agreed_on"): {NO_DATE: ("以后再说", "？"), GONE: ("前天",), FAR: ("2030.1.1",)},
    ("visit", "next_on"): {NO_DATE: ("按方案吧", "不知道"), GONE: ("2025-05-05",), FAR: ("2031-01-01",)},
}


def _all() -> Iterable[Row]:
    for form in ("checkup", "visit"):
        yield from _rows(form, "bp", _PRESSURES)
        for field, (limits, typed) in _RANGES.items():
            yield from ((form, field, words, limits) for words in typed)
            yield from ((form, field, words, A_NUMBER) for words in _NO_NUMBERS)
            if field == "height":
                yield form, field, "1.65", PLACES
            finer = (WHOLE, "72.5") if field == "pulse" else (PLACES, "62.55")
            yield form, field, finer[1], finer[0]
    for place, typed in _CHOICES.items():
        form, field = place.split(".")
        yield from ((form, field, words, A_BUTTON) for words in typed)
    for (form, field), hints in (*_WORDS.items(), *_DAYS.items()):
        yield from _rows(form, field, hints)
    for form in ("register", "checkup", "visit"):
        yield from ((form, "village", words, A_BUTTON) for words in ("三村", "0", "③"))


def _rows(form: str, field: str, hints: Mapping[str, tuple[str, ...]]) -> Iterable[Row]:
    for hint, typed in hints.items():
        yield from ((form, field, words, hint) for words in typed)


WRONG: tuple[Row, ...] = tuple(_all())
