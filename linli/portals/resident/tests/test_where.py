"""Where it is: few taps without scripts, a name in any spelling, the last place; nothing typed is lost on the way."""

import pytest

from linli.mechanisms import territory
from linli.portals.resident import where
from linli.portals.resident.tests.conftest import key_of
from linli.work.matters.models import Matter, Photo
from tests import place

pytestmark = pytest.mark.django_db
NOWHERE = "路灯坏了，没人修"


def named(name):
    """A current area of the imaginary township."""
    return next(each.area for each in territory.find(name) if each.area.name == name)


def buttons(page, name="into"):
    """What may be tapped: the words on the buttons of this name, and their values."""
    found = {}
    for part in page.split("<button")[1:]:
        head, _, rest = part.partition(">")
        if f'name="{name}"' in head:
            words = rest.partition("</button>")[0].split("<span>")[-1].partition("</span>")[0]
            found[words] = head.partition('value="')[2].partition('"')[0]
    return found


@pytest.fixture
def tap(client):
    """tap(page, "柳林街道", text=…) presses a button of a page, as a browser without scripts does."""

    def press(page, words, name="into", **typed):
        fields = {"key": key_of(page), "text": NOWHERE, "visibility": "anonymous", name: buttons(page, name)[words]}
        for hidden in ("within", "looked", "area", "g"):
            marker = f'type="hidden" name="{hidden}" value="'
            if marker in page and hidden != name:
                fields[hidden] = page.partition(marker)[2].partition('"')[0]
        return client.post("/", fields | typed, follow=True)

    return press


def test_from_county_to_community_in_three_taps_with_all_that_was_typed(say, tap, photo):
    page = say(text=NOWHERE, phone="13812345678", visibility="pseudonym", photos=photo()).content.decode()
    typed = {"phone": "13812345678", "visibility": "pseudonym"}
    for words in ("柳河区", "柳林街道", "槐花社区"):
        answer = tap(page, words, **typed)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert NOWHERE in page
        assert "13812345678" in page
        assert "已经收下 1 张照片" in page
        assert not Matter.objects.exists()
    assert "位置：柳河区柳林街道槐花社区" in page
    say(text=NOWHERE, key=key_of(page), area=named("槐花社区").id, **typed)
    assert Matter.objects.get().community.name == "槐花社区"
    assert Photo.objects.count() == 1


def test_who_cannot_tell_the_village_sends_it_to_the_township(say, tap):
    page = tap(say(text=NOWHERE).content.decode(), "柳河区").content.decode()
    page = tap(page, "柳林街道").content.decode()
    tap(page, "说不清是哪一个，就发给柳林街道", "area")
    matter = Matter.objects.get()
    assert (matter.township.name, matter.community) == ("柳林街道", None)


def test_taps_are_not_counted_as_sendings(say, tap, settings):
    settings.PUBLIC_LIMITS = settings.PUBLIC_LIMITS | {"try": {"device": (2, 3600), "address": (2, 3600)}}
    page = say(text=NOWHERE).content.decode()
    for _ in range(5):
        answer = tap(page, "柳河区")
        assert answer.status_code == 200
    assert say(text=NOWHERE).status_code == 422
    assert say(text=NOWHERE).status_code == 429


def test_one_may_begin_by_tapping_before_writing(client, tap):
    page = client.get("/").content.decode()
    page = tap(page, "一步步点着选", text="").content.decode()
    assert "柳河区" in buttons(page)
    assert "还没有写是什么事" not in page


def test_a_scanned_place_may_be_changed_with_the_words_kept(client, tap):
    page = client.get("/", {"g": place.HUAIHUA_1}).content.decode()
    page = tap(page, "换一个").content.decode()
    assert NOWHERE in page
    assert 'name="g"' not in page
    assert "柳河区" in buttons(page)


@pytest.mark.parametrize("asked", ["槐花社区", "槐花", "huaihua"])
def test_a_name_is_looked_up_in_any_spelling(say, client, asked):
    page = say(text=NOWHERE, place=asked, look="1").content.decode()
    assert "位置：柳河区柳林街道槐花社区" in page
    assert 'id="id_place" name="place" value=""' in page


def test_a_part_of_a_name_gives_all_that_have_it(say, tap):
    page = say(text=NOWHERE, place="社区", look="1").content.decode()
    assert "柳河区柳林街道槐花社区" in buttons(page)
    page = tap(page, "柳河区柳林街道柳岸社区", place="社区").content.decode()
    assert "位置：柳河区柳林街道柳岸社区" in page
    assert 'id="id_place" name="place" value=""' in page  # It was looked for, it says nothing more exact.


