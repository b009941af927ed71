"""Which characters are taken for Chinese ones: in names that are searched, in dictated lines, in imported cells."""

from __future__ import annotations

import re

import pytest

from models.rules.hanzi import HAN
from models.rules.importing.values import read_name
from models.rules.names import has_characters


@pytest.mark.parametrize("char", ["\u3400", "\u4e00", "\u9fff", "\uf900", "\ufaff", "\U00020000", "\U0003ffff"])
def test_ideographs_are(char: str) -> None:
    assert has_characters(f"a{char}")


@pytest.mark.parametrize("char", ["\u33ff", "\ua000", "\uac00", "\ue000", "\uf8ff", "\ufb00", "a", "1", "·"])
def test_private_use_and_other_scripts_are_not(char: str) -> None:
    assert not has_characters(f"a{char}")
    assert not re.search(f"[{HAN}]", char)


def test_only_between_ideographs_a_blank_in_a_name_is_dropped() -> None:
    assert read_name("王 红") == "王红"
    assert read_name("\uac00 \ub098") == "\uac00 \ub098"
