"""What people type, made plain before it is parsed."""

from __future__ import annotations

import unicodedata

MAX_LENGTH = 200
"""Longer input is cut: no date, number or measurement is that long."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_MARKS = {ord("，"): ",", ord("、"): ",", ord("。"): ".", ord("．"): "."}


def plain(text: str) -> str:
    """Return `text` with full-width forms made ordinary, dashes made hyphens, and blanks trimmed to single ones."""
    cut = unicodedata.normalize("NFKC", text.translate(_DASHES | _MARKS)[:MAX_LENGTH])
    return " ".join(cut.translate(_DASHES | _MARKS).split())


_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def chinese_number(text: str) -> int | None:
    """Return the number from 0 to 99 that `text` writes in digits or in Chinese (`十五`, `二十`, `廿一`), or `None`."""
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return int(text)
    if text == "卅":
        return 30
    text = text.replace("廿", "二十").replace("卅", "三十")
    if len(text) == 1 and text in _DIGITS:
        return _DIGITS[text]
    tens, ten, ones = text.partition("十")
    if not ten or any(part and part not in _DIGITS for part in (tens, ones)):
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


CHINESE_NUMBER = r"(?:\d{1,2}|[〇零一二两三四五六七八九十廿卅]{1,3})"
"""A number from 0 to 99 as `chinese_number` takes it, for use in patterns."""
