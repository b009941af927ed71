"""The pictures of `docs/tour.md`: local mode started, used in a real browser, and photographed.

`make screenshots` makes them anew.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession
from playwright.async_api import Browser, Page, ViewportSize, expect
from pypdfium2 import PdfDocument

from bot.local.demo.personas import PERSONAS
from handlers.paper import laid_out
from models.files.paper import PaperLine
from models.files.report_pages import ReportPages
from models.rules.access import Role
from models.rules.clock import local_day
from models.rules.report_files import Occasion, calls
from models.store import accounts
from models.store._days import DayLine
from models.store.rosters import Roster
from tests.e2e import scored
from tests.e2e.chat import Person
from tests.e2e.phone import DESK, PHONE, ROOT, Player, chromium, local_mode, visit
from tests.e2e.rosters import MORE, enlist
from tests.e2e.two_months.watching import Watch
from tests.e2e.world import STAFF, World, open_alone
from tests.factories.reported import reported

PICTURES = ROOT / "docs" / "pictures"
SHARPNESS = {PHONE["width"]: 1.5, DESK["width"]: 1.0}
"""Dots of the picture per dot of the page."""
FLAT = "document.documentElement.style.setProperty('--wall', '#bfdabd')"
"""A chat's background without its gradient, which would make a picture three times as large."""
ON_PAPER = [surname + given for surname in "王李张刘陈" for given in ("秀英", "建国", "桂兰", "红", "玉梅")]
FORTY = [f"{surname}{place}村" for place in "庄楼桥湾寨" for surname in "王李张刘陈杨赵周"]
ROSTER = Roster(DayLine(1, 2, date(2026, 11, 9), date(2026, 11, 9), False), "大王庄", 1, False, None, None, ())
LOOKED_UP, TO_THE_NOTICE = 5.0, 6 * 86_400 + 4_200
"""Seconds until the place of notices is looked up, and from a morning to the third working day's, past nine."""
MOST_TAPS = 6
"""For a check-up from the menu to the receipt, and for a visit from the due list to the receipt."""
LONG_NAMES = (
    *("欧阳建国", "尉迟秀英", "长孙桂兰", "陈褚氏桂兰", "王李氏秀荣", "阿卜杜热西提", "买买提江·吐尔逊", "古丽娜尔"),
    *("司马相如意", "上官婉清", "单于国强", "慕容雪梅", "诸葛长河", "东方红霞", "王秀英", "李红"),
    *("澹台玉枝", "万俟德福", "夏侯惇厚", "皇甫嵩山"),
)
"""Names that need room, and two namesakes."""
PRESSURE_PROGRAMMES = re.compile("高血压随访|血压筛查|老年人体检")
ANSWERS = {
    "血压多少": "!186/112",
    "药吃得怎么样": "有时忘",
    "有没有不舒服": "没有",
    "怎样随访的": "上门",
}
"""What is answered to a question of a visit: a button, or after ! something typed. Anything else is skipped."""


def account(role: Role | None, number: int = 0) -> int:
    """Return the account of one of the demo's people with that role."""
    return [persona.user_id for persona in PERSONAS if persona.role is role][number]


@dataclass
class Camera:
    """A browser window whose pictures go to `docs/pictures`."""

    page: Page

    async def take(self, name: str) -> None:
        """Save what is seen now, once nothing moves any more."""
        await self.page.mouse.move(2, 2)
        await expect(self.page.locator('[data-testid="toast"]:visible')).to_have_count(0)
        await self.page.evaluate(FLAT)
        await self.page.evaluate("document.fonts.ready.then(() => true)")
        await self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")

    async def take_folded(self, name: str, player: Player) -> None:
        """Fold the keyboard away, so that a long message is seen whole, and unfold it afterwards."""
        await player.by("keyboard-toggle").click()
        await expect(player.by("reply-keyboard")).to_be_hidden()
        await self.take(name)
        await player.by("keyboard-toggle").click()


