"""职责异议和裁定 — one objection, one ruling, no way back; and the clock stands still meanwhile (`domain.md` 1.5, C.5)."""

from datetime import timedelta
from typing import Any

import pytest

from linli.facts.matters import MatterObjected, MatterRuled, MatterUnruled
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Body, Person
from linli.mechanisms.flow import NotNow, SameHands, clocks, timers
from linli.work.matters import proposals, queries, queues, service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.service.handling import MissingWordsError


@pytest.fixture
def county(cast: Any) -> Actor:
    """江调度, who dispatches for 柳河区 and rules on what its townships assigned."""
    return cast.actor("jiang")  # type: ignore[no-any-return]


@pytest.fixture
def roads(cast: Any) -> Body:
    """交通局, which the county has beside 城管办."""
    area = cast.bodies["county_desk"].area
    return Body.objects.create(
        name="柳河区交通运输局", short_name="区交通局", kind="government", functions=["transport"], area=area, level=2
    )


def objected(make: Any, cast: Any, roads: Body, **rest: Any) -> Matter:
    matter = rest.pop("matter", None) or make.assigned()
    return service.object_to(
        matter, reason="not-our-duty", note="这条路是区交通局管的", believed=roads, by=cast.actor("wu"), **rest
    )


def test_an_objection_stops_the_clock_and_goes_to_the_level_above(make: Any, cast: Any, roads: Body, county: Actor):
    matter = objected(make, cast, roads)
    assert matter.state == State.OBJECTED
    assert clocks.running(matter.subject, "handle").paused_at is not None  # type: ignore[union-attr]
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterObjected)
    assert (fact.believed, fact.decider) == (roads.pk, cast.bodies["county_desk"].pk)
    assert fact.rule.startswith("matters/routing v")
    waiting = queues.page_of(county, queues.Filters(view="mine")).matters
    assert [each.number for each in waiting] == [matter.number]


def test_time_in_dispute_never_counts_against_the_handler(make: Any, cast: Any, roads: Body, county: Actor):
    matter = make.assigned()
    due, began = matter.due_at, clock.now()
    matter = objected(make, cast, roads, matter=matter)
    with clock.at(began + timedelta(days=4)):
        ruled = service.rule(matter, upheld=False, note="按职责清单由城管办办理", by=county)
    assert ruled.state == State.ASSIGNED
    assert ruled.due_at > due
    assert clocks.running(ruled.subject, "handle").paused_at is None  # type: ignore[union-attr]


def test_c5_4_a_confirmed_dispatch_cannot_be_returned_and_the_error_cites_the_ruling(
    make: Any, cast: Any, roads: Body, county: Actor
):
    matter = service.rule(objected(make, cast, roads), upheld=False, note="按清单由城管办办理", by=county)
    number = f"{matter.number}-裁1"
    with pytest.raises(service.AlreadyRuledError, match=number):
        objected(make, cast, roads, matter=matter)
    with pytest.raises(service.AlreadyRuledError, match=number):
        service.assign(matter, to=roads, differs="local-division", by=cast.actor("li"))
    assert Matter.objects.get(pk=matter.pk).handler_id == cast.bodies["liulin_urban"].pk
    assert not queries.may_object(matter)


def test_an_upheld_objection_moves_the_matter_and_teaches_the_next_proposal(
    make: Any, cast: Any, roads: Body, county: Actor
):
    matter = service.rule(objected(make, cast, roads), upheld=True, to=roads, note="区管道路", by=county)
    assert (matter.state, matter.handler_id) == (State.ASSIGNED, roads.pk)
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterRuled)
    assert (fact.upheld, fact.ruling, fact.in_time) == (True, f"{matter.number}-裁1", True)
    taught = proposals.propose_body(matter.category, matter.place_ids, level=3)
    assert taught.body == roads
    assert taught.ruling == f"{matter.number}-裁1"
    assert taught.ruling in taught.reasons[0]
    elsewhere = proposals.propose_body("litter", matter.place_ids, level=3)
    assert elsewhere.body != roads


