"""Alembic's entry: runs migrations on the connection that `upgrade` hands over, or on a database of its own.

By hand, to write a new revision: `alembic -x url=sqlite:///work.db revision --autogenerate -m "…"`.
"""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection

from models.store.database import writing_engine
from models.tables import Base


def run(connection: Connection) -> None:
    """Run what was asked for inside one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_by_hand() -> None:
    """Connect to the database of `-x url=…` and run there."""
    engine = writing_engine(context.get_x_argument(as_dictionary=True)["url"])
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


handed_over: Connection | None = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    asyncio.run(run_by_hand())
