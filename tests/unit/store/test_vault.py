"""A sealed value opens in its own place only."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.store.keyring import Keyring
from models.store.vault import Cell, Vault, VaultError

K1 = "k1:" + base64.b64encode(bytes(32)).decode()
K2 = "k2:" + base64.b64encode(bytes(range(32))).decode()
NAME = Cell("residents", "name_sealed")
vault = Vault(Keyring.parse(K1))


@given(plain=st.binary(max_size=300), row=st.integers(1, 2**63 - 1))
def test_what_is_sealed_opens(plain: bytes, row: int) -> None:
    assert vault.open(NAME, row, vault.seal(NAME, row, plain)) == plain


@given(plain=st.binary(min_size=8, max_size=60))
def test_sealing_hides_and_never_repeats(plain: bytes) -> None:
    first, second = vault.seal(NAME, 1, plain), vault.seal(NAME, 1, plain)
    assert plain not in first
    assert first != second


@pytest.mark.parametrize(
    ("cell", "row"),
    [
        (NAME, 2),
        (Cell("residents", "phone_sealed"), 1),
        (Cell("staff", "name_sealed"), 1),
        (Cell("residents:name_sealed", ""), 1),
    ],
)
def test_elsewhere_it_does_not_open(cell: Cell, row: int) -> None:
    with pytest.raises(VaultError):
        vault.open(cell, row, vault.seal(NAME, 1, b"secret"))


@given(position=st.integers(0, 40), bit=st.integers(0, 7))
def test_a_damaged_value_does_not_open(position: int, bit: int) -> None:
    sealed = bytearray(vault.seal(NAME, 1, b"0123456789"))
    sealed[position % len(sealed)] ^= 1 << bit
    with pytest.raises(VaultError):
        vault.open(NAME, 1, bytes(sealed))


@given(noise=st.binary(max_size=60))
def test_noise_does_not_open(noise: bytes) -> None:
    with pytest.raises(VaultError):
        vault.open(NAME, 1, noise)


def test_a_key_under_another_id_does_not_open() -> None:
    sealed = vault.seal(NAME, 1, b"secret")
    renamed = Vault(Keyring.parse("k9" + K1[2:]))
    with pytest.raises(VaultError):
        renamed.open(NAME, 1, sealed)
    with pytest.raises(VaultError):
        renamed.open(NAME, 1, sealed.replace(b"k1", b"k9", 1))


def test_older_keys_open_and_the_current_one_seals() -> None:
    sealed = vault.seal(NAME, 1, b"secret")
    both = Vault(Keyring.parse(f"{K2},{K1}"))
    assert both.open(NAME, 1, sealed) == b"secret"
    assert not sealed.startswith(both.current_head())
    assert both.seal(NAME, 1, b"secret").startswith(both.current_head())


def test_lookups_differ_by_column_and_key_and_not_by_place() -> None:
    both = Vault(Keyring.parse(f"{K2},{K1}"))
    assert vault.lookup("phone", "13800138000") == vault.lookup("phone", "13800138000")
    assert vault.lookup("phone", "13800138000") != vault.lookup("identity", "13800138000")
    assert both.lookups("phone", "1") == [both.lookup("phone", "1"), vault.lookup("phone", "1")]


def test_none_and_json_pass_through() -> None:
    assert vault.seal_text(NAME, 1, None) is None
    assert vault.open_text(NAME, 1, None) is None
    assert vault.open_json(NAME, 1, vault.seal_json(NAME, 1, {"a": [1, "二"]})) == {"a": [1, "二"]}
