"""What happens here reaches the hotline: in order, however often it fails, repeats or is late, and the days are compared."""

from datetime import date, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.gateways.hotline import commands, reconciling, sending, service
from linli.gateways.hotline.models import Comparison, Message, Ticket
from linli.gateways.hotline.tests.conftest import ticket
from linli.kernel import clock
from linli.mechanisms.journal import outward
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import queries
from linli.work.matters import service as matters

DAY = date(2026, 11, 20)


@pytest.fixture
def answered(heard, cast):
    """A ticket that 王网格员 settled; its number here."""
    number = heard(lon=118.005, lat=37.405)
    wang = cast.actor("wang")
    matters.settle(queries.get(wang, number), reply="灯头换好了，请看看", by=wang)
    deliver()
    return number


def send_all():
    for each in Ticket.objects.all():
        sending.send(each.pk)


def test_an_answer_is_queued_with_the_fact_and_flows_back(their, answered):
    jobs = ProcrastinateJob.objects.filter(task_name="hotline.send")
    assert jobs.count() == 1
    send_all()
    (said,) = their.got
    assert (said["ticket_no"], said["our_no"], said["status"]) == ("T2026112300001", answered, "40")
    assert said["words"] == "灯头换好了，请看看"
    assert "13812345678" not in str(said)
    assert "赵秀英" not in str(said)
    assert not sending.waiting().exists()
    assert their.unsigned == 0


def test_a_matter_of_our_own_is_nothing_to_the_hotline(their, make):
    make.closed()
    deliver()
    assert not Message.objects.exists()


def test_what_fails_is_tried_again_and_told_once_and_in_order(their, answered, cast):
    matters.reopen(queries.get(cast.actor("li"), answered), why="还是不亮", by=service.CALLER)
    deliver()
    their.moods = [500]
    with pytest.raises(sending.NotTakenError):
        send_all()
    assert their.got == []
    their.moods = [504]  # It took it, and its answer was lost.
    with pytest.raises(sending.NotTakenError):
        send_all()
    send_all()
    marks = [each["id"] for each in their.got]
    assert len(marks) == 3
    assert marks[0] == marks[1], "sent twice under one mark"
    assert [each["status"] for each in their.known.values()] == ["40", "60"], "answered, then done again"


