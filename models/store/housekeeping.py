"""What is kept only for a time is deleted here."""

from __future__ import annotations

from datetime import timedelta

from models.rules.clock import local_day
from models.store import (
    accounts,
    appeals,
    climbs,
    complaints,
    deliveries,
    dictations,
    drafts,
    handovers,
    imports,
    outbox,
    pacing,
    report_files,
    roster_views,
)
from models.store.database import StoreSession
from models.store.indicators import tallies

UPDATES_KEPT = timedelta(days=8)
"""Telegram keeps an update for at most 24 hours; a week more is kept for looking into trouble."""
ENDED_DRAFTS_KEPT = timedelta(days=1)
"""A form that was given up can be taken up again for so long."""

MESSAGES_KEPT = timedelta(days=90)
"""What was said, so that it is not planned again."""

ALERTS_KEPT = timedelta(days=400)
"""What was overdue and is over: for whoever looks back a year."""

REPORTS_KEPT = timedelta(days=2)
"""That a report was asked for, and what came of it; the report itself is kept nowhere."""

TALLIES_KEPT = timedelta(days=30)
"""Counts are made anew so often, asked for or not."""

VIEWS_KEPT = timedelta(days=2)
"""A message that shows a roster is kept up to date so long after somebody tapped in it."""


async def tidy(session: StoreSession) -> dict[str, int]:
    """Delete or end what is past its time and return how much of each."""
    now = session.now()
    return {
        "updates": await deliveries.prune(session, now - UPDATES_KEPT),
        "messages": await outbox.prune(session, now - MESSAGES_KEPT),
        "views": await roster_views.prune(session, now - VIEWS_KEPT),
        "pauses": await pacing.prune(session),
        "drafts": await drafts.prune(session, now - ENDED_DRAFTS_KEPT),
        "expired": await drafts.expire(session),
        "handovers": await handovers.expire(session),
        "alerts": await climbs.prune(session, local_day(now) - ALERTS_KEPT),
        "complaints": await complaints.prune(session, local_day(now)),
        "appeals": await appeals.prune(session, now),
        "dictations": await dictations.prune(session, now - ENDED_DRAFTS_KEPT),
        "imports": await imports.expire(session),
        "reports": await report_files.prune(session, now - REPORTS_KEPT),
        "tallies": await tallies.prune(session, now - TALLIES_KEPT),
        "links": await accounts.prune(session),
    }
