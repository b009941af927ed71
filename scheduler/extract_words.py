"""What is said with rows for analysis: to whom the file goes, in the file, and to the deputy."""

from __future__ import annotations

from locales.message import Label, Message, Text, Worded
from locales.translator import Translator
from models.rules import extracts as rules
from models.rules import periods
from models.rules.access import Actor, Permission, Role
from models.rules.periods import Period
from models.rules.programmes.base import Programme
from models.rules.sex import Sex
from models.store.database import StoreSession
from models.store.sending import Claimed
from scheduler.report_words import period as period_words

_LEFT_OUT = ("none", "under_ten", "many")


async def file(_session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what the file is sent with; nothing where it is not for its reader any more."""
    if not claimed.to.may(Permission.EXTRACT_MAKE):
        return None
    return Message(Text.of("extracts.caption", period=period_words(periods.named(claimed.occurrence))))


async def made(_session: StoreSession, claimed: Claimed) -> Message:
    """Return what the deputy is told: that the clinic made some, of how many months, and what for."""
    purpose = Text.of(f"extracts.purpose.{claimed.details['purpose']}")
    return Message(Text.of("notices.extract.made", n=claimed.details["months"], purpose=purpose))


def meaning(say: Translator, actor: Actor, period: Period) -> str:
    """Return what goes with the file: what its columns and codes mean, what was left out, whom it is for."""
    sexes = [_code(each, Text.of(f"choices.sex.{each}")) for each in Sex]
    outcomes = [_code(each, Text.of(f"choices.outcome.{each}")) for each in rules.OUTCOMES]
    programmes = [_code(each.code, _name(each)) for each in actor.catalogue.visible_to(Role.MANAGER)]
    return say.plain(
        Text.of(
            "extracts.meaning",
            period=period_words(period),
            k=rules.K,
            residents=rules.FEWEST_RESIDENTS,
            codes=[*sexes, *outcomes, *programmes],
            rows="{rows}",
            left_out="{left_out}",
        )
    )


def numbers(say: Translator) -> dict[str, str]:
    """Return how it is said how much was left out."""
    return {each: say.plain(Text.of(f"extracts.left_out.{each}", n="{n}")) for each in _LEFT_OUT}


def _code(code: str, name: Label) -> Text:
    return Text.of("extracts.code", code=code, name=name)


def _name(programme: Programme) -> Label:
    return Worded(dict(programme.titles)) if programme.titles else Text.of(f"programmes.{programme.code}.name")
