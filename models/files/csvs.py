"""Text with delimiters, in the encodings and with the delimiters that offices in China write."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper

from models.files.limits import HEADER_WITHIN, FileRefused
from models.rules.importing.cells import Cell, Formula
from models.rules.importing.columns import read_header

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", "\t", ";", "，", "|")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BINARY = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
"""How spreadsheets are told not to round a number: `="13800138000"`."""
_CHUNK = 65_536


def rows(content: bytes, width: int) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Return the first `width` cells of the rows of a text, each with the line on which it ends.

    Raises:
        FileRefused: `file_encoding`, `file_kind` (no text at all), `file_damaged`.
    """
    encoding = encoding_of(content)
    delimiter = _delimiter(content, encoding)
    reader = csv.reader(_lines(content, encoding), delimiter=delimiter)
    try:
        for row in reader:
            yield reader.line_num, tuple(map(_cell, row[:width]))
    except csv.Error:
        raise FileRefused("file_damaged") from None


def encoding_of(content: bytes) -> str:
    """Return the encoding in which the whole of `content` can be read.

    Raises:
        FileRefused: `file_encoding`, or `file_kind` when it holds what no text has.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _proved(content, encoding)
    if _without_bom(content) is None and _BINARY.search(content):
        raise FileRefused("file_kind")
    for likely in (_without_bom(content), "utf-8", "gb18030"):
        if likely is not None and _decodes(content, likely):
            return _proved(content, likely)
    raise FileRefused("file_encoding")


def _without_bom(content: bytes) -> str | None:
    """Return the UTF-16 that every second byte of a header with digits and delimiters tells."""
    head = content[:4_000]
    if head[1::2].count(0) > len(head) // 16:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > len(head) // 16 else None


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        for _ in _chunks(content, encoding):
            pass
    except UnicodeError:
        return False
    return True


def _chunks(content: bytes, encoding: str) -> Iterator[str]:
    file = _lines(content, encoding)
    while chunk := file.read(_CHUNK):
        yield chunk


def _proved(content: bytes, encoding: str) -> str:
    try:
        if any(_CONTROL.search(chunk) for chunk in _chunks(content, encoding)):
            raise FileRefused("file_kind")
    except UnicodeError:
        raise FileRefused("file_encoding") from None
    return encoding


def _lines(content: bytes, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(BytesIO(content), encoding=encoding, newline="")


def _delimiter(content: bytes, encoding: str) -> str:
    """Return the delimiter with which a header is found; a comma if there is none with any."""
    for delimiter in _DELIMITERS:
        reader = csv.reader(_lines(content, encoding), delimiter=delimiter)
        try:
            if any(read_header(row) is not None for row, _ in zip(reader, range(HEADER_WITHIN), strict=False)):
                return delimiter
        except csv.Error:
            continue
    return ","


def _cell(text: str) -> Cell:
    if kept := _KEPT_AS_TEXT.fullmatch(text.strip()):
        return kept[1]
    return Formula(text) if text.lstrip().startswith("=") else text
