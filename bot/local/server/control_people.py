"""Control routes for people, groups, channels and what shows in their chats."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.local.server.control import Body, Refused, Route, chat_of, number, person_of
from bot.local.server.htmltext import to_html
from bot.local.server.messages import Message
from bot.local.server.people import Person
from bot.local.server.playing import create_channel, create_group, migrate, set_blocked, set_membership, set_standing
from bot.local.server.world import World


def seen(message: Message) -> dict[str, Any]:
    """Return a message as a reader sees it, its text as HTML too."""
    return {**message.view(), "html": to_html(message.text, message.entities)}


async def list_people(world: World, request: web.Request, body: Body) -> Any:
    """List the people."""
    return {"people": [person.to_json() for person in world.directory.people.values()]}


async def add_person(world: World, request: web.Request, body: Body) -> Any:
    """Add a person, or change one."""
    if int(body["id"]) <= 0:
        raise Refused(400, "a person's id is positive")
    person = world.directory.add_person(Person.from_json(body))
    world.events.append("person", None, person.to_json())
    return person.to_json()


async def block(world: World, request: web.Request, body: Body) -> Any:
    """Block the bot."""
    person = person_of(world, request)
    set_blocked(world, person, True)
    return person.to_json()


async def unblock(world: World, request: web.Request, body: Body) -> Any:
    """Unblock the bot."""
    person = person_of(world, request)
    set_blocked(world, person, False)
    return person.to_json()


async def add_group(world: World, request: web.Request, body: Body) -> Any:
    """Make a group."""
    members, wanted = _members(body), _wanted_id(body)
    chat = create_group(world, str(body["title"]), members, bool(body.get("bot_is_admin")), wanted)
    return chat.to_json()


async def add_channel(world: World, request: web.Request, body: Body) -> Any:
    """Make a channel."""
    username, wanted = str(body.get("username") or "").removeprefix("@"), _wanted_id(body)
    return create_channel(world, str(body["title"]), _members(body), username, wanted).to_json()


def _members(body: Body) -> list[int]:
    return [int(member) for member in body["members"]]


def _wanted_id(body: Body) -> int | None:
    if body.get("id") is None:
        return None
    if int(body["id"]) >= 0:
        raise Refused(400, "the id of a group or channel is negative")
    return int(body["id"])


async def migrate_group(world: World, request: web.Request, body: Body) -> Any:
    """Turn a group into a supergroup."""
    return migrate(world, chat_of(world, request)).to_json()


async def change_membership(world: World, request: web.Request, body: Body) -> Any:
    """Put the bot out of a group or take it back."""
    chat = chat_of(world, request)
    set_membership(world, chat, str(body["status"]))
    return chat.to_json()


async def change_standing(world: World, request: web.Request, body: Body) -> Any:
    """Make the bot a channel's admin, with the right to post or without it, or put it out."""
    chat = chat_of(world, request)
    set_standing(world, chat, str(body["status"]), bool(body.get("can_post_messages", True)))
    return chat.to_json()


async def list_chats(world: World, request: web.Request, body: Body) -> Any:
    """List the chats."""
    return {"chats": [chat.to_json() for chat in world.directory.chats.values()]}


async def read_chat(world: World, request: web.Request, body: Body) -> Any:
    """Read a chat: what a person sees now."""
    chat = chat_of(world, request)
    after = number(request, "after")
    messages = [seen(m) for m in world.messages.get(chat.id, {}).values() if m.id > after]
    limit = int(number(request, "limit"))
    return {**chat.to_json(), "messages": messages[-limit:] if limit else messages, "seq": world.events.last}


async def read_commands(world: World, request: web.Request, body: Body) -> Any:
    """Read the commands a person is offered in a chat."""
    chat = chat_of(world, request)
    person = world.directory.people[int(request.query.get("person", chat.id))]
    return {"commands": world.commands.seen_in(chat, person.id, person.language_code)}


ROUTES: list[Route] = [
    ("GET", "/control/people", list_people),
    ("POST", "/control/people", add_person),
    ("POST", "/control/people/{person_id}/block", block),
    ("POST", "/control/people/{person_id}/unblock", unblock),
    ("POST", "/control/groups", add_group),
    ("POST", "/control/groups/{chat_id}/migrate", migrate_group),
    ("POST", "/control/groups/{chat_id}/bot", change_membership),
    ("POST", "/control/channels", add_channel),
    ("POST", "/control/channels/{chat_id}/bot", change_standing),
    ("GET", "/control/chats", list_chats),
    ("GET", "/control/chats/{chat_id}", read_chat),
    ("GET", "/control/chats/{chat_id}/commands", read_commands),
]
