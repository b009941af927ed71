"""Methods that edit and delete.

Bot API, "editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup", "deleteMessage"
(48 hours; a bot may delete what came in in a private chat, and in a group where it may delete messages),
"pinChatMessage".
"""

from __future__ import annotations

from typing import Any

from bot.local.server.entities import Entity
from bot.local.server.errors import bad_request
from bot.local.server.keyboards import read_inline
from bot.local.server.messages import BOT, Message, StoredFile
from bot.local.server.parameters import Parameters
from bot.local.server.texts import check_caption, check_text, formatted, formatted_text
from bot.local.server.world import World

DELETABLE_SECONDS = 48 * 3600
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def edit_message_text(world: World, parameters: Parameters) -> dict[str, Any]:
    """`editMessageText`: new text, and the inline keyboard given or none."""
    raw = parameters.text("text")
    if not raw:
        raise bad_request("Message text is empty")
    text, entities = formatted(parameters, "text", "entities")
    inline = read_inline(parameters)
    message = _editable(world, parameters)
    if message.file is not None:
        raise bad_request("there is no text in the message to edit")
    check_text(text, raw, is_edit=True)
    return _edit(world, message, text, entities, None, inline)


def edit_message_caption(world: World, parameters: Parameters) -> dict[str, Any]:
    """`editMessageCaption`: a new caption of 0-1024 characters."""
    caption, entities = formatted(parameters, "caption", "caption_entities")
    inline = read_inline(parameters)
    message = _editable(world, parameters)
    if message.file is None:
        raise bad_request("there is no caption in the message to edit")
    check_caption(caption)
    return _edit(world, message, caption, entities, message.file, inline)


def edit_message_media(world: World, parameters: Parameters) -> dict[str, Any]:
    """`editMessageMedia`: another picture or document, with its caption."""
    media = parameters.structure("media", "input media")
    if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
        raise bad_request("Can't parse InputMedia: type must be photo or document")
    given = media.get("caption_entities")
    caption, entities = formatted_text(str(media.get("caption") or ""), str(media.get("parse_mode") or ""), given)
    check_caption(caption)
    inline = read_inline(parameters)
    message = _editable(world, parameters)
    file = world.files.named(media["type"], str(media.get("media") or ""), parameters, "media")
    return _edit(world, message, caption, entities, file, inline)


def edit_message_reply_markup(world: World, parameters: Parameters) -> dict[str, Any]:
    """`editMessageReplyMarkup`: another inline keyboard, or none."""
    inline = read_inline(parameters)
    message = _editable(world, parameters)
    return _edit(world, message, message.text, message.entities, message.file, inline)


def delete_message(world: World, parameters: Parameters) -> bool:
    """`deleteMessage`: within 48 hours; what others wrote only where the bot may."""
    if not parameters.text("chat_id"):
        raise bad_request("Chat identifier is not specified")
    number = parameters.integer("message_id")
    if not number:
        raise bad_request("Message identifier is not specified")
    chat = world.directory.writable(parameters.text("chat_id"))
    message = world.message(chat, number, "message to delete")
    is_allowed = message.from_bot or chat.is_private or chat.bot_is_admin
    is_old = world.now() - message.date > DELETABLE_SECONDS
    if not is_allowed or (is_old and not (chat.bot_is_admin and not chat.is_private)):
        raise bad_request("message can't be deleted")
    world.remove(message)
    return True


def delete_messages(world: World, parameters: Parameters) -> bool:
    """`deleteMessages`: those that can't be found or deleted are skipped."""
    numbers = parameters.structure("message_ids", "message_ids")
    if not isinstance(numbers, list):
        raise bad_request("Expected an Array of message identifiers")
    if len(numbers) > 100:
        raise bad_request("Too many message identifiers specified")
    chat = world.directory.writable(parameters.text("chat_id"))
    for number in numbers:
        message = world.messages.get(chat.id, {}).get(int(number))
        if message is not None and (message.from_bot or chat.is_private or chat.bot_is_admin):
            world.remove(message)
    return True


def pin_chat_message(world: World, parameters: Parameters) -> bool:
    """`pinChatMessage`: in a group only where the bot may."""
    chat = world.directory.writable(parameters.text("chat_id"))
    message = world.message(chat, parameters.integer("message_id"), "message to pin")
    if not chat.is_private and not chat.bot_is_admin:
        raise bad_request("not enough rights to manage pinned messages in the chat")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        world.tell_chat(chat)
        pin = {"pinned_message": world.message_json(message)}
        service = Message(world.new_message_id(), chat.id, BOT, world.now(), service=pin)
        world.post(service)
    return True


def unpin_chat_message(world: World, parameters: Parameters) -> bool:
    """`unpinChatMessage`: the one named, or the latest."""
    chat = world.directory.writable(parameters.text("chat_id"))
    number = parameters.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("Message to unpin not found")
    chat.pinned.remove(number)
    world.tell_chat(chat)
    return True


def unpin_all_chat_messages(world: World, parameters: Parameters) -> bool:
    """`unpinAllChatMessages`."""
    chat = world.directory.writable(parameters.text("chat_id"))
    chat.pinned.clear()
    world.tell_chat(chat)
    return True


def _editable(world: World, parameters: Parameters) -> Message:
    number = parameters.integer("message_id")
    if not parameters.text("chat_id") and not number:
        raise bad_request("Message identifier is not specified")
    chat = world.directory.writable(parameters.text("chat_id"))
    message = world.message(chat, number, "message to edit")
    if not message.from_bot or message.is_locked or message.service is not None:
        raise bad_request("message can't be edited")
    return message


def _edit(
    world: World,
    message: Message,
    text: str,
    entities: list[Entity],
    file: StoredFile | None,
    inline: dict[str, Any] | None,
) -> dict[str, Any]:
    is_same_file = (file and file.file_id) == (message.file and message.file.file_id)
    if is_same_file and (text, entities, inline) == (message.text, message.entities, message.inline):
        raise bad_request(_SAME)
    if (text, entities) != (message.text, message.entities) or not is_same_file:
        message.edit_date = world.now()
    message.text, message.entities, message.file, message.inline = text, entities, file, inline
    world.change(message)
    return world.message_json(message)
