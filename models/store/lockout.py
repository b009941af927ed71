"""Wrong invite codes: five in a row lock the account out for 15 minutes, each further one twice as long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from models.store.database import StoreSession
from models.tables.staff import EnrolAttempt

FREE_TRIES = 4
"""Wrong codes that cost nothing; the next one locks."""
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Locked:
    """No code is looked at before `until`."""

    until: datetime


def lock_length(failures: int) -> timedelta | None:
    """Return how long an account is locked after `failures` wrong codes in a row, `None` for not at all."""
    beyond = failures - FREE_TRIES
    if beyond <= 0:
        return None
    doublings = min(beyond - 1, 10)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


async def check(session: StoreSession, user_id: int) -> Locked | None:
    """Return the lock on this account, if there is one now."""
    statement = select(EnrolAttempt.locked_until).where(EnrolAttempt.telegram_user_id == user_id)
    until: datetime | None = await session.scalar(statement)
    return Locked(until) if until is not None and until > session.now() else None


async def count(session: StoreSession, user_id: int) -> Locked | None:
    """Count a wrong code; returns the lock it led to, if it did."""
    first = session.insert(EnrolAttempt).values(telegram_user_id=user_id, failures=1)
    counted = first.on_conflict_do_update(
        index_elements=[EnrolAttempt.telegram_user_id], set_={"failures": EnrolAttempt.failures + 1}
    ).returning(EnrolAttempt.failures)
    length = lock_length(int(await session.scalar(counted)))
    if length is None:
        return None
    until = session.now() + length
    locked = update(EnrolAttempt).where(EnrolAttempt.telegram_user_id == user_id)
    await session.execute(locked.values(locked_until=until))
    return Locked(until)


async def clear(session: StoreSession, user_id: int) -> None:
    """Forget wrong codes after a right one."""
    await session.execute(delete(EnrolAttempt).where(EnrolAttempt.telegram_user_id == user_id))
