"""The flood day's hour, played small and without a server: what its people do works, and what goes wrong is counted."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bench import flood
from bench.browsing import Answer, Browser, Pace, first_choice, forms, hidden
from linli.mechanisms.journal import runner
from linli.work.matters.models import Matter, Support
from linli.work.notices.models import Notice
from tests import place
from tests.cast import Cast


def asked(verb: str, path: str, body: str, headers: Mapping[str, str]) -> Answer:
    """As a server answers, in this process."""
    client = Client(enforce_csrf_checks=True)
    kind = headers.get("Content-Type", "application/x-www-form-urlencoded")
    got = client.generic(verb, path, body, content_type=kind, headers=dict(headers))
    return Answer(
        got.status_code, got.content.decode(), got.headers.get("Location", ""), [each.OutputString() for each in got.cookies.values()]
    )  # fmt: skip


@pytest.fixture
def hour(cast: Cast) -> flood.Hour:
    """One grid, its worker and the desks above it."""
    staff = tuple(cast.people[name] for name in ("wang", "zhou", "li"))
    cookies = {}
    for person in staff:
        client = Client()
        client.force_login(person)
        cookies[person.pk] = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    return flood.Hour([flood.Place(place.HUAIHUA_1, "柳林街道槐花社区", staff)], cookies, seed="test")


def test_a_small_hour_goes_without_an_error(hour: flood.Hour, monkeypatch: pytest.MonkeyPatch) -> None:
    """Residents send, join and follow; every desk reads and acts; nothing is lost and nobody is told twice."""
    monkeypatch.setattr(flood, "HOUSES", 3)  # So that some tell the very same.
    for turn in range(12):
        hour.resident(asked, turn)
    for turn in range(16):
        hour.desk(asked, turn)
    while runner.run_once(everything=True):
        pass
    told = hour.told
    assert told.errors == []
    assert told.carried == 12
    assert 0 < len(told.supported) == Support.objects.count()
    assert len(told.links) == Matter.objects.count()
    assert {"settle", "assign", "verify", "raise_up"} == set(told.acts)
    assert Notice.objects.exists()
    assert flood.counted(told.numbers) == (0, 0)


def test_what_is_lost_is_counted(hour: flood.Hour) -> None:
    """A number that names nothing, and one that two were given."""
    hour.resident(asked, 0)
    number = hour.told.numbers[0]
    assert flood.counted([number]) == (0, 0)
    assert flood.counted([number, "滨00-0000-0001"]) == (1, 0)
    assert flood.counted([number, number]) == (1, 0)


def test_a_form_that_comes_back_is_an_error(hour: flood.Hour) -> None:
    """Also a refusal and a line that breaks; the hour goes on."""

    def broken(verb: str, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        if verb == "POST":
            return Answer(422, "<main>请写点什么</main>", "")
        return asked(verb, path, body, headers)

    def gone(*_: Any) -> Answer:
        raise ConnectionRefusedError("refused")

    hour.resident(broken, 0)
    hour.resident(gone, 1)
    hour.resident(lambda *_: Answer(503, "", ""), 2)
    assert [each.partition(":")[0] for each in hour.told.errors] == ["resident"] * 3
    assert "422" in hour.told.errors[0]
    assert "refused" in hour.told.errors[1]
    assert "503" in hour.told.errors[2]


@pytest.mark.parametrize(
    ("lost", "twice", "error", "holds"), [(0, 0, [], True), (1, 0, [], False), (0, 1, [], False), (0, 0, ["x"], False)]
)
def test_the_hour_holds_only_without_loss(lost: int, twice: int, error: list[str], *, holds: bool) -> None:
    """One error, one lost, one told twice: each is enough."""
    told = flood.Told(errors=error, links=["/m/滨26-0001-0001/x/sent/"] * 10, sent_ms=[5.0], list_ms=[7.0])
    found = flood.row(
        told, 200, seconds=2.0, web=100.0, db=20.0, floor=1.0, lost=lost, twice=twice, backlog=3, cleared=0.2, timers=1, late=0, latest=0.4
    )  # fmt: skip
    assert found["holds"] is holds
    assert (found["per_second"], found["cpu_ms"]) == (5.0, 12.0)
    assert f"{lost} lost" in flood.said(found)


def test_ten_rounds_are_the_whole_hour() -> None:
    """And two a small one."""
    assert (flood.reports_of(1), flood.reports_of(2), flood.reports_of(10), flood.reports_of(12)) == (
        40,
        160,
        4000,
        4000,
    )


def test_the_pace_is_kept_without_hurry() -> None:
    """Who is early waits, who is late does not."""
    moment, waited = [100.0], list[float]()
    pace = Pace(10, now=lambda: moment[0], wait=waited.append)
    assert [pace.turn(), pace.turn()] == [0, 1]
    assert waited == [pytest.approx(0.1)]
    moment[0] = 101.0
    assert pace.turn() == 2
    assert len(waited) == 1


def test_a_browser_keeps_cookies_and_reads_forms() -> None:
    """As far as the bench needs it."""
    seen: list[Mapping[str, str]] = []

    def ask(_verb: str, _path: str, _body: str, headers: Mapping[str, str]) -> Answer:
        seen.append(headers)
        return Answer(200, "", "", ["device=abc; Path=/; HttpOnly"])

    browser = Browser(ask, address="1.2.3.4")
    browser.get("/")
    browser.get("/")
    assert seen[1]["Cookie"] == "device=abc"
    assert seen[1]["X-Forwarded-For"] == "1.2.3.4"
    page = '<form id="a"><input type="hidden" name="k" value="1&amp;2"></form><form id="b"><input type="radio" name="to" value="7"></form>'
    assert [first_choice(each, "to") for each in forms(page, "id=")] == ["", "7"]
    assert [hidden(each) for each in forms(page, 'id="a"')] == [{"k": "1&2"}]
