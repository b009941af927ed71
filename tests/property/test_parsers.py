"""Properties of the parsers: what is written is read back, and junk is refused, never worse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import bloodpressure, identity, money, numbers, phones
from models.rules.bloodpressure import BloodPressure
from models.rules.calendar import checkup_day, is_working_day, next_checkup_day
from models.rules.dates import format_date, lunar_text, parse_date
from models.rules.errors import InputError
from models.rules.measurements import Measure, check, from_stored, to_stored
from models.rules.names import match, name_keys
from models.rules.spans import add_months, months_between
from models.rules.times import format_time, parse_time

TODAY = date(2026, 10, 7)
FULL_WIDTH = str.maketrans("0123456789/-. ", "０１２３４５６７８９／－．　")
PARSERS: list[Callable[[str], object]] = [
    bloodpressure.parse, money.parse, phones.parse, numbers.parse_decimal, numbers.parse_integer,
    lambda text: identity.parse(text, TODAY), lambda text: parse_date(text, TODAY),
    lambda text: parse_date(text, TODAY, "past"), lambda text: parse_date(text, TODAY, "future"),
    parse_time,
]  # fmt: skip
SHAPED = st.text(
    "0123456789０９十廿卅初正冬腊闰月日号年天周前后上下个半点时分刻整钟早晚午夜农历万元高低压/.-+, :xX²٣①", max_size=14
)
known_days = st.dates(date(1901, 1, 1), date(2098, 12, 31))


@pytest.mark.parametrize("parse", PARSERS)
@given(text=st.text(max_size=40) | SHAPED)
def test_junk_is_refused_and_nothing_worse(parse: Callable[[str], object], text: str) -> None:
    try:
        parse(text)
    except InputError as refused:
        assert refused.code
        assert refused.example


@given(
    known_days,
    st.booleans(),
    st.sampled_from(["{0:%Y-%m-%d}", "{0:%Y%m%d}", "{0.year}年{0.month}月{0.day}日", "{0.year}.{0.month}.{0.day}"]),
)
def test_a_written_day_is_read_back(day: date, wide: bool, form: str) -> None:
    assert parse_date(format_date(day), TODAY).day == day
    typed = form.format(day)
    assert parse_date(typed.translate(FULL_WIDTH) if wide else typed, TODAY).day == day


@given(
    st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    st.booleans(),
    st.sampled_from(
        ["{0:%H:%M}", "{0:%H%M}", "{0.hour}点{0.minute}分", "{0.hour}时{0.minute}", "{0:%I}:{0:%M} {0:%p}"]
    ),
)
def test_a_written_time_is_read_back(moment: time, wide: bool, form: str) -> None:
    assert parse_time(format_time(moment)) == moment
    typed = form.format(moment)
    assert parse_time(typed.translate(FULL_WIDTH) if wide else typed) == moment


@given(known_days)
def test_a_lunar_name_is_read_back(day: date) -> None:
    name = lunar_text(day)
    assert name is not None
    found = parse_date(name, TODAY)
    assert found.day == day
    assert found.lunar is not None and found.lunar.removeprefix("农历") in name


@given(known_days, st.integers(-182, 182))
def test_the_nearest_year_is_taken(today: date, away: int) -> None:
    day = today + timedelta(days=away)
    if (day.month, day.day) != (2, 29):
        assert parse_date(f"{day.month}.{day.day}", today).day == day
        assert parse_date(f"{day.month}月{day.day}号", today, "past").day <= today
        assert parse_date(f"{day.month}月{day.day}号", today, "future").day >= today


@given(st.integers(0, 9999), st.integers(0, 9999), st.sampled_from(["/", " ", "-", "／", "，", " / "]))
def test_a_blood_pressure_is_read_back(sbp: int, dbp: int, between: str) -> None:
    assert bloodpressure.parse(f"{sbp}{between}{dbp}") == BloodPressure(sbp, dbp)
    assert bloodpressure.parse(f"低压{dbp}高压{sbp}") == BloodPressure(sbp, dbp)
    assert bloodpressure.parse(str(BloodPressure(sbp, dbp))) == BloodPressure(sbp, dbp)


@given(st.integers(-99_999, 99_999).map(lambda tenths: Decimal(tenths) / 10))
def test_a_number_is_read_back(value: Decimal) -> None:
    assert numbers.parse_decimal(numbers.format_decimal(value)) == value


@given(st.integers(0, 10**13))
def test_money_is_read_back(fen: int) -> None:
    assert money.parse(money.format_wan(fen)) == fen
    assert money.parse(f"{Decimal(fen) / 100:.2f}元") == fen


@given(st.from_regex(r"\A1[3-9][0-9]{9}\Z"))
def test_a_phone_is_read_back(phone: str) -> None:
    for typed in (phone, phones.display(phone), f"+86 {phone}", phone.translate(FULL_WIDTH)):
        assert phones.parse(typed) == phone


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_of_an_identity_number_is_found(birth: date, serial: int, place: int, shift: int) -> None:
    body = f"411728{birth:%Y%m%d}{serial:03d}"
    number = body + identity.check_digit(body)
    assert identity.parse(number.lower(), TODAY).birth == birth
    digit = number[place]
    wrong = str((int(digit) + shift) % 10) if digit.isdigit() else str(shift)
    with pytest.raises(InputError) as refused:
        identity.parse(number[:place] + wrong + number[place + 1 :], TODAY)
    assert refused.value.code in {"identity_check", "identity_date"}


@given(st.text(max_size=30), st.text(max_size=12), st.none() | st.from_regex(r"\A[0-9]{4}\Z"))
def test_search_takes_anything(query: str, name: str, last4: str | None) -> None:
    found = match(query, name, name_keys(name), last4)
    assert found is None or 1 <= found <= 100


@given(st.sampled_from(["王秀英", "单国强", "吕芳", "欧阳建华", "尉迟红"]))
def test_a_person_is_found_by_every_key(name: str) -> None:
    keys = name_keys(name)
    for typed in (name, *keys.full, *keys.initials):
        assert (match(typed, name, keys) or 0) >= 90


@given(st.integers(1, 31), st.dates(date(2004, 1, 1), date(2035, 12, 31)))
def test_the_next_checkup_day_is_the_first_later_one_and_is_worked(dom: int, after: date) -> None:
    found = next_checkup_day(dom, after)
    assert found.held_on > after
    assert found.nominal <= found.held_on
    assert is_working_day(found.held_on)
    assert found.nominal.month % 2 == 1
    every = [
        checkup_day(dom, year, month)
        for year in (after.year - 1, after.year, after.year + 1)
        for month in (1, 3, 5, 7, 9, 11)
    ]
    assert found == min((one for one in every if one.held_on > after), key=lambda one: one.held_on)


@given(st.dates(date(1900, 1, 1), date(2090, 1, 1)), st.integers(0, 1200))
def test_months_are_counted_as_they_are_added(day: date, months: int) -> None:
    later = add_months(day, months)
    assert months_between(day, later) == months
    assert months_between(day, later - timedelta(days=1)) == months - 1


@given(st.sampled_from(list(Measure)), st.decimals(0, 400, places=1))
def test_a_measure_is_stored_without_loss(measure: Measure, value: Decimal) -> None:
    if measure.value in {"sbp", "dbp", "pulse", "gestation"}:
        value = value.to_integral_value()
    assert from_stored(measure, to_stored(measure, value)) == value
    check(measure, value)
