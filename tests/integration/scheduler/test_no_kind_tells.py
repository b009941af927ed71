"""No message of any kind tells who it is about, by which number, which method or with which result.

A township whose people have names, numbers, methods and results that stand out lives for six weeks: it is reported,
referred, handed over and decided, the clock moves, messages are planned and sent. What this leaves out is worded
besides: every kind about a row of every table, to four readers. All that leaves is searched in both languages: words,
buttons, files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from locales.message import Message, Text
from locales.translator import LANGUAGES, translator
from models.rules.access import Actor
from models.rules.clock import MovableClock, local_day
from models.rules.meetings import MeetingReason
from models.rules.methods import Method
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.quiet import OFF
from models.rules.referrals import ReferralAnswer, ReferralReason
from models.store import (
    checkup_days,
    counsellings,
    decisions,
    drafts,
    enrolments,
    grants,
    handovers,
    housekeeping,
    leaves,
    meetings,
    own,
    referrals,
    staff,
    visits,
)
from models.store.counsellings import CounsellingReport
from models.store.database import Database, StoreSession
from models.store.handovers import HandoverKind, Wanted
from models.store.leaves import Wish
from models.store.referrals import Answer, ReferralReport
from models.store.reports import Measures, VisitReport
from models.store.sending import Claimed
from models.tables import Base
from models.tables.outbox import OutboxMessage, OutboxState
from scheduler.dispatcher import Dispatcher
from scheduler.messages import NOTICES, prepare
from scheduler.messenger import Addressee, Sent
from scheduler.planner import Planner
from tests.factories.messenger import SendsOnly
from tests.factories.world import World, person
from tests.integration.scheduler.test_dispatcher import FULL_PACE, GONE, SENT
from tests.integration.store.test_accounts import tie

sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
NAMES = ("鸢尾金", "桔梗银", "蓼蓝丝", "鸢尾雀")
PHONES = ("13987650001", "13987650002", "13987650003", "13987650004")
WORDS = ("备注里说的话", "会上定的机密")
SBP, DBP = 187, 113
ID = re.compile(r"\b\d{17,19}\b")
"""A row's id: any three digits may stand in it."""
METHOD = Method.COPPER_IUD


def _secrets() -> set[str]:
    """Return what no message may hold: of people, of their results, and of the services that they use."""
    found = {*NAMES, *PHONES, *WORDS, str(SBP), str(DBP), f"{SBP}/{DBP}"}
    for language in LANGUAGES:
        texts = translator(language)
        found |= {texts.plain(Text.of(f"choices.method.{METHOD}"))}
        found |= {texts.plain(Text.of(f"programmes.{code}.name")) for code in BUILT_IN if code != "checkup"}
    return found


@dataclass
class Kept(SendsOnly):
    """A messenger that keeps what leaves; nobody at `gone` is there."""

    messages: list[Message] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)

    async def send(self, to: Addressee, message: Message, *, may_repeat: bool = False) -> Sent:
        self.messages.append(message)
        return GONE if to.chat_id in self.gone else SENT


def _parts(message: Message) -> Iterator[str]:
    """Return all that somebody, or somebody's phone, sees of a message."""
    for language in LANGUAGES:
        texts = translator(language)
        yield texts.render(message.text)
        for button in (button for row in message.buttons for button in row):
            yield texts.plain(button.label)
            yield "|".join((button.tap.action, *button.tap.args))
    if message.attachment is not None:
        yield message.attachment.name
        yield message.attachment.content.decode("utf-8", "replace").replace("\r\n ", "")


def _search(messages: Iterable[Message]) -> None:
    secrets = _secrets()
    for message in messages:
        for part in _parts(message):
            shown = ID.sub("", part)
            assert not [secret for secret in secrets if secret in shown], (message.text.key, part)


async def _people(session: StoreSession, world: World) -> list[int]:
    born = date(1990, 5, 1)
    return [
        await person(session, actor, name, phone=phone, birth_date=born, programmes=("checkup", "hypertension"))
        for actor, name, phone in zip(
            (world.manager, world.manager, world.manager, world.neighbour), NAMES, PHONES, strict=True
        )
    ]


async def _line(session: StoreSession, actor: Actor, resident_id: int) -> int:
    lines = await enrolments.of_person(session, actor, resident_id)
    return next(line.id for line in lines if line.programme == "hypertension")


