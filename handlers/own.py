"""What a resident sees and decides: the next dates, what was agreed to, reminders, the end of it; a tap each."""

from __future__ import annotations

from handlers import satisfaction
from handlers.context import Turn
from handlers.menu import show_menu, take_menu_away
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.consent import Purpose
from models.store import accounts
from models.store import own as store
from models.store.accounts import Offer
from models.store.consents import ConsentAct, StoredConsent
from models.store.errors import NotFound
from models.store.own import Own, OwnDate


async def own(turn: Turn) -> None:
    """Show the resident's own screen."""
    actor = turn.require(Permission.OWN_READ)
    try:
        found = await store.me(turn.session, actor)
    except NotFound:
        turn.show(Message(Text.of("own.nobody"), ((_stop(),),)))
    else:
        turn.show(_screen(turn, found))
        await satisfaction.ask(turn, actor)
    if turn.tap is not None:
        turn.toast()


async def remind(turn: Turn) -> None:
    """Switch reminders on or off."""
    actor = turn.require(Permission.OWN_READ)
    on = turn.number(0, most=1) == 1
    found = await store.remind(turn.session, actor, on=on)
    turn.show(_screen(turn, found))
    turn.toast(Text.of("own.reminded" if on else "own.not_reminded"))


async def consents(turn: Turn) -> None:
    """Show what the resident agrees to, with a button to change each."""
    actor = turn.require(Permission.OWN_READ)
    turn.show(_consents(await store.me(turn.session, actor)))
    turn.toast()


async def agree(turn: Turn) -> None:
    """Record that the resident agrees to a purpose."""
    actor = turn.require(Permission.OWN_READ)
    _changed(turn, await store.agree(turn.session, actor, _purpose(turn)))


async def withdraw(turn: Turn) -> None:
    """Record that the resident withdraws a purpose; what ends everything is asked about once."""
    actor = turn.require(Permission.OWN_READ)
    purpose = _purpose(turn)
    if purpose is Purpose.HEALTH_RECORD and len(turn.tap.args if turn.tap else ()) < 2:
        await store.me(turn.session, actor)
        yes = Button(Text.of("own.withdraw_yes"), Tap.of("own.withdraw", purpose.value, 1))
        turn.show(Message(Text.of("own.withdraw_ask"), ((yes, _back()),)))
        turn.toast()
        return
    _changed(turn, await store.withdraw(turn.session, actor, purpose))


async def undo(turn: Turn) -> None:
    """Take back what the resident changed last."""
    actor = turn.require(Permission.OWN_READ)
    await store.undo(turn.session, actor, turn.number(0))
    turn.show(_consents(await store.me(turn.session, actor)))
    turn.toast(Text.of("own.undone"))


async def stop(turn: Turn) -> None:
    """Untie the account at once: it is not the resident's, or not wanted any more."""
    actor = turn.require(Permission.OWN_READ)
    await accounts.untie(turn.session, actor)
    turn.toast()
    take_menu_away(turn, Text.of("own.stopped"))


def ask(turn: Turn, offer: Offer) -> None:
    """Ask somebody who opened a resident's link whether the account is to be tied; nothing is kept before."""
    buttons = (
        Button(Text.of("own.yes"), Tap.of("own.yes", offer.link_id)),
        Button(Text.of("own.no"), Tap.of("own.no", offer.link_id)),
    )
    turn.say(Text.of("own.ask", village=offer.village, surname=offer.surname), (buttons,), protect=True)


async def yes(turn: Turn) -> None:
    """Tie the account."""
    chat = turn.chat
    try:
        link_id = turn.number(0)
        actor = await accounts.tie(turn.session, chat.user_id, chat.chat_id, link_id, language=turn.language)
    except NotFound:
        _gone(turn)
        return
    turn.actor = actor
    turn.show(Message(Text.of("own.tied")))
    turn.toast()
    show_menu(turn, actor, Text.of("menu.shown"))
    found = await store.me(turn.session, actor)
    turn.say(_words(turn, found), _buttons(found), protect=True)


async def no(turn: Turn) -> None:
    """Decline: the link is deleted, and nothing else is kept."""
    try:
        await accounts.decline(turn.session, turn.chat.user_id, turn.number(0))
    except NotFound:
        _gone(turn)
        return
    turn.show(Message(Text.of("own.declined")))
    turn.toast()


