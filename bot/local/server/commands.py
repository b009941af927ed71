"""The commands a bot offers.

Bot API, "setMyCommands", "getMyCommands", "deleteMyCommands", "BotCommandScope", "Determining list of commands".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.local.server.errors import bad_request
from bot.local.server.parameters import Parameters
from bot.local.server.people import Chat, Directory

COMMAND_LIMIT = 32
DESCRIPTION_LIMIT = 256
COUNT_LIMIT = 100
_PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")

Scope = tuple[str, int, int]
Command = dict[str, str]


@dataclass(slots=True)
class CommandLists:
    """Command lists by scope and language."""

    lists: dict[tuple[Scope, str], list[Command]] = field(default_factory=dict)

    def seen_in(self, chat: Chat, person_id: int, language: str) -> list[Command]:
        """Return the commands a person sees in a chat: the narrowest scope that has any, in their language first.

        In a channel nobody speaks to a bot.
        """
        return next((found for found in self._candidates(chat, person_id, language) if found), [])

    def _candidates(self, chat: Chat, person_id: int, language: str) -> list[list[Command]]:
        if chat.is_channel:
            return []
        scopes: list[Scope] = [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
        if not chat.is_private:
            member: Scope = ("chat_member", chat.id, person_id)
            scopes = [member, ("chat", chat.id, 0), ("all_group_chats", 0, 0), ("default", 0, 0)]
        keys = [(scope, code) for scope in scopes for code in (language.split("-")[0], "")]
        return [self.lists.get(key, []) for key in keys]


def read_scope(parameters: Parameters, directory: Directory) -> Scope:
    """Return the scope a call names; the default one when it names none."""
    value = parameters.structure("scope", "BotCommandScope")
    if value is None:
        return ("default", 0, 0)
    if not isinstance(value, dict):
        raise bad_request("Can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = value.get("type")
    if kind in _PLAIN_SCOPES:
        return (str(kind), 0, 0)
    if kind not in _CHAT_SCOPES:
        raise bad_request("Can't parse BotCommandScope: Unsupported type specified")
    if not value.get("chat_id"):
        raise bad_request("Can't parse BotCommandScope: Empty chat_id specified")
    chat = directory.chat(str(value["chat_id"]))
    user = int(value.get("user_id") or 0)
    if kind == "chat_member" and user <= 0:
        raise bad_request("Can't parse BotCommandScope: Invalid user_id specified")
    return (str(kind), chat.id, user if kind == "chat_member" else 0)


def read_commands(parameters: Parameters) -> list[Command]:
    """Return the commands a call gives, or refuse them."""
    value = parameters.structure("commands", "commands")
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_request("Expected an Array of BotCommand")
    if len(value) > COUNT_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(item) for item in value]


def _command(item: Any) -> Command:
    if not isinstance(item, dict):
        raise bad_request("Can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if name not in item:
            raise bad_request(f"Can't parse BotCommand: Can't find field \"{name}\"")
    command = str(item["command"]).strip().removeprefix("/")
    description = str(item["description"]).strip()
    if not command:
        raise bad_request("Command must be non-empty")
    if len(command) > COMMAND_LIMIT:
        raise bad_request(f"Command length must not exceed {COMMAND_LIMIT}")
    if not description:
        raise bad_request("Command description must be non-empty")
    if len(description) > DESCRIPTION_LIMIT:
        raise bad_request(f"Command description length must not exceed {DESCRIPTION_LIMIT}")
    if not re.fullmatch(r"[a-z0-9_]+", command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}
