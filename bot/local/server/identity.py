"""Methods about the bot itself, its chats, its commands and files.

Bot API, "getMe", "getChat", "getChatMember", "setMyCommands", "answerCallbackQuery", "getFile".
"""

from __future__ import annotations

from typing import Any

from bot.local.server import membership
from bot.local.server.commands import Command, Scope, read_commands, read_scope
from bot.local.server.errors import bad_request
from bot.local.server.parameters import Parameters
from bot.local.server.world import World

_ABILITIES = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}


def get_me(world: World, parameters: Parameters) -> dict[str, Any]:
    """`getMe`."""
    return {**world.bot.to_user(), **_ABILITIES}


def get_chat(world: World, parameters: Parameters) -> dict[str, Any]:
    """`getChat`: a `ChatFullInfo` with the fields that are always there."""
    chat = world.directory.chat(parameters.text("chat_id"))
    no_gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    full = {
        **world.directory.describe(chat),
        "max_reaction_count": 11,
        "accent_color_id": 0,
        "accepted_gift_types": no_gifts,
    }
    if chat.pinned:
        full["pinned_message"] = world.message_json(world.messages[chat.id][chat.pinned[-1]])
    return full


def get_chat_member(world: World, parameters: Parameters) -> dict[str, Any]:
    """`getChatMember`: of the members of a group, or of a channel whose admin the bot is, and of the bot itself."""
    chat = world.directory.chat(parameters.text("chat_id"))
    number = parameters.integer("user_id")
    if number <= 0:
        raise bad_request("Invalid user_id specified")
    if number == world.bot.id:
        return {"user": world.bot.to_user(), **membership.of_bot(chat)}
    if chat.is_channel and membership.of_bot(chat)["status"] != "administrator":
        raise bad_request("member list is inaccessible")
    if number not in world.directory.people:
        raise bad_request("user not found")
    if chat.is_channel and number == chat.members[0]:
        return {"user": world.user(number), "status": "creator", "is_anonymous": False}
    status = "member" if number in chat.members else "left"
    return {"user": world.user(number), "status": status}


def set_my_commands(world: World, parameters: Parameters) -> bool:
    """`setMyCommands`: for a scope and a language."""
    commands = read_commands(parameters)
    scope = read_scope(parameters, world.directory)
    language = parameters.text("language_code")
    world.commands.lists[(scope, language)] = commands
    _tell_commands(world, scope, language, commands)
    return True


def delete_my_commands(world: World, parameters: Parameters) -> bool:
    """`deleteMyCommands`: the wider scope's commands show again."""
    scope = read_scope(parameters, world.directory)
    language = parameters.text("language_code")
    world.commands.lists.pop((scope, language), None)
    _tell_commands(world, scope, language, None)
    return True


def get_my_commands(world: World, parameters: Parameters) -> list[Command]:
    """`getMyCommands`: exactly those set for this scope and language."""
    scope = read_scope(parameters, world.directory)
    return world.commands.lists.get((scope, parameters.text("language_code")), [])


def answer_callback_query(world: World, parameters: Parameters) -> bool:
    """`answerCallbackQuery`: once, and soon; the text has at most 200 characters."""
    answer = {
        "text": parameters.text("text"),
        "show_alert": parameters.flag("show_alert"),
        "url": parameters.text("url"),
    }
    tap = world.taps.answer(parameters.text("callback_query_id"), answer, world.now())
    world.events.append("answer", tap.chat_id, tap.to_json())
    return True


def get_file(world: World, parameters: Parameters) -> dict[str, Any]:
    """`getFile`: where a file of at most 20 MB can be downloaded."""
    file = world.files.downloadable(parameters.text("file_id"))
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.length,
        "file_path": file.path,
    }


def _tell_commands(world: World, scope: Scope, language: str, commands: list[Command] | None) -> None:
    data = {"scope": scope, "language": language, "commands": commands}
    world.events.append("commands", scope[1] or None, data)
