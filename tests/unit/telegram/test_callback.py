"""What buttons carry."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.callback import LONGEST_DATA, Refusal, TapRefused, TapSigner
from locales.message import Tap
from models.store.keyring import Keyring

OLD, NEW = Keyring.generate("old"), Keyring.generate("new")
SIGNER = TapSigner(Keyring.parse(OLD))
DAY = date(2026, 3, 16)
PARTS = st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"]), max_size=5)
TAPS = st.builds(lambda action, args: Tap(action, tuple(args)), PARTS, st.lists(PARTS, max_size=2))


def read(data: str, user_id: int = 7, chat_id: int = 7, today: date = DAY, signer: TapSigner = SIGNER) -> Tap:
    return signer.read(data, user_id=user_id, chat_id=chat_id, today=today)


def write(tap: Tap, day: date = DAY) -> str:
    return SIGNER.write(tap, user_id=7, chat_id=7, day=day)


@given(TAPS, st.dates(date(2020, 1, 1), date(2140, 1, 1)))
def test_what_is_written_is_read(tap: Tap, day: date) -> None:
    try:
        data = write(tap, day)
    except ValueError:
        assert len("|".join((tap.action, *tap.args)).encode()) > 48
        return
    assert len(data.encode()) <= LONGEST_DATA
    assert read(data, today=day) == tap


@given(st.data())
def test_no_other_character_anywhere_is_accepted(data: st.DataObject) -> None:
    written = write(Tap.of("due.go", 12345, "x"))
    at = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.characters().filter(lambda c: c != written[at]))
    with pytest.raises(TapRefused) as refused:
        read(written[:at] + other + written[at + 1 :])
    assert refused.value.reason is Refusal.REFUSED


@given(st.text(max_size=64))
def test_nothing_made_up_is_accepted(data: str) -> None:
    with pytest.raises(TapRefused):
        read(data)


@pytest.mark.parametrize(("user_id", "chat_id"), [(8, 7), (7, 8), (8, 8), (7, -7), (77, 7)])
def test_a_button_is_bound_to_person_and_chat(user_id: int, chat_id: int) -> None:
    with pytest.raises(TapRefused) as refused:
        read(write(Tap.of("a")), user_id, chat_id)
    assert refused.value.reason is Refusal.REFUSED


@pytest.mark.parametrize(("age", "works"), [(-2, False), (-1, True), (0, True), (29, True), (30, True), (31, False)])
def test_a_button_works_for_thirty_days(age: int, works: bool) -> None:
    data, today = write(Tap.of("a")), DAY + timedelta(days=age)
    if works:
        assert read(data, today=today) == Tap("a")
        return
    with pytest.raises(TapRefused) as refused:
        read(data, today=today)
    assert refused.value.reason is Refusal.EXPIRED


def test_a_new_key_leaves_old_buttons_working_until_the_old_one_goes() -> None:
    data = write(Tap.of("a"))
    assert read(data, signer=TapSigner(Keyring.parse(f"{NEW},{OLD}"))) == Tap("a")
    with pytest.raises(TapRefused):
        read(data, signer=TapSigner(Keyring.parse(NEW)))


def test_the_signature_has_more_than_48_bits_and_48_bytes_are_left() -> None:
    data = write(Tap.of("a" * 48))
    assert len(data) - 48 >= 12 + 3  # base64 of 9 bytes, and the day
    with pytest.raises(ValueError, match="too long"):
        write(Tap.of("a" * 50))


def test_the_separator_is_refused() -> None:
    with pytest.raises(ValueError, match="due"):
        write(Tap.of("due", "a|b"))
