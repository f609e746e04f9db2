"""Discovery, services, definitions and lists of requests, in both formats."""

from datetime import datetime, timedelta

import pytest

from linli.gateways.open311.tests.conftest import CODE, SENTENCE
from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor
from linli.work.matters import queries
from linli.work.matters import service as matters
from linli.work.matters.models import Matter
from linli.work.matters.rules import Categories
from tests import place

pytestmark = pytest.mark.django_db
PRIVATE = {"visibility": "named", "name": "赵秀英", "phone": "13812345678"}
SPECIFIED = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
    "lat", "long", "media_url",
}  # fmt: skip


# --- Discovery and services --------------------------------------------------------------------------------------------
def test_discovery_names_the_endpoint(call, settings):
    settings.BASE_URL = "https://linli.example"
    found = call("discovery").content
    assert found["endpoints"] == [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": "https://linli.example/open311/v2",
            "changeset": found["changeset"],
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
    ]
    assert "12345" in found["contact"]
    assert found["key_service"]


def test_every_kind_of_matter_is_a_service_but_reports(call):
    found = {each["service_code"]: each for each in call("services").content}
    kinds = rulebook.current(Categories).list.items
    assert set(found) == {item.code for item in kinds if not item.is_report}
    assert any(item.is_report for item in kinds)
    light = found[CODE]
    assert light["type"] == "realtime"
    assert light["metadata"] in {True, "true"}
    assert "路灯" in light["keywords"]
    assert set(light) == {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}


def test_a_definition_asks_whether_neighbours_may_see_it(call):
    found = call(f"services/{CODE}").content
    assert found["service_code"] == CODE
    assert [each["code"] for each in found["attributes"]] == ["place", "public"]
    assert [each["key"] for each in found["attributes"][1]["values"]] == ["yes", "no"]


def test_what_is_never_public_is_not_asked_about(call):
    private = next(item for item in rulebook.current(Categories).list.items if not item.public and not item.is_report)
    assert [each["code"] for each in call(f"services/{private.code}").content["attributes"]] == ["place"]


def test_an_unknown_service_is_404(call):
    answer = call("services/no-such-thing")
    assert answer.status == 404
    assert "no-such-thing" in answer.error


def test_a_report_is_no_service(call):
    report = next(item for item in rulebook.current(Categories).list.items if item.is_report)
    assert call(f"services/{report.code}").status == 404
    assert call("requests", service_code=report.code).status == 404


@pytest.mark.parametrize("given", ["371600", "linli.example", "www.linli.example", ""])
def test_our_own_jurisdiction_may_be_named(call, settings, given):
    settings.BASE_URL = "https://www.linli.example"
    assert call("services", jurisdiction_id=given).status == 200


@pytest.mark.parametrize(
    "resource", ["discovery", "services", f"services/{CODE}", "requests", "requests/1", "tokens/1"]
)
def test_another_jurisdiction_is_404(call, resource):
    answer = call(resource, jurisdiction_id="sfgov.org")
    assert answer.status == 404
    assert "sfgov.org" in answer.error


# --- Requests ------------------------------------------------------------------------------------------------------------
def test_a_public_matter_is_told_as_on_the_public_map(call, make):
    matter = make.matter(public=True, place_text="3号楼 赵秀英 13812345678", **PRIVATE)
    for answer in (call("requests"), call(f"requests/{matter.number}")):
        one = answer.one
        assert set(one) == SPECIFIED
        assert one["service_request_id"] == matter.number
        assert one["status"] == "open"
        assert one["description"] == matter.title
        assert one["requested_datetime"].endswith("+08:00")
        assert float(one["lat"]) == round(matter.lat, 5)
        assert one["address_id"] == place.HUAIHUA_1
        assert one["media_url"] is None
        assert "柳林街道槐花社区" in one["address"]
        assert "13812345678" not in str(one)


def test_nothing_is_more_exact_than_on_the_public_page(call, make):
    matter = make.matter(public=True, place_text="3号楼2单元502室 13812345678", **PRIVATE)
    one, page = call("requests").one, queries.public_one(matter.number)
    assert (one["address"], one["description"], one["agency_responsible"]) == (page.place, page.title, page.body)


def test_names_are_english_for_who_reads_english(call, make):
    make.matter(public=True)
    names = {each["service_name"] for each in call("services", headers={"Accept-Language": "en"}).content}
    assert "Public toilet" in names
    assert call("requests", headers={"Accept-Language": "en"}).one["status_notes"].isascii()


def test_our_own_state_is_told_to_who_asks_for_extensions(call, make):
    make.handling(public=True)
    extra = call("requests", extensions="true").one["extended_attributes"]
    assert extra["state"] == "handling"
    assert str(extra["overdue"]).lower() == "false"


def test_only_the_title_is_public_never_the_words_below_it(call, make):
    make.matter(text=f"{SENTENCE}。我叫赵秀英，住三号楼二单元502", public=True)
    assert "502" not in str(call("requests").one)


def test_what_is_not_public_is_not_there(call, make):
    hidden = make.matter(public=False, **PRIVATE)
    assert call("requests").content == []
    assert call("requests", service_request_id=hidden.number).content == []
    answer = call(f"requests/{hidden.number}")
    assert answer.status == 404
    assert "赵秀英" not in answer.error


