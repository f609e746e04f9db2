"""`domain.md` C.5, the parts that apply to a matter today, each as a test by its number."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction

from linli.kernel import clock
from linli.kernel.calendar import Limit, Unit
from linli.mechanisms import journal, rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Reveal
from linli.mechanisms.flow import NotNow, SameHands, clocks, timers
from linli.mechanisms.flow.models import Clock, Timer
from linli.mechanisms.journal.entries import entry_hash
from linli.mechanisms.journal.models import Entry
from linli.mechanisms.journal.verification import findings
from linli.work.matters import service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.words import follow_token
from tests.make import Make


def test_c5_1_nothing_is_answered_without_an_outcome_and_words(make, cast):
    matter = make.handling()
    with pytest.raises(MissingWordsError):
        service.answer(matter, outcome=make.outcome, reply=" ", by=cast.actor("wu"))
    with pytest.raises(LookupError):
        service.answer(matter, outcome="nonsense", reply="修好了", by=cast.actor("wu"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).update(state=State.CLOSED)


def test_c5_1_whoever_answered_may_not_verify(make, cast):
    matter = service.settle(make.matter(), reply="换好了", by=cast.actor("wang"))
    with pytest.raises(SameHands):
        service.verify(matter, by=cast.actor("wang"))
    assert service.verify(matter, by=cast.actor("zhou")).state == State.VERIFIED


def test_c5_2_every_raise_has_a_reason_and_what_was_tried(make, cast):
    matter = make.matter()
    with pytest.raises(LookupError):
        service.raise_up(matter, reason="because", tried="敲过门", by=cast.actor("wang"))
    with pytest.raises(MissingWordsError):
        service.raise_up(matter, reason=make.raise_reason, tried="", by=cast.actor("wang"))


def test_c5_2_every_bounce_has_a_reason(make, cast):
    """Whoever gives it back says why in a list's words and their own: the body that objects, the ruling, whoever sends it to be redone."""
    wu, jiang, huaihua = cast.actor("wu"), cast.actor("jiang"), cast.bodies["huaihua"]
    matter = make.assigned()
    with pytest.raises(LookupError):
        service.object_to(matter, reason="because", note="不是我们的", believed=huaihua, by=wu)
    with pytest.raises(MissingWordsError):
        service.object_to(matter, reason="not-our-duty", note=" ", believed=huaihua, by=wu)
    matter = service.object_to(matter, reason="not-our-duty", note="小区里的归社区", believed=huaihua, by=wu)
    with pytest.raises(MissingWordsError):
        service.rule(matter, upheld=True, to=huaihua, note="", by=jiang)
    answered = make.answered()
    with pytest.raises(LookupError):
        service.redo(answered, reason="because", note="还不亮", by=cast.actor("wang"))
    with pytest.raises(MissingWordsError):
        service.redo(answered, reason="not-done", note="", by=cast.actor("wang"))


def test_c5_2_off_the_list_the_list_is_the_reason(make, cast):
    matter = service.refuse_off_list(make.asked_for(), by=cast.actor("zhou"))
    assert journal.history(matter.subject)[-1].fact.rule


@pytest.mark.parametrize("state", ["objected", "extending", "carried"])
def test_c5_3_time_that_others_decide_never_counts_and_the_resident_still_sees_all_of_it(make, cast, client, state):
    """停着的时间 — the clock stands still, nothing becomes overdue by it, and what is left is what was left."""
    began = datetime(2026, 4, 7, 9, 0, tzinfo=clock.CITY)
    with clock.at(began):
        matter = getattr(make, state)()
        running = clocks.running(matter.subject, "handle")
        assert running.paused_at == began
        due = running.due_at
    with clock.at(began + timedelta(days=1)):
        timers.run_once()
        page = client.get(f"/m/{matter.number}/{follow_token(matter.number)}/").content.decode()
        assert "1天前反映" in page
        matter = {
            "objected": lambda m: service.rule(m, upheld=False, note="按清单", by=cast.actor("jiang")),
            "extending": lambda m: service.refuse_extension(m, why="来得及", by=cast.actor("feng")),
            "carried": lambda m: service.take_back(m, why="化冻了", by=cast.actor("feng")),
        }[state](matter)
    again = clocks.running(matter.subject, "handle")
    assert again.paused_at is None
    assert again.due_at == matter.due_at == rulebook.working_calendar().due(due, Limit(1, Unit.WORKING_DAYS)).at
    assert not any(each.move == "mark_overdue" for each in journal.history(matter.subject))


