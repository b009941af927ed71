"""The immunisation schedule of 2026.

A dose is due from its age until the day before the age by which its group has to be complete ("<"): that is
how the schedule puts it, so an earlier dose is late only when its whole group is. Conventions: a dose waits
until the one before it in its series was given and the least interval has passed; then, if its time is
over, it is in time for 7 days; a missed dose can be made up for until the 18th birthday (BCG: until the
fourth), with the vaccine that the clinic finds right for the age. A dose whose time was over before
enrolment is not asked for: the child's booklet knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.rules.programmes.base import ANY_TEAM, Anchor, Eligibility, Family, Item, Point, Programme
from models.rules.programmes.sources import IMMUNISATION_2026
from models.rules.sex import Sex
from models.rules.spans import Span

Group = tuple[tuple[int, ...], int]
"""Ages in months of some doses, and the age in months before which they have to be complete."""

WEEKS_4 = Span(days=28)
CATCH_UP = 18 * 12
"""Months of age until which a missed dose can be made up for."""


def _birth(months: int, days: int = 0) -> Point:
    return Point(Anchor.BIRTH, Span(months, days))


def _series(
    name: str,
    groups: tuple[Group, ...],
    gaps: tuple[Span, ...] = (),
    sex: Sex | None = None,
    catch_up: int = CATCH_UP,
) -> Iterator[Item]:
    """Yield the doses of one vaccine; `gaps` are the least intervals before the second, third, … dose."""
    doses = [(age, before) for ages, before in groups for age in ages]
    for number, (age, before) in enumerate(doses):
        yield Item(
            code=f"{name}{number + 1}",
            opens=_birth(age),
            closes=_birth(before, -1),
            expires=_birth(catch_up, -1),
            series=name,
            gap=gaps[number - 1] if number else None,
            sex=sex,
        )


IMMUNISATION = Programme(
    code="immunisation",
    version=2026,
    family=Family.IMMUNISATION,
    source=IMMUNISATION_2026,
    reported_by=ANY_TEAM,
    visible_to=ANY_TEAM,
    eligible=Eligibility(max_months=CATCH_UP - 1),
    anchors=(Anchor.BIRTH,),
    items=(
        *_series("HepB", (((0, 1, 6), 12),), (WEEKS_4, Span(days=60))),
        *_series("BCG", (((0,), 3),), catch_up=48),
        *_series("Polio", (((2, 3, 4), 12), ((48,), 60)), (WEEKS_4, WEEKS_4, WEEKS_4)),
        *_series(
            "DTaP",
            (((2, 4, 6), 12), ((18,), 24), ((72,), 84)),
            (WEEKS_4, WEEKS_4, Span(months=6), Span(months=12)),
        ),
        *_series("MMR", (((8,), 12), ((18,), 24)), (WEEKS_4,)),
        *_series("JE", (((8,), 12), ((24,), 36)), (Span(months=12),)),
        *_series("MenA", (((6,), 12), ((9,), 24)), (Span(months=3),)),
        *_series("MenAC", (((36,), 48), ((72,), 84)), (Span(months=36),)),
        *_series("HepA", (((18,), 24),)),
        *_series("HPV", (((156, 162), 168),), (Span(months=5),), Sex.FEMALE),
    ),
    supersedes=False,
    fields=("vaccine_given",),
)
