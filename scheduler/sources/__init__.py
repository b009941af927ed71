"""The planner's sources: each turns rules over facts into messages that are called for."""

from __future__ import annotations

from scheduler.sources import (
    alerts,
    checkups,
    digest,
    meetings,
    own,
    publications,
    report_files,
    scorecards,
    troubles,
    weekly,
)
from scheduler.sources.source import Source

SOURCES: tuple[Source, ...] = (
    checkups.SOURCE,
    own.SOURCE,
    meetings.SOURCE,
    alerts.SOURCE,
    digest.SOURCE,
    weekly.SOURCE,
    report_files.SOURCE,
    publications.SOURCE,
    troubles.SOURCE,
    scorecards.SOURCE,
)
"""In the order in which they are asked."""