def test_a_kill_after_it_was_taken_sends_the_same_mark_again(their, answered, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Message, "save", lambda *_args, **_kwargs: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            send_all()
    assert sending.waiting().count() == 1
    send_all()
    assert len(their.got) == 2
    assert len(their.known) == 1


def test_nobody_there_is_tried_again_and_a_refusal_is_shown(their, answered, settings, sign_in):
    address, settings.HOTLINE_URL = settings.HOTLINE_URL, "http://127.0.0.1:9"
    with pytest.raises(outward.UnreachedError):
        send_all()
    settings.HOTLINE_URL = address
    their.moods = [422]
    send_all()
    assert Message.objects.get().refused.startswith("422")
    client = sign_in("jiang")
    assert "422" in client.get("/hotline/").content.decode()
    assert client.post(f"/hotline/{answered}/send_again/").status_code == 302
    send_all()
    assert len(their.got) == 1


def test_without_an_interface_a_file_is_fetched_once(answered, sign_in, settings, tmp_path, capsys):
    settings.HOTLINE_URL = ""
    content = b"".join(sign_in("jiang").post("/hotline/give/"))
    assert "灯头换好了" in content.decode()
    assert not sending.waiting().exists()
    service.send_again(Ticket.objects.get())
    arguments = commands.argparse.Namespace(verb="give", into=tmp_path)
    assert commands.run(arguments) == 0
    (written,) = tmp_path.iterdir()
    assert f"entry-{Message.objects.get().mark.removeprefix('entry-')}" in written.read_text(encoding="utf-8-sig")
    assert commands.run(arguments) == 0
    assert "没有要回传的" in capsys.readouterr().out


# --- Comparing -------------------------------------------------------------------------------------------------------
def test_both_sides_are_laid_beside_each_other(their, heard, cast, sign_in):
    ours, both = heard("H1"), heard("H2")
    wang = cast.actor("li")
    del ours, wang
    their.listed = [
        {"ticket_no": "H2", "status": "40"},
        ticket("H3"),
        {"ticket_no": "H4", "content": ""},
    ]  # fmt: skip
    found = reconciling.compare(DAY)
    assert found.taken_in == ["H3"], "what they list whole is taken in"
    assert [each["number"] for each in found.missing_here] == ["H4"]
    assert found.missing_there == ["H1"]
    assert found.behind == [], "nothing was told of H2 yet"
    service.send_again(Ticket.objects.get(number=both))
    assert reconciling.compare(DAY).behind == ["H2"], "they have another state than we told"
    page = sign_in("jiang").get("/hotline/").content.decode()
    assert "H4" in page
    assert "H1" in page


def test_a_day_that_is_even_says_so_and_can_be_compared_by_a_tap(their, heard, sign_in):
    heard("H1")
    their.listed = [{"ticket_no": "H1"}]
    client = sign_in("jiang")
    assert client.post("/hotline/compare/", {"day": "2026-11-20"}).status_code == 302
    assert Comparison.objects.get().is_even
    assert client.post("/hotline/compare/", {"day": "x"}).status_code == 422
    assert client.post("/hotline/compare/", {"day": "2999-01-01"}).status_code == 422


def test_a_side_that_does_not_answer_is_written_down_and_asked_again(their, heard):
    heard("H1")
    their.moods = [503]
    found = reconciling.compare(DAY)
    assert "503" in found.problem
    with clock.at(datetime(2026, 11, 21, 2, tzinfo=clock.CITY)):
        assert DAY in reconciling.due(), "a day that could not be compared is still due"
        their.listed = [{"ticket_no": "H1"}]
        for day in reconciling.due():
            reconciling.compare(day)
        assert reconciling.due() == [], "once a day"
    with clock.at(datetime(2026, 11, 22, 0, 30, tzinfo=clock.CITY)):
        assert reconciling.due() == [], "not before one in the morning"


def test_their_side_can_compare_for_itself(call, heard):
    number = heard("H1")
    answer = call("ours", path="/hotline/v1/ours?day=2026-11-20")
    assert answer.json() == {"day": "2026-11-20", "tickets": [{"ticket_no": "H1", "our_no": number, "status": "10"}]}
    assert call("ours", path="/hotline/v1/ours?day=gestern").status_code == 400


def test_the_command_compares_with_a_file(heard, tmp_path, capsys):
    heard("H1")
    listed = tmp_path / "theirs.csv"
    listed.write_text("工单编号,诉求内容\nH1,x\nH9,\n", encoding="utf-8")
    arguments = commands.argparse.Namespace(verb="compare", day=DAY, file=listed)
    assert commands.run(arguments) == 1
    said = capsys.readouterr().out
    assert "我方缺 1 张：H9" in said
    assert Comparison.objects.get().at <= clock.now() + timedelta(seconds=1)


def test_a_merged_ticket_is_answered_with_the_matter_it_goes_along_with(their, heard, make, cast, call):
    number = heard("H1")
    main = make.handling()
    li = cast.actor("li")
    matters.merge([queries.get(li, number)], into=queries.get(li, main.number), by=li)
    matters.answer(queries.get(li, main.number), outcome=make.outcome, reply="灯头都换了，请看看", by=cast.actor("wu"))
    deliver()
    send_all()
    told = [(each["status_name"], each.get("words")) for each in their.got]
    assert told == [("已并案", None), ("已答复", "灯头都换了，请看看")]
    assert {each["our_no"] for each in their.got} == {number}
    said = {"orders": [{"id": "o9", "ticket_no": "H1", "act": "redo", "words": "还是不亮"}]}
    (row,) = call("orders", said).json()["rows"]
    assert row["result"] == "done"
    assert queries.get(li, main.number).is_in_hand, "their no reopens what they share"
