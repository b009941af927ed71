"""Outcomes with their effects, roles with their permissions."""

from __future__ import annotations

import dataclasses

from locales.message import Text
from locales.translator import translator
from models.rules.access import Actor, Permission, Role
from models.rules.outcomes import EFFECTS, Effect, Outcome
from models.store.invites import _WORKS_AT
from tests.architecture.reference.markdown import rows

_EFFECTS = {
    "served": "counts as served",
    "done": "the next date follows by the programme",
    "needs_date": "another date is agreed on, and it is due then",
    "pauses": "not due here until the person is back",
    "ends_programme": "the programme ends; joining again is possible",
    "ends_all": "every programme here ends",
    "silence": "nothing is ever sent about the person again",
    "restricts": "the record is closed: kept, neither listed nor used",
    "tells_clinic": "the clinic is told",
    "counts_attempt": "stays due, and the attempt is counted",
}


def outcomes() -> str:
    """Return the table of outcomes."""
    return rows(("outcome", "button", "按钮", "effect"), map(_outcome, Outcome))


def _outcome(outcome: Outcome) -> tuple[str, str, str, str]:
    words = [translator(language).plain(Text.of(f"choices.outcome.{outcome}")) for language in ("en", "zh-CN")]
    effect = EFFECTS[outcome]
    said = [_EFFECTS[field.name] for field in dataclasses.fields(Effect) if getattr(effect, field.name)]
    return f"`{outcome}`", *words, "; ".join(said)


def roles() -> str:
    """Return the table of roles."""
    return rows(("role", "name", "名称", "works in"), map(_role, Role))


def _role(role: Role) -> tuple[str, str, str, str]:
    words = [translator(language).plain(Text.of(f"roles.{role}")) for language in ("en", "zh-CN")]
    place = _WORKS_AT.get(role)  # a resident is invited to no place, but to an account of their own
    return f"`{role}`", *words, f"a {place.value}" if place is not None else "their own account"


def permissions() -> str:
    """Return the matrix of permissions."""
    return rows(("permission", *(role.value for role in Role)), map(_permission, Permission))


def _permission(permission: Permission) -> tuple[str, ...]:
    granted = (Actor(0, role, 0, None).may(permission) for role in Role)
    return f"`{permission}`", *("✓" if each else "" for each in granted)
