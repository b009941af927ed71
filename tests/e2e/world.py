"""A small township, the real application, and a Bot API server between them and the people of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from math import inf
from tempfile import TemporaryDirectory

from aiohttp import ClientSession, web

from bot.application import ROUTES
from bot.local.server.app import WORLD, create_server
from bot.local.server.calls import Call
from bot.local.server.world import World as Server
from bot.telegram.service import Connection, Hook, TelegramService
from handlers import roster_page
from locales.translator import LANGUAGES, translator
from models.migrations.upgrade import upgrade
from models.rules.access import Actor, Role
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.programmes.base import Anchor
from models.rules.sex import Sex
from models.store import enrolments, places, residents, staff
from models.store.database import Database, StoreSession
from models.store.keyring import Keyring
from models.store.residents import Registration
from models.tables.places import PlaceKind
from scheduler.dispatcher import Dispatcher
from scheduler.import_desk import ImportDesk
from scheduler.pace import Pace
from scheduler.redrawing import Redrawer
from scheduler.report_desk import ReportDesk
from tests.conftest import KEYS
from tests.e2e.chat import Person

TOKEN = "777:e2e-canary-token-Zq81"
MORNING = datetime(2026, 11, 9, 1, 0, tzinfo=UTC)
"""09:00 in China on Monday 2026-11-09: two days after a check-up day that fell on a Saturday."""
CHECKUP_DOM = 9
STAFF = {
    "manager": (1001, Role.MANAGER, "411728106201"),
    "neighbour": (1002, Role.MANAGER, "411728106202"),
    "clinic": (1003, Role.CLINIC, "411728106"),
    "deputy": (1004, Role.DEPUTY, "411728106"),
    "leader": (1005, Role.LEADER, "411728106"),
    "admin": (1006, Role.ADMIN, "411728106"),
}
CANARY = "仇金丝雀"
PHONE = "13987654321"
RESIDENTS = ("王秀英", "李红", "单国强", CANARY, "赵邻居")


Populated = tuple[dict[str, Actor], dict[str, int]]
"""The staff and the residents, by name."""


@dataclass
class World:
    """What a test holds in its hands."""

    database: Database
    clock: MovableClock
    http: ClientSession
    base: str
    server: Server
    service: TelegramService
    dispatcher: Dispatcher
    redrawer: Redrawer
    actors: dict[str, Actor] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    async def person(self, user_id: int, first_name: str = "甲", language: str = "zh-hans") -> Person:
        """Bring somebody to the chat network."""
        body = {"id": user_id, "first_name": first_name, "language_code": language, "is_known": True}
        async with self.http.post(f"{self.base}/control/people", json=body) as response:
            assert response.status == 200, await response.text()
        return Person(self.http, self.base, user_id, user_id)

    async def dispatch(self) -> int:
        """Send what is planned and due, as the running bot does within two seconds; returns how many messages."""
        return await self.dispatcher.run()

    async def work_on_files(self) -> int:
        """Work on the files that were sent in, as the running bot does within a second; returns how many."""
        return await ImportDesk(self.database, self.service.messenger).run()

    async def make_reports(self) -> int:
        """Make the reports that were asked for, as the running bot does within a second; returns how many."""
        return await ReportDesk(self.database, self.service.messenger, edit_every=0).run()

    async def staff(self, name: str) -> Person:
        """Bring a member of staff to the chat network."""
        return await self.person(STAFF[name][0], name)


async def populate(database: Database) -> Populated:
    """Make two villages with their staff and a few residents, through the store."""
    async with database.transaction() as session:
        villages = await _places(session)
        actors = {}
        for name, (user_id, role, code) in STAFF.items():
            place = await places.by_code(session, code)
            actors[name] = await staff.add(session, user_id, user_id, role, place, name=name)
        people = await _residents(session, actors, villages)
    return actors, people


async def _places(session: StoreSession) -> list[places.PlaceRow]:
    township = await places.add(session, "411728106", PlaceKind.TOWNSHIP, "沈寨镇", checkup_dom=CHECKUP_DOM)
    villages = []
    for code, name in (("411728106201", "大王庄"), ("411728106202", "小李村")):
        village = await places.add(session, code, PlaceKind.VILLAGE, name, parent=township, checkup_dom=CHECKUP_DOM)
        villages.append(village)
        for n, group in enumerate(("一组", "二组"), 1):
            await places.add(session, f"{code}{n:02}", PlaceKind.GROUP, group, parent=village)
    return villages


async def _residents(
    session: StoreSession, actors: dict[str, Actor], villages: list[places.PlaceRow]
) -> dict[str, int]:
    manager, neighbour = actors["manager"], actors["neighbour"]
    everything = frozenset(Purpose)
    people = {}
    for name, born, programmes in (
        ("王秀英", date(1956, 3, 12), ("checkup", "hypertension")),
        ("李红", date(1988, 7, 1), ("checkup",)),
        ("单国强", date(1949, 1, 5), ("checkup", "diabetes")),
        (CANARY, date(1970, 5, 5), ("checkup",)),
    ):
        sex = Sex.MALE if name == "单国强" else Sex.FEMALE
        phone = PHONE if name == CANARY else None
        registration = Registration(name, sex, born, phone=phone, consents=everything, programmes=programmes)
        stored = await residents.register(session, manager, registration)
        people[name] = stored.person.id
    other = Registration("赵邻居", Sex.FEMALE, date(1960, 2, 2), consents=everything, programmes=("checkup",))
    people["赵邻居"] = (await residents.register(session, neighbour, other)).person.id
    private = Registration("周无同意", Sex.FEMALE, date(1965, 4, 4))
    people["周无同意"] = (await residents.register(session, manager, private)).person.id
    clinic = actors["clinic"]
    anchors = {Anchor.LMP: date(2026, 8, 1)}
    await enrolments.enrol(session, clinic, people["李红"], "antenatal", anchors=anchors)
    return people


@asynccontextmanager
async def serve(clock: MovableClock, *, limits: bool = False) -> AsyncIterator[tuple[Server, str]]:
    """Run a Bot API server on a free port of loopback."""
    app = create_server(TOKEN, clock, limits, redelivery_pause=0.05)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield app[WORLD], f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def names_are_protected(server: Server) -> None:
    """Hold that nobody was ever named in place of a message that can be forwarded: an edit doesn't protect it.

    What is sent anew may repeat a name that was typed, or have one as an example.
    """
    for call in server.calls.calls:
        if call.method.lower() == "editmessagetext" and _names_somebody(call):
            message = server.messages.get(int(call.params["chat_id"]), {}).get(int(call.params["message_id"]))
            assert message is None or message.protected, f"named without protection: {call.params}"


def _names_somebody(call: Call) -> bool:
    return any(name in str(call.params.get("text", "")) for name in RESIDENTS)


@asynccontextmanager
async def open_alone() -> AsyncIterator[World]:
    """Run the application on a database of its own, outside pytest, until the block ends."""
    clock = MovableClock(MORNING)
    with TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/township.db"
        await upgrade(url)
        database = Database(url, Keyring.parse(KEYS), clock)
        async with open_world(database, clock) as world:
            yield world
        await database.close()


@asynccontextmanager
async def open_world(
    database: Database, clock: MovableClock, *, hook: Hook | None = None, known: Populated | None = None
) -> AsyncIterator[World]:
    """Run the application until the block ends; the database is populated first, unless it is `known` to be."""
    actors, people = known or await populate(database)
    async with serve(clock) as (server, base), ClientSession() as http:
        connection = Connection(TOKEN, base, hook, long_poll=5)
        service = TelegramService(connection, database, ROUTES, translator, LANGUAGES)
        dispatcher = Dispatcher(database, service.messenger, Pace(inf, per_chat=0))
        redrawer = Redrawer(database, service.messenger, roster_page.compose, Pace(inf, per_chat=0))
        await service.start()
        redrawer.start()
        try:
            yield World(database, clock, http, base, server, service, dispatcher, redrawer, actors, people)
        finally:
            await redrawer.stop(5.0)
            await service.stop(5.0)
        names_are_protected(server)
