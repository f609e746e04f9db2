"""并案的反映人 — each urges for themselves, is called for themselves, and each one's no is a no."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from linli.facts.matters import (
    MatterRatedAlong,
    MatterReopened,
    MatterReopenedAlong,
    MatterUrged,
    MatterUrgedAlong,
    MatterVisited,
)
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow
from linli.work.matters import followups, service, together
from linli.work.matters.models import Matter, Merge, Visit
from linli.work.matters.words import follow_token
from tests.cast import Cast
from tests.make import Make

NAMED: dict[str, Any] = {"visibility": "named", "name": "钱大爷", "phone": "13900000001"}
YES: dict[str, Any] = {"outcome": "reached", "contacted": True, "solved": True, "satisfaction": 4}
NO: dict[str, Any] = {"outcome": "reached", "contacted": True, "solved": False, "said": "我那一盏还黑着"}
RESIDENT = Actor.resident()


def fresh(matter: Matter) -> Matter:
    return Matter.objects.select_related("handler").get(pk=matter.pk)


def pair(make: Make, cast: Cast, **rest: Any) -> tuple[Matter, Matter]:
    """One lamp, said by two; 城管办 works on the first."""
    main, other = make.handling(), make.raised(text="北门的路灯三天不亮了", **(NAMED | rest))
    service.merge([other], into=main, by=cast.actor("li"))
    return fresh(main), fresh(other)


def verified(make: Make, cast: Cast, **rest: Any) -> tuple[Matter, Matter]:
    """Twelve days ago verified, and neither has said anything."""
    with clock.at(clock.now() - timedelta(days=12)):
        main, other = pair(make, cast, **rest)
        main = service.answer(main, outcome=make.outcome, reply="灯头已换", by=cast.actor("wu"))
        main = service.verify(main, by=cast.actor("wang"))
    return main, fresh(other)


# --- 催办 ---------------------------------------------------------------------------------------------------------------
def test_each_reporter_urges_the_main_one_once_in_their_own_period(make: Make, cast: Cast) -> None:
    main, other = pair(make, cast)
    other = service.urge(other, by=RESIDENT)
    main = service.urge(fresh(main), by=RESIDENT)  # The one's period is not the other's.
    assert (main.urged, other.urged) == (2, 1)
    first, second = [each.fact for each in journal.history(main.subject) if isinstance(each.fact, MatterUrged)]
    assert (first.merged, first.times, second.merged, second.times) == (other.number, 1, "", 2)
    (own,) = [each.fact for each in journal.history(other.subject) if isinstance(each.fact, MatterUrgedAlong)]
    assert (own.main, own.times) == (main.number, 1)
    with pytest.raises(NotNow, match="刚催过"):
        service.urge(other, by=RESIDENT)
    with pytest.raises(NotNow, match="刚催过"):
        service.urge(main, by=RESIDENT)
    assert fresh(main).urged == 2
    with clock.at(clock.now() + timedelta(hours=25)):
        service.urge(fresh(other), by=RESIDENT)
    assert fresh(main).urged == 3


def test_an_answered_main_one_is_not_urged(make: Make, cast: Cast) -> None:
    main, other = pair(make, cast)
    service.answer(main, outcome=make.outcome, reply="灯头已换", by=cast.actor("wu"))
    with pytest.raises(NotNow):
        service.urge(other, by=RESIDENT)
    assert fresh(other).urged == 0


def test_the_reporter_of_a_merged_one_urges_on_their_own_page(client: Any, make: Make, cast: Cast) -> None:
    main, other = pair(make, cast)
    where = f"/m/{other.number}/{follow_token(other.number)}/"
    assert "urge/" in client.get(where).content.decode()
    assert client.post(f"{where}urge/").status_code == 302
    assert "您催了第 1 次" in client.get(where).content.decode()
    theirs = client.get(f"/m/{main.number}/{follow_token(main.number)}/").content.decode()
    assert "另一位反映人催了" in theirs
    assert "您催了" not in theirs
    assert client.post(f"{where}urge/").status_code == 409


# --- 回访 ---------------------------------------------------------------------------------------------------------------
def test_each_reporter_who_can_be_called_is_called_for_themselves(make: Make, cast: Cast) -> None:
    main, other = verified(make, cast)
    li = cast.actor("li")
    assert [each.matter_id for each in followups.along_page(li)] == [other.pk]
    assert followups.visits_page(li) == []  # The main one's own reporter left no way.
    assert followups.to_visit_count(li) == 1
    assert not followups.along_to_visit(cast.actor("qian")).exists()
    other = service.visit(other, by=li, **YES)
    held = Merge.objects.get()
    assert (held.solved, held.satisfaction, held.visit_at, held.visit_tries) == (True, 4, None, 1)
    visited, rated = [each.fact for each in journal.history(other.subject)][-2:]
    assert isinstance(visited, MatterVisited)
    assert isinstance(rated, MatterRatedAlong)
    assert (rated.channel, fresh(main).solved) == ("phone", None)
    assert Visit.objects.get().matter_id == other.pk
    with pytest.raises(NotNow, match="已经评价过"):
        service.visit(other, by=li, **YES)


def test_a_no_of_one_of_them_works_on_it_again_for_all(make: Make, cast: Cast) -> None:
    main, other = verified(make, cast)
    main = service.rate(main, satisfaction=5, by=RESIDENT)
    other = service.visit(other, by=cast.actor("li"), **NO)
    main = fresh(main)
    assert (main.state, main.solved, main.reopened) == ("handling", False, 1)
    again = journal.history(main.subject)[-1].fact
    assert isinstance(again, MatterReopened)
    assert (again.merged, again.channel) == (other.number, "phone")
    own = journal.history(other.subject)[-1].fact
    assert isinstance(own, MatterReopenedAlong)
    (row,) = together.along_with(main, cast.actor("wu"))
    assert "我那一盏还黑着" in [each.text for each in row.said]
    assert Merge.objects.get().visit_at is None


def test_nobody_answers_three_times_and_then_it_is_over(make: Make, cast: Cast) -> None:
    _main, other = verified(make, cast)
    li, at = cast.actor("li"), clock.now()
    for times in range(3):
        with clock.at(at + timedelta(days=times)):
            assert followups.along_to_visit(li).count() == 1
            service.visit(fresh(other), outcome="no-answer", by=li)
    assert Merge.objects.get().visit_tries == 3
    with clock.at(at + timedelta(days=4)), pytest.raises(NotNow):
        service.visit(fresh(other), outcome="no-answer", by=li)


def test_an_anonymous_one_is_not_called_nor_by_whoever_answered(make: Make, cast: Cast) -> None:
    _main, other = verified(make, cast, visibility="anonymous", name="", phone="")
    assert not followups.along_to_visit(cast.actor("li")).exists()
    with pytest.raises(NotNow, match="没有留下"):
        service.visit(other, by=cast.actor("li"), **YES)


def test_the_body_that_answered_calls_nobody(make: Make, cast: Cast) -> None:
    _main, other = verified(make, cast)
    own = replace(cast.actor("li"), body_id=cast.bodies["liulin_urban"].pk)
    with pytest.raises(Refused, match="不回访自己"):
        service.visit(other, by=own, **YES)
    with pytest.raises(Refused):
        service.visit(other, by=cast.actor("wu"), **YES)


def test_the_dispatcher_calls_them_from_the_list(sign_in: Any, make: Make, cast: Cast) -> None:
    main, other = verified(make, cast)
    li = sign_in("li")
    page = li.get("/matters/visits/").content.decode()
    assert other.number in page
    assert f"并入 {main.number}" in page
    where = f"/matters/{other.number}/visit/"
    assert "灯头已换" in li.get(where).content.decode()
    typed = {
        "outcome": "reached", "contacted": "yes", "solved": "yes", "satisfaction": "5", "version": other.version,
    }  # fmt: skip
    assert li.post(where, typed | {"version": other.version - 1}).status_code == 409
    assert li.post(where, typed).status_code == 302
    assert Merge.objects.get().satisfaction == 5
