"""The roster of a check-up day: opened, marked tap by tap, closed, opened again.

A turn stores what was tapped and says it at once; the message with the roster is drawn by `scheduler.redrawing`.
"""

from __future__ import annotations

from datetime import timedelta

from handlers import handovers, records, roster_page
from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.kinds.words import personal_name
from locales.message import Button, Message, Remove, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.errors import InputError
from models.rules.names import has_characters
from models.rules.rosters import Mark
from models.store import roster_closing, roster_views, rosters
from models.store.errors import Conflict, NotFound
from models.store.roster_views import Screen, View
from models.store.rosters import RosterLine, Tapped

LAST_PAGE = 100
LONGEST_AHEAD = 31


async def roster(turn: Turn) -> None:
    """Show the roster of the village's day; township staff choose the village first."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    args = turn.tap.args if turn.tap is not None else ()
    village_id = turn.number(0) if args else actor.village_id
    turn.toast()
    if village_id is None:
        turn.say(Text.of("rosters.villages"), await roster_page.village_rows(turn.session, actor))
        return
    day = await rosters.current_day(turn.session, actor, village_id)
    await _open(turn, actor, day.id)


async def tap(turn: Turn) -> None:
    """Let a line say what follows: line, and the version that was seen. One with a record opens the record."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    line = await rosters.get_line(turn.session, actor, turn.number(0))
    view = await _held(turn, actor, line.day_id)
    if line.is_done and line.record is not None:
        await _open_record(turn, line.record.id)
        return
    tapped = await rosters.tap(turn.session, actor, line.id, turn.number(1))
    await _answer(turn, actor, view, tapped)


async def look(turn: Turn) -> None:
    """Go on to the next line that stands out: line, version, and in how many days somebody absent comes."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    days = turn.number(2, most=LONGEST_AHEAD) if turn.tap is not None and len(turn.tap.args) > 2 else 0
    next_on = turn.today + timedelta(days=days) if days else None
    line = await rosters.get_line(turn.session, actor, turn.number(0))
    view = await _held(turn, actor, line.day_id)
    await _answer(turn, actor, view, await rosters.look_at(turn.session, actor, line.id, turn.number(1), next_on))


async def drop(turn: Turn) -> None:
    """Forget what was measured wrongly: line and version."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    line = await rosters.get_line(turn.session, actor, turn.number(0))
    view = await _held(turn, actor, line.day_id)
    tapped = await rosters.unmeasure(turn.session, actor, line.id, turn.number(1))
    if tapped.is_new:
        turn.toast(Text.of("rosters.toast.forgotten", name=line.resident.name))
    else:
        await _answer(turn, actor, view, tapped)


async def fill(turn: Turn) -> None:
    """Mark everybody of whom nothing is said yet: day and mark."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    mark = _mark(turn.argument(1))
    view = await _held(turn, actor, turn.number(0))
    batch = await rosters.fill(turn.session, actor, view.day_id, mark)
    turn.toast(Text.of("rosters.toast.filled", n=batch.many, said=roster_page.said_of(mark)))


async def unfill(turn: Turn) -> None:
    """Take back what was marked together, as far as nobody has touched it since."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    many = await rosters.take_back(turn.session, actor, turn.number(0))
    turn.toast(Text.of("rosters.toast.unfilled", n=many))


async def turn_page(turn: Turn) -> None:
    """Show another page: page and day."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    page = turn.number(0, most=LAST_PAGE)
    view = await _held(turn, actor, turn.number(1))
    await roster_views.turn_to(turn.session, actor, view, Screen.LIST, page, view.typed)
    turn.toast()


async def go(turn: Turn) -> None:
    """Show another part of the work: day and screen."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    try:
        screen = Screen(turn.argument(1))
    except ValueError:
        raise NotFound from None
    view = await _held(turn, actor, turn.number(0))
    await roster_views.turn_to(turn.session, actor, view, screen)
    turn.toast()


async def close(turn: Turn) -> None:
    """Close the day as it was seen: day and revision."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    view = await _held(turn, actor, turn.number(0))
    try:
        done = await roster_closing.close(turn.session, actor, view.day_id, turn.number(1))
    except Conflict as conflict:
        if conflict.code != "roster_changed":
            raise
        await roster_views.owe(turn.session, actor, view)
        turn.toast(Text.of("errors.roster_changed"), alert=True)
        return
    await roster_views.turn_to(turn.session, actor, view, Screen.LIST)
    if done.refused:
        turn.toast(Text.of("rosters.toast.refused", n=done.refused, done=done.reported), alert=True)
    else:
        turn.toast(Text.of("rosters.toast.closed", n=done.reported))


async def reopen(turn: Turn) -> None:
    """Let a closed day be changed again."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    view = await _held(turn, actor, turn.number(0))
    await roster_closing.reopen(turn.session, actor, view.day_id)
    await roster_views.turn_to(turn.session, actor, view, Screen.LIST)
    turn.toast(Text.of("rosters.toast.reopened"))


