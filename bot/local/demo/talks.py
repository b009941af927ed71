"""Talks about methods: at a check-up most women are told of several, now and then of one only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.local.demo.course import Course
from bot.local.demo.setting import Setting
from models.rules.methods import EXPLAINED, LEAST_EXPLAINED, UNSAID, is_offered
from models.rules.outcomes import Outcome
from models.rules.sex import Sex
from models.store.counsellings import CONTENT
from models.tables.base import new_id

_SINCE = timedelta(days=250)
_SHARE, _ONE_ONLY = 0.85, 0.6
_MOST = 5


def rows(setting: Setting, course: Course) -> list[dict[str, Any]]:
    """Return the rows of the talks at the check-ups of the last months."""
    if not course.programme.calendar or course.life.sex is not Sex.FEMALE:
        return []
    since = setting.today - _SINCE
    came = [entry.on for entry in course.entries if entry.outcome is Outcome.ATTENDED and entry.on >= since]
    return [_row(setting, course, on) for on in came if is_offered(course.life.birth, on) and setting.chance(_SHARE)]


def _row(setting: Setting, course: Course, on: date) -> dict[str, Any]:
    many = (
        1
        if not setting.village.unit.is_diligent and setting.chance(_ONE_ONLY)
        else setting.between(LEAST_EXPLAINED, _MOST)
    )
    explained = setting.rng.sample(EXPLAINED, many)
    row_id = new_id()
    return {
        "id": row_id,
        "resident_id": course.life.id,
        "township_id": setting.village.township_id,
        "village_id": setting.village.id,
        "counselled_on": on,
        "explained": many,
        "decision_own": True,
        "content_sealed": setting.vault.seal_json(
            CONTENT, row_id, {"explained": explained, "own": True, "method": UNSAID}
        ),
        "version": 1,
        "voided_at": None,
        "entered_by": setting.manager,
        "entered_at": max(setting.at(on), course.at + timedelta(minutes=5)),
        "draft_id": None,
    }
