"""Runs forms in a chat: opens drafts, takes answers, saves, and shows the next question in the same message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers.context import LARGEST_ID, Turn
from handlers.forms import engine, spoken
from handlers.forms.engine import Answer, Cancelled, Done, Invalid, MovedOn, Pressed, Result, Typed
from handlers.forms.fields import Env, Field, Form, PersonChoice
from handlers.forms.kinds.person import decode, encode
from handlers.forms.render import draw, heading
from handlers.forms.state import REVIEW, FormState
from locales.message import Button, Edit, Message, Say, Tap, Text
from models.rules.errors import InputError
from models.store import drafts
from models.store.drafts import DraftRow, DraftState
from models.store.errors import Conflict, NotFound

Json = Any
Facts = dict[str, Json]
Stored = Callable[[Turn, int], Awaitable[tuple[Facts, dict[str, Json]]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A form with what it needs from the store.

    Attributes:
        form: its fields.
        load: facts that follow from the answers so far (whom it is about, what the programme asks).
        people: residents to choose from.
        save: stores the answers and returns the receipt; the draft's id makes it safe to repeat.
        stored: facts and answers of a record as it is stored now, where the form also corrects.
        traceless: once it is saved or given up, not even the draft tells that there was one.
    """

    form: Form
    load: Callable[[Turn, Mapping[str, Json], Mapping[str, Json]], Awaitable[Facts]]
    people: Callable[[Turn, Mapping[str, Json], Mapping[str, Json]], Awaitable[Sequence[PersonChoice]]]
    save: Callable[[Turn, Mapping[str, Json], Mapping[str, Json], int], Awaitable[Message]]
    stored: Stored | None = None
    traceless: bool = False


async def nobody(_turn: Turn, _answers: Mapping[str, Json], _facts: Mapping[str, Json]) -> Sequence[PersonChoice]:
    """The people of a form that asks for none."""
    return ()


ENTRIES: dict[str, Entry] = {}
RESUMABLE = 10
"""So many unfinished forms are offered to go on with, those touched last."""


class Stale(Exception):
    """Somebody else's update changed the draft first; the update is taken again from the start."""


async def open_form(
    turn: Turn,
    name: str,
    facts: Mapping[str, Json] | None = None,
    answers: Mapping[str, Json] | None = None,
    subject: str | None = None,
) -> None:
    """Open a form, or the open draft of the same form and subject, and show its question."""
    entry = ENTRIES[name]
    draft = await _same(turn, name, subject)
    if draft is None:
        known = {"started_on": turn.today.isoformat(), **(facts or {})}
        known.update(await entry.load(turn, answers or {}, known))
        state = engine.begin(entry.form, known, answers)
        draft = await _new_draft(turn, entry.form, state, subject)
    draft = await _in_this_version(turn, entry, draft)
    state = FormState.load(draft.body, draft.revision)
    turn.draft = draft
    await _show(turn, entry, draft, state, engine.Ask(), fresh=True)


async def correct(turn: Turn, name: str, record_id: int) -> None:
    """Open a form with what is stored of a record.

    Raises:
        NotFound: the form corrects nothing.
    """
    read = ENTRIES[name].stored
    if read is None:
        raise NotFound
    facts, answers = await read(turn, record_id)
    turn.toast()
    await open_form(turn, name, facts, answers, subject=f"{name}:{record_id}")


async def _same(turn: Turn, name: str, subject: str | None) -> DraftRow | None:
    if subject is None:
        return None
    chat = turn.chat
    for draft in await drafts.list_open(turn.session, chat.chat_id, chat.user_id):
        if draft.form == name and draft.subject == subject:
            return await drafts.activate(turn.session, chat.chat_id, chat.user_id, draft.id)
    return None


async def _in_this_version(turn: Turn, entry: Entry, draft: DraftRow) -> DraftRow:
    """Return the draft; one that an older or newer version of its form began is begun anew with what still fits."""
    form = entry.form
    if draft.form_version == form.version:
        return draft
    before = FormState.load(draft.body, draft.revision)
    state = engine.anew(form, before)
    try:
        facts = await entry.load(turn, engine.values(form, state), state.facts)
    except InputError:  # what was answered can't be used any more
        state = engine.anew(form, replace(before, answers={}))
        facts = await entry.load(turn, {}, state.facts)
    return await drafts.renew(turn.session, draft, form.version, engine.told(form, state, facts).dump())


async def _new_draft(turn: Turn, form: Form, state: FormState, subject: str | None) -> DraftRow:
    return await drafts.open_draft(
        turn.session,
        chat_id=turn.chat.chat_id,
        user_id=turn.chat.user_id,
        staff_id=turn.actor.staff_id if turn.actor else None,
        form=form.name,
        form_version=form.version,
        subject=subject,
        body=state.dump(),
    )


async def typed(turn: Turn) -> bool:
    """Take typed words as an answer to the active draft; `False` when there is none."""
    if turn.draft is None or turn.text is None:
        return False
    await _answer(turn, turn.draft, Typed(turn.text))
    return True


