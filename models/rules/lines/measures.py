"""Measurements in a line of words: `血压128/82`, `体重 124斤`, `62kg`, `bp 128 82`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from models.rules import bloodpressure
from models.rules.bloodpressure import BloodPressure
from models.rules.lines.atoms import Atom, Fault, Hint, Number, Value

UNIT_NEEDED_FROM = Decimal(90)
"""From so much on a weight needs its unit (convention): it may be meant in 斤, of which two are a kilogram."""
EXAMPLES = {
    "bp": bloodpressure.EXAMPLE, "weight": "体重62公斤", "waist": "腰围85", "height": "身高165", "pulse": "脉搏72",
    "temperature": "体温36.5", "glucose": "血糖5.6",
}  # fmt: skip
_HAN = {
    "bp": "(?<!高)(?<!低)血压",
    "weight": "体重",
    "waist": "腰围",
    "height": "身高",
    "pulse": "脉搏|心率|心跳",
    "temperature": "体温",
    "glucose": "空腹血糖|血糖",
}
_LATIN = {
    "bp": "bp|blood pressure",
    "weight": "weight|wt",
    "waist": "waist",
    "height": "height|ht",
    "pulse": "pulse|heart rate|hr",
    "temperature": "temperature|temp",
    "glucose": "glucose|blood sugar|sugar|glu",
}
HAN_KEYWORDS = "|".join(_HAN.values()) + "|高压|低压|收缩压|舒张压|上压|下压"
"""Characters at which a name or another word ends."""

_NUMBER = r"\d+(?:\.\d+)?"
_IS = r"[\s:=]*[是为]?[\s:=]*"
_UNITS = {
    "kg": "公斤|千克|kgs?", "jin": "市斤|斤", "cm": "厘米|公分|cm", "m": "米|m", "mmol": "毫摩尔?|mmol(?:/l)?",
    "c": "摄氏度|度|°c", "beats": "次/分钟?|次每分|次|bpm|/min", "mmhg": "mmhg|毫米汞柱", "number": "号",
    "born": "年生?", "age": "岁", "other": "月|点|磅|尺|寸|两|克|mg(?:/dl)?|lbs?|°f|%",
}  # fmt: skip
_ANY_UNIT = rf"(?:{'|'.join(form for name, form in _UNITS.items() if name != 'mmhg')})(?![a-z])"
_UNIT = "|".join(f"(?P<{name}>{form})" for name, form in _UNITS.items())
_FITTING = {
    "weight": ("kg", "jin"), "waist": ("cm",), "height": ("cm", "m"), "pulse": ("beats",), "temperature": ("c",),
    "glucose": ("mmol",),
}  # fmt: skip
_MEANS = {"kg": "weight", "jin": "weight", "mmol": "glucose", "c": "temperature", "beats": "pulse"}
"""Units that say what was measured."""
_HINTS = {"number", "born", "age"}

_KEYWORD = re.compile(
    "|".join(rf"(?P<{name}>{form}|(?<![a-z])(?:{_LATIN[name]})(?![a-z]))" for name, form in _HAN.items()), re.IGNORECASE
)
_SLASHED = re.compile(rf"{_NUMBER}(?:\s*[/\\]\s*{_NUMBER})+(?:\s*(?:mmhg|毫米汞柱))?", re.IGNORECASE)
_BROKEN = re.compile(rf"{_NUMBER}\s*[/\\]|[/\\]\s*{_NUMBER}")
_PAIR = re.compile(
    rf"(\d{{2,3}})(?:\s+|\s*[,\-]\s*|\.)(\d{{2,3}})(?:\s*(?:mmhg|毫米汞柱)|(?!\s*(?:{_ANY_UNIT})))"
    rf"(?![\d.,/\\]|\s*[/\\]|[\s,]+{_NUMBER}(?!\s*(?:{_ANY_UNIT})|[\d.]))",
    re.IGNORECASE,
)
"""Two numbers behind 血压, and no third one that doesn't say what it is."""
_NAMED = re.compile(
    r"(?:(?:高压|收缩压|上压)[:\s]*(?P<high>\d{2,3})[,\s]*(?:低压|舒张压|下压)[:\s]*(?P<low>\d{2,3})"
    r"|(?:低压|舒张压|下压)[:\s]*(?P<low2>\d{2,3})[,\s]*(?:高压|收缩压|上压)[:\s]*(?P<high2>\d{2,3}))(?![\d.])"
)
_HALF = re.compile(r"(?:高压|低压|收缩压|舒张压|上压|下压)[:\s]*(?:\d+)?")
_WITH_UNIT = re.compile(rf"({_NUMBER})\s*(?:{_UNIT})(?![a-z])", re.IGNORECASE)
_BARE = re.compile(_NUMBER)
_METRES = re.compile(r"(\d)\s*米\s*(\d{1,2})(?!\d)")
_GOES_ON = re.compile(r"\.\d|,\d(?!\d)|\s*[?]")
"""What makes a number doubtful when it stands right behind it: more digits, a comma for a point, a question."""
_PAIR_GOES_ON = re.compile(rf"\.\d|\s*[?]|\s*(?:{_ANY_UNIT})")


def read(text: str, at: int) -> tuple[Atom, int] | None:
    """Return the measurement, number or fault that begins at `at`, and where it ends; `None` when none does."""
    readers: tuple[Callable[[str, int], tuple[Atom, int] | None], ...] = (
        _named_pressure, _by_keyword, _slashed, _by_unit, _bare,
    )  # fmt: skip
    for reader in readers:
        found = reader(text, at)
        if found is not None:
            return found
    return None


