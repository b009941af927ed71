"""Benefits of the last year: older people ask for reward assistance, are confirmed, and most are paid by now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from bot.local.demo.people import Life
from bot.local.demo.setting import Setting
from models.rules import benefits as rules
from models.rules.benefits import BENEFITS, BenefitCode, BenefitState, Ground
from models.rules.changes import ResidentStatus
from models.rules.consent import Purpose
from models.store.vault import Cell
from models.tables.base import new_id

Row = dict[str, Any]
AMOUNT, GROUND = Cell("benefit_payments", "amount_sealed"), Cell("benefit_decisions", "ground_sealed")
_GROWN_MONTHS = 50 * 12
_SHARE, _REFUSED, _UNPAID = 0.5, 0.04, 0.6
"""Who of those asks, is not eligible, and waits for money where a village is behind."""
_SINCE = timedelta(days=330)
_PAID_FEN = 96_000
_DAYS_TO_DECIDE, _DAYS_TO_PAY = (6, 27), (10, 45)
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Told:
    """The rows of one person."""

    consents: list[Row] = field(default_factory=list)
    applications: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)


def tell(setting: Setting, life: Life) -> Told:
    """Return what a person asked for. It has dice of its own: nothing else of the demo hangs on them."""
    dice = Random(f"{setting.village.unit.code}:{life.name}:{life.birth}")  # noqa: S311 - content of a demo
    one, told = replace(setting, rng=dice), Told()
    stays = life.has_record and life.status is ResidentStatus.PRESENT and not life.restricted
    if not stays or life.months(setting.today) < _GROWN_MONTHS or not one.chance(_SHARE):
        return told
    on = one.day(max(life.registered_on + _DAY, setting.today - _SINCE), setting.yesterday)
    told.consents.append(_consent(one, life, on))
    told.applications.append(_application(one, life, on))
    for decision in _decisions(one, told.applications[0]):
        told.decisions.append(decision)
        told.payments += _payments(one, decision)
    return told


def _where(setting: Setting) -> Row:
    return {"township_id": setting.village.township_id, "village_id": setting.village.id}


def _consent(setting: Setting, life: Life, on: date) -> Row:
    said = {"how": "oral", "guardian": False, "recorded_by": setting.manager, "withdrawn_at": None}
    at = setting.at(on)
    return {
        "id": new_id(),
        "resident_id": life.id,
        **_where(setting),
        "purpose": Purpose.BENEFITS,
        "given_at": at,
        **said,
    }


def _application(setting: Setting, life: Life, on: date) -> Row:
    return {
        "id": new_id(),
        "resident_id": life.id,
        **_where(setting),
        "benefit": BenefitCode.REWARD,
        "applied_on": on,
        "decide_by": rules.decide_by(on),
        "state": BenefitState.ASKED,
        "until": None,
        "withdrawn_at": None,
        "withdrawn_by": None,
        "version": 1,
        "voided_at": None,
        "entered_by": setting.manager,
        "entered_at": setting.at(on),
        "draft_id": None,
    }


def _decisions(setting: Setting, application: Row) -> Iterator[Row]:
    """Yield the decision, if it was made by now, and let the application say so."""
    on = application["applied_on"] + timedelta(days=setting.between(*_DAYS_TO_DECIDE))
    if on > setting.yesterday:
        return
    row_id, is_confirmed = new_id(), not setting.chance(_REFUSED)
    until = rules.holds_until(BENEFITS[BenefitCode.REWARD], on) if is_confirmed else None
    application |= {"state": BenefitState.CONFIRMED if is_confirmed else BenefitState.REFUSED, "until": until}
    yield {
        "id": row_id,
        "application_id": application["id"],
        **_where(setting),
        "is_confirmed": is_confirmed,
        "is_renewal": False,
        "ground_sealed": setting.vault.seal_text(GROUND, row_id, None if is_confirmed else Ground.PAPERS),
        "decided_on": on,
        "until": until,
        "voided_at": None,
        "entered_by": setting.clinic,
        "entered_at": setting.at(on),
    }


def _payments(setting: Setting, decision: Row) -> Iterator[Row]:
    on = decision["decided_on"] + timedelta(days=setting.between(*_DAYS_TO_PAY))
    waits = not setting.village.unit.is_diligent and setting.chance(_UNPAID)
    if not decision["is_confirmed"] or waits or on > setting.yesterday:
        return
    row_id = new_id()
    yield {
        "id": row_id,
        "decision_id": decision["id"],
        **_where(setting),
        "paid_on": on,
        "amount_sealed": setting.vault.seal_text(AMOUNT, row_id, str(_PAID_FEN)),
        "batch_id": new_id(),
        "version": 1,
        "voided_at": None,
        "entered_by": setting.clinic,
        "entered_at": setting.at(on),
    }