@asynccontextmanager
async def window(browser: Browser, address: str, size: ViewportSize) -> AsyncIterator[Camera]:
    """Open the chat page in a window of that size."""
    is_phone = size == PHONE
    context = await browser.new_context(
        viewport=size,
        device_scale_factor=SHARPNESS[size["width"]],
        locale="zh-CN",
        is_mobile=is_phone,
        has_touch=is_phone,
    )
    page = await context.new_page()
    await visit(page, address)
    yield Camera(page)
    await context.close()


async def morning(page: Page) -> None:
    """Move the demo's clock to the next morning, so that pictures don't show when they were made."""
    clock = page.locator('[data-testid="clock-now"]')
    await page.locator('[data-testid="clock-toggle"]').click()
    await page.locator('[data-testid="clock-morning"]').click()
    await expect(clock).to_contain_text("08:0")
    await page.locator('[data-testid="clock-toggle"]').click()


async def come_in(camera: Camera, user_id: int) -> Player:
    """Open somebody's chat for the first time."""
    player = Player(camera.page, user_id)
    await player.open()
    await player.begin()
    await player.sees("您好")
    player.count_anew()
    return player


async def leave(player: Player) -> None:
    """Go back to the list of people."""
    await player.by("back").click()


async def report(manager: Player, pressure: str) -> None:
    """Report the check-up of the first who is expected."""
    await manager.key("报康检")
    await manager.choose_person()
    await manager.sees("结果怎样")
    await manager.tap("到了")
    await manager.sees("血压多少")
    await manager.type(pressure)
    await manager.sees("都对吗", pressure)
    await manager.tap("保存")
    await manager.sees("已保存", "下次")


async def check_up(camera: Camera, manager: Player) -> None:
    """Report a check-up, with a slip on the way."""
    await manager.key("报康检")
    await manager.sees("报谁")
    await camera.take("checkup-who")
    await manager.choose_person()
    await manager.sees("结果怎样")
    await camera.take("checkup-outcome")
    await manager.tap("到了")
    await manager.sees("血压多少")
    await manager.type("128")
    await manager.sees("血压要两个数")
    await camera.take("checkup-wrong")
    await manager.type("128/82")
    await manager.sees("都对吗", "128/82")
    await camera.take("checkup-review")
    await manager.tap("保存")
    await manager.sees("已保存", "下次")
    await camera.take("checkup-receipt")
    assert manager.taps <= MOST_TAPS


async def move_clock(http: ClientSession, address: str, seconds: float) -> None:
    """Move the clock of the bot and its server on."""
    async with http.post(f"{address}/control/clock/move", json={"seconds": seconds}) as response:
        assert response.status == 200


async def due_with_pressure(manager: Player) -> str:
    """Turn the due list's pages to somebody whose blood pressure is asked; return the button."""
    while True:
        text = await (await manager.sees("点姓名开始报")).inner_text()
        for number, name in re.findall(rf"(\d+)\. (\S+?)（.*?） (?:{PRESSURE_PROGRAMMES.pattern})", text):
            return f"{number} {name}"
        await manager.tap("下一页")


async def urgent_visit(camera: Camera, manager: Player) -> None:
    """Report a visit with a pressure that can't wait."""
    await manager.key("应访名单")
    await manager.sees("点姓名开始报")
    await camera.take_folded("due", manager)
    name = await due_with_pressure(manager)
    manager.count_anew()
    await manager.tap(name)
    await manager.sees("结果怎样")
    await manager.tap("到了")
    while True:
        shown = await manager.question()
        if "都对吗" in shown:
            break
        await answer(manager, shown)
    await camera.take("visit-review")
    await manager.tap("保存")
    await manager.sees("马上转诊")
    await camera.take("visit-refer")
    assert manager.taps <= MOST_TAPS


async def answer(player: Player, question: str) -> None:
    """Answer the question that is shown, and wait for the next."""
    known = next((reply for words, reply in ANSWERS.items() if words in question), None)
    if known is None:
        await player.tap("跳过")
    elif known.startswith("!"):
        await player.type(known[1:])
    else:
        await player.tap(known)
    await expect(player.asks).not_to_contain_text(question)


