"""An invite as it is handed on: a link, a code to read out, a QR picture to scan."""

from __future__ import annotations

from io import BytesIO

from locales.message import Attachment, Message, Text
from models.store.invites import Invitation


def grouped(code: str) -> str:
    """Write a code in groups of four, as people read it out."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def link(bot_name: str, code: str) -> str:
    """Return the address that opens the bot and enrols by `code`."""
    return f"https://t.me/{bot_name}?start={code}"


def picture(address: str) -> bytes:
    """Return a QR code of `address` as a PNG, large enough to scan from a screen."""
    import segno  # rarely needed, and takes 1 MB

    buffer = BytesIO()
    segno.make(address, error="m").save(buffer, kind="png", scale=8, border=3)
    return buffer.getvalue()


def message(invitation: Invitation, bot_name: str) -> Message:
    """Return the message that shows an invite, for the admin to pass on."""
    address = link(bot_name, invitation.code)
    text = Text.of(
        "invite.ready",
        role=Text.of(f"roles.{invitation.role}"),
        place=invitation.place.name,
        link=address,
        code=grouped(invitation.code),
        until=invitation.expires_at,
    )
    return Message(text, attachment=Attachment("invite.png", picture(address), is_picture=True))
