"""Buttons can be read on a phone that is 390 px wide: a label has the room that its row leaves it."""

from __future__ import annotations

from datetime import date, time
from fnmatch import fnmatchcase
from functools import cache
from typing import Any
from unicodedata import east_asian_width

import pytest

from handlers.menu import KEYBOARDS
from locales.message import Text, Verbatim
from locales.translator import LANGUAGES, Translator, translator
from tests.architecture.said_keys import labels
from tests.architecture.test_texts import base

ROOM = {1: 40, 2: 22, 3: 13, 7: 3}
"""By buttons in a row, the widest label, in half-width cells of 8 px."""
BUTTONS = {
    1: (
        "birth_totals.enter",
        "complaints.open",
        "complaints.see",
        "complaints.take_back",
        "appeals.all",
        "appeals.answer",
        "appeals.button",
        "appeals.cards",
        "appeals.line.*",
        "appeals.open",
        "appeals.withdraw",
        "choices.appeal_ruling.*",
        "forms.target.none",
        "scorecards.all",
        "scorecards.appeal",
        "scorecards.roster",
        "targets.set",
        "own.agree",
        "own.stop",
        "own.withdraw",
        "alerts.who",
        "questions.define",
        "questions.label",
        "leaves.colleague*",
        "leaves.decline",
        "leaves.nobody",
        "settings.quiet_none",
        "decisions.another",
        "decisions.back",
        "decisions.finish",
        "decisions.new",
        "decisions.reopen",
        "forms.decision.colleague",
        "meetings.correct_minutes",
        "meetings.write_minutes",
        "todo.*s",
        "todo.due_back",
        "todo.to_todo",
        "grants.back",
        "grants.line",
        "mine.granted",
        "mine.line",
        "mine.line_locked",
        "mine.refused",
        "records.before",
        "records.now",
        "records.unlock",
        "quick.card",
        "card.approve",
        "card.checkup",
        "card.correct",
        "card.report",
        "choices.consent.*",
        "counsellings.all",
        "counsellings.fix",
        "due.all_villages",
        "handovers.no_group",
        "duplicates.back",
        "duplicates.both",
        "duplicates.go_on",
        "duplicates.look",
        "duplicates.merge",
        "duplicates.not_yet",
        "duplicates.open",
        "duplicates.to_merged",
        "duplicates.two",
        "duplicates.undo_one",
        "errors.to_kept",
        "extracts.back",
        "extracts.purpose.*",
        "families.*",
        "forms.all_groups",
        "examinations.all",
        "examinations.fix",
        "forms.all_letters",
        "forms.calendar",
        "forms.more",
        "forms.open_line",
        "forms.reopen",
        "forms.several_done",
        "imports.undo",
        "report_files.again",
        "report_files.cancel",
        "report_files.form.*",
        "report_files.last_month",
        "report_files.last_quarter",
        "report_files.stop",
        "report_files.times.again",
        "report_files.times.settings_change",
        "report_files.times.to_reports",
        "languages.*",
        "notices.see.*",
        "programmes.*.name",
        "receipts.another_register",
        "receipts.refer",
        "referrals.decline",
        "referrals.fix",
        "referrals.fix_answer",
        "referrals.open",
        "referrals.to_answer",
        "paper.button",
        "portable.own",
        "portable.with",
        "portable.without",
        "portable.yes",
        "rosters.all",
        "rosters.close.confirm",
        "rosters.close.rest",
        "rosters.refer_line",
        "rosters.reopen",
        "rosters.walk_in.joined",
        "rosters.walk_in.new",
        "staff.line",
        "status.list",
        "publications.again",
        "publications.correct",
        "publications.here",
        "publications.look",
        "publications.look_again",
        "publications.send",
        "publications.there",
        "status.picture",
        "unlisted.back",
        "unlisted.lives_here",
        "unlisted.renew",
        "unlisted.was_wrong",
    ),
    2: (
        "appeals.veto",
        "appeals.to_card",
        "forms.target.of_year",
        "scorecards.back",
        "targets.all",
        "accounts.action",
        "birth_totals.more",
        "birth_totals.open",
        "complaints.enter",
        "complaints.to_*",
        "accounts.end",
        "accounts.make",
        "own.back",
        "own.consents",
        "own.no",
        "own.remind_*",
        "own.withdraw_yes",
        "own.yes",
        "alerts.acknowledge",
        "alerts.back",
        "alerts.do",
        "alerts.give",
        "alerts.see",
        "alerts.snooze",
        "alerts.to_*",
        "alerts.why",
        "leaves.change",
        "leaves.end",
        "ladder.change",
        "settings.*_change",
        "settings.back",
        "settings.hours",
        "settings.other_time",
        "decisions.drop",
        "decisions.finish_index",
        "decisions.fix",
        "decisions.open_list",
        "decisions.see",
        "decisions.to_*",
        "meetings.back",
        "meetings.file_button",
        "meetings.last",
        "meetings.last_untold",
        "meetings.next",
        "meetings.who_button",
        "arranging.cancel",
        "arranging.move",
        "calendar.back",
        "calendar.cancel",
        "calendar.move",
        "calendar.open*",
        "calendar.to_phone",
        "approvals.approve",
        "approvals.see",
        "card.history",
        "portable.action",
        "grants.no",
        "grants.yes",
        "records.back",
        "records.number",
        "choices.[!o]*",
        "choices.outcome.*",
        "card.change",
        "card.handover",
        "card.back",
        "card.consent",
        "card.consent_first",
        "card.join",
        "card.leave",
        "card.leave_no",
        "card.leave_yes",
        "counsellings.action",
        "consents.give",
        "consents.open",
        "consents.show_history",
        "consents.withdraw",
        "households.card",
        "households.join",
        "households.leave",
        "households.make",
        "households.make_head",
        "households.move",
        "households.open",
        "households.relate",
        "due.button_*",
        "duplicates.keep_*",
        "duplicates.undo",
        "due.village_button",
        "examinations.action",
        "forms.add",
        "forms.change",
        "forms.month_title",
        "forms.page_*",
        "forms.ladder.after",
        "forms.ladder.never",
        "forms.quick_day.*",
        "forms.save*",
        "forms.ticked",
        "forms.unticked",
        "imports.drop",
        "report_files.last_year",
        "report_files.more",
        "report_files.regular",
        "report_files.this_year",
        "report_files.times.form_short",
        "report_files.times.o[fn]*",
        "imports.go",
        "handovers.accept",
        "handovers.back",
        "handovers.decline",
        "handovers.decline_yes",
        "handovers.end",
        "handovers.end_yes",
        "handovers.open",
        "handovers.person",
        "handovers.to_list",
        "handovers.withdraw",
        "receipts.another_*",
        "receipts.correct",
        "receipts.then_checkup",
        "receipts.to_due",
        "receipts.undo",
        "referrals.action",
        "referrals.person",
        "referrals.to_list",
        "roles.*",
        "dictation.roster",
        "dictation.take_back",
        "rosters.add",
        "rosters.back",
        "rosters.close.[!d]*",
        "rosters.finish",
        "rosters.line*",
        "rosters.rest",
        "rosters.unrest",
        "rosters.village",
        "staff.remove_no",
        "staff.remove_yes",
        "define.back",
        "define.to_status",
        "indicators.*.name",
        "periods.*",
        "status.after",
        "status.back",
        "status.before",
        "status.define",
        "status.more",
        "publications.choose",
        "publications.decline",
        "publications.left_out",
        "publications.month*",
        "publications.told",
        "status.picture",
        "status.refresh",
        "status.villages",
        "status.whole",
    ),
    3: (
        "choices.meeting_answer.*",
        "due.after",
        "due.before",
        "due.page",
        "forms.back",
        "forms.cancel",
        "forms.skip",
        "forms.time",
        "report_files.back",
        "report_files.earlier",
        "report_files.later",
        "rosters.close.date",
    ),
    7: ("forms.weekday.*",),
}
"""Texts that stand on buttons, by how many share a row."""
SEVERAL = ("choices.lifestyle.*", "choices.method.*", "choices.side_effects.*", "choices.symptoms.*")
"""Texts that stand on buttons that are ticked."""
VALUES = {
    "name": "吴阁老村",
    "village": "吴阁老村",
    "place": "吴阁老村",
    "index": 88,
    "number": 188,
    "sign": "✓量",
    "mark": "🚨",
    "kind": "宫颈细胞学",
    "n": 12,
    "version": 12,
    "overdue": 88,
    "due": 88,
    "page": 10,
    "pages": 10,
    "day": date(2026, 9, 30),
    "month": date(2026, 9, 1),
    "first": date(2026, 9, 1),
    "period": "first half of 2026",
    "at": time(20, 30),
    "start": time(21),
    "end": time(7, 30),
    "parts": [Verbatim("hypertension to standard"), Verbatim("by village")],
    "year": "（1956 年生）",
    "part": "complaints answered",
    "about": " · 欧阳秀英",
    "occasion": "2nd workday a month",
    "form": "workbook and PDF",
}