async def begin_to_register(manager: Player, birth: str) -> None:
    """Answer who somebody is, up to the consents."""
    await manager.key("登记村民")
    await manager.sees("姓名？")
    await manager.type("李秋菊")
    await manager.sees("性别？")
    await manager.tap("女")
    await manager.sees("出生日期？")
    await manager.type(birth)
    await manager.sees("哪个村民组？")
    await manager.tap("二组")
    await manager.sees("请一项一项念给本人听")


async def register(camera: Camera, manager: Player) -> None:
    """Register a resident, consent by consent."""
    await begin_to_register(manager, "1956-03-12")
    for consent in ("记录健康信息", "打电话或上门"):
        await manager.tap(consent)
        await expect(manager.by("inline-button").filter(has_text=f"✅ {consent}")).to_be_visible()
    await camera.take("register-consents")
    await manager.tap("选好了")
    await manager.sees("手机号？")
    await manager.type("138 1234 5678")
    await manager.sees("愿意参加单月康检")
    await manager.tap("是")
    await manager.sees("都对吗")
    await camera.take("register-review")
    await manager.tap("保存")
    await manager.sees("已登记")
    await camera.take("register-receipt")


async def one_person(camera: Camera, manager: Player) -> None:
    """Find the person who was registered, see the card and what happened, and hand care over."""
    await manager.key("找人")
    await manager.sees("首字母")
    await manager.type("liqiuju")
    await manager.sees("找到")
    await camera.take("find")
    await manager.tap("李秋菊")
    await manager.sees("👤 李秋菊")
    await camera.take_folded("card", manager)
    await manager.tap("同意与收回")
    await manager.sees("一项一项念给本人听")
    await camera.take_folded("consents", manager)
    await manager.tap("看这个人")
    await manager.sees("👤 李秋菊")
    await hand_over(camera, manager)


async def hand_over(camera: Camera, manager: Player) -> None:
    """Offer another village the care of somebody who moves there."""
    await manager.tap("转接")
    await manager.sees("是搬走，还是外出一段时间")
    await manager.tap("搬走")
    await manager.sees("去哪个村")
    await manager.tap("高台村")
    await manager.sees("请问本人")
    await manager.tap("是")
    await manager.sees("都对吗")
    await manager.tap("保存")
    await manager.sees("已提出转接")
    await camera.take_folded("handover-offered", manager)


async def entered_twice(camera: Camera, manager: Player) -> None:
    """Register somebody who looks like a person that is registered already, and give it up."""
    await begin_to_register(manager, "1956.3.12")
    await manager.tap("选好了")
    await manager.sees("同一个人")
    await camera.take_folded("duplicate-noticed", manager)
    await manager.tap("不填了")
    await manager.sees("没有保存")


async def what_was_entered(camera: Camera, manager: Player) -> None:
    """List what was entered, and open one record."""
    await manager.key("我报的")
    await manager.sees("李秋菊")
    await camera.take_folded("mine", manager)
    await manager.key("待办")
    await manager.sees("待办")
    await camera.take_folded("todo", manager)


async def calendar(camera: Camera, manager: Player) -> None:
    """Agree on another day with a month's page."""
    await manager.key("报康检")
    await manager.choose_person()
    await manager.sees("结果怎样")
    await manager.tap("改日子")
    await manager.sees("约到哪天")
    await manager.tap("选别的日子")
    await expect(manager.by("inline-button").filter(has_text=re.compile("^一$"))).to_be_visible()
    await camera.take_folded("calendar", manager)
    await manager.tap("不填了")
    await manager.sees("没有保存")


async def months(camera: Camera, manager: Player) -> None:
    """Look at three months."""
    await manager.key("日历")
    await manager.sees("点日子")
    picture = manager.by("message").filter(has=camera.page.locator("img")).last
    await expect(picture.locator("img")).to_be_visible()
    await camera.take_folded("calendar-months", manager)
    await picture.scroll_into_view_if_needed()
    await camera.take_folded("calendar-picture", manager)


