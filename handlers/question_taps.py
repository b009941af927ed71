"""A question on a button: as few bytes as a button has, read back against the township's villages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from locales.message import Tap
from models.rules.indicators.codes import IndicatorCode
from models.rules.questions.gazetteer import Village
from models.rules.questions.stretches import Stretch, Unit
from models.rules.questions.understanding import Intent, Understanding
from models.store.errors import NotFound
from models.store.places import PlaceRow

ACTION = "ask"
_ROOM = 48
_NONE = "-"
_TOWNSHIP_DIGITS = 9
_INTENTS, _CODES, _UNITS = tuple(Intent), tuple(IndicatorCode), tuple(Unit)
_NEVER_ON_A_BUTTON = frozenset({Intent.ASK, Intent.REFUSE})


def tap(found: Understanding, villages: Sequence[PlaceRow]) -> Tap | None:
    """Return the button that asks a question again; `None` where it has too many villages for one."""
    if found.intent in _NEVER_ON_A_BUTTON:
        return None
    code = str(_CODES.index(found.indicator)) if found.indicator is not None else _NONE
    places = _places(found, villages)
    args = (str(_INTENTS.index(found.intent)), code, places, _days(found.period), _days(found.versus), str(found.top))
    made = Tap(ACTION, args)
    return made if len(" ".join((ACTION, *args)).encode()) <= _ROOM else None


def read(args: Sequence[str], villages: Sequence[PlaceRow]) -> Understanding:
    """Return the question that a button asks.

    Raises:
        NotFound: the button is of another version, or names a village that is no more.
    """
    try:
        intent, code, places, period, versus, top = args
        return Understanding(
            _INTENTS[int(intent)],
            None if code == _NONE else _CODES[int(code)],
            _villages(places, villages),
            _stretch(period),
            _stretch(versus),
            int(top),
        )
    except (ValueError, IndexError, KeyError):
        raise NotFound from None


def _places(found: Understanding, villages: Sequence[PlaceRow]) -> str:
    keys = {village.id: _key(village) for village in villages}
    return ".".join(keys[one.id] for one in found.villages if one.id in keys) or _NONE


def _villages(places: str, villages: Sequence[PlaceRow]) -> tuple[Village, ...]:
    if places == _NONE:
        return ()
    known = {_key(village): village for village in villages}
    return tuple(Village(one.id, one.name) for one in (known[key] for key in places.split(".")))


def _key(village: PlaceRow) -> str:
    """Return the end of a village's division code, which is its own within the township."""
    return village.code[_TOWNSHIP_DIGITS:] or village.code


def _days(period: Stretch | None) -> str:
    if period is None:
        return _NONE
    return f"{_UNITS.index(period.unit)}{period.first:%y%m%d}{(period.last - period.first).days}"


def _stretch(text: str) -> Stretch | None:
    if text == _NONE:
        return None
    unit, year, month, day = _UNITS[int(text[0])], int(text[1:3]), int(text[3:5]), int(text[5:7])
    first = date(2000 + year, month, day)
    return Stretch(unit, first, date.fromordinal(first.toordinal() + int(text[7:])))
