"""The application put together and run until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.memory import settle, trim
from bot.opening import open_database
from bot.settings import Settings
from bot.telegram.routing import Routes
from bot.telegram.service import Connection, Hook, TelegramService
from bot.watching.serving import HealthServer
from bot.watching.standing import Phase, Watch
from handlers import errors, roster_page, routes
from locales.translator import LANGUAGES, translator
from models.migrations.upgrade import is_current, upgrade
from models.rules.clock import Clock
from models.store import places, search
from models.store.database import Database
from scheduler.dispatcher import Dispatcher
from scheduler.import_desk import ImportDesk
from scheduler.jobs import Job, Ticker, tidy
from scheduler.pace import Pace
from scheduler.planner import Planner
from scheduler.publication_desk import PublicationDesk
from scheduler.redrawing import Redrawer
from scheduler.report_desk import ReportDesk
from scheduler.tallying import Tallier

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(seconds=2)
"""So often the outbox is looked at; what a turn plans wakes the dispatcher at once."""
PLAN_EVERY = timedelta(seconds=10)
"""So often it is looked whether a township has to be planned: something changed there, or it was some time ago."""
LONGEST_PLANS = timedelta(minutes=30)
"""So long planning may take, after a change of programmes that moves everybody's dates, before somebody should look."""
COUNT_EVERY = timedelta(minutes=1)
"""So often it is looked whether counts changed, so that whoever asks for figures finds them counted."""
FILES_EVERY = timedelta(seconds=1)
PLACES_EVERY = timedelta(seconds=2)
"""So often it is looked whether somebody sent a file; somebody who did waits for it."""
REPORTS_EVERY = timedelta(seconds=1)
"""So often it is looked whether somebody asked for a report; somebody who did waits for it."""
REDRAW_EVERY = timedelta(seconds=1)
"""So often it is looked whether a message with a roster is out of date; a tap in this process wakes the redrawer."""
TRIM_EVERY = timedelta(seconds=30)
"""So often what counting and planning took is handed back to the system."""
LONGEST_REPORTS = timedelta(minutes=15)
"""So long the reports that everybody asked for at once may take before somebody should look."""
LONGEST_FILES = timedelta(hours=1)
"""So long the files that were sent together may take before somebody should look."""

ROUTES = Routes(
    commands=routes.COMMANDS,
    taps=routes.TAPS,
    menu=routes.MENU,
    typed=routes.typed,
    addressed=routes.addressed,
    moved=routes.moved,
    document=routes.document,
    unsupported=routes.unsupported,
    expected=errors.EXPECTED,
    explain=errors.explain,
)


class NotMigrated(Exception):
    """The database's tables are not those of this version; `suifang migrate` brings them up to date."""


def telegram_service(settings: Settings, database: Database, token: str, api_url: str) -> TelegramService:
    """Return the Telegram side of the bot."""
    hook = None
    if settings.webhook_url is not None and settings.webhook_secret is not None:
        secret = settings.webhook_secret.get_secret_value()
        hook = Hook(settings.webhook_url, secret, settings.webhook_host, settings.webhook_port)
    connection = Connection(token, api_url, hook, settings.parallel_chats)
    return TelegramService(connection, database, ROUTES, translator, LANGUAGES, Pace(settings.messages_per_second))


async def run(settings: Settings, clock: Clock | None = None) -> None:
    """Run with Telegram (or the Bot API server that is set) until SIGTERM or SIGINT.

    Args:
        settings: what the operator has set.
        clock: by which everything is due; the machine's, if not said.

    Raises:
        NotMigrated: before anything is taken.
    """
    assert settings.telegram_token is not None  # noqa: S101 - local mode is run by bot.local
    database = open_database(settings, clock)
    if not await is_current(settings.database):
        raise NotMigrated
    token = settings.telegram_token.get_secret_value()
    service = telegram_service(settings, database, token, settings.telegram_api_url)
    await until_stopped(service, database, settings)


