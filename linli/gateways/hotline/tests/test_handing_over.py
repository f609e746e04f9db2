"""Our own matters go to the hotline: by two persons, once, with its number and its word brought back, and nothing falls between."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.facts.matters import MatterHandedOver, MatterHandOverTold, MatterSecondLookAsked
from linli.gateways.hotline import commands, handing_over, reconciling, sending
from linli.gateways.hotline.models import Comparison, HandOver, Progress
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, clocks
from linli.mechanisms.journal import outward
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import letters, queries, service
from linli.work.matters.models import Matter

pytestmark = pytest.mark.django_db
PHONE, NAME = "13812345678", "赵秀英"


@pytest.fixture
def proposed(make, cast):
    """李调度 says that it is the hotline's."""

    def propose(**rest):
        matter = make.raised(**({"visibility": "named", "name": NAME, "phone": PHONE} | rest))
        return service.propose_exclusion(
            matter, reason="hotline", said="高速公路归省里管，已请12345热线转办。", by=cast.actor("li")
        )

    return propose


@pytest.fixture
def given(proposed, cast):
    """And 马调度 confirms it: it is handed over."""

    def give(**rest):
        matter = service.exclude(proposed(**rest), by=cast.actor("ma"))
        deliver()
        return matter

    return give


def send_all():
    """As the worker would."""
    return [handing_over.send(pk) for pk in HandOver.objects.order_by("id").values_list("pk", flat=True)]


def progress(call, matter, status, words="", mark="p1", **rest):
    """What the hotline says, as its answer for the row."""
    said = {"id": mark, "our_no": matter.number, "status": status, "words": words} | rest
    (row,) = call("progress", {"progress": [said]}).json()["rows"]
    return row


def test_two_persons_hand_it_over_and_its_number_comes_back(their, proposed, cast):
    matter = proposed()
    deliver()
    assert not HandOver.objects.exists(), "one person hands nothing over"
    with pytest.raises(Refused):
        service.exclude(matter, by=cast.actor("li"))
    with pytest.raises(Refused):
        service.exclude(matter, by=cast.actor("wu"))
    matter = service.exclude(matter, by=cast.actor("ma"))
    deliver()
    assert ProcrastinateJob.objects.filter(task_name="hotline.hand_over").count() == 1
    assert send_all() == [True]
    (said,) = their.over.values()
    assert (said["our_no"], said["content"], said["phone"]) == (matter.number, matter.text, PHONE)
    assert "移交12345热线" in said["reason"]
    assert "高速公路归省里管" in said["words"]
    assert NAME not in json.dumps(said, ensure_ascii=False)
    matter.refresh_from_db()
    assert (matter.state, matter.foreign_number) == ("excluded", "B2026-0001")
    assert journal.history(matter.subject)[-1].fact == MatterHandedOver(
        matter.number, f"{matter.number}-拒1", "B2026-0001", contact=True
    )
    assert "'b2'" in matter.search, "it is found by its number there"
    assert send_all() == [False], "once"
    assert their.unsigned == 0


def test_its_clock_stands_and_stops_with_it(given):
    matter = given()
    assert clocks.running(matter.subject, "handle") is None


def test_a_report_goes_without_its_reporter_and_so_does_what_left_no_telephone(their, given):
    matter = given()
    Matter.objects.filter(pk=matter.pk).update(is_report=True)
    given(visibility="anonymous", name="", phone="")
    send_all()
    assert all("phone" not in said for said in their.over.values())
    assert not HandOver.objects.filter(contact=True).exists()


def test_what_came_from_the_hotline_is_handed_back_and_not_over(heard, cast):
    li = cast.actor("li")
    matter = queries.get(li, heard())
    service.raise_up(matter, reason="no-power", tried="不归社区", by=cast.actor("wang")) if matter.level == 5 else None
    matter = Matter.objects.get(pk=matter.pk)
    Matter.objects.filter(pk=matter.pk).update(state="triage", level=3, handler=cast.bodies["liulin_desk"])
    with pytest.raises(NotNow, match="退回"):
        service.propose_exclusion(Matter.objects.get(pk=matter.pk), reason="hotline", said="请热线另派给省里。", by=li)


