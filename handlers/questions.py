"""Plain questions: how one was understood first, then the figures, then what else may have been meant.

Whatever is answered is counts: in a group, and to heads, as they may be shown to anybody outside the team.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from handlers import question_answers as answers
from handlers import question_taps as taps
from handlers import question_words as words
from handlers import status
from handlers.context import Turn
from handlers.question_answers import Reader
from handlers.question_words import Asked
from handlers.twocolumns import cells
from locales.message import Button, Rows, Tap, Text
from locales.translator import translator
from models.rules.access import Actor, Permission
from models.rules.indicators.codes import IndicatorCode
from models.rules.questions.counting import is_between_rounds
from models.rules.questions.gazetteer import Village
from models.rules.questions.understand import understand
from models.rules.questions.understanding import HAVE_A_SCREEN, Intent, Reason, Understanding
from models.store import checkup_days, places
from models.store.indicators import figures
from models.store.places import PlaceRow

_SHOWN = 60
"""Characters of a question that wasn't understood."""
_HALF = 22
"""Half-width cells of a label that leaves room for another one beside it."""
_ANY = ("most", "figure", "unreported")
_NEAR: dict[Intent, tuple[str, ...]] = {
    Intent.FIGURE: ("figure", "villages", "define"),
    Intent.MEETING: ("meeting", "unreported", "status"),
    Intent.CHECKUP_DAY: ("meeting", "figure", "unreported"),
    Intent.UNREPORTED: ("unreported", "figure", "status"),
}
"""Examples near what a question seems to be about."""
_OF_REASON: dict[Reason, tuple[str, ...]] = {
    Reason.NAMES: ("most", "villages", "unreported"),
    Reason.PREGNANCY: ("status", "figure", "villages"),
    Reason.BIRTHS: ("status", "most", "villages"),
    Reason.HELP: ("status", "most", "figure", "compare", "unreported", "meeting", "define"),
}


async def ask(turn: Turn) -> None:
    """Answer the question that follows the command, or say how to ask."""
    actor = turn.require(Permission.COUNT_READ)
    text = (turn.text or "").strip()
    if text:
        await _answer(turn, _public(turn, actor), text)
        return
    turn.say(how_to_ask())


def how_to_ask() -> Text:
    """Return how to ask, with examples."""
    return Text.of("questions.ask", examples=_examples(("status", *_ANY)))


async def typed(turn: Turn, text: str) -> bool:
    """Answer what can be nothing but a question; anything at all for those who look for no persons."""
    actor = turn.actor
    if actor is None or not actor.may(Permission.COUNT_READ):
        return False
    found = await _understand(turn, actor, text)
    if actor.may(Permission.PERSON_READ) and not found.is_certain:
        return False
    await _reply(turn, actor, found, text)
    return True


async def perhaps(turn: Turn, text: str) -> bool:
    """Answer what is nobody's name and may be a question; `False` when it isn't understood as one either."""
    actor = turn.actor
    if actor is None or not actor.may(Permission.COUNT_READ):
        return False
    found = await _understand(turn, actor, text)
    if found.reason is Reason.UNKNOWN:
        return False
    await _reply(turn, actor, found, text)
    return True


async def again(turn: Turn) -> None:
    """Answer the question on a button."""
    actor = _public(turn, turn.require(Permission.COUNT_READ))
    villages = await places.villages(turn.session, actor.township_id)
    found = taps.read(turn.tap.args if turn.tap is not None else (), villages)
    await _reply(turn, actor, found, "")
    turn.toast()


def _public(turn: Turn, actor: Actor) -> Actor:
    return actor if turn.chat.is_private else figures.public(actor)


async def _answer(turn: Turn, actor: Actor, text: str) -> None:
    await _reply(turn, actor, await _understand(turn, actor, text), text)


async def _understand(turn: Turn, actor: Actor, text: str) -> Understanding:
    rows = await places.villages(turn.session, actor.township_id)
    return understand(text, tuple(Village(row.id, row.name) for row in rows), turn.today)


