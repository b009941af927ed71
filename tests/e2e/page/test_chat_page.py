"""What a person can do in the chat page, on a phone's screen."""

from __future__ import annotations

import asyncio
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.local.server.people import Person
from tests.e2e.page.conftest import CHEN, WANG, Scripted

pytestmark = pytest.mark.asyncio(loop_scope="module")
KEYS = [
    [{"text": "✅ 到了", "callback_data": "yes"}, {"text": "📅 改日子", "callback_data": "move"}],
    [{"text": "🚌 外出打工，暂时不在村里，过年才回来，家里只有老人和孩子", "callback_data": "away"}],
]


def by(page: Page | Locator, test: str) -> Locator:
    return page.locator(f'[data-testid="{test}"]')


async def open_chat(page: Page, person: int) -> None:
    await page.locator(f'[data-view="{person}:{person}"] [data-testid="person"]').click()
    await expect(by(page, "chat")).to_be_visible()


async def no_sideways_scroll(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def test_typing_reaches_the_bot_and_its_answer_the_screen(phone: Page, scripted: Scripted) -> None:
    async def echo(bot: Scripted, update: dict[str, Any]) -> None:
        text = f"<b>收到</b> {update['message']['text']} &lt;i&gt;"
        await bot.call("sendMessage", chat_id=WANG, text=text, parse_mode="HTML")

    scripted.on_update = echo
    await open_chat(phone, WANG)
    await by(phone, "composer-input").fill("128/82")
    await by(phone, "send").click()
    answer = phone.locator('[data-testid="message"][data-from="bot"] [data-testid="message-text"]')
    await expect(answer).to_have_text("收到 128/82 <i>")
    await expect(answer.locator("strong")).to_have_text("收到")
    await expect(phone.locator('[data-testid="message"][data-from="me"]')).to_contain_text("128/82")
    await expect(by(phone, "composer-input")).to_have_value("")
    assert await no_sideways_scroll(phone)


async def test_enter_sends_and_shift_enter_does_not(phone: Page, scripted: Scripted) -> None:
    await open_chat(phone, WANG)
    box = by(phone, "composer-input")
    await box.fill("one")
    await box.press("Shift+Enter")
    await box.type("two")
    await box.press("Enter")
    text = phone.locator('[data-testid="message"] [data-testid="message-text"]')
    assert (await text.inner_text()).startswith("one\ntwo")


async def test_a_tap_waits_then_edits_in_place_with_a_toast(phone: Page, scripted: Scripted) -> None:
    go = asyncio.Event()

    async def answer(bot: Scripted, update: dict[str, Any]) -> None:
        query = update["callback_query"]
        await go.wait()
        await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="已记下")
        edit = {"chat_id": WANG, "message_id": query["message"]["message_id"]}
        await bot.call("editMessageText", **edit, text="下一题")

    scripted.on_update = answer
    sent = await scripted.call("sendMessage", chat_id=WANG, text="结果？", reply_markup={"inline_keyboard": KEYS})
    await open_chat(phone, WANG)
    button = by(phone, "inline-button").filter(has_text="到了")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    await button.click()
    go.set()
    await expect(by(phone, "toast")).to_have_text("已记下")
    message = phone.locator(f'[data-message-id="{sent["message_id"]}"]')
    await expect(by(message, "message-text")).to_have_text("下一题")
    await expect(by(message, "message-edited")).to_be_visible()
    await expect(by(phone, "inline-button")).to_have_count(0)
    await expect(by(phone, "message")).to_have_count(1)
    assert len([u for u in scripted.got if "callback_query" in u]) == 1


