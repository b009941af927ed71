"""Who can be played in local mode: a manager in every unit, the township's staff, and somebody new."""

from __future__ import annotations

from dataclasses import dataclass

from bot.local.demo.places import TOWNSHIP_NAME
from bot.local.demo.units import TOWNSHIP_CODE, UNITS
from bot.local.server.people import Person
from locales.message import Text
from locales.translator import LANGUAGES, translator
from models.rules.access import Role

_MANAGER_ID = 880_001
_CLINIC_ID, _DEPUTY_ID, _LEADER_ID, _ADMIN_ID, _NEWCOMER_ID = 880_101, 880_102, 880_103, 880_104, 880_900
_MANAGERS = (
    "王秀梅", "李春霞", "张爱云", "刘海燕", "陈玉枝", "赵红霞", "马俊丽", "马国旗", "赵改革", "孙丽娟", "胡小红",
    "徐永强", "郭艳丽", "高桂芝", "杨红梅", "吴志刚", "陈春雷", "柳巧云", "石素梅", "朱红伟", "黄彩霞",
)  # fmt: skip
"""One for each of `UNITS`."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to play.

    Attributes:
        user_id: the Telegram account, the same in every demo.
        role: `None` for somebody whom the bot does not know yet.
        place_code: where the person works.
    """

    user_id: int
    first_name: str
    role: Role | None
    place_code: str
    place: str

    def note(self, language: str = LANGUAGES[0]) -> str:
        """Return what the chat page says about the person."""
        key = f"demo.note.{self.role or 'newcomer'}"
        return translator(language).plain(Text.of(key, place=self.place))


def _managers() -> list[Persona]:
    return [
        Persona(_MANAGER_ID + number, name, Role.MANAGER, unit.full_code, unit.name)
        for number, (unit, name) in enumerate(zip(UNITS, _MANAGERS, strict=True))
    ]


def _of_township(user_id: int, name: str, role: Role | None) -> Persona:
    return Persona(user_id, name, role, TOWNSHIP_CODE, TOWNSHIP_NAME)


PERSONAS: tuple[Persona, ...] = (
    _managers()[0],
    _of_township(_CLINIC_ID, "翟慧敏", Role.CLINIC),
    _of_township(_DEPUTY_ID, "周建设", Role.DEPUTY),
    _of_township(_LEADER_ID, "沈卫国", Role.LEADER),
    _of_township(_ADMIN_ID, "苏晓燕", Role.ADMIN),
    _of_township(_NEWCOMER_ID, "田新来", None),
    *_managers()[1:],
)
"""In the order in which the chat page shows them: one of each role first."""


def personas(language: str = LANGUAGES[0]) -> list[Person]:
    """Return the personas as people of the played world, described in `language`."""
    code = "zh-hans" if language == LANGUAGES[0] else language
    return [
        Person(
            persona.user_id,
            persona.first_name,
            language_code=code,
            note=persona.note(language),
            may_be_written_to=persona.role is not None,
        )
        for persona in PERSONAS
    ]
