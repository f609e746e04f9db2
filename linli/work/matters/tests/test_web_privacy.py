"""Officials' pages about personal data, each with the neighbour who may not."""

import json

import pytest

from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Reveal
from linli.mechanisms.journal.models import Entry
from linli.work.matters import service
from linli.work.matters.models import Contact, Erasure, Matter

pytestmark = pytest.mark.django_db
NAME, PHONE = "赵秀英", "13812345678"


@pytest.fixture
def matter(make):
    """Public, with a phone in its title."""
    return make.raised(text="路灯坏了打13812345678找老李头", visibility="named", name=NAME, phone=PHONE)


def test_a_dispatcher_settles_what_neighbours_see(sign_in, client, matter):
    page = sign_in("li").get(f"/matters/{matter.number}/privacy/").content.decode()
    assert "手机号" in page
    assert "138****5678" in page
    assert NAME not in page
    wrong = client.post(f"/matters/{matter.number}/mask/", {"hide": "没有的字"})
    assert wrong.status_code == 422
    assert "没有的字" in wrong.content.decode()
    client.post(f"/matters/{matter.number}/mask/", {"hide": "老李头"})
    matter.refresh_from_db()
    assert matter.shown_title == "路灯坏了打138****5678找***"
    client.logout()
    assert "老李头" not in client.get(f"/p/{matter.number}/").content.decode()
    listed = client.get("/open311/v2/requests.json").content.decode()
    assert "老李头" not in listed
    assert "找***" in listed


@pytest.mark.parametrize(("username", "status"), [("jiang", 200), ("sun", 200), ("wang", 403), ("qian", 404)])
def test_who_may_see_what_becomes_of_the_data(sign_in, matter, username, status):
    assert sign_in(username).get(f"/matters/{matter.number}/privacy/").status_code == status


@pytest.mark.parametrize(
    ("verb", "typed"), [("hold", {"reason": "正在复议"}), ("mask", {"hide": ""}), ("release", {"why": "结束了"})]
)
def test_the_next_township_may_do_nothing(sign_in, matter, verb, typed):
    assert sign_in("qian").post(f"/matters/{matter.number}/{verb}/", typed).status_code == 404


def test_a_hold_is_set_and_lifted_on_the_page(sign_in, client, matter):
    sign_in("jiang").post(f"/matters/{matter.number}/hold/", {"reason": "案号是柳复1号"})
    assert "案号是柳复1号" in client.get(f"/matters/{matter.number}/privacy/").content.decode()
    assert client.post(f"/matters/{matter.number}/release/", {"why": ""}).status_code == 422
    client.post(f"/matters/{matter.number}/release/", {"why": "复议结束了"})
    assert "案号是柳复1号" not in client.get(f"/matters/{matter.number}/privacy/").content.decode()


def test_a_person_at_the_counter_gets_everything_after_being_checked(sign_in, client, matter):
    page = sign_in("jiang").post("/matters/people/", {"phone": PHONE, "checked": ""})
    assert page.status_code == 422
    assert not Reveal.objects.exists()
    page = client.post("/matters/people/", {"phone": "138 1234 5678", "checked": "看了身份证原件"})
    assert NAME in page.content.decode()
    assert Reveal.objects.get().purpose == "看了身份证原件"
    file = client.post("/matters/people/", {"phone": PHONE, "checked": "看了身份证原件", "as": "file"})
    assert json.loads(file.content)["matters"][0]["contact"]["name"] == NAME
    assert "attachment" in file["Content-Disposition"]


def test_c5_6_there_are_as_many_copies_as_there_are_looks_on_record(sign_in, matter, make):
    other = make.raised(text="井盖翘起来了很危险", visibility="pseudonym", phone=PHONE)
    file = sign_in("jiang").post("/matters/people/", {"phone": PHONE, "checked": "看了身份证原件", "as": "file"})
    given = {each["number"] for each in json.loads(file.content)["matters"]}
    handed = Entry.objects.filter(fact="privacy.DataHandedOver").values_list("subject", flat=True)
    assert given == {matter.number, other.number}
    assert {each.partition(":")[2] for each in handed} == given
    assert Reveal.objects.count() == len(given)


def test_who_is_next_door_finds_nobody(sign_in, matter):
    page = sign_in("qian").post("/matters/people/", {"phone": PHONE, "checked": "看了身份证原件"})
    assert matter.number not in page.content.decode()
    assert "没有查到" in page.content.decode()
    assert sign_in("wu").get("/matters/people/").status_code == 403


def test_a_request_for_somebody_needs_the_check_first(sign_in, client, matter):
    address = f"/matters/{matter.number}/ask_erasure/"
    assert sign_in("li").post(address, {"scope": "contact"}).status_code == 403
    client.post("/matters/people/", {"phone": PHONE, "checked": "看了身份证原件"})
    assert client.post(address, {"scope": "contact"}).status_code == 302
    assert Erasure.objects.get().matter == matter


def test_a_request_is_decided_on_its_page(sign_in, client, matter):
    row = service.ask_erasure(matter, scope="contact", why="搬走了", by=Actor.resident())
    page = sign_in("jiang").get("/matters/erasures/").content.decode()
    assert row.number in page
    address = f"/matters/erasures/{row.number}/"
    assert "搬走了" in client.get(address).content.decode()
    assert client.post(address, {"decision": "refuse", "reason": "", "said": "不行"}).status_code == 422
    client.post(address, {"decision": "grant"})
    assert not Contact.objects.filter(matter=matter).exists()
    assert client.post(address, {"decision": "grant"}).status_code == 409


def test_who_may_only_ask_does_not_decide(sign_in, client, matter):
    row = service.ask_erasure(matter, scope="contact", why="", by=Actor.resident())
    assert "同意，现在就删" not in sign_in("li").get(f"/matters/erasures/{row.number}/").content.decode()
    assert client.post(f"/matters/erasures/{row.number}/", {"decision": "grant"}).status_code == 403
    assert sign_in("qian").get(f"/matters/erasures/{row.number}/").status_code == 404
    assert sign_in("wu").get("/matters/erasures/").status_code == 403


def test_a_reply_with_somebodys_number_is_asked_about_before_it_is_sent(sign_in, client, make):
    matter = make.handling()
    typed = {"outcome": make.outcome, "reply": "已联系户主王先生13712345678，灯头已换"}
    flagged = sign_in("wu").post(f"/matters/{matter.number}/answer/", typed)
    assert flagged.status_code == 422
    page = flagged.content.decode()
    assert "先看一眼再发" in page
    assert "13712345678，灯头已换" in page
    assert Matter.objects.get(pk=matter.pk).reply == ""
    assert client.post(f"/matters/{matter.number}/answer/", typed | {"sure": "1"}).status_code == 302
    assert Matter.objects.get(pk=matter.pk).reply


def test_an_offices_telephone_is_nobodys_own(sign_in, make):
    matter = make.handling()
    typed = {"outcome": make.outcome, "reply": "有问题请打0543-0000301"}
    assert sign_in("wu").post(f"/matters/{matter.number}/answer/", typed).status_code == 302
