"""A programme that a township defined by a file: joined in the chat, due, reported, under its own name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from models.rules.programmes.files.reading import read
from models.store import catalogues
from tests.e2e.chat import Person
from tests.e2e.test_visit import _numbered as numbered
from tests.e2e.world import World

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "programmes.yaml"


async def load(world: World) -> None:
    async with world.database.transaction() as session:
        township_id = world.actors["manager"].township_id
        await catalogues.load(session, township_id, read(EXAMPLE.read_bytes()).programmes)


async def join(manager: Person, label: str) -> None:
    await manager.send("李红")
    await manager.tap("李红 ·")
    await manager.tap("加入服务项目")
    await manager.tap("高血压、糖尿病、老年")
    await manager.tap(label)


async def test_a_programme_of_the_township_is_joined_due_and_reported(world: World, manager: Person) -> None:
    await load(world)
    await join(manager, "慢阻肺随访")
    await manager.expect("从哪天开始")
    await manager.send("2026-10-01")
    await manager.expect("本人同意参加吗")
    await manager.tap("是")
    await manager.tap("保存")
    await manager.expect("已加入", "李红", "慢阻肺随访", "首月随访")
    await manager.menu("📋 应访名单")
    page = await manager.expect("李红", "慢阻肺随访", "首月随访")
    await manager.tap(numbered(page["text"], "李红", "慢阻肺随访"))
    await manager.expect("李红（慢阻肺随访）")
    await manager.tap("到了")
    for _ in range(8):
        if any("保存" in label for label in await manager.buttons()):
            break
        await manager.tap("跳过")
    await manager.tap("保存")
    await manager.expect("慢阻肺随访", "季度随访")
    await manager.send("李红")
    await manager.tap("李红 ·")
    await manager.expect("慢阻肺随访：季度随访")
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("/find 李红")
    await manager.tap("李红 ·")
    await manager.expect("COPD follow-up", "Quarterly visit")


async def test_a_changed_programme_has_its_own_words_for_who_joins(world: World, manager: Person) -> None:
    await load(world)
    world.clock.move(timedelta(days=1))
    await join(manager, "高血压随访")
    await manager.tap("是")
    await manager.tap("保存")
    await manager.expect("已加入", "高血压随访", "双月随访")
    await manager.send("王秀英")
    await manager.tap("王秀英 ·")
    await manager.expect("高血压随访：季度随访")
