"""A township of chance, written straight into the tables: more odd histories than anybody could tap in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from models.rules.access import Actor, Role
from models.rules.alerts import AlertKind, CloseReason
from models.rules.benefits import BenefitCode, BenefitState
from models.rules.calendar import CHECKUP_MONTHS, checkup_day
from models.rules.changes import ResidentStatus
from models.rules.clock import CHINA
from models.rules.complaints import Channel, ComplaintKind, ComplaintOutcome, Concern
from models.rules.consent import Purpose
from models.rules.outcomes import Outcome
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.satisfaction import Satisfaction
from models.rules.sex import Sex
from models.store import places, staff
from models.store._facts import LMP
from models.store.database import StoreSession
from models.store.places import PlaceRow
from models.tables.alerts import Alert
from models.tables.base import new_id, table
from models.tables.benefits import BenefitApplication, BenefitDecision, BenefitPayment
from models.tables.checkups import Attendance, CheckupDay, DayState
from models.tables.complaints import Complaint
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import PlaceKind
from models.tables.residents import Consent, Resident
from models.tables.satisfaction import SatisfactionAnswer
from models.tables.visits import Visit

DAY = timedelta(days=1)
Row = dict[str, Any]
_PROGRAMMES = (
    "checkup",
    "checkup",
    "hypertension",
    "hypertension",
    "diabetes",
    "antenatal",
    "postnatal",
    "antenatal",
    "dmpa",
)
_ITEMS = ("quarterly", "quarterly", "extra", "follow_up", "ANC1", None)
_ENDS = (None, None, None, None, Outcome.DECLINED, Outcome.MOVED, Outcome.CONSENT_WITHDRAWN)


class Township:
    """Makes one; `places`, `clinic`, `leader` and `managers` are there once it is built."""

    def __init__(self, seed: int, today: date) -> None:
        """Take the number that everything follows from, and the day up to which things happened."""
        self._random, self._today, self._seed = Random(seed), today, seed
        self.villages: list[PlaceRow] = []
        self.managers: list[Actor] = []

    async def build(self, session: StoreSession, people: int = 20) -> None:
        """Write it, with so many people in each village."""
        await self._places(session)
        residents = [self._resident(village) for village in self.villages for _ in range(people)]
        enrolments = [row for resident in residents for row in self._enrolments(session, resident)]
        visits = [row for enrolment in enrolments for row in self._visits(enrolment)]
        days = [row for village in self.villages for row in self._days(village)]
        asked = [row for resident in residents for row in self._applications(resident)]
        decided = [row for application in asked for row in self._decisions(application)]
        lots: tuple[tuple[type[Any], Sequence[Row]], ...] = (
            (Resident, residents),
            (Enrolment, enrolments),
            (Visit, visits),
            (CheckupDay, days),
            (Attendance, [row for day in days for row in self._attendances(day, residents, enrolments)]),
            (Counselling, [row for resident in residents[::3] for row in self._talks(resident)]),
            (Consent, list(self._consents(residents))),
            (BenefitApplication, asked),
            (BenefitDecision, decided),
            (BenefitPayment, [row for decision in decided for row in self._payments(decision)]),
            (Alert, list(self._alerts(enrolments, visits))),
            (Complaint, list(self._complaints())),
            (SatisfactionAnswer, list(self._answers())),
        )
        for model, rows in lots:
            await session.execute(insert(table(model)), rows)

    async def _places(self, session: StoreSession) -> None:
        code = f"4117281{self._seed:02}"
        self.township = await places.add(session, code, PlaceKind.TOWNSHIP, f"镇{self._seed}")
        for number in range(3):
            dom = self._random.choice([None, 5, 10, 28, 31])
            village = await places.add(
                session,
                f"{code}{201 + number}",
                PlaceKind.VILLAGE,
                f"村{number}",
                parent=self.township,
                checkup_dom=dom,
            )
            self.villages.append(village)
        accounts = iter(range(10_000 + self._seed * 10, 10_010 + self._seed * 10))
        self.clinic = await staff.add(session, next(accounts), 1, Role.CLINIC, self.township)
        self.leader = await staff.add(session, next(accounts), 1, Role.LEADER, self.township)
        for village in self.villages:
            self.managers.append(await staff.add(session, next(accounts), 1, Role.MANAGER, village))

    def _resident(self, village: PlaceRow) -> Row:
        status = self._random.choice([*[ResidentStatus.PRESENT] * 6, ResidentStatus.AWAY, ResidentStatus.MOVED])
        return {
            "id": new_id(),
            **_where(village.township_id, village.id),
            "name_sealed": b"x" * 40,
            "name_hash": self._random.randbytes(32),
            "sex": Sex.FEMALE,
            "status": status,
            "restricted": self._chance(0.1),
            "created_at": self._moment(self._today),
            "updated_at": self._moment(self._today),
        }

    def _enrolments(self, session: StoreSession, resident: Row) -> Iterator[Row]:
        born = self._day(400)
        for programme in sorted({self._random.choice(_PROGRAMMES) for _ in range(3)}):
            row_id, ended_by = new_id(), self._random.choice(_ENDS)
            enrolled_on = self._day(540)
            closes = self._random.choice([None, self._day(200), self._day(20), self._today + DAY * 9])
            lmp = (born - self._random.choice([150, 270, 280, 400]) * DAY).isoformat()
            yield {
                "id": row_id,
                "resident_id": resident["id"],
                **_where(resident["township_id"], resident["village_id"]),
                "programme": programme,
                "programme_version": BUILT_IN[programme].version,
                "state": EnrolmentState.ENDED if ended_by else EnrolmentState.ACTIVE,
                "enrolled_on": enrolled_on,
                "anchors": {"delivery": born.isoformat()} if programme == "postnatal" or self._chance(0.1) else {},
                "lmp_sealed": session.vault.seal_text(LMP, row_id, lmp) if programme == "antenatal" else None,
                "ended_on": max(enrolled_on, self._day(300)) if ended_by else None,
                "ended_by": ended_by,
                "paused": self._chance(0.15),
                "next_item": self._random.choice(_ITEMS[:4]) if programme != "checkup" else "checkup",
                "next_due_on": closes - 14 * DAY if closes and not ended_by else None,
                "next_closes_on": closes if not ended_by else None,
                "created_at": self._moment(enrolled_on),
                "updated_at": self._moment(enrolled_on),
            }

    def _visits(self, enrolment: Row) -> Iterator[Row]:
        for _ in range(self._random.randrange(7)):
            on = self._day(500)
            closes = self._random.choice([on, on + 9 * DAY, on - 9 * DAY, on - DAY, on, on + 40 * DAY, None])
            yield {
                **self._record(enrolment, on),
                "enrolment_id": enrolment["id"],
                "programme": enrolment["programme"],
                "item": self._random.choice(_ITEMS),
                "visited_on": on,
                "window_closes_on": closes,
                "sbp": self._random.choice([None, 130]),
                "dbp": 80,
                "glucose": self._random.choice([None, 70]),
                "uncontrolled": self._chance(0.4),
            }

    def _days(self, village: PlaceRow) -> Iterator[Row]:
        """Yield some of the days; others nobody has asked for, some were moved or cancelled."""
        dom = village.checkup_dom or 10
        for year, month in ((year, month) for year in (2025, 2026) for month in CHECKUP_MONTHS):
            found = checkup_day(dom, year, month)
            if found.held_on > self._today or self._chance(0.2):
                continue
            fate = self._random.choice(["", "", "", "moved", "cancelled"])
            yield {
                "id": new_id(),
                **_where(village.township_id, village.id),
                "nominal_on": found.nominal,
                "held_on": found.held_on + (5 * DAY if fate == "moved" else 0 * DAY),
                "state": DayState.CANCELLED if fate == "cancelled" else DayState.PLANNED,
                "reason": "weather" if fate else None,
            }

    def _attendances(self, day: Row, residents: Sequence[Row], enrolments: Sequence[Row]) -> Iterator[Row]:
        """Yield what was reported; of some days, all of it in time."""
        own = {row["resident_id"]: row["id"] for row in enrolments if row["programme"] == "checkup"}
        is_full = self._chance(0.5)
        for resident in residents:
            if resident["village_id"] != day["village_id"] or (self._chance(0.3) and not is_full):
                continue
            for _ in range(self._random.choice([1, 1, 1, 2])):
                on = day["held_on"] + DAY * self._random.choice([0, 0, 0, 1, 7, 8])
                full = {"voided_at": None, "entered_at": self._moment(day["held_on"])} if is_full else {}
                yield {
                    **self._record(resident, on),
                    **full,
                    "resident_id": resident["id"],
                    "day_id": day["id"],
                    "enrolment_id": own.get(resident["id"]) if self._chance(0.95) else None,
                    "held_on": on,
                }

    def _record(self, of: Row, on: date) -> Row:
        return {
            "id": new_id(),
            "resident_id": of.get("resident_id"),
            **_where(of["township_id"], of["village_id"]),
            "outcome": self._random.choice([*[Outcome.ATTENDED] * 9, *Outcome]),
            "voided_at": self._moment(on) if self._chance(0.1) else None,
            "entered_at": self._moment(on + DAY * self._random.choice([0, 0, 1, 4])),
        }

    def _talks(self, resident: Row) -> Iterator[Row]:
        for _ in range(3):
            on = self._day(400)
            yield {
                "id": new_id(),
                "resident_id": resident["id"],
                **_where(resident["township_id"], resident["village_id"]),
                "counselled_on": on,
                "explained": self._random.randrange(5),
                "decision_own": self._chance(0.8),
                "content_sealed": b"x",
                "voided_at": self._moment(on) if self._chance(0.1) else None,
                "entered_at": self._moment(on),
            }

    def _consents(self, residents: Sequence[Row]) -> Iterator[Row]:
        """Yield consents to benefits; some were withdrawn, some people never gave one."""
        for resident in residents:
            if self._chance(0.9):
                given = self._moment(self._day(400))
                yield {
                    "id": new_id(),
                    "resident_id": resident["id"],
                    **_where(resident["township_id"], resident["village_id"]),
                    "purpose": Purpose.BENEFITS,
                    "given_at": given,
                    "withdrawn_at": given if self._chance(0.15) else None,
                    "how": "oral",
                    "guardian": False,
                }

    def _applications(self, resident: Row) -> Iterator[Row]:
        """Yield what is asked for; the state is that of chance, whatever was decided."""
        for benefit in self._random.sample(list(BenefitCode), 2):
            on = self._day(400)
            yield {
                "id": new_id(),
                "resident_id": resident["id"],
                **_where(resident["township_id"], resident["village_id"]),
                "benefit": benefit,
                "applied_on": on,
                "decide_by": on + 30 * DAY,
                "state": self._random.choice([*[BenefitState.CONFIRMED] * 5, *BenefitState]),
                "voided_at": self._moment(on) if self._chance(0.05) else None,
                "entered_at": self._moment(on),
            }

    def _decisions(self, application: Row) -> Iterator[Row]:
        for number in range(self._random.randrange(3)):
            on = self._day(300)
            yield {
                "id": new_id(),
                "application_id": application["id"],
                **_where(application["township_id"], application["village_id"]),
                "is_confirmed": self._chance(0.85),
                "is_renewal": number > 0,
                "decided_on": on,
                "voided_at": self._moment(on) if self._chance(0.1) else None,
                "entered_at": self._moment(on),
            }

    def _payments(self, decision: Row) -> Iterator[Row]:
        for _ in range(self._random.choice([0, 0, 1, 1, 1, 2])):
            on = decision["decided_on"] + self._random.randrange(60) * DAY
            yield {
                "id": new_id(),
                "decision_id": decision["id"],
                **_where(decision["township_id"], decision["village_id"]),
                "paid_on": on,
                "amount_sealed": b"x",
                "batch_id": new_id(),
                "voided_at": self._moment(on) if self._chance(0.2) else None,
                "entered_at": self._moment(on),
            }

    def _alerts(self, enrolments: Sequence[Row], visits: Sequence[Row]) -> Iterator[Row]:
        """Yield what was overdue: windows that are, that visits used too late, and that gave way."""
        windows = {(row["enrolment_id"], row["window_closes_on"]) for row in visits if row["window_closes_on"]}
        windows |= {(row["id"], row["next_closes_on"]) for row in enrolments if row["next_closes_on"]}
        windows |= {(row["id"], self._day(300)) for row in enrolments}
        of = {row["id"]: row for row in enrolments}
        for subject, due_on in sorted(windows):
            if due_on < self._today and self._chance(0.7):
                closed = self._random.choice([None, due_on + 3 * DAY, due_on + 30 * DAY])
                yield {
                    "id": new_id(),
                    "kind": AlertKind.VISIT,
                    "subject_id": subject,
                    "due_on": due_on,
                    **_where(of[subject]["township_id"], of[subject]["village_id"]),
                    "since": due_on + DAY,
                    "closed_on": closed,
                    "closed_why": self._random.choice([CloseReason.DONE, *CloseReason]) if closed else None,
                    "created_at": self._moment(due_on),
                }

    def _complaints(self) -> Iterator[Row]:
        """Yield complaints, many about one village, about no village in particular too."""
        for place, many in zip([*self.villages, None], (90, 12, 0, 30), strict=True):
            for _ in range(many):
                on = self._day(300)
                outcome = self._random.choice([None, *[ComplaintOutcome.NOT_CONFIRMED] * 3, *ComplaintOutcome])
                yield {
                    "id": new_id(),
                    "code_hash": self._random.randbytes(32),
                    **_where(self.township.id, place.id if place else None),
                    "kind": self._random.choice(list(ComplaintKind)),
                    "concern": Concern.VILLAGE if place else Concern.UNSAID,
                    "channel": Channel.BOT,
                    "handler": Role.CLINIC,
                    "received_on": on - 21 * DAY,
                    "due_on": on,
                    "answered_on": on + self._random.choice([-9, 0, 1]) * DAY if outcome else None,
                    "outcome": outcome,
                }

    def _answers(self) -> Iterator[Row]:
        """Yield answers about satisfaction, some of no village in particular."""
        for place, many in zip([*self.villages, None], (150, 60, 3, 40), strict=True):
            for _ in range(many):
                yield {
                    "id": new_id(),
                    **_where(self.township.id, place.id if place else None),
                    "month": self._day(300).replace(day=1),
                    "answer": self._random.choice([*[Satisfaction.SATISFIED] * 3, *Satisfaction]),
                }

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _day(self, within: int) -> date:
        return self._today - DAY * self._random.randrange(within)

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, time(self._random.choice([9, 17, 18, 19])), CHINA)


def _where(township_id: int, village_id: int | None) -> Row:
    return {"township_id": township_id, "village_id": village_id}
