"""A search through the index of names finds what a search name by name finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.name_index import Named, NameIndex
from models.rules.names import match, name_keys

SURNAMES = "王李张刘单仇解查曾区吕欧"
GIVEN = "秀英红国强伟芳女绿兰小明"
names = st.builds(
    lambda surname, given: surname + given, st.sampled_from(SURNAMES), st.text(alphabet=GIVEN, min_size=1, max_size=2)
)
people = st.lists(st.tuples(names, st.from_regex(r"\A\d{4}\Z") | st.none()), min_size=1, max_size=12)


def _typed(name: str) -> st.SearchStrategy[str]:
    keys = name_keys(name)
    whole = st.sampled_from([name, name[0], name[1:], *keys.full, *keys.initials, keys.full[0][:5]])
    return st.one_of(whole, st.builds(_slip, st.sampled_from(keys.full), st.integers(0, 20)))


def _slip(word: str, at: int) -> str:
    at %= len(word)
    return word[:at] + word[at + 1 :]


@settings(max_examples=120)
@given(st.data(), people)
def test_the_index_finds_what_matching_each_name_finds(
    data: st.DataObject, found: list[tuple[str, str | None]]
) -> None:
    rows = [Named(number, number % 2, name, last4) for number, (name, last4) in enumerate(found)]
    typed = data.draw(st.sampled_from(rows).flatmap(lambda row: _typed(row.name)) | st.text(max_size=6))
    village = data.draw(st.sampled_from([None, 0, 1]))
    expected = {
        row.person_id: score
        for row in rows
        if village in (None, row.village_id)
        and (score := match(typed, row.name, name_keys(row.name), row.phone_last4)) is not None
    }
    hits = {hit.person_id: hit.score for hit in NameIndex(rows).search(typed, village_id=village).hits}
    assert hits.items() <= expected.items()
    assert max(hits.values(), default=0) == max(expected.values(), default=0)
    assert {row for row, score in expected.items() if score > 60} <= set(hits)  # slips only where nothing else is