async def settings(camera: Camera, manager: Player) -> None:
    """Look at the settings, and at the usual quiet hours."""
    await manager.type("/settings")
    await manager.sees("设置", "免打扰")
    await camera.take_folded("settings", manager)
    await manager.tap("免打扰")
    await manager.sees("什么时候不打扰您")
    await camera.take_folded("settings-quiet", manager)


async def move_a_day(camera: Camera, admin: Player) -> None:
    """Move one village's check-up day."""
    await admin.key("日历")
    await admin.sees("点日子")
    await camera.take_folded("calendar-township", admin)
    await admin.tap(re.compile(r"^\d+/\d+ (?!联席)"))
    await admin.sees("康检", "改日子")
    await admin.tap("改日子")
    await admin.sees("改到哪天")
    await camera.take_folded("calendar-move", admin)
    await admin.tap("不填了")
    await admin.sees("没有保存")


async def townships_staff(camera: Camera) -> None:
    """The clinic chooses a village, the leader sees counts, the admin invites, somebody new joins."""
    clinic = await come_in(camera, account(Role.CLINIC))
    await clinic.key("应访名单")
    await clinic.sees("哪个村")
    await camera.take_folded("clinic-villages", clinic)
    await leave(clinic)
    leader = await come_in(camera, account(Role.LEADER))
    await leader.key("看进度")
    await leader.sees("人次")
    await camera.take_folded("status", leader)
    await leader.tap("看图")
    drawn = await leader.sees("🖼", "截至")
    await expect(drawn.locator("img")).to_be_visible()
    await camera.take("status-picture")
    await leave(leader)
    admin = await come_in(camera, account(Role.ADMIN))
    await admin.key("邀请人员")
    await admin.sees("邀请谁")
    await admin.tap("村管理员")
    await admin.sees("哪个村的")
    await admin.tap("高台村")
    invite = await admin.sees("高台村", "只能用一次")
    await expect(invite.locator("img")).to_be_visible()
    await camera.take("invite")
    link = re.search(r"start=([\w-]+)", await invite.inner_text())
    assert link is not None
    await move_a_day(camera, admin)
    await leave(admin)
    await join(camera, link[1])


async def public_notice(browser: Browser) -> None:
    """An admin says where notices go; the deputy is told of one, sees it and has it posted."""
    admin, deputy = account(Role.ADMIN), account(Role.DEPUTY)
    with TemporaryDirectory() as folder:
        async with local_mode(Path(folder)) as local, ClientSession() as http:
            watch = Watch(http, local.address, Path(folder) / "data" / "local.sqlite3")
            async with window(browser, local.address, PHONE) as camera:
                await morning(camera.page)
                await watch.settled()
                for user_id in (admin, deputy):
                    await leave(await come_in(camera, user_id))
                body = {"title": "沈寨村务公开", "members": [admin, deputy], "bot_is_admin": True}
                async with http.post(f"{local.address}/control/groups", json=body) as response:
                    group = Person(http, local.address, admin, (await response.json())["id"])
                await group.send("/notice")
                await group.tap("把公示发到这里")
                await group.expect("马上私下告诉您")
                await asyncio.sleep(LOOKED_UP)
                await move_clock(http, local.address, TO_THE_NOTICE)
                await watch.settled()
                player = Player(camera.page, deputy)
                await player.open()
                await player.sees("公示已备好")
                await camera.take_folded("notice-ready", player)
                await player.tap("看公示")
                await expect((await player.sees("服务公示")).locator("img")).to_be_visible()
                await camera.take_folded("notice-preview", player)
                await player.tap("发出去")
                await player.sees("这就发到")
                await leave(player)
                await camera.page.locator(f'[data-view*="{group.chat_id}"]').first.click()
                await camera.take("notice-group")


