"""Tickets in: each becomes one matter, whatever is repeated, replayed or broken on the way."""

import io

import pytest

from linli.engines import sheets
from linli.gateways.hotline import reading, service, signing
from linli.gateways.hotline.models import HandBack, Nonce, Order, Ticket
from linli.gateways.hotline.tests.conftest import SENTENCE, ticket
from linli.kernel import clock
from linli.mechanisms import journal
from linli.work.matters import queries, queues
from linli.work.matters.models import Contact, Matter


def rows_of(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["rows"]


def test_a_ticket_becomes_a_matter_with_its_number_shown_and_found(call, cast, sign_in):
    (row,) = rows_of(call("tickets", {"tickets": [ticket()]}))
    matter = Matter.objects.get(number=row["our_no"])
    assert (matter.foreign_number, matter.channel, matter.is_public) == ("T2026112300001", "hotline", False)
    assert matter.text == SENTENCE
    assert matter.category == "streetlight"
    assert Contact.objects.get(matter=matter).phone == "13812345678"
    li = cast.actor("li")
    found = queues.page_of(li, queues.Filters(view="all", words="T2026112300001")).matters
    assert [each.number for each in found] == [matter.number]
    page = sign_in("li").get(f"/matters/{matter.number}/").content.decode()
    assert "T2026112300001" in page
    told = [each.fact for each in journal.history("hotline:T2026112300001")]
    assert [each.number for each in told] == [matter.number]


def test_sent_again_it_is_the_same_matter_and_changed_it_is_refused(call):
    (first,) = rows_of(call("tickets", {"tickets": [ticket()]}))
    (again,) = rows_of(call("tickets", {"tickets": [ticket()]}))
    (other,) = rows_of(call("tickets", {"tickets": [ticket(content="另一件事，水管漏了")]}))
    assert (again["result"], again["our_no"]) == ("again", first["our_no"])
    assert other["result"] == "wrong"
    assert first["our_no"] in other["remedy"]
    assert Matter.objects.count() == Ticket.objects.count() == 1


def test_a_kill_between_matter_and_ticket_leaves_neither(call, monkeypatch):
    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ticket.objects, "create", killed)
        with pytest.raises(KeyboardInterrupt):
            service.take(reading.from_json([ticket()]), way="http")
    assert not Matter.objects.exists()
    (row,) = rows_of(call("tickets", {"tickets": [ticket()]}))
    assert row["result"] == "accepted"
    assert Matter.objects.count() == 1


def test_one_bad_row_keeps_no_other_from_being_taken(call):
    rows = rows_of(
        call(
            "tickets",
            {
                "tickets": [
                    ticket("A1"), ticket("A2", content=""), ticket("A3", phone="一二三"), ticket("A4", address="", content="很吵"),
                    ticket("A5", call_time="昨天"), "x", ticket("A7", longitude=1), ticket("A8", content="好" * 2001),
                ]
            },
        )
    )  # fmt: skip
    assert [each["result"] for each in rows] == [
        "accepted",
        "wrong",
        "wrong",
        "wrong",
        "wrong",
        "wrong",
        "accepted",
        "wrong",
    ]
    assert [each["line"] for each in rows] == list(range(1, 9))
    assert all(each["remedy"] for each in rows if each["result"] == "wrong")
    assert Matter.objects.count() == 2


def test_what_is_not_signed_or_heard_before_is_refused(call):
    said = {"tickets": [ticket()]}
    assert call("tickets", said, secret="别的密钥").status_code == 401
    assert call("tickets", said, change=lambda headers: headers | {signing.TIME: "1"}).status_code == 401
    assert call("tickets", said, change=lambda _headers: {}).status_code == 401
    kept = {}

    def keep(headers):
        kept.update(headers)
        return headers

    assert call("tickets", said, change=keep).status_code == 200
    assert call("tickets", said, change=lambda _headers: kept).status_code == 409, "a replay"
    assert Matter.objects.count() == 1


def test_a_request_signed_ten_minutes_ago_comes_too_late(call):
    with clock.at(clock.now().replace(year=2025)):
        old = signing.headers("两边都知道的密钥", method="POST", path="/hotline/v1/tickets", body=b'{"tickets": []}')
    assert call("tickets", {"tickets": []}, change=lambda _headers: old).status_code == 401
    assert not Nonce.objects.exists()


@pytest.mark.parametrize("said", [{}, {"tickets": []}, {"tickets": {}}, [], {"tickets": [1] * 501}])
def test_a_request_without_a_list_is_refused_whole(call, said):
    assert call("tickets", said).status_code == 400


# --- Files -----------------------------------------------------------------------------------------------------------
HEADINGS = ("工单编号", "受理时间", "诉求内容", "诉求地址", "联系电话", "不认识的列")
LINES = [
    ("B1", "2026-11-20 10:00", "槐花社区的路灯坏了", "槐花社区", "13812345678", "x"),
    ("B2", "2026-11-20 10:05", "", "槐花社区", "", "y"),
    ("B3", "2026-11-20 10:06", "=HYPERLINK(\"http://x\")", "柳岸社区", "", ""),
]  # fmt: skip


def as_xlsx():
    with sheets.write([sheets.Sheet("工单", HEADINGS, LINES)], at=clock.now()) as made:
        return made.read()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", lambda: b"".join(sheets.as_csv(HEADINGS, LINES))),
        ("a.csv", lambda: "\n".join(",".join(line).replace('"', "") for line in (HEADINGS, *LINES)).encode("gb18030")),
        ("a.xlsx", as_xlsx),
    ],
    ids=["csv", "gb18030", "xlsx"],
)
def test_a_file_is_taken_row_by_row(city, name, content):
    table = reading.from_file(name, content())
    done = service.take(table.rows, way="file")
    assert [(each.line, each.foreign, each.result) for each in done] == [
        (2, "B1", "accepted"),
        (3, "B2", "wrong"),
        (4, "B3", "accepted"),
    ]
    assert Matter.objects.get(foreign_number="B3").text.startswith("=HYPERLINK"), "stored as it was said"


