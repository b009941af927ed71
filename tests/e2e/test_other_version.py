"""Drafts that a deploy finds half answered: their form has changed, or is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.forms import runner
from models.store import drafts, enrolments
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


async def _half_way(manager: Person) -> None:
    await manager.menu("🩺 报康检")
    await manager.tap("李红")
    await manager.tap("到了")
    await manager.expect("血压多少")


def _deploy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pressure out of the form: what is open is the question of a field that is gone."""
    entry = runner.ENTRIES["checkup"]
    fields = tuple(field for field in entry.form.fields if field.key != "bp")
    form = replace(entry.form, version=entry.form.version + 1, fields=fields)
    monkeypatch.setitem(runner.ENTRIES, "checkup", replace(entry, form=form))


@EVERYWHERE
async def test_what_is_typed_next_shows_the_form_as_it_is_now(manager: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    await _half_way(manager)
    _deploy(monkeypatch)
    await manager.send("128/82")
    await manager.expect("李红", "到了", "都对吗")
    await manager.tap("保存")
    await manager.expect("已保存", "李红")


async def test_an_old_button_does_not_answer_a_new_question(manager: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    await _half_way(manager)
    _deploy(monkeypatch)
    assert "往下走" in str(await manager.tap("上一步"))
    await manager.expect("李红", "到了", "都对吗")


async def test_an_answer_that_can_not_be_used_any_more_is_asked_again(
    world: World, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await manager.menu("🏠 报随访")
    await manager.tap("王秀英")
    await manager.expect("结果怎样")
    async with world.database.transaction() as session:
        for line in await enrolments.of_person(session, world.actors["manager"], world.people["王秀英"]):
            await enrolments.stop(session, world.actors["manager"], line.id)
    entry = runner.ENTRIES["visit"]
    monkeypatch.setitem(runner.ENTRIES, "visit", replace(entry, form=replace(entry.form, version=2)))
    await manager.send("/resume")
    await manager.expect("随访谁", absent=["王秀英"])


@pytest.mark.parametrize("action", ["/resume", "/cancel"])
async def test_commands_know_the_form_as_it_is_now(
    manager: Person, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    await _half_way(manager)
    _deploy(monkeypatch)
    await manager.send(action)
    await manager.expect("李红")


@pytest.mark.parametrize("action", ["/cancel", "128/82"])
async def test_a_form_that_is_gone_is_closed(manager: Person, monkeypatch: pytest.MonkeyPatch, action: str) -> None:
    await _half_way(manager)
    monkeypatch.delitem(runner.ENTRIES, "checkup")
    await manager.send(action)
    await manager.expect("已经关了")
    await manager.send("/resume")
    await manager.expect("没有正在填的表")


async def test_a_button_of_a_form_that_is_gone_says_so(manager: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    await _half_way(manager)
    monkeypatch.delitem(runner.ENTRIES, "checkup")
    assert "已经关了" in str(await manager.tap("上一步"))


async def test_of_many_unfinished_forms_the_last_touched_are_offered(world: World, manager: Person) -> None:
    async with world.database.transaction() as session:
        for _ in range(runner.RESUMABLE + 5):
            await drafts.open_draft(
                session,
                chat_id=manager.chat_id,
                user_id=manager.user_id,
                staff_id=world.actors["manager"].staff_id,
                form="visit",
                form_version=1,
            )
    await manager.send("/resume")
    message = await manager.expect(f"{runner.RESUMABLE + 5} 份")
    assert len(await manager.buttons(message)) == runner.RESUMABLE