async def complaint_desk(browser: Browser) -> None:
    """A resident complains without a name, the clinic answers, the resident reads it; the deputy's births."""
    with TemporaryDirectory() as folder:
        async with local_mode(Path(folder)) as local, ClientSession() as http:
            watch = Watch(http, local.address, Path(folder) / "data" / "local.sqlite3")
            async with window(browser, local.address, PHONE) as camera:
                await morning(camera.page)
                await watch.settled()
                manager = await come_in(camera, account(Role.MANAGER))
                resident = await tied(camera, manager)
                code = await complain(camera, resident)
                await leave(resident)
                clinic = await come_in(camera, account(Role.CLINIC))
                await answer_complaint(camera, clinic)
                await leave(clinic)
                await resident.open()
                await resident.type(code)
                await resident.sees("答复：属实")
                await camera.take_folded("complaint-read", resident)
                await leave(resident)
                leader = await come_in(camera, account(Role.LEADER))
                await leader.type("/births")
                await leader.sees("出生性别比", "每 100 个女孩")
                await camera.take_folded("births", leader)


async def tied(camera: Camera, manager: Player) -> Player:
    """Tie somebody's own account to one of the manager's residents."""
    await manager.key("找人")
    await manager.sees("首字母")
    await manager.type("王")
    await manager.sees("找到")
    await manager.tap((await manager.labels())[0])
    await manager.sees("👤 王")
    await manager.tap("本人账号")
    await manager.tap("生成链接")
    link = re.search(r"start=([\w-]+)", await (await manager.sees("请本人用自己的手机扫二维码")).inner_text())
    assert link is not None
    resident = Player(camera.page, account(None))
    root = camera.page.url.split("#")[0].split("?")[0]
    await visit(camera.page, f"{root}?as={resident.user_id}&start={link[1]}")
    await resident.begin()
    await resident.tap("是我，绑定")
    await resident.sees("接下来的日子")
    return resident


async def complain(camera: Camera, resident: Player) -> str:
    """Write a complaint; return its code."""
    await resident.key("投诉意见")
    await resident.sees("不记名")
    await camera.take_folded("complaint-desk", resident)
    await resident.tap("等得太久")
    await resident.sees("什么事")
    await resident.type("康检那天等了两个钟头，屋里没处坐。")
    await resident.sees("都对吗")
    await resident.tap("保存")
    filed = await resident.sees("收到了", "取件码")
    await camera.take_folded("complaint-filed", resident)
    code = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", await filed.inner_text())
    assert code is not None
    return code[0]


async def answer_complaint(camera: Camera, clinic: Player) -> None:
    """Answer the complaint that came in last."""
    await clinic.type("/complaints")
    await clinic.sees("等您答复的投诉意见")
    await clinic.tap("2. 等得太久")
    await clinic.sees("屋里没处坐")
    await camera.take_folded("complaint-open", clinic)
    await clinic.tap("✍️ 答复")
    await clinic.tap("属实")
    await clinic.sees("怎么答复")
    await clinic.type("查过了，是这样，给您道歉。下回分时段叫人，屋里添凳子。")
    await clinic.sees("都对吗")
    await clinic.tap("保存")
    await clinic.sees("已答复")


async def join(camera: Camera, code: str) -> None:
    """Follow an invite's link."""
    newcomer = Player(camera.page, account(None))
    root = camera.page.url.split("#")[0].split("?")[0]
    await visit(camera.page, f"{root}?as={newcomer.user_id}&start={code}")
    await newcomer.begin()
    await newcomer.sees("您已加入")
    await camera.take("joined")
    await leave(newcomer)


async def english(camera: Camera) -> None:
    """A manager changes to English."""
    manager = await come_in(camera, account(Role.MANAGER, 1))
    await manager.type("/language")
    await manager.sees("Choose a language")
    await manager.tap("English")
    await manager.sees("English")
    await leave(manager)
    await camera.page.locator('[data-testid="language-switch"]').click()
    await manager.open()
    await manager.key("Due")
    await manager.sees("Due list")
    await camera.take_folded("english", manager)


