"""Messages go out while the processes that send them are killed, in bad weather: none is lost, repeats say so.

`python -m tests.benchmarks outbox` does the same at length.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from models.tables.outbox import OutboxState
from tests.conftest import NewDatabase
from tests.e2e.kill.outbox_storm import Came, Strength, storm
from tests.factories.postgres import Postgres

pytestmark = pytest.mark.usefixtures("quick_starts")
SEED = 20_261_125


def hold(came: Came, strength: Strength) -> None:
    """Hold a storm to what is promised whatever happens."""
    assert (came.kills, came.restarts) == (strength.kills, strength.restarts)
    assert came.ledger.states.total() >= strength.messages
    assert came.ledger.lost == 0
    assert came.ledger.untold == 0
    assert came.ledger.strange == 0
    assert came.ledger.unflagged == 0
    assert came.ledger.states[OutboxState.DEAD] > 0
    assert came.ledger.states[OutboxState.EXPIRED] == 0


async def test_kills_while_messages_leave(sqlite_template: Path, new_database: NewDatabase, tmp_path: Path) -> None:
    strength = Strength(messages=150, kills=4)
    hold(await storm(await new_database("sqlite"), tmp_path, strength, seed=SEED), strength)


async def test_two_replicas_are_killed_their_database_breaks_off_and_leases_end_early(
    postgres: Postgres, new_database: NewDatabase, tmp_path: Path
) -> None:
    url = await new_database("postgres")
    await postgres.run(f"ALTER DATABASE {make_url(url).database} SET synchronous_commit = on")
    strength = Strength(messages=150, kills=2, replicas=2, restarts=1, jumps=True)
    hold(await storm(url, tmp_path, strength, seed=SEED, restart=postgres.restart), strength)


async def test_told_to_end_while_messages_leave(
    sqlite_template: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    strength = Strength(messages=60, kills=2, gently=True)
    came = await storm(await new_database("sqlite"), tmp_path, strength, seed=SEED)
    hold(came, strength)
    assert came.ledger.extra == came.ledger.flagged_first == 0
    assert came.ledger.states[OutboxState.IN_DOUBT] == 0
