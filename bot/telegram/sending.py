"""One call carried through: tried again while that makes sense, and what its failure means."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from enum import Enum
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.telegram.api import Api
from bot.telegram.calls import Batch, Call
from bot.telegram.errors import InDoubt, NotSent, TooMany, has_no_chat
from bot.telegram.outage import Backoff, Outage
from bot.telegram.rendering import Translate, Words
from bot.telegram.studio import Studio
from locales.message import Text
from scheduler.pace import Pace

TOKEN_HINT = "The server refuses SUIFANG_TELEGRAM_TOKEN, or SUIFANG_TELEGRAM_API_URL is not a Bot API server."  # noqa: S105
A_LITTLE = 0.05
"""Seconds added to a `retry_after`."""
_TOAST_TRIES = 2
_DOUBT_TRIES = 10
UNEDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message to edit",
)


class Sent(Enum):
    """What came of a call."""

    DONE = "done"
    """Made, or it can never be made: nothing is owed any more."""
    GONE = "gone"
    """The chat can't be reached: the person blocked the bot, or there is no such chat."""
    OPEN = "open"
    """Given up for now; it stays owed."""


class Sender:
    """Makes calls, one at a time for its caller."""

    def __init__(self, api: Api, translate: Translate, outage: Outage, log: Any, pace: Pace, studio: Studio) -> None:
        """Call through `api`; tell `outage` when Telegram can't be reached, and `pace` what leaves."""
        self._api = api
        self._studio = studio
        self._pace = pace
        self._translate = translate
        self._outage = outage
        self._log = log

    async def send(self, call: Call, batch: Batch) -> tuple[Sent, Any]:
        """Carry `call` of `batch` through; return what came of it and the result of the API."""
        trial = _Trial(await self._studio.finished(call, batch.language), flagged=batch.may_repeat)
        try:
            while True:
                done = await self._try(trial, batch)
                if done is not None:
                    return done
        finally:
            self._outage.back(trial)

    async def _try(self, trial: _Trial, batch: Batch) -> tuple[Sent, Any] | None:
        if not trial.call.is_independent:
            self._pace.note(batch.chat_id)
        try:
            result = await self._api.make(self._worded(trial, batch.language))
        except TooMany as error:
            self._pace.hold(error.retry_after + A_LITTLE)
            await asyncio.sleep(error.retry_after + A_LITTLE)
            return None
        except ChatMigrated as error:
            trial.call = trial.call.to_chat(error.new_chat_id)
            return None
        except (Forbidden, BadRequest) as error:
            return self._refused(trial, error, batch)
        except (NotSent, InDoubt, InvalidToken) as error:
            return await self._unreachable(trial, error)
        return Sent.DONE, result

    def _worded(self, trial: _Trial, language: str) -> Call:
        return flagged(trial.call, self._translate(language)) if trial.flagged and trial.call.is_send else trial.call

    def _refused(self, trial: _Trial, error: TelegramError, batch: Batch) -> tuple[Sent, Any] | None:
        call, words = trial.call, error.message.lower()
        if has_no_chat(error):
            self._log.info("chat_unreachable", chat_id=batch.chat_id, error=type(error).__name__)
            return Sent.GONE, None
        if call.method == "editMessageText":
            if "not modified" in words:
                return Sent.DONE, None
            if any(part in words for part in UNEDITABLE):
                trial.call = call.as_new()
                return None
        if call.method not in {"deleteMessage", "answerCallbackQuery"}:  # gone and too late are no errors
            self._log.error("call_refused", method=call.method, update_id=batch.update_id)
        return Sent.DONE, None

    async def _unreachable(self, trial: _Trial, error: TelegramError) -> tuple[Sent, Any] | None:
        self._outage.lost(trial, error, TOKEN_HINT if isinstance(error, InvalidToken) else None)
        if isinstance(error, InDoubt):
            trial.doubts += 1
            trial.flagged = True
        if trial.call.method == "answerCallbackQuery" and trial.pauses.tries + 1 >= _TOAST_TRIES:
            return Sent.DONE, None  # nobody waits for it any more
        if trial.doubts >= _DOUBT_TRIES:
            self._log.error("call_given_up", method=trial.call.method, error=type(error).__name__)
            return (Sent.OPEN if trial.call.is_send else Sent.DONE), None
        await trial.pauses.pause()
        return None


def flagged(call: Call, words: Words) -> Call:
    """Return the sending `call` with the notice that it may be a repeat."""
    notice = words.render(Text.of("replies.may_repeat"))
    field = "text" if call.upload is None else "caption"
    return replace(call, params={**call.params, field: f"{notice}\n\n{call.params[field]}"})


class _Trial:
    """How far one call has come."""

    __slots__ = ("call", "doubts", "flagged", "pauses")

    def __init__(self, call: Call, *, flagged: bool) -> None:
        self.call = call
        self.flagged = flagged
        self.doubts = 0
        self.pauses = Backoff()
