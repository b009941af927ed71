"""Files of residents in the chat: received, decided about, taken back. The work itself is done in the background."""

from __future__ import annotations

from handlers.context import Turn
from locales.message import Attachment, Message, Say, Text
from locales.translator import translator
from models.files.limits import LARGEST_FILE, MEGABYTE
from models.files.sheets import Columns, empty
from models.rules.access import Permission
from models.store import imports

_KILOBYTE = 1024
COLUMNS = (
    *("mark", "name", "sex", "birth", "identity", "phone", "village", "group"),
    *("health_record", "contact", "reminders", "handover", "remark"),
)
_FILLED = ("mark", "name", "sex", "birth", "group", "remark")
"""Columns of the example that hold something of their own; consents hold a yes, the village is left to the person."""
_CONSENTS = ("health_record", "contact", "reminders", "handover")


async def document(turn: Turn) -> None:
    """Take a file from someone who may import; others are told what the bot can read."""
    file = turn.document
    if turn.actor is None:
        turn.say(Text.of("enrol.stranger"))
    elif file is None or not turn.actor.may(Permission.PERSON_IMPORT):
        turn.say(Text.of("errors.unsupported"))
    elif file.size > LARGEST_FILE:
        turn.say(Text.of("imports.refused.file_large"))
    else:
        await imports.receive(turn.session, turn.actor, file_id=file.file_id, chat_id=turn.chat.chat_id)
        turn.say(Text.of("imports.received", size=_size(file.size)))


async def go(turn: Turn) -> None:
    """Import a checked file."""
    actor = turn.require(Permission.PERSON_IMPORT)
    await imports.begin(turn.session, actor, turn.number(0), turn.message_id)
    turn.toast(Text.of("imports.begun"))  # the message itself is changed by who imports, and by nobody else


async def drop(turn: Turn) -> None:
    """Forget a checked file."""
    actor = turn.require(Permission.PERSON_IMPORT)
    await imports.give_up(turn.session, actor, turn.number(0))
    turn.toast()
    turn.show(Message(Text.of("imports.dropped")))


async def undo(turn: Turn) -> None:
    """Take back what came with a file."""
    actor = turn.require(Permission.PERSON_IMPORT)
    await imports.begin_undo(turn.session, actor, turn.number(0), turn.message_id)
    turn.toast(Text.of("imports.undo_begun"))


async def template(turn: Turn) -> None:
    """Send an empty table to fill in."""
    turn.require(Permission.PERSON_IMPORT)
    name = translator(turn.language).plain(Text.of("imports.template_name"))
    attachment = Attachment(f"{name}.xlsx", empty(_columns(turn.language)))
    turn.replies.append(Say(Message(Text.of("imports.template"), attachment=attachment)))


def _columns(language: str) -> Columns:
    words = translator(language)
    yes, no = words.plain(Text.of("imports.yes")), words.plain(Text.of("imports.no"))
    example = {name: words.plain(Text.of(f"imports.example.{name}")) for name in _FILLED}
    example |= dict.fromkeys(_CONSENTS, yes)
    sexes = [words.plain(Text.of(f"choices.sex.{sex}")) for sex in ("female", "male")]
    choices = {COLUMNS.index(name): (yes, no) for name in _CONSENTS} | {COLUMNS.index("sex"): sexes}
    titles = [words.plain(Text.of(f"imports.column.{name}")) for name in COLUMNS]
    return Columns(titles, choices, [example.get(name, "") for name in COLUMNS])


def _size(size: int) -> Text:
    if size < _KILOBYTE:
        return Text.of("imports.size.bytes", n=size)
    if size < MEGABYTE:
        return Text.of("imports.size.kilobytes", n=round(size / _KILOBYTE))
    return Text.of("imports.size.megabytes", n=f"{size / MEGABYTE:.1f}")
