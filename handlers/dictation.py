"""Dictated results: a message of lines goes onto the open roster at once, is read back, and can be taken back.

Who is not certain is asked with buttons, each in a message of its own; a button carries what was read, so that
nothing has to be remembered between the question and the answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from handlers import dictation_page as page
from handlers.context import Turn
from handlers.quick_entry import listed
from locales.message import Message, Text
from models.rules import dictation as rules
from models.rules.access import Actor, Permission
from models.rules.dictation import MARKS, Dictation, Unread
from models.rules.lines.people import People
from models.rules.outcomes import Outcome
from models.store import dictations, roster_closing, roster_views, rosters, search
from models.store.dictations import Dictated, Told
from models.store.errors import NotFound
from models.store.reports import Measures
from models.store.roster_views import Screen
from models.store.rosters import Roster, RosterLine

Json = Any
ASKED = 5
"""So many questions who is meant are put at once; who else is not certain is listed with the rest."""
_OF_NOBODY = ("lines.who_", "lines.nothing_said")
"""Faults of what may just as well be looked for: a name, a number."""
_PAYLOAD = re.compile(r"(?:[bwahptg]\d{1,4}(?:\.\d{1,3})?|o\d)+")
_PIECE = re.compile(r"([bwahptgo])(\d+)(?:\.(\d+))?")
_NAMES = {letter: name for name, letter in page.LETTERS.items()}


async def is_meant(turn: Turn) -> bool:
    """Return whether what was typed are results for the roster that is open in this chat."""
    actor = turn.actor
    if actor is None or not actor.may(Permission.CHECKUP_REPORT) or not rules.looks_dictated(turn.text or ""):
        return False
    view = await roster_views.of_chat(turn.session, actor, turn.chat.chat_id)
    return view is not None and view.screen is not Screen.WALK_IN


async def take(turn: Turn, text: str) -> bool:
    """Put what was dictated onto the open roster; `False` when no roster is open, or nobody on it is meant."""
    actor = turn.actor
    if actor is None or not await is_meant(turn):
        return False
    view = await roster_views.of_chat(turn.session, actor, turn.chat.chat_id)
    assert view is not None  # noqa: S101 - it is meant for one
    roster = await rosters.open_day(turn.session, actor, view.day_id)
    found = await _read(turn, actor, roster, text)
    if not found.noted and not any(_is_about_somebody(each) for each in found.unread):
        return False
    if roster.is_closed:
        turn.say(*page.closed(roster, may_reopen=roster_closing.may_reopen(turn.session, actor, roster)))
    else:
        await _keep(turn, actor, roster, found)
    return True


async def choose(turn: Turn) -> None:
    """Note what was read for the one on the roster who was meant: line and what was read."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    await _note(turn, actor, await rosters.get_line(turn.session, actor, turn.number(0)))


async def add(turn: Turn) -> None:
    """Add the one who was meant to the roster, and note what was read: day, person and what was read."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    view = await roster_views.of_chat(turn.session, actor, turn.chat.chat_id)
    if view is None:
        raise NotFound
    tapped = await rosters.add_walk_in(turn.session, actor, view.day_id, turn.number(0))
    await _note(turn, actor, tapped.line)


async def take_back(turn: Turn) -> None:
    """Put the lines back as they were before a message."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    done, left = await dictations.take_back(turn.session, actor, turn.number(0))
    turn.toast()
    turn.show(page.taken_back(done, left))


async def _read(turn: Turn, actor: Actor, roster: Roster, text: str) -> Dictation:
    """Return what a message says of those on the roster, and of others in the village who are named."""
    names = rules.names(text)
    others = await search.named(turn.session, actor, names, roster.day.village_id)
    here = {line.resident.id: listed(line.resident, line.number) for line in roster.lines}
    elsewhere = {line.id: listed(line) for line in others if line.id not in here}
    people = People([*here.values(), *elsewhere.values()], turn.today.year)
    return rules.read(text, people, turn.today.year)


def _is_about_somebody(unread: Unread) -> bool:
    """Return whether a line is one of a roster: somebody is meant, or what was said of somebody was not read."""
    if unread.choices or unread.readings or unread.outcome is not None or unread.line > 1:
        return True
    return not unread.whole.strip(" .。").isdigit() and not unread.fault.code.startswith(_OF_NOBODY)


async def _keep(turn: Turn, actor: Actor, roster: Roster, found: Dictation) -> None:
    lines = {line.resident.id: line for line in roster.lines}
    told = [Told(lines[each.person.person_id].id, each.outcome, measures(each.readings)) for each in found.noted]
    done = await dictations.keep(turn.session, actor, roster.day.id, told)
    asked = [each for each in found.unread if page.is_askable(each)][:ASKED]
    unread = [each for each in found.unread if each not in asked]
    turn.say(page.read_back(done, unread), page.buttons(done, roster.day.id), protect=True)
    for each in asked:
        message = page.question(each, lines)
        turn.say(message.text, message.buttons, protect=True)


async def _note(turn: Turn, actor: Actor, line: RosterLine) -> None:
    """Note what a button says of a line; what was written there since is not written over."""
    readings, outcome = _payload(turn.argument(1))
    wanted = measures(readings)
    if _is_other(line.measures, wanted):
        turn.toast(Text.of("dictation.measured_since", name=line.resident.name), alert=True)
        return
    done = await dictations.keep(turn.session, actor, line.day_id, [Told(line.id, outcome, wanted)])
    turn.toast()
    turn.show(_noted(done, line.day_id))


def _noted(done: Dictated, day_id: int) -> Message:
    return Message(page.read_back(done, ()), page.buttons(done, day_id), protect=True)


def _is_other(known: Measures, wanted: Measures) -> bool:
    """Return whether something else was measured already of what is to be noted."""
    pairs = ((getattr(known, name), getattr(wanted, name)) for name in ("sbp", "dbp", *_NAMES.values()))
    return any(before is not None and after is not None and before != after for before, after in pairs)


def measures(readings: Mapping[str, Json] | None) -> Measures:
    """Return readings as the store takes them."""
    read = dict(readings or {})
    sbp, dbp = read.pop("bp", (None, None))
    return Measures(sbp, dbp, **read)


def _payload(text: str) -> tuple[dict[str, Json], Outcome | None]:
    """Read what `dictation_page.payload` wrote.

    Raises:
        NotFound: it is no such thing: a button of another version.
    """
    if _PAYLOAD.fullmatch(text) is None:
        raise NotFound
    readings: dict[str, Json] = {}
    outcome = None
    for letter, first, second in _PIECE.findall(text):
        if letter == "b":
            readings["bp"] = [int(first), int(second or 0)]
        elif letter == "o":
            outcome = MARKS[int(first) % len(MARKS)]
        else:
            readings[_NAMES[letter]] = int(first)
    return readings, outcome