async def until_stopped(
    service: TelegramService,
    database: Database,
    settings: Settings,
    on_ready: Callable[[], Awaitable[None]] | None = None,
    moved: asyncio.Event | None = None,
) -> None:
    """Start, tick, tell how things stand, wait for the signal to stop, and drain.

    `moved` is set whenever somebody has moved the clock: what is due by then is done and said at once.
    """
    stop = _stop_signal()
    dispatcher = Dispatcher(database, service.messenger, service.pace)
    ticker = Ticker()
    tidying = tidy(database)
    ticker.every(timedelta(hours=1), "tidy", tidying)
    ticker.every(LOOK_EVERY, "dispatch", dispatcher.wake)
    planner = Planner(database)
    ticker.every(PLAN_EVERY, "plan", planner.wake, longest=LONGEST_PLANS)
    ticker.every(COUNT_EVERY, "tallies", Tallier(database).wake, longest=LONGEST_PLANS)
    desk = ImportDesk(database, service.messenger)
    ticker.every(FILES_EVERY, "imports", desk.wake, longest=LONGEST_FILES)
    reports = ReportDesk(database, service.messenger)
    ticker.every(REPORTS_EVERY, "reports", reports.wake, longest=LONGEST_REPORTS)
    looking_up = PublicationDesk(database, service.messenger)
    ticker.every(PLACES_EVERY, "places", looking_up.wake)
    redrawer = Redrawer(database, service.messenger, roster_page.compose, service.pace)
    ticker.every(REDRAW_EVERY, "redraw", redrawer.wake)
    ticker.every(TRIM_EVERY, "memory", trim)
    watch = Watch(database, lambda: service.health, ticker.watchdog, dispatcher.fates)
    server = HealthServer(watch)
    if settings.health_port:
        await server.open(settings.health_host, settings.health_port)
    starting = asyncio.create_task(_start(service, ticker, dispatcher, redrawer, watch, on_ready))
    stopping = asyncio.create_task(stop.wait())
    preparing = asyncio.create_task(prepare_search(database))
    following = asyncio.create_task(_follow(moved or asyncio.Event(), tidying, planner, dispatcher))
    try:
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await stop.wait()
    finally:
        for task in (starting, stopping, preparing, following):
            task.cancel()
        await asyncio.gather(starting, stopping, preparing, following, return_exceptions=True)
        watch.phase = Phase.STOPPING
        ticker.stop()
        loop = asyncio.get_running_loop()
        drain_seconds = settings.drain_seconds
        end = loop.time() + drain_seconds
        halves = (one.stop(drain_seconds / 2) for one in (dispatcher, desk, reports, redrawer))
        await asyncio.gather(*halves)
        await service.stop(max(0.0, end - loop.time()))
        await server.close()
        await database.close()
        log.info("stopped")


async def _follow(moved: asyncio.Event, tidying: Job, planner: Planner, dispatcher: Dispatcher) -> None:
    """Tidy, plan and send whenever the clock was moved, without waiting for a tick."""
    while True:
        await moved.wait()
        moved.clear()
        try:
            await tidying()
            await planner.run()
            await dispatcher.wake()
        except Exception as error:  # the next tick does it
            log.exception("plan_failed", error=type(error).__name__)


async def prepare_search(database: Database) -> None:
    """Read the names of each township into memory, so that nobody waits for that at the first search."""
    try:
        async with database.reading() as session:
            for township in await places.townships(session):
                await search.prepare(session, township.id)
    except Exception as error:  # the first search does it then
        log.warning("search_not_prepared", error=type(error).__name__)


async def _start(
    service: TelegramService,
    ticker: Ticker,
    dispatcher: Dispatcher,
    redrawer: Redrawer,
    watch: Watch,
    on_ready: Callable[[], Awaitable[None]] | None,
) -> None:
    await service.start()
    settle()
    dispatcher.start()
    redrawer.start()
    ticker.start()
    watch.phase = Phase.RUNNING
    if on_ready is not None:
        await on_ready()
    log.info("ready")


def _stop_signal() -> asyncio.Event:
    """Return the event that SIGTERM or SIGINT sets; the second signal ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask(number: signal.Signals) -> None:
        stop.set()
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, ask, number)
    return stop


async def migrate(settings: Settings) -> None:
    """Bring the database's tables up to date."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await upgrade(settings.database)
