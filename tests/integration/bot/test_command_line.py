"""The command line, as an operator uses it."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from rich.console import Console

from bot import cli
from bot.rescheduling import table
from locales.translator import translator
from models.store.keyring import Keyring
from models.store.rescheduling import Shift


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    stdout: str
    stderr: str
    returncode: int


Run = Callable[..., Said]


@pytest.fixture
def suifang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with a fresh data folder and nothing else set; a process each would cost seconds."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str, **settings: str) -> Said:
        with monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("SUIFANG_")]:
                patch.delenv(name)
            for name, value in {"data_dir": str(tmp_path / "data"), **settings}.items():
                patch.setenv(f"SUIFANG_{name.upper()}", value)
            patch.setenv("LC_ALL", "en_GB.UTF-8")
            patch.setenv("COLUMNS", "150")
            patch.setattr(sys, "argv", ["suifang", *args])
            capsys.readouterr()
            try:
                cli.main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        said = capsys.readouterr()
        return Said(said.out, said.err, code)

    return run


@pytest.fixture
def migrated(suifang: Run, sqlite_template: Path, tmp_path: Path) -> Run:
    """Run a command where `migrate` was run: the file that it makes is copied."""
    (tmp_path / "data").mkdir()
    shutil.copyfile(sqlite_template, tmp_path / "data" / "local.sqlite3")
    return suifang


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, timeout=60, check=True
    )
    assert "village managers" in done.stdout


def test_help_names_every_command(suifang: Run) -> None:
    said = suifang("--help").stdout
    for command in ("run", "migrate", "doctor", "invite", "dead-letters", "keys"):
        assert command in said


def test_migrate_and_doctor_in_local_mode(suifang: Run) -> None:
    assert "up to date" in suifang("migrate").stdout
    examined = suifang("doctor")
    assert examined.returncode == 0, examined.stdout + examined.stderr
    assert "The database works (SQLite" in examined.stdout
    assert "local mode" in examined.stdout


def test_doctor_says_what_to_do(suifang: Run) -> None:
    examined = suifang("doctor", telegram_token="1:abc", telegram_api_url="http://127.0.0.1:9")
    assert examined.returncode == 1
    assert "suifang keys new" in examined.stdout
    assert "can't be reached" in examined.stdout
    assert "1:abc" not in examined.stdout + examined.stderr


def test_doctor_finds_an_old_database_and_a_lost_one(suifang: Run, tmp_path: Path) -> None:
    assert "suifang migrate" in suifang("doctor").stdout
    lost = suifang("doctor", database_url="postgresql://u:canary@127.0.0.1:9/x")
    assert "can't be reached" in lost.stdout
    assert "canary" not in lost.stdout + lost.stderr


def test_a_key_can_be_made_and_used(suifang: Run) -> None:
    key = suifang("keys", "new").stdout.strip()
    assert Keyring.parse(key).current.key_id == "k1"
    assert suifang("migrate", secret_keys=key).returncode == 0
    assert suifang("keys", "rotate", secret_keys=key).stdout.startswith("0 rows")


def test_with_a_token_and_no_key_nothing_starts(suifang: Run) -> None:
    refused = suifang("run", telegram_token="1:abc")
    assert refused.returncode == 1
    assert "suifang keys new" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_with_a_token_and_an_empty_database_it_says_migrate(suifang: Run) -> None:
    refused = suifang("run", telegram_token="1:abc", secret_keys=Keyring.generate())
    assert refused.returncode == 1
    assert "suifang migrate" in refused.stderr


def test_an_old_database_says_migrate_to_every_command(suifang: Run) -> None:
    for command in ("places", "outbox", "dead-letters", "schedule"):
        refused = suifang(command)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "suifang migrate" in refused.stderr


def test_an_invite_that_is_not_shown_is_not_made(suifang: Run, tmp_path: Path) -> None:
    suifang("migrate")
    (tmp_path / "places.csv").write_text("code,name,checkup_day\n411728106,沈寨镇,9\n", "utf-8")
    suifang("places", "load", "places.csv")
    who = ("invite", "--role", "deputy", "--place", "411728106")
    refused = suifang(*who, "--png", str(tmp_path / "nowhere" / "x.png"))
    assert refused.returncode == 1
    assert "x.png can't be used" in refused.stderr
    with sqlite3.connect(tmp_path / "data" / "local.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM invites").fetchone() == (0,)
    assert suifang(*who, "--png", "x.png").returncode == 0
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("keys new BAD", "1-16 of a-z 0-9 -"),
        ("dead-letters replay 5", "SUIFANG_TELEGRAM_TOKEN"),
        (f"dead-letters replay {2**63}", "less than or equal"),
        (f"outbox retry {2**63}", "less than or equal"),
        (f"outbox drop {2**63}", "less than or equal"),
        (f"outbox --person {2**63}", "less than or equal"),
        (f"import undo {2**63}", "less than or equal"),
    ],
)
def test_what_an_operator_can_mistype_is_said_in_a_line(suifang: Run, command: str, said: str) -> None:
    refused = suifang(*command.split())
    assert refused.returncode in (1, 2)
    assert said in " ".join(refused.stderr.replace("│", " ").split())
    assert "Unexpected" not in refused.stderr


def test_a_wrong_setting_is_named_without_its_value(suifang: Run) -> None:
    refused = suifang("migrate", database_url="mysql://canary@host/x")
    assert refused.returncode == 1
    assert "SUIFANG_DATABASE_URL" in refused.stderr
    assert "postgresql+asyncpg://" in refused.stderr
    assert "canary" not in refused.stderr


def test_an_invite_prints_link_code_and_picture(migrated: Run, tmp_path: Path, place: Callable[[Path], None]) -> None:
    place(tmp_path / "data")
    png = tmp_path / "invite.png"
    made = migrated("invite", "--role", "admin", "--place", "411728106", "--png", str(png))
    assert made.returncode == 0, made.stderr
    assert re.search(r"https://t\.me/suifang_demo_bot\?start=[2-9A-Z]{12}", made.stdout)
    assert re.search(r"\n[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\n", made.stdout)
    assert "▀" in made.stdout
    assert png.read_bytes().startswith(b"\x89PNG")


def test_an_invite_to_nowhere_is_explained(migrated: Run) -> None:
    refused = migrated("invite", "--role", "manager", "--place", "999")
    assert refused.returncode == 1
    assert "division code" in refused.stderr


def test_no_dead_letters(migrated: Run) -> None:
    assert "No dead letters." in migrated("dead-letters").stdout


@pytest.fixture
def place() -> Callable[[Path], None]:
    """Add a township to the database of a data folder."""
    import asyncio

    from models.rules.clock import SystemClock
    from models.store import places
    from models.store.database import Database
    from models.tables.places import PlaceKind

    async def add(folder: Path) -> None:
        keyring = Keyring.parse((folder / "local.key").read_text()) if (folder / "local.key").exists() else None
        keyring = keyring or Keyring.parse(Keyring.generate())
        database = Database(f"sqlite+aiosqlite:///{folder}/local.sqlite3", keyring, SystemClock())
        async with database.transaction() as session:
            await places.add(session, "411728106", PlaceKind.TOWNSHIP, "沈寨镇")
        await database.close()

    return lambda folder: asyncio.run(add(folder))


EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "programmes.yaml"


def test_a_right_file_of_programmes_is_shown_beside_the_built_in_ones(suifang: Run) -> None:
    said = suifang("programmes", "check", str(EXAMPLE))
    assert said.returncode == 0, said.stderr
    assert "COPD follow-up" in said.stdout
    assert "recurrence.every: 3m → 2m" in said.stdout
    assert "programmes.yaml is all right." in said.stdout


def test_everything_wrong_in_a_file_of_programmes_is_told_with_line_and_example(suifang: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "programmes:\n  - code: hypertension\n    recurence: none\n    visible_to: [manager, clinic, leader]\n", "utf-8"
    )
    said = suifang("programmes", "check", str(path))
    assert said.returncode == 1
    assert said.stdout == ""
    assert said.stderr.splitlines()[:5] == [
        "mine.yaml, line 2: hypertension › source: source is missing.",
        "    For example: source: 沈寨镇卫生院慢病随访约定（2026）",
        "mine.yaml, line 3: hypertension › recurence: There is no key recurence. Did you mean recurrence?",
        "    For example: recurrence: {code: monthly, every: 1m, before: 7d, after: 7d, names: …}",
        "mine.yaml, line 4: hypertension › visible_to › 3: leader sees counts, never who is in a programme "
        "(least is shown).",
    ]
    assert "things are wrong" in said.stderr


def test_a_file_of_programmes_that_is_not_there_is_said(suifang: Run, tmp_path: Path) -> None:
    said = suifang("programmes", "check", str(tmp_path / "none.yaml"))
    assert (said.returncode, "can't be read" in said.stderr) == (1, True)


def test_a_township_loads_lists_and_shows_its_programmes(
    suifang: Run, tmp_path: Path, place: Callable[[Path], None]
) -> None:
    key = Keyring.generate()

    def run(*args: str) -> Said:
        return suifang("programmes", *args, secret_keys=key)

    suifang("migrate", secret_keys=key)
    place(tmp_path / "data")
    at = ("--place", "411728106")
    said = run("load", str(EXAMPLE), *at)
    assert said.returncode == 0, said.stderr
    assert "hypertension: version 2 is in force in 沈寨镇." in said.stdout
    assert "suifang programmes recompute --place 411728106" in said.stdout
    assert run("load", str(EXAMPLE), *at).stdout.endswith("Nothing is new: all of it was loaded before.\n")
    listed = run("list", *at).stdout
    assert re.search(r"copd .* COPD follow-up .* the township's own .* in force", listed)
    assert re.search(r"cervical_cytology .* 2 .* retired", listed)
    assert re.search(r"diabetes .* built in .* in force", listed)
    assert "every: 2m" in run("show", "hypertension", *at).stdout
    assert "every: 3m" in run("show", "hypertension").stdout
    assert run("recompute", *at).stdout == "Nobody is in an older version.\n"
    compared = run("check", str(EXAMPLE), *at).stdout
    assert "beside what is loaded" in compared
    assert "every: 3m" not in compared
    shown = tmp_path / "copd.yaml"
    shown.write_text(run("show", "copd", *at).stdout, "utf-8")
    assert "nothing" in run("check", str(shown), *at).stdout
    assert run("load", str(EXAMPLE), "--place", "411728106201").returncode == 1
    assert "no such row or place" in run("show", "nothing", *at).stderr


def test_a_recompute_tells_counts_and_days_before_it_changes_anything() -> None:
    day = date(2026, 6, 2)
    shifts = [
        Shift("hypertension", 1, 2, day, day - timedelta(days=30)),
        Shift("hypertension", 1, 2, day, day - timedelta(days=31)),
        Shift("hypertension", 1, 2, day, day),
        Shift("hypertension", 1, 2, day, None),
        Shift("hypertension", 1, 2, None, day, waits=True),
        Shift("hypertension", 1, 2, day, day, lacks=True),
    ]
    console = Console(width=150)
    with console.capture() as captured:
        console.print(table(translator("en"), shifts))
    [row] = [line for line in captured.get().splitlines() if "hypertension" in line]
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert cells == ["hypertension", "1 → 2", "6", "2", "-31 / -30 / +0", "1", "1", "1", "1"]


def test_a_file_of_residents_is_checked_imported_and_taken_back(migrated: Run, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("code,name\n411728106,沈寨镇\n411728106201,大王庄\n", "utf-8")
    (tmp_path / "in.csv").write_bytes("姓名,性别,出生日期\n王秀英,女,1956.3.12\n李红,?,昨天\n".encode("gb18030"))
    migrated("places", "load", "places.csv")
    said = migrated("import", "in.csv", "--place", "411728106201", "--yes", "--marked", "out.xlsx")
    assert "Imported: 1 newly registered" in said.stdout
    assert "出生日期" in said.stdout
    assert "The sex can't be read" in said.stdout
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")
    number = re.findall(r"suifang import undo (\d+)", said.stdout)[0]
    again = migrated("import", "in.csv", "--place", "411728106201", "--yes")
    assert "There is nothing new to store" in again.stdout
    assert "1 people were taken away" in migrated("import", "undo", number).stdout
    late = migrated("import", "undo", number)
    assert (late.returncode, "done already" in late.stderr) == (1, True)
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    refused = migrated("import", "old.xls", "--place", "411728106201")
    assert (refused.returncode, "old format" in refused.stderr) == (1, True)


@pytest.fixture
def planned() -> Callable[[Path], str]:
    """Plan a message to the clinic, in a township with a clinic; return its number."""
    import asyncio

    from models.rules.clock import SystemClock
    from models.store import outbox, outbox_admin
    from models.store.database import Database
    from tests.factories.world import build

    async def plan(folder: Path) -> str:
        keyring = Keyring.parse((folder / "local.key").read_text())
        database = Database(f"sqlite+aiosqlite:///{folder}/local.sqlite3", keyring, SystemClock())
        async with database.transaction() as session:
            clinic = (await build(session)).clinic
            await outbox.plan(session, await outbox.member(session, clinic.staff_id), "handover.decided")
            [message] = await outbox_admin.list_messages(session)
        await database.close()
        return str(message.id)

    return lambda folder: asyncio.run(plan(folder))


def test_messages_are_listed_dropped_and_sent_again(
    migrated: Run, tmp_path: Path, planned: Callable[[Path], str]
) -> None:
    migrated("places")  # makes the key
    assert "No such messages." in migrated("outbox").stdout
    number = planned(tmp_path / "data")
    listed = migrated("outbox", "--kind", "handover.decided", "--state", "planned", "--state", "dead").stdout
    assert re.search(rf"{number} .* planned .* handover\.decided .* clinic · 沈寨镇", listed), listed
    person = re.findall(r"\d{18,19}", listed)[-1]
    assert number in migrated("outbox", "--person", person, "--limit", "1").stdout
    assert "No such messages." in migrated("outbox", "--person", "1").stdout
    refused = migrated("outbox", "retry", number)
    assert (refused.returncode, "is yet to be sent" in refused.stderr) == (1, True)
    assert "was dropped" in migrated("outbox", "drop", number).stdout
    assert "No such messages." in migrated("outbox").stdout
    assert "dropped" in migrated("outbox", "--state", "expired").stdout
    again = migrated("outbox", "drop", number)
    assert (again.returncode, "is over (expired)" in again.stderr) == (1, True)
    assert "goes out as soon as" in migrated("outbox", "retry", number).stdout
    assert re.search(rf"{number} .* planned", migrated("outbox").stdout)


def test_what_would_be_said_is_listed_and_nothing_is_planned(
    migrated: Run, tmp_path: Path, planned: Callable[[Path], str]
) -> None:
    migrated("places")  # makes the key
    assert "Nothing within 60 days." in migrated("schedule").stdout
    planned(tmp_path / "data")
    listed = migrated("schedule", "--days", "70").stdout  # within 70 days every village has a check-up day
    assert re.search(r"08:00 .* checkup\.before .* manager · 北村 .* checkups: \d{4}-\d\d-10/days_1", listed), listed
    assert re.search(r"08:00 .* checkup\.tomorrow .* clinic · 沈寨镇", listed)
    moments = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", listed)
    assert moments == sorted(moments)
    assert "checkup" not in migrated("outbox", "--state", "planned").stdout


def test_a_wrong_message_or_state_is_explained(migrated: Run) -> None:
    unknown = migrated("outbox", "drop", "7")
    assert (unknown.returncode, "no message 7" in unknown.stderr) == (1, True)
    wrong = migrated("outbox", "--state", "lost")
    assert (wrong.returncode, "planned, claimed, sending" in wrong.stderr) == (1, True)


def test_every_state_of_a_message_is_in_the_help() -> None:
    from models.tables.outbox import OutboxState

    hint = get_type_hints(cli.list_outbox, include_extras=True)["state"]
    words = get_args(hint)[1].help
    assert [state for state in OutboxState if not re.search(rf"\b{state}\b", words)] == []
