"""Scorecards (考核): villages in the order of their codes, a village's card, and what its components come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import scorecard_words as words
from handlers.context import Turn
from handlers.figure_words import period as said
from handlers.status import number_of, period_of
from locales.message import Button, Message, Rows, Tap, Text, Verbatim
from models.rules import periods
from models.rules import scorecards as rules
from models.rules.access import Actor, Permission
from models.rules.appeals import AppealedPart
from models.rules.periods import Period, PeriodKind
from models.rules.scorecards import Component, Mark
from models.store import appeals
from models.store import scorecards as store
from models.store.errors import NotFound
from models.store.scorecards import Card

_COMPONENTS = tuple(Component)
_OF_DAYS = rules.OF_THE_DAY


async def scorecard(turn: Turn) -> None:
    """Show the last month that is over; a button brings another one."""
    actor = turn.require(Permission.COUNT_READ)
    is_tapped = turn.tap is not None and bool(turn.tap.args)
    month = card_period(turn) if is_tapped else periods.last_complete(PeriodKind.MONTH, turn.today)
    if actor.village_id is not None:
        await show(turn, actor, actor.village_id, month)
    else:
        await _list(turn, actor, month)
    turn.toast()


async def of_village(turn: Turn) -> None:
    """Show a village's card: the month or quarter, and the village."""
    actor = turn.require(Permission.COUNT_READ)
    await show(turn, actor, turn.number(1), card_period(turn))
    turn.toast()


async def part(turn: Turn) -> None:
    """Show what a component was counted from: month or quarter, village, and the component's number."""
    actor = turn.require(Permission.COUNT_READ)
    month, component = card_period(turn), _COMPONENTS[turn.number(2, most=len(_COMPONENTS) - 1)]
    card = await store.get(turn.session, actor, turn.number(1), month, turn.today)
    found = next((one for one in card.score.marks if one.component is component), None)
    if found is None:
        raise NotFound
    title = Text.of("scorecards.part_title", village=card.village, period=said(month), name=words.name(component))
    definition = [Text.of("scorecards.how", text=Text.of(f"indicators.{rules.MEASURED[component]}.definition"))]
    lines = [title, words.mark(found), *words.advice(found), *definition, Text.of("scorecards.levels_are")]
    rows = await _trace(turn, actor, card, found)
    turn.show(Message(Text.of("scorecards.screen", lines=lines), rows))
    turn.toast()


def month_of(turn: Turn, index: int = 0) -> Period:
    """Return the month that a button names.

    Raises:
        NotFound: it is none that has begun.
    """
    found = period_of(turn, index)
    if found.kind is not PeriodKind.MONTH:
        raise NotFound
    return found


def card_period(turn: Turn) -> Period:
    """Return the month or the quarter that a button names.

    Raises:
        NotFound: it is none that has begun.
    """
    found = period_of(turn)
    if found.kind not in (PeriodKind.MONTH, PeriodKind.QUARTER):
        raise NotFound
    return found


async def show(turn: Turn, actor: Actor, village_id: int, month: Period) -> None:
    """Show a village's card of a month, or of a quarter, which is neither kept nor appealed against.

    Raises:
        NotFound: the village is out of reach.
    """
    card = await store.get(turn.session, actor, village_id, month, turn.today)
    lines = _card_lines(turn, actor, card)
    if month.kind is not PeriodKind.MONTH:
        rows = (*_parts(card, card.score.marks), *_around(turn, actor, card))
        turn.show(Message(Text.of("scorecards.screen", lines=[*lines, Text.of("scorecards.note")]), rows))
        return
    lines += words.history(await store.versions(turn.session, actor, village_id, month))
    until = await appeals.until(turn.session, actor, village_id, month)
    may_appeal = actor.may(Permission.APPEAL_MAKE) and until is not None and turn.today <= until
    lines += [Text.of("scorecards.may_appeal", until=until)] if may_appeal else []
    rows = (
        *_parts(card, card.score.marks),
        *await _appeals(turn, actor, card, may_appeal),
        *_around(turn, actor, card),
    )
    turn.show(Message(Text.of("scorecards.screen", lines=[*lines, Text.of("scorecards.note")]), rows))


def _card_lines(turn: Turn, actor: Actor, card: Card) -> list[Text]:
    score, title = card.score, Text.of("scorecards.title", place=card.village, period=said(card.month))
    lines = [title, words.state([card], turn.today), Text.of("scorecards.total", score=words.total(score))]
    lines += [Text.of("scorecards.why_vetoed")] if score.is_vetoed else []
    lines += [line for mark in score.marks for line in (words.mark(mark), *words.advice(mark))]
    return [*lines, *_told_outside(actor, card)]


