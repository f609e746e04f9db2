"""Dates, spans and numbers as people read them."""

from datetime import date, datetime, timedelta

import pytest
from django.test import RequestFactory
from django.utils import translation

from linli.kernel import clock
from linli.site import jinja

NOW = datetime(2025, 10, 14, 15, 30, tzinfo=clock.CITY)


@pytest.fixture(autouse=True)
def _at_the_moment():
    with clock.at(NOW):
        yield


def test_a_moment_is_told_with_its_weekday():
    assert jinja.when(NOW) == "10月14日 星期二 15:30"
    with translation.override("en"):
        assert jinja.when(NOW) == "Tue 14 Oct 15:30"


def test_another_year_is_told():
    assert jinja.day(date(2026, 1, 2)) == "2026年1月2日 星期五"
    with translation.override("en"):
        assert jinja.day(date(2026, 1, 2)) == "Fri 2 Jan 2026"


def test_a_moment_is_told_in_the_citys_time():
    from datetime import UTC

    assert jinja.when(datetime(2025, 10, 13, 16, 5, tzinfo=UTC)) == "10月14日 星期二 00:05"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (timedelta(days=3, hours=1), "还有3天"),
        (timedelta(hours=5, minutes=59), "还有5小时"),
        (timedelta(minutes=20), "还有20分钟"),
        (timedelta(seconds=5), "还有1分钟"),
        (timedelta(minutes=-3), "已超3分钟"),
        (timedelta(days=-2), "已超2天"),
    ],
)
def test_what_is_left_is_told_in_the_largest_whole_unit(due: timedelta, words: str):
    assert jinja.until(NOW + due) == words


def test_nothing_known_is_a_dash_and_never_a_zero():
    assert [jinja.number(None), jinja.percent(None), jinja.when(None), jinja.masked_phone("")] == ["–"] * 4
    assert jinja.number(0) == "0"
    assert jinja.number(1234567) == "1,234,567"
    assert jinja.number(1234.5, 2) == "1,234.50"
    assert jinja.percent(0.923) == "92%"


def test_line_breaks_stay_and_markup_does_not():
    assert str(jinja.with_breaks("一\n<b>二")) == "一<br>&lt;b&gt;二"


def test_the_address_of_a_page_changes_one_part_of_its_query():
    request = RequestFactory().get("/queue/", {"state": "triage", "after": "9", "kind": ["a", "b"]})
    assert jinja.here(request, after=None, state="assigned") == "/queue/?state=assigned&kind=a&kind=b"
    assert jinja.here(RequestFactory().get("/queue/?after=1"), after=None) == "/queue/"


def test_a_code_for_the_wall_carries_an_address():
    assert "<svg" in jinja.qr("http://localhost/g/1")
    assert "style=" not in jinja.qr("http://localhost/g/1")
