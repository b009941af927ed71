"""A question in words, as it was understood: what is counted, where and when, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from handlers import figure_words
from locales.message import Text, Verbatim
from models.rules import periods
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period
from models.rules.questions.counting import KINDS, Counted, How, compared_with, counted, is_only_of_now
from models.rules.questions.stretches import Stretch
from models.rules.questions.understanding import Intent, Understanding

_OF_COUNTS = {Intent.MOST: "most", Intent.LEAST: "least"}
_OF_RATES = {Intent.MOST: "highest", Intent.LEAST: "lowest"}
_OF_A_TIME = {Intent.MEETING: "meeting_of", Intent.CHECKUP_DAY: "checkup_day_of"}
_ASSUMED = {How.THIS_MONTH: "this_month", How.LAST_ROUND: "last_round", How.NO_ROUND: "no_round", How.AROUND: "around"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what it is answered for.

    Attributes:
        township: the township's name, where no village is named.
        has_moved_day: a check-up was moved to the month that is asked about.
        months: for which figures are counted.
    """

    found: Understanding
    township: str
    today: date
    has_moved_day: bool = False

    @property
    def months(self) -> Counted:
        """For which months figures are counted."""
        return counted(self.found.period, self.found.indicator, self.today, has_moved_day=self.has_moved_day)

    @property
    def earlier(self) -> Counted:
        """The months that they are compared with."""
        return compared_with(self.found, self.today, has_moved_day=self.has_moved_day)


def understood(asked: Asked) -> Text:
    """Return the line that says how a question was understood."""
    return Text.of(f"questions.understood.{_kind(asked.found)}", **_values(asked))


def label(asked: Asked, other: Understanding) -> Text:
    """Return another question as the label of a button: what is different in it."""
    return Text.of("questions.label", parts=list(_parts(asked, replace(asked, found=other))))


def _parts(asked: Asked, other: Asked) -> Iterator[Text | str]:
    one, found = asked.found, other.found
    if found.indicator is not None and found.indicator != one.indicator:
        yield name(found.indicator)
    if found.intent is not one.intent and one.intent is not Intent.ASK:
        yield Text.of(f"questions.part.{_part(found)}")
    if found.villages and found.villages != one.villages:
        yield place(other)
    if found.period != one.period and found.period is not None:
        yield period(found.period)


def assumptions(asked: Asked) -> Iterator[Text]:
    """Yield what was assumed, and what was left out, each as a line."""
    for note in _assumptions(asked):
        yield Text.of("questions.note", note=note)


def _assumptions(asked: Asked) -> Iterator[Text]:
    found = asked.found
    if found.asks_why:
        yield Text.of("questions.assumed.why")
    if found.indicator is not None and found.intent is not Intent.DEFINE:
        yield from _of_period(asked, found.indicator)
    for guess in found.guesses:
        yield Text.of("questions.assumed.guess", typed=guess.typed, name=guess.name)
    for piece in found.unexplained:
        yield Text.of("questions.assumed.unexplained", typed=piece)


def _of_period(asked: Asked, code: IndicatorCode) -> Iterator[Text]:
    named = asked.found.period is not None or asked.found.versus is not None
    if is_only_of_now(code):
        if named and asked.months.period.first != asked.today.replace(day=1):
            yield Text.of("questions.assumed.now")
        return
    if asked.found.intent is Intent.COMPARE and asked.earlier.how is How.LAST_ROUND:
        yield Text.of("questions.assumed.other_round", period=period(asked.earlier.period))
    how = _ASSUMED.get(asked.months.how)
    if how is not None:
        month = period(asked.found.period or asked.months.period)
        yield Text.of(f"questions.assumed.{how}", period=period(asked.months.period), named=month)


def _kind(found: Understanding) -> str:
    if found.intent in _OF_COUNTS and found.indicator is not None:
        return (_OF_RATES if INDICATORS[found.indicator].is_rate else _OF_COUNTS)[found.intent]
    if found.intent in _OF_A_TIME and found.period is not None:
        return _OF_A_TIME[found.intent]
    return "some" if found.intent is Intent.VILLAGES and found.villages else found.intent


def _part(found: Understanding) -> str:
    return str(found.intent) if found.intent in _OF_A_TIME or found.villages else _kind(found)


def _values(asked: Asked) -> dict[str, object]:
    found = asked.found
    return {
        "place": place(asked),
        "period": period(found.period or asked.months.period),
        "versus": period(_versus(asked)),
        "indicator": name(found.indicator) if found.indicator is not None else "",
    }


def _versus(asked: Asked) -> Stretch | Period:
    """Return what is compared with: of check-ups the last ones, where none were held in the time that was named."""
    is_moved = asked.earlier.how is How.LAST_ROUND
    return asked.earlier.period if is_moved or asked.found.versus is None else asked.found.versus


def place(asked: Asked) -> Text | str:
    """Return the villages that are asked about, or the township."""
    names = [Verbatim(one.name) for one in asked.found.villages]
    return Text.of("questions.places", names=names) if names else asked.township


def name(code: IndicatorCode) -> Text:
    """Return an indicator's name."""
    return figure_words.name(code)


def period(of: Stretch | Period) -> Text:
    """Return a period in words."""
    if isinstance(of, Period):
        return figure_words.period(of)
    kind = KINDS.get(of.unit)
    if kind is not None:
        return figure_words.period(periods.of(kind, of.first))
    return Text.of(f"questions.period.{of.unit}", first=of.first, last=of.last)
