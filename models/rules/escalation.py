"""The ladder that something overdue climbs: who is told of it, from which day, and what stops the climb.

What is left open elsewhere is decided here:

- Days are counted as working days by China's calendar, after the first day overdue: T+3 is the third one.
- Acknowledged, snoozed or assigned, the climb stands still from the day after until the date that was set, and then
  goes on where it stood. An assignment without a date lets it count from zero, for the person who has it now.
- A rung that was reached stays reached, so nobody is told twice.
- Nothing is put off without end: what was held on more than `MOST_IN_A_ROW` days since the last rung, and would have
  been told by now without that, reaches the next rung on the next working day all the same, and then may be held anew.
- On the day on which the thing is closed, and later, no rung is reached.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from models.rules.calendar import is_working_day, working_day_before
from models.rules.roles import Role

MOST_HELD = timedelta(days=30)
"""So long the climb can be stopped at one go (convention)."""
MOST_IN_A_ROW = 2
"""On so many days something can be held, of whatever kind, before the next rung is told anyway (convention)."""
MOST_AFTER = 60
"""So many working days a rung can be away at most (convention)."""
_DAY = timedelta(days=1)
_CHAIN = (Role.MANAGER, Role.CLINIC, Role.DEPUTY, Role.LEADER, Role.ADMIN)
_COUNTS_ONLY = frozenset({Role.DEPUTY, Role.LEADER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a township's ladder: `role` is told `after` working days."""

    role: Role
    after: int


Ladder = tuple[Step, ...]
DEFAULT_LADDER: Ladder = (Step(Role.MANAGER, 0), Step(Role.CLINIC, 3), Step(Role.DEPUTY, 7), Step(Role.LEADER, 14))


class HoldKind(StrEnum):
    """What somebody did about it."""

    ACKNOWLEDGED = "acknowledged"
    """I see to it."""
    SNOOZED = "snoozed"
    """Not before a date; until then it is not in the digest either."""
    ASSIGNED = "assigned"
    """Somebody else sees to it."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Something that stops the climb.

    Attributes:
        kind: what was done.
        on: the day on which it was done; what was reached by then stays reached.
        until: the day on which the climb goes on. An assignment may have none.
        by_hand: somebody did it; else it was over for some days and came back.
    """

    kind: HoldKind
    on: date
    until: date | None = None
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung that was reached, and the first day on which it was."""

    role: Role
    on: date

    @property
    def counts_only(self) -> bool:
        """Whether whoever is told sees counts and not people."""
        return counts_only(self.role)


def counts_only(role: Role) -> bool:
    """Return whether a role sees counts of what is overdue and not people."""
    return role in _COUNTS_ONLY


def ladder(after: Mapping[Role, int | None]) -> Ladder:
    """Return a township's ladder: the default one with other working days for some roles; `None` leaves a role out.

    Raises:
        ValueError: a role is no rung, a higher one would come before a lower one or with it, or nobody would be told
            within `MOST_AFTER` working days.
    """
    if not after.keys() <= {step.role for step in DEFAULT_LADDER}:
        raise ValueError("the rungs are manager, clinic, deputy and leader")
    days = {step.role: after.get(step.role, step.after) for step in DEFAULT_LADDER}
    steps = tuple(Step(role, count) for role, count in days.items() if count is not None)
    counts = [-1, *(step.after for step in steps)]
    if any(later <= earlier for earlier, later in pairwise(counts)):
        raise ValueError("each rung comes later than the one below")
    if not steps or counts[-1] > MOST_AFTER:
        raise ValueError(f"each rung comes within {MOST_AFTER} working days")
    return steps


def climb(
    since: date,
    today: date,
    steps: Ladder = DEFAULT_LADDER,
    holds: Sequence[Hold] = (),
    closed_on: date | None = None,
) -> tuple[Rung, ...]:
    """Return the rungs that were reached until `today`, lowest first, each with its first day.

    Args:
        since: the first day on which it was overdue.
        today: the last day in question; with a later one than today it tells what is to come.
        steps: the township's ladder.
        holds: what was done about it.
        closed_on: the day on which it was done, declined, or the person moved or died.
    """
    last = today if closed_on is None else min(today, closed_on - _DAY)
    restarts = {hold.on for hold in holds if hold.kind is HoldKind.ASSIGNED and hold.until is None}
    reached: list[Rung] = []
    count, passed, day = 0, 0, since
    while day <= last and len(reached) < len(steps):
        works = day > since and is_working_day(day)
        passed += works
        count += works and not is_held(holds, day)
        step = steps[len(reached)]
        if step.after <= count or (works and step.after <= passed and _is_worn_out(reached, holds, day)):
            reached.append(Rung(step.role, day))
            count = max(count, step.after)
        if day in restarts:
            count = 0
        day += _DAY
    return tuple(reached)


def in_a_row(reached: Sequence[Rung], holds: Iterable[Hold]) -> int:
    """Return on how many days something was done about it since the last rung was reached."""
    since = reached[-1].on if reached else date.min
    return len({hold.on for hold in holds if hold.by_hand and hold.on >= since})


def _is_worn_out(reached: Sequence[Rung], holds: Sequence[Hold], day: date) -> bool:
    """Return whether it was held too often before `day`."""
    return in_a_row(reached, [hold for hold in holds if hold.on < day]) > MOST_IN_A_ROW


def rung_on(
    since: date,
    today: date,
    steps: Ladder = DEFAULT_LADDER,
    holds: Sequence[Hold] = (),
    closed_on: date | None = None,
) -> Rung | None:
    """Return the highest rung on `today`; `None` when it isn't overdue, or is closed. See `climb`."""
    if closed_on is not None and today >= closed_on:
        return None
    reached = climb(since, today, steps, holds)
    return reached[-1] if reached else None


def latest_since(after: int, today: date) -> date:
    """Return the latest first day overdue with which `after` working days have passed by `today`.

    Without holds, exactly what is overdue since that day or longer has reached a step: for queries.
    """
    if not after:
        return today
    return working_day_before(today + _DAY, after) - _DAY


def is_held(holds: Iterable[Hold], day: date) -> bool:
    """Return whether the climb stands still on `day`."""
    return any(hold.until is not None and hold.on < day < hold.until for hold in holds)


def is_snoozed(holds: Iterable[Hold], day: date) -> bool:
    """Return whether it is left out of the digest on `day`."""
    return is_held((hold for hold in holds if hold.kind is HoldKind.SNOOZED), day)


def latest_until(today: date) -> date:
    """Return the last date that can be set today for the climb to go on."""
    return today + MOST_HELD


def passed_over(reached: Iterable[Rung], role: Role) -> tuple[Rung, ...]:
    """Return the rungs above `role` that were reached: to whom it went past that role, and when."""
    height = _CHAIN.index(role)
    return tuple(rung for rung in reached if _CHAIN.index(rung.role) > height)


def passed_to(role: Role) -> tuple[Role, ...]:
    """Return the roles below: whose overdue things climb to this one."""
    return _CHAIN[: _CHAIN.index(role)]


def next_up(role: Role, present: Collection[Role] = _CHAIN) -> Role | None:
    """Return who is told instead when nobody of `role` can be reached: the next one above who is `present`.

    `None` above the admin. For a resident it is the manager.
    """
    above = _CHAIN[_CHAIN.index(role) + 1 :] if role in _CHAIN else _CHAIN
    return next((one for one in above if one in present), None)
