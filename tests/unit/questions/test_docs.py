"""The examples of the docs are understood as the docs say."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from handlers.question_words import Asked, understood
from locales.translator import LANGUAGES, translator
from models.rules.questions.understand import understand
from models.rules.questions.understanding import Intent
from tests.questions.cases import VILLAGES

TODAY = date(2026, 9, 16)
PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "ask.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `(.+?)` \| (.+?) \|$", PAGE, re.MULTILINE)


def test_each_example_is_understood_as_it_says() -> None:
    assert len(EXAMPLES) > 10
    for typed, line in EXAMPLES:
        asked = Asked(understand(typed, VILLAGES, TODAY), "沈寨镇", TODAY)
        assert line in {translator(language).plain(understood(asked)) for language in LANGUAGES}, typed


def test_what_may_mean_two_things_is_not_answered() -> None:
    for typed in ("马村逾期多少", "高血压"):
        assert understand(typed, VILLAGES, TODAY).intent is Intent.ASK
