"""Quick entry: a report in one line, `随访 王秀英 血压128/82 规律服药 下次三个月后`, as the answers of its form.

Nothing is saved by it: the form shows what was read, asks what is missing, and says what was not understood.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.rules.dictation import describe, one_outcome
from models.rules.lines.atoms import Atom, Fault, Said
from models.rules.lines.days import AGAIN, Days
from models.rules.lines.limits import held, is_child
from models.rules.lines.people import Listed, Meant, People
from models.rules.lines.scanning import Scanner
from models.rules.lines.segments import Part, parts
from models.rules.lines.words import VISIT_WORDS
from models.rules.outcomes import EFFECTS, Outcome
from models.rules.typed import MAX_LENGTH, plain

EXAMPLES = {"visit": "随访 王秀英 血压128/82 规律服药 下次三个月后", "checkup": "康检 王秀英 到 128/82"}
_VERB = re.compile(
    r"(?:(?P<visit>随访|(?:follow[- ]?up )?visit(?![a-z]))|(?P<checkup>单月康检|康检|check-?up(?![a-z])))(?!日)[\s:,]*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[?？]|多少|哪|谁|吗|怎么|什么|几[个人次天]|(?<![a-z])(?:how|which|who|what|when)(?![a-z])", re.IGNORECASE
)
_NOTE = re.compile(r"(?:备注|记一下|(?<![a-z])note(?![a-z]))[\s:]*(.+)", re.IGNORECASE)
_DAY_OF = {"visit": "visited_on", "checkup": "held_on"}
_ONLY_VISITS = frozenset({"medication", "channel", "next_on"})
_NOTE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line reports.

    Attributes:
        form: `visit` or `checkup`.
        named: the name by which the person is called, as it was typed.
        meant: who that is, or who it may be.
        answers: of the form, without the person.
        unread: what was not understood, and why.
        typed: the words that named a day, by the day.
    """

    form: str
    named: str
    meant: Meant
    answers: Mapping[str, Any]
    unread: tuple[Fault, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)


def is_entry(text: str) -> bool:
    """Return whether `text` begins with the verb of a report and asks nothing."""
    return _VERB.match(text.strip()) is not None and _ASKS.search(text) is None


def form_of(text: str) -> str:
    """Return the form that an entry is for."""
    verb = _VERB.match(text.strip())
    return str(verb.lastgroup) if verb is not None else ""


def names(text: str, today: date) -> list[str]:
    """Return what may be names in `text`, to look for people."""
    return list(dict.fromkeys(" ".join(part.words) for part in _cut(text, today)[1] if part.words))


def read(text: str, people: People, today: date) -> Entry:
    """Return what `text` reports; it must be an entry.

    Raises:
        ValueError: it is none.
    """
    form, found = _cut(text, today)
    main, unread = _main(found, people)
    described = describe(main, people)
    meant = people.meant(described)
    answers, faults = _answers(form, main, meant.person, today)
    rest = plain_rest(text)
    if len(rest) > MAX_LENGTH:
        unread.append(Fault("lines.line_long", rest[MAX_LENGTH:][:60], EXAMPLES[form], {"most": MAX_LENGTH}))
    typed = {said.code: said.text for said in main.said if said.topic in ("next_on", "agreed_on", "on")}
    return Entry(form, described.name, meant, answers, (*unread, *faults), typed)


def plain_rest(text: str) -> str:
    """Return what follows the verb."""
    verb = _VERB.match(text.strip())
    return text.strip()[verb.end() :] if verb is not None else text


def _cut(text: str, today: date) -> tuple[str, list[Part]]:
    verb = _VERB.match(text.strip())
    if verb is None:
        raise ValueError("no entry")
    days = Days(today)
    scanner = Scanner(VISIT_WORDS, f"{AGAIN}|备注|记一下", (days.again, days.seen, _note))
    return str(verb.lastgroup), parts(scanner.scan(plain(plain_rest(text))), trusting=True)


