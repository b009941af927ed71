"""The methods that are served, by name (names are not case-sensitive)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.local.server import editing, fetching, identity, sending
from bot.local.server.parameters import Parameters
from bot.local.server.world import World

Method = Callable[[World, Parameters], Any | Awaitable[Any]]

NAMES: dict[str, Method] = {
    "getMe": identity.get_me,
    "getUpdates": fetching.get_updates,
    "setWebhook": fetching.set_webhook,
    "deleteWebhook": fetching.delete_webhook,
    "getWebhookInfo": fetching.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "pinChatMessage": editing.pin_chat_message,
    "unpinChatMessage": editing.unpin_chat_message,
    "unpinAllChatMessages": editing.unpin_all_chat_messages,
    "answerCallbackQuery": identity.answer_callback_query,
    "setMyCommands": identity.set_my_commands,
    "getMyCommands": identity.get_my_commands,
    "deleteMyCommands": identity.delete_my_commands,
    "getFile": identity.get_file,
    "getChat": identity.get_chat,
    "getChatMember": identity.get_chat_member,
}

METHODS: dict[str, Method] = {name.lower(): method for name, method in NAMES.items()}
