"""The whole of Binzhou: 3,215 village-level units of its tables, 7,161 grids, everybody at their post. Its pages stay quick.

Work is counted and not time: a machine may be slow or busy, the calls a page makes are the same. `linli bench` times.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import demo as people
from linli.mechanisms.access.models import Appointment, Person
from linli.mechanisms.access.rules import Functions
from linli.mechanisms.journal import Author
from linli.mechanisms.rulebook import pack, queries
from linli.mechanisms.territory import covering, loading
from linli.portals.places import reading
from linli.site.demo.loading import COMMUNITY, COUNTY, SUBDISTRICT, cast
from tests.fixtures import build_city, forget

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
BAR = 500_000
"""Calls of functions in the web process for any page of places, the second time it is asked for."""
CITY = "371600000000"


def _leave_pages_without_rows() -> None:
    """A table counted when its pages were empty: PostgreSQL plans for one row whatever comes, until it counts again."""
    with transaction.atomic():
        build_city()
        transaction.set_rollback(True)
    with connection.cursor() as db:
        db.execute("ANALYZE access_person, access_appointment, access_post, access_body, access_delegation")


@pytest.fixture(scope="module")
def binzhou(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        _leave_pages_without_rows()
        block = transaction.atomic()
        block.__enter__()
        forget()
        by = Author("system", office="测试")
        rulebook.load(pack.read(Path(settings.PACK)), by=by)
        loading.load(Path(settings.PACK), by=by, illustrate=True)
        began = territory.queries.first_record()
        assert began is not None
        people.settle(rulebook.current(Functions).list.items, cast(), since=began)
        queries.committed()
        yield
        transaction.set_rollback(True)
        block.__exit__(None, None, None)
        forget()


@pytest.fixture
def leader(binzhou: None, db: None, client: Client) -> Client:
    """The city's own leader sees all of it."""
    at_the_top = Appointment.objects.get(post__kind="leader", post__area__code=CITY)
    client.force_login(Person.objects.get(pk=at_the_top.person_id))
    return client


def calls(act: Any) -> int:
    """How many functions are called, the second time: what is remembered between requests is remembered."""
    act()
    count = 0

    def counted(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def test_every_unit_is_there_and_every_grid_is_staffed(binzhou: None, db: None) -> None:
    assert len(territory.areas(4)) == 3209
    grids = {each.id for each in territory.areas(5)}
    assert len(grids) == 7161
    workers = Appointment.objects.filter(post__kind="grid_worker").values_list("post__area_id", flat=True)
    assert grids == set(workers)


@pytest.mark.parametrize("code", [CITY, COUNTY, SUBDISTRICT, COMMUNITY])
def test_the_parts_of_a_place_are_read_from_memory(binzhou: None, db: None, code: str) -> None:
    area = territory.by_code(code)
    assert area is not None
    assert territory.children(area.id)
    with CaptureQueriesContext(connection) as done:
        assert calls(lambda: (territory.children(area.id), territory.ancestors(area.id))) < 2_000
    assert len(done) <= 1  # At most a look at the version.


def test_what_the_whole_city_lacks_is_counted_quickly(binzhou: None, db: None) -> None:
    city = territory.by_code(CITY)
    assert city is not None
    staffed = reading.staffed()
    assert calls(lambda: covering.tallies(city.id, staffed=staffed)) < BAR
    assert calls(lambda: covering.covered(city.id, level=5, staffed=staffed)) < BAR
    assert len(covering.covered(city.id, level=5, staffed=staffed)) == 7161


@pytest.mark.parametrize(
    "address",
    [
        "/places/", f"/places/{COUNTY}/", f"/places/{SUBDISTRICT}/", f"/places/{COMMUNITY}/", f"/places/{COUNTY}/?on=2019-06-30",
        "/places/?q=为民", "/places/coverage/", "/places/coverage/?level=4&lack=premises&unknown=1",
        "/places/coverage/?level=5&lack=staff", "/places/coverage/?level=4&lack=premises&unknown=1&from=3000",
        f"/places/outlines/5.json?within={COUNTY}", "/places/outlines/2.json", "/nearby/", f"/nearby/?area={COUNTY}",
    ],
)  # fmt: skip
def test_a_page_of_places_is_quick_in_the_whole_city(leader: Client, address: str) -> None:
    leader.get(address)  # What a process looks up once is not the page's cost.
    with CaptureQueriesContext(connection) as done:
        answer = leader.get(address)
    assert answer.status_code == 200
    assert len(done) <= 30, len(done)
    assert len(answer.content) < 2_000_000
    assert calls(lambda: leader.get(address)) < BAR
