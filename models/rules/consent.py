"""What a person agrees to, purpose by purpose (Personal Information Protection Law, 14-15, 29, 31)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

GUARDIAN_UNDER_YEARS = 14
"""Under this age a guardian consents (article 31)."""


class Purpose(StrEnum):
    """The purposes; each is given and withdrawn by itself.

    HEALTH_RECORD: keep measurements and visits (sensitive data, separate consent). Without it nothing of
        health is stored.
    CONTACT: be called or visited by the village manager.
    REMINDERS: receive reminders.
    HANDOVER: pass the record on to another village or township on moving.
    BENEFITS: keep what the person asks for in benefits, what was decided and paid. It is asked when somebody asks
        for one, not before.
    """

    HEALTH_RECORD = "HEALTH_RECORD"
    CONTACT = "CONTACT"
    REMINDERS = "REMINDERS"
    HANDOVER = "HANDOVER"
    BENEFITS = "BENEFITS"


ON_REGISTERING = (Purpose.HEALTH_RECORD, Purpose.CONTACT, Purpose.REMINDERS, Purpose.HANDOVER)
"""What everybody who is registered is asked about."""


def needs_guardian(birth_date: date | None, today: date) -> bool:
    """Return whether a guardian has to consent; an unknown birth date counts as grown up."""
    if birth_date is None:
        return False
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    age = today.year - birth_date.year - (0 if had_birthday else 1)
    return age < GUARDIAN_UNDER_YEARS


def may_speak(birth_date: date | None, today: date, *, guardian: bool) -> bool:
    """Return whether a word counts: under 14 a guardian's and nobody else's, from then on only the person's own."""
    return guardian == needs_guardian(birth_date, today)
