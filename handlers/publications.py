"""A month's public notice: shown as it will be posted, approved once, declined, corrected; old ones for everybody."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import figure_words, publication_page, status
from handlers.context import Turn
from locales.message import Attachment, Button, Message, Rows, Say, Tap, Text
from models.files.aside import ready
from models.files.charts import LOADS
from models.rules import periods
from models.rules.access import AccessDenied, Actor, Permission
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period, PeriodKind
from models.rules.publications import PUBLISHED, PublicationState, chat_name
from models.store import publication_places, publications
from models.store.errors import NotFound
from models.store.publications import Content, PublicationLine

FILE_NAME = "notice.png"


async def notice(turn: Turn) -> None:
    """List the notices that were posted; an admin sets where, in the group itself or by its name."""
    if turn.actor is None:
        raise AccessDenied
    if not turn.chat.is_private:
        _in_group(turn, turn.actor)
    elif turn.text and turn.actor.may(Permission.CALENDAR_CHANGE):
        await _ask_place(turn, turn.actor, turn.text)
    else:
        await _listed(turn, turn.actor)


async def here(turn: Turn) -> None:
    """Have notices posted in the group whose button was pressed, once it is looked up."""
    actor = turn.require(Permission.CALENDAR_CHANGE)
    if turn.chat.is_private:
        raise NotFound
    await publication_places.ask(turn.session, actor, str(turn.chat.chat_id))
    turn.show(Message(Text.of("publications.looking")))
    turn.toast()


async def moved(turn: Turn) -> None:
    """Follow a group that has become another chat: notices go there from now on. Nothing is said."""
    await publication_places.follow(turn.session, turn.chat.chat_id, int(turn.text or 0))


async def review(turn: Turn) -> None:
    """Show a month's notice as it would be posted, or as it was: the month."""
    actor = turn.require(Permission.PUBLICATION_APPROVE)
    month = _month(turn)
    line = await publications.latest(turn.session, actor, month.first)
    if line is not None and line.state is PublicationState.APPROVED:
        await _open(turn, actor, line)
    else:
        await _preview(turn, actor, month, line)
    turn.toast()


async def old(turn: Turn) -> None:
    """Show a notice that was posted, as it was: its row."""
    actor = _reader(turn)
    line = await publications.get(turn.session, actor, turn.number(0))
    if line.posted_at is None and not actor.may(Permission.PUBLICATION_APPROVE):
        raise NotFound
    await _open(turn, actor, line)
    turn.toast()


async def choose(turn: Turn) -> None:
    """Show which indicators are told: the row."""
    actor = turn.require(Permission.PUBLICATION_APPROVE)
    _show_choice(turn, await publications.get(turn.session, actor, turn.number(0)), is_new=True)
    turn.toast()


async def leave_out(turn: Turn) -> None:
    """Tell an indicator or leave it out: the row, the indicator's number, and 1 to tell it."""
    actor = turn.require(Permission.PUBLICATION_APPROVE)
    publication_id, code = turn.number(0), PUBLISHED[turn.number(1, most=len(PUBLISHED) - 1)]
    await publications.leave_out(turn.session, actor, publication_id, code, told=bool(turn.number(2, most=1)))
    _show_choice(turn, await publications.get(turn.session, actor, publication_id), is_new=False)
    turn.toast()


async def approve(turn: Turn) -> None:
    """Have a notice posted as it was shown: the row and its version. Changed figures are shown first."""
    actor = turn.require(Permission.PUBLICATION_APPROVE)
    line = await publications.get(turn.session, actor, turn.number(0))
    month = periods.month_of(line.month)
    if await publication_places.of_township(turn.session, actor.township_id) is None:
        turn.toast(Text.of("publications.nowhere"), alert=True)
    elif line.state is not PublicationState.SHOWN:
        turn.toast(Text.of(f"publications.is_{line.state}"), alert=True)
    elif line.version != turn.number(1) or not await _is_as_shown(turn, actor, line):
        await _preview(turn, actor, month, line)
        turn.toast(Text.of("publications.changed"), alert=True)
    elif (approved := await publications.approve(turn.session, actor, line.id, line.version)) is not None:
        turn.say(Text.of("publications.approved", month=figure_words.period(month), title=approved.title))
        turn.toast()
    else:
        turn.toast(Text.of("publications.changed"), alert=True)


