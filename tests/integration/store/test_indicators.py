"""Every indicator, period and village of townships of chance, against an independent count over the exported rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from models.rules import periods
from models.rules.clock import MovableClock, local_day
from models.rules.disclosure import is_small
from models.rules.indicators.base import Figure, Nature
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.outcomes import Outcome
from models.rules.periods import Period, PeriodKind
from models.rules.spans import add_months
from models.rules.stages import report_deadline
from models.store import status
from models.store._facts import LMP
from models.store.database import Database, StoreSession
from models.store.indicators import figures
from models.store.indicators.figures import Page
from models.tables.alerts import Alert
from models.tables.base import Base, table
from models.tables.benefits import BenefitApplication, BenefitDecision, BenefitPayment
from models.tables.checkups import Attendance, CheckupDay
from models.tables.complaints import Complaint
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import Place, PlaceKind
from models.tables.residents import Consent, Resident
from models.tables.satisfaction import SatisfactionAnswer
from models.tables.visits import Visit
from tests.factories.recount import Export, Recount, Share, complaints, satisfaction
from tests.factories.township import Township

ALL = tuple(IndicatorCode)
OF_NOBODY = {IndicatorCode.COMPLAINTS_ANSWERED: complaints, IndicatorCode.SATISFACTION: satisfaction}
"""What nobody has exact numbers of, with the count anew of what is about a village, or about none."""
OWN = (IndicatorCode.CHECKUP_OFFER, IndicatorCode.REPORTING, IndicatorCode.HYPERTENSION_MANAGED)
"""Some that are the same to a manager: no programme in them is unknown to managers."""
SEEDS = (1, 2)
JULY_ENDS = date(2026, 7, 31)


async def test_every_figure_is_what_the_rows_say(database: Database, clock: MovableClock) -> None:
    clock.move(timedelta(days=156, hours=5))  # Wednesday 19 August 2026
    today = local_day(clock.now())
    townships = [Township(seed, today) for seed in SEEDS]
    async with database.transaction() as session:
        for each in townships:
            await each.build(session)
        await at_the_edges(session, townships[1])
        counted: Counter[str] = Counter()
        for township in townships:
            export = await exported(session, township.township.id)
            for period in asked(today):
                counted += await check(session, township, export, period, today)
        await month_by_month(session, townships[0], today)
        await alone(session, townships[0], today)
    assert min(counted[code] for code in ALL) > 8, counted  # of them with something to count


async def alone(session: StoreSession, township: Township, today: date) -> None:
    """Ask for every figure by itself: it is the same as when all are asked for."""
    period = periods.of(PeriodKind.QUARTER, today).before
    for reader in (township.leader, township.clinic, township.managers[0]):
        together = await figures.ask(session, reader, ALL, period, today)
        for code in ALL:
            assert await figures.ask(session, reader, [code], period, today) == {code: together[code]}, (reader, code)


async def at_the_edges(session: StoreSession, township: Township) -> None:
    """Let programmes end on a month's last day, or on a check-up day, and reports come just in time or too late."""
    here = CheckupDay.township_id == township.township.id
    days = await session.rows(select(CheckupDay.id, CheckupDay.village_id, CheckupDay.held_on).where(here))
    for number, day in enumerate(days):
        at = report_deadline(day.held_on) + timedelta(microseconds=number % 2)
        await session.execute(update(Attendance).where(Attendance.day_id == day.id).values(entered_at=at))
    running = (Enrolment.township_id == township.township.id, Enrolment.state == EnrolmentState.ACTIVE)
    rows = await session.rows(select(Enrolment.id, Enrolment.programme, Enrolment.village_id).where(*running))
    held = {day.village_id: day.held_on for day in days if day.held_on <= JULY_ENDS}
    for row in rows[::5]:
        on = held.get(row.village_id, JULY_ENDS) if row.programme == "checkup" else JULY_ENDS
        ended = {"state": EnrolmentState.ENDED, "ended_on": on, "ended_by": Outcome.DECLINED}
        await session.execute(update(Enrolment).where(Enrolment.id == row.id).values(**ended))


