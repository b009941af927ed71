"""The complaint desk (投诉意见): what it is about, who sees to it, until when.

Nothing here, and nowhere else, knows who complained.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from models.rules.calendar import working_day_after
from models.rules.roles import Role

ANSWER_WITHIN = 15
"""So many working days after the day on which it came in, a complaint is answered (convention)."""
BREACH_WITHIN = 5
"""So many for one of coercion or of a privacy breach (convention)."""


class ComplaintKind(StrEnum):
    """What a complaint is about."""

    COERCION = "coercion"
    """强迫、变相强迫: somebody was made to do what is everybody's own choice."""
    PRIVACY = "privacy"
    """泄露隐私."""
    REFUSED = "refused"
    """A service was refused."""
    FEE = "fee"
    """乱收费: a fee was asked for what is free, or for what is abolished."""
    ATTITUDE = "attitude"
    WAITING = "waiting"
    OTHER = "other"


BREACHES = frozenset({ComplaintKind.COERCION, ComplaintKind.PRIVACY})
"""Of these one that is confirmed speaks against a village in its scorecard, whatever else it did."""


class Concern(StrEnum):
    """Whose work a complaint is about."""

    VILLAGE = "village"
    CLINIC = "clinic"
    UNSAID = "unsaid"


class Channel(StrEnum):
    """How a complaint came in."""

    BOT = "bot"
    """Written by a resident."""
    PHONE = "phone"
    LETTER_BOX = "letter_box"
    IN_PERSON = "in_person"


ENTERED = (Channel.PHONE, Channel.LETTER_BOX, Channel.IN_PERSON)
"""Those that a member of staff writes down."""


class ComplaintOutcome(StrEnum):
    """What was found."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    WITHDRAWN = "withdrawn"
    """Whoever complained does not want it looked into any more."""


def due_on(kind: ComplaintKind, received_on: date) -> date:
    """Return the last day for an answer."""
    return working_day_after(received_on, BREACH_WITHIN if kind in BREACHES else ANSWER_WITHIN)


def handler(kind: ComplaintKind, concern: Concern) -> Role:
    """Return who sees to it: never the one whom it is about.

    The village's manager sees none. The clinic sees to those about villages that are no breach, the deputy to the
    rest and, once they are overdue, to all.
    """
    return Role.DEPUTY if kind in BREACHES or concern is Concern.CLINIC else Role.CLINIC
