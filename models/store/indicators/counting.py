"""Which indicators' tables are read together, and their cells counted anew: by village and month."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.rules.access import Actor
from models.rules.disclosure import Counts
from models.rules.indicators import benefits as benefit_rules
from models.rules.indicators import births as birth_rules
from models.rules.indicators import checkups as checkup_rules
from models.rules.indicators import choice as choice_rules
from models.rules.indicators import chronic as chronic_rules
from models.rules.indicators import complaints as complaint_rules
from models.rules.indicators import followups as followup_rules
from models.rules.indicators import reporting as reporting_rules
from models.rules.indicators import satisfaction as satisfaction_rules
from models.rules.indicators import work as work_rules
from models.rules.indicators.base import Nature, Table
from models.rules.indicators.catalogue import TABLES as OF_INDICATORS
from models.rules.periods import Period
from models.store.database import StoreSession
from models.store.indicators import (
    benefits,
    births,
    checkups,
    choice,
    chronic,
    complaints,
    followups,
    satisfaction,
    work,
)
from models.store.indicators._months import Found
from models.tables.tallies import Lot

Counted = dict[tuple[int, Period], Counts]
"""By village (or township, for what is about no village) and month."""
_Read = Callable[[StoreSession, Actor, Sequence[int], Sequence[Period], date], Coroutine[Any, Any, "Found[Any]"]]
_ReadAll = Callable[
    [StoreSession, Actor, Sequence[int], Sequence[Period], date], Coroutine[Any, Any, "Mapping[str, Found[Any]]"]
]

OUTCOMES = checkup_rules.OUTCOMES.code
TABLES: Mapping[str, Table[Any]] = {**OF_INDICATORS, OUTCOMES: checkup_rules.OUTCOMES}
"""Every table by its code, with the one that is told beside attendance."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Tables that are counted from the same rows.

    Attributes:
        codes: of the tables.
        lot: what a change of these rows is called; `None`: no trigger notices one, so the counts are never kept.
    """

    codes: tuple[str, ...]
    lot: Lot | None
    read: _ReadAll


def _one(code: str, lot: Lot | None, read: _Read) -> Reading:
    async def read_all(
        session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
    ) -> Mapping[str, Found[Any]]:
        return {code: await read(session, actor, villages, months, today)}

    return Reading((code,), lot, read_all)


async def _waiting(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Mapping[str, Found[Any]]:
    return dict.fromkeys(_WAITING, await work.waiting(session, actor, villages, months, today))


async def _rounds(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Mapping[str, Found[Any]]:
    both = await checkups.rounds(session, actor, villages, months, today)
    return {checkup_rules.TABLE.code: both.places, reporting_rules.TABLE.code: both.days, OUTCOMES: both.places}


_WAITING = (work_rules.DUE_TABLE.code, work_rules.OVERDUE_TABLE.code)
READINGS = (
    _one(work_rules.DONE_TABLE.code, Lot.DONE, work.reports),
    Reading(_WAITING, Lot.WAITING, _waiting),
    _one(followup_rules.TABLE.code, Lot.FOLLOWUP, followups.windows),
    Reading((checkup_rules.TABLE.code, reporting_rules.TABLE.code, OUTCOMES), Lot.ROUND, _rounds),
    _one(choice_rules.TABLE.code, Lot.CHOICE, choice.talks),
    _one(chronic_rules.HYPERTENSION_TABLE.code, Lot.CARE, chronic.hypertension),
    _one(chronic_rules.DIABETES_TABLE.code, Lot.CARE, chronic.diabetes),
    _one(birth_rules.ANTENATAL_TABLE.code, Lot.BIRTH, births.pregnancies),
    _one(birth_rules.POSTNATAL_TABLE.code, Lot.BIRTH, births.births),
    _one(benefit_rules.TABLE.code, Lot.BENEFIT, benefits.confirmations),
    _one(complaint_rules.TABLE.code, None, complaints.due),
    _one(satisfaction_rules.TABLE.code, None, satisfaction.answers),
)
"""All tables, each once."""
BY_CODE: Mapping[str, Reading] = {code: each for each in READINGS for code in each.codes}


async def count(
    session: StoreSession,
    actor: Actor,
    reading: Reading,
    villages: Sequence[int],
    months: Sequence[Period],
    today: date,
) -> dict[str, Counted]:
    """Return the counts of what is read together, by table; of what is no flow, of the last month only."""
    found = await reading.read(session, actor, villages, months, today)
    counted: dict[str, Counted] = {}
    for code, facts in found.items():
        table = TABLES[code]
        told = months if table.nature is Nature.FLOW else months[-1:]
        keys = {(village, month) for village in villages for month in told} | facts.keys()
        counted[code] = {key: table.count(facts.get(key, ())) for key in keys}
    return counted
