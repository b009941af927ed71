"""What the clinic examines, and what can come of it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from locales.translator import LANGUAGES, translator
from models.rules.examinations import RESULTS, SCREENINGS, ExaminationKind, ExaminationResult, is_possible
from models.rules.programmes.catalogue import BUILT_IN

FORBIDDEN = re.compile(r"胎儿|怀孕|妊娠|男胎|女胎|fetus|fetal|pregnan", re.IGNORECASE)


@given(st.sampled_from(ExaminationKind), st.sampled_from(ExaminationResult))
def test_a_result_is_possible_when_it_is_listed(kind: ExaminationKind, result: ExaminationResult) -> None:
    assert is_possible(kind, result) == (result in RESULTS[kind])


def test_every_examination_can_be_good_and_can_need_more() -> None:
    good = {ExaminationResult.NORMAL, ExaminationResult.NEGATIVE}
    for kind in ExaminationKind:
        assert len(good & set(RESULTS[kind])) == 1
        assert {ExaminationResult.RECHECK, ExaminationResult.REFER} <= set(RESULTS[kind])


def test_no_code_tells_of_a_pregnancy_or_a_fetus() -> None:
    for language in LANGUAGES:
        texts = translator(language).catalogue
        keys = [key for key in texts if key.startswith(("choices.examination", "examinations."))]
        assert len(keys) > 15
        assert [key for key in keys if FORBIDDEN.search(texts[key])] == []
    assert [code for code in (*ExaminationKind, *ExaminationResult) if FORBIDDEN.search(code)] == []


def test_the_screenings_are_programmes() -> None:
    assert set(SCREENINGS.values()) <= set(BUILT_IN)
