"""Every programme of the service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from models.rules.programmes.antenatal import ANTENATAL
from models.rules.programmes.base import Family, Programme
from models.rules.programmes.checkup import CHECKUP
from models.rules.programmes.checkup import ITEM as CHECKUP_ITEM
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
from models.rules.roles import Role

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


class Catalogue(Mapping[str, Programme]):
    """The programmes of one township by code, in the order of menus.

    An enrolment keeps the version of the schedule that it began with: `at` finds it, however old.
    """

    def __init__(self, programmes: Iterable[Programme], older: Iterable[Programme] = ()) -> None:
        """Offer `programmes`; `older` versions are only for those who are in them."""
        self._programmes = {programme.code: programme for programme in programmes}
        self._versions = {(each.code, each.version): each for each in (*older, *self._programmes.values())}

    __hash__ = object.__hash__  # a mapping has none; actors carry a catalogue and are compared without it

    def __getitem__(self, code: str) -> Programme:
        """Return the present version of a programme."""
        return self._programmes[code]

    def __iter__(self) -> Iterator[str]:
        """Yield the codes."""
        return iter(self._programmes)

    def __len__(self) -> int:
        """Return how many programmes there are."""
        return len(self._programmes)

    def at(self, code: str, version: int) -> Programme:
        """Return a version of a programme; the present one where that version is not known any more.

        A programme of another township has no visits here, and nobody sees it.
        """
        found = self._versions.get((code, version)) or self._programmes.get(code)
        return found or Programme(code, version, Family.CHECKUP, "", frozenset(), frozenset())

    def extended(self, own: Iterable[Programme]) -> Catalogue:
        """Return these programmes changed and added to by a township's `own`, all versions of them, oldest first.

        A changed programme keeps its place, a new one comes after those there were.
        """
        versions = tuple(own)
        latest = self._programmes | {each.code: each for each in versions}
        return Catalogue(latest.values(), (*self._versions.values(), *versions))

    def visible_to(self, role: Role) -> tuple[Programme, ...]:
        """Return the programmes that `role` may know a person to be in."""
        return tuple(programme for programme in self._programmes.values() if role in programme.visible_to)

    def reported_by(self, role: Role) -> tuple[Programme, ...]:
        """Return the programmes whose visits `role` may report."""
        return tuple(programme for programme in self._programmes.values() if role in programme.reported_by)


BUILT_IN = Catalogue(_ALL)
"""The programmes that come with the service; a township may change them and add its own."""


def texts_of(programme: Programme, visit: str) -> str | None:
    """Return the code of the built-in programme whose texts name a visit, if one does."""
    code = programme.based_on or programme.code
    known = BUILT_IN.get(code)
    is_named = known is not None and (known.visit(visit) is not None or (known.calendar and visit == CHECKUP_ITEM))
    return code if is_named else None
