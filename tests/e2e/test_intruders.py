"""People who try what isn't theirs: another village's people, names without the right to them, old rights."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from bot.local.server.playing import create_group
from handlers import routes
from handlers.forms.kinds.person import encode
from locales.translator import translator
from models.rules.access import Role
from models.store import drafts, enrolments, invites, places, rosters, staff
from models.tables.checkups import Attendance
from models.tables.drafts import Draft
from models.tables.residents import Resident
from models.tables.staff import Staff
from models.tables.visits import RecordVersion, Visit
from tests.e2e.probe import Probe, letters, rows
from tests.e2e.test_roles import TAPS, WAY_IN
from tests.e2e.world import CANARY, PHONE, STAFF, World

OURS = ("李红", "单国强", CANARY, "周无同意", PHONE)
"""Who lives in 大王庄; 王秀英 is left out because the texts use that name as an example."""
THEIRS = ("赵邻居",)
STORED = (Draft, Attendance, Visit, RecordVersion, Resident, Staff)
NOT_YOURS = "不是给您的"
NOT_FOUND = "找不到这条记录"
STEPS = 150


def _probe(world: World, name: str) -> Probe:
    user_id = STAFF[name][0] if name in STAFF else 9001
    return Probe(world, user_id, user_id)


async def _busy(world: World) -> Probe:
    """Return the manager of 大王庄 with every kind of button in their chat."""
    ours = _probe(world, "manager")
    await ours.send("/due")
    await ours.send("/checkup")
    await ours.tap("李红")
    await ours.tap("到了")
    await ours.send("128/82")
    await ours.tap("保存")
    await ours.send("/visit")
    await ours.tap("单国强")
    await ours.tap("外出")
    await ours.tap("保存")
    await ours.send("/checkup")
    await ours.tap(CANARY)
    await ours.tap("不填了")
    await ours.send("/checkup")
    await ours.tap("全部村民")
    await ours.send("/visit")
    await ours.tap("王秀英")
    await ours.send("/resume")
    await ours.send("/language")
    await ours.send("/register")
    return ours


def _silent_about(probe: Probe, names: tuple[str, ...]) -> None:
    for said in probe.heard:
        assert not [name for name in names if name in str(said)], str(said)


async def test_anothers_buttons_do_nothing(world: World) -> None:
    ours, theirs = await _busy(world), _probe(world, "neighbour")
    before = await rows(world, *STORED)
    pressed = ours.buttons()
    assert len(pressed) > 30
    for message_id, _, data in pressed:
        said = await theirs.press(data, message_id=message_id)
        assert NOT_YOURS in str(said)
        assert said.texts == said.labels == ()
    _silent_about(theirs, OURS)
    assert await rows(world, *STORED) == before
    assert await letters(world) == []


async def test_a_forged_button_does_nothing(world: World) -> None:
    ours = _probe(world, "manager")
    await ours.send("/due")
    _, data = ours.button("王秀英")
    chance = random.Random(7)
    forged = [data[:at] + ("A" if data[at] != "A" else "B") + data[at + 1 :] for at in range(len(data))]
    forged += [data[:at] for at in range(1, len(data))] + [data + "1", data[12:], "x", "due.go|1", "\x00", "é" * 32]
    forged += ["".join(chr(chance.randint(33, 126)) for _ in range(chance.randint(1, 64))) for _ in range(50)]
    before = await rows(world, *STORED)
    said = await ours.press(*forged)
    assert len(said.notices) == len(forged)
    assert all(NOT_YOURS in notice for notice in said.notices)
    assert said.texts == said.labels == ()
    assert await rows(world, *STORED) == before
    assert await letters(world) == []


async def test_signed_buttons_with_foreign_ids_find_nothing(world: World) -> None:
    await _busy(world)
    theirs = _probe(world, "neighbour")
    ours = world.actors["manager"]
    async with world.database.transaction() as session:
        lines = [
            line.id
            for person in world.people.values()
            for line in await enrolments.of_person(session, world.actors["clinic"], person)
            if line.resident.village_id == ours.village_id
        ]
        found = await drafts.list_open(session, 1001, 1001)
        records = [
            row[0]
            for table in (Attendance, Visit)
            for row in await session.rows(table.__table__.select())  # type: ignore[arg-type]
        ]
    people = [number for name, number in world.people.items() if name not in THEIRS]
    before = await rows(world, *STORED)
    for number in (*lines, *people, *records, *(draft.id for draft in found)):
        for action in ("due.go", "checkup.of", "checkup.fix", "checkup.undo", "visit.fix", "visit.undo"):
            said = await theirs.craft(action, number)
            assert NOT_FOUND in str(said), (action, str(said))
    assert NOT_FOUND in str(await theirs.craft("due", 0, ours.village_id))
    for draft in found:
        for operation in ("s", "o", "b", "c"):
            assert "关了" in str(await theirs.craft("f", encode(draft.id), encode(draft.revision), operation, "x"))
        assert "关了" in str(await theirs.craft("f.open", encode(draft.id)))
    _silent_about(theirs, (*OURS, "王秀英 "))
    assert await rows(world, *STORED) == before
    assert await letters(world) == []


async def test_a_foreign_person_is_not_chosen_in_a_form_of_ones_own(world: World) -> None:
    theirs = _probe(world, "neighbour")
    for form in ("checkup", "visit"):
        await theirs.send(f"/{form}")
        async with world.database.reading() as session:
            (draft, *_) = await drafts.list_open(session, 1002, 1002)
        for name in ("王秀英", "李红", CANARY):
            number = encode(world.people[name])
            said = await theirs.craft("f", encode(draft.id), encode(draft.revision), "o", number)
            assert "没找到这个人" in str(said)
    _silent_about(theirs, OURS)
    assert await letters(world) == []


async def test_search_finds_ones_own_village_only(world: World) -> None:
    theirs = _probe(world, "neighbour")
    await theirs.send("/checkup")
    for query in ("李红", "单国强", "sgq", "shanguoqiang", "lihong", "lh", "qjsq", PHONE[-4:], PHONE, "周无同意", "红"):
        said = await theirs.send(query)
        assert "没找到这个人" in str(said), query
        assert not [label for label in said.labels if any(name in label for name in OURS)]
    assert "找到 1 人" in str(await theirs.send("zlj"))


async def test_an_old_button_is_replayed_in_vain(world: World) -> None:
    ours = _probe(world, "manager")
    await ours.send("/checkup")
    chosen = ours.button("李红")
    await ours.press(chosen[1], message_id=chosen[0])
    came = ours.button("到了")
    await ours.press(came[1], message_id=came[0])
    await ours.send("128/82")
    saved = ours.button("保存")
    await ours.press(saved[1], message_id=saved[0])
    undo = ours.button("撤销")
    before = await rows(world, Draft, Attendance, RecordVersion)
    for message_id, data in (chosen, came, saved) * 2:
        assert "已经保存过了" in str(await ours.press(data, message_id=message_id))
    await ours.press(undo[1], message_id=undo[0])
    again = await ours.press(undo[1], message_id=undo[0])
    assert "已撤销" in str(again)
    assert await rows(world, Draft, Attendance, RecordVersion) == before
    world.clock.move(timedelta(days=32))
    for message_id, data in (chosen, saved, undo):
        assert "过期了" in str(await ours.press(data, message_id=message_id))
    assert await letters(world) == []


async def _walk(probe: Probe, steps: int = STEPS) -> int:
    """Press whatever is to be seen and wasn't pressed before, the newest first; return how many presses."""
    entries = [
        *(f"/{name}" for name in routes.COMMANDS),
        *(translator("zh-CN").pattern(key, {}) for key in routes.MENU),
    ]
    pressed: set[tuple[str, str]] = set()
    for _ in range(steps):
        fresh = next((found for found in reversed(probe.buttons()) if _key(probe, found) not in pressed), None)
        if fresh is None:
            if not entries:
                break
            await probe.send(entries.pop(0))
            continue
        pressed.add(_key(probe, fresh))
        await probe.press(fresh[2], message_id=fresh[0])
    for entry in entries:
        await probe.send(entry)
    return len(pressed)


