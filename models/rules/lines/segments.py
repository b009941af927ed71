"""What a line says of whom: its pieces put together, one part for each person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from models.rules.bloodpressure import BloodPressure
from models.rules.lines.atoms import Atom, Fault, Hint, Number, Said, Value, Word
from models.rules.measurements import LIMITS, Measure

_BETWEEN = re.compile(r"\s*[,\-]?\s*")
"""What may stand between the two numbers of a blood pressure that has no slash."""
_APART = re.compile(r"[,;:|/+&]")
"""What stands between names of different people."""
_YEAR = range(1900, 2100)
_PRESSURE = LIMITS[Measure.SBP].low


@dataclass(slots=True)
class Part:
    """What is said of one person.

    Attributes:
        atoms: its pieces, as they stand.
        words: the words before everything else: a name, a group.
        number: a number before the words, or in their place.
        born, age: what tells namesakes apart.
        values: measurements, said: words with a meaning.
        unread: what can't be read.
    """

    atoms: list[Atom] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    number: int | None = None
    born: int | None = None
    age: int | None = None
    values: list[Value] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    unread: list[Fault] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The part as it was typed."""
        return "".join(f"{atom.gap}{atom.text}" for atom in self.atoms).strip(" ,.:-")

    @property
    def is_named(self) -> bool:
        """Whether it says who it is about."""
        return bool(self.words) or self.number is not None

    @property
    def says_something(self) -> bool:
        """Whether anything in it is understood."""
        return bool(self.values or self.said)


def parts(atoms: Sequence[Atom], *, trusting: bool = False) -> list[Part]:
    """Return the parts of a line; a name behind the only values of a line is whose they are.

    Once something is not understood, nothing behind it is trusted, unless `trusting`: somebody looks it over.
    """
    found = [_read(part, trusting=trusting) for part in _cut(atoms)]
    if len(found) == 2 and _belong_together(*found):
        return [_joined(*found)]
    return found


def _cut(atoms: Sequence[Atom]) -> Iterator[list[Atom]]:
    """Yield the pieces of each person: a word behind anything but a name begins another one."""
    part: list[Atom] = []
    for atom in atoms:
        if isinstance(atom, Word) and part and not _goes_on(part, atom):
            yield part
            part = []
        part.append(atom)
    if part:
        yield part


def _goes_on(part: Sequence[Atom], word: Word) -> bool:
    """Return whether `word` is more of the name, or comes behind a number that stands before a name."""
    if len(part) == 1 and isinstance(part[0], Number | Hint):
        return True
    return isinstance(part[-1], Word | Hint) and not _APART.search(word.gap)


def _read(atoms: list[Atom], *, trusting: bool) -> Part:
    part, rest = Part(atoms), list(atoms)
    has_words = any(isinstance(atom, Word) for atom in rest)
    if rest and isinstance(rest[0], Number) and _is_list_number(rest, named=has_words):
        part.number = int(rest.pop(0).text)
    while rest and isinstance(rest[0], Word | Hint):
        _take_who(part, rest.pop(0))
    if has_words and rest and isinstance(rest[0], Number) and _is_year(rest[0].text):
        part.born = int(rest.pop(0).text)
    while rest:
        rest = _take(part, rest, trusting=trusting)
    return part


def _is_list_number(rest: Sequence[Atom], *, named: bool) -> bool:
    """Return whether the number that stands first is one on the list, and can't be a value."""
    run = _run(rest)
    if not run[0].text.isdigit() or len(run[0].text) > 3:
        return False
    if len(run) == 1:
        return len(rest) > 1
    is_pressure = len(run[0].text) >= 2 and int(run[0].text) >= _PRESSURE
    return not named and (not is_pressure or int(run[0].text) <= int(run[1].text))


def _run(rest: Sequence[Atom]) -> list[Number]:
    found: list[Number] = []
    for atom in rest:
        if not isinstance(atom, Number) or not atom.text.isdigit():
            break
        found.append(atom)
    return found or [Number("-")]


def _take_who(part: Part, atom: Atom) -> None:
    if isinstance(atom, Word):
        part.words.append(atom.text)
    elif isinstance(atom, Hint) and atom.kind == "number":
        part.number = atom.value
    elif isinstance(atom, Hint) and atom.kind == "born":
        part.born = _whole_year(atom.value)
    elif isinstance(atom, Hint):
        part.age = atom.value


def _whole_year(year: int) -> int:
    return year if year >= 100 else 1900 + year


def _is_year(text: str) -> bool:
    return text.isdigit() and int(text) in _YEAR


def _take(part: Part, rest: list[Atom], *, trusting: bool) -> list[Atom]:
    """Take one thing off what is left."""
    first = rest[0]
    if isinstance(first, Value):
        part.values.append(first)
        return rest[1:]
    if isinstance(first, Said):
        part.said.append(first)
        return rest[1:]
    if isinstance(first, Number):
        return _take_numbers(part, rest)
    part.unread.append(first if isinstance(first, Fault) else Fault("lines.what_words", first.text, gap=first.gap))
    return rest[1:] if trusting and isinstance(first, Fault) else _give_up(part, rest[1:])


def _take_numbers(part: Part, rest: list[Atom]) -> list[Atom]:
    """Take a blood pressure without its slash, or numbers of which nobody knows what they are."""
    run = _run(rest)
    if len(run) == 2 and not part.values and not part.unread and _is_pair(run):
        text = f"{run[0].text}{run[1].gap}{run[1].text}"
        part.values.append(Value("bp", BloodPressure(int(run[0].text), int(run[1].text)), text, run[0].gap))
        return rest[2:]
    numbers = [rest[0], *(atom for atom in run[1:])]
    text = "".join(f"{atom.gap if at else ''}{atom.text}" for at, atom in enumerate(numbers))
    if part.values and not part.values[-1].plain:
        doubtful = part.values.pop()
        text = f"{doubtful.text}{rest[0].gap}{text}"
    part.unread.append(_what(text, numbers))
    return _give_up(part, rest[len(numbers) :])


def _is_pair(run: Sequence[Number]) -> bool:
    return all(2 <= len(number.text) <= 3 for number in run) and _BETWEEN.fullmatch(run[1].gap) is not None


def _what(text: str, numbers: Sequence[Atom]) -> Fault:
    """Say that a number doesn't say what it is; five or six digits are likely a pressure without its slash."""
    only = numbers[0].text
    if len(numbers) == 1 and only.isdigit() and 4 <= len(only) <= 6:
        cut = len(only) - (2 if int(only[-3:]) > LIMITS[Measure.DBP].high or len(only) < 6 else 3)
        return Fault("lines.no_slash", text, f"{only[:cut]}/{only[cut:]}", {"typed": text})
    return Fault("lines.what_number", text, "体重62", {"typed": text})


def _give_up(part: Part, rest: Sequence[Atom]) -> list[Atom]:
    if rest:
        text = "".join(f"{atom.gap}{atom.text}" for atom in rest)
        last = part.unread[-1]
        part.unread[-1] = replace(last, text=f"{last.text}{text}")
    return []


def _belong_together(first: Part, second: Part) -> bool:
    alone = not first.words and first.says_something and not first.unread
    return alone and second.is_named and not (second.says_something or second.unread)


def _joined(first: Part, second: Part) -> Part:
    second.atoms = [*first.atoms, *second.atoms]
    second.number = second.number if first.number is None else first.number
    second.values, second.said = first.values, first.said
    return second
