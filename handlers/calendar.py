"""The calendar: three months as a picture and a list, and a button to each day that is still to come."""

from __future__ import annotations

from handlers import calendar_page
from handlers.calendar_page import Page
from handlers.context import Turn
from handlers.paging import LAST_PAGE, turner
from locales.message import Attachment, Button, Message, Rows, Say, Tap, Text
from models.rules.access import AccessDenied, Actor, Permission
from models.rules.meetings import MeetingState
from models.store import places, staff
from models.store.checkup_days import VillageDay
from models.store.meetings import MeetingLine

PAGE = 8
"""Days a page, two a row."""


async def calendar(turn: Turn) -> None:
    """Show three months: the picture, and below it the list with its buttons."""
    actor = _actor(turn)
    page = await calendar_page.load(turn, actor)
    sheet = calendar_page.sheet(page, turn.today, turn.language)
    months = {"first": page.months[0], "last": page.months[-1]}
    place = (await staff.profile(turn.session, actor)).place_name
    caption = Text.of("calendar.caption", place=place, **months)
    turn.replies.append(Say(Message(caption, attachment=Attachment("months.png", sheet, is_picture=True))))
    turn.replies.append(Say(await _list(turn, actor, page, 0)))
    if turn.tap is not None:
        turn.toast()


async def turn_page(turn: Turn) -> None:
    """Show the list alone, with another page of its buttons."""
    actor = _actor(turn)
    page = await calendar_page.load(turn, actor)
    turn.show(await _list(turn, actor, page, turn.number(0, most=LAST_PAGE)))
    turn.toast()


def _actor(turn: Turn) -> Actor:
    if turn.actor is None:
        raise AccessDenied
    return turn.actor


async def _list(turn: Turn, actor: Actor, page: Page, number: int) -> Message:
    place = await places.get(turn.session, actor.village_id or actor.township_id)
    title = Text.of("calendar.title", place=place.name)
    ask = Text.of("calendar.choose_change" if actor.may(Permission.CALENDAR_CHANGE) else "calendar.choose")
    text = Text.of("calendar.screen", lines=[title, *calendar_page.lines(page), ask])
    return Message(text, _buttons(turn, actor, page, number))


def _buttons(turn: Turn, actor: Actor, page: Page, number: int) -> Rows:
    ahead = [(day.held_on, _day_button(page, day)) for day in page.days if day.held_on >= turn.today]
    ahead += [
        (meeting.held_on, _meeting_button(actor, meeting))
        for meeting in page.meetings
        if meeting.held_on >= turn.today and (_arranges(actor) or meeting.state is not MeetingState.CANCELLED)
    ]
    found = [button for _, button in sorted(ahead, key=lambda one: one[0])]
    shown = found[number * PAGE : (number + 1) * PAGE]
    rows = tuple(tuple(shown[i : i + 2]) for i in range(0, len(shown), 2))
    pages = turner("calendar.page", page=number, size=PAGE, total=len(found))
    return (*rows, pages) if pages else rows


def _day_button(page: Page, day: VillageDay) -> Button:
    tap = Tap.of("day", day.village.id, f"{day.nominal_on:%Y%m%d}")
    if page.is_own:
        return Button(Text.of("calendar.open_own", day=day.held_on), tap)
    return Button(Text.of("calendar.open", day=day.held_on, village=day.village.name), tap)


def _meeting_button(actor: Actor, meeting: MeetingLine) -> Button:
    action = "arrange" if _arranges(actor) else "meeting"
    return Button(Text.of("calendar.open_meeting", day=meeting.held_on), Tap.of(action, meeting.id))


def _arranges(actor: Actor) -> bool:
    return actor.may(Permission.MEETING_ARRANGE)
