"""督办: one grade after the other, only from the same level or above, cleared when the finish is confirmed."""

from dataclasses import replace

import pytest

from linli.mechanisms import flow, journal
from linli.mechanisms.access import Refused
from linli.work.tasks import queries, service
from linli.work.tasks.models import Card, Task
from linli.work.tasks.words import WordsError


def overseer(cast, of):
    """An overseer in the place of somebody."""
    powers = frozenset({"tasks.read", "tasks.press"})
    return replace(cast.actor(of), post="overseer", title="监督员", powers=powers)


def test_the_grades_come_one_after_the_other_and_end(doing, cast):
    zheng = cast.actor("zheng")
    for rank, code in enumerate(("reminder", "ordinary", "yellow", "red"), start=1):
        doing = service.press(doing, reason="进展太慢", by=zheng)
        fact = journal.history(doing.subject)[-1].fact
        assert (doing.grade, fact.grade, fact.level) == (rank, code, 2)
    with pytest.raises(flow.NotNow, match="最高一级"):
        service.press(doing, reason="还是慢", by=zheng)
    assert "press" not in queries.open_moves(doing, zheng)


def test_the_same_level_may_press(doing, cast):
    assert service.press(doing, reason="慢", by=overseer(cast, "li")).grade == 1


def test_a_lower_level_may_not_press(give, cast):
    task = service.take_up(
        give(owner=cast.bodies["county_desk"]), by=replace(cast.actor("zheng"), powers=cast.actor("wu").powers)
    )
    for name in ("li", "zhou", "wang"):
        with pytest.raises(Refused, match="同级或上级"):
            service.press(task, reason="慢", by=overseer(cast, name))
    assert Task.objects.get().grade == 0


def test_a_neighbour_of_the_same_level_may_not_press(doing, cast):
    with pytest.raises(Refused, match="同级或上级"):
        service.press(doing, reason="慢", by=overseer(cast, "qian"))


def test_nobody_presses_their_own_body(doing, cast):
    own = replace(overseer(cast, "li"), body_id=cast.bodies["liulin_urban"].pk)
    with pytest.raises(Refused, match="本单位"):
        service.press(doing, reason="装样子", by=own)


def test_a_card_needs_a_reason(doing, cast):
    with pytest.raises(WordsError, match="为什么督办"):
        service.press(doing, reason=" ", by=cast.actor("zheng"))


def test_a_card_is_withdrawn_with_a_reason_and_the_one_below_stands(doing, cast):
    zheng = cast.actor("zheng")
    task = service.press(service.press(doing, reason="慢", by=zheng), reason="更慢", by=zheng)
    task = service.withdraw_card(task, reason="情况不实", by=zheng)
    assert task.grade == 1
    assert journal.history(task.subject)[-1].fact.grade == "ordinary"
    task = service.withdraw_card(task, reason="已改", by=zheng)
    assert task.grade == 0
    with pytest.raises(flow.NotNow, match="没有督办"):
        service.withdraw_card(task, reason="再撤", by=zheng)
    assert Card.objects.filter(withdrawn_at__isnull=True).count() == 0


def test_a_lower_level_does_not_withdraw_what_a_higher_one_issued(doing, cast):
    task = service.press(doing, reason="慢", by=cast.actor("zheng"))
    with pytest.raises(Refused, match="由上级撤销"):
        service.withdraw_card(task, reason="不服", by=overseer(cast, "li"))
    assert "withdraw_card" not in queries.open_moves(task, overseer(cast, "li"))


def test_a_confirmed_finish_clears_every_card(doing, cast):
    zheng = cast.actor("zheng")
    task = service.press(service.press(doing, reason="慢", by=zheng), reason="更慢", by=zheng)
    task = service.finish(task, evidence="清完了", by=cast.actor("wu"))
    assert task.grade == 2
    task = service.confirm(task, by=zheng)
    assert task.grade == 0
    assert journal.history(task.subject)[-1].fact.cards_cleared == 2
    assert not [card for card in Card.objects.all() if card.stands]


def test_what_is_reported_finished_is_not_pressed(finished, cast):
    with pytest.raises(flow.NotNow):
        service.press(finished, reason="慢", by=cast.actor("zheng"))
