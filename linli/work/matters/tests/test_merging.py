"""并案 — nobody who reported is lost, nothing counts against anybody meanwhile, and what comes out is as it was."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from linli.facts.matters import MatterMerged, MatterReopened, MatterTookIn, MatterUnmerged
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, Stale, clocks, timers
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import queries, queues, service, together
from linli.work.matters.flow import State
from linli.work.matters.letters import letter_for
from linli.work.matters.models import Carry, Matter, Merge
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.service.residents import AlreadySupportedError

Standing = apps.get_model("indicators", "Standing")
Notice = apps.get_model("notices", "Notice")
"""Tables of other apps: looked at here, never imported."""


@pytest.fixture
def li(cast: Any) -> Actor:
    return cast.actor("li")  # type: ignore[no-any-return]


def three(make: Any) -> list[Matter]:
    """The same lamp, said by three; the first is being worked on."""
    return [make.handling(), make.raised(text="北门的路灯三天不亮了"), make.assigned(text="路灯不亮，老人看不见路")]


def merged(make: Any, li: Actor) -> tuple[Matter, Matter, Matter]:
    main, *others = three(make)
    service.merge(others, into=main, by=li)
    first, second = (Matter.objects.get(pk=each.pk) for each in others)
    return Matter.objects.get(pk=main.pk), first, second


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def test_the_main_one_goes_on_and_the_others_stand_still(make: Any, li: Actor):
    main, first, second = merged(make, li)
    assert main.state == State.HANDLING
    assert (first.state, second.state) == (State.MERGED, State.MERGED)
    for each in (first, second):
        assert clocks.running(each.subject, "handle").paused_at is not None  # type: ignore[union-attr]
        assert timers.armed(each.subject) == {}
        assert isinstance(journal.history(each.subject)[-1].fact, MatterMerged)
    assert timers.armed(main.subject)
    took = journal.history(main.subject)[-1].fact
    assert isinstance(took, MatterTookIn)
    assert (took.merged, took.reporters) == ((first.number, second.number), 3)


def test_a_merged_matter_is_no_second_matter_in_the_lists_but_is_found(make: Any, li: Actor):
    main, first, second = merged(make, li)
    deliver()
    page = queues.page_of(li, queues.Filters(view="open"))
    assert [each.number for each in page.matters] == [main.number]
    assert page.counts["open"].n == 1
    found = queues.page_of(li, queues.Filters(view="all", words=first.number)).matters
    assert first.number in [each.number for each in found]
    assert Standing.objects.filter(stage="in_hand").count() == 1
    assert Standing.objects.get(number=second.number).stage == "merged"
    service.unmerge(first, why="不是同一盏灯", by=li)
    deliver()
    assert Standing.objects.filter(stage="in_hand").count() == 2


def test_undone_it_is_as_it_was_and_the_time_between_counts_against_nobody(make: Any, li: Actor):
    main, *others = three(make)
    before = {each.pk: (each.state, each.handler_id, each.level) for each in others}
    dues = {each.pk: each.due_at for each in others}
    armed = {each.pk: timers.armed(each.subject) for each in others}
    began = clock.now()
    service.merge(others, into=main, by=li)
    with clock.at(began + timedelta(days=60)):
        for each in others:
            out = service.unmerge(each, why="不是同一盏灯", by=li)
            assert (out.state, out.handler_id, out.level) == before[each.pk]
            assert out.due_at > dues[each.pk]
            assert out.due_at > clock.now()
            assert not out.overdue
            assert timers.armed(each.subject).keys() == armed[each.pk].keys()
            assert all(at > clock.now() for at in timers.armed(each.subject).values())
            fact = journal.history(each.subject)[-1].fact
            assert isinstance(fact, MatterUnmerged)
            assert fact.answer_by == out.due_at
        assert timers.run_once() <= 2  # The main one's own, long overdue; nothing of the others.
    assert not Merge.objects.filter(ended_at=None).exists()


def test_undone_the_body_has_the_time_to_object_that_it_had(make: Any, li: Actor, cast: Any):
    main, other = make.handling(), make.assigned()
    began = clock.now()
    service.merge([other], into=main, by=li)
    with clock.at(began + timedelta(days=3)):
        out = service.unmerge(other, why="不是同一件", by=li)
        assert queries.may_object(out)
        assert "object" in {move.name for move in queries.open_moves(out, cast.actor("wu"))}


def test_a_carried_matter_comes_out_carried_with_its_day_moved(make: Any, li: Actor):
    main, other = make.handling(), make.carried()
    day = Carry.objects.get(matter=other).review_on
    began = clock.now()
    service.merge([other], into=main, by=li)
    with clock.at(began + timedelta(days=30)):
        out = service.unmerge(other, why="不是同一件", by=li)
        assert out.state == State.CARRIED
        assert Carry.objects.get(matter=other).review_on == day + timedelta(days=30)
        assert clocks.running(out.subject, "handle").paused_at is not None  # type: ignore[union-attr]
        assert timers.armed(out.subject).keys() == {"matters.review"}


def test_a_main_one_that_is_merged_brings_its_own_along(make: Any, li: Actor):
    top, main, leaf = make.handling(), make.handling(), make.raised()
    service.merge([leaf], into=main, by=li)
    service.merge([main], into=top, by=li)
    assert {held.matter_id for held in together.merged_into(top)} == {main.pk, leaf.pk}
    assert together.merged_into(main) == []
    assert together.reporters(top) == 3
    out = service.unmerge(fresh(leaf), why="不是同一件", by=li)
    assert out.state == State.TRIAGE


def test_never_a_ring_nor_twice(make: Any, li: Actor):
    one, two, three_ = make.handling(), make.handling(), make.handling()
    service.merge([two], into=one, by=li)
    with pytest.raises(NotNow):
        service.merge([one], into=two, by=li)
    with pytest.raises(NotNow):
        service.merge([two], into=three_, by=li)
    with pytest.raises(MissingWordsError):
        service.merge([one], into=one, by=li)


def test_all_or_none(make: Any, li: Actor):
    main, good, answered = make.handling(), make.handling(), make.answered()
    with pytest.raises(NotNow):
        service.merge([good, answered], into=main, by=li)
    assert fresh(good).state == State.HANDLING
    assert fresh(main).version == main.version


@pytest.mark.parametrize("state", ["objected", "extending", "answered", "closed"])
def test_what_is_being_decided_or_was_answered_is_not_merged(make: Any, li: Actor, state: str):
    with pytest.raises(NotNow):
        service.merge([getattr(make, state)()], into=make.handling(), by=li)


def test_seen_too_long_ago_is_told(make: Any, li: Actor):
    main, other = make.handling(), make.raised()
    old = other.version
    service.add(other, said="今晚更黑了", by=Actor.resident())
    with pytest.raises(Stale):
        service.merge([other], into=main, by=li, expected={other.number: old})


def test_whoever_has_no_part_in_it_may_not(make: Any, cast: Any, li: Actor):
    main, other = make.handling(), make.raised()
    for who in ("wu", "wang", "sun", "zheng", "qian"):
        with pytest.raises(Refused):
            service.merge([other], into=main, by=cast.actor(who))
    service.merge([other], into=main, by=li)
    for who in ("wu", "qian", "sun"):
        with pytest.raises(Refused):
            service.unmerge(other, why="不是同一件", by=cast.actor(who))


def test_a_matter_of_another_town_is_not_merged(make: Any, cast: Any, li: Actor):
    here = make.handling()
    with pytest.raises(Refused):
        service.merge([here], into=make.handling(), by=cast.actor("qian"))


def test_a_report_on_somebody_goes_only_with_its_like(make: Any, li: Actor):
    main, report = make.handling(), make.raised()
    Matter.objects.filter(pk=report.pk).update(is_report=True)
    with pytest.raises(NotNow, match="保密"):
        service.merge([report], into=main, by=li)


def test_every_reporter_gets_each_letter_of_the_main_one(make: Any, li: Actor, cast: Any, mailoutbox: list[Any]):
    main = make.handling(email="a@liulin.example", visibility="pseudonym", phone="13800000001")
    others = [make.raised(email=f"{name}@liulin.example", visibility="pseudonym", phone="13800000002") for name in "bc"]
    service.merge(others, into=main, by=li)
    answered = service.answer(main, outcome=make.outcome, reply="灯头已换。", by=cast.actor("wu"))
    heard = journal.history(answered.subject)[-1]
    letters = [letter_for(heard), *(letter_for(heard, along=each.number) for each in others)]
    assert [each.to for each in letters if each] == ["a@liulin.example", "b@liulin.example", "c@liulin.example"]
    assert len({each.message_id for each in letters if each}) == 3
    for letter, matter in zip(letters, (main, *others), strict=True):
        assert letter is not None
        assert f"/m/{matter.number}/" in letter.body
        assert "灯头已换" in letter.body


def test_letters_are_queued_once_for_each_who_goes_along_then(make: Any, li: Actor, cast: Any, monkeypatch: Any):
    queued: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "linli.mechanisms.journal.outward.enqueue",
        lambda _name, **sent: queued.append((sent["subject"], sent.get("along", ""))),
    )
    main = make.handling()
    other = make.raised(email="b@liulin.example", visibility="pseudonym", phone="13800000002")
    deliver()
    queued.clear()
    service.merge([other], into=main, by=li)
    service.answer(main, outcome=make.outcome, reply="灯头已换。", by=cast.actor("wu"))
    deliver()
    assert queued == [(other.subject, ""), (main.subject, other.number)]


def test_each_reporter_is_asked_and_any_no_reopens_the_main_one(make: Any, li: Actor, cast: Any):
    main, first, second = merged(make, li)
    main = service.answer(main, outcome=make.outcome, reply="灯头已换。", by=cast.actor("wu"))
    service.rate(first, satisfaction=5, by=Actor.resident())
    assert fresh(main).state == State.ANSWERED
    service.rate(main, satisfaction=4, by=Actor.resident())
    assert fresh(main).state == State.CLOSED
    service.reopen(second, why="北门那盏还不亮", by=Actor.resident())
    main = fresh(main)
    assert (main.state, main.reopened, main.solved) == (State.HANDLING, 1, False)
    fact = journal.history(main.subject)[-1].fact
    assert isinstance(fact, MatterReopened)
    assert fact.merged == second.number
    held = together.merge_of(first)
    assert held is not None
    main = service.answer(main, outcome=make.outcome, reply="两盏都换了。", by=cast.actor("wu"))
    assert not together.rated(together.merge_of(first))  # type: ignore[arg-type]


def test_nobody_is_asked_before_there_is_an_answer(make: Any, li: Actor):
    _main, first, _second = merged(make, li)
    with pytest.raises(NotNow):
        service.rate(first, satisfaction=5, by=Actor.resident())
    with pytest.raises(NotNow):
        service.reopen(first, why="还不亮", by=Actor.resident())


def test_whoever_has_the_main_one_hears_what_a_merged_ones_reporter_adds(make: Any, li: Actor, cast: Any):
    main, first, _second = merged(make, li)
    deliver()
    Notice.objects.all().delete()
    service.add(first, said="北门那盏也不亮", by=Actor.resident())
    deliver()
    assert Notice.objects.filter(person=cast.people["wu"], subject=main.subject).exists()
    (along, _) = together.along_with(fresh(main), cast.actor("wu"))
    assert [each.text for each in along.said] == ["北门那盏也不亮"]


def test_taking_back_the_main_one_loses_nobody(make: Any, li: Actor):
    main, first, second = merged(make, li)
    service.withdraw(main, why="不用了", by=Actor.resident())
    assert [fresh(each).state for each in (main, first, second)] == [State.WITHDRAWN, State.TRIAGE, State.ASSIGNED]
    assert clocks.running(first.subject, "handle").paused_at is None  # type: ignore[union-attr]


def test_taking_back_a_merged_one_leaves_the_others_together(make: Any, li: Actor):
    main, first, second = merged(make, li)
    service.withdraw(first, why="不用了", by=Actor.resident())
    assert [held.matter_id for held in together.merged_into(main)] == [second.pk]
    assert fresh(first).state == State.WITHDRAWN


def test_after_the_main_one_ended_it_does_not_come_out(make: Any, li: Actor, cast: Any):
    main, first, _second = merged(make, li)
    service.answer(main, outcome=make.outcome, reply="灯头已换。", by=cast.actor("wu"))
    service.rate(main, satisfaction=5, by=Actor.resident())
    with pytest.raises(NotNow, match="没解决"):
        service.unmerge(first, why="不是同一件", by=li)


def test_neighbours_are_counted_once_across_all_that_go_together(make: Any, li: Actor):
    main, other = make.handling(), make.handling()
    for device in ("a", "b"):
        service.support(main, device=device, by=Actor.stranger())
    for device in ("b", "c"):
        service.support(other, device=device, by=Actor.stranger())
    service.merge([other], into=main, by=li)
    assert fresh(main).supporters == 3
    with pytest.raises(AlreadySupportedError):
        service.support(main, device="c", by=Actor.stranger())
    service.support(fresh(other), device="d", by=Actor.stranger())
    assert fresh(main).supporters == 4
    service.unmerge(other, why="不是同一件", by=li)
    assert fresh(main).supporters == 3


def test_what_is_near_and_says_the_same_is_offered_and_what_is_not_is_not(make: Any, li: Actor, cast: Any):
    main = make.raised(text="小区门口的路灯坏了三天，晚上看不见路")
    same = make.raised(text="小区门口路灯坏了，看不见路")
    make.raised(text="楼上半夜总是拖椅子，老人睡不好")
    offered = [each.matter.number for each in together.alike(main, li)]
    assert offered == [same.number]
    assert together.alike(main, cast.actor("qian")) == []


def test_what_others_go_along_with_is_not_excluded_over_their_heads(make: Any, li: Actor):
    main, other = make.raised(), make.raised()
    service.merge([other], into=main, by=li)
    with pytest.raises(NotNow, match="撤回并案"):
        service.propose_exclusion(main, reason="litigation", said="这件事已经在法院，请听法院的", by=li)


def test_the_hours_to_call_the_resident_stand_still_too(make: Any, li: Actor):
    main, other = make.handling(), make.assigned(visibility="pseudonym", phone="13800000003")
    call_by = other.contact_by
    began = clock.now()
    service.merge([other], into=main, by=li)
    with clock.at(began + timedelta(days=3)):
        out = service.unmerge(other, why="不是同一件", by=li)
        assert out.contact_by is not None
        assert call_by is not None
        assert out.contact_by - call_by >= timedelta(days=2, hours=23)
        assert "matters.uncontacted" in timers.armed(out.subject)