async def check(session: StoreSession, township: Township, export: Export, period: Period, today: date) -> Counter[str]:
    """Compare every figure of a period with the count anew, for each reader; returns how many had an n."""
    expected = counts(session, township, export, period)
    heard = counts(session, township, without_antenatal(export), period)
    for village, found in heard.items():
        found["early_antenatal"] = expected[village]["early_antenatal"]
    team = await figures.ask(session, township.clinic, ALL, period, today)
    outside = await figures.ask(session, township.leader, ALL, period, today)
    for code, count in OF_NOBODY.items():
        about_none = count(export, None, period.first, period.last, today)
        check_of_nobody(code, (team, outside), expected, about_none)
    for code in ALL:
        if code in OF_NOBODY:
            continue
        got = {line.village_id: share(line.figure) for line in team[code].lines}
        assert got == {village: found[code] for village, found in expected.items()}, (code, period)
        assert share(team[code].total) == added(got.values()), (code, period)  # type: ignore[arg-type]
        for line in outside[code].lines:
            assert line.figure is None or share(line.figure) == heard[line.village_id][code], (code, period)
    page = await status.by_village(session, township.leader, today, today)
    for code, of in ((IndicatorCode.DUE, "due"), (IndicatorCode.OVERDUE, "overdue")):
        assert [line.figure and line.figure.n for line in outside[code].lines] == [
            getattr(one, of) for one in page.lines
        ]
        assert (outside[code].total and outside[code].total.n) == getattr(page, of)
    own = await figures.ask(session, township.managers[0], OWN, period, today)
    for code in OWN:
        assert [share(line.figure) for line in own[code].lines] == [expected[township.villages[0].id][code]], code
    return Counter(code for found in expected.values() for code in ALL if found[code][0])


def check_of_nobody(
    code: IndicatorCode,
    pages: tuple[dict[IndicatorCode, Page], ...],
    expected: dict[int, dict[str, Share]],
    about_none: Share,
) -> None:
    """Nobody reads exact numbers, of the team neither; what is about no village is in the sum alone."""
    team, outside = (page[code] for page in pages)
    assert (team.lines, team.total) == (outside.lines, outside.total)
    for line in team.lines:
        assert line.figure is None or share(line.figure) == expected[line.village_id][code]
        assert line.counts is None or not any(map(is_small, line.counts))
    of_villages = [found[code] for found in expected.values()]
    assert team.total is None or share(team.total) == added([*of_villages, about_none])


async def month_by_month(session: StoreSession, township: Township, today: date) -> None:
    """Compare months that are read at once with the same months asked for one by one."""
    flows = [code for code in ALL if INDICATORS[code].table.nature is Nature.FLOW]
    months = periods.months_up_to(today, 4)
    for reader in (township.leader, township.managers[0]):
        at_once = await figures.series(session, reader, flows, months, today)
        for number, month in enumerate(months):
            pages = await figures.ask(session, reader, flows, month, today)
            known = {code: replace(page, days=None, asked=None) for code, page in pages.items()}
            assert {code: at_once[code][number] for code in flows} == known, month


def counts(session: StoreSession, township: Township, export: Export, period: Period) -> dict[int, dict[str, Share]]:
    return {
        village.id: Recount(export, village.id, period.first, period.last, session.now()).all()
        for village in township.villages
    }


def without_antenatal(export: Export) -> Export:
    """What managers may know of, and so whoever speaks with them."""
    known = {row["id"] for row in export.enrolments if row["programme"] != "antenatal"}
    return replace(
        export,
        enrolments=[row for row in export.enrolments if row["id"] in known],
        visits=[row for row in export.visits if row["enrolment_id"] in known],
        alerts=[row for row in export.alerts if row["subject_id"] in known],
    )


def share(figure: Figure | None) -> Share | None:
    return None if figure is None else (figure.n, figure.of)


def added(shares: list[Share]) -> Share:
    found = list(shares)
    whole = None if found[0][1] is None else sum(of or 0 for _, of in found)
    return sum(n for n, _ in found), whole


def asked(today: date) -> Iterator[Period]:
    """Months, of which one is not over, quarters, half-years and years."""
    for back in range(3):
        yield periods.month_of(add_months(today.replace(day=1), -back))
    for kind in (PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR, PeriodKind.YEAR_TO_DATE):
        yield periods.of(kind, today)
        yield periods.last_complete(kind, today)


async def exported(session: StoreSession, township_id: int) -> Export:
    async def rows(model: type[Base]) -> list[dict[str, Any]]:
        statement = select(table(model)).where(table(model).c.township_id == township_id)
        return [dict(row._mapping) for row in await session.rows(statement)]

    enrolments = await rows(Enrolment)
    opened = {row["id"]: session.vault.open_text(LMP, row["id"], row["lmp_sealed"]) for row in enrolments}
    return Export(
        [row for row in await rows(Place) if row["kind"] is PlaceKind.VILLAGE],
        await rows(Resident),
        enrolments,
        await rows(Visit),
        await rows(CheckupDay),
        await rows(Attendance),
        await rows(Counselling),
        await rows(Consent),
        await rows(BenefitApplication),
        await rows(BenefitDecision),
        await rows(BenefitPayment),
        await rows(Alert),
        await rows(Complaint),
        await rows(SatisfactionAnswer),
        {number: date.fromisoformat(day) for number, day in opened.items() if day},
    )
