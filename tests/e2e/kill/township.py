"""A township with as many managers as a run needs chats, each with residents of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.rules.access import Role
from models.rules.consent import Purpose
from models.rules.sex import Sex
from models.store import places, residents, staff
from models.store.database import Database, StoreSession
from models.store.residents import Registration
from models.tables.places import PlaceKind

_FIRST_USER = 3001
_SURNAMES = "王李张刘陈杨黄吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹彭"
_FIRST = "秀桂兰红玉凤霞淑金春香丽翠素荣月爱"
_SECOND = "英梅珍华花芳琴琼莲勤敏云萍"


def names() -> Iterator[str]:
    """Yield 6,630 names, no two alike; a name and the twelve after it have no character in common place."""
    for number in range(len(_SURNAMES) * len(_FIRST) * len(_SECOND)):
        yield "".join(part[number % len(part)] for part in (_SURNAMES, _FIRST, _SECOND))


@dataclass(frozen=True, slots=True)
class Post:
    """A manager and the residents whom they report on or register, one a form."""

    user_id: int
    form: str
    people: tuple[str, ...]


async def settle(database: Database, forms: Sequence[str], people_each: int = 1) -> list[Post]:
    """Make a township where the manager `forms[i]` fills that form; a village has one manager."""
    fresh = names()
    posts = []
    async with database.transaction() as session:
        township = await places.add(session, "411728106", PlaceKind.TOWNSHIP, "沈寨镇", checkup_dom=9)
        for number, form in enumerate(forms):
            people = tuple(next(fresh) for _ in range(people_each))
            post = Post(_FIRST_USER + number, form, people)
            await _village(session, township, post)
            posts.append(post)
    return posts


async def _village(session: StoreSession, township: places.PlaceRow, post: Post) -> None:
    code = f"411728106{post.user_id % 1000:03}"
    village = await places.add(session, code, PlaceKind.VILLAGE, f"{post.user_id}村", parent=township, checkup_dom=9)
    await places.add(session, f"{code}01", PlaceKind.GROUP, "一组", parent=village)
    actor = await staff.add(session, post.user_id, post.user_id, Role.MANAGER, village)
    if post.form == "register":
        return
    consents = frozenset({Purpose.HEALTH_RECORD, Purpose.CONTACT})
    programmes = ("checkup", "hypertension") if post.form == "visit" else ("checkup",)
    for name in post.people:
        born = date(1956, 3, 12)
        await residents.register(
            session, actor, Registration(name, Sex.FEMALE, born, consents=consents, programmes=programmes)
        )
