"""Loading places from a file: what is taken, what is refused, and that nothing is half done."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.opening import open_database
from bot.placing import BadFile, load, meet, read
from bot.settings import Settings
from models.migrations.upgrade import upgrade
from models.store import places
from models.tables.places import Place, PlaceKind
from tests.conftest import KEYS

FILE = """code,name,checkup_day
411728106201,大王庄村,10
41172810620101,一组,
411728106,沈寨镇,9
411728106001,街东社区,
"""


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """An empty SQLite file."""
    found = Settings(_env_file=None, data_dir=tmp_path, secret_keys=KEYS)  # type: ignore[call-arg]
    await upgrade(found.database)
    return found


def written(folder: Path, text: str) -> Path:
    path = folder / "places.csv"
    path.write_text(text, "utf-8-sig")
    return path


async def test_a_file_in_any_order_is_taken_once(settings: Settings, tmp_path: Path) -> None:
    path = written(tmp_path, FILE)
    assert await load(settings, path) == 4
    assert await load(settings, path) == 0
    database = open_database(settings)
    async with database.reading() as session:
        village = await places.by_code(session, "411728106201")
        community = await places.by_code(session, "411728106001")
        names = [place.name for place in await places.path(session, (await places.children(session, village.id))[0].id)]
    await database.close()
    assert names == ["沈寨镇", "大王庄村", "一组"]
    assert (village.kind, village.checkup_dom, village.is_community) == (PlaceKind.VILLAGE, 10, False)
    assert community.is_community


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number,name\n1,a\n", "code,name,checkup_day"),
        ("code,name\n4117281,a\n", "line 2: a code has 9 digits"),
        ("code,name\n４１１７２８１０６,a\n", "line 2: a code has 9 digits"),
        ("code,name\n411728106,\n", "line 2: a name has"),
        ("code,name,checkup_day\n411728106,沈寨镇,32\n", "line 2: checkup_day"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        read(written(tmp_path, text))


async def test_a_village_without_its_township_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    path = written(tmp_path, "code,name\n411728106,沈寨镇\n411729001201,别处村\n")
    with pytest.raises(BadFile, match="belongs to 411729001"):
        await load(settings, path)
    database = open_database(settings)
    async with database.reading() as session:
        assert await places.townships(session) == []
    await database.close()


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="can't be read"):
        read(tmp_path / "none.csv")


async def test_a_township_chooses_when_it_meets(settings: Settings, tmp_path: Path) -> None:
    await load(settings, written(tmp_path, "code,name\n411728106,沈寨镇\n411728106201,大王庄\n"))
    assert await meet(settings, "411728106", 10, 15) == "沈寨镇"
    assert await meet(settings, "411728106201", 10, 15) is None
    assert await meet(settings, "411728107", 10, 15) is None
    database = open_database(settings)
    async with database.reading() as session:
        township = await places.by_code(session, "411728106")
        row = await session.row(select(Place.meeting_dom, Place.meeting_hour).where(Place.id == township.id))
    await database.close()
    assert row is not None
    assert tuple(row) == (10, 15)
