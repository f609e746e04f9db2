"""不予受理 — two people, a second look by a third, and never by silence (C.5, 8: listed by reason and reviewer)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linli.facts.matters import MatterExcluded, MatterSecondLookAsked, MatterUnconfirmed, MatterUnlooked
from linli.kernel import clock
from linli.kernel.rules import UnknownCodeError
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Appointment, Person
from linli.mechanisms.flow import NotNow, SameHands, clocks, timers
from linli.mechanisms.flow.models import Clock, Timer
from linli.work.matters import exclusions, overseeing, queries, queues, service
from linli.work.matters.flow import State
from linli.work.matters.models import Exclusion, Matter, SecondLook
from linli.work.matters.service.handling import MissingWordsError

GAS = "楼道里煤气泄漏，味道很大"
SAID = "已经起诉的，由法院裁判，街道不能判。"


def propose(matter: Matter, by: Actor, reason: str = "litigation", **rest: Any) -> Matter:
    return service.propose_exclusion(matter, reason=reason, said=SAID, by=by, **rest)


def moves_of(matter: Matter) -> list[str]:
    return [each.move for each in journal.history(matter.subject)]


def test_a_proposal_excludes_nothing_and_stops_the_clock(make: Any, cast: Any):
    matter = make.excluding()
    assert (matter.state, matter.ended_at) == (State.EXCLUDING, None)
    assert clocks.running(matter.subject, "handle").paused_at is not None  # type: ignore[union-attr]
    row = Exclusion.objects.get(matter=matter)
    assert (row.confirmed, row.proposer, row.rule) == (None, cast.people["li"], "lists/exclusions v1 #litigation")
    waiting = queues.page_of(cast.actor("ma"), queues.Filters(view="mine")).matters
    assert matter.number in [each.number for each in waiting]


def test_whoever_proposed_may_neither_confirm_nor_refuse(make: Any, cast: Any):
    matter = make.excluding()
    for act in (
        lambda: service.exclude(matter, by=cast.actor("li")),
        lambda: service.keep(matter, why="算了", by=cast.actor("li")),
    ):
        with pytest.raises(SameHands):
            act()
    assert Matter.objects.get(pk=matter.pk).state == State.EXCLUDING


def test_the_database_keeps_four_eyes_too(make: Any, cast: Any):
    make.excluding()
    with pytest.raises(IntegrityError), transaction.atomic():
        Exclusion.objects.update(confirmed=True, decider=cast.people["li"], decided_at=clock.now())


@pytest.mark.parametrize("who", ["wang", "zhou", "wu", "feng", "zheng", "sun", "qian"])
def test_others_neither_propose_nor_confirm(make: Any, cast: Any, who: str):
    with pytest.raises(Refused):
        propose(make.raised(), cast.actor(who)) if who != "qian" else service.exclude(
            make.excluding(), by=cast.actor("sun")
        )
    matter = make.excluding()
    if who == "qian":  # Has the power, next door: the matter is not to be found at all.
        assert not queries.visible_to(cast.actor("qian")).filter(pk=matter.pk).exists()
        return
    with pytest.raises(Refused):
        service.exclude(matter, by=cast.actor(who))


def test_the_second_person_stands_no_lower_than_the_first(make: Any, cast: Any):
    matter = propose(make.raised(), cast.actor("jiang")) if _another_county_dispatcher(cast) else None
    assert matter is not None
    with pytest.raises(Refused, match="县区"):
        service.exclude(matter, by=cast.actor("ma"))


def test_confirmed_it_ends_with_ground_channel_and_rule_for_the_resident(make: Any, cast: Any, client: Any):
    matter = make.excluded()
    assert (matter.state, matter.is_open) == (State.EXCLUDED, False)
    assert matter.ended_at is not None
    assert not Clock.objects.filter(subject=matter.subject, stopped_at=None).exists()
    assert not Timer.objects.filter(subject=matter.subject).exists()
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterExcluded)
    assert (fact.reason, fact.proposer, fact.rule) == (
        "litigation",
        cast.people["li"].pk,
        "lists/exclusions v1 #litigation",
    )
    page = client.get(follow(matter)).content.decode()
    for said in ("应当诉讼", SAID, "人民法院诉讼服务中心", "tel:12368", "不予受理和转其他渠道的情形", "请再看一次"):
        assert said in page
    assert "李调度" not in page


def test_the_second_person_may_have_it_handled(make: Any, cast: Any):
    matter = make.excluding()
    due = matter.due_at
    with clock.at(clock.now() + timedelta(days=3)):
        matter = service.keep(matter, why="该街道调解", by=cast.actor("ma"))
    assert matter.state == State.TRIAGE
    assert matter.due_at > due
    assert matter.handler_id == cast.bodies["liulin_desk"].pk
    assert Exclusion.objects.get(matter=matter).confirmed is False
    again = propose(matter, cast.actor("ma"), reason="beyond")
    assert service.exclude(again, by=cast.actor("li")).state == State.EXCLUDED


def test_silence_is_told_once_and_excludes_nothing(make: Any, cast: Any):
    matter = make.excluding()
    with clock.at(clock.now() + timedelta(days=30)):
        while timers.run_once():
            pass
    told = [each.fact for each in journal.history(matter.subject) if isinstance(each.fact, MatterUnconfirmed)]
    assert [each.decider for each in told] == [cast.bodies["county_desk"].pk]  # type: ignore[union-attr]
    assert Matter.objects.get(pk=matter.pk).state == State.EXCLUDING
    assert "mark_overdue" not in moves_of(matter)


def test_where_nobody_else_could_confirm_nothing_is_proposed(make: Any, cast: Any):
    Appointment.objects.filter(person__username__in=("ma", "jiang")).delete()
    matter = make.raised()
    with pytest.raises(NotNow, match="没有第二个人"):
        propose(matter, cast.actor("li"))
    assert Matter.objects.get(pk=matter.pk).state == State.TRIAGE


def test_a_lonely_dispatcher_is_confirmed_by_the_county(make: Any, cast: Any):
    Appointment.objects.filter(person__username="ma").delete()
    matter = propose(make.raised(), cast.actor("li"))
    assert matter.handler_id == cast.bodies["county_desk"].pk
    matter = service.exclude(matter, by=cast.actor("jiang"))
    assert Exclusion.objects.get(matter=matter).level == 2
    assert exclusions.may_ask_again(matter)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"said": ""}, MissingWordsError), ({"reason": "because"}, UnknownCodeError), ({"reason": "other"}, MissingWordsError),
        ({"reason": "repeat", "channel": " "}, MissingWordsError),
    ],
)  # fmt: skip
def test_a_ground_words_and_where_no_list_knows_it_a_channel_are_needed(
    make: Any, cast: Any, typed: Any, error: type[Exception]
):
    with pytest.raises(error):
        service.propose_exclusion(
            make.raised(), **{"reason": "litigation", "said": SAID, "by": cast.actor("li"), **typed}
        )


def test_what_others_go_along_with_is_not_excluded_over_their_heads(make: Any, cast: Any):
    main, other = make.raised(text="东门路灯只亮半边"), make.raised(text="东门的路灯坏了")
    service.merge([other], into=main, by=cast.actor("li"))
    main.refresh_from_db()
    with pytest.raises(NotNow, match="先撤回并案"):
        propose(main, cast.actor("li"))
    excluding = make.excluding()
    with pytest.raises(NotNow):
        service.merge([make.raised()], into=excluding, by=cast.actor("li"))


# --- What speaks of danger ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["words", "added", "risk"])
def test_danger_is_never_excluded_in_silence(make: Any, cast: Any, how: str):
    matter = make.matter(text=GAS) if how == "words" else make.raised(text="楼下的门关不上")
    if how == "added":
        service.add(matter, said="着火了，有人困在里面", by=Actor.resident())
        matter.refresh_from_db()
    if how == "risk":
        Matter.objects.filter(pk=matter.pk).update(risk=3)
        matter.refresh_from_db()
    li = cast.actor("li")
    with pytest.raises(MissingWordsError, match="说到危险"):
        propose(matter, li, reason="beyond")
    with pytest.raises(MissingWordsError, match="转给了谁"):
        propose(matter, li, reason="emergency-line")
    matter = propose(matter, li, reason="emergency-line", channel="119 接警，9:20")
    assert Exclusion.objects.get(matter=matter).emergency
    (said,) = [each.said for each in queries.story(matter, for_resident=True) if each.move == "propose_exclusion"]
    assert said == SAID  # Told at once, not only when it is confirmed.


def test_danger_waits_an_hour_for_the_second_person_not_a_day(make: Any, cast: Any):
    matter = make.matter(text=GAS)
    matter = propose(matter, cast.actor("li"), reason="emergency-line", channel="119 接警，9:20")
    waiting = clocks.running(matter.subject, "confirm")
    assert waiting is not None
    assert waiting.due_at - waiting.started_at == timedelta(hours=1)


# --- The second look ----------------------------------------------------------------------------------------------
def test_a_second_look_goes_to_the_level_above(make: Any, cast: Any):
    matter = make.second_look()
    assert (matter.state, matter.ended_at) == (State.SECOND_LOOK, None)
    fact = journal.history(matter.subject)[-1].fact
    assert isinstance(fact, MatterSecondLookAsked)
    assert (fact.level, fact.handler, fact.asked_by) == (2, cast.bodies["county_desk"].pk, "resident")
    waiting = queues.page_of(cast.actor("jiang"), queues.Filters(view="mine")).matters
    assert matter.number in [each.number for each in waiting]


@pytest.mark.parametrize("who", ["li", "ma", "zhou", "wu", "zheng", "sun"])
def test_whoever_had_a_hand_in_it_or_stands_below_does_not_look_again(make: Any, cast: Any, who: str):
    matter = make.second_look()
    with pytest.raises(Refused):
        service.look_again(matter, stands=True, why="维持", by=cast.actor(who))


def test_a_confirmer_who_looks_for_the_county_is_the_same_person(make: Any, cast: Any):
    """江调度 confirmed; the second look is the city's, and even with the city's post it is not 江调度's."""
    _post_at_the_city(cast, "jiang")
    matter = service.exclude(make.excluding(), by=cast.actor("jiang"))
    matter = service.ask_second_look(matter, by=Actor.resident())
    with pytest.raises(SameHands):
        service.look_again(matter, stands=True, why="维持", by=_acting(cast, "jiang", "city_dispatcher"))


