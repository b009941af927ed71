"""The demo's complaints: for a year most are answered in time, and two wait for whoever tries it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from bot.local.demo.rounds import NEWCOMERS
from bot.local.demo.township import MONTHS, Township, office_hours
from locales.message import Text
from locales.translator import LANGUAGES, translator
from models.rules.calendar import working_day_before
from models.rules.complaints import Channel, ComplaintKind, ComplaintOutcome, Concern, due_on, handler
from models.rules.roles import Role
from models.store.complaints import ANSWER, KEPT, TEXT

Row = dict[str, Any]
_K, _C, _O = ComplaintKind, Concern, ComplaintOutcome
_A_MONTH, _PLACES = (15, 18), 3
"""So many have to be answered in each month, about so few villages, that how many can be told outside the team."""
_LATE_MONTH = 4
"""So many months ago as many more were answered late."""
_SOONEST, _LATEST = 2, 6
"""Days until an answer at the soonest, and after the last day at the latest."""
_BREACH_MONTH = 5
_LONGEST = timedelta(days=35)
"""No complaint has longer than this."""
_BY_PHONE = 0.2
_SINCE = 6
"""Working days for which two have waited: no breach, so they are in time for some more."""


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody may complain of, and what comes of it; `name` is that of its texts."""

    name: str
    kind: ComplaintKind
    concern: Concern
    outcome: ComplaintOutcome


_CASES = (
    Case("queue", _K.WAITING, _C.VILLAGE, _O.CONFIRMED),
    Case("tone", _K.ATTITUDE, _C.CLINIC, _O.CONFIRMED),
    Case("vaccine", _K.FEE, _C.CLINIC, _O.NOT_CONFIRMED),
    Case("visit", _K.REFUSED, _C.VILLAGE, _O.CONFIRMED),
    Case("harvest", _K.OTHER, _C.UNSAID, _O.NOT_CONFIRMED),
    Case("overheard", _K.PRIVACY, _C.VILLAGE, _O.NOT_CONFIRMED),
)
_BREACH = Case("told", _K.PRIVACY, _C.VILLAGE, _O.CONFIRMED)
_WAITING = (
    Case("chairs", _K.WAITING, _C.VILLAGE, _O.CONFIRMED),
    Case("call", _K.ATTITUDE, _C.CLINIC, _O.CONFIRMED),
)
"""One for the clinic to answer, and one for the deputy."""


def rows(here: Township, rng: Random) -> list[Row]:
    """Return the rows: those whose last day was in a month that is over, and those that wait."""
    found = [row for ago in range(MONTHS, 0, -1) for row in _month(here, rng, ago)]
    received_on = working_day_before(here.today, _SINCE)
    village_id = next(village.id for village in here.villages if village.unit is NEWCOMERS)
    return found + [_row(here, rng, case, received_on, village_id) for case in _WAITING]


def _month(here: Township, rng: Random, ago: int) -> Iterator[Row]:
    """Yield what had to be answered in a month."""
    others = [village.id for village in here.villages if village.unit is not NEWCOMERS]
    about = rng.sample(others, _PLACES)
    for is_late in (False, True) if ago == _LATE_MONTH else (False,):
        for number in range(rng.randint(*_A_MONTH)):
            case = _BREACH if (ago, number) == (_BREACH_MONTH, 0) else rng.choice(_CASES)
            received_on = _received_on(rng, case, here.month(ago), here.month(ago - 1))
            row = _row(here, rng, case, received_on, rng.choice(about))
            yield row | _answer(here, rng, case, row["id"], _answered_on(rng, case, received_on, is_late=is_late))


def _received_on(rng: Random, case: Case, first: date, after: date) -> date:
    """Return a day whose complaints have to be answered from `first` on and before `after`."""
    while True:
        received_on = first - _LONGEST + timedelta(days=rng.randrange((after - first + _LONGEST).days))
        if first <= due_on(case.kind, received_on) < after:
            return received_on


def _answered_on(rng: Random, case: Case, received_on: date, *, is_late: bool) -> date:
    last = due_on(case.kind, received_on)
    if is_late:
        return last + timedelta(days=rng.randint(1, _LATEST))
    return received_on + timedelta(days=rng.randint(_SOONEST, (last - received_on).days))


def _row(here: Township, rng: Random, case: Case, received_on: date, village_id: int) -> Row:
    """Return a complaint as it came in; its code is nobody's."""
    complaint_id, by_phone = rng.getrandbits(62), rng.random() < _BY_PHONE
    return {
        "id": complaint_id,
        "code_hash": rng.randbytes(32),
        "township_id": here.id,
        "village_id": village_id if case.concern is Concern.VILLAGE else None,
        "kind": case.kind,
        "concern": case.concern,
        "channel": Channel.PHONE if by_phone else Channel.BOT,
        "handler": handler(case.kind, case.concern),
        "received_on": received_on,
        "due_on": due_on(case.kind, received_on),
        "text_sealed": here.vault.seal_text(TEXT, complaint_id, _plain(Text.of(f"demo.complaint.{case.name}"))),
        "answered_on": None,
        "answered_at": None,
        "answered_by": None,
        "answer_sealed": None,
        "outcome": None,
        "answer_draft_id": None,
        "entered_by": here.clinic if by_phone else None,
    }


def _answer(here: Township, rng: Random, case: Case, complaint_id: int, on: date) -> Row:
    """Return what an answer changes; of an old one only what is counted is left."""
    by = here.deputy if handler(case.kind, case.concern) is Role.DEPUTY else here.clinic
    answered: Row = {"answered_on": on, "answered_at": office_hours(rng, on), "answered_by": by}
    if on < here.today - KEPT:
        return {**answered, "outcome": case.outcome, "code_hash": None, "text_sealed": None}
    sealed = here.vault.seal_text(ANSWER, complaint_id, _plain(Text.of(f"demo.complaint.{case.name}_answer")))
    return {**answered, "outcome": case.outcome, "answer_sealed": sealed}


def _plain(text: Text) -> str:
    return translator(LANGUAGES[0]).plain(text)
