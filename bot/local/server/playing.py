"""What the people do: write, tap, upload, block; and what becomes of groups and channels.

Each act reaches the bot as the update Telegram would send ("Update", "Message", "CallbackQuery",
"ChatMemberUpdated").
"""

from __future__ import annotations

from typing import Any

from bot.local.server import membership
from bot.local.server.callbacks import Tap
from bot.local.server.entities import utf16_length
from bot.local.server.keyboards import DATA_LIMIT
from bot.local.server.messages import BOT, Message
from bot.local.server.parameters import Upload
from bot.local.server.people import Chat, Person
from bot.local.server.texts import TEXT_LIMIT, user_text
from bot.local.server.world import World

BEYOND_GROUPS = -1_000_000_000_000
"""Ids of supergroups and channels lie beyond it."""


class CannotPlay(Exception):
    """An act that a person can't do in Telegram either; the words are for a developer."""


def player(world: World, chat: Chat, person_id: int | None) -> Person:
    """Return who acts in `chat`: the one named, or whose private chat it is."""
    number = person_id if person_id is not None else (chat.id if chat.is_private else chat.members[0])
    person = world.directory.people.get(number)
    if person is None:
        raise CannotPlay(f"nobody has the id {number}")
    if chat.migrated_to is not None:
        raise CannotPlay(f"the group has become {chat.migrated_to}")
    if number not in chat.members:
        raise CannotPlay(f"{number} is not in chat {chat.id}")
    if chat.is_private and person.has_blocked:
        raise CannotPlay("they have blocked the bot")
    return person


def write(world: World, chat: Chat, person: Person, text: str, reply_to: int = 0) -> Message:
    """Send a text; the bot gets a `message`, of a channel a `channel_post` (see `_reaches_bot`)."""
    clean, entities = user_text(text)
    if not clean:
        raise CannotPlay("an empty text can't be sent")
    if utf16_length(clean) > TEXT_LIMIT:
        raise CannotPlay(f"a text has at most {TEXT_LIMIT} characters")
    message = Message(world.new_message_id(), chat.id, person.id, world.now(), clean, entities, reply_to=reply_to)
    return _post(world, chat, person, message)


def upload(world: World, chat: Chat, person: Person, kind: str, file: Upload, caption: str = "") -> Message:
    """Send a document or a photo with a caption."""
    clean, entities = user_text(caption)
    stored = world.files.add(kind, file)
    message = Message(world.new_message_id(), chat.id, person.id, world.now(), clean, entities, stored)
    return _post(world, chat, person, message)


def _post(world: World, chat: Chat, person: Person, message: Message) -> Message:
    if chat.is_channel and person.id != chat.members[0]:
        raise CannotPlay("only who made a channel writes in it")
    if chat.is_private and not person.is_known:
        person.is_known = True
        world.events.append("person", None, person.to_json())
    world.post(message)
    if _reaches_bot(world, chat, message):
        world.updates.add(
            "channel_post" if chat.is_channel else "message", world.message_json(message), ("chat", chat.id)
        )
    return message


def _reaches_bot(world: World, chat: Chat, message: Message) -> bool:
    """Privacy mode (Bots FAQ): in a group a bot sees commands, mentions, replies to it, unless it is an admin.

    In a channel it sees everything as an admin, and nothing else; where it is not in, nothing.
    """
    if chat.bot_status != "member" or chat.is_channel:
        return chat.bot_status == "member" and chat.bot_is_admin
    if chat.is_private or chat.bot_is_admin:
        return True
    replied = world.messages[chat.id].get(message.reply_to)
    if replied is not None and replied.from_bot:
        return True
    return message.text.startswith("/") or f"@{world.bot.username}" in message.text


def buttons(message: Message) -> list[dict[str, Any]]:
    """Return the inline buttons of a message, row by row."""
    rows = message.inline["inline_keyboard"] if message.inline else []
    return [button for row in rows for button in row]


def find_button(
    world: World, chat: Chat, message_id: int | None, label: str | None, data: str | None
) -> tuple[Message, str]:
    """Return the message and the data of a button, by its label or its data; the newest message that has it."""
    sent = world.messages.get(chat.id, {})
    searched = [sent[message_id]] if message_id in sent else []
    if message_id is None:
        searched = list(reversed(sent.values()))
    for message in searched:
        for button in buttons(message):
            if "callback_data" not in button:
                continue
            if button["callback_data"] == data or (label is not None and button["text"] == label):
                return message, button["callback_data"]
    raise CannotPlay(f"no button {label if label is not None else data!r} in chat {chat.id}")