async def add(turn: Turn) -> None:
    """Add somebody who was not expected to the roster that the chat shows."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    view = await roster_views.of_chat(turn.session, actor, turn.chat.chat_id)
    if view is None:
        raise NotFound
    tapped = await rosters.add_walk_in(turn.session, actor, view.day_id, turn.number(0))
    await roster_views.turn_to(turn.session, actor, view, Screen.LIST)
    turn.toast(_added(tapped))


async def register(turn: Turn) -> None:
    """Register a stranger on the spot; once that is done, the person is on the roster as attended."""
    actor = turn.require(Permission.PERSON_REGISTER)
    view = await _held(turn, actor, turn.number(0))
    shown = await rosters.open_day(turn.session, actor, view.day_id)
    answers = _known(view) | ({} if actor.village_id is not None else {"village": str(shown.day.village_id)})
    turn.toast()
    await runner.open_form(turn, "register", {"roster": str(view.day_id)}, answers, subject=f"roster:{view.day_id}")


def _known(view: View) -> dict[str, str]:
    """Return the name that was looked for, if it can be one."""
    try:
        return {"full_name": personal_name(view.typed or "")} if has_characters(view.typed or "") else {}
    except InputError:
        return {}


async def registered(turn: Turn, day_id: int, resident_id: int, receipt: Message) -> Message:
    """Add somebody who was registered for a roster to it, and return the receipt with the way back."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    await rosters.add_walk_in(turn.session, actor, day_id, resident_id)
    view = await roster_views.of_chat(turn.session, actor, turn.chat.chat_id)
    if view is not None:
        await roster_views.turn_to(turn.session, actor, view, Screen.LIST)
    back = Button(Text.of("rosters.walk_in.joined"), Tap.of("roster.show", day_id))
    return Message(receipt.text, ((back,), *receipt.buttons), protect=True)


async def show(turn: Turn) -> None:
    """Show the roster of a day in a new message at the end of the chat."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    turn.toast()
    await _open(turn, actor, turn.number(0))


async def away(turn: Turn) -> None:
    """Begin to hand somebody over, beside the roster."""
    turn.require(Permission.HANDOVER_OFFER)
    turn.message_id = None  # the message with the roster stays
    await handovers.of_person(turn)


async def typed(turn: Turn, words: str) -> bool:
    """Take what was typed as meant for the roster that is open: somebody to find on it, or to add to it.

    `False` when no roster is open, or nobody on it is meant.
    """
    actor = turn.actor
    if actor is None or not actor.may(Permission.CHECKUP_REPORT):
        return False
    view = await roster_views.of_chat(turn.session, actor, turn.chat.chat_id)
    if view is None or view.screen not in (Screen.LIST, Screen.WALK_IN):
        return False
    if view.screen is Screen.LIST:
        shown = await rosters.open_day(turn.session, actor, view.day_id)
        if not roster_page.matching(shown, words):
            return False
    await roster_views.turn_to(turn.session, actor, view, view.screen, typed=words)
    turn.tidy()
    return True


async def _open(turn: Turn, actor: Actor, day_id: int) -> None:
    """Owe the chat a new message with the roster, and take away the one before."""
    await rosters.open_day(turn.session, actor, day_id)
    before = await roster_views.open_view(turn.session, actor, turn.chat.chat_id, turn.chat.user_id, day_id)
    if before is not None:
        turn.replies.append(Remove(before))


async def _held(turn: Turn, actor: Actor, day_id: int) -> View:
    """Return the view that the tapped message is."""
    chat = turn.chat
    return await roster_views.hold(turn.session, actor, chat.chat_id, chat.user_id, turn.protected_place, day_id)


async def _answer(turn: Turn, actor: Actor, view: View, tapped: Tapped) -> None:
    """Say at once what a tap has done; of one that came late, what is so and since whom."""
    name, said = tapped.line.resident.name, _said(tapped.line)
    if tapped.is_new:
        turn.toast(Text.of("rosters.toast.marked", name=name, said=said))
        return
    await roster_views.owe(turn.session, actor, view)
    turn.toast(Text.of("rosters.toast.stale", name=name, said=said, who=_who(actor, tapped)), alert=False)


def _who(actor: Actor, tapped: Tapped) -> Text:
    if tapped.by is None or tapped.by.staff_id == actor.staff_id:
        return Text.of("rosters.you")
    return Text.of(f"roles.{tapped.by.role}")


def _said(line: RosterLine) -> Text:
    return roster_page.said_of(line.mark)


def _added(tapped: Tapped) -> Text:
    key = "rosters.toast.added" if tapped.is_new else "rosters.toast.known"
    return Text.of(key, name=tapped.line.resident.name, said=_said(tapped.line))


async def _open_record(turn: Turn, record_id: int) -> None:
    """Show a record beside the roster."""
    turn.message_id, turn.tap = None, Tap.of("record", "checkup", record_id, "m0")
    await records.record(turn)


def _mark(code: str) -> Mark:
    try:
        return Mark(code)
    except ValueError:
        raise NotFound from None