def test_c5_7_the_hash_of_each_step_includes_the_one_before(make):
    entries = list(Entry.objects.filter(subject=make.closed().subject).order_by("seq"))
    assert len(entries) > 3
    for before, each in pairwise(entries):
        assert bytes(each.previous) == bytes(before.hash)
        other = entry_hash(
            b"x" * 32, subject=each.subject, seq=each.seq, at=each.at, move=each.move, fact=each.fact, payload=each.payload,
            author=each.author,
        )  # fmt: skip
        assert other != bytes(each.hash)


def test_c5_6_every_look_at_an_identity_is_written_down_first(make, cast):
    matter = make.raised(visibility="named", name="赵秀英", phone="13812345678")
    service.reveal(matter, purpose="电话核实位置", by=cast.actor("li"))
    row = Reveal.objects.get(subject=matter.subject)
    assert (row.purpose, row.office) == ("电话核实位置", "柳林街道综治中心 调度员 李调度")
    assert journal.history(matter.subject)[-1].move == "reveal"


def test_c5_6_the_body_that_handles_a_report_never_sees_the_reporter(make, cast):
    matter = make.handling(visibility="named", name="赵秀英", phone="13812345678")
    Matter.objects.filter(pk=matter.pk).update(is_report=True)
    matter.refresh_from_db()
    with pytest.raises(Refused):
        service.reveal(matter, purpose="想知道是谁", by=cast.actor("wu"))
    assert not Reveal.objects.exists()


def test_c5_7_a_changed_step_is_found(make):
    matter = make.closed()
    assert list(findings(matter.subject)) == []
    with connection.cursor() as db:
        db.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_no_change")
    Entry.objects.filter(subject=matter.subject, seq=3).update(payload='{"number":"x"}')
    assert any("内容被改动" in str(each) for each in findings(matter.subject))


def test_the_resident_may_say_not_solved_after_we_said_done(make):
    matter = service.reopen(make.closed(), why="又不亮了", by=Actor.resident())
    assert matter.state == State.HANDLING
    assert matter.ended_at is None
    assert Clock.objects.get(subject=matter.subject, name="handle", stopped_at=None).due_at == matter.due_at


def test_an_answered_matter_has_no_reminder_left(make):
    matter = make.answered()
    assert not Timer.objects.filter(subject=matter.subject).exists()


def test_a_level_may_not_pass_on_what_is_above_it(make, cast):
    matter = make.raised()
    with pytest.raises((Refused, NotNow)):
        service.raise_up(matter, reason=make.raise_reason, tried="再试试", by=cast.actor("zhou"))


@pytest.mark.parametrize("who", ["wang", "zhou", "zheng", "sun", "qian", "feng"])
def test_only_the_body_that_has_it_accepts(make, cast, who):
    matter = make.assigned()
    actor = cast.actor(who)
    if who == "feng":  # The head of the same office may.
        assert service.accept(matter, by=actor).state == State.HANDLING
        return
    with pytest.raises(Refused):
        service.accept(matter, by=actor)


def test_another_office_with_the_same_power_is_refused(make, cast):
    matter = make.assigned()
    other = replace(cast.actor("wu"), body_id=cast.bodies["huaihua"].pk)
    with pytest.raises(Refused, match="柳林街道城管办"):
        service.accept(matter, by=other)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_at_once_one_wins_and_the_other_is_told_by_whom(committed_city):
    make = Make(committed_city)
    matter = make.raised()
    version = matter.version
    start = threading.Barrier(2)
    told: list[str] = []
    won: list[str] = []

    def go(who: str) -> None:
        actor = committed_city.actor(who)
        start.wait()
        try:
            service.assign(matter, to=committed_city.bodies["liulin_urban"], by=actor, expected=version)
            won.append(who)
        except NotNow as error:
            told.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(who,)) for who in ("li", "ma")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    winner = {"li": "李调度", "ma": "马调度"}[won[0]]
    assert len(won) == len(told) == 1
    assert winner in told[0]
    assert [entry.move for entry in journal.history(matter.subject)].count("assign") == 1
