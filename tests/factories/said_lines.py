"""Lines that people type or dictate, messy as they come, each with the truth beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from models.rules.lines.people import Listed, People
from models.rules.names import name_keys
from models.rules.outcomes import Outcome

TODAY = date(2026, 11, 9)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马单仇吕曾解欧"
_GIVEN = (
    "秀英",
    "红",
    "国强",
    "建华",
    "霞",
    "桂兰",
    "小明",
    "丽丽",
    "红梅",
    "志远",
    "芳",
    "玉珍",
    "海燕",
    "大勇",
    "春生",
    "爱国",
    "慧敏",
    "淑芬",
    "金花",
    "德才",
    "兰",
    "长江",
    "月娥",
    "女",
    "卫东",
)
_GROUPS = ("一组", "二组", "三组")
_FULL_WIDTH = str.maketrans("0123456789/.:,- ", "０１２３４５６７８９／．：，－　")
_NOISE = ("头晕", "多喝水", "精神好", "没量血糖", "vg", "等会儿再量", "左手")
_OUTCOMES = {
    Outcome.ATTENDED: ("到", "到了", "来了", "came"),
    Outcome.NOT_REACHED: ("没来", "没到", "没找到", "absent"),
    Outcome.DECLINED: ("不做", "不需要", "declined"),
    Outcome.AWAY: ("外出", "外出打工", "away"),
    Outcome.OTHER_PROVIDER: ("在别处做了", "别处做了", "elsewhere"),
}
_MEDICATION = {
    "regular": ("规律服药", "按时吃药", "regular"),
    "irregular": ("不规律服药", "有时忘", "irregular"),
    "stopped": ("停药了", "没吃药", "stopped"),
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What a line means: of whom, and the answers; what is read has to be some of it, and nothing else."""

    person_id: int | None
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A line and what it means."""

    text: str
    truth: Truth


def roster(chance: Random, size: int = 40) -> list[Listed]:
    """Return people with numbers; some are namesakes, and many share their initials. A few are not on the roster."""
    found: list[Listed] = []
    for number in range(1, size + 1):
        name = chance.choice(_SURNAMES) + chance.choice(_GIVEN)
        if found and chance.random() < 0.05:
            name = chance.choice(found).name
        listed = number if number <= size - 4 else None
        found.append(Listed(1000 + number, name, listed, chance.choice(_GROUPS), chance.randrange(1935, 2006)))
    return found


def known(people: Sequence[Listed]) -> People:
    """Return `people` to look for."""
    return People(people, TODAY.year)


def dictated(chance: Random, people: Sequence[Listed]) -> Line:
    """Return a line about one person on a roster."""
    person = chance.choice([each for each in people if each.number is not None])
    who, is_known = _who(chance, person, people, by_number=True)
    answers: dict[str, Any] = {}
    said = []
    if chance.random() < 0.25:
        outcome = chance.choice(list(_OUTCOMES))
        said.append(chance.choice(_OUTCOMES[outcome]))
        answers["outcome"] = str(outcome)
    if answers.get("outcome") in (None, "ATTENDED"):
        said += _measured(chance, answers)
    text = _mixed(chance, who, said)
    return Line(text, Truth(person.person_id if is_known else None, answers))


def entered(chance: Random, people: Sequence[Listed]) -> Line:
    """Return a line of quick entry."""
    person = chance.choice(people)
    who, is_known = _who(chance, person, people, by_number=False)
    form = chance.choice(("visit", "visit", "checkup"))
    verb = chance.choice({"visit": ("随访", "visit "), "checkup": ("康检", "checkup ")}[form])
    answers: dict[str, Any] = {"form": form}
    said = []
    outcome = chance.choice(list(_OUTCOMES)) if chance.random() < 0.4 or form == "checkup" else None
    if outcome is not None:
        said.append(chance.choice(_OUTCOMES[outcome]))
        answers["outcome"] = str(outcome)
    if outcome in (None, Outcome.ATTENDED):
        said += _measured(chance, answers)
        said += _visited(chance, answers) if form == "visit" else []
        answers.setdefault("outcome", "ATTENDED")
    text = verb + chance.choice((" ", "", "  ", "：")) + _mixed(chance, who, said)
    return Line(text, Truth(person.person_id if is_known else None, answers))


def _who(chance: Random, person: Listed, people: Sequence[Listed], *, by_number: bool) -> tuple[str, bool]:
    """Return a way to say who is meant, and whether it says it at all."""
    keys = name_keys(person.name)
    name = person.name
    ways = [name, name, name, f"{name} {person.group}", f"{name}{person.birth_year}年", keys.full[0], keys.initials[0]]
    ways += [f"{name[0]} {name[1:]}", name[1:] if len(name) > 2 else name, " ".join(keys.syllables[0]).title()]
    if by_number:
        ways += [str(person.number), str(person.number), f"{person.number}号", f"{person.number}、"]
        ways += [f"{person.number} {name}", f"{(person.number or 0) + 1} {name}"]
    way = chance.randrange(len(ways) + 2)
    if way >= len(ways):
        slip = _slip(chance, chance.choice((name, keys.full[0])))
        return (name if _means_another(slip, people) else slip), True
    wrong_number = by_number and way == len(ways) - 1
    return ways[way], not wrong_number


def _means_another(typed: str, people: Sequence[Listed]) -> bool:
    """Return whether a slip is by chance what somebody is called: nobody could tell."""
    keys = [(each.name, *name_keys(each.name).full, *name_keys(each.name).initials) for each in people]
    return any(typed in key for key in keys) or any(typed in each.name for each in people)


def _slip(chance: Random, word: str) -> str:
    """Return `word` with a slip: a letter missing, other, or swapped."""
    at = chance.randrange(len(word))
    if chance.random() < 0.4 and len(word) > 3:
        return word[:at] + word[at + 1 :]
    if chance.random() < 0.5 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + ("鑫" if not word.isascii() else "q") + word[at + 1 :]


def _measured(chance: Random, answers: dict[str, Any]) -> list[str]:
    said = []
    if chance.random() < 0.8:
        sbp = chance.randrange(92, 200)
        dbp = chance.randrange(45, min(sbp - 10, 125))
        answers["bp"] = [sbp, dbp]
        said.append(_pressure(chance, sbp, dbp))
    for name, share in (("weight", 0.3), ("pulse", 0.15), ("temperature", 0.1), ("waist", 0.1), ("glucose", 0.1)):
        if chance.random() < share:
            tenths = _TENTHS[name](chance)
            answers[name] = tenths if name != "pulse" else tenths // 10
            form = chance.choice(_FORMS[name])
            said.append(form.format(*_shown(tenths)))
    if chance.random() < 0.06:
        said.append(chance.choice(_NOISE))
    if chance.random() < 0.7:
        chance.shuffle(said)
    return said


_TENTHS = {
    "weight": lambda chance: chance.randrange(45, 90) * 10 + chance.choice((0, 0, 5)),
    "pulse": lambda chance: chance.randrange(50, 110) * 10,
    "temperature": lambda chance: chance.randrange(360, 391),
    "waist": lambda chance: chance.randrange(60, 120) * 10,
    "glucose": lambda chance: chance.randrange(40, 160),
}
_FORMS = {
    "weight": (
        "体重{0}",
        "体重：{0}公斤",
        "{0}kg",
        "{0} 公斤",
        "体重{1}斤",
        "{1}斤",
        "体重{1}",
        "weight {0}",
        "体重{0}kg",
        "{0}",
        "体重 {1}",
        "wt {0}",
        "体重{0}。",
        "体重约{0}",
    ),
    "pulse": ("脉搏{0}", "脉搏：{0}次/分", "心率{0}", "pulse {0}", "{0}次/分", "{0}", "脉搏{0}次", "hr {0}"),
    "temperature": ("体温{0}", "体温{0}度", "{0}℃", "体温{2}", "体温{3}", "temp {0}", "{0}", "体温 {4}"),
    "waist": ("腰围{0}", "腰围{0}cm", "腰围：{0}厘米", "waist {0}", "{0}cm", "腰围{0}公分"),
    "glucose": ("血糖{0}", "空腹血糖 {0}", "血糖{0}mmol/L", "glucose {0}", "{0}mmol/L", "血糖{4}", "血糖{3}"),
}


def _shown(tenths: int) -> tuple[str, ...]:
    """Return a number plainly, doubled, with a full stop for its point, with a comma, and without its point."""
    plain = f"{tenths / 10:g}"
    return plain, f"{tenths / 5:g}", plain.replace(".", "。"), plain.replace(".", "，"), str(tenths)


def _pressure(chance: Random, sbp: int, dbp: int) -> str:
    right = (
        "{s}/{d}",
        "{s}/{d}",
        "{s} {d}",
        "{s} / {d}",
        "血压{s}/{d}",
        "血压：{s}/{d}",
        "血压 {s} {d}",
        "{s}-{d}",
        "{s}，{d}",
        "高压{s}低压{d}",
        "低压{d}，高压{s}",
        "bp {s}/{d}",
        "BP{s}/{d}",
        "{s}/{d}mmHg",
        "血压{s}-{d}",
        "{s}\\{d}",
    )
    wrong = (
        "{s}{d}",
        "{d}/{s}",
        "{s}{d}/",
        "{s}/{d}{d}",
        "{s}0/{d}",
        "{h}/{d}",
        "{s}/{l}",
        "{s}/",
        "/{d}",
        "{s}",
        "{d} {s}",
        "{s}/{d}/72",
        "{s} {d} 72",
        "{s}/{d}?",
        "{s}.{d}",
        "1 {s} {d}",
        "{s}多/{d}多",
        "血压{s}。",
    )
    form = chance.choice(right if chance.random() < 0.8 else wrong)
    return form.format(s=sbp, d=dbp, h=str(sbp)[:1], l=str(dbp)[:1])


def _visited(chance: Random, answers: dict[str, Any]) -> list[str]:
    said = []
    if chance.random() < 0.5:
        code = chance.choice(list(_MEDICATION))
        answers["medication"] = code
        said.append(chance.choice((*_MEDICATION[code], *_MEDICATION[code], f"没{_MEDICATION['regular'][0]}")))
        if said[-1].startswith("没规律"):
            del answers["medication"]
    if chance.random() < 0.5:
        day, words = chance.choice(_AGAIN)
        answers["next_on"] = day.isoformat()
        said.append(chance.choice(words))
    if chance.random() < 0.2:
        day, words = chance.choice(_SEEN)
        answers["visited_on"] = day.isoformat()
        said.append(chance.choice(words))
    return said


_AGAIN = (
    (
        date(2027, 2, 9),
        ("下次三个月后", "下次 3个月后", "下次三个月", "next in 3 months", "复查2月9号", "下次2027.2.9"),
    ),
    (TODAY + timedelta(days=14), ("下次两周后", "下次 11.23", "下次11月23号", "next in 2 weeks", "下次随访11/23")),
    (TODAY + timedelta(days=9), ("下次下周三", "下回 11-18", "下次18号")),
)
_SEEN = (
    (TODAY - timedelta(days=1), ("昨天", "11月8号", "11/8", "yesterday")),
    (TODAY - timedelta(days=35), ("10月5号", "10/5", "10月5日", "2026-10-05")),
)


def _mixed(chance: Random, who: str, said: Sequence[str]) -> str:
    """Put who and what together, with the blanks and marks that come along."""
    between = chance.choice((" ", " ", "  ", "，", ", ", "、", "："))
    apart = [who, *said]
    if chance.random() < 0.06 and len(said) == 1:
        apart = [*said, who]
    text = between.join(apart)
    if chance.random() < 0.15 and not who[-1:].isdigit():
        text = who + between.join(said)
    if chance.random() < 0.2:
        text = text.translate(_FULL_WIDTH)
    if chance.random() < 0.1:
        text = text.upper()
    return text + chance.choice(("", "", "", "。", " ", "！"))
