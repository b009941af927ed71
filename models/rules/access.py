"""Who may do what. Permissions are named `resource:action`, both in the singular, lower case.

`person:*` touches one resident's data and is always narrowed to the actor's place by the store's queries;
`count:read` touches aggregates only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.rules.clock import CHINA


class Role(StrEnum):
    """The roles of the service, lowest rung of responsibility first."""

    RESIDENT = "resident"
    MANAGER = "manager"
    CLINIC = "clinic"
    DEPUTY = "deputy"
    LEADER = "leader"
    ADMIN = "admin"


class Permission(StrEnum):
    """`resource:action`."""

    PERSON_READ = "person:read"
    PERSON_REGISTER = "person:register"
    CHECKUP_REPORT = "checkup:report"
    VISIT_REPORT = "visit:report"
    DUE_READ = "due:read"
    COUNT_READ = "count:read"
    CLINICAL_READ = "clinical:read"
    STAFF_INVITE = "staff:invite"
    STAFF_REMOVE = "staff:remove"


_P = Permission
_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: frozenset(),
    Role.MANAGER: frozenset(
        {_P.PERSON_READ, _P.PERSON_REGISTER, _P.CHECKUP_REPORT, _P.VISIT_REPORT, _P.DUE_READ, _P.COUNT_READ}
    ),
    Role.CLINIC: frozenset(
        {
            _P.PERSON_READ,
            _P.PERSON_REGISTER,
            _P.CHECKUP_REPORT,
            _P.VISIT_REPORT,
            _P.DUE_READ,
            _P.COUNT_READ,
            _P.CLINICAL_READ,
        }
    ),
    Role.DEPUTY: frozenset({_P.COUNT_READ}),
    Role.LEADER: frozenset({_P.COUNT_READ}),
    Role.ADMIN: frozenset({_P.STAFF_INVITE, _P.STAFF_REMOVE}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts, and where.

    Attributes:
        staff_id: row of the person in `staff`.
        role: what the person is.
        township_id: the township that bounds everything the person can reach.
        village_id: the village that bounds it further, for managers; `None` for the township's own staff.
        language: `zh-CN` or `en`.
        zone: IANA time zone of the township.
    """

    staff_id: int
    role: Role
    township_id: int
    village_id: int | None
    language: str = "zh-CN"
    zone: str = str(CHINA)

    def may(self, permission: Permission) -> bool:
        """Return whether the role grants `permission`."""
        return permission in _GRANTS[self.role]


class AccessDenied(Exception):
    """The actor's role or place does not allow this."""
