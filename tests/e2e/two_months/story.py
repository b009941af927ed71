"""What people do in these two months, so that somebody is told of it: by the buttons, as a newcomer would."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import ClientSession

from bot.local.demo.personas import PERSONAS
from models.rules.access import Role
from tests.e2e.chat import Person, plain
from tests.e2e.two_months.watching import Watch

NEAR, FAR = "小李庄村", "张楼村"
PEOPLE = (("李秋菊", "女", "1956-03-12"), ("张大山", "男", "1950-06-01"), ("孙玉兰", "女", "1960-09-09"))
YOUNG = ("赵小燕", "女", "1992-04-04")


@dataclass
class Cast:
    """Who is played."""

    http: ClientSession
    address: str
    watch: Watch

    def person(self, role: Role, place: str | None = None) -> Person:
        """Return somebody of the demo by role, and by place where there are several."""
        account = next(one for one in PERSONAS if one.role is role and place in (None, one.place)).user_id
        return Person(self.http, self.address, account, account)

    @property
    def manager(self) -> Person:
        return self.person(Role.MANAGER)

    @property
    def neighbour(self) -> Person:
        return self.person(Role.MANAGER, NEAR)

    @property
    def clinic(self) -> Person:
        return self.person(Role.CLINIC)

    @property
    def leader(self) -> Person:
        return self.person(Role.LEADER)

    @property
    def admin(self) -> Person:
        return self.person(Role.ADMIN)


async def begin(cast: Cast) -> None:
    """Everybody presses Start."""
    for persona in PERSONAS:
        if persona.role is not None:
            await Person(cast.http, cast.address, persona.user_id, persona.user_id).send("/start")


async def register(cast: Cast) -> None:
    """Four people join, with every consent."""
    manager = cast.manager
    for name, sex, born in (*PEOPLE, YOUNG):
        await manager.send("/register")
        await manager.expect("姓名")
        await manager.send(name)
        await manager.tap(sex)
        await manager.expect("出生日期")
        await manager.send(born)
        await manager.tap("二组")
        await manager.expect("念给本人听")
        for consent in ("记录健康信息", "打电话或上门"):
            await manager.tap(consent)
        await manager.tap("选好了")
        await manager.tap("跳过")
        await manager.tap("是")
        await manager.tap("保存")
        await manager.expect("已登记", name)


async def _card(person: Person, name: str) -> None:
    await person.send(name)
    await person.tap(f"{name} ·")
    await person.expect(f"👤 {name}")


async def refer(cast: Cast) -> None:
    """A dangerous blood pressure: the clinic is told."""
    manager = cast.manager
    await _card(manager, PEOPLE[0][0])
    await manager.tap("报康检")
    await manager.tap("到了")
    await manager.send("186/112")
    await manager.tap("🚨 保存并转诊")
    await manager.tap("转诊到乡所")
    await manager.tap("保存")
    await manager.expect("已告诉乡所")


async def answer_referral(cast: Cast) -> None:
    """The clinic has seen the person."""
    clinic = cast.clinic
    await clinic.send("/referrals")
    await clinic.tap(PEOPLE[0][0])
    await clinic.tap("答复")
    await clinic.tap("已治疗")
    await clinic.tap("保存")
    await clinic.expect("已答复")


async def unwell(cast: Cast) -> None:
    """Somebody was unwell at the check-up."""
    manager = cast.manager
    await _card(manager, PEOPLE[1][0])
    await manager.tap("报康检")
    await manager.tap("身体不舒服")
    await manager.send("下周三")
    await manager.tap("保存")
    await manager.expect("已经告诉乡所")


async def not_own(cast: Cast) -> None:
    """A choice was not the woman's own."""
    manager = cast.manager
    await _card(manager, YOUNG[0])
    await manager.tap("知情选择")
    await manager.tap("避孕贴")
    await manager.tap("选好了")
    await manager.tap("否")
    await manager.tap("保存")
    await manager.expect("已告诉乡所")


