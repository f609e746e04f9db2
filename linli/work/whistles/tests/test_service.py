"""A whistle from the first call to the mutual rating: state, rows and journal."""

from datetime import timedelta
from typing import Any

import pytest

from linli.facts.whistles import SummonsMet, WhistleEscalated, WhistleSounded
from linli.kernel import clock
from linli.mechanisms import flow, journal, rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import timers
from linli.mechanisms.flow.models import Timer
from linli.mechanisms.territory.models import Area
from linli.work.whistles import queries, service
from linli.work.whistles.flow import State
from linli.work.whistles.models import Summons, Whistle
from linli.work.whistles.rules import Absences, Unjustified
from linli.work.whistles.service import Called
from linli.work.whistles.tests.conftest import MORNING, District
from linli.work.whistles.words import WordsError
from tests import place

pytestmark = pytest.mark.django_db
TOWNSHIP = ("agree", "conclude", "rate", "withdraw")
THEIRS = ("acknowledge", "arrive", "explain", "report", "judge")


def row(whistle: Whistle, district: District, body: str) -> Summons:
    return Summons.objects.get(whistle=whistle, body=district.bodies[body])


def facts(whistle: Whistle, kind: type[Any]) -> list[Any]:
    return [each.fact for each in journal.history(whistle.subject) if isinstance(each.fact, kind)]


def do(verb: str, whistle: Whistle, by: Actor, district: District) -> Whistle:
    """Any verb, with what it needs to be well-formed."""
    bodies = [each.body_id for each in queries.called_by(whistle)]
    more: dict[str, Any] = {
        "agree": {"plan": "先封路"},
        "conclude": {"conclusion": "办完了", "bodies": dict.fromkeys(bodies, "来了")},
        "rate": {"scores": dict.fromkeys(bodies, 5)},
        "withdraw": {"reason": "误报"},
        "explain": {"reason": rulebook.current(Absences).list.items[0].code, "said": "正在救援"},
        "report": {"action": "封了半条街"},
        "judge": {"justified": True},
    }.get(verb, {})
    done: Whistle = getattr(service, verb)(whistle, by=by, **more)
    return done


# --- Sounding -----------------------------------------------------------------------------------------------------
def test_each_called_body_gets_its_times_from_the_rule(district):
    with clock.at(MORNING):
        whistle = district.whistle()
    assert whistle.state == State.SOUNDED
    assert whistle.number == "哨26-0407-001"
    for body in ("police", "fire"):
        each = row(whistle, district, body)
        assert each.acknowledge_by == MORNING + timedelta(minutes=10)
        assert each.arrive_by == MORNING + timedelta(minutes=30)
    (fact,) = facts(whistle, WhistleSounded)
    assert fact.bodies == (district.bodies["police"].pk, district.bodies["fire"].pk)
    assert fact.rule.startswith("whistles/kinds v")
    assert fact.rule.endswith("#emergency")
    assert "起火" not in str(fact)


def test_the_township_may_set_another_time_for_one_body(district):
    own = MORNING + timedelta(minutes=5)
    with clock.at(MORNING):
        whistle = district.whistle(called=[Called(district.bodies["police"], own), Called(district.bodies["fire"])])
    assert row(whistle, district, "police").arrive_by == own
    assert row(whistle, district, "police").acknowledge_by == own
    assert row(whistle, district, "fire").arrive_by == MORNING + timedelta(minutes=30)


def test_the_same_form_sent_twice_is_one_whistle(district):
    first = district.whistle(key="once")
    assert district.whistle(key="once").pk == first.pk
    assert Whistle.objects.count() == 1


def test_numbers_run_within_a_day(district):
    with clock.at(MORNING):
        assert [district.whistle().number[-3:] for _ in range(3)] == ["001", "002", "003"]


def test_a_body_that_does_not_cover_the_place_is_not_called(district):
    with pytest.raises(Refused, match="管不到"):
        district.whistle("next_door")


def test_a_community_is_not_called(district):
    with pytest.raises(Refused):
        district.whistle("huaihua")


def test_a_body_where_nobody_can_answer_is_not_called(district):
    with pytest.raises(Refused, match="没有人能接哨"):
        district.whistle("city_desk")


def test_only_in_the_townships_own_area(district):
    with pytest.raises(Refused, match="辖区"):
        district.whistle(area_id=Area.objects.get(code=place.VILLAGE).pk)


@pytest.mark.parametrize("who", ["jiang", "wang", "zhou", "wu", "zheng", "sun", "lu"])
def test_nobody_else_sounds_a_whistle(district, who):
    called = [Called(district.bodies["police"])]
    area = Area.objects.get(code=place.HUAIHUA).pk
    with pytest.raises(Refused):
        service.sound(kind="emergency", area_id=area, called=called, what="着火了", key="k", by=district.actor(who))


