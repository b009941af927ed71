"""Write the demo township into an empty database, village by village, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select

from bot.local.demo import benefits, births, complaints, fates, rows, satisfaction, talks, workers
from bot.local.demo.course import Course
from bot.local.demo.joining import Join, expecting, joins, mothers
from bot.local.demo.people import Life, people
from bot.local.demo.places import ZONE, Village, build, share, stored_id
from bot.local.demo.rounds import Rounds
from bot.local.demo.setting import Setting
from bot.local.demo.story import tell
from bot.local.demo.township import Township
from bot.local.demo.units import TOWNSHIP_CODE
from bot.local.demo.values import body
from models.rules.access import Role
from models.rules.clock import Clock, local_day
from models.store.database import Database, StoreSession
from models.tables.base import Base, table
from models.tables.benefits import BenefitApplication, BenefitDecision, BenefitPayment
from models.tables.birth_totals import BirthTotal
from models.tables.checkups import Attendance, CheckupDay
from models.tables.complaints import Complaint
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment
from models.tables.places import Place
from models.tables.residents import Consent, Resident
from models.tables.satisfaction import SatisfactionAnswer, SatisfactionAsked
from models.tables.staff import Staff
from models.tables.tallies import Touch
from models.tables.visits import Visit

_A_DAY = timedelta(days=1)
_TOLD_TOGETHER = 240
"""So many people are held in memory at once."""


@dataclass(frozen=True, slots=True)
class DemoTownship:
    """The demo.

    Attributes:
        is_new: it was made just now; else it was there.
    """

    township_id: int
    residents: int
    is_new: bool


@dataclass(slots=True)
class Batch:
    """Rows to insert, by table, parents first."""

    residents: list[dict[str, Any]] = field(default_factory=list)
    consents: list[dict[str, Any]] = field(default_factory=list)
    enrolments: list[dict[str, Any]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)
    attendances: list[dict[str, Any]] = field(default_factory=list)
    talks: list[dict[str, Any]] = field(default_factory=list)
    benefits: benefits.Told = field(default_factory=benefits.Told)

    async def write(self, session: StoreSession) -> None:
        """Insert the rows."""
        await _insert(session, Resident, self.residents)
        await _insert(session, Consent, self.consents)
        await _insert(session, Enrolment, self.enrolments)
        await _insert(session, Visit, self.visits)
        await _insert(session, Attendance, self.attendances)
        await _insert(session, Counselling, self.talks)
        await _insert(session, BenefitApplication, self.benefits.applications)
        await _insert(session, BenefitDecision, self.benefits.decisions)
        await _insert(session, BenefitPayment, self.benefits.payments)


async def seed(database: Database, clock: Clock, seed: int = 2026, residents: int = 2000) -> DemoTownship:
    """Make the demo township, or leave it as it is when it is there.

    The same seed on the same day makes the same content. All of it is one transaction: a process that is
    killed meanwhile leaves nothing.
    """
    async with database.transaction() as session:
        found = await stored_id(session)
        if found is not None:
            counted = select(func.count()).select_from(Resident).where(Resident.township_id == found)
            return DemoTownship(found, await session.scalar(counted), is_new=False)
        places, township_id, villages = build(_today(clock))
        await _insert(session, Place, places)
        employed = workers.rows(session.vault, clock.now(), township_id, villages)
        await _insert(session, Staff, employed)
        posts = workers.by_post(employed)
        for village, many in zip(villages, share(residents), strict=True):
            rng = Random(f"{seed}:{village.unit.code}")  # noqa: S311 - content of a demo, not a secret
            await _village(session, _setting(session, clock, village, posts, rng), many)
        await _township(session, _here(session, clock, township_id, villages, posts), seed)
        # Nothing was counted yet that all this could have changed, and who counts first would read 40,000 notes.
        await session.execute(delete(table(Touch)).where(Touch.township_id == township_id))
    return DemoTownship(township_id, residents, is_new=True)


def _setting(session: StoreSession, clock: Clock, village: Village, posts: workers.Posts, rng: Random) -> Setting:
    return Setting(
        village=village,
        manager=posts[Role.MANAGER, village.id],
        clinic=posts[Role.CLINIC, village.township_id],
        admin=posts[Role.ADMIN, village.township_id],
        today=_today(clock),
        rounds=Rounds.of(village.unit, village.rule, _today(clock)),
        vault=session.vault,
        rng=rng,
    )


def _here(
    session: StoreSession, clock: Clock, township_id: int, villages: Sequence[Village], posts: workers.Posts
) -> Township:
    clinic, deputy = posts[Role.CLINIC, township_id], posts[Role.DEPUTY, township_id]
    return Township(township_id, villages, clinic, deputy, _today(clock), session.vault)


async def _township(session: StoreSession, here: Township, seed: int) -> None:
    """Write what is the township's own: complaints, how satisfied people were, births by year."""
    rng = Random(f"{seed}:{TOWNSHIP_CODE}")  # noqa: S311 - content of a demo, not a secret
    await _insert(session, Complaint, complaints.rows(here, rng))
    answers = satisfaction.rows(here, rng)
    await _insert(session, SatisfactionAsked, answers.asked)
    await _insert(session, SatisfactionAnswer, answers.answers)
    await _insert(session, BirthTotal, births.rows(here, rng))


def _today(clock: Clock) -> date:
    return local_day(clock.now(), ZoneInfo(ZONE))


async def _village(session: StoreSession, setting: Setting, residents: int) -> None:
    days = rows.checkup_days(setting)
    await _insert(session, CheckupDay, days)
    for start in range(0, residents, _TOLD_TOGETHER):
        batch = Batch()
        for life, courses in _lives(setting, min(_TOLD_TOGETHER, residents - start)):
            _collect(setting, batch, life, courses, days)
        await batch.write(session)


def _lives(setting: Setting, many: int) -> Iterator[tuple[Life, list[Course]]]:
    """Yield people with their stories told."""
    lives = people(setting, many)
    after_birth = mothers(setting, lives)
    before_birth = expecting(setting, lives, after_birth)
    for life in lives:
        joined = joins(setting, life)
        joined += [found[life.id] for found in (after_birth, before_birth) if life.id in found]
        yield life, _story(setting, life, joined)


def _story(setting: Setting, life: Life, joined: Sequence[Join]) -> list[Course]:
    courses = [Course(life, join, setting.at(join.on), setting.village.rule) for join in joined]
    here = body(setting.rng, life, setting.today, frozenset(join.programme.code for join in joined))
    what = fates.fate(setting, life, courses)
    until = what.on - _A_DAY if what is not None else setting.yesterday
    for course in courses:
        tell(setting, course, here, until)
    if what is not None:
        fates.befall(setting, life, courses, what)
    fates.settle(life, courses)
    return courses


def _collect(setting: Setting, batch: Batch, life: Life, courses: Sequence[Course], days: Sequence[rows.Row]) -> None:
    batch.residents.append(life.finish())
    batch.consents += life.consent_rows
    asked = benefits.tell(setting, life)
    batch.consents += asked.consents
    batch.benefits.applications += asked.applications
    batch.benefits.decisions += asked.decisions
    batch.benefits.payments += asked.payments
    for course in courses:
        batch.enrolments.append(rows.enrolment(setting, course))
        into = batch.attendances if course.programme.calendar else batch.visits
        into += rows.records(setting, course, days)
        batch.talks += talks.rows(setting, course)


async def _insert(session: StoreSession, model: type[Base], values: list[dict[str, Any]]) -> None:
    if values:
        await session.execute(insert(table(model)), values)