async def join(cast: Cast) -> None:
    """She wants to join a programme that the clinic approves."""
    manager = cast.manager
    await _card(manager, YOUNG[0])
    await manager.tap("加入服务项目")
    await manager.tap("其他自愿随访")
    await manager.tap("三月一针")
    await manager.tap("今天")
    await manager.tap("是")
    await manager.tap("保存")


async def _offer(person: Person, name: str, *steps: str) -> None:
    await _card(person, name)
    await person.tap("转接")
    for step in steps:
        await person.tap(step)


async def hand_over(cast: Cast) -> None:
    """Somebody moves to another village, and somebody stays there for a time; the clinic moves a third at once."""
    await _offer(cast.manager, PEOPLE[2][0], "搬走", NEAR, "是", "保存")
    await cast.watch.settled()
    neighbour = cast.neighbour
    await neighbour.send("/handovers")
    await neighbour.tap(f"1. {PEOPLE[2][0]}")
    await neighbour.tap("接收")
    await neighbour.tap("先不选组")
    await neighbour.expect("已接收")


async def stay(cast: Cast) -> None:
    """Somebody stays in the other village for a time, and comes back."""
    await _offer(cast.manager, PEOPLE[0][0], "外出一段时间", "一个月后", NEAR, "是", "保存")
    neighbour = cast.neighbour
    await neighbour.send("/handovers")
    await neighbour.tap(f"1. {PEOPLE[0][0]}")
    await neighbour.tap("接收")
    await neighbour.tap("先不选组")
    await neighbour.expect("已接收")
    await cast.watch.settled()
    await neighbour.send("/handovers")
    await neighbour.tap(f"1. {PEOPLE[0][0]}")
    await neighbour.tap("已回来")
    await neighbour.tap("已回来")


async def at_once(cast: Cast) -> None:
    """The clinic moves somebody within the township."""
    await _offer(cast.clinic, PEOPLE[1][0], "搬走", NEAR, "是", "现在就转", "保存")


async def leave_lying(cast: Cast) -> None:
    """A form is begun and forgotten."""
    await cast.manager.send("/register")
    await cast.manager.expect("姓名")
    await cast.manager.send("王小花")
    await cast.manager.expect("性别")


async def ask_for_leave(cast: Cast) -> None:
    """A manager goes on leave."""
    manager = cast.manager
    await manager.send("/settings")
    await manager.tap("请假")
    await manager.tap("今天")
    await manager.send("十天后")
    await manager.tap(NEAR)
    await manager.tap("保存")
    await manager.expect("已记下")


async def decline_leave(cast: Cast) -> None:
    """The colleague can't."""
    await cast.neighbour.tap("看代班")
    await cast.neighbour.tap("不方便")


async def end_leave(cast: Cast) -> None:
    """Back earlier than planned."""
    manager = cast.manager
    await manager.send("/settings")
    await manager.tap("请假")
    await manager.tap("我回来了")
    await manager.expect("请假到此为止")


async def _village_day(cast: Cast) -> Person:
    admin = cast.admin
    await admin.send("/calendar")
    labels = await admin.buttons(await admin.expect("点日子"))
    while not any("大王庄" in label for label in labels):
        await admin.tap("下一页")
        labels = await admin.buttons(await admin.expect("点日子"))
    await admin.tap(next(label for label in labels if "大王庄" in label))
    return admin


async def move_day(cast: Cast) -> None:
    """A check-up day is moved."""
    admin = await _village_day(cast)
    await admin.tap("改日子")
    await admin.tap("月")
    await admin.tap("场地")
    await admin.tap("保存")
    await admin.expect("已改期")


async def undo(cast: Cast) -> None:
    """The admin takes the last change back."""
    await cast.admin.tap("撤销")


async def cancel_day(cast: Cast) -> None:
    """A check-up day is cancelled."""
    admin = await _village_day(cast)
    await admin.tap("取消这次")
    await admin.tap("天气")
    await admin.tap("保存")
    await admin.expect("已取消")


async def _meeting(cast: Cast) -> Person:
    admin = cast.admin
    await admin.send("/calendar")
    await admin.expect("点日子")
    await admin.tap("联席会议")
    return admin


