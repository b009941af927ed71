"""The clinic gets rows for analysis by three taps, and the deputy hears of it."""

from __future__ import annotations

import zipfile
from io import BytesIO

from tests.e2e.world import World


async def test_the_clinic_makes_rows_and_the_deputy_is_told(world: World) -> None:
    clinic, deputy = await world.staff("clinic"), await world.staff("deputy")
    await clinic.send("/extract")
    await clinic.expect("没有姓名、电话、证件号", "不给镇领导", "做了会告诉分管副职")
    await clinic.tap("第3季度")
    await clinic.expect("做什么用")
    await clinic.tap("改进服务质量")
    await clinic.expect("正在做，做好了发到这里")
    assert await world.dispatch() == 2
    sent = await clinic.expect("去标识数据表", "只给自己人用")
    assert sent["file"]["file_name"] == "数据表2026-Q3.zip"
    with zipfile.ZipFile(BytesIO(world.server.files.contents[sent["file"]["file_id"]])) as files:
        rows, meaning = (files.read(name).decode("utf-8-sig") for name in ("rows.csv", "columns.txt"))
    assert rows.startswith("row,place,age,sex,period,programme,outcome,in_time,sbp")
    assert "共 0 行。没有去掉的。" in meaning and "hypertension = 高血压" in meaning and "antenatal" not in meaning
    await deputy.expect("乡所做了一份去标识的数据表，3 个月的", "改进服务质量")
    await deputy.send("/extract")
    await deputy.expect("不能做这个")


async def test_in_english(world: World) -> None:
    clinic = await world.staff("clinic")
    await clinic.send("/language")
    await clinic.tap("English")
    await clinic.send("/extract")
    await clinic.expect("De-identified rows", "The deputy is told")
