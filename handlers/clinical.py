"""What the card shows to the clinic alone: that there were talks about methods."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.context import Turn
from locales.message import Button, Rows, Tap, Text
from models.rules.access import Actor, Permission
from models.store import counsellings


@dataclass(frozen=True, slots=True)
class ClinicPart:
    """Lines and buttons of the card."""

    lines: tuple[Text, ...] = ()
    buttons: Rows = ()


async def clinic_part(turn: Turn, actor: Actor, person_id: int) -> ClinicPart:
    """Return what the clinic sees of a person beyond the village's card; nothing for anybody else."""
    if not actor.may(Permission.CLINICAL_READ):
        return ClinicPart()
    talks = await counsellings.of_person(turn.session, actor, person_id, limit=1)
    if not talks.lines:
        return ClinicPart()
    line = Text.of("counsellings.on_card", day=talks.lines[0].report.counselled_on, n=talks.total)
    button = Button(Text.of("counsellings.all"), Tap.of("choice.list", 0, person_id))
    return ClinicPart((line,), ((button,),))
