"""Sending the bot a list of residents: checked first, imported on a word, taken back within a day."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World
from tests.factories.files import csv, xlsx

HEADER = ("姓名", "性别", "出生年月", "联系电话", "组别", "同意打电话或上门", "年收入")
ROWS = (
    ("王 芳", "女", "1988.7.2", 13812340001, "1组", "是", 1),
    ("刘建国", "男", 20526, "13812340002", "二组", "否", 2),
    ("王秀英", "女", "1956-03-12", None, None, None, 3),
    ("张三", "不清楚", "3月12", "1.38E+10", "9组", None, 4),
)


async def sent(world: World, person: Person, name: str, content: bytes, *said: str) -> None:
    """Send a file, read that it has arrived, and let the bot work on it."""
    await person.upload(name, content)
    await person.expect("📄", *said)
    await world.work_on_files()


@EVERYWHERE
async def test_a_list_is_checked_imported_and_taken_back(world: World, manager: Person) -> None:
    content = xlsx([["大王庄村民花名册"], HEADER, *ROWS], merged=["A1:G1"])
    await sent(world, manager, "名册.xlsx", content, "收到", "KB", "什么都没存")
    await manager.expect("检查完了，还没存", "新的：2 人", "已经有的：1 人", "有问题：1 行")
    await manager.expect("第 6 行，性别：性别看不懂", "这些列不看、不存：年收入", "1 个电话或身份证号不存", "要导入吗")
    await manager.send("王芳")
    await manager.expect("没看懂")
    await manager.tap("导入")
    assert manager.toast is not None
    assert "开始导入" in manager.toast
    await world.work_on_files()
    await manager.expect("导入好了", "新登记：2 人", "已经有的：1 人", "没导入：1 行")
    await manager.send("wf")
    await manager.tap("王芳")
    await manager.expect("👤 王芳", "1988年7月2日", "一组", "13812340001")
    await manager.tap("撤销这次导入")
    await world.work_on_files()
    await manager.expect("这次导入已撤销", "撤掉 2 人")
    await manager.send("/find 王芳")
    await manager.expect("没找到")
    await manager.send("/find 王秀英")
    await manager.expect("王秀英")


async def test_the_marked_copy_says_what_is_wrong(world: World, manager: Person) -> None:
    await sent(world, manager, "名册.csv", csv([HEADER, *ROWS], "gb18030"))
    copy = await manager.expect("标好的表", "最后一列写着原因")
    sheet: Any = openpyxl.load_workbook(BytesIO(_file(world, copy))).active
    assert sheet["H1"].value == "原来第几行"
    assert [cell.value for cell in sheet["H"][1:]] == [2, 3, 4, 5]
    assert "性别看不懂" in sheet["B5"].comment.text
    assert "科学记数" in sheet["I5"].value
    await manager.tap("不导入")
    await manager.expect("不导入了", "什么都没存")
    assert "✅ 导入" not in await manager.labels()


async def test_a_yes_twice_imports_once(world: World, manager: Person) -> None:
    await sent(world, manager, "名册.csv", csv([HEADER, ROWS[0]]))
    found, data = await manager.button("✅ 导入")
    await manager.press(found, data)
    await manager.press(found, data)
    await world.work_on_files()
    await manager.expect("导入好了", "新登记：1 人")
    await manager.press(found, data)
    assert await world.work_on_files() == 0


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("名册.xlsx", b"%PDF-1.7", "这不是表格"),
        ("名册.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "老格式"),
        ("名册.xls", csv([("a", "b")]), "没找到表头"),
    ],
)
async def test_what_can_not_be_read_is_refused(
    world: World, manager: Person, name: str, content: bytes, why: str
) -> None:
    await sent(world, manager, name, content)
    await manager.expect(why)


async def test_a_file_that_is_too_large_is_not_even_fetched(world: World, manager: Person) -> None:
    await manager.upload("名册.xlsx", bytes(21 << 20))
    await manager.expect("文件太大", "20 MB")
    assert await world.work_on_files() == 0


async def test_a_leader_sends_a_file_in_vain(world: World) -> None:
    leader = await world.staff("leader")
    await leader.upload("名册.csv", csv([HEADER, ROWS[0]]))
    await leader.expect("只看得懂文字和按钮")
    assert await world.work_on_files() == 0


async def test_the_clinic_names_the_villages(world: World) -> None:
    clinic = await world.staff("clinic")
    await sent(world, clinic, "名册.csv", csv([HEADER, ROWS[0]]))
    await clinic.expect("没有“村”这一列")
    await sent(world, clinic, "名册.csv", csv([("村", *HEADER), ("小李村", *ROWS[0]), ("大王庄", *ROWS[1])]))
    await clinic.expect("新的：2 人")
    manager = await world.staff("manager")
    await sent(world, manager, "名册.csv", csv([("村", *HEADER), ("小李村", *ROWS[0]), ("大王庄", *ROWS[1])]))
    await manager.expect("新的：1 人", "这是别的村的人。您只能导入 大王庄 的人")


async def test_the_empty_list_can_be_filled_in_and_sent_back(world: World, manager: Person) -> None:
    await manager.send("/template")
    reply = await manager.expect("空名册", "第二行是示例，不会导入")
    book = openpyxl.load_workbook(BytesIO(_file(world, reply)))
    sheet: Any = book.active
    titles = [cell.value for cell in sheet[1]]
    for title, value in {"姓名": "陈桂花", "性别": "女", "出生日期": "1960-02-01", "组": "一组"}.items():
        sheet.cell(3, titles.index(title) + 1, value)
    out = BytesIO()
    book.save(out)
    await sent(world, manager, "村民名册.xlsx", out.getvalue())
    await manager.expect("1 行", "新的：1 人", "有问题：0 行")


async def test_in_english(world: World) -> None:
    manager = await world.staff("manager")
    await manager.send("/language")
    await manager.tap("English")
    await sent(world, manager, "list.csv", csv([HEADER, ROWS[0], ROWS[3]]))
    await manager.expect("Checked, not stored yet", "New: 1", "The sex can't be read")
    await manager.tap("Import")
    await world.work_on_files()
    await manager.expect("Imported", "Newly registered: 1")
    await manager.tap("Undo this import")
    await world.work_on_files()
    await manager.expect("The import is undone: 1 people")


def _file(world: World, message: dict[str, Any]) -> bytes:
    return world.server.files.contents[message["file"]["file_id"]]
