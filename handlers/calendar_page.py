"""What three months of the calendar hold, and how they look as a list and as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from handlers.context import Turn
from locales.message import Text
from locales.translator import translator
from models.files.calendar_pictures import Mark, Month, Shape, Sheet
from models.rules.access import Actor, Permission
from models.rules.days_off import DaysOff, days_off, makeup_days
from models.rules.meetings import MeetingState
from models.store import checkup_days, meetings
from models.store.checkup_days import VillageDay
from models.store.meetings import MeetingLine

MONTHS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """What there is from the first of a month on, for one reader.

    Attributes:
        months: the first day of each.
        is_own: the reader works in one village, whose name needs no saying.
    """

    months: Sequence[date]
    days: Sequence[VillageDay]
    meetings: Sequence[MeetingLine]
    off: Sequence[DaysOff]
    worked: Sequence[date]
    is_own: bool


def months_from(day: date) -> list[date]:
    """Return the first days of the month of `day` and of the next two."""
    found = [day.replace(day=1)]
    while len(found) <= MONTHS:
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found[:MONTHS]


async def load(turn: Turn, actor: Actor) -> Page:
    """Return what there is in this month and the next two."""
    months = months_from(turn.today)
    first, last = months[0], (months[-1] + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    days = await checkup_days.between(turn.session, actor, first, last)
    held = await meetings.between(turn.session, actor, first, last) if sees_meetings(actor) else []
    is_own = actor.village_id is not None
    return Page(months, days, held, days_off(first, last), makeup_days(first, last), is_own)


def sees_meetings(actor: Actor) -> bool:
    """Return whether meetings concern the actor: as one who comes, or as one who arranges them."""
    return actor.may(Permission.MEETING_ATTEND) or actor.may(Permission.MEETING_ARRANGE)


def lines(page: Page) -> Iterator[Text]:
    """Yield the list: each month with what is in it, in the order of days."""
    for first in page.months:
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        found = sorted(_of_month(page, first, last), key=lambda one: one[0])
        yield Text.of("calendar.month", month=first)
        yield from [line for _, line in found] or [Text.of("calendar.nothing")]


def _of_month(page: Page, first: date, last: date) -> Iterator[tuple[date, Text]]:
    days = [day for day in page.days if first <= day.held_on <= last]
    for key, group in groupby(days, key=lambda day: (day.held_on, _state(day))):
        where = _where(page, [day.village.name for day in group])
        yield key[0], Text.of(f"calendar.checkup_{key[1]}", day=key[0], where=where)
    for meeting in page.meetings:
        if first <= meeting.held_on <= last:
            state = _meeting_state(meeting)
            yield meeting.held_on, Text.of(f"calendar.meeting_{state}", day=meeting.held_on, at=meeting.starts_at)
    for run in page.off:
        if first <= max(run.first, page.months[0]) <= last:
            yield run.first, _off(run)
    for day in page.worked:
        if first <= day <= last:
            yield day, Text.of("calendar.worked", day=day)


def _off(run: DaysOff) -> Text:
    surely = Text.of("calendar.provisional" if run.provisional else "calendar.certain")
    if run.first == run.last:
        return Text.of("calendar.day_off", day=run.first, surely=surely)
    return Text.of("calendar.days_off", day=run.first, last=run.last, surely=surely)


def _where(page: Page, names: Sequence[str]) -> Text:
    if page.is_own:
        return Text.of("calendar.here")
    return Text.of("calendar.villages", villages=[Text.of("calendar.village", village=name) for name in names])


def _state(day: VillageDay) -> str:
    if day.is_cancelled:
        return "cancelled"
    if day.reason is not None:
        return "moved"
    return "provisional" if day.provisional else "planned"


def _meeting_state(meeting: MeetingLine) -> str:
    if meeting.state is MeetingState.CANCELLED:
        return "cancelled"
    if meeting.reason is not None:
        return "moved"
    return "provisional" if meeting.provisional else "planned"


def sheet(page: Page, today: date, language: str) -> Sheet:
    """Return what the picture shows, in the reader's language."""
    words = _Words(language)
    months = [Month(first, words.of("month_title", month=first)) for first in page.months]
    weekdays = [translator(language).plain(Text.of(f"forms.weekday.{number}")) for number in range(7)]
    return Sheet(months, weekdays, _marks(page, words), _legend(page, words), today)


class _Words:
    """The words of the picture in one language."""

    def __init__(self, language: str) -> None:
        self._texts = translator(language)

    def of(self, name: str, **values: object) -> str:
        return self._texts.plain(Text(f"calendar.{name}", values))


def _marks(page: Page, words: _Words) -> Mapping[date, Sequence[Mark]]:
    found: dict[date, list[Mark]] = {}
    for key, group in groupby(page.days, key=lambda day: (day.held_on, _state(day))):
        number = len(list(group))
        found.setdefault(key[0], []).append(_checkup(words, key[1], 0 if page.is_own else number))
    for meeting in page.meetings:
        found.setdefault(meeting.held_on, []).append(_meeting(words, _meeting_state(meeting)))
    for run in page.off:
        for number in range((run.last - run.first).days + 1):
            found.setdefault(run.first + timedelta(days=number), []).append(_day_off(words, run.provisional))
    for day in page.worked:
        found.setdefault(day, []).append(Mark(words.of("mark_worked"), Shape.PLAIN))
    return found


def _checkup(words: _Words, state: str, villages: int = 0) -> Mark:
    name = words.of("mark_villages", n=villages) if villages > 1 else words.of("mark_checkup")
    short = words.of("mark_villages_short", n=villages) if villages > 1 else None
    return Mark(name, Shape.FULL, state == "provisional", state == "cancelled", short)


def _meeting(words: _Words, state: str) -> Mark:
    return Mark(words.of("mark_meeting"), Shape.FRAME, state == "provisional", state == "cancelled")


def _day_off(words: _Words, provisional: bool) -> Mark:
    return Mark(words.of("mark_off"), Shape.SHADED, provisional)


def _legend(page: Page, words: _Words) -> list[tuple[Mark, str]]:
    """Return a sample of each kind of mark that the picture has."""
    checkups = {_state(day) for day in page.days}
    held = {_meeting_state(meeting) for meeting in page.meetings}
    both = checkups | held
    samples = (
        (bool(checkups), _checkup(words, "planned"), "means_checkup"),
        (bool(held), _meeting(words, "planned"), "means_meeting"),
        (bool(page.off), _day_off(words, provisional=False), "means_off"),
        (bool(page.worked), Mark(words.of("mark_worked"), Shape.PLAIN), "means_worked"),
        ("provisional" in both, _checkup(words, "provisional"), "means_provisional"),
        ("cancelled" in both, _checkup(words, "cancelled"), "means_cancelled"),
    )
    return [(mark, words.of(meaning)) for is_there, mark, meaning in samples if is_there]
