"""The roster on paper, and results that come back by number."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
from pypdf import PdfReader

from tests.e2e.chat import Person
from tests.e2e.world import CANARY, PHONE, World


async def test_the_roster_is_printed_and_its_numbers_bring_results_back(world: World, manager: Person) -> None:
    await manager.menu("✋ 康检名册")
    await manager.expect("大王庄康检名册", "共 4 位")
    await manager.tap("🖨 打印名册")
    printed = await manager.expect("🖨 大王庄康检名册", "共 4 位", "不要转发")
    book = await manager.expect("📊", "7 128/82", "8 没来")
    assert (printed["file"]["file_name"], book["file"]["file_name"]) == (
        "大王庄康检名册2026-11-09.pdf",
        "大王庄康检名册2026-11-09.xlsx",
    )
    assert not printed["protected"] and not book["protected"], "what is protected can't be saved, so not be printed"
    words = "".join(PdfReader(BytesIO(_file(world, printed))).pages[0].extract_text().replace("\0", "").split())
    assert "1李红1988" in words and f"{CANARY}1970" in words
    assert PHONE not in words
    sheet: Any = openpyxl.load_workbook(BytesIO(_file(world, book))).active
    rows = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    assert [rows[number] for number in (1, 4)] == ["李红", "王秀英"]
    await manager.send("4 128/82 体重62公斤\n1 没来\n3 外出\n9 120/80")
    await manager.expect("记上了 3 位", "4 王秀英：128/82、体重 62 公斤", "1 李红：✗ 没来", "名册上没有这个号")


async def test_the_command_prints_the_own_village_and_a_leader_prints_nothing(world: World, manager: Person) -> None:
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("/paper")
    await manager.expect("Check-up roster of 大王庄", "to print")
    clinic, leader = await world.staff("clinic"), await world.staff("leader")
    await clinic.send("/paper")
    await clinic.expect("先发 /roster")
    await leader.send("/paper")
    await leader.expect("不能做这个")


def _file(world: World, message: dict[str, Any]) -> bytes:
    return world.server.files.contents[message["file"]["file_id"]]
