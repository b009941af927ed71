"""Referrals from the village to the clinic: why, until when, and what the answer does."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

WITHIN = timedelta(days=14)
"""A referral that is not urgent is for a visit within this time (domain); an urgent one is for today."""


class ReferralReason(StrEnum):
    """Why somebody was referred; no more is said outside the sealed note."""

    URGENT = "urgent"
    ABNORMAL = "abnormal"
    REQUEST = "request"
    OTHER = "other"


class ReferralState(StrEnum):
    """How far a referral is."""

    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    """The person does not want it: nothing reminds of it any more."""


class ReferralAnswer(StrEnum):
    """What the clinic answers."""

    SEEN = "seen"
    TREATED = "treated"
    ADMITTED = "admitted"
    SENT_ON = "sent_on"
    NOT_COME = "not_come"


def last_day(reason: ReferralReason, made_on: date) -> date:
    """Return the day by which the person is to be seen."""
    return made_on if reason is ReferralReason.URGENT else made_on + WITHIN


def is_in_time(reason: ReferralReason, made_on: date, due_on: date) -> bool:
    """Return whether `due_on` is a day that a referral made on `made_on` can be due."""
    return made_on <= due_on <= last_day(reason, made_on)


def after(answer: ReferralAnswer) -> ReferralState:
    """Return the state after an answer: who has not come is still waited for."""
    return ReferralState.OPEN if answer is ReferralAnswer.NOT_COME else ReferralState.ANSWERED
