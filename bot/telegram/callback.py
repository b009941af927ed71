"""Buttons that can't be forged: what a tap means, signed for one person in one chat and dated.

A button carries at most 64 bytes (Bot API, InlineKeyboardButton.callback_data). Ours are

    signature (12 characters, 72 bits) · day (3 characters, base 36) · action|argument|argument

so that at most 49 bytes are left for the action and its arguments.
"""

from __future__ import annotations

import base64
import binascii
from datetime import date, timedelta
from enum import StrEnum

from locales.message import Tap
from models.store.keyring import Keyring

LONGEST_DATA = 64
_SIGNATURE_BYTES = 9
_SIGNATURE = 12
_DAY = 3
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SEPARATOR = "|"
_PURPOSE = "callback"
_FIRST_DAY = date(2020, 1, 1)


class Refusal(StrEnum):
    """Why a tap was refused; the value is the text key of the notice."""

    REFUSED = "taps.refused"
    EXPIRED = "taps.expired"


class TapRefused(Exception):
    """A tap that has no effect: tampered with, made for somebody else, or too old."""

    def __init__(self, reason: Refusal) -> None:
        """Refuse for `reason`."""
        super().__init__(reason)
        self.reason = reason


class TapSigner:
    """Writes and reads what buttons carry."""

    def __init__(self, keyring: Keyring, *, days: int = 30) -> None:
        """Sign with `keyring`; a button works for `days` days after the one on which it was made."""
        self._keyring = keyring
        self._days = days

    def write(self, tap: Tap, *, user_id: int, chat_id: int, day: date) -> str:
        """Return the data of a button that only `user_id` may press, in `chat_id`, made on `day` (UTC).

        Raises:
            ValueError: when the tap doesn't fit or an argument holds the separator `|`.
        """
        if any(_SEPARATOR in part for part in (tap.action, *tap.args)):
            raise ValueError(f"the tap {tap.action} has a part with {_SEPARATOR!r} in it")
        body = _stamp(day) + _SEPARATOR.join((tap.action, *tap.args))
        signed = self._keyring.sign(_PURPOSE, _bound(body, user_id, chat_id))[:_SIGNATURE_BYTES]
        data = base64.urlsafe_b64encode(signed).decode() + body
        if len(data.encode()) > LONGEST_DATA:
            raise ValueError(f"the tap {tap.action} is too long for a button")
        return data

    def read(self, data: str, *, user_id: int, chat_id: int, today: date) -> Tap:
        """Return what `data` means when `user_id` presses it in `chat_id`.

        Raises:
            TapRefused: when it wasn't made by us for that person and chat, or is too old.
        """
        signature, body = _unpacked(data[:_SIGNATURE]), data[_SIGNATURE:]
        if not self._keyring.verify(_PURPOSE, _bound(body, user_id, chat_id), signature):
            raise TapRefused(Refusal.REFUSED)
        age = (today - _day(body[:_DAY])).days
        if age > self._days or age < -1:
            raise TapRefused(Refusal.EXPIRED)
        action, *args = body[_DAY:].split(_SEPARATOR)
        return Tap(action, tuple(args))


def _bound(body: str, user_id: int, chat_id: int) -> bytes:
    return f"{user_id}:{chat_id}:{body}".encode("utf-8", "replace")


def _unpacked(signature: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(signature.encode("utf-8", "replace"))
    except binascii.Error:
        return b""


def _stamp(day: date) -> str:
    number = (day - _FIRST_DAY).days
    digits = ""
    for _ in range(_DAY):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _day(stamp: str) -> date:
    return _FIRST_DAY + timedelta(days=int(stamp, 36))
