"""The household, from the card: joined, made, headed, left, undone."""

from __future__ import annotations

from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


async def _household(person: Person, name: str) -> None:
    await person.send(name)
    await person.tap(f"{name} ·")
    await person.tap("家庭")


@EVERYWHERE
async def test_a_family_comes_together(manager: Person) -> None:
    await _household(manager, "王秀英")
    await manager.expect("王秀英 还没有记在哪一家")
    await manager.tap("加入一家")
    await manager.expect("家庭 · 王秀英", "跟谁一家")
    await manager.send("sgq")
    await manager.tap("单国强 ·")
    await manager.expect("跟谁一家：单国强", "王秀英 是户主 单国强 的什么人")
    await manager.tap("父母")
    await manager.expect("都对吗", "年龄对不上")
    await manager.tap("跟户主的关系")
    await manager.tap("配偶")
    await manager.tap("保存")
    await manager.expect("已保存", "王秀英 · 加入了一家", "户主：单国强", "配偶：王秀英", absent=["年龄"])
    await _household(manager, "李红")
    await manager.tap("加入一家")
    await manager.tap("单国强")
    await manager.expect("李红 是户主 单国强 的什么人")
    assert "配偶" not in await manager.buttons()
    await manager.tap("子女")
    await manager.tap("保存")
    await manager.expect("子女：李红")
    await manager.tap("撤销")
    await manager.expect("已撤销", "李红")
    await _household(manager, "王秀英")
    await manager.expect("王秀英 的一家", "户主：单国强", absent=["李红"])
    await manager.tap("当户主")
    await manager.expect("已保存", "王秀英 · 当了户主", "户主：王秀英", "配偶：单国强")
    await manager.tap("这一家")
    await manager.tap("单国强")
    await manager.expect("👤 单国强")
    await manager.tap("家庭")
    await manager.tap("改关系")
    await manager.tap("其他")
    await manager.tap("保存")
    await manager.expect("单国强 · 改了关系", "其他：单国强")
    await manager.tap("这一家")
    await manager.tap("离开这一家")
    await manager.expect("单国强 · 离开了这一家", absent=["户主"])
    assert "已经变了" not in str(manager.toast)


async def test_an_own_household_and_a_tap_too_many(manager: Person) -> None:
    await _household(manager, "李红")
    message_id, data = await manager.button("自己立户")
    await manager.tap("自己立户")
    await manager.expect("已保存", "李红 · 自己立了户", "户主：李红")
    await manager.press(message_id, data)
    assert "已经是一家" in str(manager.toast)
    await manager.tap("撤销")
    await manager.expect("已撤销", "李红", absent=["户主"])


async def test_who_moves_leaves_the_household(manager: Person) -> None:
    await _household(manager, "王秀英")
    await manager.tap("加入一家")
    await manager.tap("单国强")
    await manager.tap("配偶")
    await manager.tap("保存")
    await manager.expect("配偶：王秀英")
    await manager.send("单国强")
    await manager.tap("单国强 ·")
    await manager.tap("外出、回来、搬走")
    await manager.tap("搬走了")
    await manager.tap("今天")
    await manager.tap("保存")
    await manager.expect("单国强 · 🏠 搬走了")
    undo = (await manager.last())["message_id"]
    await _household(manager, "王秀英")
    await manager.expect("户主：王秀英", absent=["单国强"])
    await manager.tap("撤销", message_id=undo)
    await manager.expect("已收回", "单国强", "家庭都恢复了")
    await _household(manager, "王秀英")
    await manager.expect("户主：单国强", "配偶：王秀英")


async def test_in_english(world: World) -> None:
    manager = await world.staff("manager")
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("王秀英")
    await manager.tap("王秀英 ·")
    await manager.tap("Household")
    await manager.expect("王秀英 is in no household yet")
    await manager.tap("Join one")
    await manager.tap("单国强")
    await manager.expect("What is 王秀英 to 单国强, the head of the household?")
    await manager.tap("Spouse")
    await manager.tap("Save")
    await manager.expect("Saved", "王秀英 · joined a household", "Head: 单国强", "Spouse: 王秀英")
