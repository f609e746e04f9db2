"""孙审计 begins the day: a number leads to its log, looks at identities and seals are in sight."""

import pytest

from linli.mechanisms.access.models import Person
from linli.mechanisms.journal import seals
from linli.mechanisms.journal.models import Seal
from linli.work.matters import service


@pytest.fixture
def looked(make, cast):
    """A matter whose reporter 李调度 has looked at."""
    matter = make.raised(visibility="named", name="赵秀英", phone="13812345678")
    service.reveal(matter, purpose="电话核实路灯位置", by=cast.actor("li"))
    return matter


def test_an_auditor_begins_here(sign_in, city):
    answer = sign_in("sun").get("/me/start/")
    assert answer["Location"] == "/audit/"


@pytest.mark.parametrize("typed", ["{}", "  {} ", "{bare}", "{dashless}"])
def test_a_number_leads_to_its_log(sign_in, looked, typed):
    number = looked.number
    q = typed.format(number, bare=number[1:], dashless=number.replace("-", ""))
    assert sign_in("sun").get("/audit/", {"q": q})["Location"].endswith("/log/")


@pytest.mark.parametrize(("q", "says"), [("滨26-0417-0032", "没有 滨26-0417-0032"), ("路灯", "编号"), ("\x00", "")])
def test_what_is_not_found_is_said_and_kept(sign_in, city, q, says):
    answer = sign_in("sun").get("/audit/", {"q": q})
    assert answer.status_code == (422 if says else 200)
    assert says in answer.content.decode()


def test_looks_at_identities_are_listed_with_their_purpose(sign_in, looked):
    page = sign_in("sun").get("/audit/").content.decode()
    assert "柳林街道综治中心 调度员 李调度" in page
    assert "电话核实路灯位置" in page
    assert looked.number in page
    assert "13812345678" not in page


def test_looks_elsewhere_are_not_listed(cast, looked):
    from linli.work.matters import telling

    assert [look.number for look in telling.looks(cast.actor("sun"))] == [looked.number]
    assert telling.looks(cast.actor("qian")) == []


def test_the_latest_seals_are_re_computed(sign_in, looked):
    seals.seal_now(everything=True)
    page = sign_in("sun").get("/audit/").content.decode()
    assert "第 1 张" in page
    assert "张张相符" in page


def test_a_seal_that_was_changed_is_named(looked):
    seal = seals.seal_now(everything=True)
    assert [each.fits for each in seals.latest(7)] == [True]
    seal.entries += 1
    assert seals.seal_hash(seal) != bytes(seal.hash)
    assert Seal.objects.count() == 1


@pytest.mark.parametrize("username", ["wang", "li", "zheng", "qian"])
def test_others_are_refused(sign_in, username):
    assert sign_in(username).get("/audit/").status_code == 403


def test_the_page_costs_the_same_however_much_there_is(sign_in, make, cast, django_assert_max_num_queries):
    for n in range(6):
        matter = make.raised(visibility="named", name="赵秀英", phone="13812345678", text=f"{n}号楼前路灯不亮")
        service.reveal(matter, purpose="电话核实路灯位置", by=cast.actor("li"))
    client = sign_in("sun")
    client.get("/audit/")
    with django_assert_max_num_queries(9):
        client.get("/audit/")


def test_who_reads_no_matters_sees_the_seals_alone(client, looked, cast):
    """The operator looks after the machine, not after what people said."""
    desk = cast.bodies["city_desk"]
    post = desk.posts.create(kind="operator", title="运维员", area=desk.area)
    person = Person.objects.create_user("yun", "x", name="云运维")
    post.appointments.create(person=person, from_on="2026-01-01")
    client.force_login(person)
    assert client.get("/me/start/")["Location"] == "/audit/"
    page = client.get("/audit/").content.decode()
    assert "最近的封条" in page
    assert "诉求编号" not in page
    assert "电话核实路灯位置" not in page
    assert "没有" in client.get("/audit/", {"q": looked.number}).content.decode()
