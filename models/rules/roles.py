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


NEXT_UP: dict[Role, tuple[Role, ...]] = {
    Role.MANAGER: (Role.CLINIC, Role.DEPUTY, Role.LEADER, Role.ADMIN),
    Role.CLINIC: (Role.DEPUTY, Role.LEADER, Role.ADMIN),
    Role.DEPUTY: (Role.LEADER, Role.ADMIN),
    Role.LEADER: (Role.DEPUTY, Role.ADMIN),
    Role.ADMIN: (Role.DEPUTY, Role.LEADER),
}
"""Who is told, in this order, when somebody of a role can't be reached."""