async def move_meeting(cast: Cast) -> None:
    """The meeting is moved."""
    admin = await _meeting(cast)
    await admin.tap("改时间")
    await admin.tap("月")
    await admin.tap("有别的公务")
    await admin.tap("保存")
    await admin.expect("已改时间")


async def cancel_meeting(cast: Cast) -> None:
    """The meeting is cancelled."""
    admin = await _meeting(cast)
    await admin.tap("这次不开")
    await admin.tap("天气不好")
    await admin.tap("保存")
    await admin.expect("已取消")


async def come(cast: Cast) -> None:
    """A manager comes to the meeting."""
    await cast.manager.tap("参加")


async def decide(cast: Cast) -> None:
    """The leader writes minutes, and a decision that a manager carries out."""
    leader = cast.leader
    await leader.tap("写会议记录")
    await leader.expect("会上说了什么")
    await leader.send("各村康检准备好了。")
    await leader.tap("保存")
    await leader.tap("记一件定下的事")
    await leader.expect("定了")
    await leader.send("血压计送乡所校准")
    await leader.send("大王庄")
    await leader.tap("一周后")
    await leader.tap("保存")


async def give(cast: Cast) -> None:
    """A manager gives something overdue to the clinic."""
    manager = cast.manager
    await manager.send("/alerts")
    await manager.expect("逾期没办的")
    await manager.tap("🔴 ")
    await manager.tap("交给别人")
    await manager.tap("乡所")


async def ask_to_correct(cast: Cast) -> None:
    """A locked record is to be corrected."""
    manager = cast.manager
    await manager.send("/mine")
    await manager.tap("🔒")
    await manager.tap("请乡所解锁")
    await manager.tap("后来才知道")
    await manager.expect("已请乡所解锁")


async def grant(cast: Cast) -> None:
    """The clinic unlocks it."""
    clinic = cast.clinic
    await clinic.send("/todo")
    await clinic.tap("请求解锁的")
    await clinic.tap("大王庄")
    await clinic.tap("同意")
    await clinic.expect("已同意")


async def open_own(cast: Cast) -> None:
    """A resident opens an account of their own, and asks to be reminded."""
    manager = cast.manager
    await _card(manager, PEOPLE[0][0])
    await manager.tap("本人账号")
    await manager.tap("生成链接")
    said = await manager.expect("请本人用自己的手机扫二维码")
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){2}", plain(said["html"]))
    assert code is not None
    account = next(one for one in PERSONAS if one.role is None).user_id
    resident = Person(cast.http, cast.address, account, account)
    await resident.send(f"/start {code[0]}")
    await resident.tap("是我，绑定")
    await resident.tap("提醒我")
    await resident.expect("提醒：开着")


async def remove(cast: Cast) -> None:
    """A manager's account is ended."""
    admin = cast.admin
    await admin.send("/staff")
    await admin.tap(FAR)
    await admin.tap("移除")
    await admin.expect("已移除")


async def block(cast: Cast) -> None:
    """A manager blocks the bot."""
    account = cast.person(Role.MANAGER, "刘店村").user_id
    async with cast.http.post(f"{cast.address}/control/people/{account}/block") as answer:
        assert answer.status == 200


Act = Callable[[Cast], Awaitable[None]]
ON_DAY: dict[int, tuple[Act, ...]] = {
    1: (register, refer, answer_referral, unwell, not_own, join),
    2: (hand_over, stay, at_once, leave_lying),
    3: (ask_for_leave, decline_leave, end_leave, ask_for_leave),
    4: (move_day, undo, cancel_day, undo),
    5: (move_meeting, undo, cancel_meeting, undo, end_leave),
    6: (remove, block, give),
    7: (open_own,),
    34: (ask_to_correct, grant),
}
"""By the day, at nine in the morning."""
AFTER: dict[str, Act] = {
    "meeting.invite/days_3": come,
    "meeting.minutes": decide,
    "own.before/days_1": move_day,
}
"""What is done when a message has come for the first time."""
