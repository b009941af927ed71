"""Reports as files: asked for in three taps, made with progress, downloaded; and such as come regularly."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
from pypdf import PdfReader

from models.rules.indicators.catalogue import INDICATORS
from tests.e2e.test_status import visited
from tests.e2e.world import World

OCTOBER = date(2026, 10, 20)


async def test_the_leader_has_a_report_in_three_taps_and_its_numbers_are_those_of_the_status(world: World) -> None:
    await visited(world, "411728106201", in_time=30, late=20, closes_on=OCTOBER)
    await visited(world, "411728106202", in_time=4, late=0, closes_on=OCTOBER)
    leader = await world.staff("leader")
    await leader.send("/report")
    await leader.expect("要哪段时间的报表")
    await leader.tap("上个月（2026年10月）")
    await leader.expect("2026年10月的报表，要什么样的")
    assert await leader.tap("两样都要") == "开始做了，进度看这里。"
    asked = leader.taps
    assert await leader.tap("两样都要") == "这份正在做，好了就发来。"
    assert asked <= 3
    assert await world.make_reports() == 1
    progress = await leader.expect(f"正在整理：0/{len(INDICATORS)} 项…")
    assert await leader.buttons(progress) == ["✖️ 不要了"]
    await leader.expect(f"正在整理：2/{len(INDICATORS)} 项…")
    book = await leader.expect("📑 沈寨镇 · 2026年10月 · 截至 11月9日 09:00")
    await leader.expect("2026年10月的报表发好了")
    files = {message["file"]["file_name"]: message for message in await leader.screen() if message.get("file")}
    assert sorted(files) == ["沈寨镇-2026-10-报表.pdf", "沈寨镇-2026-10-报表.xlsx"]
    assert not book["protected"], "what is protected can't be saved"
    assert await world.make_reports() == 0
    figures = _sheet(world, files["沈寨镇-2026-10-报表.xlsx"], "总表")
    await leader.send("/status")
    await leader.tap("2026年10月")
    await leader.expect("按时随访：人少，不显示" if figures["按时随访"][1] is None else "按时随访")
    villages = _sheet(world, files["沈寨镇-2026-10-报表.xlsx"], "各村")
    assert "小李村" in villages
    words = "".join(
        page.extract_text() for page in PdfReader(BytesIO(_file(world, files["沈寨镇-2026-10-报表.pdf"]))).pages
    )
    assert "王秀英" not in words


def _file(world: World, message: dict[str, Any]) -> bytes:
    return world.server.files.contents[message["file"]["file_id"]]


def _sheet(world: World, message: dict[str, Any], name: str) -> dict[str, tuple[Any, ...]]:
    """Return the rows of a sheet by what stands in their first cell."""
    book = openpyxl.load_workbook(BytesIO(_file(world, message)))
    return {str(row[0]): row for row in book[name].iter_rows(values_only=True) if row[0] is not None}