def _key(probe: Probe, button: tuple[int, str, str]) -> tuple[str, str]:
    """Tell buttons apart by what stands above them and on them."""
    text = probe.world.server.messages[probe.chat_id][button[0]].text
    return text.split("\n")[0], button[1]


@pytest.mark.parametrize("role", ["leader", "deputy", "admin", "resident", "stranger"])
async def test_who_may_see_no_name_sees_none_anywhere(world: World, role: str) -> None:
    await _busy(world)
    probe = _probe(world, role)
    if role == "resident":
        async with world.database.transaction() as session:
            village = await places.by_code(session, "411728106201")
            await staff.add(session, 9001, 9001, Role.RESIDENT, village)
    pressed = await _walk(probe)
    assert len(probe.heard) > len(routes.COMMANDS)
    assert pressed > 0 or role == "stranger"
    for words in (*OURS, "王秀英", "wxy", PHONE[-4:]):
        said = await probe.send(words)
        assert "找到" not in str(said)
        assert not [label for label in said.labels if any(name in label for name in OURS)]
    for said in probe.heard[: -len(OURS) - 3]:  # what was typed just now is quoted back
        assert not [name for name in (*OURS, "王秀英 ") if name in str(said)], str(said)
    assert await letters(world) == []


@pytest.mark.parametrize(("name", "hidden", "least"), [("manager", THEIRS, 60), ("neighbour", OURS, 20)])
async def test_a_manager_who_presses_everything_meets_their_own_people_only(
    world: World, name: str, hidden: tuple[str, ...], least: int
) -> None:
    probe = _probe(world, name)
    assert await _walk(probe, 2 * STEPS) > least
    _silent_about(probe, hidden)
    assert await letters(world) == []


async def test_a_removed_persons_buttons_and_drafts_stop_at_once(world: World) -> None:
    ours = await _busy(world)
    left = ours.buttons()
    async with world.database.transaction() as session:
        await staff.remove(session, world.actors["admin"], world.actors["manager"].staff_id)
    await _finds_nothing(ours, left, WAY_IN)
    async with world.database.reading() as session:
        assert await drafts.list_open(session, 1001, 1001) == []
        assert [row.state for row in await session.rows(Draft.__table__.select())].count("cancelled") == 0  # type: ignore[arg-type]
    assert await letters(world) == []