def _named_pressure(text: str, at: int) -> tuple[Atom, int] | None:
    """Read 高压128低压82, in either order."""
    found = _NAMED.match(text, at)
    if found is not None:
        high, low = found["high"] or found["high2"], found["low"] or found["low2"]
        return Value("bp", BloodPressure(int(high), int(low)), found[0], plain=True), found.end()
    half = _HALF.match(text, at)
    return None if half is None else (_unread("blood_pressure", half[0], "bp"), half.end())


def _by_keyword(text: str, at: int) -> tuple[Atom, int] | None:
    keyword = _KEYWORD.match(text, at)
    if keyword is None:
        return None
    name = keyword.lastgroup or ""
    begin = at + len(keyword[0])
    after = re.compile(_IS).match(text, begin)
    begin = after.end() if after is not None else begin
    atom, end = _pressure(text, begin) if name == "bp" else _single(name, text, begin)
    if isinstance(atom, Value):
        return Value(atom.field, atom.value, text[at:end], plain=atom.plain), end
    return Fault(atom.code, text[at:end], atom.example, atom.values), end


def _pressure(text: str, at: int) -> tuple[Value | Fault, int]:
    found = _named_pressure(text, at) or _slashed(text, at)
    if found is not None and isinstance(found[0], Value | Fault):
        return found[0], found[1]
    pair = _PAIR.match(text, at)
    if pair is not None:
        return Value("bp", BloodPressure(int(pair[1]), int(pair[2])), pair[0]), pair.end()
    rest = re.compile(r"[\d.,/\\?\-\s]*").match(text, at)
    return _unread("blood_pressure", "", "bp"), len(text[: rest.end()].rstrip()) if rest is not None else at


def _slashed(text: str, at: int) -> tuple[Atom, int] | None:
    found = _SLASHED.match(text, at)
    if found is None:
        broken = _BROKEN.match(text, at)
        return None if broken is None else (_unread("blood_pressure", broken[0], "bp"), broken.end())
    parts = re.findall(_NUMBER, found[0])
    doubtful = _PAIR_GOES_ON.match(text, found.end())
    if len(parts) != 2 or doubtful or not all(part.isdigit() and len(part) <= 4 for part in parts):
        end = _end_of_numbers(text, at)
        return _unread("blood_pressure", text[at:end], "bp"), end
    return Value("bp", BloodPressure(int(parts[0]), int(parts[1])), found[0], plain=True), found.end()


def _single(name: str, text: str, at: int) -> tuple[Value | Fault, int]:
    metres = _METRES.match(text, at) if name == "height" else None
    if metres is not None:
        return Value(name, Decimal(f"{metres[1]}{metres[2]:0<2}"), metres[0], plain=True), metres.end()
    found = _WITH_UNIT.match(text, at) or _BARE.match(text, at)
    if found is None or _GOES_ON.match(text, found.end()) or _SLASHED.match(text, at):
        return _unread("number", "", name), _end_of_numbers(text, at)
    unit = found.lastgroup
    if unit is not None and unit not in _FITTING[name]:
        return _unread("lines.unit", "", name, typed=found[0]), found.end()
    return _converted(name, re.findall(_NUMBER, found[0])[0], unit, found[0]), found.end()


def _by_unit(text: str, at: int) -> tuple[Atom, int] | None:
    """Read a number whose unit says what it is."""
    found = _WITH_UNIT.match(text, at)
    if found is None:
        return None
    unit, number = found.lastgroup or "", re.findall(_NUMBER, found[0])[0]
    if unit in _HINTS:
        return (Hint(unit, int(number), found[0]) if number.isdigit() else _unread("number", found[0], "")), found.end()
    if unit not in _MEANS:
        return _unread("lines.what_number", found[0], "", typed=found[0]), found.end()
    return _converted(_MEANS[unit], number, unit, found[0]), found.end()


def _bare(text: str, at: int) -> tuple[Atom, int] | None:
    found = _BARE.match(text, at)
    if found is None:
        return None
    if _GOES_ON.match(text, found.end()) and not text.startswith(",", found.end()):
        end = _end_of_numbers(text, at)
        return _unread("lines.what_number", text[at:end], "", typed=text[at:end]), end
    return Number(found[0]), found.end()


def _converted(name: str, number: str, unit: str | None, typed: str) -> Value | Fault:
    """Return a number in the usual unit of what it measures."""
    value = Decimal(number)
    if unit == "jin":
        value /= 2
    elif unit == "m" or (name == "height" and value < 3):
        value *= 100
    elif name == "weight" and unit is None and value >= UNIT_NEEDED_FROM:
        return _unread("lines.weight_unit", typed, name, number=number)
    if name == "pulse" and value != value.to_integral_value():
        return _unread("number_whole", typed, name)
    if value != round(value, 1):
        return _unread("number_places", typed, name, places=1)
    return Value(name, value, typed, plain=unit is not None)


def _end_of_numbers(text: str, at: int) -> int:
    """Return where the numbers that begin at `at` end, with the marks between them."""
    found = re.compile(r"[\d.,/\\?\-]*(?:\s*[/\\]\s*[\d.]+)*").match(text, at)
    return max(found.end(), at) if found is not None else at


def _unread(code: str, text: str, name: str, **values: object) -> Fault:
    return Fault(code, text, EXAMPLES.get(name, bloodpressure.EXAMPLE), values)