async def side_by_side(browser: Browser, address: str) -> None:
    """On a wide screen several people are seen at once."""
    async with window(browser, address, DESK) as camera:
        manager, leader = Player(camera.page, account(Role.MANAGER)), Player(camera.page, account(Role.LEADER))
        await manager.open()
        await leader.open_beside()
        await leader.key("看进度")
        await leader.sees("人次")
        await report(manager, "126/78")
        await leader.tap("刷新")
        await leader.sees("人次")
        await camera.take("side-by-side")


def printed() -> None:
    """Draw the first page of a roster that was printed."""
    people = [PaperLine(at, name, f"{'一二三'[at // 10 % 3]}组", str(1946 + at)) for at, name in enumerate(ON_PAPER, 1)]
    page = PdfDocument(replace(laid_out("zh-CN", ROSTER), lines=people).content())[0]
    page.render(scale=1.5).to_pil().convert("L").quantize(16).save(PICTURES / "paper-roster.png")
    pages = PdfDocument(ReportPages(reported(called=FORTY)).content())
    for number in range(3):
        drawn = pages[number].render(scale=1.2).to_pil().quantize(32)
        drawn.save(PICTURES / f"report-page-{number + 1}.png", optimize=True)


async def reports(browser: Browser, address: str, http: ClientSession) -> None:
    """The leader asks for a report, and lets it come each month: the clock is moved to when it does."""
    async with window(browser, address, PHONE) as camera:
        leader = Player(camera.page, account(Role.LEADER))
        await leader.open()
        await leader.type("/report")
        await leader.sees("要哪段时间")
        await camera.take_folded("report-ask", leader)
        await leader.tap("上个月")
        await leader.sees("要什么样的")
        await leader.tap("两样都要")
        await expect(leader.by("message").filter(has_text="发好了")).to_be_visible(timeout=60_000)
        await camera.take_folded("report-sent", leader)
        await leader.tap("按时发给我")
        await leader.sees("按时发给我的报表")
        await leader.tap("每月第 2 个工作日")
        await leader.sees("每月第 2 个工作日：PDF")
        await camera.take_folded("report-times", leader)
        async with http.get(f"{address}/control/clock") as response:
            today = local_day(datetime.fromisoformat((await response.json())["now"]))
        coming = calls(today + timedelta(days=1), today + timedelta(days=60))
        days = next(call.on for call in coming if call.occasion is Occasion.MONTH) - today
        await move_clock(http, address, days.total_seconds())
        regular = leader.by("message").filter(has_text="按时发给您的报表").last
        await expect(regular).to_be_visible(timeout=120_000)
        await regular.scroll_into_view_if_needed()
        await camera.take_folded("report-regular", leader)


async def at_work(camera: Camera, world: World, role: str) -> Player:
    """Open the chat of one of the small township's staff."""
    await world.staff(role)
    await visit(camera.page, world.base)
    player = Player(camera.page, STAFF[role][0])
    await player.open()
    return player


async def roster(browser: Browser) -> None:
    """A whole check-up day on one roster: 60 people, some of them with long names."""
    async with open_alone() as world, window(browser, world.base, PHONE) as camera:
        await enlist(world, *MORE, *LONG_NAMES)
        manager = await at_work(camera, world, "manager")
        await manager.type("/menu")
        await manager.key("康检名册")
        await manager.sees("大王庄康检名册", "共 60 位")
        await camera.take_folded("roster", manager)
        await manager.tap("其余都到")
        await manager.sees("✓到 60")
        for name, taps in (("陈褚氏桂兰", 2), ("阿卜杜热西提", 3), ("褚秀兰", 1)):
            await cycle(manager, name, taps)
        await manager.type("单国强 186/112\n褚建国 128/82\n13 126/80")
        await manager.sees("记上了 3 位")
        await manager.key("康检名册")
        await manager.sees("其中量了 3 位")
        await camera.take_folded("roster-marked", manager)
        await manager.tap("🏁 收工")
        await manager.sees("马上转诊")
        await camera.take("roster-urgent")
        await manager.tap("没错")
        await manager.tap("后面的都照常")
        await manager.sees("收工前再看一眼")
        await camera.take("roster-total")
        await manager.tap("收工上报")
        await manager.sees("已收工")
        await camera.take_folded("roster-closed", manager)


