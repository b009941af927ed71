"""A resident's own account in the hands of the village's staff: a link at the resident's wish, or the account ended."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers import invitation
from handlers.context import Turn
from handlers.of_person import to_card
from locales.message import Attachment, Button, Message, Rows, Say, Tap, Text
from models.rules.access import Permission
from models.store import accounts, residents


async def show(turn: Turn) -> None:
    """Show whether a resident has an account, and what can be done at the resident's wish."""
    actor = turn.require(Permission.PERSON_REGISTER)
    resident_id = turn.number(0)
    is_tied = await accounts.is_tied(turn.session, actor, resident_id)
    await _show(turn, resident_id, "accounts.tied" if is_tied else "accounts.none", is_tied=is_tied)


async def make(turn: Turn) -> None:
    """Make a link, to be opened by the resident and nobody else."""
    actor = turn.require(Permission.PERSON_REGISTER)
    link = await accounts.offer(turn.session, actor, turn.number(0))
    address = invitation.link(turn.bot_name, link.code)
    until = link.expires_at.astimezone(ZoneInfo(actor.zone))
    text = Text.of("accounts.ready", link=address, code=invitation.grouped(link.code), until=until)
    picture = Attachment("invite.png", invitation.picture(address), is_picture=True)
    turn.toast()
    turn.replies.append(Say(Message(text, attachment=picture)))


async def end(turn: Turn) -> None:
    """Untie the account, and let a link that was made stop working."""
    actor = turn.require(Permission.PERSON_REGISTER)
    resident_id = turn.number(0)
    await accounts.end(turn.session, actor, resident_id)
    await _show(turn, resident_id, "accounts.ended", is_tied=False)


async def _show(turn: Turn, resident_id: int, key: str, *, is_tied: bool) -> None:
    actor = turn.require(Permission.PERSON_REGISTER)
    found = await residents.brief(turn.session, actor, resident_id)
    turn.show(Message(Text(key, {"name": found.person.name}), _buttons(resident_id, is_tied=is_tied), protect=True))
    turn.toast()


def _buttons(resident_id: int, *, is_tied: bool) -> Rows:
    make_ = Button(Text.of("accounts.make"), Tap.of("account.make", resident_id))
    card = to_card(resident_id)
    if not is_tied:
        return ((make_, card),)
    return ((make_, Button(Text.of("accounts.end"), Tap.of("account.end", resident_id))), (card,))
