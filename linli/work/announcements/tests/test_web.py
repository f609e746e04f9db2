"""Pages for who publishes: what each post is offered, what a form answers, and that nothing typed is lost."""

from io import BytesIO
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.work.announcements import queries, service
from linli.work.announcements.models import Announcement, FrontPage
from linli.work.announcements.tests.conftest import WATER, node
from tests import place

TYPED = {
    "kind": "water", "title": WATER.title, "text": WATER.text, "begins_at": "2026-06-02T08:00",
    "until_at": "2026-06-02T17:00", "phone": WATER.phone,
}  # fmt: skip


def at(made, verb=""):
    return f"/announcements/{quote(made.number)}/" + (f"{verb}/" if verb else "")


def typed(**changed):
    return TYPED | {"area": str(node(place.HUAIHUA).id)} | changed


def test_what_is_typed_is_published_in_the_citys_time(sign_in):
    answer = sign_in("li").post("/announcements/new/", typed())
    made = Announcement.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/announcements/{quote(made.number)}/")
    assert (made.begins_at, made.until_at) == (WATER.begins_at, WATER.until_at)
    said = sign_in("li").get(answer.url).content.decode()
    assert "更换阀门" in said
    assert "发布更正" in said


def test_a_number_in_the_text_is_refused_and_everything_typed_stays(sign_in):
    answer = sign_in("li").post("/announcements/new/", typed(text="停水，有事打13812345678。"))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "手机号 138****5678" in said
    assert "停水，有事打13812345678。" in said
    assert WATER.title in said
    assert not Announcement.objects.exists()


def test_only_places_of_the_own_scope_are_offered_and_taken(sign_in):
    client = sign_in("zhou")
    said = client.get("/announcements/new/").content.decode()
    assert "槐花二网格" in said
    assert "柳岸" not in said
    assert client.post("/announcements/new/", typed(area=str(node(place.LIUAN).id))).status_code == 422
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("username", ["wang", "wu", "zheng", "sun"])
def test_whoever_may_not_publish_has_no_page_and_no_link(sign_in, publish, username):
    made = publish()
    client = sign_in(username)
    for path in ("/announcements/", "/announcements/new/", "/announcements/front/"):
        assert client.get(path).status_code == 403
    assert client.get(at(made)).status_code == 404
    assert 'href="/announcements/"' not in client.get("/me/").content.decode()
    assert 'href="/announcements/"' in sign_in("zhou").get("/me/").content.decode()


def test_next_door_sees_an_empty_list_and_no_notice(sign_in, publish):
    made = publish()
    client = sign_in("qian")
    assert made.number not in client.get("/announcements/", {"view": "all"}).content.decode()
    for verb in ("", "correct", "withdraw"):
        path = at(made, verb)
        assert (client.post(path, TYPED | {"reason": "不"}) if verb else client.get(path)).status_code == 404


def test_a_correction_and_a_withdrawal_stand_in_the_list(sign_in, publish):
    made = publish()
    client = sign_in("li")
    assert client.post(at(made, "correct"), TYPED | {"text": "改到后天。", "version": "1"}).status_code == 302
    assert "第 2 版" in client.get("/announcements/").content.decode()
    answer = client.post(at(made, "withdraw"), {"reason": "", "version": "2"})
    assert answer.status_code == 422
    assert "请写明为什么撤下" in answer.content.decode()
    assert client.post(at(made, "withdraw"), {"reason": "不停了", "version": "2"}).status_code == 302
    said = client.get("/announcements/", {"view": "withdrawn"}).content.decode()
    assert made.number in said


def test_a_stale_form_is_told_who_was_first_and_keeps_what_was_typed(sign_in, publish):
    made = publish()
    client = sign_in("li")
    client.post(at(made, "correct"), TYPED | {"text": "改到后天。", "version": "1"})
    answer = client.post(at(made, "correct"), TYPED | {"text": "改到大后天。", "version": "1"})
    assert answer.status_code == 409
    assert "改到大后天。" in answer.content.decode()
    assert client.post(at(made, "withdraw"), {"reason": "不停了", "version": "1"}).status_code == 409


def test_a_street_changes_its_own_front_page(sign_in):
    image = BytesIO()
    Image.new("RGB", (900, 400), "teal").save(image, "PNG")
    file = SimpleUploadedFile("gate.png", image.getvalue(), "image/png")
    client = sign_in("li")
    answer = client.post(
        "/announcements/front/", {"welcome": "有事说一声", "alias": "liulin", "described": "大门", "picture": file}
    )
    assert answer.status_code == 302
    assert bytes(queries.picture(node(place.LIULIN)).jpeg).startswith(b"\xff\xd8")
    assert "/t/liulin/" in client.get("/announcements/front/").content.decode()


def test_what_is_no_picture_is_refused_and_the_greeting_stays(sign_in):
    file = SimpleUploadedFile("gate.png", b"not a picture", "image/png")
    answer = sign_in("li").post(
        "/announcements/front/", {"welcome": "有事说一声", "described": "大门", "picture": file}
    )
    assert answer.status_code == 422
    assert "有事说一声" in answer.content.decode()
    assert not FrontPage.objects.exists()


def test_a_secretary_has_no_front_page_to_change(sign_in):
    assert sign_in("zhou").get("/announcements/front/").status_code == 403


def test_the_list_asks_no_more_with_more_rows(sign_in, publish, django_assert_max_num_queries):
    client = sign_in("li")
    publish()
    client.get("/announcements/")
    for _ in range(4):
        publish()
    with django_assert_max_num_queries(8):
        client.get("/announcements/")


def test_the_power_to_set_a_front_page_is_its_own(cast, city):
    assert cast.actor("li").has(service.FRONT)
    assert not cast.actor("zhou").has(service.FRONT)
