"""`domain.md` C.5, the parts that apply to a matter today, each as a test by its number."""

import threading
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Reveal
from linli.mechanisms.flow import NotNow, SameHands
from linli.mechanisms.flow.models import Clock, Timer
from linli.mechanisms.journal.models import Entry
from linli.mechanisms.journal.verification import findings
from linli.work.matters import service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.service.handling import MissingWordsError
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
