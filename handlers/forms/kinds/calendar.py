"""The question *when*: today or yesterday by a tap, any day from a month's page, or typed in any usual form."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from handlers.forms.fields import Env, Given, Option, OptionRows, Redraw
from locales.message import Label, Text, Verbatim
from models.rules.dates import parse_date
from models.rules.errors import InputError

Json = Any
Direction = Literal["past", "future", "any"]
_PAGE = 7
_BIRTH = "1956-03-12"
"""The example of a birth date: with its year."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day.

    Attributes:
        direction: where a date without a year is looked for; `past` and `future` also bound it (today is both).
        reach_days: how far from today it may be, in days.
        is_birth: shown with its year and without its weekday.
        quick: buttons for usual days, as codes of `forms.quick_day.<code>` and the day they mean.
    """

    direction: Direction
    reach_days: int
    quick: Callable[[Env], tuple[tuple[str, date], ...]] = lambda _env: ()
    warn: Callable[[date, Env], tuple[Text, ...]] = lambda _day, _env: ()
    is_birth: bool = False
    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a typed day."""
        try:
            read = parse_date(typed, env.today, self.direction)
        except InputError as error:
            raise InputError(error.code, self._example(env), **error.values) from None
        return self._within(read.day, env, read.lunar)

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Choose a day, or turn the calendar's page."""
        if op == "m":
            return Redraw({"month": arg})
        if op == "o":
            try:
                day = date.fromisoformat(arg)
            except ValueError:
                raise InputError("date", self._example(env)) from None
            return self._within(day, env)
        raise InputError("date", self._example(env))

    def _bounds(self, env: Env) -> tuple[date, date]:
        reach = timedelta(days=self.reach_days)
        first = env.today if self.direction == "future" else env.today - reach
        last = env.today if self.direction == "past" else env.today + reach
        return first, last

    def _within(self, day: date, env: Env, lunar: str | None = None) -> Given:
        first, last = self._bounds(env)
        if day > last:
            code = "date_future" if self.direction == "past" else "date_far"
            raise InputError(code, self._example(env), day=day, last=last)
        if day < first:
            code = "date_past" if self.direction == "future" else "date_old"
            raise InputError(code, self._example(env), day=day, first=first)
        return Given(day.isoformat(), lunar)

    def _example(self, env: Env) -> str:
        if self.is_birth:
            return _BIRTH
        first, last = self._bounds(env)
        day = min(max(env.today + timedelta(days=30), first), last)
        return f"{day.month}.{day.day}"

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return quick days and the way to the calendar, or the calendar's page."""
        if ui.get("month"):
            return self._page(str(ui["month"]), env)
        quick = tuple(
            Option(Text.of(f"forms.quick_day.{code}", day=day), "o", day.isoformat()) for code, day in self.quick(env)
        )
        rows = tuple(quick[i : i + 2] for i in range(0, len(quick), 2))
        start = date.fromisoformat(value) if isinstance(value, str) else env.today
        return (*rows, (Option(Text.of("forms.calendar"), "m", f"{start:%Y-%m}"),))

    def _page(self, month: str, env: Env) -> OptionRows:
        try:
            first = date.fromisoformat(f"{month}-01")
        except ValueError:
            first = env.today.replace(day=1)
        low, high = self._bounds(env)
        first = min(max(first, low.replace(day=1)), high.replace(day=1))
        whole = calendar.Calendar().monthdatescalendar(first.year, first.month)
        weeks = [week for week in whole if any(day.month == first.month and low <= day <= high for day in week)]
        head = tuple(Option(Text.of(f"forms.weekday.{n}"), "m", f"{first:%Y-%m}") for n in range(7))
        body = tuple(tuple(self._cell(day, first.month, low, high, month) for day in week) for week in weeks)
        return (self._turner(first, low, high), head, *body)

    @staticmethod
    def _turner(first: date, low: date, high: date) -> tuple[Option, ...]:
        before, after = first - timedelta(days=1), first + timedelta(days=31)
        row = [Option(Text.of("forms.month_title", month=first), "m", f"{first:%Y-%m}")]
        if before >= low:
            row.insert(0, Option(Verbatim("‹"), "m", f"{before:%Y-%m}"))
        if after.replace(day=1) <= high:
            row.append(Option(Verbatim("›"), "m", f"{after:%Y-%m}"))
        return tuple(row)

    @staticmethod
    def _cell(day: date, month: int, low: date, high: date, page: str) -> Option:
        if day.month != month or not low <= day <= high:
            return Option(Verbatim("·"), "m", page)
        return Option(Verbatim(str(day.day)), "o", day.isoformat())

    def show(self, value: Json, env: Env) -> Label:
        """Return the day with its weekday."""
        if value is None:
            return Text.of("forms.none")
        day = date.fromisoformat(value)
        if self.is_birth:
            return Text.of("forms.day_of_birth", day=day)
        key = "forms.day" if day.year == env.today.year else "forms.day_year"
        return Text.of(key, day=day)

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return what the field warns of."""
        return self.warn(date.fromisoformat(value), env) if value else ()


def today_or_yesterday(env: Env) -> tuple[tuple[str, date], ...]:
    """Return the two days that most reports are about."""
    return (("today", env.today), ("yesterday", env.today - timedelta(days=1)))
