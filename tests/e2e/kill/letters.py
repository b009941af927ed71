"""Townships whose staff are told things, and the messages to them, each known again by its chat and its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.local.server.people import Person
from bot.local.server.world import World as Server
from locales.message import Text
from locales.translator import translator
from models.rules.access import Actor, Role
from models.store import outbox, places, staff
from models.store.database import Database, StoreSession
from models.store.outbox import Recipient
from models.tables.places import PlaceKind
from scheduler.messages import NOTICES

KINDS = ("handover.decided", "draft.expired", "grant.decided", "handover.moved")
"""What they are told: kinds that make sense without anything else; nobody is told the same words twice."""
MANAGERS = 9
"""How many managers a township has; one of them has blocked the bot."""
_FIRST_USER = 5001


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person."""

    to: Recipient
    kind: str
    number: int


def shown(kind: str, number: int) -> str:
    """Return what a reader sees."""
    values = {"n": number} if "n" in NOTICES[kind].values else {}
    return translator("zh-CN").plain(Text.of(f"notices.{kind}", **values))


async def found(database: Database, server: Server, count: int) -> list[Letter]:
    """Found as many townships as `count` messages need, two for each manager; return the messages, unplanned."""
    managers: list[Actor] = []
    async with database.transaction() as session:
        while len(managers) * 2 < count:
            managers += await _township(session, server, len(managers) // MANAGERS)
    return [_letter(managers, number) for number in range(count)]


async def plan(database: Database, letters: list[Letter]) -> None:
    """Plan messages, all in one transaction."""
    async with database.transaction() as session:
        for letter in letters:
            details = {"n": letter.number}
            await outbox.plan(session, [letter.to], letter.kind, letter.number, details=details)


def _letter(managers: list[Actor], number: int) -> Letter:
    turn, place = divmod(number, len(managers))
    manager = managers[place]
    to = Recipient(manager.staff_id, manager.township_id)
    return Letter(to, KINDS[(place + turn) % len(KINDS)], number)


async def _township(session: StoreSession, server: Server, number: int) -> list[Actor]:
    """Make a township with a village, its managers, and those who come after them; return the managers."""
    users = iter(range(_FIRST_USER + number * 20, _FIRST_USER + (number + 1) * 20))
    code = f"411728{number:03}"
    township = await places.add(session, code, PlaceKind.TOWNSHIP, f"{number}镇", checkup_dom=9)
    village = await places.add(session, f"{code}201", PlaceKind.VILLAGE, "大王庄", parent=township, checkup_dom=9)
    managers = [await _member(session, server, users, Role.MANAGER, village) for _ in range(MANAGERS)]
    for role in (Role.CLINIC, Role.DEPUTY):
        await _member(session, server, users, role, township)
    server.directory.people[_FIRST_USER + number * 20].has_blocked = True
    return managers


async def _member(
    session: StoreSession, server: Server, users: Iterator[int], role: Role, place: places.PlaceRow
) -> Actor:
    user_id = next(users)
    server.directory.add_person(Person(user_id, "管", language_code="zh-hans", is_known=True))
    return await staff.add(session, user_id, user_id, role, place)
