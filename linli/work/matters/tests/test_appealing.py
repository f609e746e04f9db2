"""评价申诉: once, by the body that answered, decided one level up by somebody without a hand in it; and all see why."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linli.facts.matters import MatterAppealDecided, MatterAppealed
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow
from linli.work.matters import followups, service
from linli.work.matters.models import Appeal, Matter
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.words import follow_token
from tests.cast import Cast
from tests.make import Make

NOTE = "灯头要等厂家，已当面说明"


def this_month() -> date:
    return clock.today().replace(day=1)


def test_the_body_appeals_and_the_level_above_hears(make: Make, cast: Cast) -> None:
    matter = make.appealed()
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterAppealed)
    assert (fact.solved, fact.satisfaction, fact.decider) == (True, 1, cast.bodies["county_desk"].pk)
    assert [each.matter_id for each in followups.appeals_to_decide(cast.actor("jiang"))] == [matter.pk]
    assert followups.appeals_to_decide(cast.actor("li")) == []


def test_a_rating_is_appealed_once(make: Make, cast: Cast) -> None:
    matter = make.appealed()
    with pytest.raises(NotNow, match="已经申诉过一次"):
        service.appeal(matter, reason="malicious", note=NOTE, by=cast.actor("feng"))
    matter = service.decide_appeal(matter, upheld=False, note="说明得不够", by=cast.actor("jiang"))
    with pytest.raises(NotNow, match="已经申诉过一次"):
        service.appeal(matter, reason="malicious", note=NOTE, by=cast.actor("wu"))
    with pytest.raises(NotNow, match="没有要审"):
        service.decide_appeal(matter, upheld=True, note="改主意了", by=cast.actor("jiang"))
    row = Appeal.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(
            matter=matter, number="x", verdict=row.verdict, solved=True, body=row.body, level=2, reason="malicious",
            made_at=row.made_at, decide_by=row.decide_by,
        )  # fmt: skip


def test_only_the_body_that_answered_appeals(make: Make, cast: Cast) -> None:
    matter = make.disliked()
    clerk = replace(cast.actor("wu"), body_id=cast.bodies["huaihua"].pk)
    for by in (clerk, cast.actor("li"), cast.actor("jiang"), Actor.resident()):
        with pytest.raises(Refused):
            service.appeal(matter, reason="impossible", note=NOTE, by=by)


def test_a_no_may_be_appealed_against_too(make: Make, cast: Cast) -> None:
    matter = service.reopen(make.verified(), why="就是不满意", by=Actor.resident())
    matter = service.appeal(matter, reason="impossible", note=NOTE, by=cast.actor("wu"))
    assert Appeal.objects.get().solved is False
    matter = service.decide_appeal(matter, upheld=True, note="厂家停产属实", by=cast.actor("jiang"))
    assert matter.state == "handling"  # It is worked on all the same: the resident's word outranks ours.


@pytest.mark.parametrize("grade", [3, 4, 5])
def test_a_good_rating_is_not_appealed_against(make: Make, cast: Cast, grade: int) -> None:
    matter = service.rate(make.verified(), satisfaction=grade, by=Actor.resident())
    with pytest.raises(NotNow, match="不用申诉"):
        service.appeal(matter, reason="impossible", note=NOTE, by=cast.actor("wu"))


def test_neither_before_there_is_a_rating_nor_after_the_limit(make: Make, cast: Cast) -> None:
    with pytest.raises(NotNow, match="还没有评价"):
        service.appeal(make.verified(), reason="impossible", note=NOTE, by=cast.actor("wu"))
    matter = make.disliked()
    with clock.at(clock.now() + timedelta(days=15)), pytest.raises(NotNow, match="时限"):
        service.appeal(matter, reason="impossible", note=NOTE, by=cast.actor("wu"))
    with pytest.raises(MissingWordsError):
        service.appeal(matter, reason="impossible", note=" ", by=cast.actor("wu"))


def test_nobody_with_a_hand_in_it_decides(make: Make, cast: Cast) -> None:
    matter, jiang = make.verified(), cast.actor("jiang")
    service.add(matter, said="又打来问过", by=jiang)
    matter = service.rate(matter, satisfaction=1, by=Actor.resident())
    matter = service.appeal(matter, reason="impossible", note=NOTE, by=cast.actor("wu"))
    with pytest.raises(Refused, match="经手"):
        service.decide_appeal(matter, upheld=True, note="属实", by=jiang)
    assert followups.rated_in(jiang, this_month()).excluded == []


@pytest.mark.parametrize("name", ["li", "ma", "wu", "feng", "zheng", "sun", "qian"])
def test_nobody_else_decides(make: Make, cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        service.decide_appeal(make.appealed(), upheld=True, note="属实", by=cast.actor(name))


def test_its_own_body_and_its_own_level_do_not_decide(make: Make, cast: Cast) -> None:
    matter, jiang = make.appealed(), cast.actor("jiang")
    with pytest.raises(Refused, match="上一级"):
        service.decide_appeal(
            matter, upheld=True, note="属实", by=replace(jiang, body_id=cast.bodies["liulin_urban"].pk)
        )
    with pytest.raises(Refused, match="上一级"):
        service.decide_appeal(
            matter, upheld=True, note="属实", by=replace(jiang, area_level=3, area_id=cast.actor("li").area_id)
        )


def test_upheld_it_stays_visible_counts_nowhere_and_everybody_sees_why(make: Make, cast: Cast, client: Any) -> None:
    matter = service.decide_appeal(
        make.appealed(), upheld=True, note="厂家停产，街道当面说明过", by=cast.actor("jiang")
    )
    assert (matter.solved, matter.satisfaction) == (True, 1)
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterAppealDecided)
    assert (fact.upheld, fact.in_time, fact.reviewer) == (True, True, cast.people["jiang"].pk)
    told = client.get(f"/m/{matter.number}/{follow_token(matter.number)}/").content.decode()
    assert "您的评价照样留着，只是不计入统计" in told
    assert "厂家停产，街道当面说明过" in told
    assert "客观上办不到" in told
    assert "打了 1 分" in told
    assert NOTE not in told


def test_denied_it_counts_as_before(make: Make, cast: Cast) -> None:
    service.decide_appeal(make.appealed(), upheld=False, note="说明得不够", by=cast.actor("jiang"))
    rated = followups.rated_in(cast.actor("jiang"), this_month())
    assert (rated.n_answered, rated.n_valid) == (1, 1)


def test_what_the_resident_said_since_leaves_nothing_to_decide(make: Make, cast: Cast) -> None:
    matter = service.reopen(make.appealed(), why="其实还是坏的", by=Actor.resident())
    assert followups.appeals_to_decide(cast.actor("jiang")) == []
    with pytest.raises(NotNow, match="没有要审"):
        service.decide_appeal(matter, upheld=True, note="属实", by=cast.actor("jiang"))


# --- C.5, 8 -------------------------------------------------------------------------------------------------------------
def test_c5_8_n_valid_le_n_visited_le_n_dispatched_and_exclusions_are_listed_by_reason_and_reviewer(
    make: Make, cast: Cast
) -> None:
    """Every state a matter can be in, two appeals upheld and one denied: the three numbers never pass one another."""
    jiang, li = cast.actor("jiang"), cast.actor("li")
    for state in ("matter", "raised", "assigned", "handling", "answered", "verified", "carried", "pressed", "closed"):
        getattr(make, state)()
    service.withdraw(make.matter(), why="不用了", by=Actor.resident())
    service.reopen(make.verified(), why="还不亮", by=Actor.resident())
    for upheld in (True, True, False):
        service.decide_appeal(make.appealed(), upheld=upheld, note="看过材料", by=jiang)
    rated = followups.rated_in(jiang, this_month())
    assert rated.n_valid <= rated.n_visited <= rated.n_dispatched
    # Assigned, handling, answered, verified, carried, pressed, closed, not solved, three appealed.
    assert (rated.n_dispatched, rated.n_visited, rated.n_answered, rated.n_valid) == (11, 6, 5, 3)
    (left_out,) = rated.excluded
    assert (left_out.reason, left_out.n) == ("客观上办不到", 2)
    assert rated.n_answered - rated.n_valid == sum(each.n for each in rated.excluded)
    assert all("江调度" in each.reviewer for each in left_out.appeals)
    assert followups.rated_in(li, this_month()) == rated
    nothing = followups.rated_in(cast.actor("qian"), this_month())
    assert (nothing.n_dispatched, nothing.n_visited, nothing.n_valid, nothing.excluded) == (0, 0, 0, [])


def test_an_exclusion_without_a_reviewer_cannot_be_stored(make: Make) -> None:
    make.appealed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.update(decided_at=clock.now(), upheld=True)


# --- The pages ----------------------------------------------------------------------------------------------------------
def test_appealed_and_decided_on_the_pages(sign_in: Any, make: Make) -> None:
    matter = make.disliked()
    where = f"/matters/{matter.number}/"
    wu = sign_in("wu")
    assert "/appeal/" in wu.get(where).content.decode()
    assert (
        wu.post(f"{where}appeal/", {"reason": "impossible", "note": "", "version": matter.version}).status_code == 422
    )
    assert (
        wu.post(f"{where}appeal/", {"reason": "impossible", "note": NOTE, "version": matter.version}).status_code == 302
    )
    jiang = sign_in("jiang")
    assert matter.number in jiang.get("/matters/appeals/").content.decode()
    matter.refresh_from_db()
    neither = jiang.post(f"{where}decide_appeal/", {"note": "属实", "version": matter.version})
    assert neither.status_code == 422
    assert "成立还是不成立" in neither.content.decode()
    typed = {"upheld": "yes", "note": "厂家停产属实", "version": matter.version}
    assert jiang.post(f"{where}decide_appeal/", typed).status_code == 302
    page = jiang.get("/matters/appeals/").content.decode()
    assert "江调度" in page
    assert "客观上办不到" in page


@pytest.mark.parametrize(("name", "status"), [("sun", 200), ("zheng", 200), ("wu", 200), ("qian", 200)])
def test_the_list_of_what_was_left_out_is_for_all_who_read_matters(
    sign_in: Any, make: Make, cast: Cast, name: str, status: int
) -> None:
    matter = service.decide_appeal(make.appealed(), upheld=True, note="属实", by=cast.actor("jiang"))
    answer = sign_in(name).get("/matters/appeals/")
    assert answer.status_code == status
    assert (matter.number in answer.content.decode()) == (name != "qian")
    assert "decide_appeal" not in answer.content.decode()


def test_the_list_is_closed_to_strangers(client: Any, city: None) -> None:
    assert client.get("/matters/appeals/").status_code == 302
    assert client.get("/matters/visits/").status_code == 302


def test_the_body_sees_its_own_month_only(make: Make, cast: Cast) -> None:
    make.closed()
    make.matter()
    assert (
        followups.rated_in(cast.actor("wu"), this_month()).n_dispatched == Matter.objects.filter(state="closed").count()
    )
