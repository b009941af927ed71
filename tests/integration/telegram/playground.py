"""A small bot on a real Bot API server: what the tests of this folder play with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web

from bot.local.server.app import WORLD, create_server
from bot.telegram.request import Timeouts
from bot.telegram.routing import Routes
from bot.telegram.service import Connection, Hook, TelegramService
from handlers.context import Turn
from handlers.errors import EXPECTED
from locales.message import Attachment, Button, Commands, Edit, Menu, Message, Say, Tap, Text, Verbatim
from locales.translator import Translator
from models.rules.access import AccessDenied, Permission
from models.rules.clock import MovableClock
from models.store import drafts
from models.store.database import Database
from models.tables.drafts import DraftState

TOKEN = "4242:AAcanary-token_zz91"
LANGUAGES = ("zh-CN", "en")
TEXTS = {
    "taps.refused": "这个按钮不是给您的",
    "taps.expired": "这个按钮已过期",
    "errors.dead_letter": "对不起,这条没能处理",
    "errors.not_allowed": "没有权限",
    "replies.may_repeat": "(可能重复)",
    "replies.not_drawn": "没画出来",
    "t.echo": "答:{text}",
    "t.question": "第{n}题",
    "t.done": "完成:{answers}",
    "t.menu": "菜单",
    "t.card": "姓名 <b>{name}</b>",
    "t.unsupported": "只懂文字",
    "t.tapped": "按了{what}",
    "menu.due": "应访名单",
    "commands.form": "开始",
    "commands.echo": "回声",
}
ENGLISH = {key: f"en {value}" for key, value in TEXTS.items()} | {"menu.due": "Due list"}


def translate(language: str) -> Translator:
    """Return the words of the small bot."""
    return Translator(language, ENGLISH if language == "en" else TEXTS)


@dataclass(frozen=True)
class Sheet:
    """What draws its own words."""

    words: str

    def content(self) -> bytes:
        """Return them."""
        if self.words == "nothing":
            raise ValueError
        return self.words.encode()


@dataclass
class SmallBot:
    """The handlers, and what they saw.

    Attributes:
        runs: what was handled, in order, rolled back or not.
        poison: texts that a handler fails on.
        before: awaited by every handler first.
    """

    runs: list[tuple[int, str]] = field(default_factory=list)
    poison: set[str] = field(default_factory=set)
    before: Callable[[Turn], Awaitable[None]] | None = None

    def routes(self) -> Routes:
        """Return the routes."""
        commands = ("form", "card", "secret", "menu", "picture", "drawing", "buttons")
        return Routes(
            commands={name: getattr(self, name) for name in commands},
            taps={"pick": self.pick},
            menu={"menu.due": self.due},
            typed=self.typed,
            unsupported=self.unsupported,
            expected=EXPECTED,
            explain=lambda turn, error: turn.say(Text.of("errors.not_allowed")),
        )

    async def typed(self, turn: Turn) -> None:
        """Answer the open form, or echo."""
        text = await self._seen(turn)
        if turn.draft is None:
            turn.say(Text.of("t.echo", text=text))
            return
        answers = [*turn.draft.body.get("answers", []), text]
        assert await drafts.save_draft(turn.session, turn.draft.id, turn.draft.revision, {"answers": answers})
        question = Message(Text.of("t.question", n=len(answers) + 1))
        if turn.draft.message_id is None:
            turn.replies.append(Say(question, turn.draft.id))
        else:
            turn.replies.append(Edit(turn.draft.message_id, question, turn.draft.id))

    async def form(self, turn: Turn) -> None:
        """Open a form."""
        await self._seen(turn)
        draft = await drafts.open_draft(
            turn.session,
            chat_id=turn.chat.chat_id,
            user_id=turn.chat.user_id,
            staff_id=None,
            form="test",
            form_version=1,
        )
        turn.replies.append(Say(Message(Text.of("t.question", n=1)), draft.id))

    async def buttons(self, turn: Turn) -> None:
        """Show buttons."""
        await self._seen(turn)
        rows = tuple((Button(Verbatim(name), Tap.of("pick", name)),) for name in ("a", "b"))
        turn.say(Text.of("t.menu"), rows)

    async def pick(self, turn: Turn) -> None:
        """Answer a tap by an edit."""
        assert turn.tap is not None
        self.runs.append((turn.chat.chat_id, f"tap {turn.tap.args[0]}"))
        rows = tuple((Button(Verbatim(name), Tap.of("pick", name)),) for name in ("a", "b", "c"))
        turn.show(Message(Text.of("t.tapped", what=turn.tap.args[0]), rows))

    async def due(self, turn: Turn) -> None:
        """Answer the menu."""
        self.runs.append((turn.chat.chat_id, "menu.due"))
        turn.say(Text.of("t.menu"))

    async def menu(self, turn: Turn) -> None:
        """Show the reply keyboard and set commands."""
        turn.replies.append(Commands(("form",)))
        turn.replies.append(Say(Message(Text.of("t.menu"), menu=Menu((("menu.due",),)))))

    async def picture(self, turn: Turn) -> None:
        """Send a document."""
        turn.replies.append(Say(Message(Text.of("t.menu"), attachment=Attachment("列表.txt", b"abc"))))

    async def drawing(self, turn: Turn) -> None:
        """Send a document that is drawn when this is committed: of "nothing", nothing can be drawn."""
        await self._seen(turn)
        file = Attachment("图.txt", Sheet(turn.text or ""))
        turn.replies += [Say(Message(Text.of("t.menu"), attachment=file)), Say(Message(Text.of("t.echo", text="后")))]

    async def card(self, turn: Turn) -> None:
        """Say something personal."""
        turn.say(Text.of("t.card", name=turn.text or "王<秀英>&"), protect=True)

    async def secret(self, turn: Turn) -> None:
        """Need more than anybody here may, after having changed something."""
        await self.form(turn)
        raise AccessDenied(Permission.STAFF_INVITE)

    async def unsupported(self, turn: Turn) -> None:
        """Say what isn't understood."""
        turn.say(Text.of("t.unsupported"))

    async def _seen(self, turn: Turn) -> str:
        text = turn.text or ""
        self.runs.append((turn.chat.chat_id, text))
        if self.before is not None:
            await self.before(turn)
        if text in self.poison:
            raise ValueError(f"cannot handle {text}")
        return text