@pytest.mark.parametrize("mood", [500, 504])
def test_a_failure_or_a_lost_answer_is_one_ticket_there_and_one_number_here(their, given, mood):
    matter = given()
    their.moods = [mood]
    with pytest.raises(sending.NotTakenError):
        send_all()
    assert send_all() == [True]
    assert len(their.over) == 1
    assert Matter.objects.get(pk=matter.pk).foreign_number == "B2026-0001"
    told = [each for each in journal.history(matter.subject) if isinstance(each.fact, MatterHandedOver)]
    assert len(told) == 1


def test_a_worker_killed_between_their_answer_and_our_row_hands_it_over_once(their, given, monkeypatch):
    matter = given()
    with monkeypatch.context() as patch:
        patch.setattr(HandOver, "save", lambda *_args, **_kwargs: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            send_all()
    assert not Matter.objects.get(pk=matter.pk).foreign_number, "nothing of it stands"
    assert send_all() == [True]
    assert list(their.over) == [HandOver.objects.get().mark]
    told = [each for each in journal.history(matter.subject) if isinstance(each.fact, MatterHandedOver)]
    assert len(told) == 1


def test_the_reader_run_again_hands_over_nothing_twice(given):
    matter = given()
    row = HandOver.objects.get()
    assert handing_over.ask(matter.number, exclusion=row.exclusion, rule=row.reason, at=row.at) is None
    assert HandOver.objects.count() == 1


def test_what_they_say_is_told_to_the_resident_once(their, given, call, client):
    matter = given(email="zhao@liulin.example")
    send_all()
    assert progress(call, matter, "30", "已派省公路局")["result"] == "done"
    assert progress(call, matter, "30", "已派省公路局")["result"] == "again"
    fact = journal.history(matter.subject)[-1]
    assert fact.fact == MatterHandOverTold(matter.number, "B2026-0001", "handling", "办理中", fact.fact.words)
    letter = letters.letter_for(fact)
    assert letter is not None
    assert "已派省公路局" in letter.body
    assert "B2026-0001" in letter.body
    from linli.work.matters.words import follow_token

    page = client.get(f"/m/{quote(matter.number)}/{follow_token(matter.number)}/").content.decode()
    assert "热线工单号B2026-0001" in page
    assert "12345热线：办理中" in page
    assert "已派省公路局" in page


def test_what_cannot_be_heard_says_what_to_mend(their, given, call):
    matter, other = given(), given()
    send_all()
    assert "our_no" in progress(call, matter, "30", our_no="没有这一件")["remedy"]
    assert "对照表" in progress(call, matter, "不知道")["remedy"]
    assert "核对" in progress(call, matter, "30", ticket_no="B2026-0002")["remedy"]
    assert progress(call, matter, "30")["result"] == "done"
    assert "另一件" in progress(call, other, "30")["remedy"]
    assert call("progress", {"progress": []}).status_code == 400
    assert call("progress", {"progress": [{}]}, secret="别人的").status_code == 401
    assert Progress.objects.count() == 1


@pytest.mark.parametrize("status", ["hand_back", "excluded"])
def test_what_they_will_not_take_is_looked_at_by_a_level_above(their, given, call, cast, status):
    matter = given()
    send_all()
    assert progress(call, matter, status, "这段路归你们区管")["result"] == "done"
    matter.refresh_from_db()
    assert matter.state == "second_look"
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterSecondLookAsked)
    assert (fact.asked_by, fact.handler) == ("hotline", cast.bodies["county_desk"].pk)
    before = matter.due_at
    with clock.at(clock.now() + timedelta(hours=3)):
        matter = service.look_again(matter, stands=False, why="查了里程，确实归我们", by=cast.actor("jiang"))
        deliver()
        assert matter.state == "triage"
        assert matter.due_at > before, "the clock goes on as if it had only paused"
        send_all()
    assert [each["our_no"] for each in their.recalled] == [matter.number]
    assert progress(call, matter, "70", "已撤", mark="p2")["result"] == "done"
    assert Matter.objects.get(pk=matter.pk).state == "triage", "ours now, whatever they say"


def test_taken_back_before_it_was_sent_it_never_is(their, given, cast):
    matter = given()
    matter = service.ask_second_look(matter, why="就是你们的路", by=Actor.resident())
    service.look_again(matter, stands=False, why="确实归我们", by=cast.actor("jiang"))
    deliver()
    assert send_all() == [False]
    assert their.over == {}
    assert their.recalled == []


