"""Words a resident will read: what looks like somebody's own number is asked about once, and not sent before."""

import pytest

from linli.kernel import clock
from linli.portals.openapi.models import KeptAnswer
from linli.portals.openapi.tests.conftest import problem
from linli.portals.openapi.tests.test_reading import picture
from linli.work.matters.models import Matter, Remark

pytestmark = pytest.mark.django_db
NUMBER = "13812345678"
TOLD = {
    "answer": ("handling", "wu", lambda said: {"outcome": "solved", "reply": said}),
    "settle": ("matter", "wang", lambda said: {"reply": said}),
    "add": ("raised", "li", lambda said: {"said": said}),
    "carry": ("handling", "feng", lambda said: {"reason": "season", "why": said, "review_on": str(clock.today().replace(month=12, day=20))}),
    "look_again": ("second_look", "jiang", lambda said: {"stands": True, "why": said}),
    "decide_appeal": ("appealed", "jiang", lambda said: {"upheld": True, "note": said}),
}  # fmt: skip


@pytest.mark.parametrize("verb", TOLD)
def test_words_for_a_resident_are_asked_about_before_they_are_sent(caller, make, verb):
    state, who, said = TOLD[verb]
    matter = getattr(make, state)()
    before, there = Matter.objects.get(pk=matter.pk).version, caller(who)
    words = said(f"灯头已换，找刘师傅 {NUMBER}")
    told = problem(there.post(f"/matters/{matter.number}/{verb}", words, key="today-0001"), 409, "personal")
    assert told["found"] == [NUMBER]
    assert NUMBER in told["detail"]
    assert Matter.objects.get(pk=matter.pk).version == before
    assert not Remark.objects.filter(matter=matter, text__contains=NUMBER).exists()
    assert not KeptAnswer.objects.exists()
    sent = there.post(f"/matters/{matter.number}/{verb}", words | {"sure": True}, key="today-0001")
    assert sent.status_code == 200, sent.content.decode()
    assert Remark.objects.filter(matter=matter, text__contains=NUMBER).exists()


def test_an_offices_own_telephone_is_not_asked_about(caller, make):
    matter = make.raised()
    said = {"said": "有事打城管办 0543-0000301"}
    assert caller("li").post(f"/matters/{matter.number}/add", said).status_code == 200


def test_what_only_officials_read_is_not_asked_about(caller, make):
    matter = make.handling(visibility="named", name="赵秀英", phone=NUMBER)
    wu = caller("wu")
    call = {"means": "phone", "reached": False, "said": f"打 {NUMBER} 没人接", "said_at": clock.now().isoformat()}
    assert wu.post(f"/matters/{matter.number}/contact", call).status_code == 200
    message = call | {"means": "message", "reached": True}
    problem(wu.post(f"/matters/{matter.number}/contact", message), 409, "personal")
    assert wu.post(f"/matters/{matter.number}/note", {"said": f"配件商 {NUMBER}"}).status_code == 200


def test_words_that_come_with_photos_are_asked_about_too(caller, make, tmp_path, settings):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    matter, li = make.raised(), caller("li")

    def send(**more):
        photo = SimpleUploadedFile("a.png", picture(), "image/png")
        sent = {"photo": photo, "said": f"联系 {NUMBER}"} | more
        path = f"/api/v1/matters/{matter.number}/photos"
        return li.client.post(path, sent, headers=li.headers(Idempotency_Key="photos-0001"))

    problem(send(), 409, "personal")
    assert send(sure="true").status_code == 201
