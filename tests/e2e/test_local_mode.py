"""Local mode from end to end: a fresh folder, the real process, real Chromium, and a power cut in between."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, expect

from bot.local.demo.personas import PERSONAS
from models.rules.access import Role
from tests.e2e.phone import DESK, PHONE, LocalMode, Player, chromium, local_mode, visit
from tests.e2e.two_months.watching import Watch

MANAGER = next(persona for persona in PERSONAS if persona.role is Role.MANAGER)
CLINIC = next(persona for persona in PERSONAS if persona.role is Role.CLINIC)
REPORTED = "SELECT sbp, dbp, outcome FROM attendances WHERE draft_id IS NOT NULL"
NEXT = (
    "SELECT enrolments.next_due_on > attendances.held_on FROM enrolments JOIN attendances"
    " ON attendances.enrolment_id = enrolments.id WHERE attendances.draft_id IS NOT NULL"
)


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[LocalMode]:
    """Local mode in an empty folder, with a small township; what there is to say at first is said."""
    async with local_mode(tmp_path, residents=300) as running, ClientSession() as http:
        await Watch(http, running.address, tmp_path / "data" / "local.sqlite3").settled()
        yield running


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A fresh Chromium."""
    async with chromium() as one:
        yield one


def stored(local: LocalMode, statement: str) -> list[tuple[object, ...]]:
    """Return what the database says."""
    with closing(sqlite3.connect(local.folder / "data" / "local.sqlite3")) as connection:
        return list(connection.execute(statement))


async def come_in(page: Page, user_id: int) -> Player:
    """Open a chat for the first time."""
    player = Player(page, user_id)
    await player.open()
    await player.begin()
    await player.sees("您好")
    player.count_anew()
    return player


async def begin_check_up(manager: Player) -> str:
    """Begin a check-up of the first person who is expected; return the name."""
    await manager.key("报康检")
    name = await manager.choose_person()
    await manager.sees("结果怎样", name)
    return name


async def open_form(manager: Player) -> str | None:
    """Return the number of the message that shows the form."""
    return await (await manager.sees("康检")).get_attribute("data-message-id")


@pytest.mark.timeout(300)  # it starts three processes and a browser, on a machine that may be busy
async def test_a_check_up_goes_on_where_a_power_cut_left_it_and_the_township_sees_the_count_move(
    local: LocalMode, browser: Browser
) -> None:
    page = await browser.new_page(viewport=PHONE, locale="zh-CN")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    await visit(page, local.address)
    manager = await come_in(page, MANAGER.user_id)
    name = await begin_check_up(manager)
    form = await open_form(manager)

    await local.kill()
    await expect(page.locator('[data-testid="offline"]')).to_be_visible()
    await local.start()
    await page.reload()

    await manager.sees("结果怎样", name)
    await manager.tap("到了")
    await manager.sees("血压多少", name)
    assert await open_form(manager) == form

    await local.kill()
    await local.start()
    await page.reload()
    desk = await browser.new_page(viewport=DESK, locale="zh-CN")
    await visit(desk, local.address)
    await Player(desk, MANAGER.user_id).open()
    clinic = Player(desk, CLINIC.user_id)
    await clinic.open_beside()
    await clinic.begin()
    await clinic.sees("您好")
    await clinic.key("看进度")
    before = await done(clinic)

    await manager.type("128/82")
    await manager.sees("都对吗", "128/82", name)
    await manager.tap("保存")
    await manager.sees("已保存", "128/82", "下次")
    assert await open_form(manager) == form
    assert manager.taps <= 6
    assert manager.typed == 1
    assert stored(local, REPORTED) == [(128, 82, "ATTENDED")]
    assert stored(local, NEXT) == [(1,)]

    await clinic.tap("刷新")
    await clinic.sees(re.compile(f"服务到人：{before + 1} 人次"))
    await expect(clinic.chat).not_to_contain_text(name)
    assert await done(clinic) == before + 1
    unread = desk.locator(f'[data-view="{MANAGER.user_id}:{MANAGER.user_id}"] [data-testid="unread"]')
    await expect(unread).to_have_count(0)
    assert broken == []


async def done(clinic: Player) -> int:
    """Return how many were seen this month in the township."""
    text = await (await clinic.sees("服务到人：")).inner_text()
    found = re.search(r"服务到人：(\d+) 人次", text)
    assert found is not None, text
    return int(found[1])
