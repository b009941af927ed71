"""Reports (报表) as files: which period, which form; what comes regularly. They are made in the background."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from handlers import figure_words as words
from handlers.context import Turn
from handlers.status import FIRST_MONTH, period_of
from locales.message import Button, Label, Message, Rows, Tap, Text
from models.rules import periods
from models.rules.access import Permission
from models.rules.periods import Period, PeriodKind
from models.rules.report_files import Occasion, ReportForm
from models.store import report_files, report_subscriptions
from models.store.errors import NotFound

USUAL = ReportForm.PDF
"""What comes regularly unless somebody chooses another form."""


async def report(turn: Turn) -> None:
    """Ask which period: the usual ones, or with a button all of a year."""
    turn.require(Permission.COUNT_READ)
    if turn.tap is not None and turn.tap.args:
        _show_year(turn, turn.number(0, most=turn.today.year))
    else:
        turn.show(Message(Text.of("report_files.ask"), _usual(turn.today)))
    turn.toast()


async def form(turn: Turn) -> None:
    """Ask in which form."""
    turn.require(Permission.COUNT_READ)
    period = period_of(turn)
    buttons = tuple(
        (Button(Text.of(f"report_files.form.{one}"), Tap.of("report.make", period.code, one)),) for one in ReportForm
    )
    back = Button(Text.of("report_files.back"), Tap.of("report"))
    turn.show(Message(Text.of("report_files.ask_form", period=words.period(period)), (*buttons, (back,))))
    turn.toast()


async def make(turn: Turn) -> None:
    """Have it made; the same that is being made already is not made twice."""
    actor = turn.require(Permission.COUNT_READ)
    period, wanted = period_of(turn), _form(turn, 1)
    chat_id, shown_in = turn.chat.chat_id, turn.message_id
    is_new = await report_files.ask(turn.session, actor, period, wanted, chat_id=chat_id, message_id=shown_in)
    # The message itself is changed by who makes the report, and by nobody else.
    turn.toast(Text.of("report_files.begun" if is_new else "report_files.joined"))


async def cancel(turn: Turn) -> None:
    """Have it not made after all."""
    actor = turn.require(Permission.COUNT_READ)
    await report_files.cancel(turn.session, actor, turn.number(0))
    turn.toast(Text.of("report_files.cancelling"))


async def times(turn: Turn) -> None:
    """Show what comes regularly; with a form, what is turned on next comes in it."""
    turn.require(Permission.COUNT_READ)
    await _show_times(turn)
    turn.toast()


async def turn_time(turn: Turn) -> None:
    """Turn a regular report on or off: its occasion and the form."""
    actor = turn.require(Permission.COUNT_READ)
    occasion, wanted = _occasion(turn), _form(turn, 1)
    if occasion in await report_subscriptions.mine(turn.session, actor):
        await report_subscriptions.end(turn.session, actor, occasion)
    else:
        await report_subscriptions.begin(turn.session, actor, occasion, wanted)
    await _show_times(turn, wanted)
    turn.toast()


async def choose_form(turn: Turn) -> None:
    """Let everything that comes regularly come in another form."""
    actor = turn.require(Permission.COUNT_READ)
    wanted = _form(turn, 0)
    for occasion in await report_subscriptions.mine(turn.session, actor):
        await report_subscriptions.begin(turn.session, actor, occasion, wanted)
    await _show_times(turn, wanted)
    turn.toast()


async def stop(turn: Turn) -> None:
    """Let nothing come regularly any more; the file above stays."""
    actor = turn.require(Permission.COUNT_READ)
    await report_subscriptions.end(turn.session, actor)
    again = Button(Text.of("report_files.times.again"), Tap.of("report.times"))
    turn.say(Text.of("report_files.times.stopped"), ((again,),))
    turn.toast()


def _usual(today: date) -> Rows:
    month = periods.last_complete(PeriodKind.MONTH, today)
    quarter = periods.last_complete(PeriodKind.QUARTER, today)
    year = periods.last_complete(PeriodKind.YEAR, today)
    so_far = _button(Text.of("report_files.this_year"), periods.to_date(today))
    return (
        (_button(Text.of("report_files.last_month", period=words.period(month)), month),),
        (_button(Text.of("report_files.last_quarter", period=words.period(quarter)), quarter),),
        (so_far, _button(Text.of("report_files.last_year"), year)),
        (
            Button(Text.of("report_files.more"), Tap.of("report", today.year)),
            Button(Text.of("report_files.regular"), Tap.of("report.times")),
        ),
    )


def _show_year(turn: Turn, year: int) -> None:
    """Show all periods of a year that have begun, with arrows to other years.

    Raises:
        NotFound: nothing is counted in it.
    """
    if year < FIRST_MONTH.year:
        raise NotFound
    rows = _pairs([_button(words.period(one), one) for one in _of_year(year, turn.today)])
    turn.show(
        Message(Text.of("report_files.ask_year", first=date(year, 1, 1)), (*rows, tuple(_around(year, turn.today))))
    )


def _of_year(year: int, today: date) -> Iterator[Period]:
    """Yield the months, quarters and years that begin in a year and have begun."""
    first = date(year, 1, 1)
    whole = periods.of(PeriodKind.YEAR, first)
    quarters = dict.fromkeys(periods.of(PeriodKind.QUARTER, month.first) for month in whole.months)
    yield from (one for one in (*whole.months, *quarters) if one.first <= today)
    yield whole if whole.is_over(today) else periods.to_date(today)


def _around(year: int, today: date) -> Iterator[Button]:
    if year > FIRST_MONTH.year:
        yield Button(Text.of("report_files.earlier", first=date(year - 1, 1, 1)), Tap.of("report", year - 1))
    yield Button(Text.of("report_files.back"), Tap.of("report"))
    if year < today.year:
        yield Button(Text.of("report_files.later", first=date(year + 1, 1, 1)), Tap.of("report", year + 1))


def _button(label: Label, period: Period) -> Button:
    return Button(label, Tap.of("report.form", period.code))


def _pairs(buttons: Sequence[Button]) -> Rows:
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


async def _show_times(turn: Turn, wanted: ReportForm | None = None) -> None:
    actor = turn.require(Permission.COUNT_READ)
    mine = await report_subscriptions.mine(turn.session, actor)
    chosen = wanted or next(iter(mine.values()), USUAL)
    lines = [
        Text.of("report_files.times.title"),
        Text.of("report_files.times.some" if mine else "report_files.times.none"),
    ]
    lines += [
        Text.of("report_files.times.line", occasion=_occasion_name(one), form=_form_name(mine[one]))
        for one in Occasion
        if one in mine
    ]
    turn.show(Message(Text.of("report_files.times.screen", lines=lines), _time_rows(mine, chosen)))


def _time_rows(mine: Mapping[Occasion, ReportForm], chosen: ReportForm) -> Rows:
    occasions = [_time_button(one, chosen, is_on=one in mine) for one in Occasion]
    others = [
        Button(Text.of("report_files.times.form_short", form=_form_name(one)), Tap.of("report.as", one))
        for one in ReportForm
        if one is not chosen
    ]
    back = Button(Text.of("report_files.times.to_reports"), Tap.of("report"))
    return (*_pairs(occasions), tuple(others), (back,))


def _time_button(one: Occasion, chosen: ReportForm, *, is_on: bool) -> Button:
    key = "report_files.times.on" if is_on else "report_files.times.off"
    return Button(Text.of(key, occasion=_occasion_name(one)), Tap.of("report.time", one, chosen))


def _occasion_name(one: Occasion) -> Text:
    return Text.of(f"report_files.times.occasion.{one}")


def _form_name(one: ReportForm) -> Text:
    return Text.of(f"report_files.times.form_name.{one}")


def _form(turn: Turn, index: int) -> ReportForm:
    """Return the form that a button names.

    Raises:
        NotFound: it is none.
    """
    try:
        return ReportForm(turn.argument(index))
    except ValueError:
        raise NotFound from None


def _occasion(turn: Turn) -> Occasion:
    """Return the occasion that a button names.

    Raises:
        NotFound: it is none.
    """
    try:
        return Occasion(turn.argument(0))
    except ValueError:
        raise NotFound from None