@dataclass
class Story:
    """What happens, day by day; others are told of it."""

    database: Database
    world: World
    clock: MovableClock
    kept: Kept = field(default_factory=Kept)
    people: list[int] = field(default_factory=list)
    record: int = 0
    offer: int = 0
    grant: int = 0
    meeting: int = 0

    @property
    def today(self) -> date:
        return local_day(self.clock.now())

    async def tell(self) -> None:
        """Plan and send, as the running bot does."""
        await Planner(self.database).run()
        await Dispatcher(self.database, self.kept, FULL_PACE).run()

    async def pass_days(self, *steps: int) -> None:
        """Let days pass, some at once: each time the bot tells what there is to tell."""
        for many in steps:
            self.clock.move(many * DAY)
            async with self.database.transaction() as session:
                await housekeeping.tidy(session)
            await self.tell()

    async def report(self, session: StoreSession) -> None:
        """Visits with a dangerous value and of somebody unwell, referrals, a talk, a programme to be approved."""
        world, today = self.world, self.today
        self.people = await _people(session, world)
        one, two, three, _ = self.people
        high = VisitReport(
            await _line(session, world.manager, one),
            today,
            Outcome.ATTENDED,
            measures=Measures(sbp=SBP, dbp=DBP),
            note=WORDS[0],
        )
        self.record = (await visits.report(session, world.manager, high)).record_id
        line = await _line(session, world.manager, two)
        ill = VisitReport(line, today, Outcome.ILL, next_on=today + 7 * DAY, note=WORDS[0])
        await visits.report(session, world.manager, ill)
        for person_id in (one, two):
            wanted = ReferralReport(person_id, ReferralReason.URGENT, note=WORDS[0])
            made = await referrals.make(session, world.manager, wanted)
        await referrals.answer(session, world.clinic, made.id, Answer(ReferralAnswer.SEEN, WORDS[0]))
        talk = CounsellingReport(three, today, (METHOD, Method.PATCH, Method.MALE_CONDOM), own=False, method=METHOD)
        await counsellings.report(session, world.manager, talk)
        start = {Anchor.START: today - 9 * DAY}
        await enrolments.enrol(session, world.manager, three, "dmpa", anchors=start)

    async def go_away(self, session: StoreSession) -> None:
        """Two hand-overs are offered, one is carried out at once, a manager takes leave, a form is left lying."""
        world, today = self.world, self.today
        one, two, _, four = self.people
        away = Wanted(HandoverKind.TEMPORARY, world.south.id, today + 3 * DAY, agrees=True)
        self.offer = (await handovers.offer(session, world.manager, one, away)).id
        stays = Wanted(HandoverKind.PERMANENT, world.north.id, agrees=True)
        await handovers.offer(session, world.neighbour, four, stays)
        now = Wanted(HandoverKind.PERMANENT, world.south.id, agrees=True, at_once=True)
        await handovers.offer(session, world.clinic, two, now)
        await leaves.take(session, world.manager, Wish(today, today + 5 * DAY, world.neighbour.staff_id))
        mine = {"chat_id": 101, "user_id": 101, "staff_id": world.manager.staff_id}
        body = {"name": NAMES[0], "phone": PHONES[0]}
        await drafts.open_draft(session, **mine, form="register", form_version=1, body=body)  # type: ignore[arg-type]

    async def answer(self, session: StoreSession) -> None:
        """The other village takes somebody over; a substitute declines, another one is asked and let go."""
        world = self.world
        await handovers.accept(session, world.neighbour, self.offer)
        line = await leaves.standing(session, world.manager)
        assert line is not None
        await leaves.decline(session, world.neighbour, line.id)
        again = await leaves.take(session, world.manager, Wish(self.today, self.today + DAY, world.clinic.staff_id))
        await leaves.end(session, world.manager, again.id)

    async def come_back(self, session: StoreSession) -> None:
        """Somebody is back, and the meeting is put off."""
        await handovers.end_stay(session, self.world.neighbour, self.offer)
        self.meeting = (await meetings.upcoming(session, self.world.leader)).id
        on = date(2026, 4, 8)
        await meetings.move(session, self.world.admin, self.meeting, on, 10, MeetingReason.DUTY)

    async def decide(self, session: StoreSession) -> None:
        """The meeting has decided something; the next one is cancelled; check-up days are moved and cancelled."""
        world, nominal = self.world, date(2026, 5, 10)
        wanted = decisions.Wanted(WORDS[1], world.manager.staff_id, self.today + 5 * DAY)
        await decisions.add(session, world.leader, self.meeting, wanted)
        following = (await meetings.upcoming(session, world.leader)).id
        await meetings.cancel(session, world.admin, following, MeetingReason.OTHER)
        await checkup_days.move(session, world.admin, world.north.id, nominal, date(2026, 5, 13), "weather")
        await checkup_days.move(session, world.admin, world.south.id, date(2026, 5, 25), date(2026, 5, 27), "place")
        self.grant = await grants.ask(session, world.manager, "visit", self.record, "typo")

    async def put_back(self, session: StoreSession) -> None:
        """A day is put back, another one is cancelled, a record is unlocked, somebody is removed."""
        await grants.decide(session, self.world.clinic, self.grant, granted=True)
        await checkup_days.undo(session, self.world.admin, self.world.south.id, date(2026, 5, 25))
        await checkup_days.cancel(session, self.world.admin, self.world.south.id, date(2026, 5, 25), "staff")
        await staff.remove(session, self.world.admin, self.world.deputy.staff_id)

    async def go(self) -> None:
        """Tell it all."""
        for step, days in (
            (self.report, ()),
            (self.go_away, (1, 1)),
            (self.answer, (1, 2)),
            (self.come_back, (3, 1, 7, 7, 7, 1, 1, 1)),
            (self.decide, ()),
            (self.put_back, (1, 1, 1)),
        ):
            async with self.database.transaction() as session:
                await step(session)
            await self.tell()
            await self.pass_days(*days)
        self.kept.gone = {101}
        await self.pass_days(1, 1, 1, 1)


