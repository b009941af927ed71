"""What the bot is in a chat, and how it hears that this changed.

Bot API, "ChatMember" and "ChatMemberUpdated". An admin's rights in a channel are others than in a group.
"""

from __future__ import annotations

from typing import Any

from bot.local.server.people import Chat, Person
from bot.local.server.world import World

Standing = dict[str, Any]
_ADMIN: Standing = {
    "can_be_edited": False,
    "can_promote_members": False,
    "can_manage_video_chats": False,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_restrict_members": True,
    "can_change_info": True,
    "can_invite_users": True,
}
MEMBER: Standing = {"status": "member"}
LEFT: Standing = {"status": "left"}
KICKED: Standing = {"status": "kicked", "until_date": 0}


def of_bot(chat: Chat) -> Standing:
    """Return what the bot is in a group or channel, with its rights."""
    if chat.bot_status != "member":
        return KICKED if chat.bot_status == "kicked" else LEFT
    if not chat.bot_is_admin:
        return MEMBER
    if chat.is_channel:
        here = {"can_post_messages": chat.bot_may_post, "can_edit_messages": chat.bot_may_post}
        return {"status": "administrator", **_ADMIN, **here, "can_manage_direct_messages": False}
    return {"status": "administrator", **_ADMIN, "can_pin_messages": True}


def tell(world: World, chat: Chat, person: Person, was: Standing, now: Standing) -> None:
    """Tell the bot that `person` changed what it is in a chat."""
    bot = world.bot.to_user()
    change = {
        "chat": world.directory.describe(chat),
        "from": person.to_user(),
        "date": world.now(),
        "old_chat_member": {"user": bot, **was},
        "new_chat_member": {"user": bot, **now},
    }
    world.updates.add("my_chat_member", change, ("member", chat.id))
