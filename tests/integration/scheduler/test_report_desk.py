"""Reports asked for: one process makes one, nothing is lost or silently sent twice, what comes is what is seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from locales.message import Message
from models.files.aside import NotDrawn
from models.files.report_content import Report
from models.rules import periods
from models.rules.access import AccessDenied, Actor
from models.rules.clock import MovableClock
from models.rules.report_files import FileForm, ReportForm
from models.store import housekeeping, report_files, staff
from models.store.database import Database
from models.store.errors import Conflict, NotFound
from models.store.indicators import figures
from models.store.report_files import LEASE, MOST_ATTEMPTS, ReportState
from models.tables.audit import AuditEntry
from models.tables.report_files import ReportFile
from scheduler import report_making as making
from scheduler.messenger import Addressee, Fate, Sent
from scheduler.report_content import codes
from scheduler.report_desk import ReportDesk
from tests.factories.messenger import SendsOnly
from tests.factories.township import Township
from tests.factories.world import World

sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
FEBRUARY = periods.named("2026-02")
A_MINUTE = timedelta(minutes=1)


@dataclass
class Chat(SendsOnly):
    """Remembers what was said; `fails` are what the next files come to."""

    said: list[str] = field(default_factory=list)
    files: list[tuple[str, bool]] = field(default_factory=list)
    fails: list[Sent | BaseException] = field(default_factory=list)

    async def send(self, to: Addressee, message: Message, *, may_repeat: bool = False) -> Sent:
        if message.attachment is None:
            self.said.append(message.text.key.removeprefix("report_files."))
            return Sent(Fate.SENT, 60)
        failure = self.fails.pop(0) if self.fails else Sent(Fate.SENT, 50)
        self.files.append((message.attachment.name, may_repeat))
        if isinstance(failure, BaseException):
            raise failure
        return failure

    async def edit(self, to: Addressee, message_id: int, message: Message) -> Sent:
        self.said.append(message.text.key.removeprefix("report_files."))
        return Sent(Fate.SENT, message_id)


class Killed(BaseException):
    """The process died."""


@pytest.fixture(autouse=True)
def drawing(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Draw nothing; returns what would have been drawn. What is put into it first, is raised."""
    drawn: list[object] = []

    async def draw(sheet: object) -> bytes:
        if drawn and isinstance(drawn[0], Exception):
            raise drawn.pop(0)  # type: ignore[misc]
        drawn.append(sheet)
        return b"file"

    monkeypatch.setattr(making, "drawn", draw)
    return drawn


async def ask(database: Database, actor: Actor, form: ReportForm = ReportForm.XLSX) -> bool:
    async with database.transaction() as session:
        return await report_files.ask(session, actor, FEBRUARY, form, chat_id=105, message_id=7)


async def row(database: Database) -> tuple[ReportState, int, str | None, int]:
    """Return state, files sent, owner and number of the newest report."""
    columns = (ReportFile.state, ReportFile.sent, ReportFile.owner, ReportFile.id)
    async with database.reading() as session:
        found = await session.row(select(*columns).order_by(ReportFile.id.desc()))
    assert found is not None
    return tuple(found)  # type: ignore[return-value]


async def test_what_is_asked_for_twice_is_made_once_and_sent_with_progress(
    database: Database, world: World, clock: MovableClock, drawing: list[object]
) -> None:
    chat = Chat()
    desk = ReportDesk(database, chat, edit_every=0)
    assert await ask(database, world.leader, ReportForm.BOTH)
    assert not await ask(database, world.leader, ReportForm.BOTH)
    assert await desk.run() == 1
    assert chat.files == [("沈寨镇-2026-02-报表.xlsx", False), ("沈寨镇-2026-02-报表.pdf", False)]
    assert chat.said[0] == "progress" and chat.said[-2:] == ["drawing", "done"]
    assert (await row(database))[:3] == (ReportState.SENT, 2, None)
    assert len(drawing) == 2
    assert await ask(database, world.leader, ReportForm.BOTH), "a new one, with new figures"
    clock.move(timedelta(days=3))
    async with database.transaction() as session:
        assert (await housekeeping.tidy(session))["reports"] == 1
        assert await session.scalar(select(func.count()).select_from(ReportFile)) == 1
        actions = [entry.action for entry in await session.rows(select(AuditEntry.action))]
    assert [actions.count(f"report:{what}") for what in ("ask", "make", "send")] == [2, 1, 2]


async def test_a_process_that_dies_between_making_and_sending_loses_nothing(
    database: Database, world: World, clock: MovableClock
) -> None:
    """What may have arrived says so when it comes again; the file before it does not come again."""
    chat = Chat(fails=[Sent(Fate.SENT, 50), Killed()])
    await ask(database, world.leader, ReportForm.BOTH)
    with pytest.raises(Killed):
        await ReportDesk(database, chat).run()
    assert (await row(database))[:2] == (ReportState.SENDING, 1)
    assert await ReportDesk(database, chat).run() == 0
    assert not await ask(database, world.leader, ReportForm.BOTH), "it is joined"
    clock.move(LEASE + A_MINUTE)
    assert await ReportDesk(database, chat).run() == 1
    assert [(name[-4:], is_repeat) for name, is_repeat in chat.files] == [
        ("xlsx", False),
        (".pdf", False),
        (".pdf", True),
    ]
    assert (await row(database))[:3] == (ReportState.SENT, 2, None)


@sqlite
async def test_a_process_that_dies_while_making_is_followed_by_one_that_makes_it_unflagged(
    database: Database, world: World, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_report: Report, _form: FileForm) -> bytes:
        raise Killed

    chat = Chat()
    await ask(database, world.leader)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(making, "make", die)
        await ReportDesk(database, chat).run()
    clock.move(LEASE + A_MINUTE)
    await ReportDesk(database, chat).run()
    assert chat.files == [("沈寨镇-2026-02-报表.xlsx", False)]


