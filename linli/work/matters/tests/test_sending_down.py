"""下派 — only what the lower level owns; anything else is asked for, decided by somebody else, and may be refused."""

from typing import Any

import pytest
from django.apps import apps

from linli.facts.matters import MatterApprovalAsked, MatterApproved, MatterAssigned, MatterOffListRefused
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import proposals, queries, service
from linli.work.matters.flow import State
from linli.work.matters.models import Approval, Matter
from linli.work.matters.service.handling import AssistOnlyError, OffListError

ASSISTS = "illegal-building"
OWNS = "litter"
OFF = "streetlight"

Notice = apps.get_model("notices", "Notice")
"""Tables of other apps: looked at here, never imported."""


@pytest.fixture
def li(cast: Any) -> Actor:
    return cast.actor("li")  # type: ignore[no-any-return]


@pytest.fixture
def village(cast: Any) -> Any:
    return cast.bodies["huaihua"]


def raised(make: Any, category: str) -> Matter:
    matter: Matter = make.raised()
    Matter.objects.filter(pk=matter.pk).update(category=category)
    matter.refresh_from_db()
    return matter


def asked(make: Any, li: Actor, village: Any) -> Matter:
    return service.ask_approval(
        raised(make, OFF), to=village, why="灯在小区里，给社区一千元材料费", by=li
    )  # fmt: skip


def test_c5_5_a_ticket_whose_duty_item_is_village_assist_can_never_have_a_village_as_main_handler(
    make: Any, cast: Any, li: Actor, village: Any
):
    """Not by assigning, not with another category chosen, not by a ruling, not by an approval, not as its own secretary."""
    assert proposals.duty_of(ASSISTS, 4).part == "assists"
    matter = raised(make, ASSISTS)
    with pytest.raises(AssistOnlyError):
        service.assign(matter, to=village, differs="nearer", by=li)
    with pytest.raises(AssistOnlyError):
        service.assign(raised(make, OWNS), to=village, category=ASSISTS, differs="nearer", by=li)
    with pytest.raises(AssistOnlyError):
        service.ask_approval(matter, to=village, why="他们离得近", by=li)
    near = make.raised(to=4)
    Matter.objects.filter(pk=near.pk).update(category=ASSISTS)
    near.refresh_from_db()
    with pytest.raises(AssistOnlyError):
        service.assign(near, to=village, differs="nearer", by=cast.actor("zhou"))
    disputed = make.objected()
    Matter.objects.filter(pk=disputed.pk).update(category=ASSISTS)
    with pytest.raises(AssistOnlyError):
        service.rule(disputed, upheld=True, to=village, note="小区里的归社区", by=cast.actor("jiang"))
    assert proposals.propose_body(ASSISTS, matter.place_ids, level=4).body != village
    assert not Matter.objects.filter(category=ASSISTS, state__in=(State.ASSIGNED, State.HANDLING), handler=village)


def test_what_the_village_owns_is_sent_to_it(make: Any, li: Actor, village: Any):
    matter = service.assign(raised(make, OWNS), to=village, differs="nearer", by=li)
    assert (matter.state, matter.handler_id) == (State.ASSIGNED, village.pk)


def test_what_no_list_holds_is_not_sent_down_but_asked_for(make: Any, cast: Any, li: Actor, village: Any):
    matter = raised(make, OFF)
    with pytest.raises(OffListError, match="清单"):
        service.assign(matter, to=village, differs="nearer", by=li)
    service.ask_approval(matter, to=village, why="灯在小区里，给社区一千元材料费", by=li)
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterApprovalAsked)
    assert fact.decider == cast.bodies["county_desk"].pk
    deliver()
    told = set(Notice.objects.filter(kind=fact.name).values_list("person__username", flat=True))
    assert told == {"jiang", "zhou"}
    with pytest.raises(NotNow):
        service.ask_approval(matter, to=village, why="再问一次", by=li)
    with pytest.raises(NotNow, match="直接派"):
        service.ask_approval(raised(make, OWNS), to=village, why="问一问", by=li)


def test_approved_by_the_county_it_is_assigned(make: Any, cast: Any, li: Actor, village: Any):
    matter = asked(make, li, village)
    matter = service.approve(matter, by=cast.actor("jiang"))
    assert (matter.state, matter.handler_id) == (State.ASSIGNED, village.pk)
    assert [type(each.fact) for each in journal.history(matter.subject)[-2:]] == [MatterApproved, MatterAssigned]
    assert Approval.objects.get().decision == "approved"


def test_who_asked_does_not_approve_nor_does_the_township(make: Any, cast: Any, li: Actor, village: Any):
    matter = asked(make, li, village)
    for who in ("li", "ma", "zhou", "wu", "qian"):
        with pytest.raises(Refused):
            service.approve(matter, by=cast.actor(who))
    county = cast.actor("jiang")
    again = service.ask_approval(raised(make, OFF), to=village, why="给材料费", by=county)
    with pytest.raises(Refused):
        service.approve(again, by=county)


def test_off_list_order_refused_with_one_tap(make: Any, cast: Any, li: Actor, village: Any):
    """清单外拒接: no reason is owed; whoever asked is told, and it cannot be approved afterwards."""
    matter = asked(make, li, village)
    assert "refuse_off_list" in {each.name for each in queries.open_moves(matter, cast.actor("zhou"))}
    service.refuse_off_list(matter, by=cast.actor("zhou"))
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterOffListRefused)
    deliver()
    assert Notice.objects.filter(kind=fact.name, person=cast.people["ma"]).exists()
    with pytest.raises(NotNow):
        service.approve(matter, by=cast.actor("jiang"))
    matter.refresh_from_db()
    assert matter.state == State.TRIAGE


def test_nobody_refuses_for_another_body(make: Any, cast: Any, li: Actor, village: Any):
    matter = asked(make, li, village)
    for who in ("wu", "li", "qian"):
        with pytest.raises(Refused):
            service.refuse_off_list(matter, by=cast.actor(who))


def test_rejected_it_stays_and_assigned_elsewhere_nothing_is_waited_for(make: Any, cast: Any, li: Actor, village: Any):
    matter = service.reject(asked(make, li, village), why="该城管办办", by=cast.actor("jiang"))
    assert matter.state == State.TRIAGE
    again = asked(make, li, village)
    service.assign(again, to=cast.bodies["liulin_urban"], by=li)
    assert Approval.objects.get(matter=again).decision == "dropped"
