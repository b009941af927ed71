"""What can be wrong in a file of programmes, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What is wrong; the text is at `programme_files.fault.<code>` in `locales/`."""

    # the text
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    SYNTAX = "syntax"
    TAB = "tab"
    ALIAS = "alias"
    TAG = "tag"
    TOO_DEEP = "too_deep"
    SEVERAL_DOCUMENTS = "several_documents"
    REPEATED_KEY = "repeated_key"
    # its shape
    NOT_A_MAPPING = "not_a_mapping"
    NOT_A_LIST = "not_a_list"
    NOT_A_WORD = "not_a_word"
    EMPTY_LIST = "empty_list"
    UNKNOWN_KEY = "unknown_key"
    UNKNOWN_KEY_NEAR = "unknown_key_near"
    OWN_VERSION = "own_version"
    MISSING_KEY = "missing_key"
    # single values
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_WORD_NEAR = "unknown_word_near"
    REPEATED_WORD = "repeated_word"
    BAD_CODE = "bad_code"
    BAD_FLAG = "bad_flag"
    BAD_SPAN = "bad_span"
    BAD_DAYS = "bad_days"
    BAD_AGE = "bad_age"
    BAD_POINT = "bad_point"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"
    MISSING_LANGUAGE = "missing_language"
    # what fits together
    UNNAMED_VISIT = "unnamed_visit"
    RESERVED_CODE = "reserved_code"
    REPEATED_VISIT = "repeated_visit"
    REPEATED_PROGRAMME = "repeated_programme"
    OTHER_BASE = "other_base"
    CLOSES_BEFORE_OPENS = "closes_before_opens"
    AIMS_OUTSIDE = "aims_outside"
    EXPIRES_BEFORE_CLOSES = "expires_before_closes"
    GAP_WITHOUT_SERIES = "gap_without_series"
    OPENS_TOO_EARLY = "opens_too_early"
    AGES_REVERSED = "ages_reversed"
    ANCHOR_NOT_LISTED = "anchor_not_listed"
    ANCHOR_NEVER_ASKED = "anchor_never_asked"
    NO_CONTROL = "no_control"
    ENDS_AT_ONCE = "ends_at_once"
    NO_VISITS = "no_visits"
    CALENDAR_ELSEWHERE = "calendar_elsewhere"
    CHECKUP_STAYS = "checkup_stays"
    # what must not be
    COUNTS_ONLY = "counts_only"
    NO_TEAM = "no_team"
    REPORTS_UNSEEN = "reports_unseen"
    PREGNANCY_TO_CLINIC = "pregnancy_to_clinic"
    PREGNANCY_OPT_IN = "pregnancy_opt_in"
    CONTRACEPTION_OPT_IN = "contraception_opt_in"
    CONTRACEPTION_APPROVAL = "contraception_approval"
    OTHER_FAMILY = "other_family"
    SEEN_BY_MORE = "seen_by_more"
    NEVER_COLLECTED = "never_collected"
    NO_TARGETS = "no_targets"
    NO_SUCH_SERVICE = "no_such_service"


class Wrong(ValueError):
    """Something in a file can't be taken.

    Attributes:
        fault: what is wrong.
        values: what the text mentions.
        example: what is right, where it is not the usual example of the key.
    """

    def __init__(self, fault: Fault, example: str = "", **values: object) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.example = example
        self.values: Mapping[str, object] = values


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, as it is told.

    Attributes:
        line: where it stands, from 1.
        where: the way to it: programme, key, visit, ….
        example: what is right, as it would stand in the file.
    """

    line: int
    where: tuple[str, ...]
    fault: Fault
    example: str
    values: Mapping[str, object]


_LIKE = 60
"""From this similarity (0-100) on, a word is taken for a misspelt one."""


def unknown(word: str, known: Iterable[str], plain: Fault, near: Fault) -> Wrong:
    """Return what is wrong with a word that isn't among those known, with the one most like it."""
    from rapidfuzz import fuzz, process

    words = sorted(known)
    found = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=_LIKE)
    if found is None:
        return Wrong(plain, what=word, known=", ".join(words))
    return Wrong(near, what=word, nearest=found[0])
