"""People who stand in a file twice."""

from __future__ import annotations

from models.rules.importing.rows import FileRow


class Repeats:
    """Remembers who has been read; a number for each, so that 50,000 people take little room."""

    def __init__(self) -> None:
        """Remember nobody yet."""
        self._seen: dict[int, tuple[int, str | None]] = {}

    def line_of(self, row: FileRow) -> int | None:
        """Return the line on which the person of `row` stood before, or `None` and remember the row.

        It is the same person by the same identity number; or, unless the identity numbers differ, by name and phone,
        or by name and birth date in one village.
        """
        keys = _keys(row)
        for key in keys:
            line, identity = self._seen.get(key, (0, None))
            if line and (identity is None or row.identity is None or identity == row.identity):
                return line
        for key in keys:
            self._seen.setdefault(key, (row.line, row.identity))
        return None


def _keys(row: FileRow) -> list[int]:
    keys = []
    if row.identity:
        keys.append(hash(("identity", row.identity)))
    if row.phone:
        keys.append(hash(("phone", row.name, row.phone)))
    if row.birth:
        keys.append(hash(("birth", row.name, row.birth, row.village_id)))
    return keys
