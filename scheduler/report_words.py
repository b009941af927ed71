"""What is said of a report in the chat: how far it is, what came of it, and what its files are called."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from locales.message import Attachment, Button, Message, Tap, Text
from locales.translator import translator
from models.rules.access import Actor
from models.rules.periods import Period, PeriodKind
from models.rules.report_files import FileForm


def period(one: Period) -> Text:
    """Return what a period is called."""
    key = str(one.kind)
    if one.kind is PeriodKind.HALF_YEAR:
        key = "first_half" if one.number == 1 else "second_half"
    return Text.of(f"periods.{key}", first=one.first, number=one.number)


def progress(report_id: int, about: Period, done: int, everything: int) -> Message:
    """Return how far it is, with a button to stop it."""
    text = Text.of("report_files.progress", period=period(about), done=done, all=everything)
    return Message(text, ((_cancel(report_id),),))


def drawing(report_id: int, about: Period) -> Message:
    """Return that only the file is still to be made."""
    return Message(Text.of("report_files.drawing", period=period(about)), ((_cancel(report_id),),))


def resting(about: Period) -> Message:
    """Return that it could not be sent yet."""
    return Message(Text.of("report_files.resting", period=period(about)))


def done(about: Period) -> Message:
    """Return that everything was sent."""
    return Message(Text.of("report_files.done", period=period(about)), ((_again(),),))


def cancelled(about: Period) -> Message:
    """Return that it was stopped."""
    return Message(Text.of("report_files.cancelled", period=period(about)), ((_again(),),))


def failed(about: Period) -> Message:
    """Return that it can't be had now."""
    return Message(Text.of("report_files.failed", period=period(about)), ((_again(),),))


def denied() -> Message:
    """Return that the reader may not see the figures any more."""
    return Message(Text.of("report_files.denied"))


def caption(place: str, about: Period, now: datetime, zone: str, *, is_last: bool) -> Message:
    """Return what a file that was asked for is sent with; below the last one it can be asked for regularly."""
    at = now.astimezone(ZoneInfo(zone))
    regular = Button(Text.of("report_files.regular"), Tap.of("report.times"))
    text = Text.of("report_files.caption", place=place, period=period(about), at=at)
    return Message(text, ((regular,),) if is_last else ())


def regular(place: str, about: Period, now: datetime, zone: str) -> Message:
    """Return what a file that comes by itself is sent with: one tap ends it."""
    at = now.astimezone(ZoneInfo(zone))
    text = Text.of("report_files.caption_regular", place=place, period=period(about), at=at)
    return Message(text, ((Button(Text.of("report_files.stop"), Tap.of("report.stop")),),))


def attachment(actor: Actor, place: str, about: Period, form: FileForm, content: bytes) -> Attachment:
    """Return a file under its neutral name."""
    words = translator(actor.language)
    to_date = f"{about.first:%Y-%m}_{about.last:%m}"
    code = to_date if about.kind is PeriodKind.YEAR_TO_DATE else about.code
    name = words.plain(Text.of("report_files.file_name", place=place, code=code))
    return Attachment(f"{name}.{form}", content)


def _cancel(report_id: int) -> Button:
    return Button(Text.of("report_files.cancel"), Tap.of("report.cancel", report_id))


def _again() -> Button:
    return Button(Text.of("report_files.again"), Tap.of("report"))
