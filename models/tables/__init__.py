"""What shape on disk: importing this package knows every table."""

from __future__ import annotations

from models.tables import (
    audit,
    changes,
    checkups,
    consents,
    counsellings,
    drafts,
    enrolments,
    examinations,
    grants,
    handovers,
    households,
    imports,
    inbox,
    merges,
    outbox,
    places,
    programmes,
    referrals,
    residents,
    staff,
    visits,
)
from models.tables.base import Base, new_id

__all__ = [
    "Base",
    "audit",
    "changes",
    "checkups",
    "consents",
    "counsellings",
    "drafts",
    "enrolments",
    "examinations",
    "grants",
    "handovers",
    "households",
    "imports",
    "inbox",
    "merges",
    "new_id",
    "outbox",
    "places",
    "programmes",
    "referrals",
    "residents",
    "staff",
    "visits",
]
