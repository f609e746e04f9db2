"""The pages of places as a stranger and as staff see them."""

import gzip
import json
from datetime import date

import pytest
from django.test import Client

from linli.mechanisms import territory
from linli.mechanisms.access.models import Appointment, Person, Post
from linli.mechanisms.territory.models import Area, Coverage
from tests import place
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def keeper(cast: Cast, client: Client) -> Client:
    """Signed in as the official who keeps the territory of the county."""
    person = Person.objects.create_user("qu", "x", name="曲区划")
    county = Area.objects.get(code=place.COUNTY)
    post = Post.objects.create(
        kind="territory_keeper", body=cast.bodies["county_desk"], area=county, title="区划管理员"
    )
    Appointment.objects.create(person=person, post=post, from_on=date(2026, 1, 1))
    client.force_login(person)
    return client


def test_a_stranger_walks_from_the_city_to_a_grid(cast: Cast, client: Client) -> None:
    assert "柳河区" in text(client, "/places/")
    assert "柳林街道" in text(client, f"/places/{place.COUNTY}/")
    community = text(client, f"/places/{place.HUAIHUA}/")
    assert f"/grids/{place.HUAIHUA_1}/" in community
    assert client.get(f"/places/{place.HUAIHUA_1}/").headers["Location"] == f"/grids/{place.HUAIHUA_1}/"


def test_the_grid_card_shows_what_the_law_asks_and_a_code_that_opens_the_form(
    cast: Cast, client: Client, settings
) -> None:
    card = text(client, f"/grids/{place.HUAIHUA_1}/")
    worker = Appointment.objects.filter(post__area__code=place.HUAIHUA_1, post__kind="grid_worker").first()
    assert worker is not None
    for word in ("槐花一网格", "320 户", "0543-0000001", worker.person.name, worker.person.phone, "<svg"):
        assert word in card
    assert f"{settings.BASE_URL.removeprefix('http://')}/?g={place.HUAIHUA_1}" in card
    assert "网格员还没有登记" in text(client, f"/grids/{place.XINGHUA_1}/")
    assert client.get(f"/grids/{place.HUAIHUA}/").status_code == 404


def test_a_day_asked_for_is_shown_or_refused_in_words(cast: Cast, client: Client) -> None:
    assert "当时名称" in text(client, f"/places/{place.LIULIN}/?on=2999-01-01")
    assert "此前的区划没有记录" in text(client, f"/places/{place.LIULIN}/?on=1900-01-01")
    for nonsense in ("x", "2020-13-01", "9999999-01-01", "%00", "<b>"):
        assert "日期写成" in text(client, f"/places/{place.LIULIN}/?on={nonsense}")


def test_a_search_finds_by_name_part_of_a_name_and_code(cast: Cast, client: Client) -> None:
    for asked in ("槐花社区", "槐花", place.HUAIHUA, "在柳林街道槐花社区"):
        assert f"/places/{place.HUAIHUA}/" in text(client, f"/places/?q={asked}")
    assert "没有找到" in text(client, "/places/?q=月亮湾")
    assert "没有找到" in text(client, "/places/?q=" + "9" * 500)


def test_an_unknown_code_is_not_here(cast: Cast, client: Client) -> None:
    for address in (
        "/places/1/",
        "/grids/1/",
        "/places/was/999999/",
        "/places/outlines/3.json?within=1",
        "/places/outlines/9.json",
    ):
        assert client.get(address).status_code == 404


def test_outlines_are_small_and_answer_not_modified(cast: Cast, client: Client) -> None:
    answer = client.get(f"/places/outlines/5.json?within={place.LIULIN}", headers={"Accept-Encoding": "gzip"})
    found = json.loads(gzip.decompress(answer.content))
    assert {each["properties"]["name"] for each in found["features"]} == {
        "槐花一网格",
        "槐花二网格",
        "柳岸一网格",
        "柳岸二网格",
    }
    assert json.loads(client.get("/places/outlines/2.json").content)["features"][0]["geometry"]["type"] == "Polygon"
    again = client.get(
        f"/places/outlines/5.json?within={place.LIULIN}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_coverage_is_for_staff(cast: Cast, client: Client) -> None:
    assert client.get("/places/coverage/").status_code == 302


def test_staff_see_what_is_lacking_and_not_known_apart(keeper: Client) -> None:
    assert "没有网格员的" in text(keeper, f"/places/coverage/?within={place.XINGHUA}&level=5&lack=staff")
    assert "杏花一网格" in text(keeper, f"/places/coverage/?within={place.XINGHUA}&level=5&lack=staff")
    unknown = text(keeper, "/places/coverage/?level=4&lack=premises&unknown=1")
    assert "槐花社区" in unknown
    assert keeper.get("/places/coverage/?level=x&lack=y&from=-1&within=%00").status_code == 200


def test_the_keeper_notes_what_an_area_has(keeper: Client) -> None:
    answer = keeper.post(f"/places/{place.HUAIHUA}/coverage/", {"party_organisation": "yes", "premises": "no"})
    assert answer.status_code == 302
    row = Coverage.objects.get(area__code=place.HUAIHUA)
    assert (row.has_party_organisation, row.has_premises, row.has_service) == (True, False, None)
    assert "槐花社区" in text(keeper, "/places/coverage/?level=4&lack=premises")


def test_who_does_not_keep_the_territory_notes_nothing(cast: Cast, client: Client) -> None:
    client.force_login(Person.objects.get(username="li"))
    assert client.post(f"/places/{place.HUAIHUA}/coverage/", {"premises": "no"}).status_code == 403
    assert not Coverage.objects.exists()
    assert territory.by_code(place.HUAIHUA) is not None
