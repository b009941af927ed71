"""Every handler in the hands of every role: what is allowed is written down here, the rest is politely refused."""

from __future__ import annotations

import pytest

from handlers import routes
from handlers.forms.kinds.person import encode
from locales.translator import translator
from models.rules.access import Role
from models.store import enrolments, places, rosters, staff
from models.store.database import Database
from tests.e2e.probe import Probe, Said, letters, rows
from tests.e2e.world import STAFF, World

ANYBODY = {"manager", "clinic", "deputy", "leader", "admin", "resident"}
TEAM = {"manager", "clinic"}
COUNTING = {"manager", "clinic", "deputy", "leader"}
CLINIC = {"clinic"}
CHAIRS = {"deputy", "leader"}
ADMINS = {"admin"}
APPEALING = {"manager", "clinic", "deputy"}
WORKING = COUNTING | ADMINS
STAFF_ONLY = ANYBODY - {"resident"}
STRANGER = {"stranger"}
RESIDENTS = {"resident"}
DESK = {"clinic", "deputy"}
"""Who answers complaints."""

COMMANDS = {
    "start": ANYBODY,
    "help": ANYBODY,
    "menu": ANYBODY,
    "me": ANYBODY,
    "language": ANYBODY,
    "calendar": ANYBODY,
    "notice": ANYBODY,
    "settings": ANYBODY,
    "cancel": ANYBODY,
    "resume": ANYBODY,
    "due": TEAM,
    "todo": COUNTING,
    "alerts": COUNTING,
    "why": COUNTING,
    "find": TEAM,
    "mine": TEAM,
    "grants": CLINIC,
    "roster": TEAM,
    "paper": TEAM,
    "checkup": TEAM,
    "visit": TEAM,
    "register": TEAM,
    "duplicates": TEAM,
    "handovers": TEAM,
    "referrals": TEAM,
    "template": TEAM,
    "status": COUNTING,
    "ask": COUNTING,
    "define": COUNTING,
    "extract": CLINIC,
    "report": COUNTING,
    "scorecard": COUNTING,
    "target": WORKING,
    "meeting": COUNTING,
    "decisions": COUNTING,
    "invite": ADMINS,
    "staff": ADMINS,
    "ladder": ADMINS,
    "own": RESIDENTS,
    "births": STAFF_ONLY - {"manager"},
    "complaint": ANYBODY,
    "complaints": DESK | ADMINS,
    "benefits": COUNTING,
}
MENU = {
    "menu.due": TEAM,
    "menu.roster": TEAM,
    "menu.checkup": TEAM,
    "menu.visit": TEAM,
    "menu.register": TEAM,
    "menu.find": TEAM,
    "menu.todo": COUNTING,
    "menu.mine": TEAM,
    "menu.status": COUNTING,
    "menu.meeting": COUNTING,
    "menu.decisions": COUNTING,
    "menu.invite": ADMINS,
    "menu.staff": ADMINS,
    "menu.calendar": ANYBODY,
    "menu.own": RESIDENTS,
    "menu.complaints": RESIDENTS,
    "menu.me": ANYBODY,
    "menu.help": ANYBODY,
}
TAPS = {
    "f": ANYBODY,
    "f.open": ANYBODY,
    "resume": ANYBODY,
    "todo": COUNTING,
    "alerts": COUNTING,
    "alert": TEAM,
    "alert.ack": TEAM,
    "alert.wait": TEAM,
    "alert.give": TEAM,
    "alert.take": TEAM,
    "alert.undo": TEAM,
    "alert.why": TEAM,
    "approvals": CLINIC,
    "due": TEAM,
    "due.go": TEAM,
    "due.village": TEAM,
    "card": TEAM,
    "join": TEAM,
    "leave.which": TEAM,
    "leave.ask": TEAM,
    "leave": TEAM,
    "approve": CLINIC,
    "change": TEAM,
    "change.undo": TEAM,
    "unlisted": TEAM,
    "home": TEAM,
    "home.join": TEAM,
    "home.new": TEAM,
    "home.relate": TEAM,
    "home.head": TEAM,
    "home.leave": TEAM,
    "home.undo": TEAM,
    "consent": TEAM,
    "consent.give": TEAM,
    "consent.end": TEAM,
    "consent.undo": TEAM,
    "consent.log": TEAM,
    "roster": TEAM,
    "roster.show": TEAM,
    "roster.tap": TEAM,
    "roster.fill": TEAM,
    "roster.unfill": TEAM,
    "roster.page": TEAM,
    "roster.to": TEAM,
    "roster.look": TEAM,
    "roster.drop": TEAM,
    "roster.away": TEAM,
    "roster.add": TEAM,
    "roster.new": TEAM,
    "roster.close": TEAM,
    "roster.reopen": TEAM,
    "roster.paper": TEAM,
    "checkup.new": TEAM,
    "checkup.of": TEAM,
    "checkup.fix": TEAM,
    "checkup.undo": TEAM,
    "visit.new": TEAM,
    "visit.fix": TEAM,
    "visit.undo": TEAM,
    "examination.of": CLINIC,
    "examination.fix": CLINIC,
    "examination.undo": CLINIC,
    "examination.list": CLINIC,
    "referral": TEAM,
    "referral.of": TEAM,
    "referral.now": TEAM,
    "referral.fix": TEAM,
    "referral.undo": TEAM,
    "referral.no": TEAM,
    "referral.answer": CLINIC,
    "referral.refix": CLINIC,
    "referral.reundo": CLINIC,
    "referrals": TEAM,
    "choice.of": TEAM,
    "choice.fix": TEAM,
    "choice.undo": TEAM,
    "choice.list": CLINIC,
    "status": COUNTING,
    "ask": COUNTING,
    "status.more": COUNTING,
    "status.in": COUNTING,
    "status.picture": COUNTING,
    "status.picture_in": COUNTING,
    "notice.here": ADMINS,
    "notice.old": ANYBODY,
    "publication": CHAIRS,
    "publication.choose": CHAIRS,
    "publication.leave": CHAIRS,
    "publication.send": CHAIRS,
    "publication.again": CHAIRS,
    "publication.there": CHAIRS,
    "publication.no": CHAIRS,
    "publication.fix": CHAIRS,
    "define": COUNTING,
    "define.of": COUNTING,
    "report": COUNTING,
    "report.form": COUNTING,
    "report.make": COUNTING,
    "report.cancel": COUNTING,
    "report.times": COUNTING,
    "report.time": COUNTING,
    "report.as": COUNTING,
    "report.stop": COUNTING,
    "scorecard": COUNTING,
    "scorecard.of": COUNTING,
    "scorecard.part": COUNTING,
    "appeals": APPEALING,
    "appeal": APPEALING,
    "appeal.make": {"manager"},
    "appeal.answer": APPEALING - {"manager"},
    "appeal.undo": {"manager"},
    "target": WORKING,
    "target.set": {"deputy", "admin"},
    "target.undo": {"deputy", "admin"},
    "alike": TEAM,
    "pairs": TEAM,
    "pair": TEAM,
    "pair.ask": TEAM,
    "pair.merge": TEAM,
    "pair.two": TEAM,
    "merged": TEAM,
    "unmerge": TEAM,
    "register.new": TEAM,
    "register.fix": TEAM,
    "register.undo": TEAM,
    "handovers": TEAM,
    "handover": TEAM,
    "handover.see": TEAM,
    "handover.accept": TEAM,
    "handover.take": TEAM,
    "handover.no": TEAM,
    "handover.decline": TEAM,
    "handover.withdraw": TEAM,
    "handover.end_ask": TEAM,
    "handover.end": TEAM,
    "history": TEAM,
    "extract": CLINIC,
    "extract.of": CLINIC,
    "extract.make": CLINIC,
    "portable": TEAM,
    "mine": TEAM,
    "record": TEAM,
    "versions": TEAM,
    "grant.why": TEAM,
    "grant.ask": TEAM,
    "grants": CLINIC,
    "grant": CLINIC,
    "grant.yes": CLINIC,
    "grant.no": CLINIC,
    "meeting": COUNTING,
    "meeting.answer": COUNTING,
    "meeting.who": COUNTING,
    "meeting.file": COUNTING,
    "meeting.minutes": CHAIRS,
    "decisions": COUNTING,
    "decision": COUNTING,
    "decision.new": CHAIRS,
    "decision.fix": CHAIRS,
    "decision.undo": CHAIRS,
    "decision.done": COUNTING,
    "decision.open": COUNTING,
    "decision.drop_ask": CHAIRS,
    "decision.drop": CHAIRS,
    "import.go": TEAM,
    "import.drop": TEAM,
    "import.undo": TEAM,
    "calendar": ANYBODY,
    "calendar.page": ANYBODY,
    "arrange": ADMINS,
    "arrange.move": ADMINS,
    "arrange.cancel": ADMINS,
    "arrange.undo": ADMINS,
    "day": ANYBODY,
    "day.move": ADMINS,
    "day.cancel": ADMINS,
    "day.undo": ADMINS,
    "day.file": ANYBODY,
    "account": TEAM,
    "account.make": TEAM,
    "account.end": TEAM,
    "own": RESIDENTS,
    "own.yes": ANYBODY,
    "own.no": ANYBODY,
    "own.remind": RESIDENTS,
    "own.consents": RESIDENTS,
    "own.agree": RESIDENTS,
    "own.withdraw": RESIDENTS,
    "own.undo": RESIDENTS,
    "own.rate": RESIDENTS,
    "complaints": DESK | ADMINS,
    "births": STAFF_ONLY - {"manager"},
    "births.new": ADMINS | {"deputy"},
    "births.undo": ADMINS | {"deputy"},
    "complaint.new": DESK | ADMINS | RESIDENTS,
    "complaint.enter": DESK | ADMINS,
    "complaint.see": DESK,
    "complaint.answer": DESK,
    "complaint.unanswer": DESK,
    "complaint.undo": ANYBODY,
    "ladder": ADMINS,
    "ladder.change": ADMINS,
    "ladder.undo": ADMINS,
    "settings": ANYBODY,
    "set.digest": ANYBODY,
    "set.digest_at": ANYBODY,
    "set.quiet": ANYBODY,
    "set.quiet_at": ANYBODY,
    "off": STAFF_ONLY,
    "off.take": STAFF_ONLY,
    "off.end": STAFF_ONLY,
    "off.asked": STAFF_ONLY,
    "off.decline": STAFF_ONLY,
    "language": ANYBODY,
    "lang": ANYBODY,
    "inv.role": ADMINS,
    "inv.place": ADMINS,
    "staff.ask": ADMINS,
    "staff.remove": ADMINS,
    "staff.keep": ADMINS,
    "told": TEAM,
    "told.add": TEAM,
    "told.undo": TEAM,
    "own.take": RESIDENTS,
    "own.benefits": RESIDENTS,
    "benefits": COUNTING,
    "benefits.list": TEAM,
    "benefits.pay": CLINIC,
    "benefit": TEAM,
    "benefit.of": TEAM,
    "benefit.agree": TEAM,
    "benefit.new": TEAM,
    "benefit.fix": TEAM,
    "benefit.undo": TEAM,
    "benefit.end": TEAM,
    "benefit.unend": TEAM,
    "benefit.yes": CLINIC,
    "benefit.no": CLINIC,
    "benefit.redo": CLINIC,
    "benefit.undecide": CLINIC,
    "benefit.pay": CLINIC,
    "payment": CLINIC,
    "payment.fix": CLINIC,
    "payment.no": CLINIC,
    "payment.undo": CLINIC,
    "own.stop": RESIDENTS,  # the last one: it makes a stranger of whoever presses it
}
ROLES = [*sorted(ANYBODY), "stranger"]
REFUSED = "不能做这个"
WAY_IN = "没有邀请码？"
NOT_FOUND = "找不到这条记录"
GONE = {"own.yes": "这个链接用不了了", "own.no": "这个链接用不了了"}
"""What a stranger is told who answers a link that isn't there."""
HUGE = 10**24
ODD = (
    (),
    ("",),
    ("x",),
    ("-1",),
    ("0", "0"),
    (HUGE,),
    (2**63,),
    ("١٢",),
    ("zz", "zz", "o", "x"),
    ("manager", "411728106999"),
    ("2026-13",),
    ("0", HUGE),
    ("9999-12",),
    ("0", "99991231"),
    ("2561", "07:30:01"),
    ("07:30+08:00", "0700"),
    ("0001-01",),
    ("1", "1", "1", "1", "1"),
)
"""What no button of this version carries: an older version's might."""
ODD_WORDS = ("x", "0", "' OR 1=1 --", "{name}", "<b>")
"""What somebody types behind a command."""
WORDY = ("manager", "admin", "stranger")
"""Who types odd words."""
TOGETHER = 30
"""So many are pressed before anybody looks."""
OFTEN = 4
"""So many of them, from the first, are tried with every button; each of the others with every third one."""
LEAST_FIRST = ("resident", "leader", "manager", "clinic", "admin")
"""The first of them who may press a button presses it in most odd ways."""


