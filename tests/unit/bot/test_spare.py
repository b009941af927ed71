"""What a running bot does without, in a process of its own as `python -m bot run` begins it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.local import apart
from bot.settings import Settings

SPARED = (
    *("alembic", "asyncpg", "babel", "rich", "sqlalchemy.dialects.postgresql"),
    *("PIL", "chinese_calendar", "fpdf", "holidays", "matplotlib", "openpyxl", "pypinyin", "rapidfuzz", "segno"),
    "bot.local.demo.seeding",
)
LOADED = """
import sys
from bot.cli import _running, settings
_running(settings()).close()
import ssl, aiohttp.connector
print(aiohttp.connector._SSL_CONTEXT_VERIFIED, *(name for name in sys.argv[1:] if name in sys.modules))
"""
"""Prints the certificates that aiohttp has read, and what was loaded of the modules that are asked for."""


def settings(folder: Path, **values: object) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **values)  # type: ignore[arg-type]


def test_local_mode_loads_nothing_that_it_can_spare(tmp_path: Path) -> None:
    settings(tmp_path).database_file.touch()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SUIFANG_")}
    command = (sys.executable, "-c", LOADED, *SPARED)
    done = subprocess.run(
        command, env=kept | {"SUIFANG_DATA_DIR": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["None"]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The processes that were begun."""
    found: list[list[str]] = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: found.append(command))
    return found


def test_the_demo_is_begun_early_where_there_is_nothing_yet(
    tmp_path: Path, begun: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    apart.begin_early(settings(tmp_path, demo_residents=2000))
    assert begun == [[sys.executable, "-m", "bot.local.first"]]
    assert "2,000 synthetic people" in capsys.readouterr().out
    assert (tmp_path / "local.key").exists(), "two processes would make a key each"


def test_nothing_is_begun_early_where_a_database_has_to_be_asked_first(tmp_path: Path, begun: list[list[str]]) -> None:
    apart.begin_early(settings(tmp_path, database_url="postgresql+asyncpg://nobody@localhost/none"))
    settings(tmp_path).database_file.touch()
    apart.begin_early(settings(tmp_path))
    assert begun == []
