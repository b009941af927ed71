"""Rows for analysis made: read a village at a time, generalised in a process of their own. Nothing is kept."""

from __future__ import annotations

from locales.message import Attachment, Text
from locales.translator import translator
from models.files.aside import drawn
from models.files.extracts import Extract
from models.rules import periods
from models.rules.access import Actor
from models.rules.extracts import Fact
from models.rules.periods import Period
from models.store import extracts, places
from models.store.database import Database
from models.store.sending import Claimed
from scheduler import extract_words as words


async def attach(database: Database, claimed: Claimed) -> Attachment:
    """Return the file, made now.

    Raises:
        NotDrawn: the process that makes it failed.
    """
    actor, period, say = claimed.to, periods.named(claimed.occurrence), translator(claimed.to.language)
    facts = await read(database, actor, period, claimed.subject_id)
    async with database.reading() as session:
        township = (await places.get(session, actor.township_id)).name
    made = await drawn(Extract(facts, township, words.meaning(say, actor, period), words.numbers(say)))
    return Attachment(f"{say.plain(Text.of('extracts.file', period=period.code))}.zip", made)


async def read(database: Database, actor: Actor, period: Period, extract_id: int) -> list[Fact]:
    """Return the rows of a period; others write in between.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    async with database.transaction() as session:
        villages = await extracts.begin(session, actor, period, extract_id)
    facts: list[Fact] = []
    for village_id, place in villages.items():
        async with database.reading() as session:
            facts += await extracts.rows(session, actor, period, village_id, place)
    return facts
