"""我的个人信息: whoever holds the link sees, takes, corrects and may have deleted what is held; nobody else anything."""

from urllib.parse import quote

import pytest

from linli.mechanisms.access import Actor
from linli.work.matters import service
from linli.work.matters.models import Contact, Erasure
from tests.make import SENTENCE

pytestmark = pytest.mark.django_db
NAME, PHONE = "赵秀英", "13812345678"


@pytest.fixture
def matter(make):
    """Brought by 赵秀英, and 李调度 has looked who she is."""
    found = make.raised(visibility="named", name=NAME, phone=PHONE)
    service.reveal(found, purpose="打电话问清在哪个门口", by=make.cast.actor("li"))
    return found


def test_the_page_says_everything_and_who_looked(client, matter, link):
    page = client.get(link(matter, "mine/")).content.decode()
    for said in (
        NAME,
        PHONE,
        SENTENCE,
        "打电话问清在哪个门口",
        "柳林街道综治中心",
        "还在办，办结后开始算",
        "/rules/matters/retention/",
    ):
        assert said in page
    assert quote(link(matter, "mine/")) in client.get(link(matter)).content.decode()


@pytest.mark.parametrize("tail", ["mine/", "mine.json"])
def test_without_the_link_there_is_nothing(client, matter, link, tail):
    wrong = link(matter, tail).replace(link(matter).split("/")[3], "x" * 26)
    answer = client.get(wrong)
    assert answer.status_code == 404
    assert PHONE not in answer.content.decode()


def test_a_copy_holds_all_of_this_browser_and_no_other(client, make, matter, link):
    other = make.matter(visibility="pseudonym", phone="13700000001", text="楼道灯不亮好几天了")
    same_phone = make.matter(visibility="pseudonym", phone=PHONE, text="井盖翘起来了很危险")
    client.get(link(other, "mine/"))
    client.get(link(matter, "mine/"))
    answer = client.get(link(matter, "mine.json"))
    numbers = [each["number"] for each in answer.json()["matters"]]
    assert numbers == [matter.number, other.number]
    assert same_phone.number not in answer.content.decode()  # One telephone number alone opens nothing.
    assert "no-store" in answer["Cache-Control"]
    assert answer.json()["matters"][0]["looked_at_by"][0]["purpose"] == "打电话问清在哪个门口"


def test_a_forged_list_of_matters_opens_nothing(client, make, matter, link):
    other = make.matter(visibility="pseudonym", phone="13700000001")
    client.cookies["mine"] = "WyJcdTZlZTgyNi0wMDAxIl0:1abcde:forged"
    assert other.number not in client.get(link(matter, "mine/")).content.decode()


def test_a_borrowed_device_forgets(client, make, matter, link):
    other = make.matter(visibility="pseudonym", phone="13700000001")
    client.get(link(other, "mine/"))
    client.post(link(matter, "mine/forget/"))
    assert other.number not in client.get(link(matter, "mine/")).content.decode()


def test_a_correction_holds_and_a_wrong_one_comes_back(client, matter, link):
    wrong = client.post(link(matter, "mine/correct/"), {"name": "赵阿姨", "phone": "12", "email": ""})
    assert wrong.status_code == 422
    assert "赵阿姨" in wrong.content.decode()
    client.post(
        link(matter, "mine/correct/"), {"name": "赵阿姨", "phone": "139 8765 4321", "email": "zhao@example.com"}
    )
    row = Contact.objects.get(matter=matter)
    assert (row.name, row.phone, row.email) == ("赵阿姨", "13987654321", "zhao@example.com")
    assert "您更正了联系方式" in client.get(link(matter)).content.decode()


def test_a_request_to_delete_is_answered_on_the_same_page(client, matter, link, cast):
    assert client.post(link(matter, "mine/erase/"), {"scope": "everything"}).status_code == 422
    client.post(link(matter, "mine/erase/"), {"scope": "all", "why": "搬走了"})
    row = Erasure.objects.get(matter=matter)
    assert "最晚" in client.get(link(matter, "mine/")).content.decode()
    service.refuse(row, reason="open", said="灯还没修，修好以后请再申请。", by=cast.actor("jiang"))
    page = client.get(link(matter, "mine/")).content.decode()
    assert "灯还没修，修好以后请再申请。" in page
    assert "办结以后可以再申请" in page
    assert "向人民法院起诉" in page


def test_what_was_deleted_is_gone_from_the_page(client, matter, link, cast):
    row = service.ask_erasure(matter, scope="contact", why="", by=Actor.resident())
    service.grant(row, by=cast.actor("jiang"))
    page = client.get(link(matter, "mine/")).content.decode()
    assert PHONE not in page
    assert "按您的要求删除了个人信息" in client.get(link(matter)).content.decode()
