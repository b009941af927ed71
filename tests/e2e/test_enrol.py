"""Coming in by an invite, the menus of the roles, languages, and being removed."""

from __future__ import annotations

import re
from datetime import timedelta

from models.rules.access import Role
from models.store import invites
from tests.e2e.chat import Person
from tests.e2e.world import World


async def _code(world: World, role: Role = Role.MANAGER, place: str = "411728106202") -> str:
    async with world.database.transaction() as session:
        return (await invites.create(session, None, role, place)).code


async def test_a_stranger_gets_a_polite_way_in_and_nothing_else(world: World) -> None:
    stranger = await world.person(5001)
    for words in ("/start", "你好", "/due", "/status", "📋 应访名单", "128/82"):
        await stranger.send(words)
        await stranger.expect("邀请码")
    assert await stranger.labels() == []


async def test_the_link_enrols_and_shows_the_menu(world: World) -> None:
    newcomer = await world.person(5002, "春梅")
    await newcomer.send(f"/start {await _code(world)}")
    await newcomer.expect("春梅", "小李村", "村管理员")
    await newcomer.menu("📋 应访名单")
    await newcomer.expect("应访名单")


async def test_the_code_can_be_typed_as_it_is_read_out(world: World) -> None:
    code = await _code(world, Role.LEADER, "411728106")
    newcomer = await world.person(5003)
    await newcomer.send(f"{code[:4].lower()} {code[4:8]}-{code[8:]}")
    await newcomer.expect("党政一把手", "只有人数")


async def test_a_code_works_once_and_not_after_its_time(world: World) -> None:
    code = await _code(world)
    first, second, late = [await world.person(number) for number in (5004, 5005, 5006)]
    await first.send(f"/start {code}")
    await first.expect("您已加入")
    await second.send(f"/start {code}")
    await second.expect("不对")
    stale = await _code(world)
    world.clock.move(timedelta(days=8))
    await late.send(f"/start {stale}")
    await late.expect("过期")


async def test_wrong_codes_lock_out(world: World) -> None:
    guesser = await world.person(5007)
    for _ in range(4):
        await guesser.send("/start 2222-3333-4444")
        await guesser.expect("不对")
    await guesser.send("/start 2222-3333-4444")
    await guesser.expect("15 分钟")
    await guesser.send(f"/start {await _code(world)}")
    await guesser.expect("分钟后再试")
    world.clock.move(timedelta(minutes=16))
    await guesser.send(f"/start {await _code(world)}")
    await guesser.expect("您已加入")


async def test_each_role_has_its_own_menu(world: World) -> None:
    for name, there, absent in (
        ("manager", "📋 应访名单", "📊 看进度"),
        ("clinic", "📊 看进度", "✉️ 邀请人员"),
        ("leader", "📊 看进度", "📋 应访名单"),
        ("admin", "✉️ 邀请人员", "📋 应访名单"),
    ):
        person = await world.staff(name)
        await person.send("/menu")
        await person.expect("按钮")
        labels = await _keyboard(world, person)
        assert there in labels
        assert absent not in labels


async def _keyboard(world: World, person: Person) -> list[str]:
    async with world.http.get(f"{world.base}/control/chats/{person.chat_id}") as response:
        chat = await response.json()
    return [button["text"] for row in chat["keyboard"]["keyboard"] for button in row]


async def test_an_admin_invites_in_the_chat(world: World) -> None:
    admin = await world.staff("admin")
    await admin.send("/invite")
    await admin.expect("邀请谁")
    await admin.tap("村管理员")
    await admin.expect("哪个村")
    await admin.tap("小李村")
    shown = await admin.expect("https://t.me/", "只能用一次")
    assert shown["file"]["kind"] == "photo"
    link = re.search(r"start=(\w+)", shown["text"])
    assert link
    newcomer = await world.person(5008, "李四")
    await newcomer.send(f"/start {link[1]}")
    await newcomer.expect("小李村")


async def test_a_removed_person_stops_at_once(world: World, manager: Person) -> None:
    await manager.menu("🩺 报康检")
    await manager.expect("报谁")
    message_id, data = await manager.button("李红")
    admin = await world.staff("admin")
    await admin.send("/staff")
    await admin.tap("大王庄 · manager")
    await admin.expect("确定移除")
    await admin.tap("移除")
    await admin.expect("已移除")
    await manager.press(message_id, data)
    assert "结果怎样" not in str(await manager.screen())
    await manager.send("/due")
    await manager.expect("邀请码", absent=["王秀英"])


async def test_language_changes_at_once(world: World, manager: Person) -> None:
    await manager.send("/language")
    await manager.tap("English")
    await manager.expect("English")
    await manager.send("/me")
    await manager.expect("Village manager")
    await manager.send("📋 应访名单")
    await manager.expect("Due")


async def test_me_tells_what_is_known(manager: Person) -> None:
    await manager.send("/me")
    await manager.expect("沈寨镇 大王庄", "村管理员", "中文")
