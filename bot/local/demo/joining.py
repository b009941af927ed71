"""Who joins which programme, and when: by age, sex and how often it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.local.demo.people import Life
from bot.local.demo.setting import Setting
from models.rules.programmes.base import Anchor, Programme
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.sex import Sex
from models.rules.spans import add_months

_ADULT, _OLD = 18 * 12, 65 * 12
_METHODS = ("iud", "iud", "iud", "combined_pill", "combined_pill", "dmpa", "net_en", "female_sterilisation", "implant")


@dataclass(frozen=True, slots=True)
class Join:
    """A person joins a programme.

    Attributes:
        on: the day of enrolment.
        anchors: the dates that the schedule needs; a birth date is in the person's record.
        waits: the clinic has yet to approve it.
        from_birth: visits before the enrolment are copied from the booklet.
    """

    programme: Programme
    on: date
    anchors: dict[Anchor, date] = field(default_factory=dict)
    waits: bool = False
    from_birth: bool = False


def joins(setting: Setting, life: Life) -> list[Join]:
    """Return what a person with a health record joins; what needs another person's birth comes apart."""
    if not life.has_record:
        return []
    found = [*_checkup(setting, life), *_chronic(setting, life), *_screening(setting, life)]
    found += [*_child(setting, life), *_method(setting, life)]
    return [one for one in found if one.on < setting.today]


def mothers(setting: Setting, lives: Iterable[Life]) -> dict[int, Join]:
    """Return, by person, the women who join the postnatal programme: one for most children born since the launch."""
    everybody = list(lives)
    found: dict[int, Join] = {}
    for child in everybody:
        if child.birth < setting.launch or child.birth > setting.today - timedelta(days=4):
            continue
        mother = next((one for one in everybody if one.id not in found and _may_bear(one, child.birth)), None)
        if mother is not None and setting.chance(0.9):
            on = max(child.birth + timedelta(days=setting.between(1, 3)), mother.registered_on)
            anchors = {Anchor.DELIVERY: child.birth}
            if setting.chance(0.6):
                anchors[Anchor.DISCHARGE] = child.birth + timedelta(days=1)
            found[mother.id] = Join(BUILT_IN["postnatal"], on, anchors)
    return found


def expecting(setting: Setting, lives: Iterable[Life], taken: Iterable[int]) -> dict[int, Join]:
    """Return the few women who asked the clinic for antenatal care themselves."""
    found: dict[int, Join] = {}
    busy = set(taken)
    for one in lives:
        weeks_ago = setting.between(9, 38)
        if one.id in busy or not _may_bear(one, setting.today) or not setting.chance(0.06):
            continue
        lmp = setting.today - timedelta(days=weeks_ago * 7)
        on = lmp + timedelta(days=setting.between(45, 62))
        if one.registered_on <= on:
            found[one.id] = Join(BUILT_IN["antenatal"], on, {Anchor.LMP: lmp})
    return found


def _may_bear(life: Life, on: date) -> bool:
    return (
        life.sex is Sex.FEMALE
        and life.has_record
        and 21 * 12 <= life.months(on) <= 38 * 12
        and life.registered_on <= on + timedelta(days=10)
    )


def _soon(setting: Setting, life: Life, days: int) -> date:
    return life.registered_on + timedelta(days=setting.between(0, days))


def _checkup(setting: Setting, life: Life) -> Iterator[Join]:
    """The odd-month check-up comes with contraceptive services, so most who join are women of that age."""
    months = life.months(life.registered_on)
    usual = life.sex is Sex.FEMALE and 20 * 12 <= months <= 49 * 12
    if months >= _ADULT and setting.chance(0.78 if usual else 0.07):
        yield Join(BUILT_IN["checkup"], _soon(setting, life, 20))


def _chronic(setting: Setting, life: Life) -> Iterator[Join]:
    months = life.months(life.registered_on)
    if months >= _ADULT:
        years = months // 12
        late = setting.chance(0.25)
        for code, share in (("hypertension", (years - 30) / 120), ("diabetes", (years - 35) / 320)):
            on = setting.day(life.registered_on, setting.yesterday) if late else _soon(setting, life, 85)
            if setting.chance(share):
                yield Join(BUILT_IN[code], on)
    turns_65 = add_months(life.birth, _OLD)
    if turns_65 < setting.yesterday and setting.chance(0.88):
        first = max(life.registered_on, turns_65)
        yield Join(BUILT_IN["elderly"], first + timedelta(days=setting.between(0, 240)))


def _screening(setting: Setting, life: Life) -> Iterator[Join]:
    months = life.months(life.registered_on)
    if _ADULT <= months < _OLD and setting.chance(0.4):
        yield Join(BUILT_IN["blood_pressure"], _soon(setting, life, 330))
    if life.sex is Sex.FEMALE and 35 * 12 <= months < 62 * 12 and setting.chance(0.1):
        code = "cervical_hpv" if setting.chance(0.6) else "cervical_cytology"
        yield Join(BUILT_IN[code], setting.day(life.registered_on, setting.yesterday))


def _child(setting: Setting, life: Life) -> Iterator[Join]:
    months = life.months(life.registered_on)
    if months < 72 and setting.chance(0.95):
        yield Join(BUILT_IN["child_health"], life.registered_on)
    if months < 72 and setting.chance(0.95):
        yield Join(BUILT_IN["immunisation"], life.registered_on, from_birth=months < 36)


def _method(setting: Setting, life: Life) -> Iterator[Join]:
    """Contraception follow-up is asked for by few, and takes effect when the clinic has approved it."""
    months = life.months(setting.today)
    if not 22 * 12 <= months <= 45 * 12 or not setting.chance(0.12 if life.sex is Sex.FEMALE else 0.01):
        return
    code = setting.rng.choice(_METHODS) if life.sex is Sex.FEMALE else "vasectomy"
    waits = setting.chance(0.1)
    start = setting.day(max(life.registered_on, setting.today - timedelta(days=500)), setting.yesterday)
    if waits:
        start = max(start, setting.today - timedelta(days=15))
    anchor = BUILT_IN[code].anchors[0]
    day = add_months(start, 30 + setting.between(0, 8)) if anchor is Anchor.REMOVAL else start
    yield Join(BUILT_IN[code], start, {anchor: day}, waits)
