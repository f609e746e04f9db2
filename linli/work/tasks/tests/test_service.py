"""A task from the meeting to the confirmed finish: state and journal."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from linli.kernel import clock
from linli.mechanisms import flow, journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import timers
from linli.mechanisms.flow.models import Timer
from linli.mechanisms.rulebook import RuleRef
from linli.work.tasks import queries, service
from linli.work.tasks.flow import State
from linli.work.tasks.models import Task
from linli.work.tasks.tests.conftest import MONDAY
from linli.work.tasks.words import WordsError


def moves(task):
    return [heard.move for heard in journal.history(task.subject)]


def last(task):
    return journal.history(task.subject)[-1].fact


# --- Giving -------------------------------------------------------------------------------------------------------
def test_a_meeting_sets_a_task_with_owner_helpers_day_and_rule(give, cast):
    zheng = cast.actor("zheng")
    meeting = service.record_meeting(
        group="grid", held_on=date(2026, 5, 29), title="第二次例会", minutes="https://example.org/2", by=zheng
    )
    task = give(meeting=meeting, co_owners=[cast.bodies["liulin_desk"]])
    assert (task.state, task.number, task.meeting, task.lead) == (
        State.OPEN, "任26-0001", meeting, cast.bodies["county_desk"],
    )  # fmt: skip
    given = last(task)
    assert (given.owner, given.co_owners) == (cast.bodies["liulin_urban"].pk, (cast.bodies["liulin_desk"].pk,))
    assert RuleRef.parse(given.rule)[1] == "grid"
    assert "店铺" not in str(given.payload())
    assert [heard.fact.name for heard in journal.history(meeting.subject)] == ["tasks.MeetingRecorded"]


def test_numbers_run_through_the_year_and_begin_again(give):
    assert [give().number, give().number] == ["任26-0001", "任26-0002"]
    with clock.at(MONDAY.replace(year=2027)):
        assert give(due_on=date(2027, 7, 1)).number == "任27-0001"


@pytest.mark.parametrize("body", ["huaihua", "liuan", "xinghua"])
def test_a_village_is_given_no_task_neither_as_owner_nor_as_helper(give, cast, body):
    with pytest.raises(Refused, match="不布置给村"):
        give(owner=cast.bodies[body])
    with pytest.raises(Refused, match="不布置给村"):
        give(co_owners=[cast.bodies[body]])
    assert not Task.objects.exists()


def test_nobody_gives_a_task_outside_their_area(give, cast):
    liulin = replace(cast.actor("zheng"), area_path=cast.actor("li").area_path, area_level=3)
    with pytest.raises(Refused, match="管辖范围"):
        give(owner=cast.bodies["xinghua_desk"], by=liulin)


def test_an_empty_task_or_one_for_yesterday_is_not_given(give):
    with pytest.raises(WordsError, match="做什么"):
        give(content=" \u200b")
    with pytest.raises(WordsError, match="已经过去"):
        give(due_on=date(2026, 5, 31))


def test_a_meeting_is_recorded_once_and_after_it_was_held(cast):
    zheng = cast.actor("zheng")
    service.record_meeting(group="grid", held_on=date(2026, 6, 1), title="例会", by=zheng)
    with pytest.raises(WordsError, match="已经记过"):
        service.record_meeting(group="grid", held_on=date(2026, 6, 1), title="例会", by=zheng)
    with pytest.raises(WordsError, match="还没有开"):
        service.record_meeting(group="grid", held_on=date(2026, 6, 2), title="例会", by=zheng)
    with pytest.raises(WordsError, match="http"):
        service.record_meeting(
            group="grid", held_on=date(2026, 6, 1), title="会", minutes="javascript:alert(1)", by=zheng
        )


# --- The owner's work ---------------------------------------------------------------------------------------------
def test_taken_up_reported_finished_and_confirmed_by_somebody_else(give, cast):
    wu, li = cast.actor("wu"), cast.actor("li")
    task = service.take_up(give(co_owners=[cast.bodies["liulin_desk"]]), by=wu)
    task = service.report(task, note="清了一半", by=li)
    assert (task.state, task.status_note) == (State.DOING, "清了一半")
    task = service.finish(task, evidence_url="https://example.org/照片", by=wu)
    assert task.state == State.FINISHED
    assert last(task).in_time
    task = service.confirm(task, by=cast.actor("zheng"))
    assert task.state == State.DONE
    assert task.ended_at == MONDAY
    assert moves(task) == ["give", "take_up", "report", "finish", "confirm"]
    assert [line.said for line in queries.story(task)][2] == "清了一半"


def test_a_finish_needs_evidence(doing, cast):
    with pytest.raises(WordsError, match="佐证"):
        service.finish(doing, by=cast.actor("wu"))
    with pytest.raises(WordsError, match="http"):
        service.finish(doing, evidence_url="ftp://example.org/x", by=cast.actor("wu"))
    assert Task.objects.get().state == State.DOING


def test_who_reported_the_finish_does_not_confirm_it_whatever_else_they_may(finished, cast):
    both = replace(cast.actor("zheng"), person_id=cast.people["wu"].pk)
    for decide in (
        lambda: service.confirm(finished, by=both),
        lambda: service.send_back(finished, reason="缺照片", by=both),
    ):
        with pytest.raises(flow.SameHands):
            decide()
    assert "confirm" not in queries.open_moves(finished, both)


def test_what_is_sent_back_is_in_hand_again_and_time_runs(finished, cast):
    assert not Timer.objects.filter(subject=finished.subject).exists()
    task = service.send_back(finished, reason="南段没有清", by=cast.actor("zheng"))
    assert (task.state, task.finished_at) == (State.DOING, None)
    assert set(Timer.objects.filter(subject=task.subject).values_list("kind", flat=True)) == {
        "tasks.remind", "tasks.overdue",
    }  # fmt: skip


def test_a_finish_is_not_confirmed_before_it_is_reported(doing, cast):
    with pytest.raises(flow.NotNow, match="办理中"):
        service.confirm(doing, by=cast.actor("zheng"))


def test_a_task_is_called_off_with_a_reason(doing, cast):
    with pytest.raises(WordsError, match="为什么取消"):
        service.cancel(doing, reason="", by=cast.actor("zheng"))
    task = service.cancel(doing, reason="并到另一项里", by=cast.actor("zheng"))
    assert task.state == State.CANCELLED
    assert not Timer.objects.filter(subject=task.subject).exists()
    with pytest.raises(flow.NotNow):
        service.report(task, note="还在办", by=cast.actor("wu"))


def test_a_form_filled_over_an_older_version_is_refused(doing, cast):
    service.report(doing, note="动了", by=cast.actor("feng"))
    with pytest.raises(flow.Stale, match="冯主任"):
        service.finish(doing, evidence="好了", by=cast.actor("wu"), expected=doing.version)


# --- Another day --------------------------------------------------------------------------------------------------
def test_the_day_moves_only_when_the_lead_has_granted_it(doing, cast):
    asked = service.ask_delay(doing, until=date(2026, 6, 30), reason="下雨", by=cast.actor("wu"))
    assert (asked.state, asked.due_on) == (State.DOING, date(2026, 6, 15))
    task = service.grant_delay(asked, by=cast.actor("zheng"))
    assert (task.state, task.due_on, task.delay_wanted_on) == (State.DELAYED, date(2026, 6, 30), None)
    assert Timer.objects.get(subject=task.subject, kind="tasks.overdue").due_at.date() == date(2026, 6, 30)
    assert service.finish(task, evidence="清完", by=cast.actor("wu")).state == State.FINISHED


def test_a_refused_delay_leaves_the_day_and_says_why(doing, cast):
    asked = service.ask_delay(doing, until=date(2026, 6, 30), reason="下雨", by=cast.actor("wu"))
    task = service.refuse_delay(asked, reason="汛期前必须清完", by=cast.actor("zheng"))
    assert (task.state, task.due_on, task.delay_wanted_on) == (State.DOING, date(2026, 6, 15), None)
    with pytest.raises(flow.NotNow, match="没有待批"):
        service.grant_delay(task, by=cast.actor("zheng"))


def test_who_asked_for_the_delay_does_not_grant_it(doing, cast):
    asked = service.ask_delay(doing, until=date(2026, 6, 30), reason="下雨", by=cast.actor("wu"))
    both = replace(cast.actor("zheng"), person_id=cast.people["wu"].pk)
    with pytest.raises(flow.SameHands):
        service.grant_delay(asked, by=both)


@pytest.mark.parametrize("until", [date(2026, 6, 15), date(2026, 6, 10)])
def test_a_delay_goes_forward_only(doing, cast, until):
    with pytest.raises(WordsError, match="晚"):
        service.ask_delay(doing, until=until, reason="下雨", by=cast.actor("wu"))


# --- Time ---------------------------------------------------------------------------------------------------------
def test_reminded_once_before_the_day_and_marked_once_after_it(doing):
    with clock.at(MONDAY + timedelta(days=11)):
        assert timers.run_once() == 0
    with clock.at(MONDAY + timedelta(days=12)):
        assert timers.run_once() == 1
        assert timers.run_once() == 0
    assert moves(doing)[-1] == "remind"
    with clock.at(MONDAY + timedelta(days=14)):
        assert timers.run_once() == 0
        assert not Task.objects.get().is_overdue
    with clock.at(MONDAY + timedelta(days=15)):
        assert timers.run_once() == 1
        assert timers.run_once() == 0
        assert Task.objects.get().overdue
    assert moves(doing) == ["give", "take_up", "remind", "mark_overdue"]
    assert not Timer.objects.filter(subject=doing.subject).exists()


def test_what_is_finished_in_time_is_neither_reminded_of_nor_marked(finished):
    with clock.at(MONDAY + timedelta(days=40)):
        assert timers.run_once() == 0
    assert not Task.objects.get().overdue


def test_a_granted_delay_takes_the_mark_away_and_can_be_missed_again(doing, cast):
    with clock.at(MONDAY + timedelta(days=16)):
        while timers.run_once():
            pass
        asked = service.ask_delay(doing, until=date(2026, 6, 30), reason="下雨", by=cast.actor("wu"))
        assert asked.overdue
        assert not service.grant_delay(asked, by=cast.actor("zheng")).overdue
    with clock.at(MONDAY + timedelta(days=31)):
        while timers.run_once():
            pass
    assert moves(doing).count("mark_overdue") == 2


def test_sent_back_after_the_day_it_is_marked_at_once(finished, cast):
    with clock.at(MONDAY + timedelta(days=20)):
        service.send_back(finished, reason="不全", by=cast.actor("zheng"))
        assert timers.run_once() == 1
    assert Task.objects.get().overdue


# --- Who may ------------------------------------------------------------------------------------------------------
OUTSIDERS = {
    "qian, next door": lambda cast: cast.actor("qian"),
    "a stranger": lambda _: Actor.stranger(),
    "a resident": lambda _: Actor.resident(),
    "a grid worker": lambda cast: cast.actor("wang"),
    "a village secretary": lambda cast: cast.actor("zhou"),
    "another body, every power": lambda cast: replace(cast.actor("qian"), powers=cast.actor("zheng").powers | cast.actor("wu").powers),
}  # fmt: skip


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_see_nothing_and_may_do_nothing(give, cast, who):
    by = OUTSIDERS[who](cast)
    task = give()
    assert not queries.visible_to(by).exists()
    owned = service.take_up(give(), by=cast.actor("wu"))
    asked = service.ask_delay(owned, until=date(2026, 6, 30), reason="下雨", by=cast.actor("wu"))
    done = service.finish(service.take_up(give(), by=cast.actor("wu")), evidence="好", by=cast.actor("wu"))
    pressed = service.press(give(), reason="慢", by=cast.actor("zheng"))
    before = list(Task.objects.order_by("id").values())
    for attempt in (
        lambda: give(by=by),
        lambda: service.take_up(task, by=by),
        lambda: service.report(owned, note="x", by=by),
        lambda: service.ask_delay(owned, until=date(2026, 7, 1), reason="x", by=by),
        lambda: service.grant_delay(asked, by=by),
        lambda: service.refuse_delay(asked, reason="x", by=by),
        lambda: service.finish(owned, evidence="x", by=by),
        lambda: service.confirm(done, by=by),
        lambda: service.send_back(done, reason="x", by=by),
        lambda: service.cancel(task, reason="x", by=by),
        lambda: service.press(task, reason="x", by=by),
        lambda: service.withdraw_card(pressed, reason="x", by=by),
    ):
        with pytest.raises(Refused):
            attempt()
    assert list(Task.objects.order_by("id").values()) == before
    assert queries.open_moves(task, by) == {}


def test_the_owner_may_not_decide_and_the_lead_may_not_do_the_owners_work(give, cast):
    every = cast.actor("zheng").powers | cast.actor("wu").powers
    wu, zheng = replace(cast.actor("wu"), powers=every), replace(cast.actor("zheng"), powers=every)
    task = give()
    with pytest.raises(Refused, match="主办"):
        service.take_up(task, by=zheng)
    with pytest.raises(Refused, match="主办或协办"):
        service.report(service.take_up(task, by=wu), note="x", by=zheng)
    with pytest.raises(Refused, match="牵头"):
        service.cancel(task, reason="不想办", by=wu)


def test_a_body_sees_what_it_owns_helps_with_or_leads_and_no_more(give, cast):
    give()
    assert queries.visible_to(cast.actor("wu")).count() == 1
    desk = replace(cast.actor("li"), scope="body")
    assert queries.visible_to(desk).count() == 0
    give(co_owners=[cast.bodies["liulin_desk"]])
    assert queries.visible_to(desk).count() == 1
    assert queries.visible_to(cast.actor("li")).count() == 2
    assert queries.visible_to(cast.actor("sun")).count() == 2