async def again(turn: Turn) -> None:
    """Have a notice posted that was not: the row and how often it was tried."""
    actor = turn.require(Permission.PUBLICATION_APPROVE)
    line = await publications.post_again(turn.session, actor, turn.number(0), turn.number(1))
    _say(turn, line, "publications.approved")


async def there(turn: Turn) -> None:
    """Note that a notice is there after all, as somebody has seen: the row and how often it was tried."""
    actor = turn.require(Permission.PUBLICATION_APPROVE)
    line = await publications.confirm(turn.session, actor, turn.number(0), turn.number(1))
    _say(turn, line, "publications.seen_there")


def _say(turn: Turn, line: PublicationLine | None, key: str) -> None:
    """Say what became of a notice; of one that is none, that it was settled already."""
    if line is None:
        turn.toast(Text.of("publications.is_approved"), alert=True)
        return
    turn.say(Text.of(key, month=figure_words.period(periods.month_of(line.month)), title=line.title))
    turn.toast()


async def decline(turn: Turn) -> None:
    """Have no notice this month: the row and its version."""
    actor = turn.require(Permission.PUBLICATION_APPROVE)
    line = await publications.get(turn.session, actor, turn.number(0))
    if await publications.decline(turn.session, actor, line.id, turn.number(1)):
        month = periods.month_of(line.month)
        look = Button(Text.of("publications.look_again"), Tap.of("publication", month.code))
        turn.say(Text.of("publications.declined", month=figure_words.period(month)), ((look,),))
        turn.toast()
    else:
        turn.toast(Text.of("publications.changed"), alert=True)


async def correct(turn: Turn) -> None:
    """Show what a notice would say now, to be approved as a correction: the row."""
    actor = turn.require(Permission.PUBLICATION_APPROVE)
    line = await publications.correct(turn.session, actor, turn.number(0))
    await _preview(turn, actor, periods.month_of(line.month), line)
    turn.toast()


def _reader(turn: Turn) -> Actor:
    if turn.actor is None:
        raise AccessDenied
    return turn.actor


def _in_group(turn: Turn, actor: Actor) -> None:
    if actor.may(Permission.CALENDAR_CHANGE):
        turn.say(Text.of("publications.ask_here"), ((Button(Text.of("publications.here"), Tap.of("notice.here")),),))
    else:
        turn.say(Text.of("publications.who_sets"))


async def _ask_place(turn: Turn, actor: Actor, typed: str) -> None:
    name = chat_name(typed)
    if name is None:
        turn.say(Text.of("publications.no_chat_name", typed=typed[:60]))
        return
    await publication_places.ask(turn.session, actor, name)
    turn.say(Text.of("publications.looking"))


async def _listed(turn: Turn, actor: Actor) -> None:
    found = await publications.posted(turn.session, actor)
    lines = [Text.of("publications.list" if found else "publications.none")]
    rows: Rows = _pairs([_old_button(line) for line in found])
    if actor.may(Permission.PUBLICATION_APPROVE):
        month = periods.month_of(turn.today).before
        if await publications.is_open(turn.session, actor.township_id, month.first):
            look = Text.of("publications.look", month=figure_words.period(month))
            rows = ((Button(look, Tap.of("publication", month.code)),), *rows)
    if actor.may(Permission.CALENDAR_CHANGE) or actor.may(Permission.PUBLICATION_APPROVE):
        chat = await publication_places.of_township(turn.session, actor.township_id)
        lines.append(
            Text.of("publications.goes_to", title=chat.title) if chat else Text.of("publications.goes_nowhere")
        )
    turn.show(Message(Text.of("publications.screen", lines=lines), rows))
    if turn.tap is not None:
        turn.toast()