def _cells(words: str) -> int:
    """Return how many half-width cells `words` take; a variation selector takes none."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in words if one not in "\ufe0e\ufe0f\u200d")


def _widest(texts: Translator, *patterns: str) -> str:
    found = [text for key, text in texts.catalogue.items() if any(fnmatchcase(key, pattern) for pattern in patterns)]
    return max(found, key=_cells)


@cache
def _values(texts: Translator) -> dict[str, Any]:
    """Return the widest of everything that stands inside a label."""
    return VALUES | {
        "label": _widest(texts, "forms.*.label", *SEVERAL),
        "role": _widest(texts, "roles.*"),
        "programme": _widest(texts, "programmes.*.name"),
        "title": _widest(texts, "forms.*.title"),
        "kind": _widest(texts, "records.kind.*"),
        "outcome": _widest(texts, "mine.said.*"),
        "purpose": _widest(texts, "choices.consent.*"),
        "who": _widest(texts, "roles.*", "grants.of_village"),
    }


def _shown(texts: Translator, key: str) -> str:
    return texts.plain(Text(key, _values(texts)))


def _columns(key: str) -> int | None:
    return next((count for count, patterns in BUTTONS.items() if any(fnmatchcase(key, one) for one in patterns)), None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_have_room(language: str) -> None:
    texts = translator(language)
    on_buttons = {base(key): _columns(base(key)) for key in texts.catalogue}
    wide = {
        shown: _cells(shown)
        for key, count in on_buttons.items()
        if count is not None and _cells(shown := _shown(texts, key)) > ROOM[count]
    }
    assert len(on_buttons) > 100
    assert wide == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keyboard_has_room(language: str) -> None:
    texts = translator(language)
    for rows in (menu.rows for menu in KEYBOARDS.values()):
        for row in rows:
            assert max(_cells(_shown(texts, key)) for key in row) <= ROOM[len(row)], row


def test_every_button_is_measured() -> None:
    """A label that the handlers write on a button stands in `BUTTONS`."""
    assert {"forms.save", "due.all_villages"} <= labels()
    assert sorted(key for key in labels() if _columns(key.replace("{}", "x")) is None) == []


@pytest.mark.parametrize(("words", "cells"), [("到了", 4), ("✅ Came", 7), ("✏️ a", 3), ("A1", 2)])
def test_cells(words: str, cells: int) -> None:
    assert _cells(words) == cells