def test_upheld_it_stays_and_there_is_no_second_second_look(make: Any, cast: Any):
    matter = service.look_again(make.second_look(), stands=True, why="还是该法院判", by=cast.actor("jiang"))
    assert matter.state == State.EXCLUDED
    assert matter.ended_at is not None
    assert not exclusions.may_ask_again(matter)
    with pytest.raises(NotNow, match="已经请人再看过一次"):
        service.ask_second_look(matter, why="再看", by=Actor.resident())
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondLook.objects.create(
            exclusion=Exclusion.objects.get(matter=matter), asked_by="resident", asked_at=clock.now(), level=2
        )


def test_overturned_it_is_to_be_assigned_and_its_clock_goes_on(make: Any, cast: Any):
    matter = make.excluded()
    running = Clock.objects.get(subject=matter.subject, name="handle")
    due, left = running.due_at, running.due_at - matter.ended_at
    with clock.at(matter.ended_at + timedelta(days=20)):
        matter = service.ask_second_look(matter, why="", by=Actor.resident())
        matter = service.look_again(matter, stands=False, why="该街道调解", by=cast.actor("jiang"))
        now = clock.now()
    assert matter.state == State.TRIAGE
    assert matter.handler_id == cast.bodies["liulin_desk"].pk
    assert matter.due_at > due
    assert timedelta() < matter.due_at - now <= left + timedelta(days=9)  # The rest of its working days, and holidays.
    running.refresh_from_db()
    assert (running.stopped_at, running.paused_at, running.due_at) == (None, None, matter.due_at)
    assigned = service.assign(matter, to=cast.bodies["liulin_urban"], differs="local-division", by=cast.actor("li"))
    assert assigned.state == State.ASSIGNED


