"""Formatted text: HTML into entities, as Telegram reads it.

Bot API, "Formatting options" and "HTML style": the tags that are known, the four named character references, and
nesting. What is broken is refused with the words and byte offsets Telegram uses. Lengths and offsets are UTF-16
code units ("MessageEntity").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.local.server.errors import bad_request

Entity = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_PLAIN = re.compile(r"[^<&]+")
_SPACE = " \t\r\n\v\0"
_TAG_NAME = re.compile(r"[^ \t\r\n\v\0>]*")
_ATTRIBUTE_NAME = re.compile(r"[^ \t\r\n\v\0=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_SPACES = re.compile(r"[ \t\r\n\v\0]*")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)$")


def utf16_length(text: str) -> int:
    """Return the length of `text` in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class _Open:
    """A start tag that has not been closed."""

    tag: str
    argument: str
    offset: int
    begin: int
    order: int


@dataclass(slots=True)
class _Parser:
    source: str
    at: int = 0
    length: int = 0
    out: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    found: list[tuple[int, Entity]] = field(default_factory=list)
    opened: int = 0

    def run(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            plain = _PLAIN.match(self.source, self.at)
            if plain:
                self.emit(plain.group())
                self.at = plain.end()
            elif self.source[self.at] == "&":
                self.reference()
            elif self.source.startswith("</", self.at):
                self.end_tag()
            else:
                self.start_tag()
        if self.stack:
            raise broken(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        ordered = sorted(self.found, key=lambda pair: (pair[1]["offset"], -pair[1]["length"], pair[0]))
        return "".join(self.out), [entity for _, entity in ordered]

    def emit(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16_length(text)

    def reference(self) -> None:
        decoded, self.at = decode_reference(self.source, self.at)
        self.emit(decoded)

    def byte_offset(self, at: int) -> int:
        return len(self.source[:at].encode())

    def skip_spaces(self) -> None:
        found = _SPACES.match(self.source, self.at)
        self.at = found.end() if found else self.at

    def start_tag(self) -> None:
        begin = self.at
        name = _TAG_NAME.match(self.source, begin + 1)
        tag = name.group().lower() if name else ""
        self.at = name.end() if name else begin + 1
        if self.at >= len(self.source):
            raise broken(f"Unclosed start tag at byte offset {self.byte_offset(begin)}")
        if tag not in TAGS:
            raise broken(f'Unsupported start tag "{tag}" at byte offset {self.byte_offset(begin)}')
        argument = self.attributes(tag, begin)
        if tag == "span" and argument != "spoiler":
            words = 'Tag "span" must have class "tg-spoiler" at byte offset'
            raise broken(f"{words} {self.byte_offset(begin)}")
        self.opened += 1
        self.stack.append(_Open(tag, argument, self.length, len(self.out), self.opened))

    def attributes(self, tag: str, begin: int) -> str:
        argument = ""
        while True:
            self.skip_spaces()
            if self.source.startswith(">", self.at):
                self.at += 1
                return argument
            name = self.attribute_name(tag, begin)
            if not self.source.startswith("=", self.at):
                argument = "1" if tag == "blockquote" and name == "expandable" else argument
                continue
            self.at += 1
            value = self.attribute_value(tag, begin)
            argument = _argument(tag, name, value) or argument

    def attribute_name(self, tag: str, begin: int) -> str:
        found = _ATTRIBUTE_NAME.match(self.source, self.at)
        name = found.group() if found else ""
        if not name and self.at < len(self.source):
            raise broken(f'Empty attribute name in the tag "{tag}" at byte offset {self.byte_offset(begin)}')
        self.at += len(name)
        self.skip_spaces()
        self.refuse_end(tag, begin)
        return name

    def attribute_value(self, tag: str, begin: int) -> str:
        self.skip_spaces()
        self.refuse_end(tag, begin)
        quote = self.source[self.at]
        value = self.quoted(quote) if quote in "'\"" else self.token()
        if self.at >= len(self.source):
            raise broken(f"Unclosed start tag at byte offset {self.byte_offset(begin)}")
        return value

    def refuse_end(self, tag: str, begin: int) -> None:
        if self.at >= len(self.source):
            raise broken(f'Unclosed start tag "{tag}" at byte offset {self.byte_offset(begin)}')

    def quoted(self, quote: str) -> str:
        end = self.source.find(quote, self.at + 1)
        stop = len(self.source) if end < 0 else end
        value = self.source[self.at + 1 : stop]
        self.at = min(stop + 1, len(self.source))
        return decode_references(value)

    def token(self) -> str:
        begin = self.at
        found = _TOKEN.match(self.source, begin)
        value = found.group().lower() if found else ""
        self.at += len(value)
        if self.at < len(self.source) and self.source[self.at] not in _SPACE + ">":
            raise broken(f"Unexpected end of name token at byte offset {self.byte_offset(begin)}")
        return value

    def end_tag(self) -> None:
        begin = self.at
        offset = self.byte_offset(begin)
        if not self.stack:
            raise broken(f"Unexpected end tag at byte offset {offset}")
        name = _TAG_NAME.match(self.source, begin + 2)
        tag = name.group().lower() if name else ""
        self.at = name.end() if name else begin + 2
        self.skip_spaces()
        if not self.source.startswith(">", self.at):
            raise broken(f"Unclosed end tag at byte offset {offset}")
        self.at += 1
        opened = self.stack.pop()
        if tag and tag != opened.tag:
            words = f'Unmatched end tag at byte offset {offset}, expected "</{opened.tag}>", found "</{tag}>"'
            raise broken(words)
        if self.length > opened.offset:
            self.close(opened)

    def close(self, opened: _Open) -> None:
        entity: Entity = {
            "offset": opened.offset,
            "length": self.length - opened.offset,
            "type": TAGS[opened.tag],
        }
        if opened.tag in ("code", "pre"):
            self.close_code(opened, entity)
            return
        if opened.tag == "a":
            inner = "".join(self.out[opened.begin :])
            if not _link(entity, opened.argument or inner):
                return
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = _emoji(opened.argument)
        self.found.append((opened.order, entity))

    def close_code(self, opened: _Open, entity: Entity) -> None:
        span = (entity["offset"], entity["length"])
        inside = [e for _, e in self.found if (e["offset"], e["length"]) == span and "_language" in e]
        self.found = [pair for pair in self.found if pair[1]["offset"] < opened.offset]
        if opened.tag == "pre" and inside and inside[-1]["_language"]:
            entity["language"] = inside[-1]["_language"]
        elif opened.tag == "code":
            entity["_language"] = opened.argument
        self.found.append((opened.order, entity))


def broken(words: str) -> Exception:
    """Return the refusal of a text whose markup is broken."""
    return bad_request(f"Can't parse entities: {words}")


def decode_reference(source: str, at: int) -> tuple[str, int]:
    """Decode the character reference at `at`; an unknown one stays as it is written. Returns text and next position."""
    found = _REFERENCE.match(source, at)
    if not found:
        return "&", at + 1
    hexadecimal, decimal, name = found.groups()
    if name:
        return (_NAMED[name], found.end()) if name in _NAMED else ("&", at + 1)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    too_long = len(found.group().rstrip(";")) >= 10
    if code == 0 or code >= 0x10FFFF or too_long or 0xD800 <= code <= 0xDFFF:
        return "&", at + 1
    return chr(code), found.end()


def decode_references(value: str) -> str:
    """Decode every character reference of an attribute's value."""
    if "&" not in value:
        return value
    out, at = [], 0
    while at < len(value):
        if value[at] == "&":
            decoded, at = decode_reference(value, at)
            out.append(decoded)
        else:
            out.append(value[at])
            at += 1
    return "".join(out)


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value[len("language-") :]
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value[len("tg-") :]
    return "1" if (tag, name) == ("blockquote", "expandable") else ""


def _link(entity: Entity, url: str) -> bool:
    user = _USER_LINK.match(url)
    if user:
        entity["type"] = "text_mention"
        entity["user_id"] = int(user.group(1))
        return True
    if not re.match(r"[a-zA-Z][a-zA-Z0-9+.\-]*:", url):
        if "." not in url or any(mark in url for mark in " \n"):
            return False
        url = "http://" + url
    entity["url"] = url if "/" in url.split("://", 1)[-1] or "://" not in url else url + "/"
    return True


def _emoji(argument: str) -> str:
    if not argument.isdigit() or int(argument) == 0:
        raise broken("Invalid custom emoji identifier specified")
    return argument


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Parse Telegram's HTML into plain text and entities; a broken one raises a 400."""
    text, entities = _Parser(source).run()
    for entity in entities:
        entity.pop("_language", None)
    return text, entities
