"""拆分 — each part has its body and its clock; the resident has one matter, one day and one answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from linli.facts.matters import MatterAnswered, MatterParted, MatterVerified
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Body, Reveal
from linli.mechanisms.flow import NotNow, SameHands, clocks, timers
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import queries, queues, service, together
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.service import Wanted
from linli.work.matters.service.handling import MissingWordsError

Standing = apps.get_model("indicators", "Standing")
Notice = apps.get_model("notices", "Notice")
"""Tables of other apps: looked at here, never imported."""


@pytest.fixture
def li(cast: Any) -> Actor:
    return cast.actor("li")  # type: ignore[no-any-return]


@pytest.fixture
def police(cast: Any) -> Body:
    """派出所, beside 城管办 in 柳林街道."""
    area = cast.bodies["liulin_urban"].area
    return Body.objects.create(
        name="柳林街道派出所", short_name="派出所", kind="government", functions=["public-security"], area=area, level=3
    )


@pytest.fixture
def whole(make: Any, cast: Any, li: Actor, police: Body) -> Matter:
    """A lamp for 城管办, a quarrel beneath it for 派出所."""
    matter = make.raised(visibility="named", name="赵秀英", phone="13812345678", public=True)
    into = [Wanted("换灯头", cast.bodies["liulin_urban"]), Wanted("劝住半夜吵架的", police, "noise-living")]
    return service.split(matter, into=into, by=li)


def parts(whole: Matter) -> list[Matter]:
    return together.parts_of(whole)


def as_if_of(make: Any, part: Matter) -> Actor:
    """Somebody who handles for whatever body has the part."""
    return replace(make.cast.actor("wu"), body_id=part.handler_id)


def finish(make: Any, part: Matter, reply: str, outcome: str = "") -> None:
    by = as_if_of(make, part)
    service.accept(part, by=by)
    service.answer(part, outcome=outcome or make.outcome, reply=reply, by=by)
    service.verify(part, by=make.cast.actor("wang"))


def test_each_part_has_its_number_its_body_and_its_clock(whole: Matter, cast: Any, police: Body):
    one, two = parts(whole)
    assert whole.state == State.SPLIT
    assert (one.number, two.number) == (f"{whole.number}-1", f"{whole.number}-2")
    assert [each.handler_id for each in (one, two)] == [cast.bodies["liulin_urban"].pk, police.pk]
    assert all(each.state == State.ASSIGNED for each in (one, two))
    for each in (one, two):
        running = clocks.running(each.subject, "handle")
        assert running is not None
        assert running.due_at == each.due_at
        assert timers.armed(each.subject)
        assert isinstance(journal.history(each.subject)[0].fact, MatterParted)
    assert clocks.running(whole.subject, "handle") is None
    assert timers.armed(whole.subject) == {}


def test_a_parts_clock_counts_from_when_the_resident_spoke(make: Any, cast: Any, li: Actor, police: Body):
    matter = make.raised()
    asked = matter.due_at
    with clock.at(clock.now() + timedelta(days=2)):
        whole = service.split(
            matter, into=[Wanted("换灯头", cast.bodies["liulin_urban"]), Wanted("劝架", police)], by=li
        )
    assert [each.due_at for each in parts(whole)] == [asked, asked]
    assert whole.due_at == asked


def test_the_whole_is_due_with_the_latest_of_its_parts(whole: Matter, make: Any, cast: Any):
    assert whole.due_at == max(each.due_at for each in parts(whole))
    late = max(parts(whole), key=lambda each: each.due_at)
    service.accept(late, by=as_if_of(make, late))
    service.ask_extension(late, days=2, why="等配件", by=as_if_of(make, late))
    late = service.extend(late, by=replace(cast.actor("feng"), body_id=late.handler_id))
    deliver()
    whole.refresh_from_db()
    assert whole.due_at == late.due_at


def test_it_is_answered_once_when_every_part_was_answered_and_verified(whole: Matter, make: Any):
    one, two = parts(whole)
    finish(make, one, "灯头已换。")
    deliver()
    whole.refresh_from_db()
    assert whole.state == State.SPLIT
    finish(make, two, "已经劝住。", outcome="partly")
    deliver()
    deliver()
    whole.refresh_from_db()
    assert whole.state == State.VERIFIED
    assert "灯头已换。" in whole.reply
    assert "已经劝住。" in whole.reply
    assert "派出所" in whole.reply
    assert whole.outcome == "partly"
    facts = [entry.fact for entry in journal.history(whole.subject)]
    assert sum(isinstance(each, MatterAnswered) for each in facts) == 1
    assert sum(isinstance(each, MatterVerified) for each in facts) == 1
    assert timers.armed(whole.subject).keys() == {"matters.lapse"}
    closed = service.rate(whole, satisfaction=5, by=Actor.resident())
    assert closed.state == State.CLOSED
    assert {each.state for each in parts(whole)} == {State.CLOSED}


def test_nobody_verifies_their_own_part(whole: Matter, make: Any):
    part = parts(whole)[0]
    wu = make.cast.actor("wu")
    service.accept(part, by=wu)
    service.answer(part, outcome=make.outcome, reply="灯头已换。", by=wu)
    with pytest.raises(SameHands):
        service.verify(part, by=replace(make.cast.actor("wang"), person_id=wu.person_id))


def test_not_solved_goes_back_to_the_desk_which_may_split_it_again(
    whole: Matter, make: Any, cast: Any, li: Actor, police: Body
):
    for part in parts(whole):
        finish(make, part, "办了。")
    deliver()
    whole.refresh_from_db()
    again = service.reopen(whole, why="还在吵", by=Actor.resident())
    assert again.state == State.TRIAGE
    again = service.split(
        again, into=[Wanted("再劝一次", police), Wanted("看看灯", cast.bodies["liulin_urban"])], by=li
    )
    assert [each.number[-2:] for each in parts(again)] == ["-1", "-2", "-3", "-4"]
    deliver()
    again.refresh_from_db()
    assert again.state == State.SPLIT
    for part in parts(again)[2:]:
        finish(make, part, "又办了。")
    deliver()
    again.refresh_from_db()
    assert again.state == State.VERIFIED
    assert again.reply.count("又办了。") == 2


def test_it_is_one_matter_for_the_resident_and_for_the_leaders_board(whole: Matter):
    deliver()
    assert Standing.objects.filter(number__startswith=whole.number).count() == 1
    kept = Standing.objects.get(number=whole.number)
    assert (kept.stage, kept.due_at, kept.handler) == ("in_hand", whole.due_at, whole.handler_id)


def test_each_body_sees_its_part_and_not_the_others(whole: Matter, make: Any, cast: Any):
    one, two = parts(whole)
    wu = cast.actor("wu")
    mine = queues.page_of(wu, queues.Filters(view="mine")).matters
    assert [each.number for each in mine] == [one.number]
    assert queries.visible_to(wu).filter(pk=two.pk).first() is None
    assert queries.visible_to(cast.actor("qian")).filter(pk=one.pk).first() is None


def test_whoever_has_a_part_may_ring_the_resident_who_sees_that(whole: Matter, cast: Any):
    part, wu = parts(whole)[0], cast.actor("wu")
    assert queries.contact_of(part, wu).phone.startswith("138")
    row = service.reveal(part, purpose="电话问清哪一盏", by=wu)
    assert row is not None
    assert row.phone == "13812345678"
    assert queries.contact_of(part, wu).revealed
    assert [each.subject for each in Reveal.objects.all()] == [whole.subject]


def test_what_the_resident_adds_reaches_every_part(whole: Matter, cast: Any):
    deliver()
    Notice.objects.all().delete()
    service.add(whole, said="楼梯灯也不亮", by=Actor.resident())
    deliver()
    part = parts(whole)[0]
    assert Notice.objects.filter(person=cast.people["wu"], subject=part.subject).exists()
    told = together.whole_of(part)
    assert told is not None
    assert [each.text for each in told.said] == ["楼梯灯也不亮"]


def test_taken_back_it_is_taken_back_in_every_part(whole: Matter):
    service.withdraw(whole, why="不用了", by=Actor.resident())
    deliver()
    assert {each.state for each in parts(whole)} == {State.WITHDRAWN}
    assert all(timers.armed(each.subject) == {} for each in parts(whole))


def test_what_is_no_split_is_refused(make: Any, cast: Any, li: Actor, whole: Matter, police: Body):
    urban = cast.bodies["liulin_urban"]
    matter = make.raised()
    with pytest.raises(MissingWordsError):
        service.split(matter, into=[Wanted("换灯头", urban)], by=li)
    with pytest.raises(MissingWordsError):
        service.split(matter, into=[Wanted("换灯头", urban), Wanted("", police)], by=li)
    with pytest.raises(MissingWordsError):
        service.split(matter, into=[Wanted("换灯头", urban), Wanted("换灯头", urban)], by=li)
    with pytest.raises(Refused):
        service.split(matter, into=[Wanted("换灯头", urban), Wanted("劝架", cast.bodies["xinghua"])], by=li)
    with pytest.raises(NotNow):
        service.split(parts(whole)[0], into=[Wanted("一一", urban), Wanted("二二", police)], by=li)


def test_a_part_is_not_merged_alone_and_only_a_dispatcher_splits(whole: Matter, make: Any, cast: Any, li: Actor):
    with pytest.raises(NotNow, match="一部分"):
        service.merge([parts(whole)[0]], into=make.handling(), by=li)
    two = [Wanted("一件", cast.bodies["liulin_urban"]), Wanted("两件", cast.bodies["liulin_urban"])]
    for who in ("wu", "zhou", "sun"):
        with pytest.raises(Refused):
            service.split(make.raised(), into=two, by=cast.actor(who))
