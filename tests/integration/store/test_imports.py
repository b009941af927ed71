"""Files of residents: checked, imported in batches that can be resumed, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from models.rules.access import AccessDenied, Actor
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.importing.rows import FileRow
from models.rules.sex import Sex
from models.store import consents, enrolments, import_rows, imports, residents
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound
from models.store.imports import ImportState, Job, LeaseLost
from models.store.residents import Registration
from models.tables.audit import AuditEntry
from models.tables.imports import Import, ImportFill
from models.tables.residents import Consent, Resident
from scheduler import imports as work
from tests.factories.files import HEADER, csv, people, xlsx
from tests.factories.world import ALL, World, person

NUMBER = "11010519491231002X"
PHONE = "13800138000"
BORN = date(1949, 12, 31)
CONTACT = frozenset({Purpose.CONTACT})


def row(world: World, name: str = "王秀英", **given: object) -> FileRow:
    values = {"birth": BORN, "identity": None, "phone": None, "group_id": None, "purposes": frozenset(), **given}
    return FileRow(2, name, Sex.FEMALE, village_id=world.north.id, **values)  # type: ignore[arg-type]


async def count(session: StoreSession, model: type = Resident) -> int:
    return int(await session.scalar(select(func.count()).select_from(model)) or 0)


async def received(database: Database, actor: Actor, content: bytes, owner: str = "one") -> Job:
    """Send a file in and claim it."""
    async with database.transaction() as session:
        await imports.receive(session, actor, content=content, chat_id=5)
        return await claimed(session, owner)


async def claimed(session: StoreSession, owner: str = "one") -> Job:
    job = await imports.claim(session, owner)
    assert job is not None
    return job


async def begun(database: Database, actor: Actor, content: bytes) -> Job:
    """Send a file in, check it, say yes, and claim it."""
    job = await received(database, actor, content)
    findings = await work.check(database, job, content)
    async with database.transaction() as session:
        await imports.checked(session, job, "csv", findings.counts)
        await imports.begin(session, actor, job.row.id, 7)
        return await claimed(session)


async def verdicts(session: StoreSession, actor: Actor, rows: Sequence[FileRow]) -> list[str]:
    found = await import_rows.compare(session, actor, rows)
    return [one.conflict or ("new" if one.resident_id is None else ",".join(one.fills) or "here") for one in found]


async def test_who_a_row_is(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await person(session, world.manager, birth_date=BORN, identity=NUMBER, phone=PHONE)
        await person(session, world.manager, "李红", birth_date=BORN, consents=frozenset())
        rows = [
            row(world, identity=NUMBER, birth=None),
            row(world, "王秀兰", identity=NUMBER),
            row(world, phone=PHONE, birth=date(1950, 1, 1)),
            row(world),
            row(world, birth=date(1950, 1, 1)),
            row(world, identity="110105194912310038"),
            row(world, "李红", identity=NUMBER[:-1] + "9"),
        ]
        found = await verdicts(session, world.manager, rows)
        assert found == ["here", "imports.identity_taken", "here", "here", "new", "new", "here"]
        assert await verdicts(session, world.neighbour, rows[:2]) == ["new", "new"]


async def test_only_what_is_missing_is_filled_in_and_only_with_consent(database: Database, world: World) -> None:
    full = row(world, identity=NUMBER, phone=PHONE, purposes=ALL)
    async with database.transaction() as session:
        open_to_all = await person(session, world.manager, birth_date=None, phone=PHONE)
        silent = await person(session, world.manager, "李红", birth_date=BORN, consents=frozenset())
        assert await verdicts(session, world.manager, [full]) == ["identity,birth"]
        assert await verdicts(session, world.manager, [row(world, "李红", phone=PHONE, purposes=ALL)]) == ["here"]
        await import_rows.fill(session, world.manager, await _bare(session, world), open_to_all, full, ("birth",))
        card = await residents.card(session, world.manager, open_to_all)
        assert (card.person.birth_date, card.identity_last4) == (BORN, None)
        assert (await residents.card(session, world.manager, silent)).phone is None


async def _bare(session: StoreSession, world: World) -> int:
    return await imports.receive(session, world.manager, content=b"x")


async def test_who_withdrew_does_not_come_back_by_a_file(database: Database, world: World) -> None:
    async with database.transaction() as session:
        gone = await person(session, world.manager, birth_date=BORN)
        await consents.withdraw(session, world.manager, gone, Purpose.HEALTH_RECORD)
        assert await verdicts(session, world.manager, [row(world, phone=PHONE, purposes=ALL)]) == ["here"]


async def test_a_file_is_imported_with_what_people_agreed_to(database: Database, world: World) -> None:
    header = ("姓名", "性别", "身份证号", "手机", "组", "同意打电话或上门", "同意记录健康信息")
    content = csv([header, ("王秀英", "女", NUMBER, PHONE, "1组", "是", "否"), ("李红", "女", "", "", "", "", "是")])
    job = await begun(database, world.manager, content)
    done = await work.carry_out(database, job, content)
    assert (done.state, done.rows, done.new, done.matching, done.wrong) == (ImportState.DONE, 2, 2, 0, 0)
    async with database.transaction() as session:
        [line] = await residents.find(session, world.manager, name="王秀英")
        card = await residents.card(session, world.manager, line.id)
        assert (card.phone, card.identity_last4, card.person.birth_date) == (PHONE, None, BORN)
        assert (card.consents, card.person.group) == (CONTACT, "一组")
        [other] = await residents.find(session, world.manager, name="李红")
        await enrolments.enrol(session, world.manager, other.id, "checkup")
        assert await session.scalar(select(Import.content_sealed)) is None
        assert await session.scalar(select(Consent.how)) == "file"


async def test_a_check_stores_nobody(database: Database, world: World) -> None:
    content = xlsx([HEADER, *people(3), ("李红", "?", "3.12", "1", "是")])
    job = await received(database, world.manager, content)
    findings = await work.check(database, job, content)
    assert (findings.counts.new, findings.counts.wrong, findings.counts.rows) == (3, 1, 4)
    assert [(one.line, [each.code for each in one.problems]) for one in findings.wrong] == [
        (5, ["imports.sex", "imports.birth_year", "phone"])
    ]
    async with database.transaction() as session:
        await imports.checked(session, job, "xlsx", findings.counts)
        assert await count(session) == 0
        await imports.give_up(session, world.manager, job.row.id)
        await imports.give_up(session, world.manager, job.row.id)
        assert await session.scalar(select(Import.content_sealed)) is None
        with pytest.raises(Conflict):
            await imports.begin(session, world.manager, job.row.id)


async def test_a_manager_imports_into_the_own_village_only(database: Database, world: World) -> None:
    header = ("村", *HEADER)
    content = csv([header, ("北村", *people(1)[0]), ("南村", *people(1, first=1)[0]), ("", *people(1, first=2)[0])])
    findings = await work.check(database, await received(database, world.manager, content), content)
    assert (findings.counts.new, [one.line for one in findings.wrong]) == (2, [3])
    findings = await work.check(database, await received(database, world.clinic, content, "two"), content)
    assert (findings.counts.new, [one.problems[0].code for one in findings.wrong]) == (2, ["imports.village_missing"])


async def test_whoever_registers_nobody_imports_nobody(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for actor in (world.leader, world.deputy, world.admin):
            with pytest.raises(AccessDenied):
                await imports.receive(session, actor, content=b"x")
        number = await imports.receive(session, world.manager, content=b"x")
        with pytest.raises(NotFound):
            await imports.get(session, world.neighbour, number)
        with pytest.raises(NotFound):
            await imports.begin(session, world.clinic, number)


async def test_a_killed_import_goes_on_where_it_stopped(database: Database, world: World, clock: MovableClock) -> None:
    """The position commits with what is stored: another process takes the file up and doubles nobody."""
    content = csv([HEADER, *people(25), ("x", "x"), *people(3)])
    killed = await begun(database, world.manager, content)
    async with database.transaction() as session:
        await _one_batch(session, database, killed, content)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as session:
            await _one_batch(session, database, killed, content, start=10)
            raise ZeroDivisionError
    async with database.transaction() as session:
        assert await count(session) == 10
        assert await imports.claim(session, "two") is None
    clock.move(timedelta(seconds=120))
    async with database.transaction() as session:
        job = await claimed(session, "two")
        assert job.row.done == 10
        with pytest.raises(LeaseLost):
            await imports.store(session, killed, 10, 20, [], 0)
        with pytest.raises(LeaseLost):
            await imports.store(session, job, 0, 10, [], 0)
    done = await work.carry_out(database, job, content)
    assert (done.rows, done.new, done.wrong, done.done) == (29, 25, 4, 29)
    async with database.transaction() as session:
        assert await count(session) == 25


async def _one_batch(session: StoreSession, database: Database, job: Job, content: bytes, start: int = 0) -> None:
    async for batch in work.in_thread(database, job, content, start, 10):
        await imports.store(session, job, batch.start, batch.end, batch.people, len(batch.wrong))
        return


async def test_saying_yes_twice_imports_once(database: Database, world: World) -> None:
    content = csv([HEADER, *people(2)])
    job = await begun(database, world.manager, content)
    await work.carry_out(database, job, content)
    async with database.transaction() as session:
        again = await imports.begin(session, world.manager, job.row.id)
        assert (again.state, again.new) == (ImportState.DONE, 2)
        await imports.release(session, job)
        assert await imports.claim(session, "two") is None
        assert not await imports.waits(session)


async def test_an_undo_takes_exactly_those_who_came_and_stayed_as_they_were(database: Database, world: World) -> None:
    async with database.transaction() as session:
        old = await person(session, world.manager, "王秀桂", birth_date=None, phone="13800000020")
        older = await person(session, world.manager, "李红")
    header = ("姓名", "性别", "出生日期", "手机", "同意记录健康信息")
    rows = [(*one[:4], "是") for one in people(5)]
    content = csv([header, *rows, ("王秀桂", "女", "1960-05-01", "13800000020", "是")])
    job = await begun(database, world.manager, content)
    done = await work.carry_out(database, job, content)
    assert (done.new, done.matching, done.filled) == (5, 1, 1)
    async with database.transaction() as session:
        came = [each.id for each in await session.rows(select(Resident.id).where(Resident.import_id == job.row.id))]
        await enrolments.enrol(session, world.manager, came[0], "checkup")
        await residents.correct(session, world.manager, came[1], Registration("王改名", Sex.FEMALE), "typo")
        assert (await residents.card(session, world.manager, old)).person.birth_date == date(1960, 5, 1)
        await imports.begin_undo(session, world.manager, job.row.id, 8)
        undo = await claimed(session, "undo")
    assert await work.take_back(database, undo) == (3, 1, 1)
    async with database.transaction() as session:
        left = {each.id for each in await session.rows(select(Resident.id))}
        assert left == {old, older, came[0], came[1]}
        assert (await residents.card(session, world.manager, old)).person.birth_date is None
        assert await count(session, ImportFill) == 0
        with pytest.raises(Conflict):
            await imports.begin_undo(session, world.manager, job.row.id)


async def test_an_undo_is_for_a_day(database: Database, world: World, clock: MovableClock) -> None:
    content = csv([HEADER, *people(1)])
    job = await begun(database, world.manager, content)
    await work.carry_out(database, job, content)
    clock.move(timedelta(days=1, seconds=1))
    async with database.transaction() as session:
        with pytest.raises(Conflict) as refused:
            await imports.begin_undo(session, world.manager, job.row.id)
    assert refused.value.code == "import_over"


async def test_a_file_that_nobody_decides_about_is_forgotten(
    database: Database, world: World, clock: MovableClock
) -> None:
    content = csv([HEADER, *people(1)])
    job = await received(database, world.manager, content)
    findings = await work.check(database, job, content)
    async with database.transaction() as session:
        await imports.checked(session, job, "csv", findings.counts)
        await imports.release(session, job)
        assert await imports.expire(session) == 0
    clock.move(timedelta(days=3))
    async with database.transaction() as session:
        assert await imports.expire(session) == 1
        assert await session.scalar(select(Import.content_sealed)) is None


async def test_the_audit_says_how_many_and_not_who(database: Database, world: World) -> None:
    content = csv([HEADER, *people(2)])
    await work.carry_out(database, await begun(database, world.manager, content), content)
    async with database.transaction() as session:
        entries = await session.rows(
            select(AuditEntry.action, AuditEntry.details).where(AuditEntry.subject_kind == "import")
        )
    assert [one.action for one in entries] == ["import:receive", "import:check", "import:begin", "import:finish"]
    assert entries[-1].details == {"new": 2, "matching": 0, "filled": 0, "wrong": 0}
