"""What is said after a dictated message: what was read, what was not and why, and who may be meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from handlers.forms import unread as refused_words
from handlers.forms.kinds.measured import finding_notes, shown
from handlers.roster_page import said_of
from locales.message import Button, Label, Message, Rows, Tap, Text, Verbatim
from models.rules.bloodpressure import BloodPressure
from models.rules.dictation import MARKS, Unread
from models.rules.lines.people import Listed
from models.rules.measurements import LIMITS, Measure, check, check_blood_pressure, from_stored
from models.rules.outcomes import Outcome
from models.store.dictations import Dictated, Kept
from models.store.reports import Measures
from models.store.rosters import Roster, RosterLine

SINGLE = ("pulse", "temperature", "weight", "height", "waist", "glucose")
LETTERS = {"weight": "w", "waist": "a", "height": "h", "pulse": "p", "temperature": "t", "glucose": "g"}
LONGEST_PAYLOAD = 26
"""A button holds so much beside its action and a row's number."""
SHOWN = 20
"""So many lines that were not read are listed."""
URGENT = 4
"""So many referrals are offered at once."""


def read_back(done: Dictated, unread: Sequence[Unread]) -> Text:
    """Return what was noted, with warnings, and what was not and why."""
    nothing = "dictation.nothing" if done.refused or unread else "dictation.nothing_yet"
    lines = [Text.of("dictation.kept" if done.kept else nothing, n=len(done.kept))]
    for kept in done.kept:
        lines += _kept(kept)
    lines += [_refused(line.line, line.code) for line in done.refused]
    lines += [_unread(each) for each in unread[:SHOWN]]
    if len(unread) > SHOWN:
        lines.append(Text.of("dictation.more", n=len(unread) - SHOWN))
    return Text.of("dictation.screen", lines=lines)


def buttons(done: Dictated, day_id: int) -> Rows:
    """Return what can be done next: refer now, take it all back, see the roster."""
    urgent = [kept.line for kept in done.kept if kept.line.is_urgent][:URGENT]
    refer = tuple(
        (Button(Text.of("rosters.refer_line", name=line.resident.name), Tap.of("referral.of", line.resident.id)),)
        for line in urgent
    )
    back = Button(Text.of("dictation.roster"), Tap.of("roster.show", day_id))
    undo = (Button(Text.of("dictation.take_back"), Tap.of("told.undo", done.id)),) if done.kept else ()
    return (*refer, (*undo, back))


def question(unread: Unread, lines: Mapping[int, RosterLine]) -> Message:
    """Ask who is meant; a button a person."""
    rows = [(_choice(person, unread, lines),) for person in unread.choices]
    return Message(Text.of("dictation.screen", lines=[_unread(unread)]), tuple(rows), protect=True)


def taken_back(done: int, left: int) -> Message:
    """Return what stands in place of the readback once it was taken back."""
    lines = [Text.of("dictation.taken_back", n=done)]
    if left:
        lines.append(Text.of("dictation.changed_since", n=left))
    return Message(Text.of("dictation.screen", lines=lines))


def closed(roster: Roster, *, may_reopen: bool) -> tuple[Text, Rows]:
    """Return that a day is closed, and the way to open it again, after which the same message can be sent once more."""
    reopen = Button(Text.of("rosters.reopen"), Tap.of("roster.reopen", roster.day.id))
    if may_reopen:
        return Text.of("dictation.closed", day=roster.day.held_on), ((reopen,),)
    return Text.of("dictation.locked", day=roster.day.held_on), ()


def is_askable(unread: Unread) -> bool:
    """Return whether somebody can be chosen by a button, which then says all that was read."""
    return bool(unread.choices) and 0 < len(payload(unread)) <= LONGEST_PAYLOAD


def payload(unread: Unread) -> str:
    """Return what was read, as short as a button needs it."""
    readings = dict(unread.readings or {})
    pressure = readings.pop("bp", None)
    said = f"b{pressure[0]}.{pressure[1]}" if pressure else ""
    said += "".join(f"{LETTERS[name]}{value}" for name, value in readings.items())
    return said + (f"o{MARKS.index(unread.outcome)}" if unread.outcome is not None else "")


def _choice(person: Listed, unread: Unread, lines: Mapping[int, RosterLine]) -> Button:
    number = f"{person.number} " if person.number is not None else ""
    about = " ".join(part for part in (person.group or "", str(person.birth_year or "")) if part)
    label = Verbatim(f"{number}{person.name}{f' · {about}' if about else ''}")
    if person.person_id in lines:
        return Button(label, Tap.of("told", lines[person.person_id].id, payload(unread)))
    add = Text.of("dictation.add", name=label.text)
    return Button(add, Tap.of("told.add", person.person_id, payload(unread)))


def _kept(kept: Kept) -> Iterator[Text]:
    line, before = kept.line, kept.before
    said = values(_changed(before.measures, line.measures))
    if line.outcome is not None and (line.outcome is not Outcome.ATTENDED or not said):
        said.insert(0, said_of(line.mark) if line.mark is not None else Text.of(f"choices.outcome.{line.outcome}"))
    yield Text.of("dictation.line", number=line.number, name=line.resident.name, values=said)
    was = values(_replaced(before.measures, line.measures))
    if was:
        yield Text.of("dictation.was", values=was)
    yield from (Text.of("dictation.note", note=note) for note in _notes(_changed(before.measures, line.measures)))


def _changed(before: Measures, after: Measures) -> Measures:
    """Return what was written now, or stays as it was and was said again."""
    names = ("sbp", "dbp", *SINGLE)
    found = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}
    if {"sbp", "dbp"} & set(found):
        found |= {"sbp": after.sbp, "dbp": after.dbp}
    return Measures(**found)


def _replaced(before: Measures, after: Measures) -> Measures:
    """Return what stood there and was written over."""
    changed = _changed(before, after)
    return Measures(
        **{name: getattr(before, name) for name in ("sbp", "dbp", *SINGLE) if getattr(changed, name) is not None}
    )


def values(taken: Measures) -> list[Label]:
    """Return what was measured, in words."""
    found: list[Label] = [Verbatim(f"{taken.sbp}/{taken.dbp}")] if taken.sbp is not None else []
    for name in SINGLE:
        stored = getattr(taken, name)
        if stored is not None:
            label = Text.of(f"measure.name.{name}")
            found.append(Text.of("dictation.value", name=label, value=shown(Measure(name), stored)))
    return found


def _notes(taken: Measures) -> Iterator[Text]:
    """Yield warnings, and what calls for a referral now."""
    if taken.sbp is not None and taken.dbp is not None:
        yield from finding_notes(check_blood_pressure(BloodPressure(taken.sbp, taken.dbp)))
    for name in SINGLE:
        stored = getattr(taken, name)
        if stored is not None and Measure(name) in LIMITS:
            yield from finding_notes(check(Measure(name), from_stored(Measure(name), stored)))


def _refused(line: RosterLine, code: str) -> Text:
    return Text.of("dictation.refused", number=line.number, name=line.resident.name, why=Text.of(f"errors.{code}"))


def _unread(each: Unread) -> Text:
    what = refused_words.said(each.fault)
    return Text.of("dictation.unread", line=each.line, what=what) if each.line > 1 else what