STORIES = frozenset(
    {
        "approval.waits", "checkup.before", "checkup.cancelled", "checkup.moved", "checkup.tomorrow", "choice.not_own",
        "decision.assigned", "digest", "draft.expired", "grant.asked", "grant.decided", "handover.decided",
        "handover.moved", "handover.offered", "handover.returned", "leave.asked", "leave.declined", "leave.ended",
        "meeting.cancelled", "meeting.moved", "outbox.daily", "person.ill", "referral.answered", "referral.new",
        "staff.removed", "unreached", "weekly",
    }
)  # fmt: skip
"""Kinds that the story makes the bot send; the others are worded besides."""


@sqlite
async def test_nothing_that_leaves_tells_of_anybody(database: Database, world: World, clock: MovableClock) -> None:
    story = Story(database, world, clock)
    await story.go()
    _search(story.kept.messages)
    async with database.reading() as session:
        rows = await session.rows(select(OutboxMessage.kind, OutboxMessage.state, OutboxMessage.details))
    assert {row.kind for row in rows if row.state is OutboxState.SENT} >= STORIES
    secrets = _secrets()
    assert not [row.details for row in rows if any(secret in ID.sub("", str(row.details)) for secret in secrets)]


ABOUT_NOTHING = frozenset({"digest", "weekly", "outbox.daily", "checkup.tomorrow", "leave.stands_in"})
"""Kinds that are about a day, not about a row."""


async def _ids(session: StoreSession) -> list[int]:
    """Return the id of a row of every table, and 0."""
    tables = [table for table in Base.metadata.sorted_tables if "id" in table.c and table.name != "audit"]
    return [0, *{row.id for table in tables for row in await session.rows(select(table.c.id).limit(1))}]


@sqlite
async def test_nothing_that_can_be_worded_tells_of_anybody(
    database: Database, world: World, clock: MovableClock
) -> None:
    """Every kind about a row of every table, to four readers: what a slip in planning could say."""
    story = Story(database, world, clock)
    async with database.transaction() as session:
        await story.report(session)
        await story.go_away(session)
        resident = await tie(session, world, story.people[0])
        await own.remind(session, resident, on=True)
    worded: list[Message] = []
    async with database.transaction() as session:
        ids, day = await _ids(session), story.today.isoformat()
        for kind in NOTICES:
            for to in (world.manager, world.clinic, world.leader, resident):
                for subject_id in ids[:2] if kind in ABOUT_NOTHING else ids:
                    about = Claimed(
                        1, kind, subject_id, _occurrence(kind, day, story.record),
                        {"n": 3, "on": day, "old": day, "kind": "digest", "since": day, "until": day},
                        0, False, False, clock.now() + DAY, to, True, False, OFF, 7, 7,
                    )  # fmt: skip
                    with suppress(Exception):  # most rows are not what the kind is about
                        message = await prepare(session, about)
                        worded += [message] if message is not None else []
    _search(worded)
    assert len({message.text.key for message in worded}) > 12


def _occurrence(kind: str, day: str, record: int) -> str:
    """Return an occurrence as the kind has it."""
    shapes = {"person.ill": f"visit:{record}", "choice.not_own": f"{record}", "checkup.before": f"{day}/days_1"}
    return shapes.get(kind, "1" if kind.startswith(("meeting.", "decision.", "checkup.")) else day)


async def test_the_search_finds_what_it_looks_for() -> None:
    for secret in (NAMES[0], PHONES[0], f"{SBP}/{DBP}"):
        with pytest.raises(AssertionError):
            _search([Message(Text.of("digest.screen", lines=[Text.of("numbers.name", name=secret)]))])