@sqlite
async def test_a_report_that_no_process_survives_is_given_up(
    database: Database, world: World, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    async def die(_report: Report, form: FileForm) -> bytes:
        tried.append(form)
        raise Killed

    chat = Chat()
    await ask(database, world.leader)
    monkeypatch.setattr(making, "make", die)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            await ReportDesk(database, chat).run()
        clock.move(LEASE + A_MINUTE)
    await ReportDesk(database, chat).run()
    assert len(tried) == MOST_ATTEMPTS
    assert (chat.said[-1], (await row(database))[0]) == ("failed", ReportState.FAILED)


@sqlite
async def test_a_report_that_is_left_whenever_a_process_ends_is_not_given_up(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stopped(_report: Report, _form: FileForm) -> bytes:
        await desk.stop(0)
        return b"file"

    chat = Chat()
    await ask(database, world.leader)
    with monkeypatch.context() as patch:
        patch.setattr(making, "make", stopped)
        for _ in range(MOST_ATTEMPTS + 1):
            desk = ReportDesk(database, chat)
            await desk.run()
    assert chat.files == []
    await ReportDesk(database, chat).run()
    assert (await row(database))[:2] == (ReportState.SENT, 1)


@sqlite
async def test_an_unclear_send_is_flagged_and_asking_again_meanwhile_adds_nothing(
    database: Database, world: World, clock: MovableClock
) -> None:
    chat = Chat(fails=[Sent(Fate.IN_DOUBT)])
    await ask(database, world.leader)
    desk = ReportDesk(database, chat)
    await desk.run()
    assert chat.said[-1] == "resting"
    assert not await ask(database, world.leader)
    clock.move(A_MINUTE)
    await desk.run()
    assert [is_repeat for _, is_repeat in chat.files] == [False, True]
    assert chat.said[-1] == "done"


@sqlite
async def test_what_can_not_be_had_is_said_in_the_end(
    database: Database, world: World, clock: MovableClock, drawing: list[object]
) -> None:
    chat = Chat(fails=[Sent(Fate.NOT_SENT)] * MOST_ATTEMPTS)
    await ask(database, world.leader)
    desk = ReportDesk(database, chat)
    for _ in range(MOST_ATTEMPTS):
        await desk.run()
        clock.move(timedelta(minutes=20))
    assert chat.said[-1] == "failed"
    assert (await row(database))[:3] == (ReportState.FAILED, 0, None)
    await ask(database, world.leader)
    with capture_logs():
        for _ in range(2):
            drawing[:] = [NotDrawn(1)]
            await desk.run()
            clock.move(A_MINUTE)
    assert (chat.said[-1], await desk.run()) == ("failed", 0)


async def test_it_can_be_cancelled_while_it_is_made_and_not_when_it_leaves(database: Database, world: World) -> None:
    chat = Chat()
    await ask(database, world.leader)
    number = (await row(database))[3]

    async def cancel(actor: Actor) -> None:
        async with database.transaction() as session:
            await report_files.cancel(session, actor, number)

    async def edit(to: Addressee, message_id: int, message: Message) -> Sent:
        chat.said.append(message.text.key)
        if "progress" in message.text.key:
            await cancel(world.leader)
        return Sent(Fate.SENT, message_id)

    chat.edit = edit  # type: ignore[method-assign]
    with pytest.raises(NotFound):
        await cancel(world.deputy)
    await ReportDesk(database, chat, edit_every=0).run()
    assert chat.files == []
    assert chat.said == ["report_files.progress", "report_files.cancelled"]
    assert (await row(database))[:3] == (ReportState.CANCELLED, 0, None)
    await cancel(world.leader)
    await ask(database, world.leader)
    number = (await row(database))[3]
    del chat.edit
    await ReportDesk(database, chat).run()
    with pytest.raises(Conflict, match="report_left"):
        await cancel(world.leader)


@sqlite
async def test_whoever_left_or_may_not_count_gets_none(database: Database, world: World) -> None:
    with pytest.raises(AccessDenied):
        await ask(database, world.admin)
    await ask(database, world.leader)
    async with database.transaction() as session:
        await staff.retire(session, world.leader)
    chat = Chat()
    await ReportDesk(database, chat).run()
    assert (chat.files, chat.said, (await row(database))[0]) == ([], [], ReportState.CANCELLED)


@sqlite
async def test_every_number_is_the_readers_own_figure_and_nothing_else_is_told(database: Database) -> None:
    township = Township(1, date(2026, 3, 16))
    async with database.transaction() as session:
        await township.build(session, people=8)
    for actor in (township.leader, township.clinic, township.managers[0]):
        report = await making.count(database, actor, FEBRUARY)
        async with database.transaction() as session:
            trends = await figures.trends(session, actor, codes(), FEBRUARY, date(2026, 3, 16))
        for number, (code, figure) in enumerate(zip(codes(), report.figures, strict=True)):
            page, before = trends[code].now, trends[code].before
            rows = {village.name: village.values[number] for village in report.villages}
            told = [(line.figure, rows[line.name]) for line in page.lines] if rows else []
            told += [(page.total, figure.value)]
            told += [(before.total, figure.change.value)] if before is not None else []
            for found, value in told:
                kept = (None, value.of) if found is None else (found.n, found.of)
                assert (value.n, value.of) == kept
                assert (value.percent is None) is (found is None or found.rate is None)
        assert bool(report.villages) is (actor.village_id is None)
