"""Quick entry: a report typed in one line opens its form at the review, one tap before it is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.context import Turn
from handlers.forms import runner, unread, visit
from handlers.forms.fields import Env
from locales.message import Button, Remove, Tap, Text
from models.rules import quick_entry as rules
from models.rules.access import Actor, Permission
from models.rules.due import is_roster_place
from models.rules.errors import InputError
from models.rules.lines.atoms import Fault
from models.rules.lines.people import Listed, People
from models.rules.quick_entry import Entry
from models.store import enrolments, search
from models.store.persons import PersonLine

Json = Any
_MAY = {"visit": Permission.VISIT_REPORT, "checkup": Permission.CHECKUP_REPORT}
_DAYS = ("agreed_on", "visited_on", "held_on", "next_on")
AT_ONCE = 10
"""So many lines of a message are opened, each in a form of its own."""


def is_meant(turn: Turn) -> bool:
    """Return whether what was typed is a report in one line."""
    return rules.is_entry(turn.text or "")


async def take(turn: Turn, text: str) -> bool:
    """Open the form of each report in `text`; `False` when there is none, or the role reports nothing."""
    actor = turn.actor
    if actor is None or not rules.is_entry(text):
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    entries = lines if all(rules.is_entry(line) for line in lines) else [" ".join(lines)]
    if not actor.may(_MAY[rules.form_of(entries[0])]):
        return False
    for line in entries[:AT_ONCE]:
        await _open(turn, actor, line)
    if len(entries) > AT_ONCE:
        turn.say(Text.of("quick.too_many", most=AT_ONCE, left=len(entries) - AT_ONCE))
    _remove_once(turn)
    return True


async def _open(turn: Turn, actor: Actor, line: str) -> None:
    found = await _people(turn, actor, rules.names(line, turn.today))
    entry = rules.read(line, People(found.values(), turn.today.year), turn.today)
    answers, refused = _held(turn, entry)
    villages = {str(person.village) for person in entry.meant.choices}
    if entry.meant.person is not None:
        person = entry.meant.person
        answers |= {"person": str(person.person_id), "village": str(person.village)}
        answers |= await _programme(turn, actor, entry, person.person_id)
    elif len(villages) == 1:
        answers["village"] = villages.pop()
    faults = [unread.fact(fault) for fault in (*_nobody(entry), *entry.unread, *refused)]
    facts = {unread.FACT: faults, unread.TOLD: list(entry.answers), "named": entry.named}
    try:
        await runner.open_form(turn, entry.form, facts, _skipped(entry) | answers)
    except InputError as error:
        _refuse(turn, entry, error)


def _nobody(entry: Entry) -> list[Fault]:
    """Return that nobody is called so, where the form couldn't show anybody who is."""
    is_unknown = entry.meant.person is None and not entry.meant.choices
    return [Fault(entry.meant.code, entry.named, "王秀英")] if is_unknown and entry.named else []


def _skipped(entry: Entry) -> dict[str, Json]:
    """Return what needs no answer as skipped, once it is said what came of it: the review offers to add it."""
    fields = runner.ENTRIES[entry.form].form.fields
    return {field.key: None for field in fields if not field.required} if "outcome" in entry.answers else {}


def _refuse(turn: Turn, entry: Entry, error: InputError) -> None:
    """Say why there is no form for this person; what was typed stays in the chat."""
    person = entry.meant.person
    to_card = ((Button(Text.of("quick.card"), Tap.of("card", person.person_id)),),) if person is not None else ()
    problem = Text.of(f"input.{error.code}", **{**error.values, "example": error.example})
    turn.say(Text.of("quick.refused", name=entry.named, problem=problem), to_card, protect=True)


async def _people(turn: Turn, actor: Actor, names: Sequence[str]) -> dict[int, Listed]:
    """Return everybody within reach who may be meant by one of `names`."""
    found: dict[int, Listed] = {}
    for name in names[:AT_ONCE]:
        for line in (await search.find(turn.session, actor, name)).lines:
            found[line.id] = listed(line)
    return found


def listed(line: PersonLine, number: int | None = None) -> Listed:
    """Return somebody as the rules know them."""
    year = line.birth_date.year if line.birth_date else None
    return Listed(line.id, line.name, number, line.group, year, line.village_id)


def _held(turn: Turn, entry: Entry) -> tuple[dict[str, Json], list[Fault]]:
    """Return the answers, without days that the form doesn't reach."""
    form = runner.ENTRIES[entry.form].form
    answers, faults = dict(entry.answers), []
    env = Env(turn.today, {}, answers)
    for key in _DAYS:
        if key not in answers:
            continue
        try:
            form.field(key).kind.press("o", answers[key], None, {}, env)
        except InputError as error:
            day = answers.pop(key)
            faults.append(Fault(error.code, entry.typed.get(day, day), error.example, error.values))
    return answers, faults


async def _programme(turn: Turn, actor: Actor, entry: Entry, person_id: int) -> Mapping[str, Json]:
    """Return the one programme that asks for everything that was said, where the person is in several."""
    if entry.form != "visit":
        return {}
    running = await enrolments.of_person(turn.session, actor, person_id)
    mine = [line for line in running if actor.role in line.schedule.reported_by]
    usable = [line for line in mine if not is_roster_place(line.schedule, line.due.window)]
    said = {key for key in entry.answers if key in visit.KINDS}
    fitting = [line for line in usable if said <= set(line.schedule.fields)]
    return {"enrolment": str(fitting[0].id)} if len(usable) > 1 and len(fitting) == 1 and said else {}


def _remove_once(turn: Turn) -> None:
    """Remove what was typed once, though several forms took it."""
    removals = [reply for reply in turn.replies if isinstance(reply, Remove)]
    for extra in removals[1:]:
        turn.replies.remove(extra)
