"""The zip package that an .xlsx is: looked over before anything of it is unpacked."""

from __future__ import annotations

import zipfile
from io import BytesIO

from models.files.limits import (
    LARGEST_OTHER_PART,
    LARGEST_STRINGS,
    LARGEST_UNPACKED,
    MOST_PACKED,
    MOST_PARTS,
    SMALL_PART,
    FileRefused,
)

_SHEETS = "xl/worksheets/"
_STRINGS = "xl/sharedstrings.xml"
_READ = (".xml", ".rels")
_HEAD = 2_048


def check(content: bytes) -> None:
    """Refuse a package that isn't a spreadsheet, or unpacks to more than it may.

    The sizes come from its directory; `zipfile` never unpacks more of a part than the directory says.

    Raises:
        FileRefused: `file_bomb`, `file_kind`, `file_locked`, `file_damaged`.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            _check_sizes(parts)
            if not any(part.filename.lower().startswith(_SHEETS) for part in parts):
                raise FileRefused("file_kind")
            for part in parts:
                _check_part(package, part)
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, EOFError):
        raise FileRefused("file_damaged") from None


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise FileRefused("file_bomb")
    for part in parts:
        if part.file_size > SMALL_PART and part.file_size > MOST_PACKED * max(part.compress_size, 1):
            raise FileRefused("file_bomb")
        if part.file_size > _most(part.filename.lower()):
            raise FileRefused("file_bomb")


def _most(name: str) -> int:
    if name.startswith(_SHEETS):
        return LARGEST_UNPACKED
    if name == _STRINGS:
        return LARGEST_STRINGS
    return LARGEST_OTHER_PART if name.endswith(_READ) else LARGEST_UNPACKED  # pictures are not read


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse what no spreadsheet has: a password, or a document type, with which a few bytes of XML grow."""
    if part.flag_bits & 0x1:
        raise FileRefused("file_locked")
    if part.filename.lower().endswith(_READ):
        with package.open(part) as file:
            if b"<!DOCTYPE" in file.read(_HEAD).replace(b"\0", b"").upper():
                raise FileRefused("file_bomb")