@pytest.mark.parametrize(
    ("called", "error"), [([], "至少选一个"), (["police", "police"], "选了两次")], ids=["nobody", "twice"]
)
def test_who_is_called_is_chosen_well(district, called, error):
    with pytest.raises(WordsError, match=error):
        district.whistle(called=[Called(district.bodies[each]) for each in called])


@pytest.mark.parametrize("wait", [timedelta(0), timedelta(minutes=-1), timedelta(days=31)])
def test_the_time_to_arrive_lies_ahead_and_near(district, wait):
    with clock.at(MORNING), pytest.raises(WordsError, match="30天以内"):
        district.whistle(called=[Called(district.bodies["police"], MORNING + wait)])


# --- Two departments, one late ------------------------------------------------------------------------------------
def test_two_departments_one_late_and_the_county_told_exactly_once(district):
    with clock.at(MORNING):
        whistle = district.whistle()
    with clock.at(MORNING + timedelta(minutes=4)):
        assert timers.run_once() == 0
        service.acknowledge(whistle, by=district.actor("lu"))
    with clock.at(MORNING + timedelta(minutes=25)):
        service.arrive(whistle, by=district.actor("lu"))
    # 消防 is silent: it was due at the tenth minute; the worker was away until the twenty-sixth.
    for minutes in (26, 31, 60, 600):
        with clock.at(MORNING + timedelta(minutes=minutes)):
            timers.run_once()
            timers.run_once()
    told = facts(whistle, WhistleEscalated)
    assert [(each.body, each.why) for each in told] == [(district.bodies["fire"].pk, "silence")]
    assert told[0].due_at == MORNING + timedelta(minutes=10)
    with clock.at(MORNING + timedelta(minutes=44, seconds=30)):
        service.arrive(whistle, by=district.actor("huo"))
    met = {each.body: each.minutes_late for each in facts(whistle, SummonsMet)}
    assert met == {district.bodies["police"].pk: 0, district.bodies["fire"].pk: 15}
    assert not Timer.objects.filter(subject=whistle.subject).exists()


def test_who_answered_and_did_not_come_is_told_of_when_the_time_to_come_is_over(district):
    with clock.at(MORNING):
        whistle = district.whistle()
        for each in ("lu", "huo"):
            service.acknowledge(whistle, by=district.actor(each))
    with clock.at(MORNING + timedelta(minutes=11)):
        assert timers.run_once() == 0
    for minutes in (31, 32):
        with clock.at(MORNING + timedelta(minutes=minutes)):
            timers.run_once()
    told = facts(whistle, WhistleEscalated)
    assert [(each.body, each.why) for each in told] == [
        (district.bodies["police"].pk, "absence"),
        (district.bodies["fire"].pk, "absence"),
    ]


def test_a_reason_for_not_coming_does_not_keep_it_from_the_county(district):
    with clock.at(MORNING):
        whistle = district.whistle("police")
        service.acknowledge(whistle, by=district.actor("lu"))
        do("explain", whistle, district.actor("lu"), district)
    with clock.at(MORNING + timedelta(minutes=31)):
        timers.run_once()
    assert row(whistle, district, "police").escalated_for == "absence"
    assert row(whistle, district, "police").absence == rulebook.current(Absences).list.items[0].code


@pytest.mark.parametrize("ends", ["withdraw", "conclude"])
def test_nothing_goes_up_once_it_has_ended(district, ends):
    with clock.at(MORNING):
        if ends == "withdraw":
            whistle = do("withdraw", district.whistle(), district.actor("li"), district)
        else:
            whistle = district.done()
    assert not Timer.objects.filter(subject=whistle.subject).exists()
    with clock.at(MORNING + timedelta(hours=1)):
        service.escalate(whistle.subject, Actor.system("timers"))
    assert facts(whistle, WhistleEscalated) == []


# --- To the end ---------------------------------------------------------------------------------------------------
def test_nothing_is_agreed_before_somebody_came(district):
    with pytest.raises(flow.NotNow, match="还没有单位到场"):
        do("agree", district.whistle(), district.actor("li"), district)


def test_every_body_gets_its_conclusion(district):
    whistle = district.agreed()
    with pytest.raises(WordsError, match="消防"):
        service.conclude(
            whistle, conclusion="办完了", bodies={district.bodies["police"].pk: "来了"}, by=district.actor("li")
        )
    whistle.refresh_from_db()
    assert whistle.state == State.AGREED


