"""How characters are read, held to pypinyin's own dictionary, whose data we read without loading it."""

from __future__ import annotations

from models.rules.names import name_keys


def test_a_given_name_is_read_as_pypinyin_reads_its_characters() -> None:
    from pypinyin import Style, lazy_pinyin  # its dictionary takes a second to load, in every worker that collects

    wrong = []
    for number in range(0x4E00, 0xA000, 19):
        char = chr(number)
        read = lazy_pinyin(char, style=Style.NORMAL)[0]
        expected = f"li{read}" if read.isascii() else "li"
        if expected not in name_keys(f"李{char}").full:
            wrong.append((char, read))
    assert wrong == []


def test_a_character_without_a_reading_is_left_out() -> None:
    assert name_keys("李\U0003fffd").full == ("li",)
