"""Words that mean something in a line, found whole: 没来 is never 来, and 不规律服药 never 规律服药."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from models.rules.lines.atoms import Said
from models.rules.outcomes import Outcome

_OUTCOMES = {
    Outcome.ATTENDED: ("到 到了 已到 来了 已来 到场 来过了 参加了", "attended, came, come, here, present, ✓, √, ✔, ✅"),
    Outcome.NOT_REACHED: (
        "没来 没到 未到 未来 缺席 没参加 没见着 没见到 没找到 没找着 找不到 未见到 不在家",
        "absent, not reached, not found, no show, did not come, didn't come, not there, not at home",
    ),
    Outcome.DECLINED: (
        "不做 不需要 不愿意 不愿做 不想做 不参加 拒绝",
        "declined, refused, does not want, doesn't want, not wanted",
    ),
    Outcome.AWAY: ("外出 外出了 外出打工 在外打工 打工去了 出远门 出门了", "away, gone away, out of town"),
    Outcome.OTHER_PROVIDER: (
        "在别处做了 别处做了 在别处 别处 在别处做 在外面做了 在医院做了 在县里做了",
        "elsewhere, done elsewhere, other provider, went elsewhere",
    ),
    Outcome.ILL: ("身体不适 不舒服 生病 生病了 病了", "ill, sick, unwell"),
    Outcome.MOVED: ("搬走 搬走了 搬家了 迁走 迁走了", "moved, moved away"),
    Outcome.DECEASED: ("去世 去世了 已去世 过世 过世了 死亡", "died, deceased"),
    Outcome.NOT_DUE: ("不该列入", "not due, listed by mistake"),
}
"""Ways to say an outcome; 收回同意 is left to the form, which says what it does."""
_MEDICATION = {
    "regular": (
        "规律服药 规律吃药 按时吃药 按时服药 按时吃 坚持吃药 坚持服药 天天吃药",
        "regular, regularly, takes regularly, regular medication",
    ),
    "irregular": (
        "不规律服药 不规律 有时忘 有时忘吃 不按时吃药 不按时服药 间断服药 间断吃药",
        "irregular, irregularly, sometimes forgets",
    ),
    "stopped": ("没吃 没吃药 停药 停药了 不吃药了", "stopped, stopped medication"),
    "none": ("不用吃药 无需服药 不用服药", "no medication needed, needs no medication"),
}
_CHANNEL = {
    "PHONE": ("电话 打电话 电话随访", "by phone, phone, phoned"),
    "VISIT": ("上门 入户", "home visit"),
    "CLINIC": ("来卫生院 门诊", "at the clinic"),
    "MESSAGE": ("发消息 微信", "by message, wechat"),
}


def _table(topic: str, listed: Mapping[Any, tuple[str, str]]) -> dict[str, Said]:
    return {
        form: Said(topic, str(code), form)
        for code, (han, english) in listed.items()
        for form in (*han.split(), *english.split(", "))
    }


OUTCOMES: Mapping[str, Said] = MappingProxyType(_table("outcome", _OUTCOMES))
VISIT_WORDS: Mapping[str, Said] = MappingProxyType(
    {**OUTCOMES, **_table("medication", _MEDICATION), **_table("channel", _CHANNEL)}
)
"""What a follow-up visit may say beside measurements and dates."""