async def test_an_alert_must_be_closed(phone: Page, scripted: Scripted) -> None:
    async def answer(bot: Scripted, update: dict[str, Any]) -> None:
        given = {"callback_query_id": update["callback_query"]["id"], "text": "改到哪天？", "show_alert": True}
        await bot.call("answerCallbackQuery", **given)

    scripted.on_update = answer
    await scripted.call("sendMessage", chat_id=WANG, text="?", reply_markup={"inline_keyboard": KEYS})
    await open_chat(phone, WANG)
    button = by(phone, "inline-button").filter(has_text="改日子")
    await button.click()
    await expect(by(phone, "alert-text")).to_have_text("改到哪天？")
    await expect(button).not_to_have_attribute("aria-busy", "true")
    await by(phone, "alert-ok").click()
    await expect(by(phone, "alert")).to_be_hidden()


async def test_long_button_labels_are_readable(phone: Page, scripted: Scripted) -> None:
    await scripted.call("sendMessage", chat_id=WANG, text="?", reply_markup={"inline_keyboard": KEYS})
    await open_chat(phone, WANG)
    for button in await by(phone, "inline-button").all():
        fits = "node => node.scrollWidth <= node.clientWidth && node.scrollHeight <= node.clientHeight"
        assert await button.evaluate(fits)
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 40
    assert await no_sideways_scroll(phone)


async def test_the_reply_keyboard_types_and_folds(phone: Page, scripted: Scripted) -> None:
    keyboard = {"keyboard": [["📋 应访", "🩺 康检"], ["ℹ️ 帮助"]], "resize_keyboard": True}
    await scripted.call("sendMessage", chat_id=WANG, text="菜单", reply_markup=keyboard)
    await open_chat(phone, WANG)
    await by(phone, "reply-button").filter(has_text="康检").click()
    await expect(phone.locator('[data-testid="message"][data-from="me"]')).to_contain_text("🩺 康检")
    await by(phone, "keyboard-toggle").click()
    await expect(by(phone, "reply-keyboard")).to_be_hidden()
    await by(phone, "keyboard-toggle").click()
    await expect(by(phone, "reply-button")).to_have_count(3)
    await scripted.call("sendMessage", chat_id=WANG, text="x", reply_markup={"remove_keyboard": True})
    await expect(by(phone, "keyboard-toggle")).to_be_hidden()


async def test_commands_are_offered_and_completed(phone: Page, scripted: Scripted) -> None:
    commands = [{"command": "due", "description": "应访名单"}, {"command": "help", "description": "怎么用"}]
    scope = {"type": "chat", "chat_id": WANG}
    await open_chat(phone, WANG)
    await scripted.call("setMyCommands", commands=commands, scope=scope)
    await by(phone, "commands-button").click()
    await expect(by(phone, "command")).to_have_count(2)
    await phone.keyboard.press("Escape")
    await by(phone, "composer-input").fill("/h")
    await expect(by(phone, "command")).to_have_text(re.compile("/help"))
    await by(phone, "composer-input").press("Enter")
    await expect(phone.locator('[data-testid="message"][data-from="me"]')).to_contain_text("/help")


async def test_a_document_is_downloaded_and_a_picture_shown(phone: Page, scripted: Scripted) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60, 40, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x90" * 60) * 40)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    await open_chat(phone, WANG)
    await scripted.send_file("document", WANG, "名单.csv", b"a,b\n")
    await scripted.send_file("photo", WANG, "进度.png", png)
    async with phone.expect_download() as waiting:
        await by(phone, "document").click()
    download = await waiting.value
    assert download.suggested_filename == "名单.csv"
    assert Path(await download.path()).read_bytes() == b"a,b\n"
    await by(phone, "photo").click()
    picture = phone.locator('[data-testid="picture-viewer"] img')
    await expect(picture).to_be_visible()
    assert await picture.evaluate("node => node.naturalWidth") == 60
    await by(phone, "picture-close").click()
    await expect(picture).to_be_hidden()


