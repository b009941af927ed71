"""Methods that send.

Bot API, "sendMessage", "sendPhoto", "sendDocument", "sendChatAction", "ReplyParameters".
"""

from __future__ import annotations

from typing import Any

from bot.local.server.entities import Entity
from bot.local.server.errors import bad_request
from bot.local.server.keyboards import read_markup
from bot.local.server.messages import BOT, Message, StoredFile
from bot.local.server.parameters import Parameters
from bot.local.server.people import Chat
from bot.local.server.texts import check_caption, check_text, formatted
from bot.local.server.world import World

_MEDIA = ("video", "voice", "audio", "video_note")
_ACTIONS = frozenset(
    {
        "cancel",
        "typing",
        "upload_photo",
        "upload_document",
        "choose_sticker",
        "find_location",
        *(f"record_{kind}" for kind in _MEDIA),
        *(f"upload_{kind}" for kind in _MEDIA),
    }
)


def send_message(world: World, parameters: Parameters) -> dict[str, Any]:
    """`sendMessage`: 1-4096 characters after entities parsing."""
    raw = parameters.text("text")
    if not raw:
        raise bad_request("Message text is empty")
    text, entities = formatted(parameters, "text", "entities")
    check_text(text, raw)
    return _send(world, parameters, text, entities, None)


def send_photo(world: World, parameters: Parameters) -> dict[str, Any]:
    """`sendPhoto`: a picture of at most 10 MB with a caption."""
    return _send_file(world, parameters, "photo")


def send_document(world: World, parameters: Parameters) -> dict[str, Any]:
    """`sendDocument`: a file of at most 50 MB with a caption."""
    return _send_file(world, parameters, "document")


def send_chat_action(world: World, parameters: Parameters) -> bool:
    """`sendChatAction`: it shows for five seconds or until the next message."""
    action = parameters.text("action")
    if action not in _ACTIONS:
        raise bad_request("Wrong parameter action in request")
    chat = world.directory.writable(parameters.text("chat_id"))
    world.events.append("action", chat.id, {"action": action})
    return True


def _send_file(world: World, parameters: Parameters, kind: str) -> dict[str, Any]:
    caption, entities = formatted(parameters, "caption", "caption_entities")
    check_caption(caption)
    world.directory.writable(parameters.text("chat_id"))
    file = world.files.named(kind, parameters.text(kind), parameters, kind)
    return _send(world, parameters, caption, entities, file)


def _send(
    world: World, parameters: Parameters, text: str, entities: list[Entity], file: StoredFile | None
) -> dict[str, Any]:
    markup = read_markup(parameters)
    chat = world.directory.writable(parameters.text("chat_id"))
    if chat.is_channel and markup.other is not None:
        raise bad_request("Inline keyboard expected")
    reply_to = _reply_to(world, parameters, chat)
    world.limits.spend(chat.id)
    message = Message(
        id=world.new_message_id(),
        chat_id=chat.id,
        sender=BOT,
        date=world.now(),
        text=text,
        entities=entities,
        file=file,
        inline=markup.inline,
        is_locked=markup.other is not None,
        protected=parameters.flag("protect_content"),
        reply_to=reply_to,
    )
    if markup.other is not None:
        world.set_keyboard(chat, markup.other)
    world.post(message)
    return world.message_json(message)


def _reply_to(world: World, parameters: Parameters, chat: Chat) -> int:
    given = parameters.structure("reply_parameters", "reply parameters")
    if given is None:
        number = parameters.integer("reply_to_message_id")
        may_miss = parameters.flag("allow_sending_without_reply")
    elif isinstance(given, dict):
        number = int(given.get("message_id") or 0)
        may_miss = bool(given.get("allow_sending_without_reply"))
    else:
        raise bad_request("Object expected as reply parameters")
    if not number or number in world.messages.get(chat.id, {}):
        return number
    if may_miss:
        return 0
    raise bad_request("message to be replied not found")