def test_an_upheld_objection_without_a_body_goes_back_to_be_assigned(make: Any, cast: Any, county: Actor):
    matter = service.object_to(make.assigned(), reason="unclear", note="没有写在哪一栋", by=cast.actor("wu"))
    matter = service.rule(matter, upheld=True, note="请补充地点后再派", by=county)
    assert (matter.state, matter.handler_id) == (State.TRIAGE, cast.bodies["liulin_desk"].pk)
    again = service.assign(matter, to=cast.bodies["liulin_urban"], differs="local-division", by=cast.actor("ma"))
    assert again.state == State.ASSIGNED


def test_only_the_body_it_was_assigned_to_objects_and_only_in_time(make: Any, cast: Any, roads: Body):
    matter = make.assigned()
    with pytest.raises(Refused):
        service.object_to(matter, reason="not-our-duty", note="不是我们", believed=roads, by=cast.actor("zhou"))
    with clock.at(clock.now() + timedelta(hours=25)), pytest.raises(NotNow, match="时限已过"):
        objected(make, cast, roads, matter=matter)


def test_an_objection_names_the_body_it_believes_right(make: Any, cast: Any, roads: Body):
    matter = make.assigned()
    for believed in (None, cast.bodies["liulin_urban"], cast.bodies["xinghua"]):
        with pytest.raises(MissingWordsError):
            service.object_to(matter, reason="not-our-duty", note="不是我们", believed=believed, by=cast.actor("wu"))
    with pytest.raises(MissingWordsError):
        service.object_to(matter, reason="not-our-duty", note="", believed=roads, by=cast.actor("wu"))


def test_whoever_assigned_or_is_below_does_not_rule(make: Any, cast: Any, roads: Body, county: Actor):
    matter = objected(make, cast, roads)
    for name in ("ma", "wu", "zheng", "qian"):
        with pytest.raises(Refused):
            service.rule(matter, upheld=False, note="维持", by=cast.actor(name))
    above = service.assign(make.raised(), to=cast.bodies["liulin_urban"], differs="local-division", by=county)
    above = objected(make, cast, roads, matter=above)
    with pytest.raises(SameHands):
        service.rule(above, upheld=False, note="维持", by=county)


def test_silence_is_told_once_to_the_level_above(make: Any, cast: Any, roads: Body, county: Actor):
    matter = objected(make, cast, roads)
    with clock.at(clock.now() + timedelta(days=6)):
        timers.run_once()
        timers.run_once()
    told = [each for each in journal.history(matter.subject) if isinstance(each.fact, MatterUnruled)]
    assert len(told) == 1
    assert not any(each.move == "mark_overdue" for each in journal.history(matter.subject))


def test_a_matter_in_dispute_may_be_withdrawn(make: Any, cast: Any, roads: Body):
    matter = service.withdraw(objected(make, cast, roads), why="自己修好了", by=Actor.resident())
    assert matter.state == State.WITHDRAWN
    assert clocks.running(matter.subject, "rule") is None


def test_it_is_done_on_the_page(make: Any, cast: Any, roads: Body, county: Actor, client: Any):
    matter = make.assigned()
    client.force_login(cast.people["wu"])
    page = client.get(f"/matters/{matter.number}/").content.decode()
    assert "不该我们办" in page
    sent = {"reason": "not-our-duty", "believed": str(roads.pk), "note": "区交通局的路", "version": str(matter.version)}
    assert client.post(f"/matters/{matter.number}/object/", sent).status_code == 302
    client.force_login(Person.objects.get(pk=county.person_id))
    page = client.get(f"/matters/{matter.number}/").content.decode()
    assert "作出裁定" in page
    assert "区交通局" in page
    sent = {"upheld": "yes", "to": str(roads.pk), "note": "区管道路"}
    assert client.post(f"/matters/{matter.number}/rule/", sent).status_code == 302
    assert Matter.objects.get(pk=matter.pk).handler_id == roads.pk
