"""Getting updates: offsets, waiting, conflicts, allowed kinds, what a bad token meets."""

from __future__ import annotations

import asyncio
import time

import pytest
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken

from tests.integration.bot_api.conftest import TOKEN, WANG, Played


async def test_an_update_stays_until_a_higher_offset_confirms_it(played: Played) -> None:
    for text in ("a", "b", "c"):
        await played.say(WANG, text)
    first = await played.bot.get_updates()
    again = await played.bot.get_updates()
    assert [u.message.text for u in first] == ["a", "b", "c"] == [u.message.text for u in again]
    assert [u.update_id for u in first] == list(range(first[0].update_id, first[0].update_id + 3))
    rest = await played.bot.get_updates(offset=first[1].update_id)
    assert [u.message.text for u in rest] == ["b", "c"]
    assert (await played.control("GET", "/updates"))["confirmed"] == 1


async def test_limit_and_negative_offset(played: Played) -> None:
    for text in ("a", "b", "c"):
        await played.say(WANG, text)
    assert [u.message.text for u in await played.bot.get_updates(limit=2)] == ["a", "b"]
    assert [u.message.text for u in await played.bot.get_updates(offset=-1)] == ["c"]
    assert [u.message.text for u in await played.bot.get_updates()] == ["c"]


async def test_a_poll_waits_until_something_happens(played: Played) -> None:
    poll = asyncio.create_task(played.bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    assert not poll.done()
    await played.say(WANG, "now")
    (update,) = await asyncio.wait_for(poll, 2)
    assert update.message.text == "now"


async def test_a_poll_ends_empty_after_its_timeout(played: Played) -> None:
    began = time.monotonic()
    assert await played.bot.get_updates(timeout=1) == ()
    assert time.monotonic() - began > 0.9


async def test_a_second_poll_ends_the_first_with_conflict(played: Played) -> None:
    first = asyncio.create_task(played.bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(played.call("getUpdates", timeout=20))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    await played.say(WANG, "x")
    assert len((await second)["result"]) == 1


async def test_kinds_that_are_not_allowed_are_not_queued(played: Played) -> None:
    await played.bot.get_updates(allowed_updates=[Update.CALLBACK_QUERY])
    await played.say(WANG, "unseen")
    await played.bot.get_updates(allowed_updates=[])
    await played.say(WANG, "seen")
    assert [u.message.text for u in await played.bot.get_updates()] == ["seen"]


async def test_a_command_carries_its_entity(played: Played) -> None:
    await played.say(WANG, "/start ABC-1")
    (update,) = await played.bot.get_updates()
    (entity,) = update.message.entities
    assert (entity.type, entity.offset, entity.length) == ("bot_command", 0, 6)
    assert update.effective_user.id == update.effective_chat.id == WANG


async def test_malformed_updates_are_delivered_as_they_are(played: Played) -> None:
    made = await played.control("POST", "/updates", {"update": {"message": {"nonsense": 1}}})
    body = await played.call("getUpdates")
    assert body["result"] == [{"update_id": made["update_id"], "message": {"nonsense": 1}}]


@pytest.mark.parametrize("token", ["4200:other", "nonsense"])
async def test_a_wrong_token_is_refused(played: Played, token: str) -> None:
    async with played.http.post(f"/bot{token}/getMe") as answer:
        assert answer.status == 401
    with pytest.raises(InvalidToken):
        await Bot(token, base_url=f"{played.address}/bot").get_me()


async def test_an_unknown_method_is_404(played: Played) -> None:
    async with played.http.post(f"/bot{TOKEN}/sendPigeon") as answer:
        body = {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
        assert (answer.status, await answer.json()) == (404, body)


@pytest.mark.parametrize("name", ["getMe", "getme", "GETME"])
async def test_method_names_ignore_case(played: Played, name: str) -> None:
    assert (await played.call(name))["result"]["id"] == 4200


async def test_form_json_multipart_and_query_say_the_same(played: Played) -> None:
    fields = {"chat_id": str(WANG), "text": "<b>一</b>", "parse_mode": "HTML"}
    address = f"/bot{TOKEN}/sendMessage"
    texts = []
    for how in ({"json": fields}, {"data": fields}, {"params": fields}):
        async with played.http.post(address, **how) as answer:  # type: ignore[arg-type]
            texts.append((await answer.json())["result"]["entities"])
    body = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    async with played.http.post(address, data=body + b"--x--\r\n", headers=kind) as answer:
        texts.append((await answer.json())["result"]["entities"])
    assert texts == [[{"offset": 0, "length": 1, "type": "bold"}]] * 4


async def test_unreadable_json_is_refused(played: Played) -> None:
    kind = {"Content-Type": "application/json"}
    async with played.http.post(f"/bot{TOKEN}/sendMessage", data=b"{", headers=kind) as answer:
        assert answer.status == 400