def tap(world: World, chat: Chat, person: Person, message_id: int, data: str) -> tuple[Tap, int | None]:
    """Tap a button with `data`, forged or not; the bot gets a `callback_query`. Returns the tap and the update id."""
    if len(data.encode()) > DATA_LIMIT:
        raise CannotPlay(f"callback data has at most {DATA_LIMIT} bytes")
    tapped = world.taps.add(person.id, chat.id, message_id, data, world.now())
    message = world.messages.get(chat.id, {}).get(message_id)
    described: dict[str, Any] = {
        "chat": world.directory.describe(chat),
        "message_id": message_id,
        "date": 0,
    }
    query = {
        "id": tapped.id,
        "from": person.to_user(),
        "message": world.message_json(message) if message is not None else described,
        "chat_instance": str(chat.id * 7_919),
        "data": data,
    }
    world.events.append("tap", chat.id, tapped.to_json())
    return tapped, world.updates.add("callback_query", query, ("person", person.id))


def set_blocked(world: World, person: Person, blocked: bool) -> None:
    """Block or unblock the bot; it gets a `my_chat_member`."""
    if person.has_blocked == blocked:
        return
    person.has_blocked = blocked
    world.events.append("person", None, person.to_json())
    chat = world.directory.chats[person.id]
    both = membership.MEMBER, membership.KICKED
    membership.tell(world, chat, person, *(both if blocked else reversed(both)))


def create_group(world: World, title: str, members: list[int], is_admin: bool, number: int | None) -> Chat:
    """Make a group of people with the bot in it."""
    group_id = number if number is not None else -next(world.next_group_id)
    return _create(world, Chat(group_id, "group", title, list(members), bot_is_admin=is_admin))


def create_channel(world: World, title: str, members: list[int], username: str, number: int | None) -> Chat:
    """Make a channel with the bot as an admin that may post; the first of `members` writes in it, the others read."""
    if username and any(chat.username.lower() == username.lower() for chat in world.directory.chats.values()):
        raise CannotPlay(f"@{username} is taken")
    channel_id = number if number is not None else BEYOND_GROUPS - next(world.next_group_id)
    return _create(world, Chat(channel_id, "channel", title, list(members), bot_is_admin=True, username=username))


def _create(world: World, chat: Chat) -> Chat:
    for member in chat.members:
        if member not in world.directory.people:
            raise CannotPlay(f"nobody has the id {member}")
    if not chat.members:
        raise CannotPlay(f"a {chat.type} has at least one member")
    world.directory.chats[chat.id] = chat
    world.tell_chat(chat)
    person = world.directory.people[chat.members[0]]
    membership.tell(world, chat, person, membership.LEFT, membership.of_bot(chat))
    return chat


def migrate(world: World, chat: Chat) -> Chat:
    """Turn a group into a supergroup: the old id is dead, the bot is told in both."""
    if chat.type != "group" or chat.migrated_to is not None:
        raise CannotPlay("only a group can become a supergroup")
    new = Chat(BEYOND_GROUPS + chat.id, "supergroup", chat.title, list(chat.members))
    new.bot_is_admin = chat.bot_is_admin
    world.directory.chats[new.id] = new
    chat.migrated_to = new.id
    person = world.directory.people[chat.members[0]]
    for place, field_name, other in (
        (chat, "migrate_to_chat_id", new.id),
        (new, "migrate_from_chat_id", chat.id),
    ):
        service = {field_name: other}
        message = Message(world.new_message_id(), place.id, person.id, world.now(), service=service)
        world.post(message)
        world.updates.add("message", world.message_json(message), ("chat", place.id))
        world.tell_chat(place)
    return new


def set_membership(world: World, chat: Chat, status: str) -> None:
    """Put the bot out of a group (`kicked`, `left`) or take it back (`member`)."""
    if chat.is_private or chat.is_channel or status not in ("member", "left", "kicked"):
        raise CannotPlay("a group and one of member, left, kicked are needed")
    _change_standing(world, chat, status, is_admin=chat.bot_is_admin, may_post=True)


def set_standing(world: World, chat: Chat, status: str, may_post: bool) -> None:
    """Make the bot an admin of a channel, with the right to post or without it, or put it out (`left`, `kicked`)."""
    if not chat.is_channel or status not in ("administrator", "left", "kicked"):
        raise CannotPlay("a channel and one of administrator, left, kicked are needed")
    is_admin = status == "administrator"
    _change_standing(world, chat, "member" if is_admin else status, is_admin=is_admin, may_post=may_post)


def _change_standing(world: World, chat: Chat, status: str, *, is_admin: bool, may_post: bool) -> None:
    was = membership.of_bot(chat)
    chat.bot_status, chat.bot_is_admin, chat.bot_may_post = status, is_admin, may_post
    world.tell_chat(chat)
    membership.tell(world, chat, world.directory.people[chat.members[0]], was, membership.of_bot(chat))


def edit_own(world: World, chat: Chat, message_id: int, text: str) -> Message:
    """Edit a message that a person wrote; the bot gets an `edited_message` or `edited_channel_post`."""
    message = world.messages.get(chat.id, {}).get(message_id)
    if message is None or message.sender == BOT:
        raise CannotPlay("only a person's own message can be edited here")
    message.text, message.entities = user_text(text)
    message.edit_date = world.now()
    world.change(message)
    kind = "edited_channel_post" if chat.is_channel else "edited_message"
    world.updates.add(kind, world.message_json(message), ("chat", chat.id))
    return message
