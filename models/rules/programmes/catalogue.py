"""Every programme of the service."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from models.rules.access import Role
from models.rules.programmes.antenatal import ANTENATAL
from models.rules.programmes.base import Programme
from models.rules.programmes.checkup import CHECKUP
from models.rules.programmes.child import CHILD_HEALTH
from models.rules.programmes.chronic import DIABETES_CARE, ELDERLY, HYPERTENSION_CARE
from models.rules.programmes.contraception import (
    COMBINED_PILL,
    DMPA,
    FEMALE_STERILISATION,
    IMPLANT,
    IUD,
    NET_EN,
    VASECTOMY,
)
from models.rules.programmes.immunisation import IMMUNISATION
from models.rules.programmes.postnatal import POSTNATAL
from models.rules.programmes.screening import BLOOD_PRESSURE, CERVICAL_CYTOLOGY, CERVICAL_HPV

_ALL = (
    CHECKUP,
    ANTENATAL,
    POSTNATAL,
    CHILD_HEALTH,
    IMMUNISATION,
    HYPERTENSION_CARE,
    DIABETES_CARE,
    ELDERLY,
    BLOOD_PRESSURE,
    CERVICAL_CYTOLOGY,
    CERVICAL_HPV,
    DMPA,
    NET_EN,
    IUD,
    COMBINED_PILL,
    FEMALE_STERILISATION,
    VASECTOMY,
    IMPLANT,
)

PROGRAMMES: Mapping[str, Programme] = MappingProxyType({programme.code: programme for programme in _ALL})
"""Programmes by code, in the order of menus."""


def visible_to(role: Role) -> tuple[Programme, ...]:
    """Return the programmes that `role` may know a person to be in."""
    return tuple(programme for programme in _ALL if role in programme.visible_to)


def reported_by(role: Role) -> tuple[Programme, ...]:
    """Return the programmes whose visits `role` may report."""
    return tuple(programme for programme in _ALL if role in programme.reported_by)
