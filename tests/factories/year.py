"""A township lives on: managers report or are absent, the bot is away for hours or days, and what it says is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import inf
from random import Random

from sqlalchemy import select

from locales.message import Message
from models.rules.access import Actor, Role
from models.rules.calendar import is_working_day
from models.rules.clock import CHINA, MovableClock, local_day
from models.rules.due import is_roster_place
from models.rules.escalation import DEFAULT_LADDER
from models.rules.facts import DueState
from models.rules.outcomes import Outcome
from models.rules.referrals import ReferralAnswer, ReferralReason
from models.store import checkups, due, referrals, staff, visits
from models.store._alerts import RUNGS
from models.store.database import Database, StoreSession
from models.store.due import DueLine
from models.store.errors import Conflict, Refused
from models.store.referrals import Answer, ReferralReport
from models.store.reports import CheckupReport, VisitReport
from models.tables.alerts import Alert
from models.tables.outbox import OutboxMessage, OutboxState
from models.tables.staff import Staff
from scheduler.dispatcher import Dispatcher
from scheduler.messenger import Addressee, Fate, Sent
from scheduler.pace import Pace
from scheduler.planner import Planner
from tests.factories.messenger import SendsOnly

DAY = timedelta(days=1)
DAILY = frozenset({"digest", "weekly", "outbox.daily"})
"""Of these together at most one comes a day, but for a summary that is late after an outage."""
CALENDAR = ("checkup.", "meeting.", "decision.", "day.")
"""How the kinds begin that hang on the calendar."""
URGENT = ("referral.", "person.ill")
_OUTCOMES = (
    *(Outcome.ATTENDED,) * 14,
    Outcome.OTHER_PROVIDER,
    Outcome.NOT_REACHED,
    Outcome.NOT_REACHED,
    Outcome.DECLINED,
    Outcome.ILL,
)
_DANGER = 0.03
"""Of those who came, so many are referred with a pressure that can't wait."""
_SEEN_A_DAY = 8
_AT_LEAST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that somebody got."""

    on: date
    role: Role
    staff_id: int
    kind: str


@dataclass
class Year:
    """What came of it.

    Attributes:
        heard: what was sent, in any order.
        reached: on which days an alert, by what it is about, was found at a rung for the first time.
        outages: days on which the bot was away.
        reports: how often somebody reported.
    """

    heard: list[Heard] = field(default_factory=list)
    reached: dict[tuple[object, ...], set[date]] = field(default_factory=dict)
    outages: set[date] = field(default_factory=set)
    reports: int = 0

    def a_day(self, kinds: Collection[str]) -> Counter[tuple[int, date]]:
        """Return how many messages of some kinds each person got each day."""
        return Counter((one.staff_id, one.on) for one in self.heard if one.kind in kinds)

    def others(self) -> set[str]:
        """Return the kinds that are neither daily, nor of the calendar, nor urgent."""
        return {one.kind for one in self.heard if one.kind not in DAILY and not one.kind.startswith(CALENDAR + URGENT)}


class _Silent(SendsOnly):
    """A messenger at which everything arrives."""

    async def send(self, to: Addressee, message: Message, *, may_repeat: bool = False) -> Sent:
        return Sent(Fate.SENT, 1)


class Life:
    """A township whose clock is moved from hour to hour."""

    def __init__(self, database: Database, clock: MovableClock, seed: int, hours: Sequence[int] = (8, 14, 18)) -> None:
        """Live in `database`; the bot wakes at `hours`, and a little later at each."""
        self._database, self._clock, self._hours = database, clock, hours
        self._random = Random(seed)
        self._planner = Planner(database)
        self._dispatcher = Dispatcher(database, _Silent(), Pace(inf, per_chat=0))
        self._away: dict[int, date] = {}
        self._back_at = clock.now()
        self._year = Year()

    async def live(self, days: int) -> Year:
        """Let days pass, from the next one on."""
        people = await self._workers()
        first = local_day(self._clock.now()) + DAY
        self._year.outages.add(first)  # before it, nobody was told anything
        for day in (first + n * DAY for n in range(days)):
            for hour in self._hours:
                await self._wake(day, hour)
            if is_working_day(day):
                for actor in people:
                    await self._work(actor, day)
            await self._look(day)
        self._year.heard = await self._heard()
        return self._year

    async def _workers(self) -> list[Actor]:
        async with self._database.reading() as session:
            accounts = select(Staff.telegram_user_id).where(Staff.active).order_by(Staff.id)
            found = [await staff.find(session, row.telegram_user_id) for row in await session.rows(accounts)]
        return [actor for actor in found if actor is not None and actor.role in (Role.MANAGER, Role.CLINIC)]

    async def _wake(self, day: date, hour: int) -> None:
        """Let the bot plan and send, unless it is away; now and then it goes away for hours, at most two days."""
        self._clock.move(datetime.combine(day, time(hour, 1), CHINA).astimezone(UTC) - self._clock.now())
        if self._clock.now() < self._back_at:
            self._year.outages.add(day)
            return
        if self._random.random() < 0.02:
            self._back_at = self._clock.now() + _AT_LEAST + timedelta(hours=self._random.uniform(0, 47))
            self._year.outages.add(day)
            return
        await self._planner.run()
        await self._dispatcher.run()

    async def _work(self, actor: Actor, day: date) -> None:
        """Report some of what is due, unless on leave: a day in forty it begins, for up to two weeks."""
        if self._clock.now() < self._back_at or self._away.get(actor.staff_id, day) > day:
            return
        if self._random.random() < 1 / 40:
            self._away[actor.staff_id] = day + DAY * self._random.randint(1, 14)
            return
        async with self._database.transaction() as session:
            page = await due.list_due(session, actor, day, limit=_SEEN_A_DAY)
        if actor.role is Role.CLINIC:
            await self._answer(actor)
        for line in page.lines:
            if line.state is not DueState.UPCOMING and self._random.random() < 0.7 and self._may(actor, line):
                await self._report(actor, line, day)

    async def _answer(self, actor: Actor) -> None:
        """Answer the referral that waits for longest."""
        async with self._database.transaction() as session:
            for one in (await referrals.list_open(session, actor, limit=1)).lines:
                await referrals.answer(session, actor, one.id, Answer(ReferralAnswer.TREATED))

    @staticmethod
    def _may(actor: Actor, line: DueLine) -> bool:
        """Return whether the line is the actor's: the clinic leaves to the managers what they can do."""
        theirs = Role.MANAGER in line.schedule.reported_by
        return actor.role in line.schedule.reported_by and (actor.role is Role.MANAGER or not theirs)

    async def _report(self, actor: Actor, line: DueLine, day: date) -> None:
        outcome = self._random.choice(_OUTCOMES)
        async with self._database.transaction() as session:
            try:
                await self._store(session, actor, line, day, outcome)
                if outcome is Outcome.ATTENDED and self._random.random() < _DANGER and actor.role is Role.MANAGER:
                    await referrals.make(session, actor, ReferralReport(line.resident.id, ReferralReason.URGENT))
            except (Conflict, Refused):  # reported by a colleague, or before something else
                return
        self._year.reports += 1

    @staticmethod
    async def _store(session: StoreSession, actor: Actor, line: DueLine, day: date, outcome: Outcome) -> None:
        later = day + 7 * DAY if outcome is Outcome.ILL else None
        if is_roster_place(line.schedule, line.window):
            await checkups.report(session, actor, CheckupReport(line.resident.id, day, outcome, next_on=later))
        else:
            await visits.report(session, actor, VisitReport(line.enrolment_id, day, outcome, next_on=later))

    async def _look(self, day: date) -> None:
        """Note which alerts have reached which rung by now, and on which day each says that it did."""
        about = (Alert.kind, Alert.subject_id, Alert.due_on, Alert.village_id)
        columns = {step.role: RUNGS[step.role] for step in DEFAULT_LADDER}
        async with self._database.reading() as session:
            rows = await session.rows(select(*about, *columns.values()).where(Alert.closed_on.is_(None)))
        for row in rows:
            for role, column in columns.items():
                on = getattr(row, column.key)
                if on is not None and on <= day:
                    self._year.reached.setdefault((*row[:4], role), set()).add(on)

    async def _heard(self) -> list[Heard]:
        o = OutboxMessage
        statement = select(o.kind, o.ended_at, o.recipient_id, Staff.role).join(Staff, Staff.id == o.recipient_id)
        async with self._database.reading() as session:
            rows = await session.rows(statement.where(o.state == OutboxState.SENT))
        return [Heard(local_day(row.ended_at), row.role, row.recipient_id, row.kind) for row in rows]


def check(year: Year) -> None:
    """Hold what a person hears a day, and how alerts climb.

    Raises:
        AssertionError: somebody heard more than one digest a day, or an item reached a rung twice.
    """
    assert year.reports and year.heard and year.reached
    for kind in DAILY:
        assert max(year.a_day({kind}).values(), default=0) <= 1, kind
    after = {day + n * DAY for day in year.outages for n in range(4)}
    twice = {key: many for key, many in year.a_day(DAILY).items() if many > 1 and key[1] not in after}
    assert twice == {}
    assert year.others() == set()
    again = {key: days for key, days in year.reached.items() if len(days) > 1}
    assert again == {}
    assert _skipped(year) == []


def _skipped(year: Year) -> list[tuple[object, ...]]:
    """Return what has reached a head without having reached the rung before."""
    above = {Role.DEPUTY: Role.CLINIC, Role.LEADER: Role.DEPUTY}
    return [key for key in year.reached if key[4] in above and (*key[:4], above[key[4]]) not in year.reached]