async def tapped(turn: Turn) -> None:
    """Take a button of a form: draft, revision, operation, argument."""
    tap = turn.tap
    if tap is None or len(tap.args) < 3:
        turn.toast(Text.of("taps.unknown"))
        return
    draft_id, revision, op = _number(turn, 0), _number(turn, 1), tap.args[2]
    draft = await _tapped_draft(turn, draft_id)
    if draft is None:
        await _explain_closed(turn, draft_id)
        return
    answer = Pressed(op, tap.args[3] if len(tap.args) > 3 else "", revision)
    await _answer(turn, replace(draft, message_id=turn.protected_place), answer)


def _number(turn: Turn, index: int) -> int:
    """Return an argument that `encode` wrote; what it didn't write names no draft."""
    try:
        number = decode(turn.argument(index))
    except InputError:
        raise NotFound from None
    if not 0 <= number <= LARGEST_ID:
        raise NotFound
    return number


async def _tapped_draft(turn: Turn, draft_id: int) -> DraftRow | None:
    if turn.draft is not None and turn.draft.id == draft_id:
        if turn.draft.message_id != turn.protected_place:
            await drafts.bind_message(turn.session, draft_id, turn.protected_place)
        return turn.draft
    draft = await drafts.activate(turn.session, turn.chat.chat_id, turn.chat.user_id, draft_id)
    if draft is not None:
        await drafts.bind_message(turn.session, draft_id, turn.protected_place)
    return draft


async def _explain_closed(turn: Turn, draft_id: int) -> None:
    state = await drafts.state_of(turn.session, turn.chat.user_id, draft_id)
    key = "forms.already_saved" if state is DraftState.DONE else "forms.closed"
    turn.toast(Text.of(key))


async def _answer(turn: Turn, draft: DraftRow, answer: Answer) -> None:
    entry = ENTRIES.get(draft.form)
    if entry is None:
        await _retire(turn, draft)
        return
    present = await _in_this_version(turn, entry, draft)
    before = FormState.load(present.body, present.revision)
    if present is not draft:
        await _show(turn, entry, present, before, MovedOn())
        return
    env = await _environment(turn, entry, before)
    after, result = engine.step(entry.form, before, spoken.meant(entry.form, before, answer), env)
    if after.revision != before.revision:
        after, result = await _load(turn, entry, before, after, result)
    if isinstance(result, Done):
        await _save(turn, entry, draft, after)
    elif isinstance(result, Cancelled):
        await _cancel(turn, entry, draft, after)
    else:
        await _keep(turn, draft, before, after)
        await _show(turn, entry, draft, after, result)


async def _retire(turn: Turn, draft: DraftRow) -> None:
    """Give up a draft of a form that there is no more."""
    await drafts.cancel(turn.session, draft.id)
    turn.draft = None
    turn.toast(Text.of("forms.closed"))


async def _environment(turn: Turn, entry: Entry, state: FormState) -> Env:
    people: Sequence[PersonChoice] = ()
    if state.at != REVIEW and entry.form.field(state.at).kind.needs_people:
        people = await entry.people(turn, engine.values(entry.form, state), state.facts)
    return engine.environment(entry.form, state, turn.today, people)


async def _load(
    turn: Turn, entry: Entry, before: FormState, after: FormState, result: Result
) -> tuple[FormState, Result]:
    """Load facts anew when the answer decides about them; what can't be used is refused like any bad input."""
    field = _answered_field(entry.form, before, after)
    if field is None or not field.loads:
        return after, result
    try:
        facts = await entry.load(turn, engine.values(entry.form, after), after.facts)
    except InputError as error:
        return before, Invalid(error, field.key, "")
    told = engine.told(entry.form, after, facts)
    return told, engine.Review() if told.at == REVIEW else engine.Ask()


def _answered_field(form: Form, before: FormState, after: FormState) -> Field | None:
    if before.at == REVIEW or before.answers.get(before.at) == after.answers.get(before.at):
        return None
    return form.field(before.at)


async def _keep(turn: Turn, draft: DraftRow, before: FormState, after: FormState) -> None:
    """Store the answer. A draft that somebody else changed meanwhile is not overwritten."""
    if after.revision == before.revision:
        return
    if not await drafts.save_draft(turn.session, draft.id, before.revision, after.dump()):
        raise Stale


async def _show(
    turn: Turn, entry: Entry, draft: DraftRow, state: FormState, result: Result, *, fresh: bool = False
) -> None:
    env = await _environment(turn, entry, state)
    message = draw(entry.form, state, result, env, draft.id)
    if isinstance(result, MovedOn):
        turn.toast(Text.of("forms.moved_on"))
    elif isinstance(result, Invalid) and turn.tap is not None:
        turn.toast(Text.of(f"input.{result.error.code}", **{**result.error.values, "example": result.error.example}))
    if not fresh and draft.message_id is not None:
        turn.replies.append(Edit(draft.message_id, message, draft.id))
    else:
        turn.replies.append(Say(message, draft.id))
    turn.tidy()


