"""Settings, and that `.env.example` explains each of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings

EXAMPLE = (Path(__file__).parents[3] / ".env.example").read_text("utf-8")


def _settings(**values: object) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[call-arg, arg-type]


def test_the_example_names_every_setting_once_and_no_other() -> None:
    named = re.findall(r"^SUIFANG_([A-Z_]+)=", EXAMPLE, re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_holds_the_defaults() -> None:
    given = dict(re.findall(r"^SUIFANG_([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    for name, field in Settings.model_fields.items():
        expected = "" if field.default is None else str(field.default)
        assert given[name.upper()] == expected, name


def test_every_setting_is_explained() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    paragraphs = EXAMPLE.strip().split("\n\n")
    assert all(paragraph.startswith("# ") for paragraph in paragraphs)


def test_nothing_set_is_local_mode_with_a_file(tmp_path: Path) -> None:
    settings = _settings(data_dir=tmp_path)
    assert settings.is_local
    assert settings.database == f"sqlite+aiosqlite:///{tmp_path}/local.sqlite3"


def test_local_people_and_real_people_never_share_a_file(tmp_path: Path) -> None:
    assert _settings(data_dir=tmp_path, telegram_token="1:a").database != _settings(data_dir=tmp_path).database


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "postgresql://u:p@h/d"])
def test_the_driver_is_spelled_out(url: str) -> None:
    assert _settings(database_url=url).database == "postgresql+asyncpg://u:p@h/d"


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("database_url", "mysql://h/d", "postgresql+asyncpg://"),
        ("telegram_api_url", "api.telegram.org", "https://api.telegram.org"),
        ("webhook_url", "https://example.org/hook", "SUIFANG_WEBHOOK_SECRET is needed"),
        ("webhook_secret", "short", "16-256 characters"),
        ("parallel_chats", 0, "greater than or equal to 1"),
        ("log_level", "loud", "'debug', 'info'"),
    ],
)
def test_a_wrong_setting_says_what_is_right(name: str, value: object, hint: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _settings(**{name: value})
    assert hint in str(caught.value)


def test_secrets_do_not_show() -> None:
    settings = _settings(telegram_token="1:canary", secret_keys="k1:canary", webhook_secret="canary-canary-canary")
    assert "canary" not in repr(settings)
