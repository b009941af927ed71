"""Lists by page: the row of buttons that turns them."""

from __future__ import annotations

from locales.message import Button, Tap, Text

LAST_PAGE = 10_000


def turner(action: str, *args: object, page: int, size: int, total: int) -> tuple[Button, ...]:
    """Return the buttons that turn a list's pages, none where there is one page.

    Their tap is `action` with the page first and then `args`.
    """
    pages = -(-total // size)
    if pages < 2:
        return ()
    row = [Button(Text.of("due.page", page=page + 1, pages=pages), Tap.of(action, page, *args))]
    if page:
        row.insert(0, Button(Text.of("due.before"), Tap.of(action, page - 1, *args)))
    if page + 1 < pages:
        row.append(Button(Text.of("due.after"), Tap.of(action, page + 1, *args)))
    return tuple(row)
