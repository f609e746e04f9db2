"""POST requests and GET tokens: what becomes a matter, what is refused and why, and what is sent twice."""

import socket
from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.gateways.open311.models import ApiKey, Filing
from linli.gateways.open311.tests.conftest import CODE, SENTENCE
from linli.kernel import clock
from linli.mechanisms import journal, rulebook
from linli.work.matters.models import Contact, Matter
from linli.work.matters.rules import Categories
from tests import place

pytestmark = pytest.mark.django_db


def test_a_request_becomes_a_matter_like_any_other(call, new):
    answer = call(
        "requests", post=new(last_name="赵", first_name="秀英", phone="138 1234 5678", email="zhao@a.example")
    )
    assert answer.status == 200, answer.content
    matter = Matter.objects.get()
    assert set(answer.one) == {"service_request_id", "service_notice", "account_id"}
    assert answer.one["service_request_id"] == matter.number
    assert f"/m/{quote(matter.number)}/" in answer.one["service_notice"]
    assert (matter.text, matter.category, matter.state) == (SENTENCE, CODE, "with_grid")
    assert matter.grid_id is not None
    assert matter.visibility == "named"
    contact = Contact.objects.get()
    assert (contact.name, contact.phone, contact.email) == ("赵秀英", "13812345678", "zhao@a.example")
    first = journal.history(matter.subject)[0]
    assert first.author.kind == "resident"
    assert Filing.objects.get().number == matter.number


def test_who_reports_a_danger_is_told_whom_to_call(call, new):
    assert "119" not in call("requests", post=new()).one["service_notice"]
    assert "119" in call("requests", post=new(description="小区里煤气泄漏，味道很大，有人晕倒了")).one["service_notice"]


def test_what_was_filed_is_found_again(call, new):
    number = call("requests", post=new()).one["service_request_id"]
    assert call(f"requests/{number}").one["service_code"] == CODE


def test_the_link_is_the_residents_own_page(call, new, client):
    link = call("requests", post=new(extensions="true")).one["extended_attributes"]["follow_url"]
    page = client.get(urlsplit(link).path).content.decode()
    assert SENTENCE in page


def test_the_token_of_the_link_leads_to_the_number(call, new):
    one = call("requests", post=new(extensions="true")).one
    token = one["extended_attributes"]["follow_url"].rstrip("/").rpartition("/")[2]
    assert call(f"tokens/{token}").one == {"service_request_id": one["service_request_id"], "token": token}
    answer = call("tokens/guessed")
    assert answer.status == 404
    assert answer.error


@pytest.mark.parametrize(
    "where",
    [
        {"address_string": "柳林街道槐花社区"},
        {"address_id": place.HUAIHUA_1},
        {"address_id": place.HUAIHUA, "address_string": "3号楼门口"},
    ],
)
def test_a_place_may_be_words_or_the_code_of_an_area(call, new, where):
    assert call("requests", post=new(lat=None, long=None, **where)).status == 200
    assert Matter.objects.get().community_id is not None


def test_without_words_the_kind_is_what_is_said(call, new):
    call("requests", post=new(description=None))
    assert Matter.objects.get().title == rulebook.current(Categories).list.item(CODE).name


def test_attributes_are_heeded(call, new):
    call("requests", post=new(**{"attribute[public]": "no", "attribute[place]": "东门外第二根"}))
    matter = Matter.objects.get()
    assert not matter.is_public
    assert matter.place_text == "东门外第二根"


