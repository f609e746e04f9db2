"""回访: somebody else calls, the answers count as the resident's own, and still not solved goes up a level."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from linli.facts.matters import MatterPressed, MatterRated, MatterReopened, MatterVisited
from linli.kernel import clock
from linli.kernel.rules import UnknownCodeError
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, SameHands, timers
from linli.work.matters import followups, queries, service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter, Visit
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.words import follow_token
from tests.cast import Cast
from tests.make import Make

YES: dict[str, Any] = {"outcome": "reached", "contacted": True, "solved": True, "satisfaction": 4}
NO: dict[str, Any] = {"outcome": "reached", "contacted": False, "solved": False, "said": "只修了一盏"}


def last_of(matter: Matter) -> list[Any]:
    return [each.fact for each in journal.history(matter.subject)][-2:]


def answered_again(make: Make, cast: Cast, matter: Matter) -> Matter:
    """Whoever has it does it once more: assigned if it must be, accepted, answered, verified."""
    li, wu = cast.actor("li"), cast.actor("wu")
    if matter.state == State.TRIAGE:
        by = {3: li, 2: cast.actor("jiang")}.get(matter.level, replace(cast.actor("jiang"), area_level=1, scope="area"))
        matter = service.assign(matter, to=cast.bodies["liulin_urban"], differs="nearer", by=by)
        matter = service.accept(matter, by=wu)
    matter = service.answer(matter, outcome=make.outcome, reply="又去了一趟", by=wu)
    return service.verify(matter, by=cast.actor("wang"))


def test_a_yes_on_the_telephone_is_the_residents_rating(make: Make, cast: Cast) -> None:
    matter = service.visit(make.silent(), by=cast.actor("li"), said="挺快", **YES)
    assert (matter.state, matter.solved, matter.satisfaction, matter.visit_at) == (State.CLOSED, True, 4, None)
    visited, rated = last_of(matter)
    assert isinstance(visited, MatterVisited)
    assert (visited.reached, visited.contacted, visited.solved, visited.tries) == (True, True, True, 1)
    assert isinstance(rated, MatterRated)
    assert (rated.channel, rated.satisfaction) == ("phone", 4)


def test_a_no_on_the_telephone_redoes_by_itself(make: Make, cast: Cast) -> None:
    matter = service.visit(make.silent(), by=cast.actor("li"), **NO)
    assert (matter.state, matter.handler, matter.reopened) == (State.HANDLING, cast.bodies["liulin_urban"], 1)
    _visited, again = last_of(matter)
    assert isinstance(again, MatterReopened)
    assert (again.channel, again.above, again.times) == ("phone", False, 1)
    assert matter.visit_at is None


def test_whoever_answered_does_not_call_nor_anybody_of_their_body(make: Make, cast: Cast) -> None:
    matter = make.silent()
    powers = cast.actor("li").powers
    own_body = replace(cast.actor("feng"), powers=powers)
    with pytest.raises(Refused, match="承办的单位不回访"):
        service.visit(matter, by=own_body, **YES)
    same_person = replace(cast.actor("li"), person_id=cast.people["wu"].pk)  # 吴城管, moved to the dispatcher's chair.
    with pytest.raises(SameHands):
        service.visit(matter, by=same_person, **YES)
    assert not Visit.objects.exists()


@pytest.mark.parametrize("name", ["wu", "feng", "wang", "zhou", "zheng", "sun"])
def test_without_the_power_nobody_calls(make: Make, cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        service.visit(make.silent(), by=cast.actor(name), **YES)


@pytest.mark.parametrize(
    ("lacking", "what"), [("contacted", "第一问"), ("solved", "第二问"), ("satisfaction", "第三问")]
)
def test_all_three_are_asked(make: Make, cast: Cast, lacking: str, what: str) -> None:
    with pytest.raises(MissingWordsError, match=what):
        service.visit(make.silent(), by=cast.actor("li"), **{**YES, lacking: None})


def test_a_no_says_what_is_wrong_and_a_grade_is_one_of_the_list(make: Make, cast: Cast) -> None:
    with pytest.raises(MissingWordsError, match="哪里没有解决"):
        service.visit(make.silent(), by=cast.actor("li"), **{**NO, "said": " "})
    with pytest.raises(MissingWordsError):
        service.visit(make.silent(), by=cast.actor("li"), **{**YES, "satisfaction": 6})
    with pytest.raises(UnknownCodeError):
        service.visit(make.silent(), by=cast.actor("li"), outcome="maybe")


def test_nobody_answered_three_times_and_that_is_enough(make: Make, cast: Cast) -> None:
    matter, li = make.silent(), cast.actor("li")
    for tries in (1, 2, 3):
        matter = service.visit(matter, outcome="no-answer", by=li)
        assert matter.visit_tries == tries
        assert (matter.visit_at is None) == (tries == 3)
        assert matter not in followups.to_visit(li)  # Not at once again.
    with pytest.raises(NotNow, match="回访完了"):
        service.visit(matter, outcome="no-answer", by=li)
    assert matter.state == State.VERIFIED
    assert matter.solved is None  # Silence is no yes.


def test_what_was_not_reached_has_no_answers(make: Make, cast: Cast) -> None:
    matter = service.visit(make.silent(), by=cast.actor("li"), **{**YES, "outcome": "refused"})
    row = Visit.objects.get(matter=matter)
    assert (row.contacted, row.solved, row.satisfaction) == (None, None, None)
    assert matter.solved is None
    assert matter.visit_at is None


def test_who_has_said_something_already_is_not_called(make: Make, cast: Cast) -> None:
    for matter in (make.disliked(visibility="named", phone="13812345678"), make.verified()):
        with pytest.raises(NotNow):  # The second left no way to be reached.
            service.visit(matter, by=cast.actor("li"), **YES)


def test_after_the_time_for_rating_is_over_a_call_still_counts(make: Make, cast: Cast) -> None:
    matter = make.silent()
    service.lapse(matter.subject, Actor.system("timers"))
    matter.refresh_from_db()
    assert matter.state == State.CLOSED
    assert matter in followups.to_visit(cast.actor("li"))
    matter = service.visit(matter, by=cast.actor("li"), **YES)
    assert (matter.state, matter.solved) == (State.CLOSED, True)


def test_the_list_is_of_what_is_due_here_and_of_others_work(make: Make, cast: Cast) -> None:
    li = cast.actor("li")
    due = make.silent()
    make.verified(visibility="named", phone="13800000000")  # Verified a moment ago.
    make.verified()  # Nobody to call.
    assert [each.number for each in followups.visits_page(li)] == [due.number]
    assert followups.to_visit_count(li) == 1
    assert not followups.to_visit(cast.actor("qian")).exists()
    assert not followups.to_visit(cast.actor("jiang")).exists()  # The township's desk has it.
    with pytest.raises(Refused):
        followups.visits_page(cast.actor("wu"))
    with clock.at(clock.now() + timedelta(days=40)):
        assert followups.visits_page(li) == []


# --- Rounds -----------------------------------------------------------------------------------------------------------
def test_still_not_solved_goes_up_a_level_each_time_and_ends_in_supervision(make: Make, cast: Cast) -> None:
    """Nobody can pass it on for ever: once by itself, then county, then city, then pressed."""
    matter = make.verified()
    resident = Actor.resident()
    matter = service.reopen(matter, why="还不亮", by=resident)
    assert (matter.level, matter.state) == (3, State.HANDLING)
    for level, desk in ((2, "county_desk"), (1, "city_desk")):
        matter = answered_again(make, cast, matter)
        matter = service.reopen(matter, why="还是不亮", by=resident)
        assert (matter.level, matter.state, matter.handler) == (level, State.TRIAGE, cast.bodies[desk])
        fact, left = last_of(matter)
        assert isinstance(fact, MatterReopened)
        # 城管办, which answered each time, may still appeal against that rating.
        assert (left.body, left.verdict) == (cast.bodies["liulin_urban"].pk, matter.verdict)
        assert (fact.above, fact.handler) == (True, cast.bodies[desk].pk)
    for times in (4, 5):
        matter = answered_again(make, cast, matter)
        matter = service.reopen(matter, why="还是不亮", by=resident)
        assert (matter.level, matter.state, matter.reopened) == (1, State.HANDLING, times)
        with clock.at(clock.now() + timedelta(seconds=1)):
            assert timers.run_once() == 1
            assert timers.run_once() == 0
        pressed = journal.history(matter.subject)[-1]
        assert isinstance(pressed.fact, MatterPressed)
        assert (pressed.author.kind, pressed.fact.grade, pressed.fact.level) == ("system", "ordinary", 1)
        matter.refresh_from_db()
        assert matter.grade == 2


def test_settled_on_the_spot_goes_to_the_community_and_then_up(make: Make, cast: Cast) -> None:
    matter = service.settle(make.matter(), reply="灯泡换好了", by=cast.actor("wang"))
    matter = service.reopen(matter, why="又灭了", by=Actor.resident())
    assert (matter.level, matter.state) == (4, State.TRIAGE)
    matter = service.assign(matter, to=cast.bodies["huaihua"], differs="nearer", by=cast.actor("zhou"))
    clerk = replace(cast.actor("zhou"), person_id=cast.people["sun"].pk, powers=cast.actor("wu").powers)
    matter = service.accept(matter, by=clerk)
    matter = service.answer(matter, outcome=make.outcome, reply="又换了", by=clerk)
    matter = service.reopen(matter, why="还是灭", by=Actor.resident())
    assert (matter.level, matter.handler) == (3, cast.bodies["liulin_desk"])


def test_a_new_answer_is_rated_anew(make: Make, cast: Cast) -> None:
    matter = service.reopen(make.verified(), why="还不亮", by=Actor.resident())
    assert (matter.solved, matter.verdict) == (False, matter.version)
    matter = answered_again(make, cast, matter)
    assert (matter.solved, matter.verdict) == (None, None)


# --- The pages ----------------------------------------------------------------------------------------------------------
def test_the_dispatcher_calls_by_the_script(sign_in: Any, make: Make, client: Any) -> None:
    matter = make.silent()
    li = sign_in("li")
    assert matter.number in li.get("/matters/visits/").content.decode()
    where = f"/matters/{matter.number}/visit/"
    page = li.get(where).content.decode()
    assert "办理的单位有没有联系过您" in page
    assert "13812345678" not in page
    answer = li.post(f"/matters/{matter.number}/reveal/", {"purpose": "verify", "back": "visit"})
    assert answer.status_code == 302
    assert "13812345678" in li.get(where).content.decode()
    matter.refresh_from_db()
    typed = {"outcome": "reached", "contacted": "yes", "solved": "no", "said": "", "version": matter.version}
    refused = li.post(where, typed)
    assert refused.status_code == 422
    assert li.post(where, typed | {"said": "东边那盏还是黑的"}).status_code == 302
    assert matter.number not in li.get("/matters/visits/").content.decode()
    assert li.post(where, typed | {"said": "东边那盏还是黑的"}).status_code in {404, 409}
    told = client.get(f"/m/{matter.number}/{follow_token(matter.number)}/").content.decode()
    assert "您在电话里说没解决，重新办" in told
    assert "东边那盏还是黑的" in told


@pytest.mark.parametrize("name", ["wu", "zheng", "sun"])
def test_the_list_and_the_call_are_for_who_may_call(sign_in: Any, make: Make, name: str) -> None:
    matter = make.silent()
    client = sign_in(name)
    assert client.get("/matters/visits/").status_code == 403
    assert client.get(f"/matters/{matter.number}/visit/").status_code == 403
    assert client.post(f"/matters/{matter.number}/visit/", {"outcome": "reached"}).status_code == 403


def test_the_neighbours_dispatcher_is_not_told_that_it_exists(sign_in: Any, make: Make) -> None:
    assert sign_in("qian").get(f"/matters/{make.silent().number}/visit/").status_code == 404


def test_the_matters_page_leads_there(sign_in: Any, make: Make, cast: Cast) -> None:
    matter = make.silent()
    assert "visit" in {each.name for each in queries.open_moves(matter, cast.actor("li"))}
    assert f"/{'visit'}/" in sign_in("li").get(f"/matters/{matter.number}/").content.decode()
