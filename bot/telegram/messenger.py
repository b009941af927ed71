"""What the bot says outside a turn, as Telegram calls: one attempt each, and what its failure means."""

from __future__ import annotations

from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.telegram.api import Api
from bot.telegram.calls import Call
from bot.telegram.errors import InDoubt, NotSent, TooLarge, TooMany, has_no_chat, may_not_post
from bot.telegram.outage import Outage
from bot.telegram.rendering import Reader, Renderer
from bot.telegram.sending import TOKEN_HINT, UNEDITABLE, flagged
from bot.telegram.studio import Studio
from locales.message import Edit, Message, Reply, Say
from models.rules.clock import Clock
from models.rules.publications import Spot
from scheduler.messenger import MAY_NOT_POST, Addressee, Fate, FileGone, FileTooLarge, Found, Sent, Unreachable

TOO_BIG = "file is too big"
"""What Telegram says of a file that no bot may fetch (20 MB and more)."""


class TelegramMessenger:
    """Sends, edits and fetches, for the scheduler."""

    def __init__(self, api: Api, renderer: Renderer, clock: Clock, outage: Outage, log: Any, studio: Studio) -> None:
        """Call through `api`; tell `outage` when Telegram can't be reached."""
        self._api = api
        self._studio = studio
        self._renderer = renderer
        self._clock = clock
        self._outage = outage
        self._log = log

    async def send(self, to: Addressee, message: Message, *, may_repeat: bool = False) -> Sent:
        """Send a message once.

        Raises:
            PersonalToGroup, TooLong, ValueError: it can't be rendered; nothing was sent.
        """
        call = await self._studio.finished(self._rendered(to, Say(message)), to.language)
        if may_repeat:
            call = flagged(call, self._renderer.words(to.language))
        return await self._attempt(call)

    async def edit(self, to: Addressee, message_id: int, message: Message) -> Sent:
        """Replace a message once, or send it anew where it can't be replaced any more.

        Raises:
            PersonalToGroup, TooLong, ValueError: it can't be rendered; nothing was sent.
        """
        call = await self._studio.finished(self._rendered(to, Edit(message_id, message)), to.language)
        return await self._attempt(call)

    async def fetch(self, file_id: str, most: int) -> bytes:
        """Return the content of a file.

        Raises:
            FileTooLarge, FileGone, Unreachable: there is no content to return.
        """
        try:
            found = await self._api.call("getFile", {"file_id": file_id})
            if int(found.get("file_size") or 0) > most:
                raise FileTooLarge
            return await self._api.download(str(found["file_path"]), most)
        except TooLarge:
            raise FileTooLarge from None
        except (BadRequest, Forbidden) as error:
            raise (FileTooLarge if TOO_BIG in error.message.lower() else FileGone) from None
        except (InvalidToken, KeyError):  # a path that the server does not serve (any more)
            raise FileGone from None
        except TelegramError as error:
            raise Unreachable(type(error).__name__) from None

    async def look_up(self, name: str) -> Found:
        """Return a group or channel, and whether the bot may post there.

        Raises:
            Unreachable: nobody knows now.
        """
        try:
            chat = await self._api.call("getChat", {"chat_id": name})
            if chat["type"] == "private":
                return Found(Spot.PRIVATE)
            member = await self._membership(chat["id"])
        except Forbidden:
            return Found(Spot.NOT_MEMBER)
        except (BadRequest, ChatMigrated):
            return Found(Spot.UNKNOWN)
        except TelegramError as error:
            raise Unreachable(type(error).__name__) from None
        return Found(_spot(chat["type"], member), chat["id"], str(chat.get("title", "")))

    async def _membership(self, chat_id: int) -> dict[str, Any]:
        """Return what the bot is in a chat; a public channel shows that to nobody who isn't in it."""
        me = await self._api.call("getMe", {})
        try:
            member: dict[str, Any] = await self._api.call("getChatMember", {"chat_id": chat_id, "user_id": me["id"]})
        except BadRequest:
            return {"status": "left"}
        return member

    def _rendered(self, to: Addressee, reply: Reply) -> Call:
        reader = Reader(to.chat_id, to.user_id, to.language, self._clock.now().date())
        [call] = self._renderer.render([reply], reader)
        return call

    async def _attempt(self, call: Call) -> Sent:
        try:
            result = await self._api.make(call)
        except (NotSent, InvalidToken, InDoubt) as error:
            self._outage.lost(self, error, TOKEN_HINT if isinstance(error, InvalidToken) else None)
            return Sent(Fate.IN_DOUBT if isinstance(error, InDoubt) else Fate.NOT_SENT, error=type(error).__name__)
        except TelegramError as error:
            self._outage.back(self)
            return await self._refused(call, error)
        self._outage.back(self)
        return Sent(Fate.SENT, _message_id(call, result))

    async def _refused(self, call: Call, error: TelegramError) -> Sent:
        name = type(error).__name__
        if isinstance(error, TooMany):
            return Sent(Fate.TOO_MANY, retry_after=error.retry_after, error=name)
        if isinstance(error, ChatMigrated | Forbidden) or has_no_chat(error):
            return Sent(Fate.GONE, error=name)
        if may_not_post(error):
            return Sent(Fate.GONE, error=MAY_NOT_POST)
        if not isinstance(error, BadRequest):
            return Sent(Fate.NOT_SENT, error=name)
        words = error.message.lower()
        if call.method == "editMessageText":
            if "not modified" in words:
                return Sent(Fate.SENT, call.params["message_id"])
            if any(part in words for part in UNEDITABLE):
                return await self._attempt(call.as_new())
        self._log.error("message_refused", method=call.method)
        return Sent(Fate.REFUSED, error=name)


def _message_id(call: Call, result: Any) -> int | None:
    found = result.get("message_id") if isinstance(result, dict) else None
    return found if isinstance(found, int) else call.params.get("message_id")


def _spot(kind: str, member: dict[str, Any]) -> Spot:
    """Return whether a member may post: in a channel that is an admin's right."""
    status = member.get("status")
    if status in {"left", "kicked"}:
        return Spot.NOT_MEMBER
    if status == "creator":
        return Spot.FINE
    if kind == "channel":
        may_post = status == "administrator" and bool(member.get("can_post_messages"))
    else:
        may_post = status != "restricted" or bool(member.get("can_send_messages") and member.get("can_send_photos"))
    return Spot.FINE if may_post else Spot.MAY_NOT_POST
