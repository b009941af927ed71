"""Which combination of details makes two entries look like one person."""

from __future__ import annotations

import pytest

from models.rules.duplicates import CERTAINTY, Certainty, Reason, Shared, likeness


@pytest.mark.parametrize(
    ("shared", "certainty", "reasons"),
    [
        (Shared(identity=True), Certainty.CERTAIN, [Reason.IDENTITY]),
        (
            Shared(identity=True, name=True, birth=True, year=True),
            Certainty.CERTAIN,
            [Reason.IDENTITY, Reason.NAME_AND_BIRTH],
        ),
        (Shared(phone=True, name=True), Certainty.LIKELY, [Reason.PHONE_AND_NAME]),
        (
            Shared(phone=True, name=True, year=True),
            Certainty.LIKELY,
            [Reason.PHONE_AND_NAME, Reason.NAME_AND_YEAR],
        ),
        (Shared(name=True, birth=True, year=True), Certainty.LIKELY, [Reason.NAME_AND_BIRTH]),
        (Shared(name=True, birth=True, year=True, sex=False), Certainty.LIKELY, [Reason.NAME_AND_BIRTH]),
        (Shared(name=True, year=True), Certainty.POSSIBLE, [Reason.NAME_AND_YEAR]),
        (Shared(phone=True), Certainty.WEAK, [Reason.PHONE]),
        (Shared(phone=True, birth=True, year=True), Certainty.WEAK, [Reason.PHONE]),
    ],
)
def test_what_speaks_for_one_person(shared: Shared, certainty: Certainty, reasons: list[Reason]) -> None:
    found = likeness(shared)
    assert found is not None
    assert (found.certainty, list(found.reasons)) == (certainty, reasons)


@pytest.mark.parametrize(
    "shared",
    [
        Shared(),
        Shared(name=True),
        Shared(birth=True, year=True),
        Shared(name=True, year=True, sex=False),
        Shared(identity=False, phone=True, name=True, birth=True, year=True),
    ],
)
def test_what_does_not(shared: Shared) -> None:
    assert likeness(shared) is None


def test_every_reason_has_its_weight() -> None:
    assert set(CERTAINTY) == set(Reason)
