"""What is said of joint meetings and of what they decided: days, hours and buttons, never what was decided."""

from __future__ import annotations

from datetime import timedelta

from locales.message import Attachment, Button, Message, Rows, Tap, Text
from locales.translator import translator
from models.rules.meetings import DecisionState, MeetingAnswer, MeetingState
from models.rules.stages import StageCode
from models.store import decisions, meetings, scope
from models.store.database import StoreSession
from models.store.errors import NotFound
from models.store.meetings import MeetingLine
from models.store.sending import Claimed

SOON = timedelta(hours=1)


async def invite(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return the invitation, or the reminder of who said to come; the first one brings the calendar's file.

    Who said not to come, or sends somebody, is not reminded.
    """
    found = await _meeting(session, claimed)
    sequence, _, stage = claimed.occurrence.partition("/")
    if found is None or str(found.sequence) != sequence or not _is_ahead(session, found):
        return None
    given = await meetings.answer_of(session, claimed.to, found.id)
    if given not in {None, MeetingAnswer.COMING}:
        return None
    answered = "invite" if given is None else "reminder"
    off = _off(session, claimed, found)
    days = (found.held_on - scope.today(session, claimed.to)).days
    text = Text.of(f"notices.meeting.{answered}.{off}", n=days, day=found.held_on, starts=found.starts_at)
    file = _file(session, claimed, found) if stage == StageCode.DAYS_3 else None
    return Message(text, answer_rows(found.id), attachment=file)


def _off(session: StoreSession, claimed: Claimed, found: MeetingLine) -> str:
    """Return how far off a meeting is when it is said, which may be later than it was planned."""
    days = (found.held_on - scope.today(session, claimed.to)).days
    if days:
        return "tomorrow" if days == 1 else "days"
    return "soon" if found.starts_at - session.now() <= SOON else "today"


async def minutes(session: StoreSession, claimed: Claimed) -> Message | None:
    """Ask what came of a meeting; `None` when that is told, or it was cancelled."""
    found = await _meeting(session, claimed)
    if found is None or found.has_minutes or not found.is_over(session.now()):
        return None
    if found.state is MeetingState.CANCELLED:
        return None
    write = Button(Text.of("meetings.write_minutes"), Tap.of("meeting.minutes", found.id))
    decide = Button(Text.of("decisions.new"), Tap.of("decision.new", found.id))
    return Message(Text.of("notices.meeting.minutes", day=found.held_on), ((write,), (decide,)))


async def moved(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return when a meeting is held now, to be answered anew; `None` when it was changed again, or has begun."""
    found = await _meeting(session, claimed)
    if found is None or str(found.sequence) != claimed.occurrence or not _is_ahead(session, found):
        return None
    text = Text.of("notices.meeting.moved", day=found.held_on, starts=found.starts_at)
    return Message(text, answer_rows(found.id), attachment=_file(session, claimed, found))


async def restored(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return that a meeting takes place after all; `None` when it was changed again, or has begun."""
    found = await _meeting(session, claimed)
    if found is None or str(found.sequence) != claimed.occurrence or not _is_ahead(session, found):
        return None
    text = Text.of("notices.meeting.restored", day=found.held_on, starts=found.starts_at)
    return Message(text, answer_rows(found.id), attachment=_file(session, claimed, found))


async def cancelled(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return that a meeting is not held."""
    found = await _meeting(session, claimed)
    if found is None or found.state is not MeetingState.CANCELLED:
        return None
    text = Text.of("notices.meeting.cancelled", day=found.held_on)
    return Message(text, (_see_meeting(found.id),), attachment=_file(session, claimed, found))


async def assigned(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return that a decision is the reader's to carry out; `None` when it is not any more."""
    try:
        found = await decisions.get(session, claimed.to, claimed.subject_id)
    except NotFound:
        return None
    is_theirs = found.owner.staff_id == claimed.to.staff_id
    if found.voided or found.state is not DecisionState.OPEN or not is_theirs:
        return None
    return Message(Text.of("notices.decision.assigned", due=found.due_on), (_see_decision(found.id),))


def answer_rows(meeting_id: int) -> Rows:
    """Return the buttons with which an invitation is answered, and the way to the meeting."""
    answers = tuple(
        Button(Text.of(f"choices.meeting_answer.{given}"), Tap.of("meeting.answer", meeting_id, given))
        for given in MeetingAnswer
    )
    return (answers, _see_meeting(meeting_id))


def _see_meeting(meeting_id: int) -> tuple[Button, ...]:
    return (Button(Text.of("notices.see.meeting"), Tap.of("meeting", meeting_id)),)


def _see_decision(decision_id: int) -> tuple[Button, ...]:
    return (Button(Text.of("notices.see.decision"), Tap.of("decision", decision_id)),)


def _file(session: StoreSession, claimed: Claimed, found: MeetingLine) -> Attachment:
    words = translator(claimed.to.language)
    summary = words.plain(Text.of("meetings.file_summary"))
    description = words.plain(Text.of("meetings.file_description"))
    name = words.plain(Text.of("meetings.file_name", day=found.held_on.isoformat()))
    return Attachment(f"{name}.ics", meetings.file_of(found, summary, description, session.now()))


def _is_ahead(session: StoreSession, found: MeetingLine) -> bool:
    return found.state is MeetingState.PLANNED and not found.has_begun(session.now())


async def _meeting(session: StoreSession, claimed: Claimed) -> MeetingLine | None:
    try:
        return await meetings.get(session, claimed.to, claimed.subject_id)
    except NotFound:
        return None