def _gone(turn: Turn) -> None:
    """Say that a link works no more."""
    turn.show(Message(Text.of("own.link_gone")))
    turn.toast()


def _screen(turn: Turn, found: Own) -> Message:
    return Message(_words(turn, found), _buttons(found), protect=True)


def _words(turn: Turn, found: Own) -> Text:
    lines = [Text.of("own.title", name=found.name, village=found.village)]
    if found.restricted:
        return Text.of("own.screen", lines=[*lines, Text.of("own.restricted")])
    lines += [_line(turn, one) for one in found.dates] or [Text.of("own.nothing")]
    lines.append(Text.of("own.reminders_on" if found.reminders else "own.reminders_off"))
    return Text.of("own.screen", lines=[*lines, Text.of("own.free")])


def _line(turn: Turn, one: OwnDate) -> Text:
    if one.is_day:
        return Text.of("own.day", day=one.first)
    if one.last < turn.today:
        return Text.of("own.any_day")
    return Text.of("own.days", first=one.first, last=one.last)


def _buttons(found: Own) -> Rows:
    agreed = Button(Text.of("own.consents"), Tap.of("own.consents"))
    if found.restricted:
        return ((agreed,), (_stop(),))
    wish = Button(
        Text.of("own.remind_off" if found.reminders else "own.remind_on"),
        Tap.of("own.remind", 0 if found.reminders else 1),
    )
    take = Button(Text.of("portable.own"), Tap.of("own.take"))
    asked = ((Button(Text.of("benefits.own_button"), Tap.of("own.benefits")),),) if _may_ask(found) else ()
    return ((wish, agreed), *asked, (take,), (_stop(),))


def _may_ask(found: Own) -> bool:
    return Purpose.BENEFITS in found.given


def _consents(found: Own) -> Message:
    lines = [_consent(purpose, found) for purpose in Purpose]
    text = Text.of("own.screen", lines=[Text.of("own.consents_title"), *lines])
    return Message(text, (*_choices(found), (_back(),)), protect=True)


def _consent(purpose: Purpose, found: Own) -> Text:
    key = "consents.agreed" if purpose in found.given else "consents.not_agreed"
    about = Text.of(f"consents.explained.{purpose}")
    return Text.of(key, purpose=_named(purpose), about=about)


def _choices(found: Own) -> Rows:
    """Return a button to withdraw each purpose, as easily as it was given; what is closed is not opened here."""
    offered = [purpose for purpose in Purpose if purpose in found.given or not found.restricted]
    return tuple((_choice(purpose, is_given=purpose in found.given),) for purpose in offered)


def _choice(purpose: Purpose, *, is_given: bool) -> Button:
    if is_given:
        return Button(Text.of("own.withdraw", purpose=_named(purpose)), Tap.of("own.withdraw", purpose.value))
    return Button(Text.of("own.agree", purpose=_named(purpose)), Tap.of("own.agree", purpose.value))


def _changed(turn: Turn, stored: StoredConsent) -> None:
    key = "own.agreed" if stored.act is ConsentAct.GIVEN else "own.withdrawn"
    names = [_named(purpose) for purpose in Purpose if purpose in stored.purposes]
    back = Button(Text.of("receipts.undo"), Tap.of("own.undo", stored.id))
    turn.show(Message(Text.of(key, purposes=names), ((back, _back()),)))
    turn.toast()


def _purpose(turn: Turn) -> Purpose:
    """Return the purpose that a button names.

    Raises:
        NotFound: it names none.
    """
    try:
        return Purpose(turn.argument(0))
    except ValueError:
        raise NotFound from None


def _named(purpose: Purpose) -> Text:
    return Text.of(f"choices.consent.{purpose}")


def _back() -> Button:
    return Button(Text.of("own.back"), Tap.of("own"))


def _stop() -> Button:
    return Button(Text.of("own.stop"), Tap.of("own.stop"))


def refuse(turn: Turn, actor: Actor) -> None:
    """Say that an account with which somebody works is not the one for their own dates."""
    turn.say(Text.of("own.works_here", role=Text.of(f"roles.{actor.role}")))
