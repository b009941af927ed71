"""Any text is taken for something, with little work; a village is found however it is written."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.names import name_keys
from models.rules.questions import words_en, words_zh
from models.rules.questions.gazetteer import Village, stem
from models.rules.questions.understand import understand
from models.rules.questions.understanding import Intent
from tests.questions.cases import VILLAGES
from tests.questions.work import calls

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
WORDS = [word for words in words_zh.WORDS.values() for word in words.split()]
WORDS += [phrase.strip() for words in words_en.WORDS.values() for phrase in words.split(",")]
WORDS += [
    "上个月",
    "三季度",
    "2026年3月",
    "今年以来",
    "last quarter",
    "since may",
    "15号",
    "1到8月",
    "三个村",
    "大王庄",
    "zhanglou",
    "hm",
]
QUESTIONS = ["{} 逾期多少", "上个月{}康检到了多少", "overdue in {} last month"]
MOST = 40_000
"""So many calls may even nonsense of full length take; a question takes a thousand."""


def _look(text: str, today: date) -> None:
    found = understand(text, VILLAGES, today)
    assert found.intent is not Intent.ASK or found.instead
    assert (found.reason is not None) == (found.intent is Intent.REFUSE)
    if found.period is not None:
        assert found.period.first <= found.period.last


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), DAYS)
def test_any_text_is_taken_for_something(text: str, today: date) -> None:
    assert calls(lambda: _look(text, today)) < MOST


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from(["", " "]), DAYS)
def test_any_words_are_taken_for_something(words: list[str], between: str, today: date) -> None:
    assert calls(lambda: _look(between.join(words), today)) < MOST


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(VILLAGES), st.sampled_from(QUESTIONS), st.data())
def test_a_village_is_found_however_it_is_written(village: Village, question: str, data: st.DataObject) -> None:
    bare = stem(village.name)
    keys = name_keys(bare)
    pinyin = keys.full[0]
    written = data.draw(
        st.sampled_from([village.name, bare, pinyin, pinyin.upper(), " ".join(keys.syllables[0])]), "written"
    )
    if len(pinyin) > 4 and data.draw(st.booleans(), "with a letter left out"):
        at = data.draw(st.integers(1, len(pinyin) - 1))
        written = pinyin[:at] + pinyin[at + 1 :]
    found = understand(question.format(written), VILLAGES, date(2026, 9, 16))
    choices = found.instead if found.intent is Intent.ASK else (found,)
    assert village in {one for choice in choices for one in choice.villages}, (written, found)
