"""Keys are read strictly, never shown, and verify what older keys signed."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.store.keyring import Keyring, KeyringError

K1 = "k1:" + base64.b64encode(bytes(32)).decode()
K2 = "k2:" + base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    "text",
    ["", "k1", "k1:", "k1:!!!", "k1:AAAA", f"K1{K1[2:]}", f"{K1},{K1}", "x" * 17 + K1[2:], "k1:" + "A" * 43],
)
def test_bad_keys_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(KeyringError) as error:
        Keyring.parse(text)
    secret = text.partition(":")[2]
    assert not secret or secret not in str(error.value)


def test_the_first_key_is_current() -> None:
    ring = Keyring.parse(f" {K2} , {K1} ")
    assert [key.key_id for key in ring] == ["k2", "k1"]
    assert ring.current.key_id == "k2"


def test_a_key_does_not_show_itself() -> None:
    ring = Keyring.parse(K2)
    assert repr(ring.current) == "Key('k2')"
    assert K2[3:] not in repr(ring)


def test_a_generated_key_can_be_read() -> None:
    first, second = Keyring.generate(), Keyring.generate()
    assert Keyring.parse(first).current.secret != Keyring.parse(second).current.secret


@given(data=st.binary(max_size=80), length=st.integers(8, 32))
def test_signatures_hold_for_their_purpose_and_data_only(data: bytes, length: int) -> None:
    ring = Keyring.parse(K1)
    signature = ring.sign("button", data)[:length]
    assert ring.verify("button", data, signature)
    assert not ring.verify("invite", data, signature)
    assert not ring.verify("button", data + b"x", signature)
    assert not ring.verify("button", data, bytes([signature[0] ^ 1]) + signature[1:])


def test_a_signature_of_an_older_key_holds_until_the_key_is_gone() -> None:
    signature = Keyring.parse(K1).sign("button", b"x")
    assert Keyring.parse(f"{K2},{K1}").verify("button", b"x", signature)
    assert not Keyring.parse(K2).verify("button", b"x", signature)


def test_a_signature_cut_too_short_is_none() -> None:
    ring = Keyring.parse(K1)
    assert not ring.verify("button", b"x", ring.sign("button", b"x")[:7])
    assert not ring.verify("button", b"x", b"")