async def scorecards(browser: Browser) -> None:
    """A village's card after an appeal, a figure beside the township's target, and rows for analysis."""
    async with scored.township() as world, window(browser, world.base, PHONE) as camera:
        for name, role, shown in (("scorecard", "manager", scored.card), ("targets", "leader", scored.figures)):
            player = await at_work(camera, world, role)
            await shown(player)
            await camera.take(name)
            await leave(player)
        await world.staff("deputy")
        clinic = await at_work(camera, world, "clinic")
        await clinic.type("/extract")
        await clinic.sees("去标识数据表")
        await camera.take("extract")
        await clinic.tap("上半年")
        await clinic.tap("改进服务质量")
        await clinic.sees("正在做")
        await world.dispatch()
        await clinic.sees("压缩包里两个文件")
        await leave(clinic)
        deputy = await at_work(camera, world, "deputy")
        await deputy.sees("乡所做了一份去标识的数据表")
        await camera.take("extract-told")


async def own_account(browser: Browser) -> None:
    """A resident's own account, which the village ends."""
    async with open_alone() as world, window(browser, world.base, PHONE) as camera:
        hers, resident_id, manager = 7001, world.people["王秀英"], world.actors["manager"]
        await world.person(hers, "秀英")
        async with world.database.transaction() as session:
            link = await accounts.offer(session, manager, resident_id)
            offer = await accounts.open_link(session, hers, link.code)
            assert offer is not None
            await accounts.tie(session, hers, hers, offer.link_id, language="zh-CN")
        await visit(camera.page, world.base)
        player = Player(camera.page, hers)
        await player.open()
        await player.type("/own")
        await player.sees("接下来的日子")
        async with world.database.transaction() as session:
            await accounts.end(session, manager, resident_id)
        await world.dispatch()
        await player.sees("绑定解除了")
        await camera.take("account-ended")


async def benefits(browser: Browser) -> None:
    """The village enters who asks for a benefit, the clinic decides."""
    async with open_alone() as world, window(browser, world.base, PHONE) as camera:
        manager = await at_work(camera, world, "manager")
        await manager.type("王秀英")
        await manager.tap("王秀英")
        await manager.tap("奖励扶助")
        await manager.tap("奖励扶助金")
        await manager.tap("保存")
        await manager.sees("等认定")
        await leave(manager)
        clinic = await at_work(camera, world, "clinic")
        await clinic.type("/benefits")
        await clinic.tap("等认定的")
        await clinic.tap("王秀英")
        await clinic.tap("✅ 符合")
        await clinic.sees("钱还没发")
        await camera.take("benefit")


async def cycle(player: Player, name: str, taps: int) -> None:
    """Tap somebody's button, waiting each time until it shows what was tapped."""
    button = player.by("inline-button").filter(has_text=name)
    for _ in range(taps):
        before = await button.inner_text()
        await player.tap(name)
        await expect(button).not_to_have_text(before)


async def main() -> None:
    """Make all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    printed()
    with TemporaryDirectory() as folder:
        async with local_mode(Path(folder)) as local, chromium() as browser, ClientSession() as http:
            async with window(browser, local.address, PHONE) as camera:
                await morning(camera.page)
                await Watch(http, local.address, Path(folder) / "data" / "local.sqlite3").settled()
                await camera.take("people")
                manager = await come_in(camera, account(Role.MANAGER))
                await camera.take("welcome")
                await check_up(camera, manager)
                await urgent_visit(camera, manager)
                await register(camera, manager)
                await entered_twice(camera, manager)
                await one_person(camera, manager)
                await what_was_entered(camera, manager)
                await calendar(camera, manager)
                await months(camera, manager)
                await settings(camera, manager)
                await leave(manager)
                await townships_staff(camera)
                await english(camera)
            await side_by_side(browser, local.address)
            await reports(browser, local.address, http)
            for more in (roster, scorecards, own_account, public_notice, complaint_desk, benefits):
                await more(browser)


if __name__ == "__main__":
    asyncio.run(main())
