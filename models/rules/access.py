"""Who may do what. Permissions are named `resource:action`, both in the singular, lower case.

`person:*` touches one resident's data and is always narrowed to the actor's place by the store's queries;
`count:read` touches aggregates only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from models.rules.clock import CHINA
from models.rules.programmes.catalogue import BUILT_IN, Catalogue
from models.rules.roles import Role as Role


class Permission(StrEnum):
    """`resource:action`."""

    PERSON_READ = "person:read"
    PERSON_REGISTER = "person:register"
    CHECKUP_REPORT = "checkup:report"
    VISIT_REPORT = "visit:report"
    DUE_READ = "due:read"
    COUNT_READ = "count:read"
    PERSON_MERGE = "person:merge"
    PERSON_IMPORT = "person:import"
    CHOICE_REPORT = "choice:report"
    REFERRAL_MAKE = "referral:make"
    REFERRAL_ANSWER = "referral:answer"
    CORRECTION_GRANT = "correction:grant"
    HANDOVER_OFFER = "handover:offer"
    MEETING_ATTEND = "meeting:attend"
    MEETING_CHAIR = "meeting:chair"
    MEETING_ARRANGE = "meeting:arrange"
    CLINICAL_READ = "clinical:read"
    EXTRACT_MAKE = "extract:make"
    STAFF_INVITE = "staff:invite"
    STAFF_REMOVE = "staff:remove"
    PUBLICATION_APPROVE = "publication:approve"
    CALENDAR_CHANGE = "calendar:change"
    OWN_READ = "own:read"
    BIRTH_READ = "birth:read"
    BIRTH_ENTER = "birth:enter"
    COMPLAINT_FILE = "complaint:file"
    COMPLAINT_ENTER = "complaint:enter"
    COMPLAINT_ANSWER = "complaint:answer"
    BENEFIT_ASK = "benefit:ask"
    BENEFIT_DECIDE = "benefit:decide"
    APPEAL_MAKE = "appeal:make"
    APPEAL_DECIDE = "appeal:decide"
    TARGET_READ = "target:read"
    TARGET_SET = "target:set"


_P = Permission
_VILLAGE = frozenset(
    {
        _P.PERSON_READ,
        _P.PERSON_REGISTER,
        _P.PERSON_MERGE,
        _P.PERSON_IMPORT,
        _P.CHECKUP_REPORT,
        _P.VISIT_REPORT,
        _P.CHOICE_REPORT,
        _P.REFERRAL_MAKE,
        _P.HANDOVER_OFFER,
        _P.BENEFIT_ASK,
        _P.DUE_READ,
        _P.COUNT_READ,
        _P.MEETING_ATTEND,
        _P.TARGET_READ,
    }
)
_HEADS = frozenset(
    {
        *(_P.COUNT_READ, _P.MEETING_ATTEND, _P.MEETING_CHAIR, _P.TARGET_READ, _P.BIRTH_READ, _P.PUBLICATION_APPROVE),
    }
)
_DESK = frozenset({_P.COMPLAINT_ENTER, _P.COMPLAINT_ANSWER})
_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: frozenset({_P.OWN_READ, _P.COMPLAINT_FILE}),
    Role.MANAGER: _VILLAGE | {_P.APPEAL_MAKE},
    Role.CLINIC: _VILLAGE
    | _DESK
    | {_P.CLINICAL_READ, _P.REFERRAL_ANSWER, _P.CORRECTION_GRANT, _P.APPEAL_DECIDE, _P.BIRTH_READ, _P.EXTRACT_MAKE}
    | {_P.BENEFIT_DECIDE},
    Role.DEPUTY: _HEADS | _DESK | {_P.APPEAL_DECIDE, _P.TARGET_SET, _P.BIRTH_ENTER},
    Role.LEADER: _HEADS,
    Role.ADMIN: frozenset(
        {
            *(_P.STAFF_INVITE, _P.STAFF_REMOVE, _P.MEETING_ARRANGE, _P.CALENDAR_CHANGE, _P.COMPLAINT_ENTER),
            *(_P.TARGET_READ, _P.TARGET_SET, _P.BIRTH_READ, _P.BIRTH_ENTER),
        }
    ),
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
        catalogue: the programmes that are offered there.
    """

    staff_id: int
    role: Role
    township_id: int
    village_id: int | None
    language: str = "zh-CN"
    zone: str = str(CHINA)
    catalogue: Catalogue = field(default=BUILT_IN, compare=False, repr=False)

    def may(self, permission: Permission) -> bool:
        """Return whether the role grants `permission`."""
        return permission in _GRANTS[self.role]

    @property
    def is_of_team(self) -> bool:
        """Whether the actor sees the people that are counted, and so may have their exact number."""
        return self.may(Permission.PERSON_READ)


class AccessDenied(Exception):
    """The actor's role or place does not allow this."""