async def _reply(turn: Turn, actor: Actor, found: Understanding, text: str) -> None:
    villages = await places.villages(turn.session, actor.township_id)
    township = (await places.get(turn.session, actor.township_id)).name
    asked = Asked(found, township, turn.today, await _has_moved_day(turn, actor, found))
    if _has_a_screen(asked, actor):
        if turn.tap is None:
            turn.say(_screen([words.understood(asked), *words.assumptions(asked)]))
        await status.overview(turn, asked.months.period, next((one.id for one in found.villages), None))
        return
    lines = await _lines(turn, actor, asked, text)
    turn.say(_screen(lines), _buttons(asked, villages, turn.language))


async def _has_moved_day(turn: Turn, actor: Actor, found: Understanding) -> bool:
    """Return whether a check-up was moved to the month that is asked about, which usually has none."""
    when = found.period
    if when is None or not is_between_rounds(when, found.indicator, turn.today):
        return False
    days = await checkup_days.between(turn.session, actor, when.first, when.last)
    wanted = {one.id for one in found.villages}
    return any(not day.is_cancelled and (not wanted or day.village.id in wanted) for day in days)


def _has_a_screen(asked: Asked, actor: Actor) -> bool:
    """Return whether it is asked how the township or a village stands, in a time that has begun."""
    found = asked.found
    is_one = len(found.villages) < 2 and all(actor.village_id in (None, one.id) for one in found.villages)
    return found.intent is Intent.STATUS and is_one and asked.months.period.first <= asked.today


def _screen(lines: Sequence[Text]) -> Text:
    return Text.of("questions.screen", lines=list(lines))


async def _lines(turn: Turn, actor: Actor, asked: Asked, text: str) -> list[Text]:
    found = asked.found
    if found.intent is Intent.REFUSE:
        return list(_refusal(actor, found, text))
    if found.intent is Intent.ASK:
        return [words.understood(asked), *words.assumptions(asked)]
    head = [words.understood(asked), *words.assumptions(asked), Text.of("questions.gap")]
    if actor.village_id is not None and any(one.id != actor.village_id for one in found.villages):
        return [*head, Text.of("questions.refused.out_of_reach", place=words.place(asked))]
    at = Text.of("questions.at", at=turn.now.astimezone(ZoneInfo(actor.zone)))
    return [*head, *await answers.lines(Reader(turn, actor), asked), at]


def _refusal(actor: Actor, found: Understanding, text: str) -> Iterator[Text]:
    """Yield why there is no figure; where else it is shown, or questions near it that have an answer."""
    reason = found.reason or Reason.UNKNOWN
    is_team = reason is Reason.NAMES and actor.may(Permission.PERSON_READ)
    yield Text.of(f"questions.reason.{'names_team' if is_team else reason}", typed=text[:_SHOWN])
    if reason in HAVE_A_SCREEN:
        return
    yield Text.of("questions.gap")
    near = _NEAR.get(found.instead[0].intent) if found.instead else None
    yield Text.of("questions.refused.examples", examples=_examples(_OF_REASON.get(reason) or near or _ANY))


def _examples(names: Sequence[str]) -> list[Text]:
    return [Text.of("questions.refused.example", example=Text.of(f"questions.example.{name}")) for name in names]


def _buttons(asked: Asked, villages: Sequence[PlaceRow], language: str) -> Rows:
    """Return what else may have been meant, and how the figure is counted."""
    made = [(words.label(asked, other), taps.tap(other, villages)) for other in asked.found.instead]
    rows = _in_rows([Button(label, tap) for label, tap in made if tap is not None], language)
    code = asked.found.indicator
    if code is None or asked.found.intent is Intent.DEFINE:
        return rows
    return (*rows, (_define(code),))


def _in_rows(buttons: Sequence[Button], language: str) -> Rows:
    """Return buttons two a row, a long one in a row of its own."""
    rows: list[tuple[Button, ...]] = []
    has_room = False
    for button in buttons:
        is_short = cells(translator(language).plain(button.label)) <= _HALF
        if has_room and is_short:
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
        has_room = is_short and not has_room
    return tuple(rows)


def _define(code: IndicatorCode) -> Button:
    found = Understanding(Intent.DEFINE, code)
    return Button(Text.of("questions.define"), taps.tap(found, ()) or Tap(taps.ACTION))
