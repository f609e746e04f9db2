"""The pack of Binzhou: it loads, every reference resolves, and nothing assumed is passed off as decided."""

from datetime import date, datetime, time
from pathlib import Path

import pytest
from django.conf import settings

from linli.kernel import clock
from linli.kernel.calendar import Limit, Unit, WorkingCalendar, Year
from linli.kernel.rules import Status
from linli.mechanisms.rulebook import pack
from linli.mechanisms.rulebook.pack import Pack

BINZHOU = Path(settings.ROOT) / "packs" / "binzhou"


@pytest.fixture(scope="module")
def binzhou() -> Pack:
    """Read once."""
    return pack.read(BINZHOU)


def test_the_pack_has_no_problem(binzhou: Pack) -> None:
    assert [str(problem) for problem in binzhou.problems] == []
    assert binzhou.head is not None
    assert (binzhou.head.city.code, binzhou.head.city.number_prefix) == ("371600", "滨")


def test_every_assumption_says_why(binzhou: Pack) -> None:
    assumed = [(source.rules, item) for source in binzhou.sources for item in source.rules.assumed]
    assert assumed
    for rules, item in assumed:
        assert len(rules.reason_of(item)) >= 10, f"{rules.list_key} #{item.code}"


def test_what_rests_on_other_cities_or_on_us_is_assumed(binzhou: Pack) -> None:
    """Only the State Council's calendar and the areas' own lists are decided; the city has published none of the rest."""
    foreign = ("潍坊", "济南", "北京", "安阳", "深圳", "外地", "本平台")
    for source in binzhou.sources:
        for item in source.rules.items:
            if any(city in source.rules.basis_of(item) for city in foreign):
                assert source.rules.status_of(item) is Status.ASSUMED, f"{source.key} #{item.code}"


def test_every_calendar_year_up_to_2026_is_there_and_2027_is_not(binzhou: Pack) -> None:
    years = [source.key for source in binzhou.sources if source.key.startswith("calendar/")]
    assert years == [f"calendar/{year}" for year in range(2020, 2027)]


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2025, 9, 26), date(2025, 10, 10)),
        (date(2025, 9, 30), date(2025, 10, 14)),
        (date(2026, 2, 12), date(2026, 2, 26)),
        (date(2026, 2, 13), date(2026, 2, 27)),
    ],
)
def test_c1_working_day_limits(binzhou: Pack, received: date, due: date) -> None:
    """domain.md C.1, over the pack's own calendars."""
    years = [source.rules for source in binzhou.sources if source.key.startswith("calendar/")]
    calendar = WorkingCalendar({each.year: Year(each.year, each.holidays, each.make_up_days) for each in years})  # type: ignore[attr-defined]
    start = datetime.combine(received, time(10), clock.CITY)
    assert calendar.due(start, Limit(5, Unit.WORKING_DAYS)).at.date() == due


def test_a_report_is_never_public_nor_are_households(binzhou: Pack) -> None:
    for item in binzhou.source("matters/categories").rules.items:
        if item.request_class == "report":
            assert item.is_report, item.code
        if item.is_report or (item.group in {"livelihood", "conduct", "employment"} and item.code != "gig-workers"):
            assert not item.public, item.code


def test_every_category_has_a_route_to_a_function_that_exists_at_that_level(binzhou: Pack) -> None:
    functions = binzhou.source("bodies/functions").rules
    routing = binzhou.source("matters/routing").rules
    for category in binzhou.source("matters/categories").rules.items:
        route = routing.item(category.code)
        for level, name in ((4, "community"), (3, "township"), (2, "county"), (1, "city")):
            function = getattr(route, name)
            assert function is None or level in functions.item(function).levels, f"{category.code} {name}"
        assert category.function in {route.township, route.county}, category.code


def test_duties_are_separate(binzhou: Pack) -> None:
    posts = {item.code: set(item.powers) for item in binzhou.source("posts/posts").rules.items}
    acts = {power for powers in posts.values() for power in powers if power.startswith("matters.")} - {
        "matters.read",
        "matters.press",
    }
    for code, powers in posts.items():
        assert not {"matters.answer", "matters.verify"} <= powers, f"{code} would verify what it answered"
        assert not {"matters.answer", "matters.redo"} <= powers, code
    for watcher in ("auditor", "leader", "rule_keeper", "territory_keeper", "personnel_keeper", "operator"):
        assert not posts[watcher] & acts, f"{watcher} moves matters"
    assert "rulebook.enact" not in set().union(*(powers for code, powers in posts.items() if code != "rule_keeper"))
    assert not {power for power in posts["resident"] if not power.startswith("matters.")}
