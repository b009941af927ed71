"""What people type instead of touching a button: a few words that stand for one, a greeting, thanks, a grumble."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache

_SIGNS = re.compile(r"[\W_]+")
_AT_THE_END = re.compile(r"(?<=.)[吧啊呀了呢嘛哦哈啦]+$")
LONGEST = 40
"""Characters; who types more wants to say something else."""


class Wish(StrEnum):
    """What such words ask for. Those of `MENU` are named as the buttons under the chat are."""

    DUE = "due"
    ROSTER = "roster"
    CHECKUP = "checkup"
    VISIT = "visit"
    REGISTER = "register"
    FIND = "find"
    TODO = "todo"
    MINE = "mine"
    CALENDAR = "calendar"
    OWN = "own"
    COMPLAINTS = "complaints"
    INVITE = "invite"
    STAFF = "staff"
    ME = "me"
    HELP = "help"
    GREETING = "greeting"
    THANKS = "thanks"
    GRUMBLE = "grumble"
    WHO = "who"
    """Who, or what, answers here."""
    GO_ON = "go_on"
    """More of the last answer, which is not remembered."""
    SAVE = "save"
    BACK = "back"
    SKIP = "skip"
    CANCEL = "cancel"
    DONE = "done"


PLEASANTRIES = frozenset({Wish.GREETING, Wish.THANKS, Wish.GRUMBLE, Wish.WHO, Wish.GO_ON})
IN_FORMS = frozenset({Wish.SAVE, Wish.BACK, Wish.SKIP, Wish.CANCEL, Wish.DONE})
MENU = frozenset(Wish) - PLEASANTRIES - IN_FORMS
_WORDS: dict[Wish, str] = {
    Wish.DUE: """
        应访, 今天该看谁, 今天看谁, 该看谁, 今天该访谁, 今天访谁, 该访谁, 今天去谁家, who is due,
        who do i visit today
    """,
    Wish.ROSTER: "名册, 点名, 康检点名, 打开名册, roll call",
    Wish.CHECKUP: "报个康检, 我要报康检, 报一个康检, 记康检, report a checkup",
    Wish.VISIT: "报个随访, 我要报随访, 报一个随访, 记随访, report a visit",
    Wish.REGISTER: "登记, 我要登记, 登记新人, 登记一个人, 登记村民, 新增村民, 添加村民, 加一个人, register",
    Wish.FIND: "找个人, 我要找人, 查人, 查个人, find somebody, search",
    Wish.TODO: "代办, 有什么事, 今天有什么事, 有啥事, 今天干啥, 今天干什么, 今天做什么, 有事没, what is there to do",
    Wish.MINE: """
        打错了, 输错了, 写错了, 填错了, 报错了, 记错了, 撤销, 撤回, 更正, 改错, 我要更正, 我要改, 怎么改, 怎么撤销,
        undo, typo, wrong, i made a mistake, mistake
    """,
    Wish.CALENDAR: "看日历, 日程",
    Wish.OWN: """
        我什么时候去康检, 我什么时候康检, 什么时候康检, 我什么时候去, 什么时候去, 我哪天去, 哪天去, 哪天康检,
        下次什么时候, 提醒我, 不要提醒我, when do i go, when is my checkup
    """,
    Wish.COMPLAINTS: """
        投诉, 我要投诉, 提意见, 我要提意见, 有意见, 举报, 我要举报, 不满意, complaint, i want to complain
    """,
    Wish.INVITE: "邀请, 邀请人, 加人, 加个人, 加新人, invite",
    Wish.STAFF: "人员, 都有谁, 删人, 移除人员, people",
    Wish.ME: "我是谁, 我的身份, who am i",
    Wish.HELP: "帮助, 说明, 使用说明, 怎么弄, 不会用, 怎么操作, 教教我, 说人话, 看不懂, help, how, i dont understand",
    Wish.GREETING: """
        你好, 您好, 在吗, 在不在, 有人吗, 早上好, 上午好, 下午好, 晚上好, hello, hi, hey, good morning, good afternoon,
        good evening
    """,
    Wish.THANKS: """
        谢谢, 谢谢你, 谢谢您, 多谢, 感谢, 辛苦, 辛苦你, 好的, 知道, 明白, 收到, ok, okay, thanks, thank you, thx, got it
    """,
    Wish.GRUMBLE: """
        废物, 垃圾, 没用, 真没用, 你真没用, 太笨, 你真笨, 笨蛋, 傻瓜, 白痴, 什么破玩意, 什么玩意, 破玩意, 答非所问,
        胡说, 胡说八道, useless, useless bot, stupid, stupid bot, rubbish, this is useless, nonsense
    """,
    Wish.WHO: """
        你是谁, 你是什么, 你叫什么, 你叫什么名字, 你是人吗, 你是人还是机器, 你是机器人吗, 你是真人吗, who are you,
        are you a bot, are you human, what are you
    """,
    Wish.GO_ON: """
        为什么, 为啥, 然后, 还有, 还有吗, 还有别的吗, 那个村, 具体点, 详细点, 说详细点, 具体说说, 展开说说,
        再说一遍, 再说一次, why, and, and then, more, more details, what else, which one, say again
    """,
    Wish.SAVE: "保存, 对, 对的, 都对, 没错, 存, 存上, save, save it, yes, correct, right",
    Wish.BACK: "上一步, 回上一步, 返回上一步, 返回, back, go back",
    Wish.SKIP: "跳过, 略过, skip",
    Wish.CANCEL: "不填, 不报, 算了, 取消, 放弃, cancel, give up, never mind",
    Wish.DONE: "选好, 选完, done",
}


def bare(words: str) -> str:
    """Return words as they are compared: no case, no signs and blanks, no particle at the end."""
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", words).casefold())
    return _AT_THE_END.sub("", plain)


@cache
def _wishes() -> dict[str, Wish]:
    return {bare(phrase): wish for wish, phrases in _WORDS.items() for phrase in phrases.split(",")}


def wish(text: str) -> Wish | None:
    """Return what the whole of `text` asks for, or `None` where it is something else."""
    if len(text) > LONGEST:
        return None
    return _wishes().get(bare(text), None if _SIGNS.sub("", text) else Wish.HELP)