def test_a_link_to_a_picture_is_kept_as_words_and_never_opened(call, new, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the server called an address it was given"))
    link = "http://169.254.169.254/latest/meta-data/"
    assert call("requests", post=new(media_url=link)).status == 200
    matter = Matter.objects.get()
    assert matter.text == f"{SENTENCE}\n{link}"
    assert link not in str(call("requests").content)


@pytest.mark.parametrize(
    ("last", "first", "whole"), [("Smith", "John", "John Smith"), ("赵", "秀英", "赵秀英"), ("", "Ann", "Ann")]
)
def test_names_are_joined_as_their_language_does(call, new, last, first, whole):
    call("requests", post=new(last_name=last, first_name=first, email="a@b.example"))
    assert Contact.objects.get().name == whole


def test_a_household_matter_is_filed_and_never_listed(call, new):
    private = next(item for item in rulebook.current(Categories).list.items if not item.public and not item.is_report)
    number = call("requests", post=new(service_code=private.code)).one["service_request_id"]
    assert call(f"requests/{number}").status == 404
    assert call("requests").content == []


# --- Refused -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": "o311_guessed"}, 403, "api_key"),
        ({"api_key": "\x00"}, 403, "api_key"),
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "nothing"}, 404, "nothing"),
        ({"lat": None, "long": None}, 400, "address_string"),
        ({"lat": None}, 400, "lat"),
        ({"lat": "NaN"}, 400, "lat"),
        ({"long": "1e400"}, 400, "lat"),
        ({"lat": "91"}, 400, "lat"),
        ({"lat": "三十七"}, 400, "lat"),
        ({"lat": place.OUTSIDE.lat, "long": place.OUTSIDE.lon}, 400, "本市"),
        ({"lat": 0, "long": 0}, 400, "本市"),
        ({"lat": None, "long": None, "address_string": "月球"}, 400, "村"),
        ({"lat": None, "long": None, "address_id": "123"}, 400, "address_id"),
        ({"lat": None, "long": None, "address_id": place.CITY}, 400, "address_id"),
        ({"description": "好" * 2001}, 400, "description"),
        ({"address_string": "好" * 121}, 400, "address_string"),
        ({"email": "nobody"}, 400, "email"),
        ({"phone": "drop table"}, 400, "phone"),
        ({"first_name": "长" * 41}, 400, "first_name"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"media_url": "http://[broken"}, 400, "media_url"),
        ({"attribute[public]": "perhaps"}, 400, "public"),
        ({"jurisdiction_id": "sfgov.org"}, 404, "sfgov.org"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(call, new, changes, status, said):
    answer = call("requests", post=new(**changes))
    assert answer.status == status
    assert said in answer.error
    assert not Matter.objects.exists()
    assert not Filing.objects.exists()


def test_everything_wrong_is_said_at_once(call, new):
    assert len(call("requests", post=new(lat="x", email="y", phone="z")).content) == 3


def test_a_report_may_not_be_filed_through_somebody_elses_app(call, new):
    report = next(item for item in rulebook.current(Categories).list.items if item.is_report)
    assert call("requests", post=new(service_code=report.code)).status == 404


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"service_code=%ff", "application/x-www-form-urlencoded"),
        ("description=路灯".encode("gb18030"), "application/x-www-form-urlencoded"),
        (b'{"service_code": "streetlight"}', "application/json"),
        (b"<request/>", "text/xml"),
        (b"a=b", "application/x-www-form-urlencoded; charset=gb2312"),
        (b"rubbish", "multipart/form-data; boundary=x"),
        (b"rubbish", "multipart/form-data"),
        (b"&".join(b"a%d=1" % n for n in range(1001)), "application/x-www-form-urlencoded"),
        (b"description=" + b"x" * 3_000_000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_cannot_be_read_is_400_or_403(client, city, body, kind):
    answer = client.post("/open311/v2/requests.json", body, content_type=kind)
    assert answer.status_code in {400, 403}
    assert answer.json()[0]["code"] == answer.status_code


def test_files_are_refused_and_not_silently_dropped(client, new):
    answer = client.post("/open311/v2/requests.json", new() | {"media": SimpleUploadedFile("灯.jpg", b"x")})
    assert answer.status_code == 400
    assert "media_url" in answer.json()[0]["description"]
    assert not Matter.objects.exists()


def test_a_revoked_key_is_refused(call, new):
    ApiKey.objects.update(revoked_at=clock.now())
    assert call("requests", post=new()).status == 403
    assert call("services", api_key=new()["api_key"]).status == 403
    assert call("services").status == 200


def test_the_key_of_a_body_that_is_gone_is_refused(call, new, cast):
    body = cast.bodies["liulin_desk"]
    body.valid_to = clock.today()
    body.save()
    assert call("requests", post=new()).status == 403


def test_a_key_of_the_next_township_may_not_file_here(call, new, keep):
    _key, secret = keep("xinghua_desk", place.XINGHUA)
    answer = call("requests", post=new(api_key=secret))
    assert answer.status == 403
    assert "杏花镇" in answer.error
    assert not Matter.objects.exists()


def test_every_use_of_a_key_is_counted(call, new):
    call("requests", post=new())
    call("requests", post=new(lat="x"))
    call("services", api_key=new()["api_key"])
    key = ApiKey.objects.get()
    assert key.uses == 3
    assert key.used_at is not None


# --- Twice ---------------------------------------------------------------------------------------------------------------
def test_sent_twice_it_is_one_matter_and_one_answer(call, new):
    assert call("requests", post=new()).content == call("requests", post=new()).content
    assert Matter.objects.count() == Filing.objects.count() == 1


def test_the_same_words_a_day_later_are_a_new_matter(call, new):
    first = call("requests", post=new()).one
    with clock.at(clock.now() + timedelta(hours=25)):
        second = call("requests", post=new()).one
        assert call("requests", post=new()).one == second
    assert first["service_request_id"] != second["service_request_id"]
    assert Matter.objects.count() == 2


def test_other_words_are_another_matter(call, new):
    call("requests", post=new())
    call("requests", post=new(description="井盖没了"))
    assert Matter.objects.count() == 2


def test_a_mark_of_the_callers_own_says_what_is_the_same(call, new):
    mark = {"Idempotency-Key": "7f3c"}
    first = call("requests", post=new(), headers=mark)
    assert call("requests", post=new(), headers=mark).content == first.content
    assert call("requests", post=new(), headers={"Idempotency-Key": "8a"}).one != first.one
    answer = call("requests", post=new(description="井盖没了"), headers=mark)
    assert answer.status == 400
    assert Matter.objects.count() == 2


def test_the_marks_of_two_keys_do_not_meet(call, new, keep):
    mark = {"Idempotency-Key": "1"}
    call("requests", post=new(), headers=mark)
    call("requests", post=new(api_key=keep(name="另一个")[1]), headers=mark)
    assert Matter.objects.count() == 2


# --- Too often -----------------------------------------------------------------------------------------------------------
def test_an_address_that_asks_too_often_waits(call, settings, make):
    settings.OPEN311_LIMITS = {"read": {"address": 2, "key": 9}, "send": {"address": 1, "key": 9}}
    with clock.at(clock.now().replace(minute=30)):
        assert [call("services").status for _ in range(3)] == [200, 200, 429]
        answer = call("requests")
        assert answer.status == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 1801
        assert call("requests", post={}).status == 403
        assert call("requests", post={}).status == 429
    with clock.at(clock.now().replace(minute=30) + timedelta(hours=1)):
        assert call("services").status == 200


def test_a_key_that_files_too_often_waits(call, settings, new):
    settings.OPEN311_LIMITS = {"read": {"address": 9, "key": 9}, "send": {"address": 9, "key": 1}}
    with clock.at(clock.now().replace(minute=30)):
        assert call("requests", post=new()).status == 200
        assert call("requests", post=new(description="井盖没了")).status == 429
    assert Matter.objects.count() == 1