class Playground:
    """A Bot API server, the people on it, and a bot that talks to it."""

    def __init__(self, database: Database, clock: MovableClock, http: aiohttp.ClientSession) -> None:
        """Play on `database`."""
        self.database = database
        self.clock = clock
        self.bot = SmallBot()
        self._http = http
        self._runner: web.AppRunner | None = None
        self.url = ""
        self.services: list[TelegramService] = []

    async def open(self) -> None:
        """Start the server."""
        server = create_server(TOKEN, self.clock, limits=False, username="small_bot", redelivery_pause=0.05)
        self.world = server[WORLD]
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Stop everything."""
        for service in self.services:
            await service.stop(0.2)
        if self._runner is not None:
            await self._runner.cleanup()

    def service(
        self, *, token: str = TOKEN, hook: Hook | None = None, timeouts: Timeouts | None = None, url: str = ""
    ) -> TelegramService:
        """Make a bot; it is stopped at the end of the test."""
        connection = Connection(
            token, url or self.url, hook, long_poll=2, timeouts=timeouts or Timeouts(read=0.5, write=0.5)
        )
        service = TelegramService(connection, self.database, self.bot.routes(), translate, LANGUAGES)
        self.services.append(service)
        return service

    async def start(self, **how: Any) -> TelegramService:
        """Start a bot."""
        service = self.service(**how)
        await service.start()
        return service

    async def stop(self, service: TelegramService, grace: float = 5.0) -> bool:
        """Stop a bot."""
        self.services.remove(service)
        return await service.stop(grace)

    async def ask(self, method: str, path: str, /, **body: Any) -> Any:
        """Call the control API."""
        async with self._http.request(method, f"{self.url}/control/{path}", json=body or None) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    async def person(self, person_id: int, language: str = "zh-hans") -> None:
        """Let a person in."""
        await self.ask(
            "POST", "people", id=person_id, first_name=f"人{person_id}", language_code=language, is_known=True
        )

    async def write(self, chat_id: int, text: str, **more: Any) -> int:
        """Let a person write; returns the number of the message."""
        return int((await self.ask("POST", f"chats/{chat_id}/text", text=text, **more))["message_id"])

    async def tap(self, chat_id: int, label: str, **more: Any) -> Any:
        """Let a person tap; returns the tap with its answer."""
        return await self.ask("POST", f"chats/{chat_id}/tap", label=label, **{"wait": 5, **more})

    async def fault(self, kind: str, method: str, **more: Any) -> None:
        """Let calls fail."""
        await self.ask("POST", "faults", kind=kind, method=method, **more)

    async def calls(self, method: str) -> list[Any]:
        """Return the calls of a method."""
        return list((await self.ask("GET", f"calls?method={method}"))["calls"])

    async def said(self, chat_id: int) -> list[str]:
        """Return what the bot's messages in a chat say now."""
        chat = await self.ask("GET", f"chats/{chat_id}")
        return [m["text"] for m in chat["messages"] if m["from_bot"]]

    async def until_said(self, chat_id: int, expected: list[str], seconds: float = 10.0) -> None:
        """Wait until the bot's messages in a chat say exactly `expected`."""
        await self.until(lambda: self.said(chat_id), expected, seconds)

    async def until(self, read: Callable[[], Awaitable[Any]], expected: Any, seconds: float = 10.0) -> None:
        """Wait until `read()` is `expected`."""
        found: Any = None
        try:
            async with asyncio.timeout(seconds):
                while (found := await read()) != expected:  # noqa: ASYNC110 - what is awaited is on a server
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"{found!r} instead of {expected!r}") from None

    async def quiet(self) -> None:
        """Wait until no update waits at the server and no bot has anything under way."""

        async def left() -> int:
            waiting = len((await self.ask("GET", "updates"))["pending"])
            busy = (s.ingest.under_way() + s.delivery.total() for s in self.services)
            return waiting + sum(busy)

        await self.until(left, 0)

    async def drafts_of(self, user_id: int) -> list[list[str]]:
        """Return the answers in each open draft of a person."""
        async with self.database.reading() as session:
            rows = await drafts.list_open(session, user_id, user_id)
        return [row.body.get("answers", []) for row in rows]

    async def end_forms(self, user_id: int) -> None:
        """End a person's forms."""
        async with self.database.transaction() as session:
            for row in await drafts.list_open(session, user_id, user_id):
                await drafts.close(session, row.id, DraftState.CANCELLED)

    def later(self, days: int) -> None:
        """Move the clock."""
        self.clock.move(timedelta(days=days))
