"""A check-up day with many people, and how a person works on its roster."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from models.rules.consent import Purpose
from models.rules.sex import Sex
from models.store import residents
from models.store.residents import Registration
from tests.e2e.chat import Person
from tests.e2e.world import World

SURNAMES = "赵钱孙周吴郑冯陈褚卫蒋沈"
MORE = [f"{surname}{given}" for given in ("秀兰", "建国", "梦洁") for surname in SURNAMES]
"""36 people beside the four of the township: 40 are expected."""
DECLINED, AWAY, ABSENT = ("褚秀兰", "冯建国", "蒋梦洁"), ("沈秀兰", "孙建国"), ("赵秀兰", "郑梦洁")
HIGH = {"王秀英": (152, 94), "单国强": (186, 112)}
_CAME = [name for name in MORE if name not in (*DECLINED, *AWAY, *ABSENT)]
CALM = {name: (120 + at, 76 + at) for at, name in enumerate(_CAME[-10:])}
PRESSURES: Mapping[str, tuple[int, int]] = {**HIGH, **CALM}
"""Twelve blood pressures, of which two are high and one of these is dangerous."""


async def enlist(world: World, *names: str) -> dict[str, int]:
    """Register people who are expected at the next check-up of 大王庄, and return their ids."""
    found = {}
    async with world.database.transaction() as session:
        for at, name in enumerate(names):
            registration = Registration(
                name, Sex.FEMALE, date(1950 + at, 3, 4), consents=frozenset(Purpose), programmes=("checkup",)
            )
            found[name] = (await residents.register(session, world.actors["manager"], registration)).person.id
    return found


async def turn_to(person: Person, name: str) -> None:
    """Turn pages, one tap each, until somebody's button is there."""
    while not any(name in label for label in await person.buttons()):
        others = await person.buttons()
        await person.tap("下一页" if any("下一页" in each for each in others) else "上一页")
        await person.expect("康检名册")


async def say(person: Person, name: str, said: str) -> None:
    """Tap somebody's button until the toast says `said`; each tap waits until the button shows the one before."""
    await turn_to(person, name)
    while f"：{said}" not in (await person.tap(name) or ""):
        await person.expect("康检名册")
    await person.expect("康检名册")


async def dictate(person: Person, pressures: Mapping[str, tuple[int, int]]) -> None:
    """Give blood pressures, all in one message."""
    await person.send("\n".join(f"{name} {sbp}/{dbp}" for name, (sbp, dbp) in pressures.items()))
    await person.expect(f"记上了 {len(pressures)} 位")


def signs(labels: list[str]) -> dict[str, str]:
    """Return what the buttons of a page say of people, by name."""
    found = (re.fullmatch(r"(\S+) \d+ (\S+)", label) for label in labels)
    return {hit[2]: hit[1] for hit in found if hit}
