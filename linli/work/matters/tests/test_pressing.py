"""督办: in grades, by the same level or above, with a reason; answered, withdrawn, cleared when the answer is verified."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from linli.facts.matters import MatterEscalated, MatterPressed, MatterReminded, MatterVerified
from linli.kernel import clock
from linli.kernel.rules import UnknownCodeError
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, timers
from linli.mechanisms.flow.models import Timer
from linli.work.matters import followups, queries, queues, service
from linli.work.matters.flow import State
from linli.work.matters.models import Card, Matter
from linli.work.matters.rules import Reminders
from linli.work.matters.service import clockwork
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.words import follow_token
from tests.cast import Cast
from tests.make import Make

WHY = "三天没有动静"


def overseer(cast: Cast, of: str) -> Actor:
    """An overseer of somebody's area, at a body of their own."""
    powers = frozenset({"matters.read", "matters.press", "matters.decide_appeal"})
    return replace(cast.actor(of), post="overseer", title="监督员", powers=powers)


def facts_of(matter: Matter) -> list[Any]:
    return [each.fact for each in journal.history(matter.subject)]


def test_the_grades_come_one_after_the_other_and_end(make: Make, cast: Cast) -> None:
    matter, zheng = make.handling(), cast.actor("zheng")
    for rank, code in enumerate(("reminder", "ordinary", "yellow", "red"), start=1):
        matter = service.press(matter, reason=WHY, by=zheng)
        fact = facts_of(matter)[-1]
        assert isinstance(fact, MatterPressed)
        assert (matter.grade, fact.grade, fact.level, fact.skipped) == (rank, code, 2, 0)
    with pytest.raises(NotNow, match="最高一级"):
        service.press(matter, reason=WHY, by=zheng)
    assert "press" not in {each.name for each in queries.open_moves(matter, zheng)}


def test_a_grade_may_be_skipped_with_a_reason_only(make: Make, cast: Cast) -> None:
    matter, zheng = make.handling(), cast.actor("zheng")
    with pytest.raises(MissingWordsError, match="跳过"):
        service.press(matter, grade="yellow", reason=WHY, by=zheng)
    matter = service.press(matter, grade="yellow", reason=WHY, skip="今晚有雨", by=zheng)
    fact = facts_of(matter)[-1]
    assert (matter.grade, fact.skipped) == (3, 2)
    for grade in ("reminder", "yellow"):  # One open at a time, and never a milder one under a graver.
        with pytest.raises(NotNow, match="已经在了"):
            service.press(matter, grade=grade, reason=WHY, skip="再来", by=zheng)
    with pytest.raises(UnknownCodeError):
        service.press(matter, grade="black", reason=WHY, by=zheng)


def test_the_database_keeps_one_card_of_a_grade(make: Make) -> None:
    matter = make.pressed()
    (card,) = matter.cards.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.create(
            matter=matter, body=card.body, presser=card.presser, rank=card.rank, rule=card.rule, level=2, office="", at=card.at
        )  # fmt: skip


def test_it_needs_a_reason(make: Make, cast: Cast) -> None:
    with pytest.raises(MissingWordsError, match="为什么督办"):
        service.press(make.handling(), reason=" ", by=cast.actor("zheng"))


def test_the_same_level_may_press(make: Make, cast: Cast) -> None:
    assert service.press(make.handling(), reason=WHY, by=overseer(cast, "li")).grade == 1


@pytest.mark.parametrize("name", ["zhou", "wang"])
def test_a_lower_level_presses_nobody(make: Make, cast: Cast, name: str) -> None:
    with pytest.raises(Refused, match="同级或上级"):
        service.press(make.handling(), reason=WHY, by=overseer(cast, name))


def test_a_township_does_not_press_what_the_county_has(make: Make, cast: Cast) -> None:
    matter = service.raise_up(make.raised(), reason=make.raise_reason, tried="街道没有登高车", by=cast.actor("li"))
    assert matter.handler == cast.bodies["county_desk"]
    with pytest.raises(Refused, match="同级或上级"):
        service.press(matter, reason=WHY, by=overseer(cast, "li"))


def test_a_neighbour_of_the_same_level_presses_nobody(make: Make, cast: Cast) -> None:
    with pytest.raises(Refused, match="同级或上级"):
        service.press(make.handling(), reason=WHY, by=overseer(cast, "qian"))