def test_a_report_is_never_told_even_if_a_row_says_public(call, make):
    report = make.matter(public=True)
    Matter.objects.filter(pk=report.pk).update(is_report=True)
    assert call("requests").content == []
    assert call(f"requests/{report.number}").status == 404


def test_signed_in_or_not_makes_no_difference(call, make, sign_in):
    make.matter(public=False)
    sign_in("li")
    assert call("requests").content == []


def test_ids_override_all_else(call, make):
    first, second, _third = (make.matter(public=True, text=f"{SENTENCE}第{n}处") for n in range(3))
    found = call("requests", service_request_id=f"{first.number}, {second.number},nothing", status="closed").content
    assert {each["service_request_id"] for each in found} == {first.number, second.number}


def test_status_divides_open_from_closed(call, make):
    here, there = make.matter(public=True), make.closed(public=True, text=SENTENCE + "了")
    assert call("requests", status="open").one["service_request_id"] == here.number
    assert call("requests", status="closed").one["service_request_id"] == there.number
    assert len(call("requests", status="open,closed").content) == 2


def test_service_codes_choose(call, make):
    matter = make.matter(public=True)
    assert call("requests", service_code=f"{matter.category},litter").one
    assert call("requests", service_code="litter").content == []


def test_without_dates_the_last_90_days_are_told(call, make):
    matter = make.matter(public=True)
    Matter.objects.filter(pk=matter.pk).update(registered_at=clock.now() - timedelta(days=91))
    assert call("requests").content == []
    old = (clock.now() - timedelta(days=100)).isoformat(timespec="seconds")
    assert call("requests", start_date=old).one
    assert call("requests", start_date=old.replace("+08:00", " 08:00")).one  # A + that was not written as %2B.
    assert call("requests", end_date=old).content == []
    assert call("requests", end_date=(clock.now() - timedelta(days=90)).date().isoformat()).one


@pytest.mark.parametrize(
    "asked",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"},
        {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-02-01T00:00:00Z"},
        {"start_date": "yesterday"},
        {"start_date": "2026-13-45T99:00:00Z"},
        {"start_date": "0001-01-01T00:00:00+14:00"},
        {"end_date": "9999-12-31T23:59:59-12:00"},
        {"end_date": "9999-12-31"},
        {"status": "pending"},
    ],
)
def test_what_cannot_be_asked_is_400(call, asked):
    answer = call("requests", **asked)
    assert answer.status == 400
    assert answer.error


def test_too_many_ids_are_400(call):
    assert call("requests", service_request_id=",".join(map(str, range(1001)))).status == 400


def test_a_thousand_is_the_most(call, make, monkeypatch):
    monkeypatch.setattr("linli.gateways.open311.queries.MOST", 2)
    numbers = [make.matter(public=True, text=f"{SENTENCE}第{n}处").number for n in range(3)]
    assert [each["service_request_id"] for each in call("requests").content] == numbers[:0:-1]


def test_the_number_of_questions_to_the_database_does_not_grow(call, make, django_assert_max_num_queries):
    call("requests")
    for n in range(5):
        make.matter(public=True, text=f"{SENTENCE}第{n}处")
    with django_assert_max_num_queries(4):
        assert len(call("requests").content) == 5


def test_bytes_that_are_no_utf_8_are_400(client, city):
    for path in ("/open311/v2/requests.json?status=%ff%fe", "/open311/v2/services.json?jurisdiction_id=%c3%28"):
        answer = client.get(path)
        assert answer.status_code == 400
        assert "UTF-8" in answer.json()[0]["description"]


STRANGE = {
    "nul": "\x00",
    "inside": "a\x00b",
    "sql": "' OR 1=1 --",
    "emoji": "🚽" * 60,
    "long": "9" * 3000,
    "bidi": "\u202e",
}


@pytest.mark.parametrize("given", STRANGE.values(), ids=STRANGE)
def test_strange_words_break_nothing(call, given):
    for name in (
        "service_request_id",
        "service_code",
        "start_date",
        "end_date",
        "status",
        "jurisdiction_id",
        "api_key",
    ):
        assert call("requests", **{name: given}).status in {200, 400, 403, 404}


def test_a_number_of_strange_letters_is_not_found(call):
    for number in ("\ufffe", "滨26-0000-0000", "%", "a'b"):
        assert call(f"requests/{number}").status == 404


def test_other_methods_are_refused_in_the_format_asked_for(client, city):
    answer = client.delete("/open311/v2/requests.json")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"
    assert client.post("/open311/v2/services.json").json()[0]["code"] == 405


def test_pages_of_others_may_read_but_not_send(client, city):
    assert client.get("/open311/v2/services.json")["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.post("/open311/v2/requests.json")


def test_a_withdrawn_matter_is_closed(call, make):
    matter = make.matter(public=True)
    matters.withdraw(matter, why="", by=Actor.resident())
    assert call(f"requests/{matter.number}").one["status"] == "closed"


def test_moments_are_the_citys(call, make):
    with clock.at(datetime(2026, 11, 2, 9, tzinfo=clock.CITY)):
        matter = make.matter(public=True)
    assert call(f"requests/{matter.number}").one["requested_datetime"] == "2026-11-02T09:00:00+08:00"
