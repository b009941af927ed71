"""Handlers that fail, databases and servers that go away."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import pytest
import structlog
from sqlalchemy import text as sql

from bot.telegram.request import Timeouts
from handlers.context import Turn
from models.store import deadletters
from models.store.errors import NotFound
from tests.factories.postgres import Postgres
from tests.integration.telegram.conftest import BOTH, POSTGRES
from tests.integration.telegram.playground import TEXTS, Playground


@BOTH
async def test_poison_is_buried_after_three_tries_and_the_chat_goes_on(play: Playground) -> None:
    await play.person(7)
    play.bot.poison.add("毒")
    await play.start()
    for text in ("/form", "一", "毒", "二"):
        await play.write(7, text)
    await play.until_said(7, ["第3题", "对不起,这条没能处理"])
    assert [text for _, text in play.bot.runs] == ["", "一", "毒", "毒", "毒", "二"]
    assert await play.drafts_of(7) == [["一", "二"]]
    async with play.database.reading() as session:
        (letter,) = await deadletters.list_letters(session)
        kept = await deadletters.get_letter(session, letter.id)
    assert (letter.chat_id, letter.error) == (7, "ValueError")
    assert kept.payload is not None
    assert "毒" in kept.payload.decode()
    await play.quiet()  # it is confirmed: it never comes again


async def test_failures_are_counted_across_restarts(play: Playground) -> None:
    await play.person(7)
    play.bot.poison.add("毒")
    first = play.service()
    await first.connect()
    async with play.database.transaction() as session:
        for _ in range(2):
            await deadletters.count_failure(session, play.world.updates.next_id, "ValueError")
    await play.write(7, "毒")
    await play.start()
    await play.until_said(7, ["对不起,这条没能处理"])
    assert len(play.bot.runs) == 1


@BOTH
async def test_a_dead_letter_is_replayed_once(play: Playground) -> None:
    await play.person(7)
    play.bot.poison.add("毒")
    service = await play.start()
    await play.write(7, "毒")
    await play.until_said(7, ["对不起,这条没能处理"])
    await play.stop(service)
    async with play.database.reading() as session:
        (letter,) = await deadletters.list_letters(session)
    with pytest.raises(ValueError, match="cannot handle"):
        await play.service().replay(letter.id)
    play.bot.poison.clear()
    await play.service().replay(letter.id)
    assert await play.said(7) == ["对不起,这条没能处理", "答:毒"]
    with pytest.raises(NotFound):
        await play.service().replay(letter.id)
    async with play.database.reading() as session:
        assert await deadletters.list_letters(session) == []


async def test_a_malformed_update_is_buried_and_the_next_one_answered(play: Playground) -> None:
    await play.person(7)
    await play.start()
    await play.ask("POST", "updates", update={"message": {"chat": {"id": 7}, "text": ["?"]}})
    await play.ask("POST", "updates", update={"callback_query": "what"})
    await play.write(7, "ok")
    await play.until_said(7, ["答:ok"])
    await play.quiet()
    async with play.database.reading() as session:
        assert [x.error for x in await deadletters.list_letters(session)] == ["BadUpdate", "BadUpdate"]


@BOTH
async def test_an_apology_that_can_not_be_worded_does_not_stop_the_burial(
    play: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(TEXTS, "errors.dead_letter")
    await play.person(7)
    play.bot.poison.add("毒")
    await play.start()
    await play.write(7, "毒")
    await play.write(7, "next")
    await play.until_said(7, ["答:next"])
    await play.quiet()
    async with play.database.reading() as session:
        assert [x.error for x in await deadletters.list_letters(session)] == ["ValueError"]


@BOTH
async def test_a_handler_that_hangs_in_a_statement_is_given_up(
    play: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(turn: Turn) -> None:
        if turn.text == "hang":
            async with turn.session.savepoint():
                await turn.session.scalar(
                    sql("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r")
                )

    monkeypatch.setattr("bot.telegram.turns.HANDLER_SECONDS", 0.1)
    play.bot.before = hang
    await play.person(7)
    await play.start()
    await play.write(7, "hang")
    await play.write(7, "next")
    await play.until_said(7, ["对不起,这条没能处理", "答:next"])


@BOTH
async def test_a_stop_does_not_wait_for_a_handler_that_hangs_in_a_statement(play: Playground) -> None:
    begun = asyncio.Event()

    async def hang(turn: Turn) -> None:
        async with turn.session.savepoint():
            begun.set()
            await turn.session.scalar(
                sql("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r")
            )

    play.bot.before = hang
    await play.person(7)
    service = await play.start()
    await play.write(7, "x")
    await begun.wait()
    async with asyncio.timeout(5):
        assert not await play.stop(service, 0.2)


async def test_a_poller_that_fails_by_a_bug_is_said_and_polls_again(
    play: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = play.service()
    settle, broken = service._polling._settle, []

    async def fail_once(has_fresh: bool) -> None:
        if not broken:
            broken.append(1)
            raise RuntimeError
        await settle(has_fresh)

    monkeypatch.setattr(service._polling, "_settle", fail_once)
    await play.person(7)
    with structlog.testing.capture_logs() as logs:
        await service.start()
        await play.write(7, "x")
        await play.until_said(7, ["答:x"])
        await play.write(7, "y")
        await play.until_said(7, ["答:x", "答:y"])
    assert [entry["error"] for entry in logs if entry["event"] == "taking_failed"] == ["RuntimeError"]
    assert broken


async def test_a_handler_that_never_returns_is_given_up(play: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(turn: Turn) -> None:
        if turn.text == "hang":
            await asyncio.Event().wait()

    monkeypatch.setattr("bot.telegram.turns.HANDLER_SECONDS", 0.05)
    play.bot.before = hang
    await play.person(7)
    await play.start()
    await play.write(7, "hang")
    await play.write(7, "next")
    await play.until_said(7, ["对不起,这条没能处理", "答:next"])


async def test_a_handler_that_cancels_itself_is_given_up_and_the_chat_goes_on(play: Playground) -> None:
    async def cancel(turn: Turn) -> None:
        if turn.text == "cancel":
            raise asyncio.CancelledError

    play.bot.before = cancel
    await play.person(7)
    await play.start()
    await play.write(7, "cancel")
    await play.write(7, "next")
    await play.until_said(7, ["对不起,这条没能处理", "答:next"])


async def test_a_handlers_own_os_error_is_its_failure_and_no_lost_database(play: Playground) -> None:
    async def fail(turn: Turn) -> None:
        raise FileNotFoundError("/etc/none")

    play.bot.before = fail
    await play.person(7)
    await play.start()
    await play.write(7, "x")
    await play.until_said(7, ["对不起,这条没能处理"])


async def test_a_personal_message_to_a_group_never_leaves(play: Playground) -> None:
    await play.person(7)
    await play.ask("POST", "groups", title="村", members=[7], id=-50, bot_is_admin=True)
    await play.start()
    await play.write(-50, "/card 王秀英", **{"from": 7})
    await play.until_said(-50, ["对不起,这条没能处理"])
    assert "王秀英" not in str(await play.calls("sendMessage"))


@POSTGRES
async def test_a_database_that_goes_away_is_waited_for_and_nothing_is_lost(
    play: Playground, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    await play.person(7)
    name = play.database.url.database
    with structlog.testing.capture_logs() as logs:
        service = await play.start()
        for text in ("/form", "一"):
            await play.write(7, text)
        await play.until_said(7, ["第2题"])
        failed = _failures_of(service, monkeypatch)
        await _lock_out(postgres, name)
        for text in ("二", "三"):
            await play.write(7, text)
        await play.until(_is_lost(service), True)
        await play.until(failed, True)
        await postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await play.until_said(7, ["第4题"])
        await play.until(_is_lost(service), False)
    assert await play.drafts_of(7) == [["一", "二", "三"]]
    said = [entry["event"] for entry in logs if entry["event"].startswith("database_")]
    assert said == ["database_lost", "database_back"]
    assert not [entry for entry in logs if entry["event"] == "update_failed"]


async def test_a_locked_database_file_is_waited_for(play: Playground) -> None:
    await play.person(7)
    service = await play.start()
    async with play.database.transaction() as session:
        await session.execute(sql("PRAGMA busy_timeout = 20"))
    other = sqlite3.connect(str(play.database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with structlog.testing.capture_logs() as logs:
        await play.write(7, "x")
        await play.until(_is_lost(service), True)
        other.execute("ROLLBACK")
        await play.until_said(7, ["答:x"])
        await play.until(_is_lost(service), False)
    other.close()
    assert [entry["event"] for entry in logs] == ["database_lost", "database_back"]


@POSTGRES
async def test_a_connection_lost_inside_a_handler_is_no_failure(play: Playground) -> None:
    lost: list[int] = []

    async def cut(turn: Turn) -> None:
        if not lost:
            lost.append(1)
            await turn.session.execute(sql("SELECT pg_terminate_backend(pg_backend_pid())"))

    play.bot.before = cut
    await play.person(7)
    with structlog.testing.capture_logs() as logs:
        await play.start()
        await play.write(7, "x")
        await play.until_said(7, ["答:x"])
    assert lost
    assert not [entry for entry in logs if entry["event"] == "update_failed"]


async def test_a_lost_commit_that_had_its_effect_is_answered_once(play: Playground) -> None:
    """The connection breaks after COMMIT took effect: the retry finds it done, and still owes the answer."""
    await play.person(7)
    service = await play.start()
    attempt, broken = service.ingest._attempt, []

    async def commit_then_break(work: Any) -> Any:
        batch = await attempt(work)
        if not broken:
            broken.append(1)
            raise ConnectionResetError
        return batch

    service.ingest._attempt = commit_then_break  # type: ignore[method-assign]
    await play.write(7, "x")
    await play.until_said(7, ["答:x"])
    await play.quiet()
    assert play.bot.runs == [(7, "x")]
    assert await play.said(7) == ["答:x"]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("error", {"code": 500}),
        ("status", {"code": 502}),
        ("reset", {}),
        ("lost", {}),
        ("hang", {"seconds": 60}),
        ("too_many", {"retry_after": 1, "times": 1}),
    ],
)
async def test_trouble_with_get_updates_is_said_once_and_passes(
    play: Playground, kind: str, more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.polling.READ_MARGIN", 0.3)
    await play.person(7)
    await play.fault(kind, "getUpdates", **{"times": 2, **more})
    with structlog.testing.capture_logs() as logs:
        await play.start(timeouts=Timeouts(read=0.3, write=0.1, connect=0.3, pool=0.3))
        await play.write(7, "x")
        await play.until_said(7, ["答:x"], 15)
        await play.quiet()
    said = [entry["event"] for entry in logs if entry["event"].startswith("telegram_")]
    assert said == ["telegram_lost", "telegram_back"]
    assert play.bot.runs == [(7, "x")]


@pytest.mark.parametrize(("code", "problem"), [(401, "TokenRefused"), (404, "AddressUnknown"), (409, "Conflict")])
async def test_a_refused_token_is_said_clearly_and_polling_never_ends(
    play: Playground, code: int, problem: str
) -> None:
    await play.person(7)
    await play.fault("error", "getUpdates", times=2, code=code, description="Conflict: can't use getUpdates")
    with structlog.testing.capture_logs() as logs:
        service = await play.start()
        await play.write(7, "x")
        await play.until(lambda: _problem(service), problem)
        await play.until_said(7, ["答:x"])
    (lost,) = [entry for entry in logs if entry["event"] == "telegram_lost"]
    assert lost["error"] == problem
    assert "SUIFANG_" in lost["hint"]
    assert service.health.is_good


async def test_a_wrong_token_at_the_start_is_said_and_not_shown(play: Playground) -> None:
    with structlog.testing.capture_logs() as logs:
        service = play.service(token="4242:AAwrong-canary")
        start = asyncio.create_task(service.start())
        await play.until(lambda: _problem(service), "InvalidToken")
        start.cancel()
        await asyncio.gather(start, return_exceptions=True)
    assert "SUIFANG_TELEGRAM_TOKEN" in logs[0]["hint"]
    assert "wrong-canary" not in str(logs)


async def test_the_server_may_come_later_than_the_bot(play: Playground) -> None:
    await play.person(7)
    await play.fault("reset", "getMe", times=1)
    await play.fault("status", "deleteWebhook", times=1)
    await play.start()
    await play.write(7, "x")
    await play.until_said(7, ["答:x"])


async def test_a_second_poller_is_named(play: Playground) -> None:
    await play.start()
    with structlog.testing.capture_logs() as logs:
        other = await play.start()
        await play.until(lambda: _said(logs, "telegram_lost"), True)
    (first, *_) = [entry for entry in logs if entry["event"] == "telegram_lost"]
    assert first["error"] == "Conflict"
    assert "Another process" in first["hint"]
    await play.stop(other)


async def _lock_out(postgres: Postgres, name: str | None) -> None:
    await postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def _failures_of(service: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what says whether three tries at a transaction have failed from now on."""
    attempt, failures = service.ingest._attempt, []

    async def counted(work: Any) -> Any:
        try:
            return await attempt(work)
        except Exception:
            failures.append(1)
            raise

    async def read() -> bool:
        return len(failures) >= 3

    monkeypatch.setattr(service.ingest, "_attempt", counted)
    return read


def _is_lost(service: Any) -> Any:
    async def read() -> bool:
        return service.health.database is not None

    return read


async def _problem(service: Any) -> str | None:
    return service.health.telegram  # type: ignore[no-any-return]


async def _said(logs: Any, event: str) -> bool:
    return any(entry["event"] == event for entry in logs)
