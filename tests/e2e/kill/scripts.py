"""The three forms, answer by answer: what a manager does and what the bot must say to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a manager and what must be seen after it; `{name}` is the resident.

    Attributes:
        act: `menu` (a key of the reply keyboard), `tap` (an inline button) or `send` (typed).
    """

    act: str
    what: str
    seen: tuple[str, ...]


def _menu(what: str, *seen: str) -> Step:
    return Step("menu", what, seen)


def _tap(what: str, *seen: str) -> Step:
    return Step("tap", what, seen)


def _send(what: str, *seen: str) -> Step:
    return Step("send", what, seen)


REGISTER = (
    _menu("➕ 登记村民", "登记村民", "姓名？"),
    _send("{name}", "{name}", "性别？"),
    _tap("女", "女", "出生日期？"),
    _send("1956.3.12", "1956年3月12日", "哪个村民组？"),
    _tap("一组", "一组", "念给本人听"),
    _tap("☐ 记录健康信息", "选好了（1 项）"),
    _tap("☐ 打电话或上门", "选好了（2 项）"),
    _tap("选好了", "手机号？"),
    _send("13812345678", "…5678", "单月康检吗？"),
    _tap("是", "都对吗"),
    _tap("保存", "已登记", "{name}", "记录健康信息、打电话或上门", "康检"),
)
CHECKUP = (
    _menu("🩺 报康检", "康检", "报谁？"),
    _send("{name}", "找到 1 人"),
    _tap("{name} ·", "{name}", "结果怎样？"),
    _tap("到了", "到了", "血压多少？"),
    _send("128/82", "128/82", "都对吗"),
    _tap("再加一项", "＋ 体重"),
    _tap("＋ 体重", "体重多少公斤？"),
    _send("62.5", "62.5 公斤", "都对吗"),
    _tap("保存", "已保存", "{name}", "128/82", "62.5"),
)
VISIT = (
    _menu("🏠 报随访", "随访谁？"),
    _tap("{name}", "{name}", "结果怎样？"),
    _tap("改日子", "改日子", "约到哪天？"),
    _tap("上一步", "结果怎样？"),
    _tap("到了", "到了", "血压多少？"),
    _send("138/86", "138/86", "药吃得怎么样？"),
    _tap("按时吃", "按时吃", "有没有不舒服？"),
    _tap("没有", "都对吗"),
    _tap("保存", "已保存", "{name}", "高血压随访", "138/86", "下次"),
)
SCRIPTS = {"register": REGISTER, "checkup": CHECKUP, "visit": VISIT}
