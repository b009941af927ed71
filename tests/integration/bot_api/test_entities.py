"""HTML into entities, and Telegram's words for what is broken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local.server.entities import parse_html, utf16_length
from bot.local.server.errors import ApiError
from bot.local.server.htmltext import to_html
from bot.local.server.texts import formatted_text


def spans(entities: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(e["type"], e["offset"], e["length"]) for e in entities]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("plain", "plain", []),
        ("<b>a</b><i>b</i>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<STRONG>a</Strong>", "a", [("bold", 0, 1)]),
        ("😀<b>😀</b>", "😀😀", [("bold", 2, 2)]),
        ("<b></b>x", "x", []),
        (
            "<u>a</u><s>b</s><tg-spoiler>c</tg-spoiler>",
            "abc",
            [("underline", 0, 1), ("strikethrough", 1, 1), ("spoiler", 2, 1)],
        ),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("a &lt; b &amp;&quot; &gt;", 'a < b &" >', []),
        ("&nbsp; &copy;", "&nbsp; &copy;", []),
        ("&#65;&#x42;", "AB", []),
        ("&lt", "<", []),
        ("<code>a</code>", "a", [("code", 0, 1)]),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("a > b", "a > b", []),
    ],
)
def test_what_html_means(source: str, text: str, expected: list[tuple[str, int, int]]) -> None:
    plain, entities = parse_html(source)
    assert (plain, spans(entities)) == (text, expected)


def test_links_and_languages() -> None:
    _, (link, mention) = parse_html('<a href="https://a.org/?x=1&amp;y=2">a</a> <a href="tg://user?id=7">b</a>')
    assert link["url"] == "https://a.org/?x=1&y=2"
    assert (mention["type"], mention["user_id"]) == ("text_mention", 7)
    _, (pre,) = parse_html('<pre><code class="language-python">x</code></pre>')
    assert (pre["type"], pre["language"]) == ("pre", "python")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("字</b>", "Unexpected end tag at byte offset 3"),
        ("<x>y</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("王<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>y</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_what_broken_html_is_called(source: str, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


@given(st.text(alphabet="<>/&;ab \"'=#x王😀-\n", max_size=30))
def test_any_text_is_parsed_or_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except ApiError as error:
        assert error.code == 400
        return
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= utf16_length(text) for e in entities)


WORDS = st.text(alphabet="ab<&王😀 ", max_size=6)
TAGS = st.sampled_from(["bold", "italic", "underline", "strikethrough", "spoiler"])


@given(st.lists(st.tuples(WORDS, TAGS), max_size=6))
def test_html_and_entities_are_inverse(parts: list[tuple[str, str]]) -> None:
    text, entities = "", []
    for word, kind in parts:
        if word:
            entities.append({"type": kind, "offset": utf16_length(text), "length": utf16_length(word)})
        text += word
    assert parse_html(to_html(text, entities)) == (text, entities)


def test_the_edges_are_trimmed_with_their_entities() -> None:
    text, entities = formatted_text("  <b> a </b>  ", "HTML")
    assert (text, spans(entities)) == (" a", [("bold", 0, 2)])
    assert formatted_text("\n x \n", "HTML")[0] == "x"


def test_telegram_finds_commands_links_and_mentions() -> None:
    text = "/due https://a.org/x a@b.cn @some_bot #康检 1/2 <code>"
    _, entities = formatted_text(text, "")
    kinds = [e["type"] for e in entities]
    assert kinds == ["bot_command", "url", "email", "mention", "hashtag"]
    assert formatted_text("<code>/due</code>", "HTML")[1] == [{"type": "code", "offset": 0, "length": 4}]