async def test_a_file_is_uploaded(phone: Page, scripted: Scripted) -> None:
    await open_chat(phone, WANG)
    file = {"name": "in.csv", "mimeType": "text/csv", "buffer": b"1,2"}
    await by(phone, "file-input").set_input_files([file])
    await expect(by(phone, "document")).to_contain_text("in.csv")
    (update,) = scripted.got
    assert update["message"]["document"]["file_name"] == "in.csv"


async def test_the_clock_moves_on(phone: Page, scripted: Scripted) -> None:
    clock = by(phone, "clock-now")
    await expect(clock).to_contain_text("09:00")
    await by(phone, "clock-toggle").click()
    await by(phone, "clock-hour").click()
    await expect(clock).to_contain_text("10:00")
    await by(phone, "clock-morning").click()
    await expect(clock).to_contain_text("08:00")
    await by(phone, "clock-week").click()
    await expect(clock).to_contain_text("3月10日")
    await expect(by(phone, "demo-badge")).to_contain_text("演示")


async def test_a_newcomer_starts_and_who_blocked_can_come_back(phone: Page, scripted: Scripted) -> None:
    await open_chat(phone, CHEN)
    await expect(by(phone, "composer-input")).to_be_hidden()
    await by(phone, "start-button").click()
    await expect(phone.locator('[data-testid="message"][data-from="me"]')).to_contain_text("/start")
    await by(phone, "block").click()
    await by(phone, "unblock-button").click()
    await expect(by(phone, "composer-input")).to_be_visible()


async def test_an_invitation_link_is_carried_by_start(phone: Page, scripted: Scripted) -> None:
    await phone.goto(f"{scripted.address}/?as={CHEN}&start=ABCD-1234")
    await by(phone, "start-button").click()
    await expect(phone.locator('[data-testid="message"][data-from="me"]')).to_contain_text("/start ABCD-1234")


async def test_protected_spoiled_and_hostile_texts(phone: Page, scripted: Scripted) -> None:
    text = (
        '<tg-spoiler>138****0001</tg-spoiler> <a href="https://example.org/">x</a> &lt;img src=x onerror=alert(1)&gt;'
    )
    await scripted.call("sendMessage", chat_id=WANG, text=text, parse_mode="HTML", protect_content=True)
    await scripted.call("sendMessage", chat_id=WANG, text='<a href="javascript:alert(1)">y</a>', parse_mode="HTML")
    await open_chat(phone, WANG)
    first = by(phone, "message").first
    await expect(by(first, "lock")).to_be_visible()
    assert await by(first, "message-text").evaluate("node => getComputedStyle(node).userSelect") == "none"
    assert await first.locator("img").count() == 0
    assert await by(phone, "message").nth(1).locator("a[href]").count() == 0
    spoiler = by(first, "spoiler")
    await spoiler.click()
    await expect(spoiler).to_have_class(re.compile("seen"))


async def test_typing_shows_and_unread_messages_are_counted(phone: Page, scripted: Scripted) -> None:
    await scripted.call("sendMessage", chat_id=WANG, text="早上好")
    await scripted.call("sendMessage", chat_id=WANG, text="今天 3 位")
    row = phone.locator(f'[data-testid="person"][data-view="{WANG}:{WANG}"]')
    await expect(by(row, "unread")).to_have_text("2")
    await open_chat(phone, WANG)
    await scripted.call("sendChatAction", chat_id=WANG, action="typing")
    await expect(by(phone, "chat-status")).to_have_text("正在输入…")
    await scripted.call("sendMessage", chat_id=WANG, text="好了")
    await expect(by(phone, "chat-status")).to_have_text("你是 王秀英")
    await by(phone, "back").click()
    await expect(by(row, "unread")).to_have_count(0)


async def test_words_can_be_english(phone: Page, scripted: Scripted) -> None:
    await by(phone, "language-switch").click()
    await expect(by(phone, "demo-badge")).to_have_text("Demo · synthetic people")
    switch = await by(phone, "language-switch").bounding_box()
    assert switch is not None
    assert switch["x"] + switch["width"] <= 390
    await open_chat(phone, CHEN)
    await expect(by(phone, "start-button")).to_have_text("Start")


