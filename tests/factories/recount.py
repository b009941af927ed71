"""Every indicator once more, from the exported rows, in plain Python: what the store's queries are held to.

It shares no code with them, nor with the indicators' rules: the words of docs/reference/indicators.md are followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from models.rules.calendar import checkup_day, is_working_day

DAY = timedelta(days=1)
CHINA = ZoneInfo("Asia/Shanghai")
SERVED = {"ATTENDED", "OTHER_PROVIDER", "DECLINED"}
Row = Mapping[str, Any]
Share = tuple[int, int | None]


@dataclass(frozen=True)
class Export:
    """Rows of a township as they are stored, but for what is sealed."""

    villages: Sequence[Row]
    residents: Sequence[Row]
    enrolments: Sequence[Row]
    visits: Sequence[Row]
    days: Sequence[Row]
    attendances: Sequence[Row]
    talks: Sequence[Row]
    consents: Sequence[Row]
    applications: Sequence[Row]
    decisions: Sequence[Row]
    payments: Sequence[Row]
    alerts: Sequence[Row]
    complaints: Sequence[Row]
    answers: Sequence[Row]
    lmp: Mapping[int, date]


def complaints(export: Export, village: int | None, first: date, last: date, today: date) -> Share:
    """Return how many complaints about a village, or about none, were answered in time, of those that were due."""
    due = [
        row
        for row in export.complaints
        if row["village_id"] == village
        and first <= row["due_on"] <= last
        and row["due_on"] < today
        and row["outcome"] != "withdrawn"
    ]
    return sum(row["answered_on"] is not None and row["answered_on"] <= row["due_on"] for row in due), len(due)


def satisfaction(export: Export, village: int | None, first: date, last: date, _today: date) -> Share:
    """Return how many answers of a village, or of none, were "satisfied", of all of them."""
    found = [row["answer"] for row in export.answers if row["village_id"] == village and first <= row["month"] <= last]
    return found.count("satisfied"), len(found)


class Recount:
    """Counts a village's figures from `first` to `last`, as of `now`."""

    def __init__(self, export: Export, village: int, first: date, last: date, now: datetime) -> None:
        """Take the rows of the village."""
        self.first, self.last, self.now = first, last, now
        self.today = now.astimezone(CHINA).date()
        self.village = next(row for row in export.villages if row["id"] == village)
        self.export = export
        self.people = {row["id"]: row for row in export.residents}
        self.enrolments = [row for row in export.enrolments if row["village_id"] == village]
        self.visits = [row for row in export.visits if row["village_id"] == village and row["voided_at"] is None]
        self.attendances = [row for row in export.attendances if row["voided_at"] is None]
        self.here = {row["id"] for row in export.residents if row["village_id"] == village}

    def all(self) -> dict[str, Share]:
        """Return n and N of each indicator; N is `None` for a plain number."""
        early, soon = self._early(), self._soon()
        return {
            "done": (self._done(), None),
            "due": (self._waiting(lambda row: row["next_closes_on"] >= self.today), None),
            "overdue": (self._waiting(lambda row: row["next_closes_on"] < self.today), None),
            "timeliness": self._timeliness(),
            "checkup_offer": self._offer(),
            "attendance": self._attendance(),
            "reporting": self._reporting(),
            "informed_choice": self._choice(),
            "early_antenatal": early,
            "postnatal_visit": soon,
            "hypertension_managed": self._care("hypertension", "sbp")[0],
            "hypertension_controlled": self._care("hypertension", "sbp")[1],
            "diabetes_managed": self._care("diabetes", "glucose")[0],
            "diabetes_controlled": self._care("diabetes", "glucose")[1],
            "benefits_coverage": self._benefits(),
            "complaints_answered": complaints(self.export, self.village["id"], self.first, self.last, self.today),
            "satisfaction": satisfaction(self.export, self.village["id"], self.first, self.last, self.today),
        }

    def _in(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def _listed(self, resident: int) -> bool:
        person = self.people[resident]
        return person["status"] in ("present", "away") and not person["restricted"] and person["merged_into"] is None

    def _done(self) -> int:
        visits = [row for row in self.visits if self._in(row["visited_on"])]
        places = [
            row for row in self.attendances if row["village_id"] == self.village["id"] and self._in(row["held_on"])
        ]
        return sum(row["outcome"] in SERVED for row in (*visits, *places))

    def _waiting(self, matches: Callable[[Row], bool]) -> int:
        until = self.today + relativedelta(day=31)
        running = [
            row
            for row in self.enrolments
            if row["state"] == "active" and row["next_due_on"] is not None and row["next_due_on"] <= until
        ]
        return sum(self._listed(row["resident_id"]) and matches(row) for row in running)

    def _timeliness(self) -> Share:
        left_out = ("checkup", "extra")
        used = [
            row["visited_on"] <= row["window_closes_on"]
            for row in self.visits
            if self._in(row["window_closes_on"])
            and row["window_closes_on"] < self.today
            and row["outcome"] in SERVED
            and row["item"] is not None
            and row["item"] not in left_out
        ]
        overdue = [
            row
            for row in self.enrolments
            if row["state"] == "active"
            and not row["paused"]
            and self._in(row["next_closes_on"])
            and row["next_closes_on"] < self.today
            and row["next_item"] is not None
            and row["next_item"] not in left_out
            and self._listed(row["resident_id"])
        ]
        return sum(used), len(used) + len(overdue) + sum(map(self._gave_way, self.export.alerts))

    def _gave_way(self, alert: Row) -> bool:
        if alert["village_id"] != self.village["id"] or not self._in(alert["due_on"]) or alert["due_on"] >= self.today:
            return False
        if alert["closed_on"] is None or alert["closed_why"] != "done":
            return False
        enrolment = next(row for row in self.export.enrolments if row["id"] == alert["subject_id"])
        if enrolment["paused"] or enrolment["programme"] == "checkup":
            return False
        if enrolment["next_closes_on"] == alert["due_on"]:
            return False
        if enrolment["ended_on"] is not None and alert["closed_on"] >= enrolment["ended_on"]:
            return False
        return not any(
            row["enrolment_id"] == enrolment["id"]
            and row["window_closes_on"] == alert["due_on"]
            and row["outcome"] in SERVED
            and row["voided_at"] is None
            for row in self.export.visits
        )

    def _rounds(self) -> Iterable[tuple[Row | None, date]]:
        """Yield the days held in the period by today: the row, if there is one, and the day."""
        rows = {row["nominal_on"]: row for row in self.export.days if row["village_id"] == self.village["id"]}
        dom = self.village["checkup_dom"] or 10
        for year in range(self.first.year - 1, self.last.year + 2):
            for month in (1, 3, 5, 7, 9, 11):
                day = checkup_day(dom, year, month)
                row = rows.get(day.nominal)
                held = row["held_on"] if row else day.held_on
                if self._in(held) and held <= self.today and (row is None or row["state"] != "cancelled"):
                    yield row, held

    def _places(self, row: Row | None, held: date) -> tuple[list[list[Row]], list[Row]]:
        """Return what was reported of each person's place, and the enrolments of whom nothing was."""
        told: dict[int, list[Row]] = {}
        everybody = [one for one in self.attendances if row is not None and one["day_id"] == row["id"]]
        for one in everybody:
            if one["enrolment_id"] is not None:
                told.setdefault(one["resident_id"], []).append(one)
        heard = {one["resident_id"] for one in everybody}
        silent = [
            one
            for one in self.enrolments
            if one["programme"] == "checkup"
            and one["enrolled_on"] <= held
            and (one["state"] == "active" or one["ended_on"] >= held)
            and one["resident_id"] not in heard
            and one["resident_id"] in self.here
            and self._listed(one["resident_id"])
        ]
        return list(told.values()), silent

    def _outcomes(self) -> Iterable[tuple[str | None, bool]]:
        """Yield what came of each place, and whether by the seventh day."""
        for row, held in self._rounds():
            told, silent = self._places(row, held)
            for records in told:
                last = max(records, key=lambda one: (one["held_on"], one["entered_at"], one["id"]))
                yield last["outcome"], last["held_on"] <= held + 7 * DAY
            for one in silent:
                if not one["paused"]:
                    yield None, False

    def _due(self) -> list[tuple[str | None, bool]]:
        gone = {"AWAY", "MOVED", "DECEASED", "CONSENT_WITHDRAWN", "NOT_DUE"}
        return [(outcome, in_time) for outcome, in_time in self._outcomes() if outcome not in gone]

    def _attendance(self) -> Share:
        due = self._due()
        return sum(outcome == "ATTENDED" for outcome, _ in due), len(due)

    def _offer(self) -> Share:
        due, asked = self._due(), {"DECLINED", "OTHER_PROVIDER", "RESCHEDULED", "ILL"}
        return sum(out == "ATTENDED" or (out in asked and in_time) for out, in_time in due), len(due)

    def _reporting(self) -> Share:
        in_time = counted = 0
        for row, held in self._rounds():
            deadline_on = held + DAY
            while not is_working_day(deadline_on):
                deadline_on += DAY
            deadline = datetime.combine(deadline_on, time(18), CHINA).astimezone(UTC)
            told, silent = self._places(row, held)
            if self.now < deadline or not (told or silent):
                continue
            counted += 1
            in_time += not silent and all(min(one["entered_at"] for one in each) <= deadline for each in told)
        return in_time, counted

    def _choice(self) -> Share:
        talks = [
            row
            for row in self.export.talks
            if row["village_id"] == self.village["id"] and row["voided_at"] is None and self._in(row["counselled_on"])
        ]
        return sum(row["explained"] >= 2 and row["decision_own"] for row in talks), len(talks)

    def _benefits(self) -> Share:
        paid = owed = 0
        for row in self.export.decisions:
            is_here = row["village_id"] == self.village["id"] and self._in(row["decided_on"])
            if not is_here or not row["is_confirmed"] or row["voided_at"] is not None:
                continue
            if any(one["decision_id"] == row["id"] and one["voided_at"] is None for one in self.export.payments):
                paid += 1
            elif self._is_owed(row["application_id"]):
                owed += 1
        return paid, paid + owed

    def _is_owed(self, application_id: int) -> bool:
        asked = next(row for row in self.export.applications if row["id"] == application_id)
        person = self.people.get(asked["resident_id"])
        if person is None or person["status"] not in ("present", "away") or person["restricted"]:
            return False
        agrees = any(
            one["resident_id"] == asked["resident_id"] and one["purpose"] == "BENEFITS" and one["withdrawn_at"] is None
            for one in self.export.consents
        )
        return agrees and asked["state"] != "withdrawn" and asked["voided_at"] is None

    def _deliveries(self, programmes: Sequence[str], rows: Iterable[Row]) -> list[tuple[Row, date]]:
        found = []
        for row in rows:
            day = row["anchors"].get("delivery")
            if row["programme"] in programmes and day is not None and self._in(date.fromisoformat(day)):
                found.append((row, date.fromisoformat(day)))
        return found

    def _first(self, enrolment: Row) -> date | None:
        visits = [row for row in self.export.visits if row["enrolment_id"] == enrolment["id"]]
        return min(
            (row["visited_on"] for row in visits if row["voided_at"] is None and row["outcome"] in SERVED), default=None
        )

    def _soon(self) -> Share:
        births = self._deliveries(["postnatal"], self.enrolments)
        firsts = [(self._first(row), on) for row, on in births]
        return sum(first is not None and first <= on + 28 * DAY for first, on in firsts), len(births)

    def _early(self) -> Share:
        born = {}
        for programme in ("postnatal", "antenatal"):
            for row, on in self._deliveries([programme], self.export.enrolments):
                born[row["resident_id"]] = on
        early = []
        for row in self.enrolments:
            since, birth = self.export.lmp.get(row["id"]), born.get(row["resident_id"])
            if row["programme"] != "antenatal" or since is None or birth is None:
                continue
            if since <= birth <= since + 315 * DAY:
                first = self._first(row)
                early.append(first is not None and first <= since + 90 * DAY)
        return sum(early), len(early)

    def _care(self, programme: str, measure: str) -> tuple[Share, Share]:
        end = min(self.last, self.today)
        quarters_ago = [end - relativedelta(months=3 * step) for step in (1, 2, 3, 4)]
        managed = controlled = people = 0
        for row in self.enrolments:
            is_in = row["enrolled_on"] <= end and (row["ended_on"] is None or row["ended_on"] > end)
            quarters = sum(row["enrolled_on"] <= ago for ago in quarters_ago)
            if row["programme"] != programme or not is_in or not quarters:
                continue
            visits = [
                one
                for one in self.export.visits
                if one["enrolment_id"] == row["id"]
                and one["voided_at"] is None
                and one["outcome"] in ("ATTENDED", "OTHER_PROVIDER")
                and quarters_ago[-1] < one["visited_on"] <= end
            ]
            measured = [one for one in visits if one[measure] is not None]
            last = max(measured, key=lambda one: (one["visited_on"], one["entered_at"], one["id"]), default=None)
            people += 1
            managed += len(visits) >= quarters
            controlled += last is not None and not last["uncontrolled"]
        return (managed, people), (controlled, people)
