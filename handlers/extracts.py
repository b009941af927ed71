"""Rows for analysis that point at nobody: the clinic chooses months and purpose, and gets a file for the team."""

from __future__ import annotations

from handlers import figure_words as words
from handlers.context import Turn
from handlers.status import period_of
from handlers.wording import programme_name
from locales.message import Attachment, Button, Message, Rows, Say, Tap, Text
from locales.translator import translator
from models.files.aside import drawn
from models.files.extracts import Extract
from models.rules import extracts as rules
from models.rules import periods
from models.rules.access import Actor, Permission, Role
from models.rules.periods import Period, PeriodKind
from models.rules.sex import Sex
from models.store import extracts as store
from models.store import places
from models.store.errors import NotFound
from models.store.extracts import ExtractPurpose

_LEFT_OUT = ("none", "under_ten", "many")


async def extract(turn: Turn) -> None:
    """Ask for which months."""
    turn.require(Permission.EXTRACT_MAKE)
    last = periods.last_complete(PeriodKind.QUARTER, turn.today)
    offered = (last, last.before, periods.last_complete(PeriodKind.HALF_YEAR, turn.today))
    rows: Rows = tuple((Button(words.period(each), Tap.of("extract.of", each.code)),) for each in offered)
    turn.show(Message(Text.of("extracts.ask"), rows))
    turn.toast()


async def of_period(turn: Turn) -> None:
    """Ask what for: the period."""
    turn.require(Permission.EXTRACT_MAKE)
    period = _period(turn)
    rows: Rows = tuple(
        (Button(Text.of(f"extracts.purpose.{each}"), Tap.of("extract.make", period.code, each)),)
        for each in ExtractPurpose
    )
    back = Button(Text.of("extracts.back"), Tap.of("extract"))
    turn.show(Message(Text.of("extracts.why", period=words.period(period)), (*rows, (back,))))
    turn.toast()


async def make(turn: Turn) -> None:
    """Make the file and send it: the period and the purpose."""
    actor, period, purpose = turn.require(Permission.EXTRACT_MAKE), _period(turn), _purpose(turn)
    turn.toast(Text.of("extracts.making"))
    facts = await store.make(turn.session, actor, period, purpose)
    township = (await places.get(turn.session, actor.township_id)).name
    made = await drawn(Extract(facts, township, _meaning(turn, actor, period), _numbers(turn)))
    name = translator(turn.language).plain(Text.of("extracts.file", period=period.code))
    caption = Text.of("extracts.caption", period=words.period(period))
    turn.replies.append(Say(Message(caption, attachment=Attachment(f"{name}.zip", made))))


def _period(turn: Turn) -> Period:
    """Return the period that the button names.

    Raises:
        NotFound: it isn't over, or longer than half a year.
    """
    found = period_of(turn)
    if not found.is_over(turn.today) or len(found.months) > 6:
        raise NotFound
    return found


def _purpose(turn: Turn) -> ExtractPurpose:
    """Return the purpose that the button names.

    Raises:
        NotFound: it names none.
    """
    try:
        return ExtractPurpose(turn.argument(1))
    except ValueError:
        raise NotFound from None


def _meaning(turn: Turn, actor: Actor, period: Period) -> str:
    """Return what goes with the file: what its columns and codes mean, what was left out, whom it is for."""
    sexes = [_code(each, Text.of(f"choices.sex.{each}")) for each in Sex]
    outcomes = [_code(each, Text.of(f"choices.outcome.{each}")) for each in rules.OUTCOMES]
    known = actor.catalogue.visible_to(Role.MANAGER)
    programmes = [_code(each.code, programme_name(each)) for each in known]
    return translator(turn.language).plain(
        Text.of(
            "extracts.meaning",
            period=words.period(period),
            k=rules.K,
            residents=rules.FEWEST_RESIDENTS,
            codes=[*sexes, *outcomes, *programmes],
            rows="{rows}",
            left_out="{left_out}",
        )
    )


def _code(code: str, name: object) -> Text:
    return Text.of("extracts.code", code=code, name=name)


def _numbers(turn: Turn) -> dict[str, str]:
    say = translator(turn.language).plain
    return {each: say(Text.of(f"extracts.left_out.{each}", n="{n}")) for each in _LEFT_OUT}
