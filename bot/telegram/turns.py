"""One update inside one open transaction: what it meets, what its handler does, what is owed for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import orjson
import structlog

from bot.logging import frames
from bot.telegram.calls import Batch, pack
from bot.telegram.incoming import Incoming, Json, read
from bot.telegram.rendering import Reader, Renderer
from bot.telegram.routing import App, Arrival, Router
from handlers.context import Chat, Turn
from locales.message import Edit, Message, Reply, Say, Text
from models.store import deadletters, drafts, inbox
from models.store.database import StoreSession
from models.store.deadletters import Letter
from models.store.inbox import Opened

HANDLER_SECONDS = 30.0
_log = structlog.get_logger("bot.telegram")


class HandlerTooSlow(Exception):
    """A handler didn't return in time."""


class HandlerCancelled(Exception):
    """A handler let a cancellation through that nobody had asked for; unchanged it would end the chat's worker."""


@dataclass(slots=True, repr=False)
class Work:
    """One update and how far it has come.

    Attributes:
        failures: how often its handler failed.
        error: the class name of the last failure.
        refusal: an expected exception that is to be answered in the next attempt.
        prepared: what the last attempt that reached its commit owes.
        language: in which the person is answered, once that is known.
        opened: whether the last attempt got its transaction.
        in_handler: whether the handler is running, or its replies are being worded.
        in_burial: whether it is being given up.
    """

    update_id: int
    chat_id: int
    update: Json
    failures: int = 0
    error: str = ""
    refusal: Exception | None = None
    prepared: Batch | None = None
    language: str | None = None
    opened: bool = False
    in_handler: bool = False
    in_burial: bool = False

    @classmethod
    def of_letter(cls, letter: Letter) -> Work:
        """Return the work that a dead letter is."""
        return cls(letter.update_id, letter.chat_id, orjson.loads(letter.payload or b"{}"))


class Turns:
    """Handles updates in transactions that others open and commit."""

    def __init__(
        self, application: App, router: Router, renderer: Renderer, expect_drawing: Callable[[], None]
    ) -> None:
        """Dispatch through `application`; `expect_drawing` makes ready what draws."""
        self._expect_drawing = expect_drawing
        self._application = application
        self._router = router
        self._renderer = renderer
        self._bot_name = ""

    @property
    def expected(self) -> tuple[type[Exception], ...]:
        """Exceptions of handlers that are answers, not failures."""
        return self._router.routes.expected

    def name_bot(self, username: str) -> None:
        """Say what the bot is called: commands may name it."""
        self._bot_name = username

    async def take(self, work: Work, session: StoreSession) -> Batch | None:
        """Let the update have its effect and return what is owed for it; nothing when it had it before.

        Raises:
            Exception: what reading, the handler or the rendering let through; the transaction must roll back.
        """
        work.in_handler = False
        now = session.clock.now()
        incoming = read(work.update, self._bot_name)
        arrival = self._router.locate(incoming, now.date())
        opened = await inbox.open_turn(session, work.update_id, work.chat_id, incoming.user_id)
        if opened.seen:
            return work.prepared
        turn = self._turn(session, incoming, arrival, opened)
        work.in_handler = True
        await self._dispatch(work, arrival, turn)
        work.language = turn.language
        batch = self._batch(work, turn.replies, self._reader(incoming, work, session))
        work.in_handler = False
        await _bind_edits(session, turn)
        return await _owe(work, session, batch)

    async def bury(self, work: Work, session: StoreSession) -> Batch | None:
        """Give the update up: keep it as a dead letter, record it, and apologise if that can be worded."""
        work.in_burial, work.in_handler = True, False
        await inbox.lock_chat(session, work.chat_id)
        await deadletters.bury(session, work.update_id, work.chat_id, orjson.dumps(work.update), work.error)
        return await _owe(work, session, self._apology(work, session))

    def _turn(self, session: StoreSession, incoming: Incoming, arrival: Arrival, opened: Opened) -> Turn:
        chat = Chat(incoming.chat_id, incoming.user_id, incoming.is_private, incoming.language_hint, incoming.name)
        return Turn(
            session=session,
            chat=chat,
            now=session.clock.now(),
            actor=opened.actor,
            draft=opened.draft,
            text=incoming.text,
            tap=arrival.tap,
            document=incoming.document,
            message_id=incoming.message_id,
            is_protected=incoming.is_protected,
            bot_name=self._bot_name,
            expect_drawing=self._expect_drawing,
        )

    async def _dispatch(self, work: Work, arrival: Arrival, turn: Turn) -> None:
        work.language = turn.language
        if work.refusal is not None:
            self._router.routes.explain(turn, work.refusal)
        elif arrival.refusal is not None:
            turn.toast(Text.of(arrival.refusal.value))
        elif arrival.route is not None:
            arrival.turn = turn
            try:
                async with asyncio.timeout(HANDLER_SECONDS):
                    await self._application.process_update(arrival)
            except TimeoutError:
                raise HandlerTooSlow from None
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                raise HandlerCancelled from None
            if arrival.failure is not None:
                raise arrival.failure

    def _reader(self, incoming: Incoming, work: Work, session: StoreSession) -> Reader:
        language = work.language or ("zh-CN" if (incoming.language_hint or "zh").startswith("zh") else "en")
        day = session.clock.now().date()
        return Reader(incoming.chat_id, incoming.user_id, language, day, incoming.callback_id)

    def _apology(self, work: Work, session: StoreSession) -> Batch | None:
        """Return the apology; none where even that fails, because nothing may keep a burial from its end."""
        incoming = _read_or_bare(work, self._bot_name)
        if not incoming.user_id:
            return None
        try:
            sorry = Say(Message(Text.of("errors.dead_letter")))
            return self._batch(work, [sorry], self._reader(incoming, work, session))
        except Exception as error:
            _log.error("apology_failed", update_id=work.update_id, error=type(error).__name__, frames=frames(error))
            return None

    def _batch(self, work: Work, replies: list[Reply], reader: Reader) -> Batch | None:
        calls = self._renderer.render(replies, reader)
        return Batch(work.update_id, work.chat_id, reader.language, calls) if calls else None


async def _owe(work: Work, session: StoreSession, batch: Batch | None) -> Batch | None:
    await inbox.record(session, work.update_id, work.chat_id, None if batch is None else pack(batch))
    return batch


async def _bind_edits(session: StoreSession, turn: Turn) -> None:
    """Bind a draft to the message that an edit makes its own: its number is known before it is sent."""
    known = None if turn.draft is None else (turn.draft.id, turn.draft.message_id)
    for reply in turn.replies:
        if isinstance(reply, Edit) and reply.draft_id is not None and known != (reply.draft_id, reply.message_id):
            await drafts.bind_message(session, reply.draft_id, reply.message_id)


def _read_or_bare(work: Work, bot_name: str) -> Incoming:
    try:
        return read(work.update, bot_name)
    except ValueError:
        return Incoming(work.update_id, chat_id=work.chat_id)
