"""The queue: scoped, filtered, counted, paged by key."""

import re
from datetime import timedelta
from typing import Any

import pytest

from linli.kernel import clock
from linli.work.matters import queues
from tests import place


def numbers_on(page: str) -> list[str]:
    return re.findall(r'data-map-row="([^"]+)"', page)


@pytest.mark.parametrize("view", ["mine", "open", "all"])
def test_a_matter_in_every_state_is_listed(make: Any, sign_in: Any, view: str) -> None:
    for state in (
        "matter",
        "raised",
        "assigned",
        "objected",
        "handling",
        "extending",
        "carried",
        "answered",
        "verified",
        "closed",
    ):
        getattr(make, state)()
    for username in ("li", "feng", "jiang"):
        client = sign_in(username)
        assert client.get(f"/desk/?view={view}").status_code == 200
        assert client.get(f"/desk/points.json?view={view}").status_code == 200


def test_pages_by_key_leave_nothing_out_and_repeat_nothing(sign_in, make, monkeypatch):
    monkeypatch.setattr(queues, "PAGE", 4)
    made = {make.raised().number for _ in range(11)}
    client, seen, address = sign_in("li"), [], "/desk/?view=triage&order=due"
    for _ in range(9):
        page = client.get(address).content.decode()
        seen += numbers_on(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if not following:
            break
        address = "/desk/" + following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 11
    assert set(seen) == made


def test_the_next_township_sees_none_of_it(sign_in, make):
    make.raised()
    assert numbers_on(sign_in("qian").get("/desk/?view=all").content.decode()) == []


def test_a_handler_sees_what_their_office_has_and_no_more(sign_in, make):
    assigned = make.assigned()
    make.raised()
    assert numbers_on(sign_in("wu").get("/desk/?view=all").content.decode()) == [assigned.number]


def test_counts_say_what_the_views_hold(cast, make):
    make.raised()
    make.assigned()
    make.closed()
    counts = queues.counts(cast.actor("li"), queues.Filters())
    assert {name: counts[name].n for name in ("triage", "open", "ended", "all", "overdue")} == {
        "triage": 1, "open": 2, "ended": 1, "all": 3, "overdue": 0,
    }  # fmt: skip


FILTERS = [
    {},
    {"category": "streetlight"},
    {"risk": 2},
    {"words": "路灯"},
    {"words": "没有人说过的话"},
    {"area": 0},
]


@pytest.mark.parametrize("who", ["li", "zhou", "wang", "wu", "qian", "zheng"])
@pytest.mark.parametrize("narrowed", FILTERS, ids=str)
def test_every_count_is_the_length_of_its_list_in_every_order(cast, make, who, narrowed):
    late = make.raised()
    for made in (make.raised, make.assigned, make.handling, make.answered, make.verified, make.closed):
        made()
    actor = cast.actor(who)
    with clock.at(late.due_at - timedelta(hours=2)):
        counts = queues.counts(actor, queues.Filters(**narrowed))
        for view in queues.VIEWS:
            for order in queues.orders_of(view, narrowed.get("words", "")):
                page = queues.page_of(actor, queues.Filters(view=view, order=order, **narrowed))
                assert (view, order, len(page.matters)) == (view, order, counts[view].n)
                assert page.counts == counts


def test_counting_stops_and_says_so(cast, make, monkeypatch):
    monkeypatch.setattr(queues, "MOST_ENDED_COUNTED", 2)
    for _ in range(3):
        make.closed()
    counts = queues.counts(cast.actor("li"), queues.Filters())
    assert (counts["ended"].words, counts["all"].words, counts["open"].words) == ("2+", "2+", "0")


@pytest.mark.parametrize("months", [0, 4])
def test_a_county_counts_the_finds_of_the_last_month_first_and_then_all(cast, make, monkeypatch, months):
    monkeypatch.setattr(queues, "MOST_ENDED_COUNTED", 2)
    with clock.at(clock.now() - timedelta(days=30 * months)):
        for _ in range(2):
            make.closed()
    counted = queues.Filters(view="all", words="路灯")
    assert queues.counts(cast.actor("zheng"), counted)["ended"].words == "2"
    make.closed()
    assert queues.counts(cast.actor("zheng"), counted)["ended"].words == "2+"


def test_what_has_ended_is_not_sorted_by_when_it_was_due(sign_in, make):
    make.closed()
    page = sign_in("li").get("/desk/?view=ended&order=due").content.decode()
    assert 'name="order" value="moved"' in page


def test_what_is_late_is_shown_as_late(sign_in, make):
    matter = make.raised()
    with clock.at(matter.due_at + timedelta(hours=1)):
        page = sign_in("li").get("/desk/?view=overdue").content.decode()
    assert matter.number in page
    assert "tone-overdue" in page


def test_a_search_reaches_back_beyond_the_months_it_reads_first(sign_in, make, monkeypatch):
    monkeypatch.setattr(queues, "PAGE", 3)
    made = []
    for months in (9, 5, 5, 3, 3, 1, 1, 0, 0, 0):
        with clock.at(clock.now() - timedelta(days=30 * months)):
            made.append(make.raised().number)
    client, seen, address = sign_in("li"), [], "/desk/?view=all&q=路灯"
    while address:
        page = client.get(address).content.decode()
        seen += numbers_on(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/desk/" + following[1].replace("&amp;", "&") if following else ""
    assert seen == made[::-1]


def test_a_search_with_enough_recent_finds_does_not_read_the_others(cast, make, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(queues, "PAGE", 2)
    for _ in range(3):
        make.raised()
    actor = cast.actor("li")
    with django_assert_num_queries(2):  # The list of the last months, and the counts.
        page = queues.page_of(actor, queues.Filters(view="all", words="路灯"))
    assert len(page.matters) == 2
    assert page.next


@pytest.mark.parametrize(
    "query",
    [
        "view=nonsense",
        "area=99999999",
        "area=%27%3BDROP",
        "risk=9",
        "order=x",
        "after=zzz_1",
        "after=1e400_1",
        "q=%00%E8%B7%AF",
        "q=" + "路" * 500,
        "q=%F0%9F%9A%BD",
        "q=%27%29%3B--",
        "q=%232611",
        "category=nope",
    ],
)
def test_a_mistyped_address_is_no_error(sign_in, make, query):
    make.raised()
    assert sign_in("li").get(f"/desk/?{query}").status_code == 200


def test_the_map_has_the_points_of_the_list(sign_in, make):
    matter = make.raised(point=place.at(0.4, 0.4))
    client = sign_in("li")
    (found,) = client.get("/desk/points.json?view=triage").json()["features"]
    said = {"id": matter.number, "title": matter.title, "url": f"/matters/{matter.number}/", "tone": "waiting"}
    assert found["properties"] == said
    assert found["geometry"]["coordinates"] == [matter.lon, matter.lat]
    assert client.get(found["properties"]["url"]).status_code == 200
    with clock.at(matter.due_at + timedelta(hours=1)):
        assert client.get("/desk/points.json?view=all").json()["features"][0]["properties"]["tone"] == "overdue"
    assert client.get("/desk/points.json?area=99999999").json()["features"] == []
    assert sign_in("qian").get("/desk/points.json?view=all").json()["features"] == []


def test_the_map_marks_the_most_urgent_and_says_so(sign_in, make, monkeypatch):
    monkeypatch.setattr(queues, "MOST_POINTS", 1)
    first = make.raised(point=place.at(0.4, 0.4))
    make.raised(point=place.at(0.4, 0.4))
    client = sign_in("li")
    (found,) = client.get("/desk/points.json?view=triage").json()["features"]
    assert found["properties"]["id"] == first.number
    assert "图上最多标出 1 件" in client.get("/desk/?view=triage").content.decode()


def test_what_has_ended_is_marked_as_done_and_a_count_that_stopped_says_there_may_be_more(sign_in, make, monkeypatch):
    monkeypatch.setattr(queues, "MOST_ENDED_COUNTED", 1)
    make.closed()
    make.closed()
    client = sign_in("li")
    tones = {f["properties"]["tone"] for f in client.get("/desk/points.json?view=ended").json()["features"]}
    assert tones == {"done"}
    assert "图上最多标出" in client.get("/desk/?view=ended").content.decode()


def test_an_area_narrows_the_list(sign_in, make):
    here = make.raised()
    elsewhere = make.matter(point=place.at(1.5, 0.5))
    client = sign_in("li")
    page = client.get(f"/desk/?view=all&area={elsewhere.community_id}").content.decode()
    assert numbers_on(page) == [elsewhere.number]
    assert here.number not in page
