"""Codes of people, bodies, places and grids; the vectors of the domain by name."""

# ruff: noqa: RUF001 - People type full-width digits and dashes; these tests are about that.

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import codes
from linli.kernel.codes import CodeError, DivisionCode, GridCode

# Synthetic persons.
CITIZENS = ("371602199001010018", "371681195512310028", "371625201506010034")
CREDIT_CODES = (
    "52371602MJ12345679",
    "113715250043286799",
    "113308810026302175",
    "11370829562531110T",
    "113701037059525546",
)
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("number", CITIZENS)
def test_c4_these_citizen_numbers_are_valid(number):
    assert codes.is_citizen_number(number)
    assert codes.is_citizen_number(f" {number} ")


@pytest.mark.parametrize("number", CITIZENS)
def test_c4_with_the_last_digit_changed_they_are_not(number):
    for last in set("0123456789X") - {number[-1]}:
        assert not codes.is_citizen_number(number[:-1] + last)


def test_c4_the_child_is_under_fourteen_until_2029_06_01():
    born = codes.born_on("371625201506010034")
    assert born == date(2015, 6, 1)
    assert codes.birthday(born, 14) == date(2029, 6, 1)


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_c4_these_credit_codes_are_valid(code):
    assert codes.is_credit_code(code)
    assert codes.is_credit_code(code.lower())


def test_c4_371600_is_not_a_county():
    assert DivisionCode.parse("371600").county is None
    assert DivisionCode.parse("371602").county == DivisionCode("371602000000")


def test_c4_371602005033_is_a_community_of_pengli():
    unit = DivisionCode("371602005033")
    assert unit.level == 5
    assert unit.village == unit
    assert [str(code) for code in unit.parents] == ["371602005000", "371602000000", "371600000000", "370000000000"]
    assert unit.township is not None
    assert unit.township.short == "371602005"


@given(st.sampled_from(CITIZENS), st.integers(0, 16), st.integers(1, 9))
def test_any_single_digit_changed_in_a_citizen_number_is_noticed(number, place, by):
    changed = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert not codes.is_citizen_number(changed)


@given(st.sampled_from(CREDIT_CODES), st.integers(0, 17), st.integers(1, 30))
def test_any_single_character_changed_in_a_credit_code_is_noticed(code, place, by):
    changed = code[:place] + CREDIT_ALPHABET[(CREDIT_ALPHABET.index(code[place]) + by) % 31] + code[place + 1 :]
    assert not codes.is_credit_code(changed)


@given(st.text(max_size=30))
def test_no_text_makes_the_checks_crash(text):
    codes.is_citizen_number(text)
    codes.is_credit_code(text)
    for read in (DivisionCode.parse, GridCode.parse, DivisionCode, codes.born_on):
        try:
            read(text)
        except CodeError as error:
            assert "请" in str(error)  # noqa: PT017 - Most texts are refused; the sentence must say what to do.


@pytest.mark.parametrize(
    "number",
    ["371602199002300018", "37160219900101001", "３７１６０２１９９００１０１００１８", "371602000001010018", ""],
)
def test_a_number_with_an_impossible_date_or_shape_is_refused(number):
    assert not codes.is_citizen_number(number)


def test_somebody_born_on_the_29th_of_february_comes_of_age_on_the_1st_of_march():
    assert codes.birthday(date(2012, 2, 29), 14) == date(2026, 3, 1)


def test_a_division_code_contains_what_is_below_it():
    city, county, township = (DivisionCode.parse(text) for text in ("3716", "371602", "371602005"))
    assert [code.level for code in (city, county, township)] == [2, 3, 4]
    assert city.contains(township)
    assert county.contains(township)
    assert not township.contains(county)
    assert township.parent == county
    assert DivisionCode.parse("37").parent is None


def test_a_city_without_counties_still_has_townships():
    township = DivisionCode("441900003000")
    assert township.county is None
    assert township.parent == DivisionCode("441900000000")


@pytest.mark.parametrize("text", ["3716", "37160200503x", "371602000033", "000000000000"])
def test_what_is_no_division_code_is_refused(text):
    with pytest.raises(CodeError, match="请对照"):
        DivisionCode(text)


def test_a_grid_code_is_the_unit_the_kind_and_the_number():
    assert codes.grid_code("371602005033", 0, 7) == "3716020050330007"
    grid = GridCode.parse("3716020050338012")
    assert (str(grid.unit), grid.kind, grid.number) == ("371602005033", 8, 12)


@given(st.integers(0, 9), st.integers(1, 999))
def test_a_grid_code_comes_back(kind, number):
    code = codes.grid_code("371602005033", kind, number)
    assert len(code) == 16
    assert str(GridCode.parse(code)) == code


@given(st.integers(1, 999), st.integers(12, 15), st.integers(1, 9))
def test_the_check_of_a_grid_code_notices_any_digit_changed(number, place, by):
    code = codes.grid_code("371602005033", 0, number)
    changed = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    if not changed.endswith("000"):
        assert GridCode.parse(changed).check != GridCode.parse(code).check


@pytest.mark.parametrize(
    "args", [("371602005000", 0, 1), ("371602005033", 10, 1), ("371602005033", 0, 0), ("371602005033", 0, 1000)]
)
def test_a_grid_outside_a_village_or_the_numbers_is_refused(args):
    with pytest.raises(CodeError):
        codes.grid_code(*args)