def test_the_tables_name_every_handler() -> None:
    assert set(COMMANDS) == set(routes.COMMANDS)
    assert set(MENU) == set(routes.MENU)
    assert set(TAPS) == set(routes.TAPS)


async def _probe(world: World, role: str) -> Probe:
    if role == "stranger":
        return Probe(world, 9001, 9001)
    if role == "resident":
        async with world.database.transaction() as session:
            village = await places.by_code(session, "411728106201")
            await staff.add(session, 1007, 1007, Role.RESIDENT, village, name="住")
        return Probe(world, 1007, 1007)
    user_id = STAFF[role][0]
    return Probe(world, user_id, user_id)


async def _good_arguments(database: Database, world: World) -> dict[str, tuple[object, ...]]:
    """Return arguments with which each button means something to a manager of 大王庄 or an admin."""
    async with database.transaction() as session:
        lines = await enrolments.of_person(session, world.actors["clinic"], world.people["王秀英"])
        day = await rosters.current_day(session, world.actors["manager"])
        line = (await rosters.open_day(session, world.actors["manager"], day.id)).lines[0]
    neighbour = world.actors["neighbour"]
    return {
        "due": (0, world.actors["manager"].village_id),
        "due.go": (lines[0].id,),
        "roster": (world.actors["manager"].village_id,),
        "roster.show": (day.id,),
        "roster.tap": (line.id, line.version),
        "roster.fill": (day.id, "attended"),
        "roster.unfill": (1,),
        "roster.page": (0, day.id),
        "roster.to": (day.id, "close"),
        "roster.look": (line.id, line.version, 7),
        "roster.drop": (line.id, line.version),
        "roster.away": (world.people["王秀英"],),
        "roster.add": (world.people["周无同意"],),
        "roster.new": (day.id,),
        "roster.close": (day.id, 0),
        "roster.reopen": (day.id,),
        "roster.paper": (day.id,),
        "told": (line.id, "b128.82w620"),
        "told.add": (world.people["周无同意"], "o0"),
        "card": (world.people["王秀英"],),
        "handover": (world.people["王秀英"],),
        "join": (world.people["王秀英"],),
        "leave.which": (world.people["王秀英"],),
        "leave.ask": (lines[0].id,),
        "leave": (lines[1].id,),
        "approve": (lines[0].id,),
        "examination.of": (world.people["李红"],),
        "examination.list": (0, world.people["李红"]),
        "referral.of": (world.people["李红"],),
        "referrals": (0,),
        "choice.of": (world.people["李红"],),
        "choice.list": (0, world.people["李红"]),
        "change": (world.people["王秀英"],),
        "home": (world.people["王秀英"],),
        "home.join": (world.people["王秀英"],),
        "home.new": (world.people["王秀英"],),
        "consent": (world.people["王秀英"],),
        "consent.give": (world.people["周无同意"],),
        "consent.end": (world.people["王秀英"],),
        "consent.log": (world.people["王秀英"],),
        "checkup.of": (world.people["王秀英"],),
        "status": ("2026-11",),
        "ask": ("1", "2", "-", "-", "-", "1"),
        "status.more": ("2026-11",),
        "status.in": ("2026-11", "3"),
        "define": ("2026-11",),
        "define.of": ("3", "2026-11"),
        "report": ("2025",),
        "report.form": ("2026-10",),
        "report.make": ("2026-10", "xlsx"),
        "report.time": ("month", "pdf"),
        "report.as": ("xlsx",),
        "meeting": (),
        "decisions": (0, "all"),
        "alerts": (0,),
        "pairs": (0,),
        "pair": (encode(world.people["王秀英"]), encode(world.people["李红"])),
        "pair.ask": (encode(world.people["王秀英"]), encode(world.people["李红"])),
        "merged": (0,),
        "history": (0, world.people["王秀英"]),
        "extract.of": ("2026-Q3",),
        "extract.make": ("2026-Q3", "quality"),
        "portable": (world.people["王秀英"],),
        "mine": (0,),
        "record": ("register", world.people["王秀英"], "m0"),
        "grant.why": ("register", world.people["王秀英"]),
        "grants": (0,),
        "calendar.page": (0,),
        "day": (world.actors["manager"].village_id, "20270109"),
        "day.move": (world.actors["manager"].village_id, "20270109"),
        "day.cancel": (world.actors["manager"].village_id, "20270109"),
        "day.undo": (world.actors["manager"].village_id, "20270109"),
        "day.file": (world.actors["manager"].village_id, "20270109"),
        "complaints": (0,),
        "benefits": (),
        "benefits.list": ("decision", 0),
        "benefits.pay": (),
        "benefit.of": (world.people["王秀英"],),
        "benefit.agree": (world.people["王秀英"],),
        "benefit.new": (world.people["王秀英"],),
        "complaint.new": ("waiting",),
        "account": (world.people["王秀英"],),
        "account.make": (world.people["王秀英"],),
        "account.end": (world.people["王秀英"],),
        "ladder.undo": ("3.7.14", "3.7.14"),
        "set.digest": ("0730",),
        "set.quiet": ("2100", "0730"),
        "off": (),
        "off.take": (),
        "lang": ("zh-CN",),
        "inv.role": ("manager",),
        "inv.place": ("manager", "411728106202"),
        "staff.ask": (neighbour.staff_id,),
        "staff.remove": (neighbour.staff_id,),
    }