def test_a_name_nobody_bears_is_told_so_and_taps_go_on(say):
    page = say(text=NOWHERE, place="蓬莱仙岛", look="1").content.decode()
    assert "没有找到“蓬莱仙岛”" in page
    assert "柳河区" in buttons(page)


def test_the_map_shows_what_one_has_tapped_so_far(say):
    township = named("柳林街道")
    page = say(text=NOWHERE, into=township.id).content.decode()
    assert f'data-outlines="/nearby/outlines.json?area={township.id}"' in page


def test_sending_halfway_asks_on_from_there(say):
    township = named("柳林街道")
    page = say(text=NOWHERE, within=township.id).content.decode()
    assert "还不知道在哪里" in page
    assert "槐花社区" in buttons(page)


def test_what_else_is_wrong_halfway_is_told_beside_its_field(say):
    page = say(text=NOWHERE, within=named("柳林街道").id, place="长" * 200).content.decode()
    assert "写了 200 个字" in page.partition('id="where"')[2].partition("</section>")[0]
    assert "有 1 处要改一下" in page


def test_whom_to_call_stands_beside_the_taps(say, tap):
    page = say(text=NOWHERE).content.decode()
    assert "tel:12345" in page
    page = tap(tap(page, "柳河区").content.decode(), "柳林街道").content.decode()
    assert "柳林街道综治中心" in page


def test_the_device_keeps_the_last_place_and_offers_it(client, say):
    say(g=place.HUAIHUA_1)
    assert client.cookies[where.COOKIE].value == named("槐花社区").code  # Not the grid: not where somebody stands.
    assert "还是上次的地方：" in client.get("/").content.decode()
    page = say(text=NOWHERE).content.decode()
    assert any(words.startswith("还是上次的地方") for words in buttons(page))


@pytest.mark.parametrize("kept", ["", "999999999999", "<script>", "x" * 400, place.COUNTY])
def test_a_last_place_nobody_knows_is_none(client, cast, kept):
    client.cookies[where.COOKIE] = kept
    assert "还是上次的地方" not in client.get("/").content.decode()


@pytest.mark.parametrize("tapped", ["", "0", "-1", "abc", "²", "999999999999999999", "1' OR 1=1"])
def test_a_tap_on_nothing_shows_the_counties(say, tapped):
    assert "柳河区" in buttons(say(text=NOWHERE, into=tapped).content.decode())


@pytest.mark.parametrize(("lon", "lat"), [("121.5", "31.2"), ("abc", "1")])
def test_a_pin_that_was_refused_is_not_sent_again(say, lon, lat):
    page = say(text=NOWHERE, lon=lon, lat=lat).content.decode()
    assert 'name="lon" value=""' in page
    assert 'name="lat" value=""' in page


def test_enter_sends_and_does_not_narrow(say):
    page = say(text=NOWHERE).content.decode()
    form = page.partition('<form id="report"')[2]
    first = form.partition("<button")[2].partition(">")[0]
    assert "name=" not in first


def test_in_large_type_nothing_speaks_of_a_map(client, say):
    client.cookies["large"] = "1"
    for page in (client.get("/").content.decode(), say(text=NOWHERE, lon="abc", lat="1").content.decode()):
        assert "地图" not in page.partition("<main")[2]
    page = say(text=NOWHERE).content.decode()
    assert "可不填" not in page.partition('id="where"')[2].partition("</section>")[0]
    assert "柳河区" in buttons(page)


def test_a_long_list_of_villages_stands_under_letters(city):
    villages = where.parts(named("柳林街道"))
    assert [letter for letter, _ in where.Offer("", None, villages).groups] == [""]
    many = where.Offer("", None, villages * 30).groups
    assert [letter for letter, _ in many] == sorted({each.pinyin_key[:1].upper() for each in villages})


BAD = [
    "\x00",
    "\u202e" + "村" * 3,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "长" * 5000,
    "\ufffd",
    "\uff19\uff19",
    "%",
    "\\",
    "{{7*7}}",
]


@pytest.mark.parametrize("field", ["into", "within", "looked", "area", "place"])
@pytest.mark.parametrize("bad", BAD)
def test_bad_input_in_what_a_tap_sends(say, field, bad):
    for more in ({"look": "1"}, {"into": "0"}, {}):
        answer = say(text=NOWHERE, **({field: bad} | {name: value for name, value in more.items() if name != field}))
        page = answer.content.decode()
        assert answer.status_code in {200, 422}
        assert "<script>alert" not in page
        assert not Matter.objects.exists()


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_in_the_search_of_nearby(client, cast, bad):
    answer = client.get("/nearby/", {"q": bad})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_broken_bytes_are_not_taken_for_words(client, cast):
    answer = client.post("/", b"text=\xff\xfe&into=0", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "文字的编码不对" in answer.content.decode()
