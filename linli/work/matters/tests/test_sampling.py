"""抽查 — a month's exclusions by lot, the same for whoever draws again; what is found wrong is looked at again."""

from datetime import date, datetime
from typing import Any

import pytest

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Appointment
from linli.mechanisms.flow import NotNow, timers
from linli.mechanisms.journal import seals
from linli.work.matters import overseeing, queries, rules, service
from linli.work.matters.flow import State
from linli.work.matters.models import Draw, Matter, Sample, SecondLook
from linli.work.matters.service.handling import MissingWordsError

SYSTEM = Actor.system("timers")


def test_the_month_is_drawn_once_by_the_timer_with_a_seal_nobody_could_know(make: Any):
    with clock.at(datetime(2026, 10, 20, 9, tzinfo=clock.CITY)):
        matters = [make.excluded() for _ in range(6)]
    with clock.at(datetime(2026, 11, 1, 0, 10, tzinfo=clock.CITY)):
        seal = seals.seal_now(everything=True)
    with clock.at(datetime(2026, 11, 1, 1, 30, tzinfo=clock.CITY)):
        while timers.run_once():
            pass
        service.draw(date(2026, 10, 1), by=SYSTEM)
    drawing = Draw.objects.get()
    assert (drawing.seed, drawing.seal) == (bytes(seal.root).hex(), seal.number)  # type: ignore[union-attr]
    assert (drawing.excluded, drawing.percent) == (6, 20)
    expected = rules.drawn([f"{each.number}-拒1" for each in matters], seed=drawing.seed, percent=20, least=1)
    assert {each.exclusion.number for each in Sample.objects.all()} == set(expected)
    sampled = Matter.objects.get(exclusions__number=expected[0])
    assert [each.move for each in journal.history(sampled.subject)].count("sample") == 1


def test_what_spoke_of_danger_is_always_looked_at(make: Any, cast: Any):
    make.excluded()
    for _ in range(3):
        matter = make.matter(text="楼道里煤气泄漏，味道很大")
        matter = service.propose_exclusion(
            matter, reason="emergency-line", said="请马上打119", channel="119 接警，9:20", by=cast.actor("li")
        )
        service.exclude(matter, by=cast.actor("ma"))
    service.draw(clock.today().replace(day=1), by=SYSTEM)
    assert Sample.objects.filter(exclusion__emergency=True).count() == 3


def test_only_what_was_confirmed_is_drawn(make: Any, cast: Any):
    make.excluding()
    service.keep(make.excluding(), why="该受理", by=cast.actor("ma"))
    assert service.draw(clock.today().replace(day=1), by=SYSTEM) == []


def test_found_right_it_counts_and_stays(make: Any):
    matter, tang = make.sampled(), make.overseer()
    matter = service.find(matter, rightly=True, why="理由和渠道都对", by=tang)
    assert matter.state == State.EXCLUDED
    month = overseeing.month_of(tang)
    assert (month.total.drawn, month.total.judged, month.total.precision) == (1, 1, 1.0)
    assert [each.rightly for each in month.laid] == [True]
    with pytest.raises(NotNow, match="没有等着看"):
        service.find(matter, rightly=False, why="再想想", by=tang)


def test_found_wrong_it_is_looked_at_again_by_the_level_above(make: Any, cast: Any):
    matter, tang = make.sampled(), make.overseer()
    matter = service.find(matter, rightly=False, why="没有起诉过，该受理", by=tang)
    assert matter.state == State.SECOND_LOOK
    assert SecondLook.objects.get().asked_by == "overseer"
    assert matter.handler_id == cast.bodies["county_desk"].pk
    matter = service.look_again(matter, stands=True, why="查过，起诉了", by=cast.actor("jiang"))
    assert overseeing.month_of(tang).total.precision == 0.0
    assert (
        service.ask_second_look(matter, by=Actor.resident()).state == State.SECOND_LOOK
    )  # The resident's own is not used up.


def test_found_wrong_after_it_was_overturned_only_counts(make: Any, cast: Any):
    matter = service.ask_second_look(make.sampled(), by=Actor.resident())
    matter = service.look_again(matter, stands=False, why="该受理", by=cast.actor("jiang"))
    matter = service.find(matter, rightly=False, why="同意复核", by=make.overseer())
    assert matter.state == State.TRIAGE
    assert SecondLook.objects.count() == 1


@pytest.mark.parametrize("who", ["li", "ma", "jiang", "zheng", "sun", "wu"])
def test_only_an_overseer_judges(make: Any, cast: Any, who: str):
    with pytest.raises(Refused):
        service.find(make.sampled(), rightly=True, why="对的", by=cast.actor(who))


def test_an_overseer_who_had_a_hand_in_it_does_not_judge_it(make: Any, cast: Any):
    matter, tang = make.sampled(), make.overseer()
    post = Appointment.objects.get(person=cast.people["tang"]).post
    Appointment.objects.filter(person=cast.people["ma"]).delete()
    Appointment.objects.create(person=cast.people["ma"], post=post, from_on="2026-01-01")
    with pytest.raises(Refused):
        service.find(matter, rightly=True, why="我确认的", by=cast.actor("ma"))
    with pytest.raises(MissingWordsError):
        service.find(matter, rightly=True, why=" ", by=tang)


def test_an_exclusion_that_nobody_drew_is_not_judged(make: Any):
    tang = make.overseer()
    matter = make.excluded()
    assert "find_right" not in {each.name for each in queries.open_moves(matter, tang)}
    with pytest.raises(NotNow):
        service.find(matter, rightly=True, why="对的", by=tang)


def test_it_is_done_on_the_pages(make: Any, cast: Any, client: Any):
    matter, tang = make.sampled(), make.overseer()
    del tang
    client.force_login(cast.people["tang"])
    page = client.get("/matters/exclusions/").content.decode()
    for said in (matter.number, "等监督员看", Draw.objects.get().seed, "还没有看"):
        assert said in page
    assert "不予受理得对吗" in client.get(f"/matters/{matter.number}/").content.decode()
    assert client.post(f"/matters/{matter.number}/find/", {"why": "对"}).status_code == 422
    sent = {"rightly": "yes", "why": "理由和渠道都对"}
    assert client.post(f"/matters/{matter.number}/find/", sent).status_code == 302
    page = client.get("/matters/exclusions/?month=nonsense").content.decode()
    assert "100%" in page
    assert "共 1 件" in page
