"""The command line: `suifang COMMAND`, the same as `python -m bot COMMAND`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from bot.memory import uncollected
from bot.settings import Settings
from bot.spare import load_aiohttp_without_tls, load_tables_without_postgres, without_comforts
from models.rules.access import Role


class FileOrCommand(TyperGroup):
    """A group whose first word is a file, unless it is one of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command that takes a file in front of one."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["file", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="suifang",
    help="Suifang (随访): a Telegram bot with which village managers report check-ups and follow-up visits.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="Keys that encrypt names, phones and identity numbers.", no_args_is_help=True)
letters = typer.Typer(help="Updates that could not be handled.", invoke_without_command=True)
outbox = typer.Typer(help="What the bot says on its own.", invoke_without_command=True)
places = typer.Typer(help="Townships, villages and groups.", invoke_without_command=True)
programmes = typer.Typer(help="Programmes of a township, from a file.", no_args_is_help=True)
files = typer.Typer(help="Files of residents.", cls=FileOrCommand, no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(letters, name="dead-letters")
app.add_typer(outbox, name="outbox")
app.add_typer(places, name="places")
app.add_typer(programmes, name="programmes")
app.add_typer(files, name="import")


_PROGRAMME_FILE = "YAML file, see docs/reference/programme-files.md."
_MESSAGE = "Number of the message, as listed."
_LARGEST = 2**63 - 1
"""The largest number that a row can have."""
_TOWNSHIP = "Division code of the township, 9 digits."


class Trouble(Exception):
    """Something the operator has to mend; the message says what to do."""


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Exit with 1 for a file that is wrong, which was said then, or can't be read."""
    from bot.programmes import BadFile

    try:
        yield
    except BadFile:
        raise typer.Exit(1) from None
    except OSError as error:
        if error.filename is None:
            raise
        raise Trouble(f"{file} can't be read ({type(error).__name__}).") from None


@contextmanager
def _possible() -> Iterator[None]:
    """Say why something can't be done with a message."""
    from bot.queue import NotPossible

    try:
        yield
    except NotPossible as error:
        raise Trouble(str(error)) from None


def settings() -> Settings:
    """Return the settings.

    Raises:
        Trouble: which setting is wrong, and how it should be. The value itself is never repeated.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [_named(e["loc"], e["msg"]) for e in error.errors()]
        raise Trouble("\n".join(lines)) from None


def _named(place: tuple[int | str, ...], message: str) -> str:
    name = "_".join(map(str, place)).upper()
    return f"SUIFANG_{name}: {message}" if name else message


def go(work: Coroutine[Any, Any, Any]) -> Any:
    """Run `work` on uvloop where it is there."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


def _start(chosen: Settings) -> None:
    from bot import logging

    logging.set_up(chosen.log_format, chosen.log_level)


@app.command()
def run() -> None:
    """Run the bot: with Telegram when a token is set, else in local mode with a chat page."""
    chosen = settings()
    go(_running(chosen))


def _running(chosen: Settings) -> Coroutine[Any, Any, None]:
    with without_comforts(), uncollected():
        _start(chosen)
        if chosen.is_local:
            return _running_locally(chosen)
        from bot.application import run as run_telegram

        return run_telegram(chosen)


def _running_locally(chosen: Settings) -> Coroutine[Any, Any, None]:
    from bot.local.apart import begin_early

    maker = begin_early(chosen)
    load_aiohttp_without_tls()
    if chosen.database.startswith("sqlite"):
        load_tables_without_postgres()
    from bot.local.run import run as run_local

    return run_local(chosen, maker)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    from bot.application import migrate as work

    go(work(settings()))
    typer.echo("The database is up to date.")


@app.command()
def doctor() -> None:
    """Check database, key, token, clock, font and a bot that runs here, and say what to do."""
    from bot.doctor import examine, printed

    findings = go(examine())
    printed(findings)
    if any(finding.is_problem for finding in findings):
        raise typer.Exit(1)


@app.command()
def invite(
    role: Annotated[Role, typer.Option(help="What the person will be.")],
    place: Annotated[str, typer.Option(help="Division code: 12 digits for a village, 9 for the township.")],
    days: Annotated[int, typer.Option(min=1, max=90, help="How long the code works, in days.")] = 7,
    png: Annotated[Path | None, typer.Option(help="Also save the QR picture to this file.")] = None,
) -> None:
    """Make an invite: a deep link, a code and a QR picture."""
    from bot.inviting import invite as work

    typer.echo(go(work(settings(), role, place, days, png)))


@letters.callback()
def dead_letters(context: typer.Context) -> None:
    """List the updates that could not be handled."""
    if context.invoked_subcommand is None:
        from bot.letters import listed

        go(listed(settings()))


@letters.command()
def replay(letter: Annotated[int, typer.Argument(max=_LARGEST, help="Number of the dead letter, as listed.")]) -> None:
    """Handle a dead letter again, once, and answer it."""
    from bot.letters import replay as work

    chosen = settings()
    _start(chosen)
    go(work(chosen, letter))
    typer.echo(f"Dead letter {letter} was handled.")


@outbox.callback()
def list_outbox(
    context: typer.Context,
    state: Annotated[
        list[str] | None,
        typer.Option(help="Only in this state: planned, claimed, sending, sent, in_doubt, dead, expired. Repeatable."),
    ] = None,
    person: Annotated[
        int | None, typer.Option(max=_LARGEST, help="Only to this member of staff, by number as printed.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Only of this kind, as printed.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=_LARGEST, help="At most so many.")] = 50,
) -> None:
    """List what is to be sent or to be decided about, longest due first; --state shows what is sent or expired too."""
    if context.invoked_subcommand is None:
        from bot.queue import listed

        with _possible():
            go(listed(settings(), state or (), person, kind, limit))


@app.command()
def schedule(
    days: Annotated[int, typer.Option(min=1, max=400, help="So many days ahead.")] = 60,
) -> None:
    """List what would be sent of the bot's own accord, to whom, when and why. Nothing is planned or sent."""
    from bot.schedule import listed

    go(listed(settings(), days))


@outbox.command("retry")
def retry_message(message: Annotated[int, typer.Argument(max=_LARGEST, help=_MESSAGE)]) -> None:
    """Send a message that is dead, expired or in doubt again; one that may have arrived says so."""
    from bot.queue import retry

    with _possible():
        typer.echo(go(retry(settings(), message)))


@outbox.command("drop")
def drop_message(message: Annotated[int, typer.Argument(max=_LARGEST, help=_MESSAGE)]) -> None:
    """End a message that is planned, dead or in doubt without sending it."""
    from bot.queue import drop

    with _possible():
        typer.echo(go(drop(settings(), message)))


@places.callback()
def list_places(context: typer.Context) -> None:
    """List the townships and villages."""
    if context.invoked_subcommand is None:
        from bot.placing import listed

        go(listed(settings()))


@places.command()
def load(file: Annotated[Path, typer.Argument(help="CSV file with the columns code, name, checkup_day.")]) -> None:
    """Add the places of a file; those that are there already stay as they are."""
    from bot.placing import BadFile
    from bot.placing import load as work

    try:
        added = go(work(settings(), file))
    except BadFile as error:
        raise Trouble(f"Nothing was added: {error}.") from None
    typer.echo(f"{added} places were added.")


@places.command("meeting")
def meeting_day(
    township: Annotated[str, typer.Argument(help="Division code of the township, 9 digits.")],
    day: Annotated[int, typer.Option(min=1, max=31, help="Day of the month.")],
    hour: Annotated[int, typer.Option(min=0, max=23, help="Hour at which it begins.")],
) -> None:
    """Choose when a township holds its joint meeting; one that is planned already follows, and all are told."""
    from bot.placing import meet as work

    name = go(work(settings(), township, day, hour))
    if name is None:
        raise Trouble(f"There is no township {township}. `suifang places` lists them.")
    typer.echo(f"{name} meets on day {day} of each month at {hour:02}:00, or on the next working day.")


@programmes.command("check")
def check_programmes(
    file: Annotated[Path, typer.Argument(help=_PROGRAMME_FILE)],
    place: Annotated[str | None, typer.Option(help="Compare with this township; else with the built-in.")] = None,
) -> None:
    """Say everything that is wrong in a file of programmes, or what it would change. Nothing is stored."""
    from bot.programmes import check, offered

    with _readable(file):
        check(file, go(offered(settings(), place)))


@programmes.command("load")
def load_programmes(
    file: Annotated[Path, typer.Argument(help=_PROGRAMME_FILE)],
    place: Annotated[str, typer.Option(help=_TOWNSHIP)],
) -> None:
    """Store a new version of each programme that the file changes. Who is in one keeps the version joined."""
    from bot.programmes import load as work

    with _readable(file):
        go(work(settings(), file, place))


@programmes.command("list")
def list_programmes(place: Annotated[str, typer.Option(help=_TOWNSHIP)]) -> None:
    """List the programmes of a township."""
    from bot.programmes import listed

    go(listed(settings(), place))


@programmes.command("show")
def show_programme(
    code: Annotated[str, typer.Argument(help="Code of the programme.")],
    place: Annotated[str | None, typer.Option(help="As this township has it; else as it is built in.")] = None,
) -> None:
    """Print a programme as a file has it, to start from."""
    from bot.programmes import shown

    typer.echo(go(shown(settings(), code, place)), nl=False)


@programmes.command("recompute")
def recompute_programmes(
    place: Annotated[str, typer.Option(help=_TOWNSHIP)],
    programme: Annotated[str | None, typer.Option(help="Only this programme.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Change it; without, only say what would change.")] = False,
) -> None:
    """Bring whoever is in an older version of a programme to the one in force: counts and days first, then --yes."""
    from bot.rescheduling import recompute as work

    go(work(settings(), place, programme, apply=yes))


@files.command("file")
def bring_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An .xlsx or .csv file with a row of headers.")],
    place: Annotated[str, typer.Option(help="Division code: 12 digits for a village, 9 for the township.")],
    yes: Annotated[bool, typer.Option("--yes", help="Import what can be imported without asking.")] = False,
    marked: Annotated[Path | None, typer.Option(metavar="OUT.xlsx", help="Also write a marked copy.")] = None,
) -> None:
    """Check a file of residents, print what is new, matching and wrong, and import it after a question."""
    from bot.importing import NotImported
    from bot.importing import bring_in as work

    try:
        go(work(settings(), file, place, marked, lambda question: yes or typer.confirm(question)))
    except NotImported as error:
        raise Trouble(str(error)) from None


@files.command("undo")
def undo_import(
    number: Annotated[int, typer.Argument(max=_LARGEST, help="Number of the import, as printed after it.")],
) -> None:
    """Take back what came with a file, within a day: people that were not changed or reported on since."""
    from bot.importing import NotImported
    from bot.importing import undo as work

    try:
        go(work(settings(), number))
    except NotImported as error:
        raise Trouble(str(error)) from None


@keys.command()
def new(name: Annotated[str, typer.Argument(help="Id of the key: 1-16 of a-z 0-9 -.")] = "k1") -> None:
    """Print a fresh key for SUIFANG_SECRET_KEYS. Keep a copy in a safe: without it the names can't be read."""
    from models.store.keyring import Keyring, KeyringError

    try:
        typer.echo(Keyring.generate(name))
    except KeyringError as error:
        raise Trouble(str(error)) from None


@keys.command()
def rotate() -> None:
    """Seal everything anew with the first key of SUIFANG_SECRET_KEYS; afterwards the older ones can go."""
    from bot.rotation import rotate as work

    typer.echo(f"{go(work(settings()))} rows were sealed anew.")


def main() -> None:
    """Run a command; what the operator can mend is said in a line, without a traceback."""
    from bot.troubles import explained

    try:
        app()
    except Exception as error:
        words = str(error) if isinstance(error, Trouble) else explained(error)
        if words is None:
            from bot.logging import frames

            words = f"Unexpected: {frames(error)}"
        typer.secho(words, err=True, fg=typer.colors.RED)
        sys.exit(1)