@pytest.mark.parametrize("order", [("li", "lu", "huo"), ("lu", "huo", "li"), ("lu", "li", "huo")])
def test_the_last_word_of_either_side_ends_the_rating(district, order):
    whistle = district.done()
    for each in order:
        assert Whistle.objects.get(pk=whistle.pk).state == State.DONE
        do("rate" if each == "li" else "judge", whistle, district.actor(each), district)
    assert Whistle.objects.get(pk=whistle.pk).state == State.RATED


def test_each_side_judges_once(district):
    whistle = district.done()
    for verb, who in (("rate", "li"), ("judge", "lu")):
        do(verb, whistle, district.actor(who), district)
        with pytest.raises(flow.NotNow):
            do(verb, whistle, district.actor(who), district)


def test_a_whistle_found_unjustified_says_why(district):
    whistle = district.done()
    with pytest.raises(WordsError, match="理由"):
        service.judge(whistle, justified=False, by=district.actor("lu"))
    code = rulebook.current(Unjustified).list.items[0].code
    service.judge(whistle, justified=False, reason=code, by=district.actor("lu"))
    assert row(whistle, district, "police").unjustified == code


@pytest.mark.parametrize("score", [0, 6, None])
def test_a_score_is_one_to_five(district, score):
    whistle = district.done()
    scores = {each.body_id: score for each in queries.called_by(whistle)}
    with pytest.raises(WordsError, match="1至5"):
        service.rate(whistle, scores=scores, by=district.actor("li"))


def test_who_presses_arrived_has_also_answered(district):
    whistle = district.whistle()
    service.arrive(whistle, by=district.actor("lu"))
    assert row(whistle, district, "police").acknowledged_at is not None
    with pytest.raises(flow.NotNow):
        service.acknowledge(whistle, by=district.actor("lu"))


def test_reports_stand_beside_each_other(district):
    whistle = district.agreed()
    service.report(whistle, action="封了路", by=district.actor("lu"))
    service.report(whistle, action="路通了", by=district.actor("lu"))
    assert row(whistle, district, "police").action == "封了路\n路通了"


# --- Who may not --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", TOWNSHIP)
@pytest.mark.parametrize("who", ["qian", "lu", "jiang", "zheng", "sun", "wang", "zhao"])
def test_nobody_else_does_the_townships_part(district, verb, who):
    whistle = {"agree": district.whistle, "withdraw": district.whistle, "conclude": district.agreed}.get(
        verb, district.done
    )()
    with pytest.raises(Refused):
        do(verb, whistle, district.actor(who), district)


@pytest.mark.parametrize("verb", THEIRS)
@pytest.mark.parametrize("who", ["qian", "xing", "wu", "li", "jiang", "zheng", "sun", "wang", "zhao"])
def test_nobody_else_does_a_called_bodys_part(district, verb, who):
    whistle = district.done() if verb == "judge" else district.whistle()
    with pytest.raises(Refused):
        do(verb, whistle, district.actor(who), district)


def test_nobody_but_the_system_escalates(district):
    whistle = district.whistle()
    with clock.at(clock.now() + timedelta(hours=2)), pytest.raises(Refused):
        service.escalate(whistle.subject, district.actor("jiang"))


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("li", True), ("ma", True), ("jiang", True), ("zheng", True), ("sun", True), ("lu", True), ("huo", True),
        ("qian", False), ("xing", False), ("wu", False), ("wang", False), ("zhou", False), ("zhao", False),
    ],
)  # fmt: skip
def test_the_area_upwards_and_the_called_see_it_and_nobody_else(district, who, sees):
    whistle = district.whistle()
    assert queries.visible_to(district.actor(who)).filter(pk=whistle.pk).exists() is sees
    assert not queries.visible_to(Actor.stranger()).exists()


# --- Counting -----------------------------------------------------------------------------------------------------
def test_a_month_is_counted_with_its_n(district):
    with clock.at(MORNING):
        whistle = district.whistle()
        service.acknowledge(whistle, by=district.actor("lu"))
        service.arrive(whistle, by=district.actor("lu"))
    with clock.at(MORNING + timedelta(minutes=40)):
        timers.run_once()
        found = queries.statistics(district.actor("li"))
    (month,) = found.months
    assert (month.name, month.whistles, month.called) == ("2026-04", 1, 2)
    assert (month.acknowledged_in_time, month.arrived_in_time, month.escalated, month.unanswered) == (1, 1, 1, 1)
    assert (month.rated, month.score, month.justified_share) == (0, None, None)
    assert [tally.comparable for tally in found.bodies] == [False, False]
    with clock.at(MORNING + timedelta(minutes=40)):
        assert queries.statistics(district.actor("qian")).months == []
        assert [tally.name for tally in queries.statistics(district.actor("lu")).bodies] == ["柳河区交警大队"]
