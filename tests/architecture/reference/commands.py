"""What can be typed: on the command line, and in the chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from inspect import Parameter, signature
from typing import Annotated, get_args, get_origin, get_type_hints

import typer
from typer.models import OptionInfo

from bot.cli import app
from handlers import routes
from handlers.menu import COMMANDS, KEYBOARDS
from locales.message import Text
from locales.translator import translator
from models.rules.access import Role
from tests.architecture.reference.markdown import rows

_EVERYBODY = "everybody"


def command_line() -> str:
    """Return the table of the command line's commands."""
    return rows(("command", "what it does", "options and arguments"), _commands(app, "suifang"))


def _commands(group: typer.Typer, path: str) -> Iterator[tuple[str, str, str]]:
    alone = group.registered_callback
    if alone is not None and alone.callback is not None:
        yield _command(path, alone.callback)
    for info in group.registered_commands:
        assert info.callback is not None
        yield _command(f"{path} {info.name or info.callback.__name__}", info.callback)
    for below in group.registered_groups:
        assert below.typer_instance is not None
        yield from _commands(below.typer_instance, f"{path} {below.name}")


def _command(path: str, callback: Callable[..., object]) -> tuple[str, str, str]:
    hints = get_type_hints(callback, include_extras=True)
    defaults = {name: each.default for name, each in signature(callback).parameters.items()}
    said = [_parameter(name, hint, defaults[name]) for name, hint in hints.items() if get_origin(hint) is Annotated]
    return f"`{path}`", callback.__doc__ or "", "<br>".join(said)


def _parameter(name: str, hint: object, default: object) -> str:
    kind, info = get_args(hint)
    is_option = isinstance(info, OptionInfo)
    words = [info.help]
    if isinstance(kind, type) and issubclass(kind, Enum):
        words.append(f"One of {', '.join(each.value for each in kind)}.")
    if default is Parameter.empty:
        words += ["Required."] if is_option else []
    elif default is not None:
        words.append(f"Default: {default}.")
    return f"`{f'--{name}' if is_option else name.upper()}`: {' '.join(words)}"


def bot_commands() -> str:
    """Return the table of the bot's commands."""
    return rows(("command", "in the menu", "说明", "offered to"), map(_bot_command, routes.COMMANDS))


def _bot_command(name: str) -> tuple[str, str, str, str]:
    roles = [role.value for role in Role if name in COMMANDS[role]]
    who = _EVERYBODY if len(roles) == len(Role) else ", ".join(roles) or f"{_EVERYBODY}, at the first hello"
    words = [translator(language).plain(Text.of(f"commands.{name}")) for language in ("en", "zh-CN")]
    return f"`/{name}`", *words, who


def keyboards() -> str:
    """Return the table of the keyboards under the chat."""
    return rows(("role", "buttons", "按钮"), [(role.value, *_buttons(role)) for role in Role])


def _buttons(role: Role) -> tuple[str, str]:
    keys = [key for row in KEYBOARDS[role].rows for key in row]
    english, chinese = (
        " · ".join(translator(language).plain(Text.of(key)) for key in keys) for language in ("en", "zh-CN")
    )
    return english, chinese
