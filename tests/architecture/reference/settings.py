"""Every setting, from the settings class."""

from __future__ import annotations

from annotated_types import Ge, Le

from bot.settings import Settings
from tests.architecture.reference.markdown import code, rows


def table() -> str:
    """Return the table of settings."""
    return rows(("setting", "default", "meaning"), [_row(name) for name in Settings.model_fields])


def _row(name: str) -> tuple[str, str, str]:
    field = Settings.model_fields[name]
    default = "" if field.default is None else str(field.default)
    return f"`SUIFANG_{name.upper()}`", code(default), f"{field.description}{_bounds(field.metadata)}"


def _bounds(metadata: list[object]) -> str:
    low = next((str(each.ge) for each in metadata if isinstance(each, Ge)), None)
    high = next((str(each.le) for each in metadata if isinstance(each, Le)), None)
    if low is None:
        return ""
    return f" ({low} to {high})" if high is not None else f" (at least {low})"
