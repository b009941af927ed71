"""What a question wants, from its words."""

from __future__ import annotations

from models.rules.indicators.codes import IndicatorCode
from models.rules.names import has_characters
from models.rules.questions.concepts import Concept
from models.rules.questions.gazetteer import Villages
from models.rules.questions.said import Said
from models.rules.questions.understanding import Intent, Reason

_C = Concept
ABOUT_AN_INDICATOR = frozenset(
    {Intent.FIGURE, Intent.VILLAGES, Intent.MOST, Intent.LEAST, Intent.COMPARE, Intent.DEFINE}
)
_NEVER = (
    (_C.SEX_RATIO, Reason.SEX_RATIO),
    (_C.SEX, Reason.SEX),
    (_C.FEE, Reason.FEE),
    (_C.PETITION, Reason.PETITIONS),
    (_C.BUDGET, Reason.BUDGET),
    (_C.METHODS, Reason.METHODS),
    (_C.PREGNANCY, Reason.PREGNANCY),
    (_C.BIRTHS, Reason.BIRTHS),
)
_ELSEWHERE = (
    (_C.TARGET, Reason.TARGETS),
    (_C.SCORE, Reason.SCORES),
    (_C.NOTICE, Reason.NOTICES),
    (_C.REPORT_FILE, Reason.REPORTS),
    (_C.DECISION, Reason.DECISIONS),
    (_C.TRUST, Reason.TRUST),
    (_C.HELP, Reason.HELP),
)
_UP_IS_BAD = frozenset({IndicatorCode.OVERDUE, IndicatorCode.DUE})
_ASKS = frozenset(
    {
        *(_C.HOW_MANY, _C.WHICH_VILLAGE, _C.THAT_VILLAGE, _C.EACH_VILLAGE, _C.WHICH, _C.WHO, _C.WHEN, _C.NEXT),
        *(_C.DEFINE, _C.MOST, _C.LEAST, _C.BEST, _C.WORST, _C.COMPARE, _C.SINCE_LAST, _C.SINCE_LAST_YEAR, _C.STATUS),
        *(_C.UNREPORTED, _C.OVERDUE, _C.TIMELY, _C.RATE, _C.ATTENDANCE, _C.REPORTING, _C.CHOICE, _C.EARLY),
    }
)
_OF_NOTHING = frozenset({_C.COMPARE, _C.SINCE_LAST, _C.SINCE_LAST_YEAR, _C.AND, _C.STATUS, _C.HOW, _C.MORE, _C.LESS})
"""Words of a comparison that don't say what is compared."""
_VILLAGES_ASKED = (_C.WHICH_VILLAGE, _C.THAT_VILLAGE, _C.VILLAGE, _C.COMMUNITY, _C.WHO)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单仇解查区翟缪"
)
_MOST_UNEXPLAINED = 3
"""So many characters or words of a question may stay unexplained, if the rest is clear."""


def intent_of(parts: Said, named: tuple[IndicatorCode, ...]) -> tuple[Intent, Reason | None]:
    """Return what is wanted, and the reason where it is not told."""
    reason = _refused(parts, named)
    if reason is not None:
        return Intent.REFUSE, reason
    for intent, applies in (
        (Intent.UNREPORTED, _asks_for_unreported(parts, named)),
        (Intent.DEFINE, parts.has(_C.DEFINE)),
        (Intent.MEETING, _asks_for_meeting(parts)),
        (Intent.CHECKUP_DAY, _asks_for_day(parts)),
        (Intent.STATUS, _asks_for_status(parts, named) or _compares_with_before(parts, named)),
        (Intent.COMPARE, _asks_which_time(parts)),
    ):
        if applies:
            return intent, None
    return _about_an_indicator(parts, named), None


def _refused(parts: Said, named: tuple[IndicatorCode, ...]) -> Reason | None:
    never = next((reason for word, reason in _NEVER if word in parts.words), None)
    if never is not None:
        return never
    if _asks_for_unreported(parts, named):
        return None
    elsewhere = next((reason for word, reason in _ELSEWHERE if word in parts.words), None)
    if elsewhere is not None:
        return elsewhere
    if _asks_for_people(parts, named):
        return Reason.NAMES
    return None if _is_understood(parts, named) else Reason.UNKNOWN


def _asks_for_people(parts: Said, named: tuple[IndicatorCode, ...]) -> bool:
    if parts.has(_C.NAMES) or (any(map(_is_like_a_name, parts.unexplained)) and named):
        return True
    is_topic = bool(named) or parts.has(_C.ABSENT, _C.DECLINED, _C.CHECKUP, _C.FOLLOWUP, _C.HYPERTENSION, _C.DIABETES)
    return parts.has(_C.WHO) and is_topic and direction(parts, None) is None


def _is_like_a_name(piece: str) -> bool:
    return has_characters(piece) and 2 <= len(piece) <= 3 and piece[0] in _SURNAMES


def _is_understood(parts: Said, named: tuple[IndicatorCode, ...]) -> bool:
    unexplained = sum(len(piece) if has_characters(piece) else 1 for piece in parts.unexplained)
    if unexplained > _MOST_UNEXPLAINED:
        return False
    if parts.has(_C.DEFINE):
        return bool(named) or parts.has(_C.CHECKUP, _C.FOLLOWUP)
    if _asks_for_meeting(parts):
        return not unexplained or parts.has(_C.WHEN, _C.NEXT)
    if named or _asks_for_day(parts) or asks_who_does_well(parts):
        return True
    if asks_how_all_compares(parts, named) or _compares_with_before(parts, named):
        return not unexplained
    if parts.has(_C.CHECKUP, _C.FOLLOWUP) or (parts.has(_C.COMPLETED, _C.CAME) and not parts.has(_C.STATUS)):
        return not unexplained
    return not unexplained and _asks_for_status(parts, named)


