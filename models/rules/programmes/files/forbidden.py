"""What no programme may be, ask or show, and why (see docs/decisions/never-built.md)."""

from __future__ import annotations

from collections.abc import Iterator

from models.rules.programmes.base import CLINIC_ONLY, Anchor, Family, Point, Programme, Titles
from models.rules.programmes.files.faults import Fault, Wrong
from models.rules.roles import Role

KEYS = {
    **dict.fromkeys(("quota", "quotas", "goal", "goals", "targets", "score", "uptake"), Fault.NO_TARGETS),
    **dict.fromkeys(("fee", "fine", "penalty", "debt", "permit"), Fault.NO_SUCH_SERVICE),
}
"""Keys that somebody may look for, and why they are not there."""
FIELDS = frozenset(
    {
        "menstruation",
        "menstrual",
        "period",
        "last_period",
        "lmp",
        "cycle",
        "pregnant",
        "pregnancy",
        "pregnancy_test",
        "abortion",
        "abortions",
        "sexual_history",
        "fetal_sex",
        "sex_of_fetus",
        "spouse",
        "spouse_workplace",
        "location",
        "gps",
        "photo",
        "photograph",
        "religion",
        "permit",
    }
)
"""What is never collected at a visit."""
_WORDS = (
    "社会抚养费",
    "抚养费",
    "超生",
    "计划外",
    "查孕",
    "孕情",
    "孕检",
    "经期",
    "月经",
    "胎儿性别",
    "性别鉴定",
    "罚款",
    "maintenance fee",
    "menstru",
    "pregnancy test",
    "pregnancy status",
    "pregnancy check",
    "fetal sex",
    "quota",
)
"""What a programme that must not be is called by."""

Finding = tuple[tuple[str, ...], Wrong]
"""Where in a programme something is wrong, and what."""


def findings(programme: Programme) -> Iterator[Finding]:
    """Yield what a programme must not be."""
    yield from _services(programme)
    if not programme.reported_by <= programme.visible_to:
        missing = ", ".join(sorted(programme.reported_by - programme.visible_to))
        yield ("reported_by",), Wrong(Fault.REPORTS_UNSEEN, what=missing)
    if tells_of_pregnancy(programme):
        yield from _pregnancy(programme)
    if programme.family is Family.CONTRACEPTION:
        yield from _contraception(programme)


def changes(before: Programme, after: Programme) -> Iterator[Finding]:
    """Yield what a new version of a programme must not change: its family, and who may know of it."""
    if after.family is not before.family:
        yield ("family",), Wrong(Fault.OTHER_FAMILY, f"family: {before.family}", what=str(before.family))
    more = after.visible_to - before.visible_to
    if more:
        roles = ", ".join(sorted(before.visible_to))
        yield ("visible_to",), Wrong(Fault.SEEN_BY_MORE, f"visible_to: [{roles}]", what=", ".join(sorted(more)))


def tells_of_pregnancy(programme: Programme) -> bool:
    """Return whether being in a programme means being pregnant."""
    points = [point for item in programme.items for point in (item.opens, item.closes, item.target, item.expires)]
    anchors = {*programme.anchors, *(point.anchor for point in (*points, programme.ends) if isinstance(point, Point))}
    ends = programme.ended_by is Anchor.DELIVERY
    return programme.family is Family.ANTENATAL or Anchor.LMP in anchors or ends


def _pregnancy(programme: Programme) -> Iterator[Finding]:
    for key, roles in (("visible_to", programme.visible_to), ("reported_by", programme.reported_by)):
        if not roles <= CLINIC_ONLY:
            yield (key,), Wrong(Fault.PREGNANCY_TO_CLINIC, f"{key}: [{Role.CLINIC}]")
    if not programme.opt_in:
        yield ("opt_in",), Wrong(Fault.PREGNANCY_OPT_IN, "opt_in: true")


def _contraception(programme: Programme) -> Iterator[Finding]:
    if not programme.opt_in:
        yield ("opt_in",), Wrong(Fault.CONTRACEPTION_OPT_IN, "opt_in: true")
    if not programme.clinic_approval:
        yield ("clinic_approval",), Wrong(Fault.CONTRACEPTION_APPROVAL, "clinic_approval: true")


def _services(programme: Programme) -> Iterator[Finding]:
    """Yield names of what the service never does."""
    yield from _named(("names",), programme.titles)
    for item in programme.items:
        yield from _named(("items", item.code, "names"), item.titles)
    if programme.recurrence is not None:
        yield from _named(("recurrence", "names"), programme.recurrence.titles)


def _named(where: tuple[str, ...], titles: Titles) -> Iterator[Finding]:
    said = " ".join(title for _, title in titles).lower()
    word = next((word for word in _WORDS if word in said), None)
    if word is not None:
        yield where, Wrong(Fault.NO_SUCH_SERVICE, what=word)
