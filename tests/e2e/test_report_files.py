"""Reports as files: asked for in three taps, made with progress, downloaded; and such as come regularly."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pypdfium2

from models.rules.indicators.catalogue import INDICATORS
from scheduler.planner import Planner
from scheduler.sources import report_files as source
from tests.e2e.chat import Person
from tests.e2e.test_status import visited
from tests.e2e.world import World

OCTOBER = date(2026, 10, 20)
ALL = len(INDICATORS)


async def test_the_leader_has_a_report_in_three_taps_and_its_numbers_are_those_of_the_status(world: World) -> None:
    await visited(world, "411728106201", in_time=30, late=20, closes_on=OCTOBER)
    leader = await world.staff("leader")
    await leader.send("/report")
    await leader.expect("要哪段时间的报表")
    await leader.tap("上个月（2026年10月）")
    await leader.expect("2026年10月的报表，要什么样的")
    assert await leader.tap("两样都要") == "开始做了，进度看这里。"
    assert leader.taps <= 3
    assert await leader.tap("两样都要") == "这份正在做，好了就发来。"
    assert await world.make_reports() == 1
    progress = await leader.expect(f"正在整理：0/{ALL} 项…")
    assert await leader.buttons(progress) == ["✖️ 不要了"]
    await leader.expect(f"正在整理：{ALL - 1}/{ALL} 项…")
    sent = await leader.expect("📑 沈寨镇 · 2026年10月 · 截至 11月9日 09:00")
    await leader.expect("2026年10月的报表发好了")
    files = {message["file"]["file_name"]: message for message in await leader.screen() if message.get("file")}
    assert sorted(files) == ["沈寨镇-2026-10-报表.pdf", "沈寨镇-2026-10-报表.xlsx"]
    assert not sent["protected"], "what is protected can't be saved"
    assert await world.make_reports() == 0
    book = openpyxl.load_workbook(BytesIO(_file(world, files["沈寨镇-2026-10-报表.xlsx"])))
    figures, villages = _rows(book, "总表"), _rows(book, "各村")
    _, n, of, percent, low, high, *_ = figures["按时随访"]
    await leader.send("/status")
    await leader.tap("2026年10月")
    await leader.expect(f"按时随访：{percent:.1f}%，{of} 个里 {n} 个", f"真实水平多半在 {low:.1f}–{high:.1f}%")
    assert (n, of) == (30, 50)
    await leader.tap("2026年11月")
    await leader.expect("待访：人少，不显示")
    assert figures["待访"][1] is None and figures["待访"][6] == "人少，不显示"
    heads = villages["村"]
    assert villages["大王庄"][heads.index("按时随访 个数")] == 30
    assert villages["大王庄"][heads.index("待访 个数")] is None and "待访" in villages["大王庄"][-1]
    words = _words(_file(world, files["沈寨镇-2026-10-报表.pdf"]))
    assert "30/50" in words and "46.2–72.4%" in words and "小李村" in words and "王秀英" not in words


async def test_one_is_stopped_and_others_come_regularly_until_a_tap_ends_it(world: World, manager: Person) -> None:
    await manager.send("/report")
    await manager.tap("更早的、别的")
    await manager.expect("2026年，要哪段时间的报表")
    await manager.tap("2025年")
    await manager.tap("2025年第3季度")
    await manager.tap("PDF")
    making = asyncio.create_task(world.make_reports())
    await manager.expect("2025年第3季度的报表，正在整理")
    assert await manager.tap("不要了") == "好，不做了。"
    await manager.expect("2025年第3季度的报表没有做，按您说的停了")
    await making
    assert not [message for message in await manager.screen() if message.get("file")]
    await manager.send("/settings")
    await manager.expect("按时发的报表：没有")
    await manager.tap("按时发的报表")
    await manager.tap("每月第 1 个工作日")
    await manager.tap("每月第 2 个工作日")
    await manager.expect("每月第 2 个工作日：PDF", absent=["每月第 1 个工作日：PDF"])
    await manager.tap("改发表格")
    await manager.expect("每月第 2 个工作日：表格")
    world.clock.move(datetime(2026, 12, 2, 0, 0, tzinfo=UTC) - world.clock.now())
    await Planner(world.database, (source.SOURCE,)).run()
    assert await world.dispatch() == 1
    sent = await manager.expect("按时发给您的报表：大王庄 · 2026年11月 · 截至 12月2日 08:00")
    assert sent["file"]["file_name"] == "大王庄-2026-11-报表.xlsx"
    await manager.tap("不用再按时发")
    await manager.expect("以后不按时发报表了")
    await manager.send("/settings")
    await manager.expect("按时发的报表：没有")


async def test_in_english(world: World, manager: Person) -> None:
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("/report")
    await manager.tap("This year so far")
    await manager.tap("Workbook")
    await world.make_reports()
    sent = await manager.expect("大王庄 · 2026, months 1–11 · as of 9 Nov 09:00")
    assert sent["file"]["file_name"] == "大王庄-2026-01_11-report.xlsx"


def _file(world: World, message: dict[str, Any]) -> bytes:
    return world.server.files.contents[message["file"]["file_id"]]


def _rows(book: Any, sheet: str) -> dict[str, tuple[Any, ...]]:
    """Return the rows of a sheet by what stands in their first cell."""
    return {str(row[0]): row for row in book[sheet].iter_rows(values_only=True) if row[0] is not None}


def _words(pdf: bytes) -> str:
    """Return the words of all pages without blanks."""
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf))
