"""The HTTP layer: what is certainly not sent, what is in doubt, and what never shows."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import unused_port
from telegram import Bot, InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError, TimedOut

from bot.telegram.errors import InDoubt, InDoubtInTime, NotSent, NotSentInTime, TokenRefused
from bot.telegram.request import AiohttpRequest, Timeouts, Upload
from bot.telegram.service import proxy_for
from tests.integration.telegram.playground import TOKEN, Playground

QUICK = Timeouts(read=0.2, write=0.1, media_write=0.1, connect=0.2, pool=0.2)


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    """An open request object."""
    async with AiohttpRequest(timeouts=QUICK) as request:
        yield request


def send(play: Playground, request: AiohttpRequest, text: str = "x") -> object:
    """Send a message by our own way."""
    return request.call(f"{play.url}/bot{TOKEN}/sendMessage", {"chat_id": 7, "text": text})


@pytest.mark.parametrize("kind", ["reset", "hang", "lost", "status"])
async def test_what_left_is_in_doubt(play: Playground, request_: AiohttpRequest, kind: str) -> None:
    await play.person(7)
    await play.fault(kind, "sendMessage")
    with pytest.raises(InDoubt) as caught:
        await send(play, request_)  # type: ignore[misc]
    assert isinstance(caught.value, InDoubtInTime) is (kind == "hang")


async def test_what_never_left_is_not_sent(request_: AiohttpRequest) -> None:
    url = f"http://127.0.0.1:{unused_port()}/bot{TOKEN}/sendMessage"
    with pytest.raises(NotSent) as caught:
        await request_.call(url, {})
    assert "ClientConnectorError" in str(caught.value)


async def test_a_full_pool_is_not_sent(play: Playground) -> None:
    await play.person(7)
    await play.fault("slow", "sendMessage", seconds=0.5)
    async with AiohttpRequest(pool_size=1, timeouts=Timeouts(pool=0.05, connect=0.05)) as request:
        first = asyncio.ensure_future(send(play, request))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        with pytest.raises(NotSentInTime):
            await send(play, request)  # type: ignore[misc]
        await first
    assert await play.said(7) == ["x"]


async def test_a_redirect_is_not_followed(play: Playground, request_: AiohttpRequest) -> None:
    await play.fault("status", "sendMessage", code=302)
    with pytest.raises(NotSent):
        await send(play, request_)  # type: ignore[misc]


async def test_no_error_holds_the_token(play: Playground, request_: AiohttpRequest) -> None:
    dead = f"http://127.0.0.1:{unused_port()}"
    for kind in ("reset", "hang", "status"):
        await play.fault(kind, "sendMessage")
    for url in (dead, "http://[::bad", "nonsense://x", *[play.url] * 4):
        with pytest.raises(NetworkError) as caught:
            await request_.call(f"{url}/bot{TOKEN}/sendMessage", {"chat_id": 12345, "text": "x"})
        whole = "".join(traceback.format_exception(caught.value))
        assert TOKEN not in whole
        assert "canary" not in whole


async def test_the_library_works_over_it(play: Playground, request_: AiohttpRequest) -> None:
    await play.person(7)
    bot = Bot(TOKEN, base_url=f"{play.url}/bot", request=request_, get_updates_request=request_)
    async with bot:
        assert bot.username == "small_bot"
        message = await bot.send_message(7, "<b>你好</b>", parse_mode="HTML", disable_notification=True)
        assert (message.text, message.entities[0].type) == ("你好", "bold")
        sent = await bot.send_document(7, InputFile(b"%PDF-", filename="名册.pdf"), caption="c")
        assert sent.document is not None
        assert (sent.document.file_name, sent.document.file_size) == ("名册.pdf", 5)
        file = await bot.get_file(sent.document.file_id)
        assert isinstance(file.file_path, str)
        with pytest.raises(BadRequest, match="empty"):
            await bot.send_message(7, " ")
        await play.fault("hang", "sendMessage")
        with pytest.raises(TimedOut):
            await bot.send_message(7, "x", read_timeout=0.1)


async def test_a_file_comes_back_as_it_went(play: Playground, request_: AiohttpRequest) -> None:
    await play.person(7)
    content = bytes(range(256))
    upload = {"document": Upload('a"b 名.bin', content)}
    sent = await request_.call(f"{play.url}/bot{TOKEN}/sendDocument", {"chat_id": 7}, upload)
    assert sent["document"]["file_name"] == 'a"b 名.bin'
    bot = Bot(
        TOKEN,
        base_url=f"{play.url}/bot",
        base_file_url=f"{play.url}/file/bot",
        request=request_,
        get_updates_request=request_,
    )
    async with bot:
        file = await bot.get_file(sent["document"]["file_id"])
        assert bytes(await file.download_as_bytearray()) == content


async def test_a_wrong_token_is_told_from_a_wrong_address(play: Playground, request_: AiohttpRequest) -> None:
    with pytest.raises(TokenRefused):
        await request_.call(f"{play.url}/bot1:wrong/getMe", {})
    with pytest.raises(InvalidToken):
        await request_.call(f"{play.url}/bot{TOKEN}/getNothing", {})


def test_a_proxy_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert proxy_for("https://api.telegram.org") is None
    monkeypatch.setenv("https_proxy", "http://10.0.0.1:3128")
    assert proxy_for("https://api.telegram.org") == "http://10.0.0.1:3128"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert proxy_for("https://127.0.0.1") is None
    assert proxy_for("http://example.org") is None
