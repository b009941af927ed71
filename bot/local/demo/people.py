"""Residents who do not exist: age, sex, name, phone, identity number, consents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from bot.local.demo.names import full_name
from bot.local.demo.setting import Setting
from models.rules.ages import age_in_months
from models.rules.consent import Purpose, needs_guardian
from models.rules.identity import check_digit
from models.rules.sex import Sex
from models.store.persons import IDENTITY, NAME, PHONE
from models.tables.base import new_id
from models.tables.residents import Channel, ResidentStatus

_PYRAMID = tuple(accumulate((52, 66, 74, 50, 36, 46, 68, 70, 62, 66, 90, 92, 72, 68, 54, 34, 20, 9, 3)))
"""Weights, summed up, of the ages 0-4, 5-9, … 90-94: a village whose young people work in towns."""
_BANDS = range(len(_PYRAMID))
_AGREES = {
    Purpose.HEALTH_RECORD: 0.94,
    Purpose.CONTACT: 0.88,
    Purpose.REMINDERS: 0.7,
    Purpose.HANDOVER: 0.45,
}
_CHANNELS = (Channel.VISIT, Channel.PHONE, Channel.CLINIC, Channel.FAMILY)
_NOBODYS_PHONE = "1640"
"""No operator has numbers of 164."""
_NOBODYS_COUNTY = "411799"
"""No county has this code, so that the numbers are nobody's."""
_HAS_IDENTITY = 0.08
_NAMESAKE_EVERY = 24


@dataclass(slots=True)
class Life:
    """A resident in the making.

    Attributes:
        consent_ids: rows of the consents that stand.
        status, restricted, revision: as the story leaves them.
    """

    id: int
    sex: Sex
    birth: date
    name: str
    registered_on: date
    registered_at: datetime
    consents: frozenset[Purpose]
    row: dict[str, Any] = field(default_factory=dict)
    consent_rows: list[dict[str, Any]] = field(default_factory=list)
    status: ResidentStatus = ResidentStatus.PRESENT
    restricted: bool = False
    revision: int = 1

    @property
    def has_record(self) -> bool:
        """Whether anything of health may be kept."""
        return Purpose.HEALTH_RECORD in self.consents

    def months(self, on: date) -> int:
        """Return the age in completed months."""
        return age_in_months(self.birth, on) or 0

    def finish(self) -> dict[str, Any]:
        """Return the row of the resident, once the story is told."""
        changed = {"status": self.status, "restricted": self.restricted, "revision": self.revision}
        return self.row | changed


def people(setting: Setting, many: int) -> list[Life]:
    """Return residents; every so often one has the name of another of about the same age."""
    lives: list[Life] = []
    for number in range(1, many + 1):
        grown = [one for one in lives[-10:] if one.months(setting.launch) > 20 * 12]
        lives.append(_person(setting, grown[0] if grown and number % _NAMESAKE_EVERY == 0 else None))
    return lives


def _person(setting: Setting, namesake: Life | None) -> Life:
    sex = Sex.FEMALE if setting.chance(0.5) else Sex.MALE
    birth = _birth(setting)
    name = full_name(setting.rng, sex, birth)
    if namesake is not None:
        sex, name = namesake.sex, namesake.name
        birth = namesake.birth - timedelta(days=setting.between(200, 1500))
    registered = _registered(setting, birth)
    agreed = frozenset(purpose for purpose, share in _AGREES.items() if setting.chance(share))
    life = Life(new_id(), sex, birth, name, registered, setting.at(registered), agreed)
    life.row = _row(setting, life)
    life.consent_rows = _consents(setting, life)
    return life


def _birth(setting: Setting) -> date:
    band = setting.rng.choices(_BANDS, cum_weights=_PYRAMID)[0]
    days = setting.between(0, 5 * 365 - 1)
    return setting.today - timedelta(days=band * 5 * 365 + band + days + 1)


def _registered(setting: Setting, birth: date) -> date:
    """Return when the person was registered: at the launch, on moving here, or soon after birth."""
    if birth >= setting.launch:
        return min(birth + timedelta(days=setting.between(0, 5)), setting.yesterday)
    if setting.chance(0.06):
        return setting.day(setting.launch, setting.yesterday)
    return setting.launch + timedelta(days=setting.between(0, 30))


def _row(setting: Setting, life: Life) -> dict[str, Any]:
    vault, village = setting.vault, setting.village
    phone, identity = _phone(setting, life), _identity(setting, life)
    prefers = setting.rng.choice(_CHANNELS) if setting.chance(0.4) else None
    return {
        "id": life.id,
        "township_id": village.township_id,
        "village_id": village.id,
        "group_id": setting.rng.choice(village.groups),
        "name_sealed": vault.seal_text(NAME, life.id, life.name),
        "phone_sealed": vault.seal_text(PHONE, life.id, phone),
        "identity_sealed": vault.seal_text(IDENTITY, life.id, identity),
        "name_hash": vault.lookup("name", life.name),
        "phone_hash": vault.lookup("phone", phone) if phone else None,
        "identity_hash": vault.lookup("identity", identity) if identity else None,
        "sex": life.sex,
        "birth_date": life.birth,
        "preferred_channel": prefers,
        "is_demo": True,
        "entered_by": setting.manager,
        "draft_id": None,
        "created_at": life.registered_at,
        "updated_at": life.registered_at,
    }


def _phone(setting: Setting, life: Life) -> str | None:
    years = life.months(setting.today) // 12
    has_one = setting.chance(0.5 if years > 75 else 0.9) and years >= 14
    number = f"{_NOBODYS_PHONE}{setting.between(0, 9_999_999):07}"
    return number if has_one and Purpose.CONTACT in life.consents else None


def _identity(setting: Setting, life: Life) -> str | None:
    parity = 1 if life.sex is Sex.MALE else 0
    order = setting.between(0, 499) * 2 + parity
    if not life.has_record or not setting.chance(_HAS_IDENTITY):
        return None
    body = f"{_NOBODYS_COUNTY}{life.birth:%Y%m%d}{order:03}"
    return body + check_digit(body)


def _consents(setting: Setting, life: Life) -> list[dict[str, Any]]:
    how = "written" if setting.chance(0.3) else "oral"
    rows = [_consent(setting, life, purpose, how) for purpose in sorted(life.consents)]
    if Purpose.REMINDERS in life.consents and setting.chance(0.02):
        taken_back = setting.day(life.registered_on, setting.yesterday)
        row = next(row for row in rows if row["purpose"] is Purpose.REMINDERS)
        row["withdrawn_at"] = max(life.registered_at, setting.at(taken_back))
    return rows


def _consent(setting: Setting, life: Life, purpose: Purpose, how: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "resident_id": life.id,
        "township_id": setting.village.township_id,
        "village_id": setting.village.id,
        "purpose": purpose,
        "given_at": life.registered_at,
        "withdrawn_at": None,
        "recorded_by": setting.manager,
        "how": how,
        "guardian": needs_guardian(life.birth, life.registered_on),
    }
