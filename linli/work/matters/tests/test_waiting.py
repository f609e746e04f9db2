"""延期和挂账 — one extension with its reason; carried over with an owner and a day; the clock stands still meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from linli.facts.matters import MatterCarried, MatterExtended, MatterUnreviewed
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, SameHands, clocks, timers
from linli.work.matters import queues, service
from linli.work.matters.flow import State
from linli.work.matters.models import Carry, Matter
from linli.work.matters.service.handling import MissingWordsError

WHY = "配件要从外地发来"


def asked(make: Any, cast: Any, days: int = 3) -> Matter:
    return service.ask_extension(make.handling(), days=days, why=WHY, by=cast.actor("wu"))


def carried(make: Any, cast: Any, days: int = 20) -> Matter:
    day = clock.today() + timedelta(days=days)
    return service.carry(make.handling(), reason="season", why="等开春化冻", review_on=day, by=cast.actor("feng"))


def test_an_extension_moves_the_date_and_the_resident_reads_why(make: Any, cast: Any, client: Any):
    matter = make.handling()
    due = matter.due_at
    matter = service.ask_extension(matter, days=3, why=WHY, by=cast.actor("wu"))
    assert matter.state == State.EXTENDING
    matter = service.extend(matter, by=cast.actor("feng"))
    assert matter.state == State.HANDLING
    assert timedelta(days=3) <= matter.due_at - due <= timedelta(days=12)
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterExtended)
    assert fact.answer_by == matter.due_at == clocks.running(matter.subject, "handle").due_at  # type: ignore[union-attr]
    from linli.work.matters.words import follow_token

    page = client.get(f"/m/{matter.number}/{follow_token(matter.number)}/").content.decode()
    assert WHY in page
    assert "同意延期" in page


def test_an_extension_is_given_once(make: Any, cast: Any):
    matter = service.extend(asked(make, cast), by=cast.actor("feng"))
    with pytest.raises(NotNow, match="已经延期过一次"):
        service.ask_extension(matter, days=1, why=WHY, by=cast.actor("wu"))


def test_it_is_decided_by_somebody_else_of_the_same_body(make: Any, cast: Any):
    matter = service.ask_extension(make.handling(), days=2, why=WHY, by=cast.actor("feng"))
    with pytest.raises(SameHands):
        service.extend(matter, by=cast.actor("feng"))
    for name in ("wu", "li", "zhou", "qian"):
        with pytest.raises(Refused):
            service.extend(matter, by=cast.actor(name))


@pytest.mark.parametrize("days", [0, -1, 6, 10**9])
def test_it_is_asked_for_in_reason(make: Any, cast: Any, days: int):
    with pytest.raises(MissingWordsError):
        service.ask_extension(make.handling(), days=days, why=WHY, by=cast.actor("wu"))
    with pytest.raises(MissingWordsError):
        service.ask_extension(make.handling(), days=1, why=" ", by=cast.actor("wu"))


def test_silence_is_a_refusal_so_that_no_clock_stands_for_good(make: Any, cast: Any):
    matter = asked(make, cast)
    with clock.at(clock.now() + timedelta(days=7)):
        timers.run_once()
        timers.run_once()
    moves = [each.move for each in journal.history(matter.subject)]
    assert moves.count("refuse_extension") == 1
    assert Matter.objects.get(pk=matter.pk).state == State.HANDLING


def test_a_refused_extension_leaves_the_old_limit(make: Any, cast: Any):
    began = clock.now()
    matter = asked(make, cast)
    due = matter.due_at
    with clock.at(began + timedelta(minutes=5)):
        matter = service.refuse_extension(matter, why="来得及", by=cast.actor("feng"))
    assert matter.due_at >= due
    assert matter.due_at - due <= timedelta(days=1)


def test_what_is_carried_has_an_owner_a_day_and_a_clock_that_stands_still(make: Any, cast: Any):
    began = clock.now()
    matter = carried(make, cast)
    due = matter.due_at
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterCarried)
    assert fact.owner == cast.people["feng"].pk
    assert not matter.is_in_hand
    mine = queues.page_of(cast.actor("feng"), queues.Filters(view="mine")).matters
    assert matter.number in {each.number for each in mine}
    with clock.at(began + timedelta(days=10)):
        matter = service.take_back(matter, why="化冻了", by=cast.actor("feng"))
    assert matter.state == State.HANDLING
    assert matter.due_at > due
    assert Carry.objects.get(matter=matter).ended_at is not None


def test_the_day_of_review_is_told_once_when_it_passes(make: Any, cast: Any):
    matter = carried(make, cast, days=5)
    with clock.at(clock.now() + timedelta(days=7)):
        timers.run_once()
        timers.run_once()
        told = [each for each in journal.history(matter.subject) if isinstance(each.fact, MatterUnreviewed)]
        assert len(told) == 1
        day = clock.today() + timedelta(days=30)
        matter = service.review(matter, why="地还冻着，开春再看", review_on=day, by=cast.actor("feng"))
    assert matter.state == State.CARRIED
    assert journal.history(matter.subject)[-1].fact.in_time is False  # type: ignore[attr-defined]


def test_carrying_is_for_the_head_with_a_reason_and_a_day_that_comes(make: Any, cast: Any):
    matter, day = make.handling(), clock.today() + timedelta(days=20)
    with pytest.raises(Refused):
        service.carry(matter, reason="season", why="等开春", review_on=day, by=cast.actor("wu"))
    for wrong in (clock.today(), clock.today() - timedelta(days=1), clock.today() + timedelta(days=121)):
        with pytest.raises(MissingWordsError):
            service.carry(matter, reason="season", why="等开春", review_on=wrong, by=cast.actor("feng"))


def test_what_is_carried_may_be_withdrawn_and_is_not_carried_any_more(make: Any, cast: Any):
    matter = service.withdraw(carried(make, cast), why="自己弄好了", by=Actor.resident())
    assert matter.state == State.WITHDRAWN
    assert Carry.objects.get(matter=matter).ended_at is not None


def test_it_is_done_on_the_page(make: Any, cast: Any, client: Any):
    matter = make.handling()
    client.force_login(cast.people["wu"])
    path = f"/matters/{matter.number}/"
    assert "申请延期" in client.get(path).content.decode()
    sent = {"days": "2", "why": WHY, "version": str(matter.version)}
    assert client.post(f"{path}ask_extension/", sent).status_code == 302
    client.force_login(cast.people["feng"])
    assert "同意延期" in client.get(path).content.decode()
    assert client.post(f"{path}extend/").status_code == 302
    page = client.post(f"{path}carry/", {"reason": "season", "why": "等开春", "review_on": "明天"})
    assert page.status_code == 422
    assert "等开春" in page.content.decode()
    day = (clock.today() + timedelta(days=9)).isoformat()
    assert client.post(f"{path}carry/", {"reason": "season", "why": "等开春", "review_on": day}).status_code == 302
    assert "哪天再看" in client.get(path).content.decode()
    assert client.post(f"{path}take_back/", {"why": "化冻了"}).status_code == 302
    assert Matter.objects.get(pk=matter.pk).state == State.HANDLING