def _is_refusal(said: Said) -> bool:
    return REFUSED in str(said) or WAY_IN in str(said)


@pytest.mark.parametrize("role", ROLES)
async def test_every_role_gets_what_is_written_down(world: World, role: str) -> None:
    probe = await _probe(world, role)
    for name, allowed in COMMANDS.items():
        _hold(f"/{name}", await probe.send(f"/{name}"), role, allowed)
    for key, allowed in MENU.items():
        _hold(key, await probe.send(translator("zh-CN").pattern(key, {})), role, allowed)
    arguments = await _good_arguments(world.database, world)
    for action, allowed in TAPS.items():
        said = await probe.craft(action, *arguments.get(action, (1, 1, "o", "x")))
        _hold(action, said, role, allowed)
        if role in allowed and action in arguments:
            assert NOT_FOUND not in str(said), action
    assert await letters(world) == []


def _hold(what: str, said: Said, role: str, allowed: set[str]) -> None:
    assert str(said), what
    if role == "stranger":
        assert GONE.get(what, WAY_IN) in str(said), what
    else:
        assert _is_refusal(said) == (role not in allowed), (what, str(said))


@pytest.mark.parametrize("role", ROLES)
async def test_odd_buttons_are_answered_politely(world: World, role: str) -> None:
    """Whoever may do least with a button presses it in many odd ways, others in some."""
    probe = await _probe(world, role)
    odd = [
        (action, arguments)
        for number, (action, allowed) in enumerate(TAPS.items())
        for arguments in _odd_for(role, allowed, number)
    ]
    for first in range(0, len(odd), TOGETHER):
        some = odd[first : first + TOGETHER]
        said = await probe.press(*(probe.signed(action, *arguments) for action, arguments in some))
        assert "Error" not in str(said), some
        assert [letter.error for letter in await letters(world)] == [], some


