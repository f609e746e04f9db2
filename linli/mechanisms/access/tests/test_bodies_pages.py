"""Bodies and posts as pages: found, established, revised, and only in one's own area."""

from datetime import date

import pytest
from django.urls import reverse

from linli.mechanisms import rulebook
from linli.mechanisms.access.models import Body, Post
from linli.mechanisms.access.tests.conftest import BY
from linli.mechanisms.access.tests.test_exchange import FUNCTIONS


@pytest.fixture
def functions(cast):
    """What bodies are for, here."""
    content = {"title": "职能", "items": FUNCTIONS}
    rulebook.enact("bodies/functions", content, in_force=date(2026, 1, 1), basis="测试用", by=BY)


@pytest.fixture
def feng(signed_in, functions):
    """柳林街道's administrator."""
    return signed_in("feng")


def body_of(cast, username):
    return cast.posts[username].body


def test_the_people_page_leads_to_bodies_and_a_body_to_its_people(feng, cast):
    assert 'href="/people/bodies/"' in feng.get("/people/").content.decode()
    page = feng.get("/people/bodies/").content.decode()
    assert "柳林街道办" in page
    assert "杏花镇办" not in page
    page = feng.get(f"/people/bodies/{body_of(cast, 'feng').pk}/").content.decode()
    assert "冯管理" in page
    assert "李调度" in page


def test_a_body_is_established_and_given_a_post(feng, cast):
    found = feng.get("/people/bodies/new/", {"q": "柳林"}).content.decode()
    area = cast.posts["feng"].area_id
    assert f"?area={area}" in found
    assert "杏花镇" not in feng.get("/people/bodies/new/", {"q": "杏花"}).content.decode()
    typed = {
        "area": area,
        "name": "柳林街道城市管理办公室",
        "short_name": "柳林城管办",
        "kind": "government",
        "functions": ["urban"],
    }
    answer = feng.post("/people/bodies/new/", typed)
    body = Body.objects.get(name="柳林街道城市管理办公室")
    assert answer["Location"] == f"/people/bodies/{body.pk}/"
    assert (body.functions, body.level) == (["urban"], 3)
    answer = feng.post(
        f"/people/bodies/{body.pk}/establish-post", {"kind": "dispatcher", "area": area, "title": "派单员"}
    )
    assert answer.status_code == 302
    post = Post.objects.get(body=body)
    assert (post.kind, post.title) == ("dispatcher", "派单员")
    assert f"?post={post.pk}" in feng.get(f"/people/bodies/{body.pk}/").content.decode()


def test_a_communitys_grid_gets_its_worker(feng, cast):
    body = body_of(cast, "zhou")
    grid = cast.posts["wang"].area_id
    assert (
        feng.post(f"/people/bodies/{body.pk}/establish-post", {"kind": "grid_worker", "area": grid}).status_code == 302
    )
    assert Post.objects.filter(body=body, kind="grid_worker", area_id=grid).exists()


def test_a_body_is_revised(feng, cast):
    body = body_of(cast, "feng")
    typed = {"short_name": "柳林办", "functions": ["urban", "desk"], "phone": "0543-1234567"}
    assert feng.post(f"/people/bodies/{body.pk}/revise", typed).status_code == 302
    body.refresh_from_db()
    assert (body.short_name, body.functions, body.phone) == ("柳林办", ["urban", "desk"], "0543-1234567")


@pytest.mark.parametrize(
    ("verb", "typed"),
    [
        ("revise", {"functions": ["committee"]}),
        ("revise", {"phone": "打电话给我"}),
        ("establish-post", {"kind": "leader", "area": "1"}),
        ("establish-post", {"kind": "admin", "area": "x"}),
        ("establish-post", {}),
    ],
)
def test_what_makes_no_sense_is_kept_and_said(feng, cast, verb, typed):
    answer = feng.post(f"/people/bodies/{body_of(cast, 'feng').pk}/{verb}", typed)
    assert answer.status_code == 422
    assert "error" in answer.content.decode()


def test_a_post_that_stands_already_is_said(feng, cast):
    body = body_of(cast, "feng")
    answer = feng.post(f"/people/bodies/{body.pk}/establish-post", {"kind": "admin", "area": body.area_id})
    assert answer.status_code == 422
    assert "已经有这个岗位" in answer.content.decode()


@pytest.mark.parametrize("area", ["x", "0", "999999999999", "99999999999999999999", "-1"])
def test_an_area_that_is_none_is_not_found(feng, area):
    assert feng.get("/people/bodies/new/", {"area": area}).status_code == 404


@pytest.mark.parametrize("name", ["body", "revise_body", "establish_post"])
def test_the_next_townships_administrator_does_not_find_it(signed_in, functions, cast, name):
    client = signed_in("qian")
    address = reverse(f"access:{name}", args=[body_of(cast, "feng").pk])
    assert (client.get if name == "body" else client.post)(address).status_code == 404


def test_the_next_township_is_no_place_to_establish_in(signed_in, functions, cast):
    area = cast.posts["feng"].area_id
    assert signed_in("qian").post("/people/bodies/new/", {"area": area, "name": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["bodies", "establish_body"])
def test_who_may_not_appoint_is_refused(signed_in, functions, name):
    assert signed_in("li").get(reverse(f"access:{name}")).status_code == 403
