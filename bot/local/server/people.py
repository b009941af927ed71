"""The people, groups and channels of the played world.

Bot API, "User" and "Chat". A bot can't write to a person who never wrote to it, nor to one who blocked it; it reads
nothing of a channel or supergroup that put it out, nor of one without a public name that it is not in; and it writes
in a channel as an administrator with the right to post.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.local.server.errors import ApiError, bad_request, forbidden, migrated

_CLOSED_TO_OTHERS = frozenset({"supergroup", "channel"})


@dataclass(slots=True)
class Person:
    """A person who is played.

    Attributes:
        note: what the chat page says about them; the bot never sees it.
        is_known: they have written to the bot, so that it may write to them.
        may_be_written_to: it may write to them although they haven't (the demo's staff joined long ago).
        has_blocked: they have blocked the bot.
    """

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    note: str = ""
    is_known: bool = False
    has_blocked: bool = False
    may_be_written_to: bool = False

    def to_user(self) -> dict[str, Any]:
        """Return the person as a `User`."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                user[name] = value
        return user

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Person:
        """Return a person from JSON; only `id` and `first_name` must be there."""
        person = cls(int(given["id"]), str(given["first_name"]))
        for name in ("last_name", "username", "language_code", "note"):
            setattr(person, name, str(given.get(name) or ""))
        person.is_known = bool(given.get("is_known"))
        person.has_blocked = bool(given.get("has_blocked"))
        return person

    def to_json(self) -> dict[str, Any]:
        """Return the person as the control API and the chat page see them."""
        return {**self.to_user(), "note": self.note, "has_blocked": self.has_blocked, "is_known": self.is_known}


@dataclass(slots=True)
class Chat:
    """A private chat with the bot, a group, a supergroup or a channel.

    Attributes:
        members: ids of the people in it; the first made it, and writes in a channel.
        migrated_to: the supergroup that a group has become.
        bot_is_admin: the bot may delete what others wrote here.
        bot_may_post: an admin in a channel has the right to post.
        bot_status: member, left or kicked.
        keyboard: the reply keyboard that shows, as it was sent.
        pinned: ids of pinned messages, the oldest first.
        username: the public name, without `@`; empty: it has none.
    """

    id: int
    type: str
    title: str = ""
    members: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    bot_is_admin: bool = False
    bot_status: str = "member"
    keyboard: dict[str, Any] | None = None
    pinned: list[int] = field(default_factory=list)
    username: str = ""
    bot_may_post: bool = True

    @property
    def is_private(self) -> bool:
        """Whether this is the chat of one person with the bot."""
        return self.type == "private"

    @property
    def is_channel(self) -> bool:
        """Whether only its admins write in it."""
        return self.type == "channel"

    def to_json(self) -> dict[str, Any]:
        """Return the chat as the control API and the chat page see it."""
        return {
            "id": self.id,
            "type": self.type,
            "title": self.title,
            "members": self.members,
            "migrated_to": self.migrated_to,
            "bot_status": self.bot_status,
            "bot_is_admin": self.bot_is_admin,
            "bot_may_post": self.bot_may_post,
            "username": self.username,
            "keyboard": self.keyboard,
            "pinned": self.pinned,
        }


@dataclass(slots=True)
class Directory:
    """Everybody and every chat, by id."""

    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)

    def add_person(self, person: Person) -> Person:
        """Add a person with their private chat; one who exists keeps what they did."""
        old = self.people.get(person.id)
        if old is not None:
            person.is_known = person.is_known or old.is_known
            person.has_blocked = person.has_blocked or old.has_blocked
        self.people[person.id] = person
        self.chats.setdefault(person.id, Chat(person.id, "private", members=[person.id]))
        return person

    def describe(self, chat: Chat) -> dict[str, Any]:
        """Return the chat as a `Chat`."""
        if not chat.is_private:
            group: dict[str, Any] = {"id": chat.id, "title": chat.title, "type": chat.type}
            if chat.type == "group":
                group["all_members_are_administrators"] = True
            return {**group, "username": chat.username} if chat.username else group
        person = self.people[chat.id]
        private: dict[str, Any] = {"id": chat.id, "first_name": person.first_name}
        if person.last_name:
            private["last_name"] = person.last_name
        if person.username:
            private["username"] = person.username
        private["type"] = "private"
        return private

    def chat(self, raw: str) -> Chat:
        """Return the chat that a bot names and may know, or refuse as Telegram does."""
        if not raw:
            raise ApiError(400, "Bad Request: chat_id is empty")
        chat = self._named(raw)
        if chat is None or (chat.is_private and not self._may_see(chat.id)):
            raise bad_request("chat not found")
        is_shut = chat.bot_status == "kicked" or (chat.bot_status == "left" and not chat.username)
        if is_shut and chat.type in _CLOSED_TO_OTHERS:
            raise _put_out(chat)
        return chat

    def writable(self, raw: str) -> Chat:
        """Return the chat that a bot names and may write to, or refuse as Telegram does."""
        chat = self.chat(raw)
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        if chat.bot_status != "member":
            raise _put_out(chat)
        if chat.is_channel and not (chat.bot_is_admin and chat.bot_may_post):
            raise bad_request("need administrator rights in the channel chat")
        person = self.people.get(chat.id)
        if person is not None and not (person.is_known or person.may_be_written_to):
            raise forbidden("bot can't initiate conversation with a user")
        if person is not None and person.has_blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def _named(self, raw: str) -> Chat | None:
        if raw.startswith("@"):
            name = raw[1:].lower()
            return next((chat for chat in self.chats.values() if chat.username.lower() == name), None)
        try:
            return self.chats.get(int(raw))
        except ValueError:
            return None

    def _may_see(self, person_id: int) -> bool:
        person = self.people[person_id]
        groups = (chat for chat in self.chats.values() if not chat.is_private)
        return person.is_known or person.may_be_written_to or any(person_id in chat.members for chat in groups)


def _put_out(chat: Chat) -> ApiError:
    how = "was kicked from" if chat.bot_status == "kicked" else "is not a member of"
    return forbidden(f"bot {how} the {chat.type} chat")
