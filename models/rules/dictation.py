"""Dictated measurements: a message of lines, each about somebody on a roster. Read rightly or asked about.

`王秀英 128/82`, `李红 135 88 体重62`, `wxy 120/80`, `7 128/82`, `7 没来`; several people in a line are told apart by
；, by a full stop, or by their names. A number that doesn't say what it is is never taken for a measurement, except
two that make a blood pressure behind a name; the number before them is the one on the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.rules.lines.atoms import Fault, Said
from models.rules.lines.limits import Readings, held, is_child
from models.rules.lines.people import Described, Listed, Meant, People
from models.rules.lines.scanning import Scanner
from models.rules.lines.segments import Part, parts
from models.rules.lines.words import OUTCOMES
from models.rules.outcomes import Outcome
from models.rules.typed import MAX_LENGTH, plain

MARKS = (Outcome.ATTENDED, Outcome.NOT_REACHED, Outcome.DECLINED, Outcome.AWAY, Outcome.OTHER_PROVIDER)
"""What can be said of somebody on a roster; everything else has effects that its own form tells first."""
EXAMPLE = "王秀英 128/82"
_ENDS = re.compile(r"[\n\r；;]+|(?<!\d)[。．]+|[。．]+(?!\s*\d)")
_SCANNER = Scanner(OUTCOMES)


@dataclass(frozen=True, slots=True)
class Noted:
    """What was read of one person.

    Attributes:
        lines: numbers of the lines that said it, from 1.
        readings: measurements within their limits.
        outcome: what came of the person's place, if that was said.
    """

    person: Listed
    lines: tuple[int, ...]
    readings: Readings
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """What was not read, and why.

    Attributes:
        line: number of the line, from 1.
        whole: all that was typed of the person.
        fault: the part that is in question, why, and an example; its text is at `input.<code>`.
        choices: who may be meant, where that is what is not clear.
        readings, outcome: what is kept for the one who is chosen.
    """

    line: int
    whole: str
    fault: Fault
    choices: tuple[Listed, ...] = ()
    readings: Readings | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Dictation:
    """All that a message said."""

    noted: tuple[Noted, ...]
    unread: tuple[Unread, ...]


def looks_dictated(text: str) -> bool:
    """Return whether a message says something of people, and is not only a name to look for."""
    return any(part.says_something or part.unread for _, part in _parts(text))


def names(text: str) -> list[str]:
    """Return the names in a message, to look for people who are not on the roster."""
    found = dict.fromkeys(" ".join(part.words) for _, part in _parts(text) if part.words)
    return list(found)


def read(text: str, people: People, year: int) -> Dictation:
    """Return what a message says of `people`; ages are told in `year`."""
    noted: list[Noted] = []
    unread: list[Unread] = []
    for line, part in _parts(text):
        meant = _meant(part, people, line)
        said, faults = _understood(part, meant.person, year)
        unread += [Unread(line, part.text, fault) for fault in faults]
        is_guest = meant.person is not None and meant.person.number is None
        if meant.person is not None and is_guest and (said.readings or said.outcome is not None):
            meant = Meant(code="lines.who_elsewhere", choices=(meant.person,))
        if meant.person is not None and (said.readings or said.outcome is not None):
            noted.append(Noted(meant.person, (line,), said.readings, said.outcome))
        elif meant.person is None and (said.readings or said.outcome is not None or not faults):
            fault = Fault(meant.code, part.text, EXAMPLE, {"typed": part.text})
            unread.append(Unread(line, part.text, fault, meant.choices, said.readings, said.outcome))
        elif not faults:
            unread.append(
                Unread(line, part.text, Fault("lines.nothing_said", part.text, EXAMPLE, {"typed": part.text}))
            )
    return _once(noted, unread)


@dataclass(frozen=True, slots=True)
class _Understood:
    readings: Readings
    outcome: Outcome | None


def _parts(text: str) -> Iterator[tuple[int, Part]]:
    for number, line in enumerate(text.splitlines(), 1):
        for sentence in _ENDS.split(line):
            if len(sentence) > MAX_LENGTH:
                whole = Part(unread=[Fault("lines.line_long", sentence[:40], EXAMPLE, {"most": MAX_LENGTH})])
                yield number, whole
            else:
                yield from ((number, part) for part in parts(_SCANNER.scan(plain(sentence))))


def _meant(part: Part, people: People, line: int) -> Meant:
    described = describe(part, people)
    if part.number == line and part.words and people.is_named(described.name):
        described = replace(described, number=None)  # lines that are counted: `1. 王秀英`, `2. 李红`
    return people.meant(described)


def describe(part: Part, people: People) -> Described:
    """Return how a part says who it is about."""
    groups = tuple(word for word in part.words if people.is_group(word))
    name = " ".join(word for word in part.words if word not in groups)
    return Described(name, groups, part.number, part.born, part.age)


def _understood(part: Part, person: Listed | None, year: int) -> tuple[_Understood, list[Fault]]:
    """Return what can be kept of a part, and why the rest can't."""
    child = is_child(person.birth_year, year) if person is not None else False
    readings, faults = held(part.values, child=child)
    outcome, wrong = one_outcome([said for said in part.said if said.topic == "outcome"])
    faults = [*part.unread, *faults, *wrong]
    if outcome is not None and outcome not in MARKS:
        faults.append(Fault("lines.outcome_form", part.text, EXAMPLE))
        outcome = None
    if outcome not in (None, Outcome.ATTENDED) and part.values:
        return _Understood({}, None), [*faults, Fault("lines.outcome_measured", part.text, EXAMPLE)]
    return _Understood(readings, outcome), faults


def one_outcome(said: Sequence[Said]) -> tuple[Outcome | None, list[Fault]]:
    """Return the outcome that was said; two that differ are none."""
    codes = {each.code for each in said}
    if len(codes) > 1:
        return None, [Fault("lines.outcomes_differ", " ".join(each.text for each in said), EXAMPLE)]
    return (Outcome(codes.pop()) if codes else None), []


def _once(noted: Sequence[Noted], unread: Sequence[Unread]) -> Dictation:
    """Put together what several lines say of a person; where they differ, nothing of it is known."""
    by_person: dict[int, list[Noted]] = {}
    for each in noted:
        by_person.setdefault(each.person.person_id, []).append(each)
    together, doubts = [], list(unread)
    for same in by_person.values():
        if _agree(same):
            together.append(_merged(same))
        else:
            doubts += [
                Unread(each.lines[0], each.person.name, Fault("lines.said_twice", each.person.name)) for each in same
            ]
    return Dictation(tuple(together), tuple(sorted(doubts, key=lambda each: each.line)))


def _agree(same: Sequence[Noted]) -> bool:
    merged = _merged(same)
    stays = all(merged.readings[name] == value for each in same for name, value in each.readings.items())
    outcomes = {each.outcome for each in same} - {None}
    return stays and len(outcomes) < 2 and not (merged.readings and outcomes - {Outcome.ATTENDED})


def _merged(same: Sequence[Noted]) -> Noted:
    readings = {name: value for each in same for name, value in each.readings.items()}
    lines = tuple(line for each in same for line in each.lines)
    return Noted(same[0].person, lines, readings, next((each.outcome for each in same if each.outcome), None))
