"""Saying it: one page, one sending, and the page that says it arrived."""

from datetime import datetime

import pytest

from linli.kernel import clock
from linli.portals.resident import holding
from linli.portals.resident.tests.conftest import SENTENCE, key_of
from linli.work.matters.models import Contact, Matter, Photo
from tests import place

pytestmark = pytest.mark.django_db


def test_the_form_is_open_to_everybody(client, cast):
    page = client.get("/").content.decode()
    assert "有什么事，说一句就行" in page
    assert "发给社区" in page
    assert key_of(page) != key_of(client.get("/").content.decode())


def test_one_sentence_and_a_scanned_code_make_a_matter(client, say):
    assert "槐花一网格" in client.get("/", {"g": place.HUAIHUA_1}).content.decode()
    answer = say(g=place.HUAIHUA_1)
    page = answer.content.decode()
    matter = Matter.objects.get()
    assert matter.number in page
    assert "槐花社区居民委员会" in page
    assert "0543-0000311" in page
    assert "星期" in page
    assert "/rules/matters/limits/" in page
    assert "暂定" in page  # The limits are assumed until the city has said them.
    assert matter.channel == "qr"
    assert matter.title == "小区门口的路灯坏了三天，晚上看不见路"


def test_who_scanned_a_code_finds_whom_to_call(client, cast):
    assert f"/grids/{place.HUAIHUA_1}/" in client.get("/", {"g": place.HUAIHUA_1}).content.decode()
    assert "/grids/" not in client.get("/").content.decode()


def test_the_page_after_sending_is_another_page(client, say):
    answer = say(g=place.HUAIHUA_1)
    address, status = answer.redirect_chain[-1]
    assert status == 302
    assert address.endswith("/sent/")
    assert "qr-drawing" in answer.content.decode()
    assert client.get(address).status_code == 200


def test_a_code_nobody_knows_leaves_the_form_open(client, cast):
    page = client.get("/", {"g": "9999"}).content.decode()
    assert "这个码认不出来" in page
    assert "发给社区" in page


def test_a_typed_place_is_found(say):
    say(place="柳岸社区")
    assert Matter.objects.get().community.name == "柳岸社区"


def test_a_typed_place_elsewhere_outranks_the_scanned_code(say):
    say(g=place.HUAIHUA_1, place="柳岸社区 3号楼")
    assert Matter.objects.get().community.name == "柳岸社区"


def test_a_pin_is_found(say):
    point = place.at(0.5, 1.5)
    say(lon=point.lon, lat=point.lat)
    assert Matter.objects.get().grid.name == "槐花二网格"


def test_no_place_gives_the_same_page_with_places_to_choose_from(client, say):
    answer = say(text="路灯坏了，没人修", phone="13812345678", visibility="pseudonym")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "路灯坏了，没人修" in page
    assert "13812345678" in page
    assert 'name="into"' in page
    assert not Matter.objects.exists()


def test_photos_are_not_chosen_again_when_the_place_was_missing(client, say, photo):
    page = say(text="路灯坏了，没人修", photos=photo()).content.decode()
    assert "已经收下 1 张照片" in page
    say(text="路灯坏了，没人修", key=key_of(page), place="槐花社区")
    assert Photo.objects.count() == 1
    assert holding.held(key_of(page)) == ()


def test_a_held_photo_may_be_dropped(client, say, photo):
    page = say(text="路灯坏了，没人修", photos=photo()).content.decode()
    say(text="路灯坏了，没人修", key=key_of(page), place="槐花社区", drop="0")
    assert not Photo.objects.exists()


def test_held_photos_are_swept_after_a_day(say, photo):
    with clock.at(datetime(2026, 11, 2, 9, tzinfo=clock.CITY)):
        key = key_of(say(text="路灯坏了，没人修", photos=photo()).content.decode())
        assert len(holding.held(key)) == 1
    with clock.at(datetime(2026, 11, 3, 9, tzinfo=clock.CITY)):
        assert holding.sweep() == 0
        assert len(holding.held(key)) == 1
    with clock.at(datetime(2026, 11, 4, 9, tzinfo=clock.CITY)):
        assert holding.sweep() == 1
        assert holding.held(key) == ()


