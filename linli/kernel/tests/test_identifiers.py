"""Numbers of matters and follow tokens."""

# ruff: noqa: RUF001 - People type full-width digits and dashes; these tests are about that.

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.codes import CodeError
from linli.kernel.identifiers import MatterNumber, is_follow_token, matter_number, new_follow_token, parse_matter_number

NUMBER = MatterNumber("滨", date(2026, 4, 17), 32)


def test_a_matter_number_is_letter_date_and_running_number():
    assert matter_number("滨", date(2026, 4, 17), 32) == "滨26-0417-0032"
    assert matter_number("滨", date(2026, 12, 1), 123_456) == "滨26-1201-123456"


@pytest.mark.parametrize(
    "typed",
    [
        "滨26-0417-0032",
        " 滨 26 0417 0032 ",
        "滨２６－０４１７－００３２",
        "滨2604170032",
        "滨26—0417—0032",
        "滨26–0417–32",
        "滨-26-0417-0032",
        "滨26－0417 0032",
        "26-0417-0032",
        "2604170032",
    ],
)
def test_a_number_is_read_however_it_is_typed(typed):
    assert parse_matter_number(typed, default_prefix="滨") == NUMBER


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999), st.sampled_from(["滨", "LT", "济"]))
def test_a_number_comes_back(on, n, prefix):
    text = matter_number(prefix, on, n)
    assert parse_matter_number(text) == parse_matter_number(text.replace("-", "")) == MatterNumber(prefix, on, n)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "滨",
        "滨26-0230-0001",
        "滨26-0417-0000",
        "滨26-0417",
        "26-0417-0032",
        "滨26-0417-1234567",
        "<b>",
        "13812345678",
    ],
)
def test_what_is_no_number_is_refused_with_an_example(typed):
    with pytest.raises(CodeError, match="编号形如“滨26-0417-0032”"):
        parse_matter_number(typed)


@given(st.text(max_size=30))
def test_no_text_makes_reading_crash(typed):
    with suppress(CodeError):
        parse_matter_number(typed)


@pytest.mark.parametrize(
    ("prefix", "on", "n"),
    [
        ("滨", date(2026, 1, 1), 0),
        ("滨", date(2026, 1, 1), 10**6),
        ("滨", date(9999, 1, 1), 1),
        ("2", date(2026, 1, 1), 1),
    ],
)
def test_a_number_that_cannot_be_written_is_refused(prefix, on, n):
    with pytest.raises(ValueError, match=r"letters|digits|matters"):
        matter_number(prefix, on, n)


def test_a_follow_token_is_long_and_has_no_look_alikes():
    tokens = {new_follow_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(is_follow_token(token) and len(token) == 26 for token in tokens)
    assert not set("".join(tokens)) & set("01iloIO/+=-_")
    assert not is_follow_token("0" * 26)
    assert not is_follow_token("")
