"""The joint meeting: when it is, who comes, what there is to talk about, and afterwards what came of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers import agenda
from handlers.context import Turn
from handlers.forms import runner
from locales.message import Attachment, Button, Message, Rows, Say, Tap, Text
from locales.translator import translator
from models.rules.access import Actor, Permission
from models.rules.meetings import LASTS, MeetingAnswer, MeetingState
from models.store import agendas, decisions, meetings, places
from models.store.errors import NotFound
from models.store.meetings import Invited, MeetingLine, Minutes

MARKS = {MeetingAnswer.COMING: "✅", MeetingAnswer.CANT_COME: "🙅", MeetingAnswer.DEPUTY: "👤", None: "⏳"}


async def meeting(turn: Turn) -> None:
    """Show the next meeting, or the one that the button names."""
    actor = turn.require(Permission.MEETING_ATTEND)
    if turn.tap is not None and turn.tap.args:
        found = await meetings.get(turn.session, actor, turn.number(0))
    else:
        found = await meetings.upcoming(turn.session, actor)
    await _show(turn, actor, found)


async def answer(turn: Turn) -> None:
    """Store whether the actor comes: meeting and answer."""
    actor = turn.require(Permission.MEETING_ATTEND)
    meeting_id, given = turn.number(0), turn.argument(1)
    if given not in set(MeetingAnswer):
        raise NotFound
    found = await meetings.answer(turn.session, actor, meeting_id, MeetingAnswer(given))
    await _show(turn, actor, found)
    turn.toast(Text.of("meetings.answered", answer=Text.of(f"choices.meeting_answer.{given}")))


async def who(turn: Turn) -> None:
    """Show who has answered what."""
    actor = turn.require(Permission.MEETING_ATTEND)
    found = await meetings.get(turn.session, actor, turn.number(0))
    people = await meetings.list_invited(turn.session, actor, found.id)
    lines = [Text.of("meetings.who", day=found.held_on), _counts(people), *map(_person, people)]
    back = Button(Text.of("meetings.back"), Tap.of("meeting", found.id))
    turn.show(Message(Text.of("meetings.screen", lines=lines), ((back,),), protect=True))
    turn.toast()


async def file(turn: Turn) -> None:
    """Send the meeting as a file for the phone's calendar."""
    actor = turn.require(Permission.MEETING_ATTEND)
    found = await meetings.get(turn.session, actor, turn.number(0))
    words = translator(turn.language)
    summary = words.plain(Text.of("meetings.file_summary"))
    description = words.plain(Text.of("meetings.file_description"))
    content = meetings.file_of(found, summary, description, turn.now)
    name = words.plain(Text.of("meetings.file_name", day=found.held_on.isoformat()))
    attachment = Attachment(f"{name}.ics", content)
    turn.toast()
    turn.replies.append(Say(Message(Text.of("meetings.file", day=found.held_on), attachment=attachment)))


async def write_minutes(turn: Turn) -> None:
    """Open the form for what came of a meeting, or what was told of it so far."""
    actor = turn.require(Permission.MEETING_CHAIR)
    found = await meetings.begun(turn.session, actor, turn.number(0))
    if found.has_minutes:
        await runner.correct(turn, "minutes", found.id)
        return
    turn.toast()
    await runner.open_form(turn, "minutes", {"meeting": str(found.id)}, subject=f"meeting:{found.id}")