def test_the_rows_that_were_not_taken_can_be_mended_and_sent_again(sign_in, city):
    client = sign_in("jiang")
    upload = io.BytesIO(b"".join(sheets.as_csv(HEADINGS, LINES)))
    upload.name = "工单.csv"
    page = client.post("/hotline/take/", {"file": upload})
    assert page.status_code == 200
    text = page.content.decode()
    assert "有 1 行收不了" in text
    assert Matter.objects.count() == 2
    mended = "行号,怎么改," + ",".join(HEADINGS) + "\n3,补内容,B2,2026-11-20 10:05,柳岸社区的井盖翘了,柳岸社区,,y\n"
    upload = io.BytesIO(mended.encode())
    upload.name = "再送.csv"
    assert client.post("/hotline/take/", {"file": upload}).status_code == 302
    assert Matter.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("a.csv", b"", "空的"), ("a.csv", "诉求内容\n路灯".encode(), "工单编号"), ("a.xlsx", b"PK\x03\x04nonsense", "XLSX"), ("a.csv", b"\xff\xfe\x00\x01\x80", "编码|没有这几列")],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_in_words(city, name, content, says):
    with pytest.raises(reading.WrongError, match=says):
        reading.from_file(name, content)


def test_nobody_but_who_exchanges_may_open_the_page(sign_in, city):
    for who in ("li", "wang", "wu", "sun", "qian"):
        assert sign_in(who).get("/hotline/").status_code == 403, who
        assert sign_in(who).post("/hotline/give/").status_code == 403, who
    assert sign_in("jiang").get("/hotline/").status_code == 200


# --- Orders and handing back ---------------------------------------------------------------------------------------
def order(act, mark="o-1", words="回访说还是不亮", number="T2026112300001"):
    return {"orders": [{"id": mark, "ticket_no": number, "act": act, "words": words}]}


def answered(number, cast):
    from linli.work.matters import service as matters

    matter = queries.get(cast.actor("wang"), number)
    return matters.settle(matter, reply="灯头换好了", by=cast.actor("wang"))


def test_a_redo_reopens_what_was_answered_once(call, heard, cast):
    number = heard(lon=118.005, lat=37.405)
    answered(number, cast)
    assert [each["result"] for each in rows_of(call("orders", order("redo")))] == ["done"]
    assert [each["result"] for each in rows_of(call("orders", order("redo")))] == ["again"]
    matter = Matter.objects.get(number=number)
    assert (matter.reopened, matter.is_in_hand) == (1, True)
    assert Order.objects.count() == 1


def test_a_redo_of_what_is_in_hand_is_told_to_whoever_has_it(call, heard):
    number = heard()
    (row,) = rows_of(call("orders", order("urge", words="请快一点")))
    assert row["result"] == "done"
    assert [each.move for each in journal.history(f"matter:{number}")][-1] == "add"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (order("redo", number="没有"), "没有收过工单"), (order("fly"), "act"), (order("redo", mark=""), "id"), (order("urge", words=""), "words"),
        (order("keep"), "没有在等答复的"), ({"orders": ["x"]}, "id"),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_done_says_why(call, heard, said, says):
    heard()
    (row,) = rows_of(call("orders", said))
    assert row["result"] == "wrong"
    assert says in row["remedy"]


def test_a_ticket_goes_back_only_when_the_hotline_agrees(call, heard, cast, sign_in):
    number = heard()
    client = sign_in("jiang")
    form = {"reason": "not-our-area", "words": "在杏花镇，请转杏花镇"}
    assert client.post(f"/hotline/{number}/hand_back/", form | {"words": ""}).status_code == 422
    assert client.post(f"/hotline/{number}/hand_back/", form | {"reason": "x"}).status_code == 422
    assert client.post(f"/hotline/{number}/hand_back/", form).status_code == 302
    assert client.post(f"/hotline/{number}/hand_back/", form).status_code == 409, "asked already"
    assert Matter.objects.get(number=number).is_in_hand, "until they agree it is handled"
    assert rows_of(call("orders", order("keep", mark="k", words="仍由你们办")))[0]["result"] == "done"
    assert HandBack.objects.get().agreed is False
    assert client.post(f"/hotline/{number}/hand_back/", form).status_code == 302
    assert rows_of(call("orders", order("take_back", mark="t")))[0]["result"] == "done"
    assert Matter.objects.get(number=number).state == "withdrawn"
    facts = [type(each.fact).__name__ for each in journal.history("hotline:T2026112300001")]
    assert facts == ["TicketReceived", "HandBackAsked", "HandBackAnswered", "HandBackAsked", "HandBackAnswered"]


def test_only_a_ticket_of_the_hotline_can_go_back_and_only_by_who_sees_it(sign_in, make, heard):
    number = heard()
    form = {"reason": "not-our-duty", "words": "不归我们管"}
    assert sign_in("li").post(f"/hotline/{number}/hand_back/", form).status_code == 403
    own = make.matter()
    assert sign_in("jiang").post(f"/hotline/{own.number}/hand_back/", form).status_code == 403
    assert sign_in("jiang").post("/hotline/没有/hand_back/", form).status_code == 404
