"""Coming in: the first hello, invite codes, languages, and who am I."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from handlers import own
from handlers.context import Turn
from handlers.menu import show_menu, take_menu_away
from locales.message import Button, Message, Tap, Text
from locales.translator import LANGUAGES
from models.rules.access import Actor, Role
from models.store import accounts, drafts, invites, places, staff
from models.store.accounts import Offer
from models.store.invites import Rejected
from models.store.lockout import FREE_TRIES

_CODE = re.compile(r"[2-9A-HJ-NP-Za-hj-np-z]{4}([\s-]*[2-9A-HJ-NP-Za-hj-np-z]{4}){2}")


async def start(turn: Turn) -> None:
    """Say hello; with a code, enrol."""
    code = (turn.text or "").strip()
    if code:
        await enter_code(turn, code)
    elif turn.actor is None:
        take_menu_away(turn, Text.of("enrol.stranger"))
    else:
        await _welcome(turn, turn.actor)


def looks_like_code(text: str) -> bool:
    """Return whether typed text is meant as an invite code."""
    return bool(_CODE.fullmatch(text.strip()))


async def enter_code(turn: Turn, code: str) -> None:
    """Enrol by a code, or say why not."""
    chat = turn.chat
    if (offer := await accounts.open_link(turn.session, chat.user_id, code)) is not None:
        await _ask_resident(turn, offer)
        return
    result = await invites.accept(
        turn.session, chat.user_id, chat.chat_id, code, name=chat.name, language=turn.language
    )
    if isinstance(result, Rejected):
        turn.say(_rejection(turn, result) if turn.actor is None else await _already(turn, turn.actor))
        return
    turn.tidy()
    turn.actor = result
    await _welcome(turn, result)


async def _ask_resident(turn: Turn, offer: Offer) -> None:
    """Ask who has opened a resident's link, unless it is an account for work: then somebody's own one is meant."""
    turn.tidy()
    if turn.actor is not None and turn.actor.role is not Role.RESIDENT:
        await accounts.close_link(turn.session, turn.chat.user_id, offer.link_id)
        own.refuse(turn, turn.actor)
    else:
        own.ask(turn, offer)


def _rejection(turn: Turn, rejected: Rejected) -> Text:
    if rejected.locked_until is not None:
        seconds = (rejected.locked_until - turn.now).total_seconds()
        return Text.of("enrol.locked", minutes=max(1, math.ceil(seconds / 60)))
    return Text.of("enrol.wrong_code", tries=FREE_TRIES + 1)


async def _welcome(turn: Turn, actor: Actor) -> None:
    row = await staff.profile(turn.session, actor)
    key = "enrol.welcome" if row.name else "enrol.welcome_unnamed"
    hint = Text.of(f"enrol.hint_{actor.role}")
    role = Text.of(f"roles.{actor.role}")
    show_menu(turn, actor, Text.of(key, name=row.name, place=row.place_name, role=role, hint=hint))


async def _already(turn: Turn, actor: Actor) -> Text:
    row = await staff.profile(turn.session, actor)
    return Text.of("enrol.already", place=row.place_name, role=Text.of(f"roles.{actor.role}"))


async def me(turn: Turn) -> None:
    """Tell people what the service knows of them as staff."""
    if turn.actor is None:
        turn.say(Text.of("enrol.stranger"))
        return
    row = await staff.profile(turn.session, turn.actor)
    open_forms = await drafts.list_open(turn.session, turn.chat.chat_id, turn.chat.user_id)
    place = await places.get(turn.session, turn.actor.township_id)
    turn.say(
        Text.of(
            "enrol.me",
            role=Text.of(f"roles.{row.role}"),
            place=row.place_name if row.place_id == place.id else f"{place.name} {row.place_name}",
            language=Text.of("enrol.language_name"),
            drafts=len(open_forms),
        ),
        ((Button(Text.of("settings.back"), Tap.of("settings")),),),
    )


async def help_(turn: Turn) -> None:
    """Explain, in the words of the person's role."""
    key = f"help.{turn.actor.role}" if turn.actor else "enrol.stranger"
    turn.say(Text.of(key))


async def language(turn: Turn) -> None:
    """Offer the languages; each is named in itself."""
    buttons = tuple((Button(Text.of(f"languages.{name}"), Tap.of("lang", name)),) for name in LANGUAGES)
    turn.show(Message(Text.of("enrol.language_ask"), buttons))
    if turn.tap is not None:
        turn.toast()


async def choose_language(turn: Turn) -> None:
    """Answer in the chosen language from now on, keyboard and commands included."""
    chosen = turn.argument(0)
    if turn.actor is None or chosen not in LANGUAGES:
        turn.toast(Text.of("taps.unknown"))
        return
    await staff.set_language(turn.session, turn.actor, chosen)
    turn.actor = replace(turn.actor, language=chosen)
    turn.toast()
    show_menu(turn, turn.actor, Text.of("enrol.language_set"))