def receipt(turn: Turn, found: MeetingLine) -> Message:
    """Return the message that says that the minutes are kept, and asks for decisions."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text.of("meetings.minutes_saved", at=turn.now.astimezone(zone), day=found.held_on)
    correct = Button(Text.of("receipts.correct"), Tap.of("meeting.minutes", found.id))
    see = Button(Text.of("meetings.back"), Tap.of("meeting", found.id))
    return Message(text, ((_new_decision(found),), (correct, see)), protect=True)


async def _show(turn: Turn, actor: Actor, found: MeetingLine) -> None:
    place = await places.get(turn.session, actor.township_id)
    lines = [_title(found, place.name), *_remarks(found)]
    if found.is_over(turn.now):
        lines += await _outcome(turn, actor, found)
    elif found.state is not MeetingState.CANCELLED:
        lines += await _invitation(turn, actor, found)
    turn.show(Message(Text.of("meetings.screen", lines=lines), await _buttons(turn, actor, found), protect=True))
    turn.toast()


def _title(found: MeetingLine, place: str) -> Text:
    starts, ends = found.starts_at, found.starts_at + LASTS
    return Text.of("meetings.title", place=place, day=found.held_on, starts=starts, ends=ends)


def _remarks(found: MeetingLine) -> list[Text]:
    """Return why it is not held as usual, and whether the day may still change."""
    lines = []
    if found.state is MeetingState.CANCELLED:
        lines.append(Text.of("meetings.cancelled", reason=_reason(found)))
    elif found.reason is not None:
        lines.append(Text.of("meetings.moved", day=found.nominal_on, reason=_reason(found)))
    elif found.held_on != found.nominal_on:
        lines.append(Text.of("meetings.moved_off", day=found.nominal_on))
    if found.provisional:
        lines.append(Text.of("meetings.provisional"))
    return lines


def _reason(found: MeetingLine) -> Text:
    return Text.of(f"choices.meeting_reason.{found.reason}")


async def _invitation(turn: Turn, actor: Actor, found: MeetingLine) -> list[Text]:
    people = await meetings.list_invited(turn.session, actor, found.id)
    drafted = await agendas.draft(turn.session, actor, found)
    return [
        _mine(turn, actor, found, people),
        _counts(people),
        Text.of("status.gap"),
        *agenda.lines(actor, drafted, turn.today),
    ]


def _mine(turn: Turn, actor: Actor, found: MeetingLine, people: list[Invited]) -> Text:
    given = next((one.answer for one in people if one.staff_id == actor.staff_id), None)
    if given is not None:
        return Text.of("meetings.mine", answer=Text.of(f"choices.meeting_answer.{given}"))
    return Text.of("meetings.mine_late" if found.has_begun(turn.now) else "meetings.mine_none")


def _counts(people: list[Invited]) -> Text:
    def count(given: MeetingAnswer | None) -> int:
        return sum(one.answer is given for one in people)

    return Text.of("meetings.counts", **{str(one): count(one) for one in MeetingAnswer}, open=count(None))


def _person(one: Invited) -> Text:
    role = Text.of(f"roles.at.{one.role}")
    return Text.of("meetings.person", mark=MARKS[one.answer], place=one.place_name, role=role, name=one.name or "")


async def _outcome(turn: Turn, actor: Actor, found: MeetingLine) -> list[Text]:
    told = await meetings.minutes(turn.session, actor, found.id)
    made = await decisions.of_meeting(turn.session, actor, found.id)
    return [_told(told), *agenda.decided(made, turn.today)]


def _told(told: Minutes | None) -> Text:
    if told is None:
        return Text.of("meetings.no_minutes")
    return Text.of("meetings.nothing_told" if told.text is None else "meetings.minutes", text=told.text)


async def _buttons(turn: Turn, actor: Actor, found: MeetingLine) -> Rows:
    rows: list[tuple[Button, ...]] = []
    is_held = found.state is not MeetingState.CANCELLED
    if is_held and not found.has_begun(turn.now):
        rows += answer_rows(found.id)
    if is_held and found.has_begun(turn.now) and actor.may(Permission.MEETING_CHAIR):
        rows += [(_minutes(found),), (_new_decision(found),)]
    if is_held:
        see = Button(Text.of("meetings.who_button"), Tap.of("meeting.who", found.id))
        rows.append((see, Button(Text.of("meetings.file_button"), Tap.of("meeting.file", found.id))))
    rows.append((Button(Text.of("decisions.open_list"), Tap.of("decisions")), *await _other(turn, actor, found)))
    return tuple(rows)


def answer_rows(meeting_id: int) -> list[tuple[Button, ...]]:
    """Return the buttons with which an invitation is answered."""
    return [
        tuple(
            Button(Text.of(f"choices.meeting_answer.{given}"), Tap.of("meeting.answer", meeting_id, given))
            for given in MeetingAnswer
        )
    ]


async def _other(turn: Turn, actor: Actor, found: MeetingLine) -> tuple[Button, ...]:
    """Return the way to the last meeting, or from it to the next one."""
    last = await meetings.last(turn.session, actor)
    if found.has_begun(turn.now) or found.state is MeetingState.CANCELLED:
        return (Button(Text.of("meetings.next"), Tap.of("meeting")),)
    if last is None:
        return ()
    waits = not last.has_minutes and actor.may(Permission.MEETING_CHAIR)
    key = "meetings.last_untold" if waits else "meetings.last"
    return (Button(Text.of(key, day=last.held_on), Tap.of("meeting", last.id)),)


def _minutes(found: MeetingLine) -> Button:
    key = "meetings.correct_minutes" if found.has_minutes else "meetings.write_minutes"
    return Button(Text.of(key), Tap.of("meeting.minutes", found.id))


def _new_decision(found: MeetingLine) -> Button:
    return Button(Text.of("decisions.new"), Tap.of("decision.new", found.id))
