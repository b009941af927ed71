"""The roles of the service."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The roles of the service, lowest rung of responsibility first."""

    RESIDENT = "resident"
    MANAGER = "manager"
    CLINIC = "clinic"
    DEPUTY = "deputy"
    LEADER = "leader"
    ADMIN = "admin"
