"""A text as Telegram stores it: cleaned, trimmed, measured, with the entities it finds by itself.

Bot API, "sendMessage" (1-4096 characters after entities parsing), "sendDocument" (caption 0-1024), "MessageEntity"
(commands, links, mentions and hashtags are found by Telegram).
"""

from __future__ import annotations

import re
from typing import Any

from bot.local.server.entities import Entity, parse_html, utf16_length
from bot.local.server.errors import bad_request
from bot.local.server.parameters import Parameters

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_FOUND_HINT = re.compile(r"[/@#:]")
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"，。）]+)"
    r"|(?P<email>(?<![\w.])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w))"
    r"|(?P<hashtag>(?<![\w#&])#(?=\w*[^\W\d])\w{1,256})"
)
_OWN = ("text_link", "text_mention", "code", "pre", "custom_emoji")
_KNOWN_ENTITIES = frozenset(
    {
        *("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link"),
        *("blockquote", "expandable_blockquote"),
    }
)


def formatted(parameters: Parameters, name: str, entities_name: str) -> tuple[str, list[Entity]]:
    """Return parameter `name` as plain text and entities, by `parse_mode` or by the entities given."""
    raw = parameters.text(name)
    given = parameters.structure(entities_name, "message entities")
    return formatted_text(raw, parameters.text("parse_mode"), given)


def formatted_text(raw: str, parse_mode: str, given: Any = None) -> tuple[str, list[Entity]]:
    """Return `raw` as cleaned plain text and entities. Only the HTML style and explicit entities are served."""
    if len(raw.encode()) > 1 << 15:
        raise bad_request("Text is too long")
    mode = parse_mode.lower()
    if mode not in ("", "none", "html"):
        raise bad_request("Unsupported parse_mode")
    source = _CONTROL.sub(lambda m: "" if m.group() == "\r" else " ", raw)
    text, entities = parse_html(source) if mode == "html" and source else (source, _given_entities(given))
    text, entities = _trim(text, entities)
    found = _found(text, entities)
    if found:
        entities = sorted(entities + found, key=lambda entity: (entity["offset"], -entity["length"]))
    return text, entities


def user_text(raw: str) -> tuple[str, list[Entity]]:
    """Return what a person typed, cleaned, with the entities Telegram finds in it."""
    return formatted_text(raw, "")


def check_text(text: str, raw: str, is_edit: bool = False) -> None:
    """Refuse a message text that is empty or over 4,096 UTF-16 units after parsing."""
    if not raw:
        raise bad_request("Message text is empty")
    if not text:
        raise bad_request("Text must be non-empty")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG" if is_edit else "Message is too long")


def check_caption(caption: str) -> None:
    """Refuse a caption over 1,024 UTF-16 units after parsing."""
    if utf16_length(caption) > CAPTION_LIMIT:
        raise bad_request("Message caption is too long")


def _given_entities(given: Any) -> list[Entity]:
    if not isinstance(given, list):
        return []
    kept = [e for e in given if isinstance(e, dict) and e.get("type") in _KNOWN_ENTITIES]
    if any(not isinstance(e.get("offset"), int) or not isinstance(e.get("length"), int) for e in kept):
        raise bad_request("Can't parse MessageEntity: Can't find field \"offset\"")
    return [dict(e) for e in kept if e["length"] > 0]


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    text = text.rstrip(" \n\t\u00a0")
    end = utf16_length(text)
    first = entities[0]["offset"] if entities else end
    lead = 0
    while lead < first and lead < len(text) and text[lead] in " \n":
        lead += 1
    if lead == 0 and not entities:
        return text, entities
    kept = []
    for entity in entities:
        length = min(entity["offset"] + entity["length"], end) - entity["offset"]
        if length > 0:
            kept.append({**entity, "offset": entity["offset"] - lead, "length": length})
    return text[lead:], kept


def _found(text: str, entities: list[Entity]) -> list[Entity]:
    if not _FOUND_HINT.search(text):
        return []
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _OWN]
    found = []
    for match in _FOUND.finditer(text):
        begin = utf16_length(text[: match.start()])
        length = utf16_length(match.group())
        if not any(begin < stop and start < begin + length for start, stop in taken):
            found.append({"offset": begin, "length": length, "type": match.lastgroup or "url"})
    return found