async def _save(turn: Turn, entry: Entry, draft: DraftRow, state: FormState) -> None:
    """Store the record and end the draft. What the store refuses is said at the review, and nothing is lost."""
    try:
        receipt = await entry.save(turn, engine.values(entry.form, state), state.facts, draft.id)
    except Conflict as conflict:
        if conflict.code != "corrected_since" or entry.stored is None:
            raise
        await _rebase(turn, entry, draft, state, entry.stored)
        return
    if entry.traceless:
        await drafts.erase(turn.session, draft.id)
    else:
        await drafts.close(turn.session, draft.id, DraftState.DONE)
    turn.draft = None
    turn.show(receipt)


async def _rebase(turn: Turn, entry: Entry, draft: DraftRow, state: FormState, read: Stored) -> None:
    """Show the review again on top of what somebody else has stored meanwhile; what was changed here stays."""
    facts, answers = await read(turn, int(state.facts["correcting"]))
    facts |= await entry.load(turn, answers, facts)
    after = engine.rebased(entry.form, state, facts, answers)
    await _keep(turn, draft, state, after)
    await _show(turn, entry, draft, after, Invalid(InputError("changed_since", ""), REVIEW, ""))


async def _cancel(turn: Turn, entry: Entry, draft: DraftRow, state: FormState) -> None:
    message = await _give_up(turn, entry, draft, state)
    if draft.message_id is not None:
        turn.replies.append(Edit(draft.message_id, message))
    else:
        turn.replies.append(Say(message))
    turn.tidy()


async def _give_up(turn: Turn, entry: Entry, draft: DraftRow, state: FormState) -> Message:
    """Give a draft up; returns what is said, with a button to take it up again unless nothing is kept of it."""
    turn.draft = None
    title = heading(entry.form, state.facts)
    if entry.traceless:
        await drafts.erase(turn.session, draft.id)
        return Message(Text.of("forms.erased", heading=title))
    await drafts.cancel(turn.session, draft.id)
    reopen = Button(Text.of("forms.reopen"), Tap.of("f.open", encode(draft.id)))
    return Message(Text.of("forms.cancelled", heading=title), ((reopen,),), protect=True)


async def give_up(turn: Turn) -> None:
    """Give up the draft that the tapped button names, and say below how to take it up again."""
    draft = await drafts.get(turn.session, turn.chat.user_id, _number(turn, 0))
    if draft is None or draft.form not in ENTRIES:
        return
    state = FormState.load(draft.body, draft.revision)
    turn.replies.append(Say(await _give_up(turn, ENTRIES[draft.form], draft, state)))


async def cancel(turn: Turn) -> None:
    """Give up the active draft."""
    if turn.draft is None:
        turn.say(Text.of("forms.nothing_open"))
        return
    entry = ENTRIES.get(turn.draft.form)
    if entry is None:
        await _retire(turn, turn.draft)
        return
    state = FormState.load(turn.draft.body, turn.draft.revision)
    await _cancel(turn, entry, turn.draft, state)


async def reopen(turn: Turn) -> None:
    """Take up a draft again: one that waits, or one that was given up."""
    draft_id, chat = _number(turn, 0), turn.chat
    draft = await drafts.activate(turn.session, chat.chat_id, chat.user_id, draft_id)
    if draft is None:
        draft = await drafts.reopen(turn.session, chat.chat_id, chat.user_id, draft_id)
    if draft is None:
        await _explain_closed(turn, draft_id)
        return
    await _resume(turn, draft)


async def _resume(turn: Turn, draft: DraftRow) -> None:
    entry = ENTRIES.get(draft.form)
    if entry is None:
        await _retire(turn, draft)
        return
    await drafts.bind_message(turn.session, draft.id, turn.protected_place)
    turn.draft = draft = await _in_this_version(turn, entry, draft)
    state = FormState.load(draft.body, draft.revision)
    shown = replace(draft, message_id=turn.protected_place)
    await _show(turn, entry, shown, state, engine.Ask())


async def resume(turn: Turn) -> None:
    """Show the open draft again, or let the person choose among several."""
    found = await drafts.list_open(turn.session, turn.chat.chat_id, turn.chat.user_id)
    waiting = [draft for draft in found if draft.form in ENTRIES]
    if not waiting:
        turn.say(Text.of("forms.nothing_open"))
    elif len(waiting) == 1:
        draft = await drafts.activate(turn.session, turn.chat.chat_id, turn.chat.user_id, waiting[0].id)
        if draft is not None:
            await _resume(turn, draft)
    else:
        rows = tuple((_resume_button(draft),) for draft in waiting[:RESUMABLE])
        turn.say(Text.of("forms.open_list", n=len(waiting)), rows, protect=True)


def _resume_button(draft: DraftRow) -> Button:
    facts = draft.body.get("facts", {})
    title = Text.of(f"forms.{draft.form}.title")
    about = Text.of("forms.about_name", name=facts["name"]) if facts.get("name") else Text.of("forms.nothing")
    return Button(Text.of("forms.open_line", title=title, about=about), Tap.of("f.open", encode(draft.id)))
