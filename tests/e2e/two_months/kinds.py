"""Each kind of message: what it is called in the docs, and why it comes."""

from __future__ import annotations

ELSEWHERE: dict[str, str] = {
    "extract.file": "how-to/analysts.md",
    "extract.made": "how-to/analysts.md",
    "report.regular": "how-to/reports.md",
    "account.ended": "how-to/own-account.md",
    "appeal.asked": "how-to/scorecard.md",
    "appeal.decided": "how-to/scorecard.md",
    "publication.ready": "how-to/public-notice.md",
    "publication.failed": "how-to/public-notice.md",
    "publication.post": "how-to/public-notice.md",
    "publication.place": "how-to/public-notice.md",
}
"""Kinds that another page of the docs shows with a picture of their own: by kind, the page below `docs/`."""
WHY: dict[str, str] = {
    "digest": "Each morning at the person's hour: what is overdue, waits for an answer or is due, in numbers.",
    "weekly": "On the first working day of the week, to deputy and leader, in place of their digest.",
    "checkup.before/days_7": "Seven days before the village's check-up day, to its manager.",
    "checkup.before/days_3": "Three days before.",
    "checkup.before/days_1": "The day before.",
    "checkup.before/same_day": "On the morning.",
    "checkup.tomorrow": "The day before, to the clinic: which villages come, and how many are expected.",
    "checkup.unreported": "At 18:00 on the next working day, to a manager whose roster isn't complete.",
    "checkup.moved": "The administrator moved the village's day.",
    "checkup.restored": "The administrator took that back.",
    "checkup.cancelled": "The administrator cancelled the day.",
    "meeting.invite/days_3": "Three days before the joint meeting, to everybody who is invited, with a calendar file.",
    "meeting.invite/days_1": "The day before, to who hasn't answered; who said to come is reminded.",
    "meeting.invite/hour_1": "An hour before.",
    "meeting.moved": "The administrator moved the meeting, here by taking a move back.",
    "meeting.cancelled": "The administrator cancelled the meeting.",
    "meeting.restored": "The administrator took that back.",
    "meeting.minutes": "Two hours after it began, to the leader; the next working day to the deputy.",
    "decision.assigned": "A chair entered a decision that this person carries out.",
    "referral.new": "A village referred somebody.",
    "referral.answered": "The clinic answered it.",
    "person.ill": "A village reported that somebody was unwell.",
    "choice.not_own": "A village reported a choice that wasn't the person's own.",
    "approval.waits": "Somebody wants to join a programme that the clinic approves.",
    "handover.offered": "A village offers the care of somebody who moves there.",
    "handover.decided": "The other village answered.",
    "handover.moved": "The clinic handed somebody over at once, within the township.",
    "handover.returned": "Somebody who was away for a time is back home.",
    "alert.assigned": "A colleague gave this person something that is overdue.",
    "leave.asked": "A colleague goes on leave and asks this person to stand in.",
    "leave.declined": "That colleague can't.",
    "leave.stands_in": "Something came for a colleague on leave, and this person stands in.",
    "leave.ended": "The leave was ended early.",
    "grant.asked": "A manager asks to correct a record that is locked after 30 days.",
    "grant.decided": "The clinic answered.",
    "draft.expired": "A form was left unfinished for seven days.",
    "unreached": "A colleague blocked the bot: the next one up is told what didn't arrive.",
    "outbox.daily": "The next morning the administrator reads what couldn't be sent.",
    "own.before/days_3": "A resident with an account of their own asked to be reminded: three days before, neutrally.",
    "own.before/days_1": "And the day before.",
    "own.changed": "The day of which the resident was reminded was moved.",
    "staff.removed": "The administrator removed this person.",
}
"""By kind, and for those that come in stages by stage."""


def name_of(kind: str, occurrence: str) -> str:
    """Return how a message is called here: its kind, and its stage where it comes in several."""
    stage = occurrence.rpartition("/")[2]
    return f"{kind}/{stage}" if stage and f"{kind}/{stage}" in WHY else kind
