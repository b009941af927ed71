"""What shape on disk: importing this package knows every table."""

from __future__ import annotations

from models.tables import audit, checkups, drafts, enrolments, inbox, places, residents, staff, visits
from models.tables.base import Base, new_id

__all__ = [
    "Base",
    "audit",
    "checkups",
    "drafts",
    "enrolments",
    "inbox",
    "new_id",
    "places",
    "residents",
    "staff",
    "visits",
]