def _asks_for_unreported(parts: Said, named: tuple[IndicatorCode, ...]) -> bool:
    return parts.has(_C.UNREPORTED) or (parts.has(_C.REPORT) and not named and not parts.unexplained)


def _asks_for_meeting(parts: Said) -> bool:
    """Return whether a meeting is asked for, not how things stand before one."""
    return parts.has(_C.MEETING) and (parts.has(_C.WHEN, _C.NEXT) or not parts.has(_C.STATUS))


def asks_who_does_well(parts: Said) -> bool:
    """Return whether the best or the worst village is asked for, without saying in what."""
    is_open = not parts.has(_C.CHECKUP, _C.FOLLOWUP, _C.CAME, _C.VISITED, _C.REPORT)
    asks_which = parts.has(*_VILLAGES_ASKED, _C.WHICH) or parts.few is not None
    return is_open and parts.has(_C.BEST, _C.WORST) and asks_which


def asks_how_all_compares(parts: Said, named: tuple[IndicatorCode, ...]) -> bool:
    """Return whether a time is compared with another, without saying in what."""
    says_with_what = parts.names_a_time or parts.has(_C.SINCE_LAST, _C.SINCE_LAST_YEAR)
    return parts.compares and says_with_what and not named and parts.words <= _OF_NOTHING and len(parts.places) <= 1


def _compares_with_before(parts: Said, named: tuple[IndicatorCode, ...]) -> bool:
    """Return whether that other time is the one before, with which the overview compares."""
    return asks_how_all_compares(parts, named) and parts.versus is not None and parts.compares_with_before


def _asks_which_time(parts: Said) -> bool:
    """Return whether it is asked which of two times had more, not which village."""
    return parts.versus is not None and not parts.places and not parts.has(*_VILLAGES_ASKED, _C.WHICH_VILLAGE)


def _asks_for_day(parts: Said) -> bool:
    """Return whether it is asked when, or where, a check-up day is held."""
    if not parts.has(_C.CHECKUP) or parts.has(_C.CAME, _C.ATTENDANCE, _C.OFFER, _C.HOW_MANY, _C.RATE, _C.COMPLETED):
        return False
    if parts.has(_C.WHEN, _C.NEXT) or (parts.is_of_a_day_ahead and parts.words == {_C.CHECKUP}):
        return True
    return parts.has(_C.WHICH_VILLAGE, _C.THAT_VILLAGE) and direction(parts, None) is None


def _asks_for_status(parts: Said, named: tuple[IndicatorCode, ...]) -> bool:
    if named or parts.has(_C.WHEN, _C.WHO, _C.HOW_MANY, _C.WHICH_VILLAGE, _C.EACH_VILLAGE):
        return False
    if parts.has(_C.STATUS, _C.HOW):
        return not parts.has(_C.CHECKUP, _C.FOLLOWUP) and not asks_who_does_well(parts)
    return parts.words <= {_C.AND} and bool(parts.places or parts.period)


def _about_an_indicator(parts: Said, named: tuple[IndicatorCode, ...]) -> Intent:
    asked = direction(parts, named[0] if named else None)
    if asked is not None:
        return asked
    if parts.has(_C.EACH_VILLAGE, _C.WHICH_VILLAGE, _C.COMMUNITY) or len(parts.places) > 1 or parts.few:
        return Intent.VILLAGES
    return Intent.COMPARE if parts.compares else Intent.FIGURE


def direction(parts: Said, indicator: IndicatorCode | None) -> Intent | None:
    """Return whether those with the most or with the least are asked for."""
    best, worst = (Intent.LEAST, Intent.MOST) if indicator in _UP_IS_BAD else (Intent.MOST, Intent.LEAST)
    end = parts.few.end if parts.few else None
    chooses = parts.has(_C.WHICH, _C.WHICH_VILLAGE, _C.THAT_VILLAGE, _C.COMMUNITY, _C.WHO)
    for intent, applies in (
        (Intent.LEAST, parts.has(_C.LEAST) or end is _C.LAST_FEW),
        (worst, parts.has(_C.WORST)),
        (best, parts.has(_C.BEST)),
        (Intent.MOST, parts.has(_C.MOST) or end is _C.FIRST_FEW),
        (Intent.MOST, chooses and parts.has(_C.MORE)),
        (Intent.LEAST, chooses and parts.has(_C.LESS)),
    ):
        if applies:
            return intent
    return None


def communities(parts: Said, villages: Villages) -> Villages:
    """Return the township's communities where those are asked about, without naming one."""
    if not parts.has(_C.COMMUNITY) or parts.places:
        return ()
    return tuple(one for one in villages if one.name.endswith("社区"))


def is_certain(parts: Said, intent: Intent, named: tuple[IndicatorCode, ...]) -> bool:
    """Return whether it can't be anything but a question."""
    names_one = len(named) == 1 and parts.has(_C.CONTROL, _C.MANAGE)
    if parts.unexplained or (parts.words.isdisjoint(_ASKS) and not names_one):
        return False
    return intent not in ABOUT_AN_INDICATOR or bool(named) or parts.has(_C.HOW_MANY, _C.WHICH_VILLAGE, _C.COMPARE)
