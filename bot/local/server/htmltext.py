"""Entities back into Telegram's HTML, for tests that read what a person sees."""

from __future__ import annotations

from html import escape

from bot.local.server.entities import Entity

_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


def to_html(text: str, entities: list[Entity]) -> str:
    """Return `text` as Telegram's HTML; what Telegram finds by itself (commands, links) stays plain."""
    shown = [entity for entity in entities if entity["type"] in _TAGS or entity["type"] == "text_link"]
    if not shown:
        return escape(text, quote=False)
    units = text.encode("utf-16-le")
    edges: dict[int, tuple[list[str], list[str]]] = {}
    for entity in shown:
        opening, closing = _tags(entity)
        edges.setdefault(entity["offset"], ([], []))[0].append(opening)
        edges.setdefault(entity["offset"] + entity["length"], ([], []))[1].insert(0, closing)
    out, last = [], 0
    for at in sorted(edges):
        out.append(escape(units[2 * last : 2 * at].decode("utf-16-le"), quote=False))
        opening_tags, closing_tags = edges[at]
        out.extend(closing_tags + opening_tags)
        last = at
    out.append(escape(units[2 * last :].decode("utf-16-le"), quote=False))
    return "".join(out)


def _tags(entity: Entity) -> tuple[str, str]:
    if entity["type"] == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    return _TAGS[entity["type"]]