def test_sending_twice_makes_one_matter_and_gives_the_same_page(client, say):
    key = key_of(client.get("/").content.decode())
    first = say(key=key, g=place.HUAIHUA_1)
    second = say(key=key, g=place.HUAIHUA_1)
    assert first.redirect_chain == second.redirect_chain
    assert Matter.objects.count() == 1


def test_other_words_with_a_used_key_are_kept_and_can_be_sent_anew(client, say):
    key = key_of(client.get("/").content.decode())
    say(key=key, g=place.HUAIHUA_1)
    page = say(key=key, g=place.HUAIHUA_1, text="楼道里堆满了杂物").content.decode()
    assert "楼道里堆满了杂物" in page
    assert key_of(page) != key
    say(key=key_of(page), g=place.HUAIHUA_1, text="楼道里堆满了杂物")
    assert Matter.objects.count() == 2


@pytest.mark.parametrize(
    ("visibility", "name", "phone"),
    [("named", "赵秀英", "13812345678"), ("pseudonym", "", "13812345678"), ("anonymous", None, None)],
)
def test_only_what_was_chosen_is_kept_of_the_reporter(say, visibility, name, phone):
    say(g=place.HUAIHUA_1, visibility=visibility, name="赵秀英", phone="138 1234 5678")
    kept = Contact.objects.filter(matter=Matter.objects.get()).first()
    assert (kept and (kept.name, kept.phone)) == (None if name is None else (name, phone))


def test_danger_is_told_to_call_and_taken_all_the_same(say):
    page = say(g=place.HUAIHUA_1, text="楼下着火了，有人困在里面").content.decode()
    assert "tel:119" in page
    assert Matter.objects.get().risk == 3


def test_a_date_in_a_year_not_published_is_loudly_provisional(say):
    with clock.at(datetime(2026, 12, 30, 10, tzinfo=clock.CITY)):
        page = say(g=place.HUAIHUA_1).content.decode()
    assert Matter.objects.get().due_provisional
    assert "日期是暂定的" in page


def test_a_matter_is_public_only_when_the_resident_says_so(say):
    say(g=place.HUAIHUA_1)
    assert not Matter.objects.get().is_public


def test_large_type_asks_for_sentence_place_and_phone_only(client, say):
    client.cookies["large"] = "1"
    page = client.get("/").content.decode()
    assert 'name="photos"' not in page
    assert 'name="visibility"' not in page
    assert 'name="phone"' in page
    say(g=place.HUAIHUA_1, visibility=None, phone="13812345678")
    assert Matter.objects.get().visibility == "pseudonym"


def test_something_alike_is_shown_before_it_is_filed_again(client, say, make):
    waiting = make.matter(text=SENTENCE, public=True)
    page = say(text="小区门口路灯坏了三天", g=place.HUAIHUA_1, photos=None).content.decode()
    assert "附近已有 1 件相近的" in page
    assert waiting.title in page
    assert "小区门口路灯坏了三天" in page
    assert Matter.objects.count() == 1
    say(text="小区门口路灯坏了三天", g=place.HUAIHUA_1, key=key_of(page), anyway="1")
    assert Matter.objects.count() == 2


def test_what_is_not_alike_is_not_held_up(say, make):
    make.matter(text=SENTENCE, public=True)
    say(text="楼道里堆满了杂物，过不去", g=place.HUAIHUA_1)
    assert Matter.objects.count() == 2


def test_while_typing_alike_matters_and_danger_are_shown(client, make):
    make.matter(text=SENTENCE, public=True)
    typed = {"text": "门口的路灯坏了", "g": place.HUAIHUA_1}
    assert "是同一件就不用再报" in client.post("/likewise/", typed).content.decode()
    assert "tel:110" in client.post("/likewise/", {"text": "楼下着火了，有人困在里面"}).content.decode()


@pytest.mark.parametrize("typed", ["槐花", "huaihua", "槐"])
def test_places_are_suggested(client, cast, typed):
    assert "柳河区柳林街道槐花社区" in client.get("/places/suggest", {"q": typed}).json()["places"]


def test_a_suggested_place_is_found_again(client, say):
    say(place="柳河区柳林街道槐花社区")
    assert Matter.objects.get().community.name == "槐花社区"
