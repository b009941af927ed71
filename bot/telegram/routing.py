"""Which handler an update goes to: python-telegram-bot's Application, filled with our routes.

The Application dispatches; what it dispatches is an `Arrival`, which carries the turn. Each command, each
button action and each entry of the reply keyboard is a route with a handler of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from telegram.ext import Application, ApplicationBuilder, BaseHandler, CallbackContext, ContextTypes

from bot.telegram.callback import Refusal, TapRefused, TapSigner
from bot.telegram.incoming import Incoming, Kind
from bot.telegram.rendering import Translate
from bot.telegram.request import AiohttpRequest
from handlers.context import Handler, Turn
from locales.message import Tap, Text

App = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Routes:
    """What the bot answers to.

    Attributes:
        commands: by name, without the slash.
        taps: by a button's action.
        menu: by the text key of a label on the reply keyboard.
        typed: any other text in a private chat.
        addressed: what is said to the bot in a group.
        moved: a group that has become another chat.
        document: a file in a private chat.
        unsupported: pictures, files and the like in a private chat, and commands that don't exist.
        expected: exceptions that are answers, not failures.
        explain: puts the answer to one of `expected` into the turn.
    """

    commands: Mapping[str, Handler]
    taps: Mapping[str, Handler]
    menu: Mapping[str, Handler]
    typed: Handler
    unsupported: Handler
    expected: tuple[type[Exception], ...]
    explain: Callable[[Turn, Exception], object]
    document: Handler | None = None
    addressed: Handler | None = None
    moved: Handler | None = None


@dataclass(slots=True, repr=False)
class Arrival:
    """An update on its way through the Application.

    Attributes:
        route: the key of its handler; `None` when nothing is to be done.
        tap: what the pressed button means.
        refusal: why the pressed button has no effect.
        turn: what the handler gets, once the transaction is open.
        failure: what the handler let through.
    """

    incoming: Incoming
    route: str | None = None
    tap: Tap | None = None
    refusal: Refusal | None = None
    turn: Turn | None = None
    failure: Exception | None = None

    def __repr__(self) -> str:
        """Name the update without saying anything about the person."""
        return f"Arrival({self.incoming!r})"


class Context(CallbackContext[Any, Any, Any, Any]):
    """python-telegram-bot's context with the turn in it."""

    turn: Turn

    @classmethod
    def from_update(cls, update: object, application: Any) -> Context:
        """Take the turn from the arrival."""
        context = cls(application)
        if isinstance(update, Arrival) and update.turn is not None:
            context.turn = update.turn
        return context


class Entry(BaseHandler[Arrival, Context, None]):
    """The Application's handler: gives an arrival to the handler of its route, inside the update's own task."""

    __slots__ = ("handlers",)

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        """Know all `handlers` by route: looked up, because trying hundreds one after another took a tenth of a turn."""
        super().__init__(self._run, block=True)
        self.handlers = handlers

    async def _run(self, arrival: Arrival, context: Context) -> None:
        await self.handlers[arrival.route or ""](context.turn)

    def check_update(self, update: object) -> bool:
        """Return whether the arrival has a route."""
        return isinstance(update, Arrival) and update.route in self.handlers


class Router:
    """Finds the route of an update."""

    def __init__(self, routes: Routes, signer: TapSigner, translate: Translate, languages: Sequence[str]) -> None:
        """Know `routes`; labels of the reply keyboard are recognised in each of `languages`."""
        self.routes = routes
        self._signer = signer
        self._labels = {
            translate(language).plain(Text.of(key)).strip(): key for language in languages for key in routes.menu
        }

    def entries(self) -> dict[str, Handler]:
        """Return all routes by key."""
        routes = self.routes
        found = {
            **{f"tap:{action}": handler for action, handler in routes.taps.items()},
            **{f"menu:{key}": handler for key, handler in routes.menu.items()},
            **{f"command:{name}": handler for name, handler in routes.commands.items()},
            "typed": routes.typed,
            "document": routes.document or routes.unsupported,
            "unsupported": routes.unsupported,
            "addressed": routes.addressed,
            "moved": routes.moved,
        }
        return {key: handler for key, handler in found.items() if handler is not None}

    def locate(self, incoming: Incoming, today: date) -> Arrival:
        """Return the arrival of `incoming` on `today` (UTC)."""
        arrival = Arrival(incoming)
        match incoming.kind:
            case Kind.TAP:
                self._locate_tap(arrival, today)
            case Kind.TEXT if not incoming.is_private:
                arrival.route = "addressed" if self.routes.addressed is not None else None
            case Kind.MOVED:
                arrival.route = "moved" if self.routes.moved is not None else None
            case Kind.TEXT:
                key = self._labels.get((incoming.text or "").strip())
                arrival.route = "typed" if key is None else f"menu:{key}"
            case Kind.COMMAND if incoming.command in self.routes.commands:
                arrival.route = f"command:{incoming.command}"
            case Kind.COMMAND if incoming.is_private:
                incoming.text = f"/{incoming.command} {incoming.text}".strip()
                arrival.route = "unsupported"
            case Kind.CONTENT if incoming.document is not None:
                arrival.route = "document"
            case Kind.CONTENT:
                arrival.route = "unsupported"
        return arrival

    def _locate_tap(self, arrival: Arrival, today: date) -> None:
        incoming = arrival.incoming
        try:
            tap = self._signer.read(incoming.data, user_id=incoming.user_id, chat_id=incoming.chat_id, today=today)
        except TapRefused as refused:
            arrival.refusal = refused.reason
            return
        if tap.action in self.routes.taps:
            arrival.tap, arrival.route = tap, f"tap:{tap.action}"
        else:
            arrival.refusal = Refusal.EXPIRED  # a button of an older version


def build_application(token: str, api_url: str, request: AiohttpRequest) -> App:
    """Return an Application that fetches nothing by itself and talks to `api_url` over `request`."""
    builder = ApplicationBuilder().token(token).request(request).get_updates_request(request)
    builder = builder.base_url(f"{api_url}/bot").base_file_url(f"{api_url}/file/bot")
    types = ContextTypes(context=Context)
    return builder.updater(None).job_queue(None).context_types(types).build()


def fill(application: App, router: Router) -> None:
    """Register every route, and hand back what handlers let through."""
    application.add_handler(Entry(router.entries()))
    application.add_error_handler(_hand_back, block=True)


async def _hand_back(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    if isinstance(update, Arrival) and isinstance(context.error, Exception):
        update.failure = context.error
