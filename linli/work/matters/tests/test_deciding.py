"""What waits for somebody's word: an appeal by a body the matter has left, and what silence does to an appeal or a request."""

from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from linli.facts.matters import MatterAppealable, MatterAppealDecided, MatterDecisionDue, MatterUndecided
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, timers
from linli.work.matters import followups, service
from linli.work.matters.models import Appeal, Appealable, Matter
from linli.work.matters.service import deciding
from tests.cast import Cast
from tests.make import Make

NOTE = "灯头要等厂家，两次都当面说明过"


@pytest.fixture
def gone(make: Make, cast: Cast) -> Matter:
    """Said not to be solved a second time: it went from 城管办 to the county's desk."""
    matter = service.reopen(make.verified(), why="还不亮", by=Actor.resident())
    matter = service.answer(matter, outcome=make.outcome, reply="又去了一趟", by=cast.actor("wu"))
    return service.reopen(matter, why="还是不亮", by=Actor.resident())


def fire(at: Any) -> list[Any]:
    """The facts that time brings by then."""
    with clock.at(at):
        while timers.run_once():
            pass
    return [each.fact for each in journal.history(Matter.objects.get().subject)]


# --- A body the matter has left -----------------------------------------------------------------------------------------
def test_the_body_a_rating_took_it_from_appeals_once_and_somebody_above_decides(gone: Matter, cast: Cast) -> None:
    wu, jiang = cast.actor("wu"), cast.actor("jiang")
    assert gone.handler_id == cast.bodies["county_desk"].pk
    (row,) = followups.rated_away(wu)
    assert (row.matter_id, row.verdict, followups.is_still_open(row, now=clock.now())) == (gone.pk, gone.verdict, True)
    matter = service.appeal(gone, reason="impossible", note=NOTE, by=wu)
    made = Appeal.objects.get()
    assert (made.body_id, made.solved, made.level) == (cast.bodies["liulin_urban"].pk, False, 2)
    assert [each.pk for each in followups.appeals_to_decide(jiang)] == [made.pk]
    with pytest.raises(NotNow, match="已经申诉过一次"):
        service.appeal(matter, reason="impossible", note=NOTE, by=cast.actor("feng"))
    service.decide_appeal(matter, upheld=True, note="厂家停产属实", by=jiang)
    fact = journal.history(gone.subject)[-1].fact
    assert isinstance(fact, MatterAppealDecided)
    assert (fact.handler, fact.upheld, fact.in_time) == (cast.bodies["liulin_urban"].pk, True, True)
    assert followups.rated_in(jiang, clock.today().replace(day=1)).excluded[0].n == 1


def test_whoever_has_it_now_has_a_hand_in_it_and_it_goes_to_the_next_above(gone: Matter, cast: Cast) -> None:
    jiang = cast.actor("jiang")
    matter = service.add(gone, said="县里先打了电话", by=jiang)
    matter = service.appeal(matter, reason="impossible", note=NOTE, by=cast.actor("wu"))
    with pytest.raises(Refused, match="经手"):
        service.decide_appeal(matter, upheld=True, note="属实", by=jiang)


def test_answered_anew_that_rating_counts_no_more_and_is_not_appealed(gone: Matter, make: Make, cast: Cast) -> None:
    matter = service.assign(gone, to=cast.bodies["liulin_urban"], differs="nearer", by=cast.actor("jiang"))
    matter = service.accept(matter, by=cast.actor("wu"))
    matter = service.answer(matter, outcome=make.outcome, reply="换了整杆", by=cast.actor("wu"))
    assert not followups.is_still_open(Appealable.objects.select_related("matter").get(), now=clock.now())
    with pytest.raises(NotNow, match="还没有评价"):
        service.appeal(matter, reason="impossible", note=NOTE, by=cast.actor("wu"))


def test_too_late_is_too_late(gone: Matter, cast: Cast) -> None:
    with clock.at(Appealable.objects.get().until + timedelta(seconds=1)), pytest.raises(NotNow, match="时限"):
        service.appeal(gone, reason="impossible", note=NOTE, by=cast.actor("wu"))


def test_the_first_no_leaves_it_where_it_is(make: Make, cast: Cast) -> None:
    matter = service.reopen(make.verified(), why="还不亮", by=Actor.resident())
    assert not Appealable.objects.exists()
    assert not any(isinstance(each.fact, MatterAppealable) for each in journal.history(matter.subject))


