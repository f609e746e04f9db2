"""The arithmetic of shares: Wilson's interval, what may be compared, and what a list of definitions may say."""

from math import isclose, sqrt
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from linli.review.indicators.courses import MARKED_BY, MARKS, STEPS, bits, recorded
from linli.review.indicators.measures import (
    LEAST_COMPARED,
    SURE,
    Indicator,
    Indicators,
    Share,
    apart,
    counted,
    wilson,
)

PACK = yaml.safe_load((Path(settings.PACK) / "indicators" / "matters.yaml").read_text(encoding="utf-8"))
SHARES = st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
CELLS = st.lists(st.tuples(st.integers(0, 2**40 - 1), st.integers(1, 500)), max_size=20)


def indicator(**changes: Any) -> Indicator:
    plain = {
        "code": "x", "name": "甲", "definition": "分母和分子", "measure": "share", "of": ["answered"], "that": ["said_yes"], "better": "more"
    }  # fmt: skip
    return Indicator.model_validate(plain | changes)


@given(SHARES)
def test_wilsons_interval_holds_the_share_and_is_never_outside_nought_and_one(pair: tuple[int, int]) -> None:
    n, of = pair
    low, high = wilson(n, of)
    assert 0 <= low <= n / of <= high <= 1
    assert low < high


@given(SHARES)
def test_the_share_that_did_not_has_the_mirrored_interval(pair: tuple[int, int]) -> None:
    n, of = pair
    low, high = wilson(n, of)
    other = wilson(of - n, of)
    assert isclose(low, 1 - other[1], abs_tol=1e-12)
    assert isclose(high, 1 - other[0], abs_tol=1e-12)


@given(SHARES)
def test_its_ends_solve_wilsons_equation(pair: tuple[int, int]) -> None:
    """(share - end)² = z² · end · (1 - end) / n: what the interval is by definition."""
    n, of = pair
    for end in wilson(n, of):
        assert isclose((n / of - end) ** 2, SURE**2 * end * (1 - end) / of, abs_tol=1e-9)


@given(SHARES, st.integers(2, 50))
def test_more_of_the_same_is_surer(pair: tuple[int, int], times: int) -> None:
    n, of = pair
    low, high = wilson(n, of)
    narrow = wilson(n * times, of * times)
    assert narrow[1] - narrow[0] < high - low


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662), (30, 30, 0.8865, 1.0)],
)
def test_known_intervals(n: int, of: int, low: float, high: float) -> None:
    """Of Newcombe (1998), table I, method 3, and of hand."""
    assert [round(end, 4) for end in wilson(n, of)] == [low, high]


@pytest.mark.parametrize(("n", "of"), [(1, 0), (0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(n: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(n, of)


@given(SHARES, SHARES)
def test_nothing_under_thirty_is_told_apart(one: tuple[int, int], other: tuple[int, int]) -> None:
    shares = Share(*one), Share(*other)
    if min(share.of for share in shares) < LEAST_COMPARED:
        assert not apart(*shares)
    assert apart(*shares) == apart(*reversed(shares))


def test_thirty_are_enough_and_twenty_nine_are_not() -> None:
    assert LEAST_COMPARED == 30
    assert not Share(29, 29).comparable
    assert Share(0, 30).comparable
    assert apart(Share(0, 30), Share(30, 30))
    assert not apart(Share(0, 29), Share(30, 30))
    assert not apart(Share(15, 30), Share(16, 30))
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None
    assert sqrt(SURE**2) == SURE


@given(CELLS, st.sampled_from(PACK["items"]))
def test_c5_8_no_part_is_larger_than_its_whole(cells: list[tuple[int, int]], item: dict[str, Any]) -> None:
    """Whatever marks matters bear, and whichever indicator of the city's list is asked."""
    found = counted(cells, Indicator.model_validate(item))
    assert 0 <= found.n <= found.of <= sum(n for _marks, n in cells)


@given(CELLS)
def test_c5_8_valid_answers_are_among_the_answered_and_these_among_the_handled(cells: list[tuple[int, int]]) -> None:
    handled, answered = indicator(of=[], that=["answered"]), indicator(of=["answered"], that=["spoke"])
    valid = indicator(of=["answered", "spoke"], that=["said_yes"])
    assert counted(cells, valid).of == counted(cells, answered).n <= counted(cells, answered).of
    assert counted(cells, answered).of == counted(cells, handled).n <= counted(cells, handled).of


# --- The list --------------------------------------------------------------------------------------------------------
def test_the_citys_list_is_read_and_every_word_of_it_is_known() -> None:
    listed = Indicators.model_validate(PACK)
    assert {
        "on_time",
        "solution",
        "satisfaction",
        "first_dispatch",
        "extended",
        "redone",
        "excluded",
        "backlog",
        "repeats",
    } <= set(listed.by_code)
    assert all(len(item.definition) > 10 and item.definition_en for item in listed.items)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"that": ["cured"]}, "没有“cured”这样的标记"),
        ({"that": []}, "要写分子"),
        ({"that_not": ["answered"]}, "既要有又要没有"),
        ({"measure": "count"}, "只有比率"),
        ({"measure": "hours", "that": []}, "要写 start 和 until"),
        ({"measure": "backlog", "that": []}, "要写 days"),
        ({"measure": "repeats", "that": []}, "要写 least"),
        ({"measure": "rank"}, "measure"),
        ({"month_of": "ended"}, "month_of"),
        ({"sql": "DROP"}, "sql"),
    ],
)
def test_a_definition_that_cannot_be_counted_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        indicator(**changes)


def test_an_indicator_without_its_source_is_absent_and_never_nought() -> None:
    listed = Indicators.model_validate(PACK)
    without = listed.countable(recorded(["MatterRegistered", "MatterAnswered"]))
    assert {"received", "spoke"} & {item.code for item in without} == {"received"}
    assert listed.countable(recorded([])) == tuple(item for item in listed.items if not item.marks)
    assert {item.code for item in listed.countable(MARKS)} == set(listed.by_code)


def test_marks_are_bits_of_their_own() -> None:
    assert len(set(MARKS.values())) == len(MARKS)
    assert max(MARKS.values()) < 63
    assert set(MARKED_BY) == set(MARKS)
    assert {name for makers in MARKED_BY.values() for name in makers} <= set(STEPS)
    assert bits(["settled", "raised", "settled"]) == 3
    with pytest.raises(KeyError):
        bits(["cured"])
