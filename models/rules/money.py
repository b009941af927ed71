"""Money: whole 分 in storage, yuan or 万元 (10,000 yuan) as people write it."""

from __future__ import annotations

import re
from decimal import Decimal

from models.rules.errors import InputError
from models.rules.typed import plain

EXAMPLE = "1.5万"
FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
MAX_FEN = 10**15
_AMOUNT = re.compile(
    r"[¥￥]?\s*(\d{1,3}(?:,\d{3})+|\d{1,15})(\.\d{1,8})?\s*(万)?\s*(?:元|块钱?|yuan|RMB)?", re.IGNORECASE
)


def parse(text: str) -> int:
    """Return the amount in 分: `1.5万` is 1,500,000; without 万 the number is yuan.

    Raises:
        InputError: `money` when it is no amount, `money_fen` when it is finer than one 分, `money_large`.
    """
    found = _AMOUNT.fullmatch(plain(text))
    if found is None:
        raise InputError("money", EXAMPLE)
    number = Decimal(found[1].replace(",", "") + (found[2] or ""))
    fen = number * (FEN_PER_WAN if found[3] else FEN_PER_YUAN)
    if fen != fen.to_integral_value():
        raise InputError("money_fen", EXAMPLE)
    if fen > MAX_FEN:
        raise InputError("money_large", EXAMPLE)
    return int(fen)


def format_wan(fen: int) -> str:
    """Return an amount in 万元 without loss, which `parse` reads back: `1.5万元`."""
    return f"{(Decimal(fen) / FEN_PER_WAN).normalize():f}万元"


def in_yuan(fen: int) -> str:
    """Return an amount in yuan without loss, which `parse` reads back: `960`, `960.50`."""
    yuan, rest = divmod(fen, FEN_PER_YUAN)
    return f"{yuan}.{rest:02}" if rest else f"{yuan}"
