"""What the township decides about a benefit: confirmed or not, confirmed again each year, taken back, revised.

Who is entitled is looked up in the township's papers, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, update

from models.rules import benefits as rules
from models.rules.access import Actor, Permission
from models.rules.benefits import BENEFITS, OPEN, BenefitState, Ground, Step
from models.store import _benefits, _records, audit, scope
from models.store._benefits import Decided, StoredApplication
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict
from models.tables.base import new_id
from models.tables.benefits import BenefitDecision


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided; `ground` is why not: confirmed, if there is none."""

    ground: Ground | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether the person gets it."""
        return self.ground is None


@whole
async def decide(session: StoreSession, actor: Actor, application_id: int, verdict: Verdict) -> StoredApplication:
    """Decide what waits: an application, or a confirmation that is to be confirmed again.

    The same decision tapped twice is made once.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: it is out of reach.
        Conflict: `voided`; `benefit_step`: nothing waits for a decision.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    row = await _benefits.locked(session, actor, application_id)
    stored = await _benefits.one(session, actor, application_id)
    if stored.steps.isdisjoint({Step.DECIDE, Step.RENEW}):
        if _is_same(stored.last, actor, verdict, scope.today(session, actor)):
            return stored
        raise Conflict("benefit_step")
    before = stored.last if stored.state is BenefitState.CONFIRMED else None
    await _store(session, actor, row, verdict, before=before)
    await _settled(session, actor, application_id, "benefit:decide", verdict)
    return await _benefits.one(session, actor, application_id)


@whole
async def revise(session: StoreSession, actor: Actor, application_id: int, verdict: Verdict) -> StoredApplication:
    """Put another decision in place of the last one, which was wrong; the wrong one is kept as taken back.

    Raises:
        AccessDenied, NotFound: as in `decide`.
        Conflict: `voided`, `benefit_step`; `benefit_paid`: money was paid on it; `benefit_open`: the person has asked
            for the benefit anew.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    row = await _benefits.locked(session, actor, application_id)
    stored = await _benefits.one(session, actor, application_id)
    _benefits.may(stored, Step.REVISE)
    wrong = stored.decisions[-1]
    if (wrong.is_confirmed, wrong.ground) == (verdict.is_confirmed, verdict.ground):
        return stored
    if verdict.is_confirmed and not wrong.is_confirmed:
        await _benefits.need_only(session, row)
    await _void(session, wrong)
    before = stored.decisions[-2] if wrong.is_renewal and len(stored.decisions) > 1 else None
    await _store(session, actor, row, verdict, before=before, instead=wrong)
    await _settled(session, actor, application_id, "benefit:revise", verdict)
    return await _benefits.one(session, actor, application_id)


@whole
async def undo(session: StoreSession, actor: Actor, decision_id: int) -> StoredApplication:
    """Take the last decision back within ten minutes, by the one who made it; what it had revised stands again.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: it is out of reach, or taken back already.
        Conflict: `not_yours`, `too_late`; `benefit_paid`; `benefit_step`: it is not the last one, or withdrawn;
            `benefit_open`: the person has asked for the benefit anew.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    decision, row = await _benefits.of_decision(session, actor, decision_id)
    _records.may_undo(session, actor, decision)
    stored = await _benefits.one(session, actor, row.id)
    _benefits.may(stored, Step.REVISE)
    if stored.last is None or stored.last.id != decision_id:
        raise Conflict("benefit_step")
    await _void(session, stored.last)
    await _stand_again(session, decision.instead_of)
    await _benefits.settle(session, row.id)
    before = await _benefits.one(session, actor, row.id)
    if before.state in OPEN and row.state not in OPEN:
        await _benefits.need_only(session, row)
    await audit.write(session, actor, "benefit:undecide", "benefit", row.id)
    return before


def _is_same(last: Decided | None, actor: Actor, verdict: Verdict, today: date) -> bool:
    """Return whether a decision is the one that the actor made today."""
    if last is None or last.entered_by != actor.staff_id or last.decided_on != today:
        return False
    return (last.is_confirmed, last.ground) == (verdict.is_confirmed, verdict.ground)


async def _store(
    session: StoreSession,
    actor: Actor,
    row: AnyRow,
    verdict: Verdict,
    *,
    before: Decided | None,
    instead: Decided | None = None,
) -> None:
    """Store a decision on an application; `before` is the confirmation that it renews."""
    decision_id = new_id()
    on = scope.today(session, actor) if instead is None else instead.decided_on
    until = rules.holds_until(BENEFITS[row.benefit], on, before.until if before is not None else None)
    values = {
        "id": decision_id,
        "application_id": row.id,
        "township_id": row.township_id,
        "village_id": row.village_id,
        "is_confirmed": verdict.is_confirmed,
        "is_renewal": before is not None,
        "ground_sealed": session.vault.seal_text(_benefits.GROUND, decision_id, verdict.ground),
        "decided_on": on,
        "until": until if verdict.is_confirmed else None,
        "instead_of": None if instead is None else instead.id,
        "entered_by": actor.staff_id,
        "entered_at": session.now(),
    }
    await session.execute(insert(BenefitDecision), values)


async def _void(session: StoreSession, decision: Decided) -> None:
    """Mark a decision as taken back.

    Raises:
        Conflict: `benefit_paid`.
    """
    if decision.payments:
        raise Conflict("benefit_paid")
    gone = update(BenefitDecision).where(BenefitDecision.id == decision.id)
    await session.execute(gone.values(voided_at=session.now()))


async def _stand_again(session: StoreSession, decision_id: int | None) -> None:
    """Let a decision that was revised stand again."""
    if decision_id is not None:
        again = update(BenefitDecision).where(BenefitDecision.id == decision_id)
        await session.execute(again.values(voided_at=None))


async def _settled(session: StoreSession, actor: Actor, application_id: int, action: str, verdict: Verdict) -> None:
    await _benefits.settle(session, application_id)
    await audit.write(session, actor, action, "benefit", application_id, {"confirmed": verdict.is_confirmed})
