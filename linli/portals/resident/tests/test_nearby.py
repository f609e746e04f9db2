"""What neighbours let others see, and saying: the same here."""

import pytest

from linli.work.matters.models import Matter, Support
from tests import place

pytestmark = pytest.mark.django_db
PRIVATE = {"visibility": "named", "name": "赵秀英", "phone": "13812345678"}


@pytest.fixture
def lamp(make):
    """A public matter with a pin, and a reporter who is nobody's business."""
    return make.matter(public=True, place_text="3号楼 赵秀英 13812345678", **PRIVATE)


def test_public_matters_are_listed_around_a_scanned_grid(client, lamp):
    page = client.get("/nearby/", {"g": place.HUAIHUA_1}).content.decode()
    assert lamp.title in page
    assert "网格员在看" in page


def test_public_matters_are_listed_around_a_device(client, lamp):
    point = place.at(0.52, 0.5)
    page = client.get("/nearby/", {"lon": point.lon, "lat": point.lat}).content.decode()
    assert lamp.title in page
    assert "米" in page


def test_public_matters_are_listed_in_a_chosen_area(client, lamp):
    page = client.get("/nearby/").content.decode()
    assert "柳河区" in page
    assert lamp.title in client.get("/nearby/", {"area": lamp.township_id}).content.decode()


def test_a_public_page_says_where_and_whether_one_has_spoken(client, lamp):
    page = client.get(f"/p/{lamp.number}/").content.decode()
    assert "柳林街道槐花社区" in page
    assert "您说过" not in page
    page = client.post(f"/p/{lamp.number}/support/", follow=True).content.decode()
    assert "您说过“也是这件事”，算上了" in page
    assert f"/p/{lamp.number}/support/" not in page


def test_the_first_screen_asks_where_in_three_ways(client, cast):
    page = client.get("/nearby/").content.decode()
    assert "看我周围的" in page
    assert 'name="q"' in page
    assert "柳河区" in page


@pytest.mark.parametrize("sought", ["柳林街道", "liulin", "柳林"])
def test_a_place_is_found_by_its_name(client, lamp, sought):
    assert lamp.title in client.get("/nearby/", {"q": sought}).content.decode()


def test_a_name_of_many_places_gives_them_all(client, cast):
    page = client.get("/nearby/", {"q": "社区"}).content.decode()
    assert "柳河区柳林街道槐花社区" in page
    assert "柳河区柳林街道柳岸社区" in page


def test_a_name_of_no_place_is_told_so(client, cast):
    page = client.get("/nearby/", {"q": "<b>蓬莱"}).content.decode()
    assert "没有找到“&lt;b&gt;蓬莱”" in page
    assert "柳河区" in page


def test_who_comes_again_sees_the_place_looked_at_last(client, lamp):
    client.get("/nearby/", {"g": place.HUAIHUA_1})
    assert lamp.title in client.get("/nearby/").content.decode()
    assert lamp.title not in client.get("/nearby/", {"everywhere": "1"}).content.decode()
    assert lamp.title not in client.get("/nearby/").content.decode()  # It was not to be kept.


def test_a_quiet_village_looked_at_last_shows_its_township(client, make, lamp):
    client.get("/nearby/", {"g": place.LIUAN_1})
    page = client.get("/nearby/").content.decode()
    assert lamp.title in page
    assert "柳林街道，邻居愿意让大家看到的事" in page


def test_from_nearby_one_says_it_at_that_place(client, cast):
    page = client.get("/nearby/", {"q": "槐花社区"}).content.decode()
    address = page.partition('class="actions')[2].partition('href="')[2].partition('"')[0]
    assert "位置：柳河区柳林街道槐花社区" in client.get(address).content.decode()


def test_the_map_to_point_on_is_drawn_before_anything_is_known(client, cast):
    assert client.get("/nearby/outlines.json", {"everywhere": "1"}).json()["features"]


def test_what_is_not_public_is_not_listed(client, make):
    hidden = make.matter(public=False)
    assert hidden.title not in client.get("/nearby/", {"g": place.HUAIHUA_1}).content.decode()
    assert client.get("/nearby/points.json", {"g": place.HUAIHUA_1}).json()["features"] == []
    assert client.get(f"/p/{hidden.number}/").status_code == 404
    assert client.post(f"/p/{hidden.number}/support/").status_code == 404


def test_a_public_page_shows_nothing_about_who(client, lamp):
    pages = [
        client.get(f"/p/{lamp.number}/"),
        client.get("/nearby/", {"g": place.HUAIHUA_1}),
        client.get("/nearby/points.json", {"g": place.HUAIHUA_1}),
    ]
    for answer in pages:
        assert answer.status_code == 200
        assert "13812345678" not in answer.content.decode()
        assert "/media/" not in answer.content.decode()


def test_the_map_gets_points_and_outlines(client, lamp):
    points = client.get("/nearby/points.json", {"g": place.HUAIHUA_1}).json()["features"]
    assert [each["properties"]["id"] for each in points] == [lamp.number]
    assert points[0]["properties"]["url"].startswith("/p/")
    outlines = client.get("/nearby/outlines.json", {"area": lamp.community_id}).json()["features"]
    assert {each["properties"]["name"] for each in outlines} == {"槐花一网格", "槐花二网格"}


@pytest.mark.parametrize(
    "asked",
    [
        {"lon": "121.5", "lat": "38.9"},
        {"lon": "9999", "lat": "9999"},
        {"lon": "x", "lat": "y"},
        {"area": "9999"},
        {"g": "9999"},
    ],
)
def test_a_place_that_is_none_still_gives_places_to_choose(client, lamp, asked):
    answer = client.get("/nearby/", asked)
    assert answer.status_code == 200
    assert "柳河区" in answer.content.decode()
    assert client.get("/nearby/points.json", asked).json()["features"] == []
    assert client.get("/nearby/outlines.json", asked).status_code == 200


def test_a_device_supports_once(client, lamp):
    client.get(f"/p/{lamp.number}/")
    assert client.cookies["device"]["httponly"]
    first = client.post(f"/p/{lamp.number}/support/", follow=True).content.decode()
    second = client.post(f"/p/{lamp.number}/support/", follow=True).content.decode()
    assert "记下了" in first
    assert "不重复算" in second
    assert Matter.objects.get().supporters == Support.objects.count() == 1


def test_another_device_supports_too(client, lamp):
    client.post(f"/p/{lamp.number}/support/")
    client.cookies.clear()
    client.post(f"/p/{lamp.number}/support/")
    assert Matter.objects.get().supporters == 2


@pytest.mark.parametrize("cookie", ["x", "' OR 1=1", "a" * 5000])
def test_a_cookie_that_is_not_ours_is_replaced(client, lamp, cookie):
    client.cookies["device"] = cookie
    client.post(f"/p/{lamp.number}/support/")
    assert client.cookies["device"].value != cookie


def test_supporting_leads_to_the_matter_and_nowhere_else(client, lamp):
    answer = client.post(f"/p/{lamp.number}/support/", {"next": "https://evil.example/"})
    assert answer["Location"].startswith("/p/")


def test_what_has_ended_is_not_supported(client, make):
    ended = make.closed(public=True)
    answer = client.post(f"/p/{ended.number}/support/")
    assert answer.status_code == 409
    assert "另报一件" in answer.content.decode()


def test_supporting_needs_the_token_of_a_page(lamp):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(f"/p/{lamp.number}/support/").status_code == 403