def _old_button(line: PublicationLine) -> Button:
    month = figure_words.period(periods.month_of(line.month))
    label = Text.of("publications.month" if line.edition == 1 else "publications.month_corrected", month=month)
    return Button(label, Tap.of("notice.old", line.id))


async def _preview(turn: Turn, actor: Actor, month: Period, line: PublicationLine | None) -> None:
    """Keep what a notice says now, and show it exactly as it would be posted."""
    edition, left_out = (line.edition, line.left_out) if line is not None else (1, frozenset())
    async with ready(LOADS) as draw:
        found = await publication_page.compose(turn, actor, month, left_out, edition)
        picture = await draw(found.chart)
    kept = await publications.show(turn.session, actor, month.first, Content(found.figures, found.text, picture))
    send = Button(Text.of("publications.send"), Tap.of("publication.send", kept.id, kept.version))
    fewer = Button(Text.of("publications.choose"), Tap.of("publication.choose", kept.id))
    no = Button(Text.of("publications.decline"), Tap.of("publication.no", kept.id, kept.version))
    _photo(turn, kept, ((send,), (fewer, no)))


async def _open(turn: Turn, actor: Actor, line: PublicationLine) -> None:
    """Show a notice as it was posted, with what can be done about it."""
    rows: Rows = ()
    if actor.may(Permission.PUBLICATION_APPROVE):
        if line.has_failed:
            rows = _after_failure(line)
        elif line.posted_at is not None and not await _is_as_shown(turn, actor, line):
            rows = ((Button(Text.of("publications.correct"), Tap.of("publication.fix", line.id)),),)
    _photo(turn, line, rows)


def _after_failure(line: PublicationLine) -> Rows:
    again = Button(Text.of("publications.again"), Tap.of("publication.again", line.id, line.attempt))
    there = Button(Text.of("publications.there"), Tap.of("publication.there", line.id, line.attempt))
    return ((there,), (again,)) if line.is_in_doubt else ((again,),)


async def _is_as_shown(turn: Turn, actor: Actor, line: PublicationLine) -> bool:
    month = periods.month_of(line.month)
    now = await publication_page.compose(turn, actor, month, line.left_out, line.edition)
    return dict(now.figures) == dict(line.figures)


def _photo(turn: Turn, line: PublicationLine, rows: Rows) -> None:
    picture = Attachment(FILE_NAME, line.picture, is_picture=True)
    turn.replies.append(Say(Message(Text.of("publications.as_is", text=line.text), rows, attachment=picture)))


def _show_choice(turn: Turn, line: PublicationLine, *, is_new: bool) -> None:
    buttons = [_choice(line, number, code) for number, code in enumerate(PUBLISHED)]
    look = Button(Text.of("publications.look_again"), Tap.of("publication", f"{line.month:%Y-%m}"))
    message = Message(Text.of("publications.choice"), (*_pairs(buttons), (look,)))
    if is_new:
        turn.replies.append(Say(message))  # a picture's words can't be replaced by others
    else:
        turn.show(message)


def _choice(line: PublicationLine, number: int, code: IndicatorCode) -> Button:
    is_told = code not in line.left_out
    label = Text.of("publications.told" if is_told else "publications.left_out", name=figure_words.name(code))
    return Button(label, Tap.of("publication.leave", line.id, number, int(not is_told)))


def _month(turn: Turn) -> Period:
    """Return a month that is over.

    Raises:
        NotFound: it is none.
    """
    found = status.period_of(turn)
    if found.kind is not PeriodKind.MONTH or not found.is_over(turn.today):
        raise NotFound
    return found


def _pairs(buttons: Sequence[Button]) -> Rows:
    return tuple(tuple(buttons[index : index + 2]) for index in range(0, len(buttons), 2))
