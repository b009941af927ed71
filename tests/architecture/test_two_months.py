"""The page of two months shows every kind of message, each stage of a reminder, in small pictures."""

from __future__ import annotations

import re

from PIL import Image, ImageSequence

from models.rules.stages import CHECKUP_MANAGER, CHECKUP_RESIDENT, MEETING
from scheduler.messages import NOTICES
from scheduler.sources import checkups, meetings
from tests.e2e.phone import PHONE
from tests.e2e.two_months.kinds import ELSEWHERE, WHY, name_of
from tests.e2e.two_months.pages import MOVING, PAGE, PICTURES, SECONDS, file_of

HEADINGS = re.findall(r"^## `(.*)`$", PAGE.read_text("utf-8"), re.MULTILINE)
DOCS = PAGE.parent
LARGEST = 1_500_000
"""Bytes of all its pictures."""


def test_every_kind_that_can_be_sent_is_on_the_page() -> None:
    shown = {heading.partition("/")[0] for heading in HEADINGS}
    assert sorted(set(NOTICES) ^ shown) == sorted(ELSEWHERE)
    assert sorted(HEADINGS) == sorted(WHY)


def test_what_is_shown_elsewhere_is_named_there_beside_a_picture() -> None:
    for kind, page in ELSEWHERE.items():
        text = (DOCS / page).read_text("utf-8")
        assert f"`{kind}`" in text, page
        assert "pictures/" in text, page


def test_every_reminder_of_a_day_and_a_meeting_is_on_the_page() -> None:
    stages = [(checkups.MANAGER, CHECKUP_MANAGER), (meetings.INVITE, MEETING)]
    wanted = {f"{kind}/{stage}" for kind, ladder in stages for stage in ladder}
    assert wanted <= set(HEADINGS)
    assert f"own.before/{CHECKUP_RESIDENT[-1]}" in HEADINGS


def test_each_has_its_picture_and_all_are_small() -> None:
    assert {path.name for path in PICTURES.iterdir()} == {MOVING, *map(file_of, HEADINGS)}
    for name in HEADINGS:
        assert f"pictures/two-months/{file_of(name)}" in PAGE.read_text("utf-8")
        with Image.open(PICTURES / file_of(name)) as picture:
            assert picture.size == (PHONE["width"], PHONE["height"])
    with Image.open(PICTURES / MOVING) as moving:
        shown_ms = sum(frame.info["duration"] for frame in ImageSequence.Iterator(moving))
        assert shown_ms == len(HEADINGS) * int(SECONDS * 1000), "two that look alike are one longer frame"
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) <= LARGEST


def test_a_message_is_called_by_its_kind_and_stage() -> None:
    assert name_of("checkup.before", "2026-05-10/days_7") == "checkup.before/days_7"
    assert name_of("meeting.moved", "2") == "meeting.moved"
    assert name_of("digest", "2026-05-10") == "digest"