def test_after_an_overturned_exclusion_a_new_one_may_be_asked_about_again(make: Any, cast: Any):
    matter = service.look_again(make.second_look(), stands=False, why="该受理", by=cast.actor("jiang"))
    matter = service.exclude(propose(matter, cast.actor("ma"), reason="beyond"), by=cast.actor("li"))
    assert service.ask_second_look(matter, by=Actor.resident()).state == State.SECOND_LOOK


def test_silence_about_a_second_look_is_told_once(make: Any, cast: Any):
    matter = make.second_look()
    with clock.at(clock.now() + timedelta(days=30)):
        while timers.run_once():
            pass
    told = [each for each in journal.history(matter.subject) if isinstance(each.fact, MatterUnlooked)]
    assert len(told) == 1
    assert Matter.objects.get(pk=matter.pk).state == State.SECOND_LOOK


@pytest.mark.parametrize("state", ["excluding", "second_look"])
def test_the_resident_may_take_it_back_meanwhile(make: Any, state: str):
    matter = service.withdraw(getattr(make, state)(), why="算了", by=Actor.resident())
    assert matter.state == State.WITHDRAWN
    assert not Clock.objects.filter(subject=matter.subject, stopped_at=None).exists()
    assert not Exclusion.objects.filter(matter=matter, decided_at=None).exists()
    assert not SecondLook.objects.filter(exclusion__matter=matter, looked_at=None).exists()


