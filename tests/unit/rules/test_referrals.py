"""Until when somebody is referred, and what an answer does."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.referrals import (
    WITHIN,
    ReferralAnswer,
    ReferralReason,
    ReferralState,
    after,
    is_in_time,
    last_day,
)

days = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@given(st.sampled_from(ReferralReason), days)
@settings(max_examples=50)
def test_urgent_is_today_and_the_rest_within_fourteen_days(reason: ReferralReason, made_on: date) -> None:
    last = last_day(reason, made_on)
    assert last == (made_on if reason is ReferralReason.URGENT else made_on + timedelta(days=14))
    assert is_in_time(reason, made_on, last)
    assert not is_in_time(reason, made_on, last + timedelta(days=1))


@given(st.sampled_from(ReferralReason), days, st.integers(-30, 30))
@settings(max_examples=50)
def test_no_referral_is_for_the_past(reason: ReferralReason, made_on: date, shift: int) -> None:
    due_on = made_on + timedelta(days=shift)
    room = 0 if reason is ReferralReason.URGENT else WITHIN.days
    assert is_in_time(reason, made_on, due_on) == (0 <= shift <= room)


@given(st.sampled_from(ReferralAnswer))
def test_who_has_not_come_is_still_waited_for(answer: ReferralAnswer) -> None:
    waits = answer is ReferralAnswer.NOT_COME
    assert after(answer) is (ReferralState.OPEN if waits else ReferralState.ANSWERED)
