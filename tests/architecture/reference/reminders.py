"""When the bot reminds, the order of the digest, and the ladder of escalation."""

from __future__ import annotations

from models.rules.digest import Topic
from models.rules.escalation import DEFAULT_LADDER, counts_only
from models.rules.stages import (
    CHECKUP_CLINIC,
    CHECKUP_MANAGER,
    CHECKUP_RESIDENT,
    MEETING,
    StageCode,
)
from tests.architecture.reference.markdown import rows

_LADDERS = {
    "check-up day, to the manager": CHECKUP_MANAGER,
    "check-up day, to the clinic": CHECKUP_CLINIC,
    "check-up day, to residents who asked for it": CHECKUP_RESIDENT,
    "joint meeting, to whoever is invited": MEETING,
}
_WORDS = {
    StageCode.DAYS_7: "7 days before",
    StageCode.DAYS_3: "3 days before",
    StageCode.DAYS_1: "the day before",
    StageCode.SAME_DAY: "on the morning",
    StageCode.HOUR_1: "an hour before",
}
_TOPICS = {
    Topic.DANGEROUS: "overdue follow-ups after a dangerous value",
    Topic.REFERRAL: "referrals to answer",
    Topic.OVERDUE: "overdue visits",
    Topic.ESCALATED: "what has climbed to the reader",
    Topic.PLACES: "places from which something has climbed to one of the heads",
    Topic.UNREPORTED: "check-up days that aren't reported in time",
    Topic.HANDOVER: "hand-overs to answer",
    Topic.APPROVAL: "approvals to give",
    Topic.CORRECTION: "records to unlock",
    Topic.COMPLAINT_OVERDUE: "overdue complaints",
    Topic.COMPLAINT: "complaints to answer",
    Topic.BENEFIT_OVERDUE: "benefits to decide or to confirm again, overdue",
    Topic.BENEFIT: "benefits to decide or to confirm again",
    Topic.APPEAL: "appeals against scorecards to decide",
    Topic.DECISION_OVERDUE: "overdue decisions",
    Topic.DECISION_DUE: "decisions that are due within 3 days",
    Topic.DUE: "visits that are due, what closes first standing first",
    Topic.BACK: "people who should be back",
    Topic.COMING: "visits that come up within 14 days",
    Topic.CARD: "the village's scorecard that has become final, once, and until when an appeal can be made",
    Topic.STOOD_IN: "what a substitute did about, on the first morning after a leave",
}


def stages() -> str:
    """Return the reminders of each kind."""
    body = [(about, ", ".join(_WORDS[code] for code in codes)) for about, codes in _LADDERS.items()]
    return rows(("about", "when"), body)


def ladder() -> str:
    """Return the rungs and their days."""
    body = [
        (f"`{one.role}`", f"{one.after}", "counts" if counts_only(one.role) else "people") for one in DEFAULT_LADDER
    ]
    return rows(("told", "working days overdue", "sees"), body)


def digest() -> str:
    """Return what a digest tells, in its order."""
    return "\n".join(f"{place}. {_TOPICS[topic]}" for place, topic in enumerate(Topic, 1))