async def test_several_people_side_by_side_on_a_wide_screen(browser: Browser, scripted: Scripted) -> None:
    scripted.world.directory.add_person(Person(CHEN, "陈主任", note="分管领导", is_known=True))
    page = await browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    await page.goto(scripted.address)
    await page.wait_for_selector("body[data-ready]")
    await open_chat(page, WANG)
    await page.locator(f'li[data-view="{CHEN}:{CHEN}"]').hover()
    await page.locator(f'li[data-view="{CHEN}:{CHEN}"] [data-testid="open-beside"]').click()
    await expect(by(page, "chat")).to_have_count(2)
    await scripted.call("sendMessage", chat_id=CHEN, text="给陈主任")
    theirs = page.locator(f'[data-testid="chat"][data-person="{CHEN}"]')
    await expect(theirs).to_contain_text("给陈主任")
    await expect(page.locator(f'[data-testid="chat"][data-person="{WANG}"]')).not_to_contain_text("给陈主任")
    await page.reload()
    await expect(by(page, "chat")).to_have_count(2)
    await by(theirs, "close-chat").click()
    await expect(by(page, "chat")).to_have_count(1)


async def test_a_group_is_seen_by_its_members(phone: Page, scripted: Scripted) -> None:
    body = {"title": "镇康检群", "members": [WANG, CHEN]}
    async with scripted.http.post("/control/groups", json=body) as answer:
        chat = await answer.json()
    await phone.locator(f'[data-testid="person"][data-view="{CHEN}:{chat["id"]}"]').click()
    await scripted.call("sendMessage", chat_id=chat["id"], text="本月进度")
    await expect(by(phone, "chat-title")).to_have_text("镇康检群")
    await by(phone, "composer-input").fill("/status")
    await by(phone, "send").click()
    await expect(phone.locator('[data-testid="message"][data-from="me"]')).to_contain_text("/status")
    await by(phone, "back").click()
    await phone.locator(f'[data-testid="person"][data-view="{WANG}:{chat["id"]}"]').click()
    await expect(phone.locator('[data-testid="message"][data-from="other"]')).to_contain_text("陈主任")


async def test_a_channel_speaks_by_its_own_name_and_its_readers_write_nothing(phone: Page, scripted: Scripted) -> None:
    body = {"title": "沈寨镇公示", "members": [WANG, CHEN], "username": "gongshi"}
    async with scripted.http.post("/control/channels", json=body) as answer:
        chat = await answer.json()
    await scripted.call("sendMessage", chat_id=chat["id"], text="本月公示")
    await phone.locator(f'[data-testid="person"][data-view="{CHEN}:{chat["id"]}"]').click()
    await expect(by(phone, "chat-status")).to_contain_text("频道")
    await expect(phone.locator('[data-testid="message"] .sender')).to_have_text("沈寨镇公示")
    await expect(by(phone, "composer-input")).to_be_hidden()
    await by(phone, "back").click()
    await phone.locator(f'[data-testid="person"][data-view="{WANG}:{chat["id"]}"]').click()
    await by(phone, "composer-input").fill("下周康检")
    await by(phone, "send").click()
    await expect(phone.locator('[data-testid="message"][data-from="other"]')).to_contain_text("沈寨镇公示")


async def test_a_row_that_is_pressed_while_a_message_comes_opens_its_chat(phone: Page, scripted: Scripted) -> None:
    row = phone.locator(f'[data-view="{WANG}:{WANG}"] [data-testid="person"]')
    await row.hover()
    await phone.mouse.down()
    await scripted.call("sendMessage", chat_id=WANG, text="刚来的")
    await expect(row).to_contain_text("刚来的")
    await phone.mouse.up()
    await expect(by(phone, "chat")).to_be_visible()
