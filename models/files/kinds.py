"""What a file is, by its content: the ending of its name is often wrong."""

from __future__ import annotations

from models.files.limits import LARGEST_FILE, FileRefused

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")


def kind_of(content: bytes) -> str:
    """Return `xlsx` or `csv`.

    Raises:
        FileRefused: `file_empty`, `file_large`, `file_old` (.xls), `file_locked` (a password), `file_kind`.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileRefused("file_empty")
    if len(content) > LARGEST_FILE:
        raise FileRefused("file_large")
    if content.startswith(_OLE):
        raise FileRefused("file_locked" if _ENCRYPTED in content else "file_old")
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return "xlsx"
    if content[:2] in _OLD_BIFF or _is_markup(content):
        raise FileRefused("file_old")
    if content.startswith(_OTHERS):
        raise FileRefused("file_kind")
    return "csv"


def _is_markup(content: bytes) -> bool:
    """Return whether it is a page or XML that only calls itself .xls, as old offices write."""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table"))
