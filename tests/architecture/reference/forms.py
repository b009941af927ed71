"""Every form's fields, and the limits of what is measured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from handlers.forms.decision import Colleague
from handlers.forms.entries import ENTRIES
from handlers.forms.fields import Env, Field, always, never
from handlers.forms.kinds.alike import Alike
from handlers.forms.kinds.calendar import Day
from handlers.forms.kinds.choice import Choice, Several
from handlers.forms.kinds.measured import Measured, Pressure
from handlers.forms.kinds.person import Person
from locales.message import Text
from locales.translator import translator
from models.rules.measurements import CHILD_LIMITS, LIMITS
from models.rules.programmes.catalogue import BUILT_IN
from tests.architecture.reference.markdown import rows

_CAME = "came"
_MEASURED = "came, and consents to a health record"
_SEVERAL_VILLAGES = "works in several villages"
_NOT_GIVEN = "not begun from the due list"
_CORRECTING = "a saved record is corrected"
CONDITIONS: dict[str, dict[str, str]] = {
    "register": {
        "village": _SEVERAL_VILLAGES,
        "group": "the village has groups",
        "guardian": "under 14 years",
        "consents": "grown up, or a guardian agrees",
        "phone": "consents to being contacted",
        "channel": "consents to being contacted",
        "checkup": "consents to a health record",
        "identity": "consents to a health record",
        "another": "somebody who is registered looks alike",
        "reason": _CORRECTING,
    },
    "checkup": {
        "village": _SEVERAL_VILLAGES,
        "agreed_on": "the outcome needs a date",
        **dict.fromkeys(("bp", "weight", "height", "waist", "pulse", "temperature", "glucose", "concern"), _MEASURED),
        "reason": _CORRECTING,
    },
    "visit": {
        "village": f"{_SEVERAL_VILLAGES}, {_NOT_GIVEN}",
        "person": _NOT_GIVEN,
        "enrolment": "the person is in several programmes",
        "agreed_on": "the outcome needs a date",
        "next_on": _CAME,
        "reason": _CORRECTING,
    },
    "choice": {"reason": _CORRECTING},
    "household": {
        "member": "joins one",
        "relation": "once the household is known",
    },
    "consent": {
        "given": "gives",
        "agrees": "gives, from 14 years on",
        "guardian": "gives, under 14 years",
        "ended": "withdraws",
        "sure": "withdraws the health record",
    },
    "change": {
        "on": "moved, died",
        "until": "away",
        "since": "away, back",
    },
    "examination": {"reason": _CORRECTING},
    "referral": {"due_on": "wants to go, not urgent", "reason": _CORRECTING},
    "referral_answer": {"reason": _CORRECTING},
}
"""When a conditional field applies. A visit's measurements and codes follow the programme."""
_EMPTY = Env(date(2026, 1, 1), {}, {})


def table(name: str) -> str:
    """Return the table of a form's fields."""
    form = ENTRIES[name].form
    head = ("field", "label", "标签", "answer", "when", "asked")
    return rows(head, [_row(name, field) for field in form.fields])


def _row(form: str, field: Field) -> tuple[str, str, str, str, str, str]:
    labels = [translator(language).plain(Text.of(f"forms.{form}.{field.key}.label")) for language in ("en", "zh-CN")]
    return f"`{field.key}`", *labels, _answer(field), _when(form, field), _asked(form, field)


def _when(form: str, field: Field) -> str:
    if field.when is always:
        return ""
    programmes = [code for code, programme in BUILT_IN.items() if field.key in programme.fields]
    if form == "visit" and field.key not in CONDITIONS[form]:
        return f"{_CAME}; asked in: {', '.join(programmes)}" if programmes else _CAME
    return CONDITIONS[form][field.key]


def _asked(form: str, field: Field) -> str:
    by_programme = form == "visit" and any(field.key in programme.fields for programme in BUILT_IN.values())
    if field.default is not None:
        return "has a default, changed at the review"
    if field.offered is not never and not by_programme:
        return "added at the review"
    return "must be answered" if field.required else "may be skipped"


def _answer(field: Field) -> str:
    kind = field.kind
    if isinstance(kind, Person):
        return "a resident: tapped, or found by name, pinyin, initials or the phone's last four digits"
    if isinstance(kind, Alike):
        return "goes on, or opens the registered person instead"
    if isinstance(kind, Pressure):
        return "blood pressure in one go, `128/82`"
    if isinstance(kind, Measured):
        limit = LIMITS[kind._measure]
        return f"a number, {limit.unit}"
    if isinstance(kind, Day):
        return "a day: tapped, from the calendar, or typed"
    if isinstance(kind, Colleague):
        return "a member of staff: tapped, or found by any part of place or name"
    if isinstance(kind, Choice | Several):
        codes = [str(code) for code, _ in kind.choices(_EMPTY)]
        words = "one of" if isinstance(kind, Choice) else "any of"
        return f"{words} {', '.join(f'`{code}`' for code in codes)}" if codes else "one of those there are"
    return "a few words"


def limits() -> str:
    """Return the table of limits."""
    head = ("measure", "unit", "refused outside", "under 7 years", "warned from", "urgent")
    return rows(head, [_limit(measure) for measure in LIMITS])


def _limit(measure: str) -> tuple[str, ...]:
    limit, child = LIMITS[measure], CHILD_LIMITS[measure]  # type: ignore[index]
    urgent = [f"≥ {limit.urgent_high}"] if limit.urgent_high is not None else []
    urgent += [f"≤ {limit.urgent_low}"] if limit.urgent_low is not None else []
    young = _span(child.low, child.high) if child != limit else ""
    warned = "" if limit.warn is None else str(limit.warn)
    return f"`{measure}`", limit.unit, _span(limit.low, limit.high), young, warned, ", ".join(urgent)


def _span(low: Decimal, high: Decimal) -> str:
    return f"{low}–{high}"
