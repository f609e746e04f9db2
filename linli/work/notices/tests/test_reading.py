"""看过: a mark on one's own notices, and on nobody else's."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import timers
from linli.mechanisms.journal.testing import deliver
from linli.work.notices import queries, service
from linli.work.notices.models import Notice
from tests.make import Make

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(make: Make) -> Make:
    """王网格员 of four new matters; 李调度 and 马调度 of two raised; 吴城管 and 冯主任 of one assigned."""
    for move in (make.matter, make.matter, make.raised, make.assigned):
        move()
    deliver()
    return make


def unread() -> dict[str, int]:
    """Everybody's notices not yet looked at."""
    found: dict[str, int] = {}
    for name in Notice.objects.filter(read_at=None).values_list("person__username", flat=True):
        found[name] = found.get(name, 0) + 1
    return found


def test_reading_marks_ones_own_and_no_other(told: Make, sign_in: Any) -> None:
    before = unread()
    assert before["wang"] == 4
    assert before["li"] == before["ma"] == 2
    answer = sign_in("li").post("/notices/read/")
    assert (answer.status_code, answer["Location"]) == (302, "/notices/")
    assert unread() == {name: n for name, n in before.items() if name != "li"}


def test_reading_twice_keeps_the_first_moment(told: Make, cast: Any) -> None:
    assert service.mark_read(by=cast.actor("wang")) == 4
    moments = set(Notice.objects.filter(person__username="wang").values_list("read_at", flat=True))
    assert service.mark_read(by=cast.actor("wang")) == 0
    assert set(Notice.objects.filter(person__username="wang").values_list("read_at", flat=True)) == moments


def test_reading_about_one_matter_leaves_the_others(told: Make, cast: Any) -> None:
    subject = Notice.objects.filter(person__username="wang").first().subject
    assert service.mark_read(by=cast.actor("wang"), subject=subject) == 1
    assert queries.unread(cast.actor("wang")) == 3


def test_who_is_nobody_marks_and_reads_nothing(told: Make) -> None:
    before = unread()
    for nobody in (Actor.stranger(), Actor.resident(), Actor.system("timers")):
        assert service.mark_read(by=nobody) == queries.unread(nobody) == 0
        assert queries.of(nobody) == []
    assert unread() == before


def test_reading_is_no_entry_in_the_journal(told: Make, cast: Any) -> None:
    subject = Notice.objects.filter(person__username="wang").first().subject
    before = len(journal.history(subject))
    service.mark_read(by=cast.actor("wang"))
    assert len(journal.history(subject)) == before


# --- The page --------------------------------------------------------------------------------------------------------
def test_the_page_lists_ones_own_newest_first_with_where_to_act(told: Make, sign_in: Any) -> None:
    page = sign_in("wu").get("/notices/").content.decode()
    (mine,) = Notice.objects.filter(person__username="wu")
    assert "派给您单位" in page
    assert f'href="{reverse("matters:matter", args=[mine.number])}"' in page
    others = Notice.objects.exclude(subject=mine.subject).values_list("subject", flat=True)
    assert all(subject.partition(":")[2] not in page for subject in others)
    times = [each.at for each in queries.of(sign_in("wang").get("/notices/").wsgi_request.actor)]
    assert times == sorted(times, reverse=True)


def test_the_bell_counts_what_is_not_read(told: Make, sign_in: Any) -> None:
    client = sign_in("wang")
    assert re.search(r'href="/notices/"[^>]*>.*?4', client.get("/today/").content.decode(), re.DOTALL)
    assert client.get("/notices/").content.decode().count("未看") == 4
    client.post("/notices/read/")
    assert "未看" not in client.get("/notices/").content.decode()


def test_looking_at_the_page_marks_nothing(told: Make, sign_in: Any) -> None:
    before = unread()
    sign_in("wang").get("/notices/")
    assert sign_in("wang").get("/notices/read/").status_code == 405
    assert unread() == before


def test_a_stranger_is_sent_to_sign_in(told: Make, client: Client) -> None:
    before = unread()
    for answer in (client.get("/notices/"), client.post("/notices/read/")):
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]
    assert unread() == before


def test_an_overdue_matter_is_urgent_to_its_body(make: Make, cast: Any, sign_in: Any) -> None:
    matter = make.handling()
    with clock.at(matter.due_at + timedelta(seconds=2)):
        timers.run_once()
    deliver()
    assert set(Notice.objects.filter(urgent=True).values_list("person__username", "kind")) == {
        ("wu", "matters.MatterOverdue"), ("feng", "matters.MatterOverdue"),
    }  # fmt: skip
    page = sign_in("wu").get("/notices/").content.decode()
    assert "已逾期" in page
    assert "要紧" in page


def test_many_notices_cost_no_more_statements(make: Make, sign_in: Any) -> None:
    client = sign_in("wang")
    counts = []
    for _ in range(2):
        for _ in range(4):
            make.matter()
        deliver()
        with CaptureQueriesContext(connection) as done:
            assert client.get("/notices/").status_code == 200
        counts.append(len(done))
    assert counts[0] >= counts[1]
