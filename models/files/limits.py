"""How much a file may hold, and how it is refused."""

from __future__ import annotations

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
"""Bot API, "getFile": bots can download files of up to 20 MB."""
MOST_ROWS = 50_000
MOST_COLUMNS = 100
HEADER_WITHIN = 20
"""The header is looked for in so many first rows."""
MOST_PARTS = 2_000
LARGEST_UNPACKED = 160 * MEGABYTE
LARGEST_STRINGS = 48 * MEGABYTE
LARGEST_OTHER_PART = 8 * MEGABYTE
"""Of styles and the like, which are read as a whole."""
MOST_PACKED = 150
"""So many times smaller a part may be packed; a spreadsheet's are about 10 times, at most some 50."""
SMALL_PART = 4 * MEGABYTE
"""Smaller parts may be packed as well as they will: they do no harm."""


class FileRefused(Exception):
    """The file can't be read as a whole.

    Attributes:
        code: why: `file_empty`, `file_large`, `file_kind`, `file_old`, `file_locked`, `file_bomb`, `file_damaged`,
            `file_header`, `file_rows`, `file_encoding`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
