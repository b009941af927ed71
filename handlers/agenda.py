"""The agenda of a meeting in words: counts by village, decisions, days; never a resident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from locales.message import Text
from models.rules.access import Actor
from models.rules.meetings import DecisionState
from models.store.agendas import Agenda, DayAhead
from models.store.decisions import StoredDecision
from models.store.staff import Member
from models.store.unreported import Unreported

VILLAGES = 8
"""So many villages are named in a line; the rest is counted."""
DECISIONS = 6
"""So many open decisions are named; the rest waits in their own list."""
LONGEST = 60
"""Characters of a decision in a list."""


def lines(actor: Actor, drafted: Agenda, today: date) -> list[Text]:
    """Return the agenda, a line a subject and a line a decision."""
    title = Text.of("meetings.agenda" if actor.village_id is None else "meetings.agenda_village")
    return [title, _overdue(drafted), *_carried(drafted, today), _days(drafted), _unreported(drafted)]


def decided(made: Sequence[StoredDecision], today: date) -> list[Text]:
    """Return what a meeting decided, a line each."""
    head = Text.of("decisions.made", n=len(made)) if made else Text.of("decisions.none_made")
    return [head, *(line(index, one, today) for index, one in enumerate(made, 1))]


def line(index: int, one: StoredDecision, today: date) -> Text:
    """Return a decision in a list: what, who, until when, and how it stands."""
    short = one.text if len(one.text) <= LONGEST else f"{one.text[:LONGEST]}…"
    return Text.of(
        "decisions.line",
        mark=mark(one, today),
        index=index,
        text=short,
        owner=owner(one.owner),
        state=state(one, today),
    )


def mark(one: StoredDecision, today: date) -> str:
    """Return the picture of how a decision stands."""
    if one.state is DecisionState.OPEN:
        return "🔴" if one.is_overdue(today) else "🟠"
    return "✅" if one.state is DecisionState.DONE else "✕"


def state(one: StoredDecision, today: date) -> Text:
    """Return how a decision stands, in words."""
    if one.is_overdue(today):
        return Text.of("decisions.state_overdue", n=(today - one.due_on).days, due=one.due_on)
    if one.state is DecisionState.OPEN:
        return Text.of("decisions.state_open", due=one.due_on)
    if one.state is DecisionState.DONE:
        return Text.of("decisions.state_done", day=one.closed_on)
    reason = Text.of(f"choices.drop_reason.{one.reason}")
    return Text.of("decisions.state_dropped", day=one.closed_on, reason=reason)


def owner(who: Member) -> Text:
    """Return who carries a decision out."""
    role = Text.of(f"roles.at.{who.role}")
    key = "decisions.owner" if who.is_active else "decisions.owner_gone"
    return Text.of(key, place=who.place_name, role=role, name=who.name or "")


def _overdue(drafted: Agenda) -> Text:
    if not drafted.overdue:
        return Text.of("meetings.no_overdue")
    named = [Text.of("meetings.village_count", name=one.name, n=one.overdue) for one in drafted.overdue if one.overdue]
    small = [Text.of("meetings.village", name=one.name) for one in drafted.overdue if one.overdue is None]
    parts = [Text.of("meetings.overdue_in", villages=_cut(named))] if named else []
    parts += [Text.of("meetings.overdue_few", n=len(small), villages=_cut(small))] if small else []
    if drafted.total is None:
        return Text.of("meetings.overdue_cut", parts=parts)
    return Text.of("meetings.overdue", n=drafted.total, parts=parts)


def _carried(drafted: Agenda, today: date) -> list[Text]:
    carried = drafted.decisions
    if not carried:
        return [Text.of("meetings.no_decisions" if drafted.has_decided else "meetings.none_decided")]
    found = [Text.of("meetings.decisions", n=len(carried))]
    found += [line(index, one, today) for index, one in enumerate(carried[:DECISIONS], 1)]
    if len(carried) > DECISIONS:
        found.append(Text.of("meetings.more_decisions", n=len(carried) - DECISIONS))
    return found


def _days(drafted: Agenda) -> Text:
    if not drafted.days:
        return Text.of("meetings.no_days")
    return Text.of("meetings.days", days=[_day(one) for one in drafted.days])


def _day(one: DayAhead) -> Text:
    villages = _cut([Text.of("meetings.village", name=name) for name in one.villages])
    return Text.of(
        "meetings.day_provisional" if one.provisional else "meetings.day", day=one.held_on, villages=villages
    )


def _unreported(drafted: Agenda) -> Text:
    if not drafted.unreported:
        return Text.of("meetings.all_reported")
    named = [_missing(one) for one in drafted.unreported]
    return Text.of("meetings.unreported", n=len(named), villages=_cut(named))


def _missing(one: Unreported) -> Text:
    if one.missing is None:
        return Text.of("meetings.village_unreported", name=one.name, day=one.held_on)
    return Text.of("meetings.village_missing", name=one.name, day=one.held_on, n=one.missing)


def _cut(named: Sequence[Text]) -> Text:
    """Return villages in a line; what is too much is counted."""
    if len(named) <= VILLAGES:
        return Text.of("meetings.villages", villages=named)
    return Text.of("meetings.villages_more", villages=named[:VILLAGES], n=len(named))