def _note(text: str, at: int) -> tuple[Atom, int] | None:
    found = _NOTE.match(text, at)
    return None if found is None else (Said("note", found[1][:_NOTE_LENGTH], found[0]), found.end())


def _main(found: Sequence[Part], people: People) -> tuple[Part, list[Fault]]:
    """Return the one part that counts, with what later ones say that is surely meant for the same person."""
    main = found[0] if found else Part()
    unread = _beside_name(main, people)
    for at, part in enumerate(found[1:], 1):
        if people.is_named(" ".join(part.words)) or not _is_labelled(part):
            unread += [Fault("lines.what_words", other.text) for other in found[at:]]
            break
        unread.append(Fault("lines.what_words", " ".join(part.words)))
        main.values, main.said = [*main.values, *part.values], [*main.said, *part.said]
        main.unread = [*main.unread, *part.unread]
    return main, unread


def _beside_name(main: Part, people: People) -> list[Fault]:
    """Take words behind a whole name that are no part of it off the name."""
    first, rest = main.words[:1], [word for word in main.words[1:] if not people.is_group(word)]
    if not (rest and _is_labelled(main) and people.is_named(first[0])) or people.is_named(" ".join([*first, *rest])):
        return []
    if any(people.is_named(word) for word in (*rest, " ".join(rest))):
        return []
    main.words = [word for word in main.words if word not in rest]
    return [Fault("lines.what_words", " ".join(rest))]


def _is_labelled(part: Part) -> bool:
    """Return whether every value behind the unknown words says itself what it is."""
    return all(not value.text[:1].isdigit() for value in part.values) and part.number is None


def _answers(form: str, part: Part, person: Listed | None, today: date) -> tuple[dict[str, Any], list[Fault]]:
    child = is_child(person.birth_year, today.year) if person is not None else False
    readings, wrong = held(part.values, child=child)
    said, differ = _one_each(part.said)
    outcome, two = one_outcome([each for each in part.said if each.topic == "outcome"])
    faults = [*part.unread, *wrong, *differ, *two]
    if outcome is None and not two:
        outcome = _implied(said, bool(readings))
    if outcome is not Outcome.ATTENDED and (readings or "medication" in said) and outcome is not None:
        faults.append(Fault("lines.outcome_measured", part.text, EXAMPLES[form]))
        outcome = None
    answers: dict[str, Any] = dict(readings)
    if outcome is not None:
        answers["outcome"] = str(outcome)
    for topic, each in said.items():
        key = _key(form, topic, outcome)
        if key is None:
            faults.append(Fault("lines.not_in_form", each.text, EXAMPLES[form]))
        else:
            answers[key] = each.code
    return answers, faults


def _one_each(said: Sequence[Said]) -> tuple[dict[str, Said], list[Fault]]:
    """Return what was said by topic, but for outcomes; what differs is not known."""
    found: dict[str, Said] = {}
    faults: dict[str, Fault] = {}
    for each in said:
        if each.topic == "outcome":
            continue
        if each.topic in found and found[each.topic].code != each.code:
            faults[each.topic] = Fault("lines.twice", f"{found[each.topic].text} {each.text}")
        found.setdefault(each.topic, each)
    return {topic: each for topic, each in found.items() if topic not in faults}, list(faults.values())


def _implied(said: Mapping[str, Said], measured: bool) -> Outcome | None:
    """Return the outcome that goes without saying."""
    if "agreed_on" in said:
        return None if measured else Outcome.RESCHEDULED
    return Outcome.ATTENDED if measured or "medication" in said or "next_on" in said else None


def _key(form: str, topic: str, outcome: Outcome | None) -> str | None:
    """Return which answer of the form a topic is; `None` when the form has none such."""
    if topic == "on":
        return _DAY_OF[form]
    needs_date = outcome is not None and EFFECTS[outcome].needs_date
    if topic in ("agreed_on", "next_on") and needs_date:
        return "agreed_on"
    if topic == "agreed_on" or (form == "checkup" and topic in _ONLY_VISITS):
        return None
    return None if topic == "next_on" and outcome not in (None, Outcome.ATTENDED) else topic
