"""The triggers that notice what the counts are made of, so that no writer can forget to say it.

A change of a row touches each village, and the days, whose counts read that row: see `Touch`. What a trigger goes by is
declared here once, and written out for both databases; a migration keeps the text that it installs, and a test holds
migrated databases to this module.

SQLite drops a table's triggers when Alembic makes the table anew, and refuses to rename a table that another trigger
names: a migration that alters one of these tables takes all triggers away first and installs them again last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.rules.alerts import AlertKind
from models.rules.consent import Purpose
from models.rules.programmes.checkup import CHECKUP
from models.tables.places import PlaceKind
from models.tables.tallies import Lot

_ANY_DAY = "CAST(NULL AS date)"
PREFIX = "touch_"
"""How the triggers' names begin, and on PostgreSQL those of their functions."""


class Event(StrEnum):
    """What happens to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Effect:
    """Counts that hang on a row, `r`.

    Attributes:
        place: the row that lies in the village: `r`, or the one of `source`.
        since, until: expressions of the days concerned.
        source: where the other row comes from, as `table alias`.
        where: which one it is, and of which rows this holds.
        village: the village's id, if `place` doesn't have it.
    """

    lot: Lot
    place: str = "r"
    since: str = _ANY_DAY
    until: str = _ANY_DAY
    source: str = ""
    where: str = ""
    village: str = ""

    @property
    def select(self) -> str:
        """What is selected."""
        village = self.village or f"{self.place}.village_id"
        return f"SELECT {self.place}.township_id, {village}, '{self.lot}', {self.since}, {self.until}"


@dataclass(frozen=True, slots=True)
class Watch:
    """What touches what.

    Attributes:
        table: whose rows are watched.
        name: tells the triggers of one table apart.
        events: on what.
        columns: an update counts if one of these has changed; none: always.
        effects: what is touched, by the row as it was and as it is.
    """

    table: str
    name: str
    events: tuple[Event, ...]
    columns: tuple[str, ...]
    effects: tuple[Effect, ...]

    def trigger(self, event: Event) -> str:
        """Return the name of a trigger."""
        return f"{PREFIX}{self.name}_{event}"


def _on_day(lot: Lot, day: str, source: str = "", where: str = "") -> Effect:
    return Effect(lot, day.partition(".")[0], day, day, source, where)


_ALL = tuple(Event)
_MISSED = f"a.kind = '{AlertKind.VISIT}' AND a.subject_id ="
_CHECKUP = f"programme = '{CHECKUP.code}'"
_BENEFIT_OF_PERSON = "benefit_applications a JOIN benefit_decisions d ON d.application_id = a.id"
STANDING = (
    *("resident_id", "township_id", "village_id", "programme", "state", "enrolled_on", "ended_on", "paused"),
    *("anchors", "lmp_sealed"),
)
"""Columns of an enrolment that say who is in a programme, and since when."""
WINDOW = ("next_item", "next_due_on", "next_closes_on")
"""Columns of an enrolment that say what is due next."""

WATCHED = (
    Watch(
        *("visits", "visits", _ALL, ()),
        (
            _on_day(Lot.DONE, "r.visited_on"),
            _on_day(Lot.FOLLOWUP, "r.window_closes_on", "", "r.window_closes_on IS NOT NULL"),
            _on_day(
                Lot.FOLLOWUP, "a.due_on", "alerts a", f"{_MISSED} r.enrolment_id AND a.due_on = r.window_closes_on"
            ),
            Effect(Lot.CARE, "e", "r.visited_on", source="enrolments e", where="e.id = r.enrolment_id"),
            Effect(Lot.BIRTH, "e", source="enrolments e", where="e.id = r.enrolment_id"),
        ),
    ),
    Watch(
        *("attendances", "attendances", _ALL, ()),
        (
            _on_day(Lot.DONE, "r.held_on"),
            _on_day(Lot.ROUND, "d.held_on", "checkup_days d", "d.id = r.day_id"),
        ),
    ),
    Watch("checkup_days", "new_days", (Event.INSERT,), (), (_on_day(Lot.ROUND, "r.held_on"),)),
    Watch(
        *("checkup_days", "days", (Event.UPDATE, Event.DELETE)),
        ("township_id", "village_id", "nominal_on", "held_on", "state"),
        (Effect(Lot.ROUND),),
    ),
    Watch("counsellings", "counsellings", _ALL, (), (_on_day(Lot.CHOICE, "r.counselled_on"),)),
    Watch(
        *("enrolments", "windows", _ALL, (*STANDING, *WINDOW)),
        (
            Effect(Lot.WAITING, where="r.next_due_on IS NOT NULL"),
            _on_day(Lot.FOLLOWUP, "r.next_closes_on", "", "r.next_closes_on IS NOT NULL"),
            _on_day(Lot.FOLLOWUP, "a.due_on", "alerts a", f"{_MISSED} r.id AND a.due_on = r.next_closes_on"),
        ),
    ),
    Watch(
        *("enrolments", "standing", _ALL, STANDING),
        (
            _on_day(Lot.FOLLOWUP, "a.due_on", "alerts a", f"{_MISSED} r.id"),
            Effect(Lot.ROUND, "r", "r.enrolled_on", where=f"r.{_CHECKUP}"),
            Effect(Lot.CARE, "r", "r.enrolled_on"),
            Effect(Lot.BIRTH),
            Effect(Lot.BIRTH, "e", source="enrolments e", where="e.resident_id = r.resident_id"),
        ),
    ),
    Watch(
        *("residents", "residents", (Event.UPDATE,)),
        ("township_id", "village_id", "status", "restricted", "merged_into"),
        (
            Effect(Lot.WAITING, "e", source="enrolments e", where="e.resident_id = r.id"),
            _on_day(
                *(Lot.FOLLOWUP, "e.next_closes_on", "enrolments e"),
                "e.resident_id = r.id AND e.next_closes_on IS NOT NULL",
            ),
            Effect(
                *(Lot.ROUND, "e", "e.enrolled_on"),
                source="enrolments e",
                where=f"e.resident_id = r.id AND e.{_CHECKUP}",
            ),
        ),
    ),
    Watch(
        *("alerts", "alerts", _ALL),
        ("kind", "subject_id", "due_on", "township_id", "village_id", "closed_on", "closed_why"),
        (_on_day(Lot.FOLLOWUP, "r.due_on", "", f"r.kind = '{AlertKind.VISIT}' AND r.closed_on IS NOT NULL"),),
    ),
    Watch(
        *("places", "places", (Event.UPDATE,), ("checkup_dom", "zone")),
        (Effect(Lot.ROUND, village=f"CASE WHEN r.kind = '{PlaceKind.VILLAGE}' THEN r.id END"),),
    ),
    Watch("benefit_decisions", "benefit_decisions", _ALL, (), (_on_day(Lot.BENEFIT, "r.decided_on"),)),
    Watch(
        *("benefit_payments", "benefit_payments", _ALL, ()),
        (_on_day(Lot.BENEFIT, "d.decided_on", "benefit_decisions d", "d.id = r.decision_id"),),
    ),
    Watch(
        *("benefit_applications", "benefit_applications", _ALL),
        ("resident_id", "township_id", "village_id", "applied_on", "state", "voided_at"),
        (_on_day(Lot.BENEFIT, "d.decided_on", "benefit_decisions d", "d.application_id = r.id"),),
    ),
    Watch(
        *("residents", "benefit_people", (Event.UPDATE,)),
        ("township_id", "status", "restricted"),
        (_on_day(Lot.BENEFIT, "d.decided_on", _BENEFIT_OF_PERSON, "a.resident_id = r.id"),),
    ),
    Watch(
        *("consents", "benefit_consents", _ALL),
        ("resident_id", "purpose", "withdrawn_at"),
        (
            _on_day(
                *(Lot.BENEFIT, "d.decided_on", _BENEFIT_OF_PERSON),
                f"a.resident_id = r.resident_id AND r.purpose = '{Purpose.BENEFITS}'",
            ),
        ),
    ),
)
"""Everything that is watched. A resident who is in no programme is counted nowhere, so a new one touches nothing."""


def statements(dialect: str) -> list[str]:
    """Return the statements that install the triggers: on SQLite once a row, on PostgreSQL once a statement."""
    each = [(watch, event) for watch in WATCHED for event in watch.events]
    if dialect == "sqlite":
        return [_sqlite(watch, event) for watch, event in each]
    return [text for watch, event in each for text in (_function(watch, event), _postgres(watch, event))]


def _sqlite(watch: Watch, event: Event) -> str:
    images = {Event.INSERT: ("NEW",), Event.DELETE: ("OLD",)}.get(event, ("OLD", "NEW"))
    parts = [_of_image(effect, image) for effect in watch.effects for image in images]
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in watch.columns)
    when = f"\nWHEN {changed}" if changed and event is Event.UPDATE else ""
    head = f"CREATE TRIGGER {watch.trigger(event)} AFTER {event.upper()} ON {watch.table} FOR EACH ROW{when}"
    return f"{head}\nBEGIN\n{_insert(parts)};\nEND"


def _of_image(effect: Effect, image: str) -> str:
    source = f" FROM {effect.source}" if effect.source else ""
    where = f" WHERE {effect.where}" if effect.where else ""
    return re.sub(r"\br\.", f"{image}.", f"{effect.select}{source}{where}")


def _postgres(watch: Watch, event: Event) -> str:
    new, old = "NEW TABLE AS new_rows", "OLD TABLE AS old_rows"
    named = {Event.INSERT: new, Event.DELETE: old}.get(event, f"{old} {new}")
    name = watch.trigger(event)
    head = f"CREATE TRIGGER {name} AFTER {event.upper()} ON {watch.table} REFERENCING {named}"
    return f"{head}\nFOR EACH STATEMENT EXECUTE FUNCTION {name}()"


def _function(watch: Watch, event: Event) -> str:
    rows = {Event.INSERT: "new_rows", Event.DELETE: "old_rows"}.get(event, "changed")
    parts = [_of_rows(effect, rows) for effect in watch.effects]
    before = _changed(watch) if event is Event.UPDATE else ""
    head = f"CREATE OR REPLACE FUNCTION {watch.trigger(event)}() RETURNS trigger LANGUAGE plpgsql AS $$"
    return f"{head}\nBEGIN\n{before}{_insert(parts)};\nRETURN NULL;\nEND $$"


def _of_rows(effect: Effect, rows: str) -> str:
    source = f", {effect.source}" if effect.source else ""
    where = f" WHERE {effect.where}" if effect.where else ""
    return f"{effect.select} FROM {rows} r{source}{where}"


def _changed(watch: Watch) -> str:
    """Return what names the rows that an update has changed, as they were and as they are."""
    old, new = (", ".join(_comparable(row, column) for column in watch.columns) for row in "on")
    differs = f" WHERE ({old}) IS DISTINCT FROM ({new})" if watch.columns else ""
    both = f"FROM old_rows o JOIN new_rows n ON n.id = o.id{differs}"
    return f"WITH changed AS (SELECT o.* {both} UNION ALL SELECT n.* {both})\n"


def _comparable(row: str, column: str) -> str:
    """Return a column; of JSON its text, as PostgreSQL can't compare the values."""
    return f"CAST({row}.{column} AS text)" if column == "anchors" else f"{row}.{column}"


def _insert(parts: Sequence[str]) -> str:
    return "INSERT INTO touches (township_id, village_id, lot, since, until)\n" + "\nUNION ".join(parts)
