"""Where keys come from."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.keys import KEY_FILE, NoKey, keyring
from bot.settings import Settings
from models.store.keyring import Keyring


def _settings(tmp_path: Path, **values: object) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, **values)  # type: ignore[call-arg, arg-type]


def test_local_mode_makes_its_key_once_for_its_owner_only(tmp_path: Path) -> None:
    first = keyring(_settings(tmp_path))
    path = tmp_path / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keyring(_settings(tmp_path)).current.secret == first.current.secret


def test_with_a_token_a_key_has_to_be_set(tmp_path: Path) -> None:
    with pytest.raises(NoKey):
        keyring(_settings(tmp_path, telegram_token="1:a"))
    assert list(tmp_path.iterdir()) == []


def test_the_environment_wins(tmp_path: Path) -> None:
    text = Keyring.generate("mine")
    assert keyring(_settings(tmp_path, secret_keys=text)).current.key_id == "mine"
