"""What the deputy is told of rows for analysis: that the clinic made some, of how many months, and what for."""

from __future__ import annotations

from locales.message import Message, Text
from models.store.database import StoreSession
from models.store.sending import Claimed


async def made(_session: StoreSession, claimed: Claimed) -> Message:
    """Return what the deputy is told."""
    purpose = Text.of(f"extracts.purpose.{claimed.details['purpose']}")
    return Message(Text.of("notices.extract.made", n=claimed.details["months"], purpose=purpose))