def test_the_page_of_a_rating_shows_that_and_nothing_more(sign_in: Any, gone: Matter, cast: Cast) -> None:
    service.add(gone, said="县里另有安排", by=cast.actor("jiang"))
    wu = sign_in("wu")
    where = f"/matters/{gone.number}/rating/"
    assert unquote(wu.get(f"/matters/{gone.number}/")["Location"]) == where
    assert gone.number in wu.get("/matters/appeals/").content.decode()
    page = wu.get(where).content.decode()
    assert "又去了一趟" in page
    assert "还是不亮" in page
    assert "县里另有安排" not in page
    assert wu.post(f"/matters/{gone.number}/reveal/", {"purpose": "verify"}).status_code == 404
    assert wu.post(where, {"reason": "impossible", "note": ""}).status_code == 422
    assert wu.post(where, {"reason": "no-such", "note": NOTE}).status_code == 422
    assert wu.post(where, {"reason": "impossible", "note": NOTE}).status_code == 302
    assert wu.post(where, {"reason": "impossible", "note": NOTE}).status_code == 409
    assert Appeal.objects.get().number in wu.get(where).content.decode()


@pytest.mark.parametrize("name", ["li", "qian", "zhou", "jiang", "sun"])
def test_it_is_nobody_elses_page(sign_in: Any, gone: Matter, name: str) -> None:
    assert sign_in(name).get(f"/matters/{gone.number}/rating/").status_code == 404


# --- Silence ------------------------------------------------------------------------------------------------------------
def test_an_appeal_nobody_decides_is_reminded_of_and_then_told_above_once(make: Make, cast: Cast) -> None:
    make.appealed()
    row = Appeal.objects.get()
    left = (row.decide_by - row.made_at) / 10
    (due,) = [each for each in fire(row.decide_by - left) if isinstance(each, MatterDecisionDue)]
    assert (due.what, due.decider, due.decide_by) == ("appeal", cast.bodies["county_desk"].pk, row.decide_by)
    facts = fire(row.decide_by + timedelta(days=30))
    (late,) = [each for each in facts if isinstance(each, MatterUndecided)]
    assert (late.what, late.decider, late.level) == ("appeal", cast.bodies["city_desk"].pk, 1)
    assert len([each for each in facts if isinstance(each, MatterDecisionDue)]) == 1
    row.refresh_from_db()
    assert row.upheld is None  # Silence decides nothing.


def test_decided_nobody_is_reminded(make: Make, cast: Cast) -> None:
    matter = service.decide_appeal(make.appealed(), upheld=False, note="说明得不够", by=cast.actor("jiang"))
    assert not {deciding.APPEAL_DUE, deciding.APPEAL_LATE} & set(timers.armed(matter.subject))


def test_overtaken_by_a_new_word_nobody_is_reminded(make: Make, cast: Cast) -> None:
    service.reopen(make.appealed(), why="其实还是坏的", by=Actor.resident())
    facts = fire(Appeal.objects.get().decide_by + timedelta(days=1))
    assert not any(isinstance(each, MatterDecisionDue | MatterUndecided) for each in facts)


def test_a_request_off_the_list_is_reminded_of_and_told_above_too(make: Make, cast: Cast) -> None:
    row = make.asked_for().approvals.get()
    assert row.decide_by is not None
    facts = fire(row.decide_by + timedelta(minutes=1))
    (due,) = [each for each in facts if isinstance(each, MatterDecisionDue)]
    (late,) = [each for each in facts if isinstance(each, MatterUndecided)]
    assert (due.what, due.decider) == ("approval", cast.bodies["county_desk"].pk)
    assert (late.what, late.decider) == ("approval", cast.bodies["city_desk"].pk)
    row.refresh_from_db()
    assert row.decision == ""


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_an_answered_request_is_not_waited_for(make: Make, cast: Cast, verb: str) -> None:
    more = {"why": "社区没有登高车"} if verb == "reject" else {}
    matter = getattr(service, verb)(make.asked_for(), by=cast.actor("jiang"), **more)
    assert not {deciding.APPROVAL_DUE, deciding.APPROVAL_LATE} & set(timers.armed(matter.subject))
