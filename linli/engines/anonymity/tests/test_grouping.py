"""Nobody stands alone: not in one file, and not between the files of two months."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.anonymity import Period, Record, generalise

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
DAYS = {OCTOBER: 31, NOVEMBER: 30}


def record(n, first, grid, offset):
    """A matter in one of twelve grids of six communities of three townships; some know only their community."""
    places = {4: 40 + grid // 2, 3: 30 + grid // 4, 2: 2}
    if grid != 11:
        places[5] = 50 + grid
    return Record(places, first + timedelta(days=offset % DAYS[first]), (first.month, n))


def months():
    """Two consecutive months, most of it in a few grids, as in a city."""
    place = st.one_of(st.integers(0, 11), st.integers(0, 2))
    return st.tuples(
        *(
            st.lists(st.tuples(place, st.one_of(st.integers(0, 30), st.integers(24, 30))), max_size=60).map(
                lambda drawn, first=first: [record(n, first, *each) for n, each in enumerate(drawn)]
            )
            for first in (OCTOBER, NOVEMBER)
        )
    )


@settings(max_examples=60, deadline=None)
@given(months(), st.integers(5, 8))
def test_every_group_has_k_and_no_subtraction_leaves_fewer(both, k):
    results = [generalise(month, k=k) for month in both]
    cells = [cell for result in results for cell in result.cells]
    for month, result in zip(both, results, strict=True):
        told = [each for cell in result.cells for each in cell.told]
        assert len(told) == len(set(told)), "a record is told once"
        assert len(told) + result.suppressed == len(month), "what is not told is counted"
    assert all(len(cell.told) >= k for cell in cells)
    # What somebody can ask of the two files: all that is told of a place, within any span of days. Whatever two such
    # answers differ by is made of whole groups.
    spans = sorted({cell.begins for cell in cells} | {cell.ends for cell in cells})
    asked = [
        frozenset(each for cell in cells if begins <= cell.begins and cell.ends <= ends and cell.place == place for each in cell.told)
        for place in {cell.place for cell in cells}
        for begins in spans[:6]
        for ends in spans[-6:]
    ]  # fmt: skip
    for one in asked[:25]:
        for other in asked[:25]:
            assert not 0 < len(one - other) < k
    assert all(cell.begins.month == cell.ends.month for cell in cells), "no group reaches into another month"


def test_the_place_and_the_day_are_kept_where_there_are_enough():
    many = [record(n, OCTOBER, 0, 3) for n in range(5)]
    few = [record(n, OCTOBER, 1, 3) for n in range(10, 14)]
    result = generalise([*many, *few], k=5)
    (cell,) = result.cells
    assert (cell.step.level, cell.step.period, cell.begins) == (5, Period.DAY, date(2026, 10, 4))
    assert result.suppressed == 4


def test_those_who_are_few_become_rougher_and_then_silent():
    scattered = [record(n, OCTOBER, n % 12, n * 5) for n in range(12)]
    result = generalise(scattered, k=5)
    assert Counter(cell.step.level for cell in result.cells) == {2: 1}
    assert result.suppressed == 0
    assert generalise(scattered[:4], k=5).suppressed == 4


def test_a_week_ends_with_its_month():
    result = generalise([record(n, OCTOBER, 0, 26 + n % 5) for n in range(6)], k=5)
    (cell,) = result.cells
    assert (cell.begins, cell.ends) == (date(2026, 10, 26), date(2026, 10, 31))


def test_what_cannot_be_hidden_is_refused():
    with pytest.raises(ValueError, match="hides nobody"):
        generalise([], k=1)
    with pytest.raises(ValueError, match="one month"):
        generalise([record(1, OCTOBER, 0, 1), record(2, NOVEMBER, 0, 1)], k=5)