@pytest.mark.parametrize("name", ["li", "wu", "feng", "sun", "zhou"])
def test_without_the_power_nobody_presses(make: Make, cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        service.press(make.handling(), reason=WHY, by=cast.actor(name))


def test_nobody_presses_their_own_body(make: Make, cast: Cast) -> None:
    own = replace(overseer(cast, "li"), body_id=cast.bodies["liulin_urban"].pk)
    with pytest.raises(Refused, match="本单位"):
        service.press(make.handling(), reason=WHY, by=own)


@pytest.mark.parametrize("state", ["answered", "verified", "closed", "objected"])
def test_what_was_answered_or_is_being_decided_is_not_pressed(make: Make, cast: Cast, state: str) -> None:
    with pytest.raises(NotNow):
        service.press(getattr(make, state)(), reason=WHY, by=cast.actor("zheng"))


def test_the_body_responds_and_nobody_else(make: Make, cast: Cast) -> None:
    matter = make.pressed()
    for name in ("li", "zheng"):
        with pytest.raises(Refused):
            service.respond(matter, said="不是我", by=cast.actor(name))
    matter = service.respond(matter, said="明天上午换灯头", by=cast.actor("wu"))
    assert matter.cards.get().responded_at is not None


def test_a_response_without_a_card_is_refused(make: Make, cast: Cast) -> None:
    with pytest.raises(NotNow, match="没有督办"):
        service.respond(make.handling(), said="在办", by=cast.actor("wu"))


def test_the_last_card_is_withdrawn_by_its_level_or_one_above(make: Make, cast: Cast) -> None:
    matter = service.press(make.pressed(), reason=WHY, by=cast.actor("zheng"))
    with pytest.raises(Refused, match="上级撤销"):
        service.withdraw_card(matter, reason="算了", by=overseer(cast, "li"))
    with pytest.raises(MissingWordsError):
        service.withdraw_card(matter, reason="", by=cast.actor("zheng"))
    matter = service.withdraw_card(matter, reason="承办单位已说明", by=cast.actor("zheng"))
    assert matter.grade == 1
    matter = service.withdraw_card(matter, reason="承办单位已说明", by=cast.actor("zheng"))
    assert matter.grade == 0
    with pytest.raises(NotNow):
        service.withdraw_card(matter, reason="再撤", by=cast.actor("zheng"))


def test_verification_clears_every_card(make: Make, cast: Cast) -> None:
    matter = service.press(make.pressed(), reason=WHY, by=cast.actor("zheng"))
    matter = service.answer(matter, outcome=make.outcome, reply="灯头已换", by=cast.actor("wu"))
    assert matter.grade == 2  # An answer alone clears nothing.
    matter = service.verify(matter, by=cast.actor("wang"))
    fact = facts_of(matter)[-1]
    assert isinstance(fact, MatterVerified)
    assert (matter.grade, fact.cards_cleared) == (0, 2)
    assert not matter.cards.filter(cleared_at__isnull=True).exists()


def test_a_residents_yes_clears_them_too(make: Make, cast: Cast) -> None:
    matter = service.answer(make.pressed(), outcome=make.outcome, reply="灯头已换", by=cast.actor("wu"))
    matter = service.rate(matter, satisfaction=5, by=Actor.resident())
    assert (matter.grade, facts_of(matter)[-1].cards_cleared) == (0, 1)


def test_the_queue_the_drill_down_and_the_resident_see_it(make: Make, cast: Cast, client: Any) -> None:
    matter = make.pressed()
    make.handling(text="西门路灯不亮，灯杆歪了")
    zheng = cast.actor("zheng")
    page = queues.page_of(zheng, queues.Filters(view="pressed"))
    assert [each.number for each in page.matters] == [matter.number]
    assert page.counts["pressed"].words == "1"
    assert queues.page_of(zheng, queues.Filters(view="pressed", words="路灯")).counts["pressed"].n == 1
    assert followups.pressed(zheng) == {"reminder": 1, "ordinary": 0, "yellow": 0, "red": 0}
    assert sum(followups.pressed(zheng, area_id=cast.actor("zhou").area_id).values()) == 1
    assert sum(followups.pressed(cast.actor("qian")).values()) == 0
    said = client.get(f"/m/{matter.number}/{follow_token(matter.number)}/").content.decode()
    assert "上级已提醒承办单位" in said
    assert WHY not in said


# --- The pages: who may, and the neighbour who may not -----------------------------------------------------------------
def test_a_leader_presses_on_the_page(sign_in: Any, make: Make) -> None:
    matter = make.handling()
    client = sign_in("zheng")
    where = reverse("matters:matter", args=[matter.number])
    assert "哪一级" in client.get(where).content.decode()
    typed = {"grade": "red", "reason": "灯杆要倒", "skip": "", "version": matter.version}
    answer = client.post(f"{where}press/", typed)
    assert answer.status_code == 422
    assert "灯杆要倒" in answer.content.decode()
    assert client.post(f"{where}press/", typed | {"skip": "会砸人"}).status_code == 302
    page = client.get(where).content.decode()
    assert "督办：红牌" in page
    assert "还没有回复" in page


@pytest.mark.parametrize("verb", ["press", "withdraw_card", "respond", "appeal", "decide_appeal", "visit"])
def test_a_passer_by_is_not_told_that_it_exists(sign_in: Any, make: Make, verb: str) -> None:
    matter = make.pressed()
    assert sign_in("qian").post(f"/matters/{matter.number}/{verb}/", {"version": "1"}).status_code in {403, 404}


def test_the_handler_is_offered_a_response_and_no_pressing(sign_in: Any, make: Make) -> None:
    matter = make.pressed()
    page = sign_in("wu").get(f"/matters/{matter.number}/").content.decode()
    assert "/respond/" in page
    assert "/press/" not in page


# --- Time -------------------------------------------------------------------------------------------------------------
def due_of(matter: Matter, kind: str) -> Any:
    return Timer.objects.get(subject=matter.subject, kind=kind).due_at


def test_reminded_at_each_share_the_pack_names_and_not_after(make: Make) -> None:
    matter = make.handling()
    for share in (75, 90):
        with clock.at(due_of(matter, clockwork.REMIND)):
            assert timers.run_once() == 1
        fact = facts_of(matter)[-1]
        assert isinstance(fact, MatterReminded)
        assert fact.share == share
    left = matter.due_at - journal.history(matter.subject)[-1].at
    assert left < (matter.due_at - matter.registered_at) / 9
    assert not Timer.objects.filter(subject=matter.subject, kind=clockwork.REMIND).exists()


def test_the_levels_above_are_told_once_for_each_step(make: Make, cast: Cast) -> None:
    matter = make.handling()
    Timer.objects.filter(subject=matter.subject, kind=clockwork.REMIND).delete()
    for _step in range(4):
        with clock.at(due_of(matter, clockwork.OVERDUE)):
            assert timers.run_once() == 1
            assert timers.run_once() == 0
    told = [each for each in facts_of(matter) if isinstance(each, MatterEscalated)]
    desks = [cast.bodies[name].pk for name in ("liulin_desk", "county_desk", "city_desk")]
    assert [(each.level, each.decider) for each in told] == list(zip((3, 2, 1), desks, strict=True))
    assert not Timer.objects.filter(subject=matter.subject, kind=clockwork.OVERDUE).exists()


def test_an_answer_stops_the_telling(make: Make, cast: Cast) -> None:
    matter = make.handling()
    with clock.at(due_of(matter, clockwork.OVERDUE)):
        while timers.run_once():
            pass
        service.answer(matter, outcome=make.outcome, reply="灯头已换", by=cast.actor("wu"))
    assert not Timer.objects.filter(subject=matter.subject).exists()


def test_a_city_without_the_list_still_takes_matters_in(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.mechanisms import rulebook

    known = rulebook.current

    def current(schema: Any, *more: Any, **rest: Any) -> Any:
        if schema is Reminders:
            raise rulebook.NoRuleError("没有")
        return known(schema, *more, **rest)

    monkeypatch.setattr(rulebook, "current", current)
    matter = make.matter()
    with clock.at(matter.due_at + timedelta(seconds=2)):
        while timers.run_once():
            pass
    matter.refresh_from_db()
    assert matter.overdue
    assert matter.state == State.WITH_GRID
