"""Names have room in their half of a phone's width, whatever somebody is called; and which numbers are on a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import twocolumns
from handlers.roster_page import LABEL, _button, _groups
from locales.translator import LANGUAGES, translator
from models.rules.outcomes import Outcome
from models.rules.rosters import Mark
from models.rules.sex import Sex
from models.store.persons import PersonLine
from models.store.reports import Measures
from models.store.rosters import Recorded, RosterLine
from models.tables.residents import ResidentStatus

SOMEBODY = PersonLine(1, "王秀英", Sex.FEMALE, date(1956, 3, 12), "一组", 1, ResidentStatus.PRESENT, None)
LINE = RosterLine(2**62, 1, 7, SOMEBODY, "01", None, 1, False, None, False, None, Measures(), None, False, None, None)
names = st.text(st.sampled_from("王秀英褚欧阳阿卜杜热西提·Aabc "), min_size=1, max_size=40)
outcomes = st.none() | st.sampled_from(list(Outcome))


@settings(max_examples=60, deadline=None)
@given(name=names, number=st.integers(1, 199), mark=st.none() | st.sampled_from(list(Mark)), outcome=outcomes)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_has_room(
    language: str, name: str, number: int, mark: Mark | None, outcome: Outcome | None
) -> None:
    record = Recorded(1, outcome, 1, None, Measures()) if outcome is not None else None
    line = replace(
        LINE, resident=replace(SOMEBODY, name=name), number=number, mark=mark, record=record, is_done=record is not None
    )
    for is_doubled in (True, False):
        label = translator(language).plain(_button(language, line, is_doubled=is_doubled).label)
        assert twocolumns.cells(label) <= LABEL
        assert f" {number} " in label


def test_short_names_are_whole_and_namesakes_are_told_apart() -> None:
    words = translator("zh-CN")
    assert words.plain(_button("zh-CN", LINE, is_doubled=False).label) == "□ 7 王秀英"
    assert words.plain(_button("zh-CN", LINE, is_doubled=True).label) == "□ 7 王秀英(56)"
    came = replace(LINE, mark=Mark.ATTENDED, measures=Measures(sbp=128, dbp=82))
    assert words.plain(_button("zh-CN", came, is_doubled=False).label) == "✓量 7 王秀英"


def test_a_group_of_one_has_one_number() -> None:
    other = replace(SOMEBODY, group="二组")
    lines = [LINE, replace(LINE, number=8), replace(LINE, number=9, resident=other)]
    (said,) = _groups(lines)
    assert translator("zh-CN").plain(said) == "本页：一组 7–8 号、二组 9 号"
    assert translator("en").plain(said) == "This page: 一组 no. 7–8, 二组 no. 9"
