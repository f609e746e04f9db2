"""A post's deadlines in a calendar: for whoever holds the address, as long as its owner sits there, and nothing personal."""

import re
from datetime import UTC, timedelta

import pytest

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access.models import Appointment
from linli.portals.calendars.models import Feed
from linli.work.matters import service as matters
from linli.work.whistles import service as whistles


@pytest.fixture
def opened(sign_in):
    """opened("wu") opens 吴城管's feed; gives its address."""

    def make_one(who):
        page = sign_in(who).post("/me/calendar/open/").content.decode()
        return re.search(r"/calendar/[A-Za-z0-9_-]{43}\.ics", page)[0]

    return make_one


def events(answer):
    """What a calendar reads: one record for each event."""
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.decode().replace("\r\n ", "").split("\r\n")
    found = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line:
            name, _colon, value = line.partition(":")
            found[-1][name.partition(";")[0]] = value
    return {each["UID"]: each for each in found}


def test_what_a_post_owes_stands_in_its_calendar(opened, client, make, cast):
    matter = make.handling(text="赵阿姨说路灯坏了", visibility="named", name="赵秀英", phone="13812345678")
    task = make.task()
    meeting = whistles.convene(
        area_id=cast.actor("li").area_id, topic="夜市占道", starts_at=clock.now() + timedelta(days=2), place_text="二楼，会议室",
        bodies=[cast.bodies["liulin_urban"]], key="m1", by=cast.actor("li"),
    )  # fmt: skip
    address = opened("wu")
    client.logout()
    answer = client.get(address)
    found = events(answer)
    assert set(found) == {f"{each.number}@linli" for each in (matter, task, meeting)}
    said = answer.content.decode()
    for personal in ("赵", "13812345678", "路灯坏了"):
        assert personal not in said
    assert found[f"{matter.number}@linli"]["DTSTART"] == f"{matter.due_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    assert found[f"{task.number}@linli"]["DTSTART"] == f"{task.due_on:%Y%m%d}"
    assert all(len(line.encode()) <= 75 for line in said.split("\r\n"))


def test_an_identity_stays_and_its_sequence_grows(opened, client, make, cast):
    matter = make.handling()
    address = opened("wu")
    before = events(client.get(address))[f"{matter.number}@linli"]
    matters.add(matter, said="还没修", by=cast.actor("li"))
    after = events(client.get(address))[f"{matter.number}@linli"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_nobody_without_the_address_and_nobody_after_it_is_revoked(opened, client, sign_in, make):
    make.handling()
    assert client.get("/calendar/wrong.ics").status_code == 404
    first = opened("wu")
    second = opened("wu")
    assert client.get(first).status_code == 404, "another one was opened"
    assert client.get(second).status_code == 200
    assert sign_in("wu").post("/me/calendar/revoke/").status_code == 302
    assert client.get(second).status_code == 404
    feeds = list(Feed.objects.order_by("id"))
    assert first.split("/")[-1].removesuffix(".ics") not in "".join(each.digest for each in feeds)
    facts = [type(each.fact).__name__ for each in journal.history(f"calendar-feed:{feeds[-1].pk}")]
    assert facts == ["FeedOpened", "FeedRevoked"]


def test_it_ends_with_the_post_and_with_the_account(opened, client, cast):
    address = opened("wu")
    wu = cast.people["wu"]
    Appointment.objects.filter(person=wu).update(to_on=clock.today() - timedelta(days=1))
    assert client.get(address).status_code == 404
    Appointment.objects.filter(person=wu).update(to_on=None)
    wu.is_active = False
    wu.save()
    assert client.get(address).status_code == 404


def test_the_neighbour_s_calendar_holds_nothing_of_ours(opened, client, make):
    make.handling()
    assert events(client.get(opened("qian"))) == {}


def test_the_page_says_whether_one_is_open_and_shows_an_address_once(opened, sign_in):
    client = sign_in("wu")
    assert "没有开通" in client.get("/me/calendar/").content.decode()
    address = opened("wu")
    page = client.get("/me/calendar/").content.decode()
    assert "已开通" in page
    assert address not in page
