"""A record is taken along: asked for, with a warning first, and read by another system."""

from __future__ import annotations

import re
from typing import Any

import orjson
from fhir.resources.R4B.bundle import Bundle

from tests.e2e.chat import Person, plain
from tests.e2e.world import World


async def test_a_resident_takes_the_own_record_and_the_manager_hands_one_over(world: World, manager: Person) -> None:
    await manager.send("王秀英")
    await manager.tap("王秀英")
    await manager.tap("本人账号")
    await manager.tap("生成链接")
    event = await manager.expect("请本人用自己的手机扫二维码")
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){2}", plain(event["html"]))
    assert code is not None
    hers = await world.person(2001, "秀英")
    await hers.send(code[0])
    await hers.tap("是我，绑定")
    await hers.tap("🧳 带走我的记录")
    asked = await hers.expect("文件没有锁，谁拿到谁能看", "身份证号", "要不要由您")
    assert "file" not in asked or not asked["file"]
    await hers.tap("✅ 要，发文件")
    sent = await hers.expect("🧳 记录在这里", "别发到群里")
    assert not sent["protected"], "what is protected can't be saved, so not be taken along"
    assert sent["file"]["file_name"] == "记录2026-11-09.json"
    document = _document(world, sent)
    assert document["entry"][0]["resource"]["name"] == [{"use": "official", "text": "王秀英"}]
    kinds = {entry["resource"]["resourceType"] for entry in document["entry"]}
    assert kinds == {"Patient", "Consent", "Appointment"}  # nothing was reported yet

    await manager.send("李红")
    await manager.tap("李红")
    await manager.tap("🧳 带走记录")
    await manager.expect("李红 要带走记录吗", "本人当面要", "谁发的会记下来")
    await manager.tap("✅ 要，发文件")
    handed = await manager.expect("🧳 记录在这里")
    codings = str(_document(world, handed))
    assert "checkup" in codings and "antenatal" not in codings, "a manager knows of no antenatal care"


async def test_in_english(world: World, manager: Person) -> None:
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("王秀英")
    await manager.tap("王秀英")
    await manager.tap("Take record along")
    await manager.expect("Does 王秀英 want to take the record along?", "it is not locked")
    await manager.tap("Yes, send the file")
    assert _document(world, await manager.expect("The record is here"))["language"] == "en"


def _document(world: World, message: dict[str, Any]) -> Any:
    document = orjson.loads(world.server.files.contents[message["file"]["file_id"]])
    Bundle.model_validate(document)
    return document
