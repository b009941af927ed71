"""Pictures of figures: every word has room, nothing lies on anything, and what is kept can't be read off."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib import import_module
from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image, ImageChops

from models.files.canvas import Box, Canvas
from models.files.charts import (
    LOADS,
    WIDTH,
    Bar,
    Bars,
    Chart,
    Dot,
    Dots,
    Month,
    Months,
    Share,
    Sign,
    Tile,
    Tiles,
    drawn,
)

SOME, MORE = Share(0.5, 0.4, 0.6), Share(0.9, 0.8, 1.0)
LONG_ZH, LONG_EN = "沈寨新型农村社区", "Upper Shenzhai New Town"
NOTE_ZH = "逾期没访：到了日子还没去的随访和康检，有几个。是现在的数，不管问哪个月。"
NOTE_EN = "Overdue: visits and check-ups whose time is over and that nobody has made. It is the number now, always."


def bars(many: int, name: str) -> list[Bar]:
    shown = [Bar(name, str(1500 - 30 * number), 1 - number / 50) for number in range(many - many // 4)]
    return [*shown, *[Bar(name, "少于 10", is_hidden=True) for _ in range(many // 4)]]


def rates(many: int, name: str) -> list[Bar]:
    return [Bar(name, "100%", share=(SOME, MORE, None)[number % 3]) for number in range(many)]


def township(villages: Sequence[Bar], *, english: bool = False) -> Chart:
    name, note = ("Offered check-up", NOTE_EN) if english else ("康检按时报全", NOTE_ZH)
    words = "100.0% · 12345 of 12345" if english else "100.0% · 12345 个里 12345 个"
    tiles = [Tile("Overdue" if english else "逾期没访", "123456", "September 2026 123456") for _ in range(3)]
    dots = [Dot(name, words, SOME, 0.7), Dot(name, words, MORE), Dot(name, words, is_hidden=True), Dot(name, words)]
    key = [(sign, "too few people to be shown here" if english else "点是现在，横线是多半在的范围") for sign in Sign]
    parts = [Tiles(tiles), Dots(name, dots), Bars(name, villages, "还没有村")]
    return Chart(f"{LONG_ZH} · 2026年1到11月", "截至 11月26日 09:00", parts, key, [note, note])


def months(english: bool) -> Chart:
    states = [SOME, None, MORE, SOME]
    twelve = [Month("Nov" if english else f"{n + 1}月", "100%", states[n % 4], is_hidden=n == 7) for n in range(12)]
    return Chart(
        "大王庄村 · 2026年11月",
        "截至 11月26日 09:00",
        [Months("按时随访，这 12 个月", twelve, "100.0% · 12345 个里 12345 个")] * 5,
    )


CHARTS = {
    "40 villages": township(bars(40, "大王庄村")),
    "long names": township(bars(40, LONG_ZH)),
    "rates": township(rates(40, LONG_ZH)),
    "English": township(bars(40, LONG_EN), english=True),
    "few villages": township(bars(3, LONG_ZH)),
    "none": township([]),
    "all hidden": township([Bar(LONG_ZH, "少于 10", is_hidden=True)] * 21),
    "months": months(english=False),
    "months in English": months(english=True),
}


@pytest.mark.parametrize("name", CHARTS)
def test_no_words_lie_on_others_or_leave_the_paper_and_no_glyph_is_missing(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        canvas = drawn(CHARTS[name])
    boxes = [label.box for label in canvas.labels if label.words]
    assert len(boxes) > 10
    assert [(one, other) for one, other in combinations(boxes, 2) if overlap(one, other)] == []
    assert all(box[0] >= 0 and box[2] <= WIDTH for box in boxes)


def test_a_missing_glyph_is_an_error_there() -> None:
    with pytest.warns(UserWarning, match="Glyph"):
        Canvas(200, 100).words("\U0001f600", (10, 50), 30)


def test_it_fits_a_phone_and_what_the_chat_network_takes() -> None:
    picture = Image.open(BytesIO(CHARTS["40 villages"].content()))
    assert picture.format == "PNG"
    assert picture.width == WIDTH
    assert picture.height < 2.4 * WIDTH
    assert picture.width + picture.height < 10_000


def test_no_name_of_eight_characters_is_cut() -> None:
    written = [label.words for label in drawn(CHARTS["long names"]).labels]
    assert written.count(LONG_ZH) == 40


def test_names_that_are_longer_still_are_cut() -> None:
    canvas = Canvas(400, 100)
    canvas.words("一个长得写不下的村名" * 4, (10, 50), 30, room=200)
    [label] = canvas.labels
    assert label.words.endswith("…")
    assert label.box[2] - label.box[0] <= 200


def test_what_is_hidden_looks_the_same_whoever_is_beside_it() -> None:
    """The hatch of a village has one size, and no other bar follows from it."""
    few, many = (Bars("各村", [Bar("甲", str(n), 1.0), Bar("乙", "少于 10", is_hidden=True)]) for n in (10, 10_000))
    one, other = (drawn(Chart("镇", "", [part])) for part in (few, many))
    difference = ImageChops.difference(one.image(), other.image()).getbbox()
    assert difference is not None
    number = next(label.box for label in other.labels if label.words == "10000")
    assert number[0] - 2 <= difference[0]
    assert difference[1] >= number[1] - 4
    assert difference[3] <= number[3] + 4


def test_marks_are_told_apart_without_colours() -> None:
    kinds = [
        Dots("率", [Dot("甲", "", SOME)]),
        Dots("率", [Dot("甲", "", before=SOME.value)]),
        Dots("率", [Dot("甲", "", is_hidden=True)]),
        Dots("率", [Dot("甲", "")]),
    ]
    grey = {drawn(Chart("镇", "", [kind])).image().convert("L").tobytes() for kind in kinds}
    assert len(grey) == len(kinds)


def test_what_is_loaded_ahead_is_there() -> None:
    assert all(import_module(name) for name in LOADS)


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes have more than an edge in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