def test_a_refusal_is_shown_and_handed_over_again_by_a_tap(their, given, sign_in, client):
    matter = given()
    their.moods = [422]
    send_all()
    assert HandOver.objects.get().refused.startswith("422")
    page = sign_in("jiang").get("/hotline/").content.decode()
    assert "热线拒收" in page
    address = f"/hotline/{matter.number}/over_again/"
    assert sign_in("qian").post(address).status_code in {403, 404}
    assert sign_in("wu").post(address).status_code == 403
    assert sign_in("jiang").post(address).status_code == 302
    assert send_all() == [True]
    assert client.post(address).status_code == 409


def test_nobody_there_is_tried_again(their, given, settings):
    given()
    settings.HOTLINE_URL = "http://127.0.0.1:9"
    with pytest.raises(outward.UnreachedError):
        send_all()
    assert handing_over.waiting().count() == 1


# --- By file ----------------------------------------------------------------------------------------------------------
def test_by_file_and_back(given, sign_in, settings, tmp_path, capsys):
    settings.HOTLINE_URL = ""
    matter = given()
    assert sign_in("wu").post("/hotline/give_over/").status_code == 403
    content = b"".join(sign_in("jiang").post("/hotline/give_over/")).decode("utf-8-sig")
    assert matter.number in content
    assert PHONE in content
    assert not handing_over.waiting().exists()
    fetched = journal.history(f"hotline:{matter.number}")[-1]
    assert (type(fetched.fact).__name__, fetched.fact.contact, fetched.author.name) == (
        "HandOverFetched",
        True,
        "江调度",
    )
    back = tmp_path / "进展.csv"
    back.write_text(f"诉求编号,工单编号,状态,说明\n{matter.number},G-77,办理中,已派省公路局\n", encoding="utf-8")
    hear = commands.argparse.Namespace(verb="hear", file=back)
    assert commands.run(hear) == 0
    assert commands.run(hear) == 0
    assert "听到 0 条，以前听过 1 条" in capsys.readouterr().out
    matter.refresh_from_db()
    assert matter.foreign_number == "G-77"
    with back.open("rb") as upload:
        assert sign_in("jiang").post("/hotline/hear/", {"file": upload}).status_code == 302
    assert Progress.objects.count() == 1
    back.write_text("诉求编号,状态\nx,y\n", encoding="utf-8")
    with back.open("rb") as upload:
        assert sign_in("jiang").post("/hotline/hear/", {"file": upload}).status_code == 422


def test_the_command_writes_what_waits_once(given, tmp_path, capsys):
    matter = given()
    arguments = commands.argparse.Namespace(verb="hand-over", into=tmp_path)
    assert commands.run(arguments) == 0
    (written,) = tmp_path.iterdir()
    assert matter.number in written.read_text(encoding="utf-8-sig")
    assert commands.run(arguments) == 0
    assert "没有要移交的" in capsys.readouterr().out


# --- Compared -----------------------------------------------------------------------------------------------------------
def test_each_day_is_compared_what_they_lack_goes_again_and_what_they_said_is_heard(their, given):
    lost, known = given(), given()
    send_all()
    day = HandOver.objects.first().day
    their.handovers = [{"our_no": known.number, "ticket_no": "B2026-0002", "status": "50", "words": "已修好"}]
    with clock.at(clock.now() + timedelta(days=1)):
        assert day in reconciling.due(today=day + timedelta(days=1))
        found = reconciling.compare(day)
        assert (found.over_missing, found.over_heard) == ([lost.number], [known.number])
        assert not found.is_even
        assert send_all() == [True, False]
        assert len(their.over) == 2, "under its own mark: no third ticket"
        their.handovers.append({"our_no": lost.number, "ticket_no": "B2026-0001"})
        again = reconciling.compare(day)
        assert (again.over_missing, again.over_heard) == ([], [])
    assert HandOver.objects.get(number=known.number).status == "closed"
    assert journal.history(known.subject)[-1].fact.status_name == "已办结"


def test_a_list_that_cannot_be_had_is_written_down(their, given):
    given()
    send_all()
    their.moods = [503]
    found = reconciling.compare(HandOver.objects.get().day)
    assert "503" in found.problem
    assert Comparison.objects.get() == found