async def _list(turn: Turn, actor: Actor, month: Period) -> None:
    cards = await store.of_month(turn.session, actor, month, turn.today)
    title = Text.of("scorecards.title", place=Text.of("status.all"), period=said(month))
    state = [words.state(cards, turn.today)] if cards else []
    lines = [Text.of("scorecards.line", name=card.village, score=words.total(card.score)) for card in cards]
    buttons = [Button(Verbatim(card.village), _of(card)) for card in cards]
    rows: Rows = (*_pairs(buttons), _months(turn, month), (_longer(turn, month),), *await _waiting(turn, actor))
    turn.show(Message(Text.of("scorecards.screen", lines=[title, *state, *lines, Text.of("scorecards.note")]), rows))


def _told_outside(actor: Actor, card: Card) -> list[Text]:
    """Return, for the team, the score that others see, where that is another one."""
    others = replace(card, shares=rules.outside(card.shares))
    if not actor.is_of_team or others.score.total == card.score.total:
        return []
    return [Text.of("scorecards.outside", score=words.total(others.score))]


def _parts(card: Card, marks: Sequence[Mark]) -> Rows:
    return _pairs(
        [
            Button(
                words.name(mark.component),
                Tap.of("scorecard.part", card.month.code, card.village_id, _COMPONENTS.index(mark.component)),
            )
            for mark in marks
        ]
    )


async def _appeals(turn: Turn, actor: Actor, card: Card, may_appeal: bool) -> Rows:
    """Return a button to object, and one to each appeal against the card, for those who have to do with them."""
    if not (actor.may(Permission.APPEAL_MAKE) or actor.may(Permission.APPEAL_DECIDE)):
        return ()
    made = await appeals.of_card(turn.session, actor, card.village_id, card.month)
    rows: Rows = tuple((Button(_label(one.part), Tap.of("appeal", one.id)),) for one in made)
    if not may_appeal:
        return rows
    return (*rows, (Button(Text.of("scorecards.appeal"), Tap.of("appeal.make", card.month.code)),))


def _label(part: AppealedPart) -> Text:
    return Text.of("appeals.open", part=words.part(part))


def _around(turn: Turn, actor: Actor, card: Card) -> Rows:
    if actor.village_id is not None:
        return (_months(turn, card.month), (_longer(turn, card.month),))
    return (_months(turn, card.month, card.village_id), (_longer(turn, card.month, card.village_id), _back(card.month)))


def _months(turn: Turn, month: Period, village_id: int | None = None) -> tuple[Button, ...]:
    before, after = month.before, month.after
    row = [Button(Text.of("status.before", period=said(before)), _to(before, village_id))]
    if after.first <= turn.today:
        row.append(Button(Text.of("status.after", period=said(after)), _to(after, village_id)))
    return tuple(row)


def _longer(turn: Turn, period: Period, village_id: int | None = None) -> Button:
    """Return the button from a month to its quarter, or back to the quarter's last month that has begun."""
    if period.kind is PeriodKind.MONTH:
        return Button(Text.of("scorecards.quarter"), _to(periods.of(PeriodKind.QUARTER, period.first), village_id))
    last = periods.month_of(min(period.last, turn.today))
    return Button(Text.of("scorecards.month", period=said(last)), _to(last, village_id))


async def _waiting(turn: Turn, actor: Actor) -> Rows:
    if not actor.may(Permission.APPEAL_DECIDE):
        return ()
    n = await appeals.waiting(turn.session, actor)
    return ((Button(Text.of("appeals.button", n=n), Tap.of("appeals")),),)


async def _trace(turn: Turn, actor: Actor, card: Card, mark: Mark) -> Rows:
    """Return the buttons to what was counted, and, for those who may open them, to the records behind it."""
    code = rules.MEASURED[mark.component]
    counted = Tap.of("define.of", number_of(code), card.month.code, card.village_id)
    rows: Rows = ((Button(Text.of("status.define"), counted), Button(Text.of("scorecards.back"), _of(card))),)
    if not actor.is_of_team:
        return rows
    if mark.component is Component.TIMELINESS:
        return ((Button(Text.of("status.list"), Tap.of("due", 0, card.village_id)),), *rows)
    if mark.component not in _OF_DAYS:
        return rows
    days = await store.days(turn.session, actor, card.village_id, card.month)
    rosters = [Button(Text.of("scorecards.roster"), Tap.of("roster.show", day)) for day in days]
    return (*((button,) for button in rosters), *rows)


def _of(card: Card) -> Tap:
    return _to(card.month, card.village_id)


def _to(month: Period, village_id: int | None) -> Tap:
    if village_id is None:
        return Tap.of("scorecard", month.code)
    return Tap.of("scorecard.of", month.code, village_id)


def _back(month: Period) -> Button:
    return Button(Text.of("scorecards.all"), _to(month, None))


def _pairs(buttons: Sequence[Button]) -> Rows:
    return tuple(tuple(buttons[index : index + 2]) for index in range(0, len(buttons), 2))