def _odd_for(role: str, allowed: set[str], number: int) -> tuple[tuple[object, ...], ...]:
    if role not in allowed:
        return ODD[:1]  # refused before anything is read
    first = next(each for each in LEAST_FIRST if each in allowed)
    if role != first:
        return ODD[number % 6 :: 6]
    return (*ODD[:OFTEN], *ODD[OFTEN + number % 3 :: 3])


@pytest.mark.parametrize("role", WORDY)
async def test_odd_words_are_answered_politely(world: World, role: str) -> None:
    probe = await _probe(world, role)
    odd = [f"/{name} {words}" for name, allowed in COMMANDS.items() for words in _words_for(role, allowed)]
    odd += ["/", "//", "/nothing", "/start@nobody", "\u200b", "😀" * 300, "{0}", "<i>", "%s", "\\"]
    for first in range(0, len(odd), TOGETHER):
        some = odd[first : first + TOGETHER]
        await probe.send(*some)
        assert [letter.error for letter in await letters(world)] == [], some


def _words_for(role: str, allowed: set[str]) -> tuple[str, ...]:
    """Return all odd words for the first role that may use a command, and one for the others."""
    first = next((each for each in WORDY if each in allowed), None)
    return ODD_WORDS if role == first else ODD_WORDS[:1]


async def test_a_stranger_learns_nothing(world: World) -> None:
    before = await rows(world)
    probe = await _probe(world, "stranger")
    for name in COMMANDS:
        said = await probe.send(f"/{name}")
        assert WAY_IN in str(said)
        assert all(word not in str(said) for word in ("大王庄", "沈寨", "小李村"))
    assert probe.buttons() == []
    assert await rows(world) == before