# --- Counted, on the page -----------------------------------------------------------------------------------
def test_c5_8_exclusions_are_listed_by_reason_and_reviewer(make: Any, cast: Any):
    make.excluded()
    service.look_again(make.second_look(), stands=False, why="该受理", by=cast.actor("jiang"))
    service.keep(make.excluding(), why="该受理", by=cast.actor("ma"))
    make.excluding()
    month = overseeing.month_of(cast.actor("jiang"))
    (line,) = month.grounds
    assert (line.name, line.waiting, line.confirmed, line.refused, line.asked, line.overturned) == (
        "应当诉讼",
        1,
        2,
        1,
        1,
        1,
    )
    (reviewer,) = month.reviewers
    assert (reviewer.name, reviewer.confirmed, reviewer.refused) == ("柳林街道综治中心 调度员 马调度", 2, 1)
    assert line.precision is None
    assert overseeing.month_of(cast.actor("qian")).grounds == []


def test_it_is_done_on_the_pages(make: Any, cast: Any, client: Any):
    matter = make.raised()
    client.force_login(cast.people["li"])
    assert "提出不予受理" in client.get(f"/matters/{matter.number}/").content.decode()
    sent = {"reason": "litigation", "said": SAID, "channel": "", "version": str(matter.version)}
    assert client.post(f"/matters/{matter.number}/propose_exclusion/", sent).status_code == 302
    page = client.get(f"/matters/{matter.number}/").content.decode()
    assert "等另一个人确认" in page
    assert "/exclude/" not in page
    assert client.post(f"/matters/{matter.number}/exclude/", {}).status_code == 403
    client.force_login(cast.people["ma"])
    assert "确认不予受理" in client.get(f"/matters/{matter.number}/").content.decode()
    assert client.post(f"/matters/{matter.number}/exclude/", {}).status_code == 302
    assert client.get("/matters/exclusions/").status_code == 200
    client.logout()
    link = follow(matter)
    assert client.post(f"{link}second_look/", {"why": "不是借钱"}).status_code == 302
    assert client.post(f"{link}second_look/", {"why": "不是借钱"}).status_code == 302  # A second tap is no second wish.
    client.force_login(cast.people["jiang"])
    assert "作出复核" in client.get(f"/matters/{matter.number}/").content.decode()
    assert client.post(f"/matters/{matter.number}/look_again/", {"why": "维持"}).status_code == 422
    assert client.post(f"/matters/{matter.number}/look_again/", {"stands": "yes", "why": "仍归法院"}).status_code == 302
    client.logout()
    page = client.get(link).content.decode()
    assert "仍归法院" in page
    assert "second_look/" not in page
    refused = client.post(f"{link}second_look/", {"why": "再看"})
    assert refused.status_code == 409
    assert "已经请人再看过一次" in refused.content.decode()


def test_what_was_typed_is_kept_when_it_is_refused(make: Any, cast: Any, sign_in: Any):
    matter = make.matter(text=GAS)
    sent = {"reason": "beyond", "said": "请找燃气公司", "channel": "燃气公司"}
    answer = sign_in("li").post(f"/matters/{matter.number}/propose_exclusion/", sent)
    assert answer.status_code == 422
    for kept in ("请找燃气公司", "说到危险"):
        assert kept in answer.content.decode()


@pytest.mark.parametrize("verb", ["propose_exclusion", "exclude", "keep", "look_again", "find", "contact"])
def test_a_passer_by_and_a_stranger_may_do_nothing(make: Any, sign_in: Any, client: Any, verb: str):
    number = make.excluding().number
    assert sign_in("qian").post(f"/matters/{number}/{verb}/", {}).status_code == 404
    client.logout()
    assert "/login/" in client.post(f"/matters/{number}/{verb}/", {})["Location"]


@pytest.mark.parametrize(("who", "status"), [("li", 200), ("jiang", 200), ("sun", 200), ("zheng", 200), ("wang", 403)])
def test_who_reads_the_figures(sign_in: Any, make: Any, who: str, status: int):
    make.excluding()
    assert sign_in(who).get("/matters/exclusions/").status_code == status


def follow(matter: Matter) -> str:
    from linli.work.matters.words import follow_token

    return f"/m/{matter.number}/{follow_token(matter.number)}/"


def _another_county_dispatcher(cast: Any) -> Person:
    post = Appointment.objects.get(person=cast.people["jiang"]).post
    person = Person.objects.create_user("jiang2", "x", name="姜调度")
    Appointment.objects.create(person=person, post=post, from_on="2026-01-01")
    return person


def _post_at_the_city(cast: Any, username: str) -> None:
    body = cast.bodies["city_desk"]
    post = body.posts.create(kind="city_dispatcher", title="调度员", area=body.area)
    Appointment.objects.create(person=cast.people[username], post=post, from_on="2026-01-01")


def _acting(cast: Any, username: str, kind: str) -> Actor:
    from linli.mechanisms.access import queries as access

    found = access.appointments_of(cast.people[username])
    return next(access.actor_for(cast.people[username], each) for each, _lent in found if each.post.kind == kind)
