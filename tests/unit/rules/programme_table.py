"""The table of programmes as `docs/reference/programmes.md` prints it, made from the catalogue.

`python -m tests.unit.rules.programme_table` writes the document anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.rules.programmes.base import Anchor, Point, Programme, Recurrence
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.spans import Span

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "programmes.md"

INTRODUCTION = """# Programmes

Every schedule of visits, as the code has it (`models/rules/programmes/`). A test holds this page to the code;
write it anew with `python -m tests.unit.rules.programme_table`. A township can change them and add its own by a
[file](programme-files.md).

L is the last menstrual period as told to the clinic, B birth, D discharge, F first contact, S the start
(insertion, first injection or packet, operation), R the day of removal, V the last visit that was made, E
enrolment. `m` is a month, `y` a year, everything else is days. Both ends of a window belong to it: the visit is
*upcoming* before, *due* from the first to the last day, *overdue* after. "until" is the last day on which it
can still be made; in a sequence a visit left out also ends on the eve of the next one's opening.

Where the township's table is silent, the code follows a convention; each is named here and in the docstring
beside it:

- A month that has no such day gives its last day (Civil Code, article 202).
- A visit given as one date stays in time for 7 days, a yearly or rarer one for 30.
- An agreed date, and a date that the reporter chose, opens on that day and stays in time for 7 days.
- Without any known visit, a recurring one is due from the day of enrolment.
- What was over before enrolment is not asked for.
- After an urgent finding the person is seen again on V+1…V+14, in every programme.
- A dose waits for the one before it and for the least interval; every dose is in time until its group has to be
  complete.
- A contraceptive visit left alone for 90 days falls silent; antenatal care ends at birth, at the latest on
  L+294.
- A visit made at most 7 days before a check-up day counts for that day.
"""

_ANCHORS = {
    Anchor.BIRTH: "B",
    Anchor.LMP: "L",
    Anchor.DISCHARGE: "D",
    Anchor.DELIVERY: "B",
    Anchor.START: "S",
    Anchor.LAST_VISIT: "V",
    Anchor.REMOVAL: "R",
    Anchor.FIRST_CONTACT: "F",
}


def document() -> str:
    """Return the whole page."""
    sections = [INTRODUCTION]
    for programme in BUILT_IN.values():
        sections.append("\n".join(_section(programme)) + "\n")
    return "\n".join(sections)


def _section(programme: Programme) -> Iterator[str]:
    yield f"## `{programme.code}`"
    yield ""
    yield f"Source: {programme.source}. Version {programme.version}."
    yield f"{_people(programme)} {_terms(programme)}".rstrip()
    yield ""
    yield "| item | window | until |"
    yield "| --- | --- | --- |"
    if programme.calendar:
        yield "| `checkup` | the check-up day…7 days later | the eve of the next check-up day |"
    for item in programme.items:
        note = f" ({item.sex.value})" if item.sex else ""
        gap = f", at least {_length(item.gap)} after the dose before" if item.gap else ""
        until = _point(item.expires) if item.expires else ""
        yield f"| `{item.code}`{note} | {_point(item.opens)}…{_point(item.closes)}{gap} | {until} |"
    if programme.recurrence is not None:
        yield f"| `{programme.recurrence.code}` | {_recurring(programme.recurrence)} | |"
    for rule in programme.follow_ups:
        yield f"| `follow_up` ({rule.trigger.value}) | V{_signed(rule.opens)}…V{_signed(rule.closes)} | |"


def _people(programme: Programme) -> str:
    who = " and ".join(sorted(role.value for role in programme.visible_to))
    fields = ", ".join(programme.fields) or "the outcome only"
    return f"Seen and reported by {who}. Asked at a visit: {fields}."


def _terms(programme: Programme) -> str:
    terms = []
    if programme.opt_in:
        terms.append("Opt-in.")
    if programme.clinic_approval:
        terms.append("Approved by the clinic.")
    eligible = programme.eligible
    if eligible.sex is not None:
        terms.append(f"For {eligible.sex.value}s.")
    if eligible.min_months is not None:
        terms.append(f"From {eligible.min_months // 12} years on.")
    if eligible.max_months is not None:
        terms.append(f"Ends on the eve of the age of {(eligible.max_months + 1) // 12} years.")
    if programme.ended_by is not None:
        terms.append("Ends at birth.")
    if programme.ends is not None:
        terms.append(f"Last day {_point(programme.ends)}.")
    if programme.lapses is not None:
        terms.append(f"A visit left alone falls silent {programme.lapses} days after its window.")
    return " ".join(terms)


def _point(point: Point) -> str:
    return f"{_ANCHORS[point.anchor]}{_signed(point.span)}"


def _recurring(rule: Recurrence) -> str:
    middle = f"V+{_length(rule.every)}"
    return f"{middle}, −{rule.before}/+{rule.after}"


def _length(span: Span) -> str:
    parts = []
    if span.months:
        parts.append(f"{span.months // 12}y" if span.months % 12 == 0 else f"{span.months}m")
    if span.days or not parts:
        parts.append(str(span.days))
    return "+".join(parts).replace("+-", "−")


def _signed(span: Span) -> str:
    length = _length(span)
    return f"−{length[1:]}" if length.startswith("-") else f"+{length}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
