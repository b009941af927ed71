"""What a programme is: a schedule of visits as data.

Every date is reckoned from an `Anchor`. Windows are whole days and both ends belong to them: the closing
day is the last day on which a visit is in time, and the expiry day the last on which it can still be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.roles import Role
from models.rules.sex import Sex
from models.rules.spans import Span


class Anchor(StrEnum):
    """The dates that schedules are reckoned from."""

    BIRTH = "birth"
    """The person's own birth; taken from the person's record, not asked again."""
    LMP = "lmp"
    """Last menstrual period as told to the clinic; visible to the clinic only."""
    DISCHARGE = "discharge"
    """Day on which mother or child left the hospital; the day of birth where it is not known."""
    DELIVERY = "delivery"
    """Day on which the woman gave birth: starts the postnatal programme and ends the antenatal one."""
    START = "start"
    """Insertion, first injection, first packet, or operation."""
    LAST_VISIT = "last_visit"
    """The last visit before enrolment, where one is known."""
    REMOVAL = "removal"
    """Day on which an implant has to come out."""
    FIRST_CONTACT = "first_contact"
    """Day on which the woman first came; the day of enrolment where it is not known."""


class Family(StrEnum):
    """Groups of programmes, for menus and documents."""

    CHECKUP = "checkup"
    ANTENATAL = "antenatal"
    POSTNATAL = "postnatal"
    CHILD = "child"
    IMMUNISATION = "immunisation"
    CHRONIC = "chronic"
    SCREENING = "screening"
    CONTRACEPTION = "contraception"


class Trigger(StrEnum):
    """What in a visit calls for another one soon; the first that applies wins."""

    URGENT = "urgent"
    REFER = "refer"
    UNCONTROLLED = "uncontrolled"
    ABNORMAL = "abnormal"


Titles = tuple[tuple[str, str], ...]
"""What something is called, by language; empty where the service's own texts name it."""


@dataclass(frozen=True, slots=True)
class Point:
    """A day: `span` after `anchor`."""

    anchor: Anchor
    span: Span


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whom a programme is for. Ages in completed months, both ends included; `None` is no limit."""

    sex: Sex | None = None
    min_months: int | None = None
    max_months: int | None = None

    def admits(self, sex: Sex | None, age_months: int | None) -> bool:
        """Return whether a person may be enrolled; what is not known is not held against the person."""
        if self.sex is not None and sex is not None and sex != self.sex:
            return False
        if age_months is None:
            return True
        return (self.min_months or 0) <= age_months and (self.max_months is None or age_months <= self.max_months)


@dataclass(frozen=True, slots=True)
class Item:
    """One visit of a schedule.

    Attributes:
        code: names it in records and texts, unique in the programme.
        opens: first day on which it is due.
        closes: last day in time.
        target: day to aim at; `None`: the opening day.
        expires: last day on which it can still be made; `None`: until another rule ends it.
        series: items of one series are given in order (doses of a vaccine).
        gap: least time since the item before it in the series.
        sex: only for this sex.
        titles: what it is called.
    """

    code: str
    opens: Point
    closes: Point
    target: Point | None = None
    expires: Point | None = None
    series: str = ""
    gap: Span | None = None
    sex: Sex | None = None
    titles: Titles = ()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A visit that comes again and again, reckoned from the last visit that was made.

    Attributes:
        code: names it in records and texts.
        every: from the last visit to the day to aim at.
        before: days by which the window opens ahead of that day.
        after: days by which it closes behind that day.
        titles: what it is called.
    """

    code: str
    every: Span
    before: int
    after: int
    titles: Titles = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Another visit soon after one with a finding; spans from that visit."""

    trigger: Trigger
    opens: Span
    closes: Span


@dataclass(frozen=True, slots=True)
class Programme:
    """A service that a person can be enrolled in.

    Attributes:
        code: names it in records, texts and buttons.
        version: raised when the schedule changes, kept with each enrolment.
        source: where the schedule comes from.
        opt_in: only when the person asks for it; ended by one tap, no reason asked.
        clinic_approval: takes effect when the clinic has approved it.
        reported_by: roles that may report its visits.
        visible_to: roles that may know that a person is enrolled.
        eligible: whom it is for.
        anchors: dates needed at enrolment.
        items: visits made once.
        recurrence: the visit that repeats after the last of `items`.
        follow_ups: extra visits after findings.
        supersedes: an item left out is gone once the next one opens.
        ended_by: an anchor that ends the programme as soon as it is known.
        ends: last day of the programme.
        lapses: days after closing on which a visit left alone is asked for no more; `None`: it stays overdue.
        calendar: follows the village's check-up days.
        fields: what is asked at a visit, in order.
        retired: nobody joins it any more; whoever is in it stays.
        titles: what it is called.
        based_on: the built-in programme whose texts name what has no titles; empty: this one's own.
    """

    code: str
    version: int
    family: Family
    source: str
    reported_by: frozenset[Role]
    visible_to: frozenset[Role]
    opt_in: bool = False
    clinic_approval: bool = False
    eligible: Eligibility = Eligibility()
    anchors: tuple[Anchor, ...] = ()
    items: tuple[Item, ...] = ()
    recurrence: Recurrence | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    supersedes: bool = True
    ended_by: Anchor | None = None
    ends: Point | None = None
    lapses: int | None = None
    calendar: bool = False
    fields: tuple[str, ...] = ()
    retired: bool = False
    titles: Titles = ()
    based_on: str = ""

    def item(self, code: str) -> Item | None:
        """Return the item called `code`, if it is one of those made once."""
        return next((item for item in self.items if item.code == code), None)

    def visit(self, code: str) -> Item | Recurrence | None:
        """Return the visit called `code`, made once or again and again, if the schedule has it."""
        if self.recurrence is not None and self.recurrence.code == code:
            return self.recurrence
        return self.item(code)


@dataclass(frozen=True, slots=True)
class Window:
    """When a visit is to be made. All days included.

    Attributes:
        item: code of the visit.
        opens_on: first day on which it is due.
        target_on: day to aim at.
        closes_on: last day in time; overdue from the next day.
        expires_on: last day on which it can still be made; `None`: no end.
    """

    item: str
    opens_on: date
    target_on: date
    closes_on: date
    expires_on: date | None = None


FIELDS: frozenset[str] = frozenset(
    {
        "bp",
        "pulse",
        "temperature",
        "weight",
        "height",
        "waist",
        "glucose",
        "medication",
        "reaction",
        "lifestyle",
        "symptoms",
        "side_effects",
        "content",
        "breastfeeding",
        "concern",
        "vaccine_given",
        "note",
    }
)
"""Every field that a visit may ask for."""

URGENT_FOLLOW_UP = FollowUp(Trigger.URGENT, Span(days=1), Span(days=14))
"""A finding that needs help now is looked at again within 14 days, in every programme."""

ANY_TEAM: frozenset[Role] = frozenset({Role.MANAGER, Role.CLINIC})
CLINIC_ONLY: frozenset[Role] = frozenset({Role.CLINIC})
