"""The rulebook as anybody reads it, and the one page that writes."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access.models import Appointment, Person, Post
from linli.mechanisms.journal import Author
from linli.mechanisms.rulebook import queries
from linli.mechanisms.rulebook.rules import CalendarYear
from tests import place
from tests.cast import Cast

pytestmark = pytest.mark.django_db

# The text of the notice for 2026, moved to 2027 for the test: nobody has published 2027 yet.
NOTICE = """\
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月14日（周日）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，共1天。
六、中秋节：9月15日（周三）放假1天，共1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。10月9日（周六）上班。
"""


@pytest.fixture
def keeper(cast: Cast, client: Client) -> Client:
    """Signed in as the official who keeps the rules."""
    from linli.mechanisms.territory.models import Area

    person = Person.objects.create_user("gui", "x", name="桂规则")
    county = Area.objects.get(code=place.COUNTY)
    post = Post.objects.create(kind="rule_keeper", body=cast.bodies["county_desk"], area=county, title="规则管理员")
    Appointment.objects.create(person=person, post=post, from_on=date(2026, 1, 1))
    client.force_login(person)
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_stranger_reads_every_list(city: None, client: Client) -> None:
    index = text(client, "/rules/")
    assert "办理时限" in index
    for each in queries.overview():
        body = text(client, each.ref.url())
        assert each.title in body
        assert text(client, f"/rules/{each.ref.key}/")


def test_a_line_without_a_name_is_called_by_what_it_is_for(city: None, client: Client) -> None:
    body = text(client, "/rules/matters/limits/v1/")
    titles = {part.partition("<")[0] for part in body.split("data-label") if part} | set(
        body.replace("</a>", "\n").splitlines()
    )
    assert any(line.endswith("停水、水压低") for line in titles)
    assert any(line.endswith("其余的都按这一条") for line in titles)


def test_every_item_has_an_anchor_and_says_it_is_assumed(city: None, client: Client) -> None:
    body = text(client, "/rules/matters/limits/v1/")
    assert '<tr id="no-water">' in body
    assert "整张清单为暂定" in body
    assert "24 小时" in body
    assert 'href="/rules/matters/categories/v1/#no-water"' in body


def test_a_rule_is_found_by_a_word(city: None, client: Client) -> None:
    assert "/rules/matters/categories/v1/#streetlight" in text(client, "/rules/?q=黑灯瞎火")
    assert "没有写到" in text(client, "/rules/?q=飞碟")


@pytest.mark.parametrize("query", ["%00", "%F0%9F", "a" * 5000, "<script>alert(1)</script>", "' OR 1=1 --"])
def test_any_query_is_answered(city: None, client: Client, query: str) -> None:
    assert "<script>alert" not in text(client, f"/rules/?q={query}")


@pytest.mark.parametrize(
    "address",
    [
        "/rules/matters/nothing/",
        "/rules/matters/limits/v99/",
        "/rules/matters/limits/v0/",
        "/rules/x/y/v99999999999999/",
    ],
)
def test_what_is_not_there_is_not_there(city: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_old_version_says_so_and_leads_to_the_one_that_holds(city: None, client: Client) -> None:
    content = {"title": "撤回的理由", "items": [{"code": "gone", "number": "1", "name": "问题没有了"}]}
    by = Author("staff", 1, "规则管理员", "区治理中心", "桂规则")
    rulebook.enact("lists/withdraw_reasons", content, in_force=date(2026, 3, 1), basis="测试文件第一条", by=by)
    with clock.at(datetime(2026, 11, 23, 9, tzinfo=clock.CITY)):
        old = text(client, "/rules/lists/withdraw_reasons/v1/")
        assert "这是以前的第 1 版" in old
        assert 'href="/rules/lists/withdraw_reasons/v2/"' in old
        history = text(client, "/rules/lists/withdraw_reasons/")
        assert "比上一版改了" in history
        assert "桂规则" in history


def test_the_keeper_reads_the_notice_before_enacting_it(keeper: Client) -> None:
    given = {"year": "2027", "text": NOTICE, "basis": "国务院办公厅关于2027年部分节假日安排的通知"}
    preview = keeper.post("/rules/calendar/enter/", given)
    assert preview.status_code == 200
    assert "一共放假 27 天，周末上班 4 天" in preview.content.decode()
    assert not rulebook.working_calendar().is_published(2027)

    answer = keeper.post("/rules/calendar/enter/", {**given, "enact": "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/rules/calendar/2027/v1/")
    calendar = rulebook.working_calendar()
    assert calendar.is_published(2027)
    assert calendar.is_working_day(date(2027, 2, 14))
    assert not calendar.is_working_day(date(2027, 2, 8))
    edition = rulebook.current(CalendarYear, date(2027, 1, 1), key="calendar/2027")
    assert edition.list.item("spring-festival").make_up == (date(2027, 2, 14), date(2027, 2, 20))
    assert "桂规则" in text(keeper, "/rules/calendar/2027/")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1月1日（周五）", "1月1日（周四）", "日历上是周五"),
        ("共7天。2月", "共8天。2月", "通知写共 8 天，读出来是 7 天"),
        ("五、端午节", "五、重阳节", "没有读到：端午"),
        ("2月5日（周五）", "2月30日", "不是一个真实的日期"),
    ],
)
def test_a_notice_that_does_not_add_up_is_refused(keeper: Client, old: str, new: str, said: str) -> None:
    given = {"year": "2027", "text": NOTICE.replace(old, new), "basis": "国务院办公厅通知", "enact": "1"}
    answer = keeper.post("/rules/calendar/enter/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not rulebook.working_calendar().is_published(2027)


@pytest.mark.parametrize("field", ["year", "text", "basis"])
@pytest.mark.parametrize("value", ["", "x" * 6000, "9999", "\u202e", "<b>"])
def test_any_field_may_be_wrong(keeper: Client, field: str, value: str) -> None:
    given = {"year": "2027", "text": NOTICE, "basis": "国务院办公厅通知", field: value, "enact": "1"}
    assert keeper.post("/rules/calendar/enter/", given).status_code in {302, 422}


def test_others_may_not_enter_a_year(sign_in: Any, client: Client) -> None:
    assert client.get("/rules/calendar/enter/").status_code == 302
    assert sign_in("li").get("/rules/calendar/enter/").status_code == 403
    assert sign_in("li").post("/rules/calendar/enter/", {"year": "2027"}).status_code == 403