async def test_who_comes_back_as_a_leader_gets_no_old_draft_back(world: World) -> None:
    ours = await _busy(world)
    left = ours.buttons()
    async with world.database.transaction() as session:
        code = (await invites.create(session, None, Role.LEADER, "411728106")).code
    assert "党政一把手" in str(await ours.send(f"/start {code}"))
    ours.heard.clear()
    await _finds_nothing(ours, left, "")
    assert await letters(world) == []


async def _finds_nothing(probe: Probe, left: list[tuple[int, str, str]], answer: str) -> None:
    probe.heard.clear()
    before = await rows(probe.world, Attendance, Visit, RecordVersion, Resident)
    for message_id, _, data in left:
        assert answer in str(await probe.press(data, message_id=message_id))
    for words in ("128/82", "/resume", "/cancel", "/due", "📋 应访名单", "wxy"):
        assert answer in str(await probe.send(words))
    _silent_about(probe, OURS)
    assert await rows(probe.world, Attendance, Visit, RecordVersion, Resident) == before


async def test_nothing_personal_in_a_group(world: World) -> None:
    ours = await _busy(world)
    for user_id in (1003, 1005):
        Probe(world, user_id, user_id)
    group = create_group(world.server, "联席会议", [1001, 1003, 1005], True, None)
    async with world.database.transaction() as session:
        lines = await enrolments.of_person(session, world.actors["clinic"], world.people["李红"])
    for user_id in group.members:
        probe = Probe(world, user_id, group.id)
        for name in routes.COMMANDS:
            await probe.send(f"/{name}", f"/{name}@{world.server.bot.username}")
        await probe.send("📋 应访名单", "🩺 报康检", "李红", "128/82")
        ids = {action: lines[0].id if action == "due.go" else world.people["李红"] for action in TAPS}
        await probe.press(*(probe.signed(action, number) for action, number in ids.items()))
        for message_id, _, data in ours.buttons()[:20]:
            await probe.press(data, message_id=message_id)
        _silent_about(probe, OURS)
    sent = [call for call in world.server.calls.after(0, chat_id=str(group.id)) if "text" in call.params]
    assert sent
    assert not [call for call in sent if call.params.get("protect_content")]
    assert await letters(world) == []


async def test_two_people_who_use_one_code_at_once_are_not_both_in(world: World) -> None:
    async with world.database.transaction() as session:
        code = (await invites.create(session, None, Role.MANAGER, "411728106201")).code
    first, second = Probe(world, 9101, 9101), Probe(world, 9102, 9102)
    await asyncio.gather(first.send(f"/start {code}"), second.send(f"/start {code}"))
    welcomed = ["您已加入" in str(probe.heard) for probe in (first, second)]
    assert sorted(welcomed) == [False, True]
    assert (await rows(world, Staff))[0] == len(STAFF) + 1


async def test_a_code_is_locked_out_longer_each_time_and_expires(world: World) -> None:
    guesser = Probe(world, 9103, 9103)
    waits = []
    for _ in range(2):
        for _ in range(5):
            said = await guesser.send("/start 2222-3333-4444")
        waits.append(next(minutes for minutes in (15, 30) if f"{minutes} 分钟" in str(said)))
        world.clock.move(timedelta(minutes=waits[-1] + 1))
    assert waits == [15, 30]
    async with world.database.transaction() as session:
        code = (await invites.create(session, None, Role.MANAGER, "411728106201")).code
    world.clock.move(timedelta(days=8))
    assert "过期" in str(await Probe(world, 9104, 9104).send(code))
    assert (await rows(world, Staff))[0] == len(STAFF)


async def test_a_neighbour_reaches_no_roster(world: World) -> None:
    """Neither by the ids of a day, a line or a person, nor in a group; nothing is changed by trying."""
    manager = world.actors["manager"]
    async with world.database.transaction() as session:
        day = await rosters.current_day(session, manager)
        line = (await rosters.open_day(session, manager, day.id)).lines[0]
    theirs = Probe(world, 1002, 1002)
    for action, arguments in (
        ("roster", (manager.village_id,)),
        ("roster.show", (day.id,)),
        ("roster.tap", (line.id, line.version)),
        ("roster.fill", (day.id, "attended")),
        ("roster.page", (0, day.id)),
        ("roster.to", (day.id, "close")),
        ("roster.look", (line.id, line.version)),
        ("roster.drop", (line.id, line.version)),
        ("roster.add", (line.resident.id,)),
        ("roster.new", (day.id,)),
        ("roster.close", (day.id, 0)),
        ("roster.reopen", (day.id,)),
    ):
        assert NOT_FOUND in str(await theirs.craft(action, *arguments)), action
    async with world.database.transaction() as session:
        again = await rosters.open_day(session, manager, day.id)
    assert [(one.mark, one.version) for one in again.lines] == [(None, 1)] * 4
    assert again.revision == 1
    _silent_about(theirs, OURS)
