"""首次联系 — within 24 hours of the dispatch, on a clock of its own; late once; nobody is waited for who left nothing."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from linli.facts.matters import MatterContactDue, MatterContacted, MatterUncontacted, MatterUrged
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, clocks, timers
from linli.mechanisms.flow.models import Timer
from linli.work.matters import exclusions, service
from linli.work.matters.models import Matter
from linli.work.matters.service.handling import MissingWordsError
from linli.work.matters.words import follow_token
from tests.make import Make

KNOWN = {"visibility": "pseudonym", "phone": "13812345678"}


def called(matter: Matter, by: Actor, **rest: Any) -> Matter:
    typed = {"means": "phone", "reached": True, "said": "问清了在哪个门口", "said_at": clock.now(), **rest}
    return service.contact(matter, by=by, **typed)


def facts_of(matter: Matter, kind: type) -> list[Any]:
    return [each.fact for each in journal.history(matter.subject) if isinstance(each.fact, kind)]


def test_the_clock_runs_from_the_dispatch_for_a_day_and_a_night(make: Any):
    matter = make.assigned(**KNOWN)
    running = clocks.running(matter.subject, "contact")
    assert running is not None
    assert running.due_at - running.started_at == timedelta(hours=24)
    assert (matter.contact_by, running.rule) == (running.due_at, "matters/limits v1 #default")


def test_who_left_nothing_is_not_waited_for(make: Any, cast: Any):
    matter = make.handling()
    assert matter.contact_by is None
    assert clocks.running(matter.subject, "contact") is None
    with pytest.raises(Refused, match="没有留下"):
        called(matter, cast.actor("wu"))


def test_reached_it_is_on_record_for_the_resident_and_the_figures(make: Any, cast: Any, client: Any):
    matter = make.handling(**KNOWN)
    with clock.at(clock.now() + timedelta(hours=5)):
        matter = called(matter, cast.actor("wu"))
    (fact,) = facts_of(matter, MatterContacted)
    assert (fact.means, fact.reached, fact.in_time) == ("phone", True, True)
    assert 299 <= fact.minutes <= 301
    assert (matter.contact_by, clocks.running(matter.subject, "contact")) == (None, None)
    page = client.get(f"/m/{matter.number}/{follow_token(matter.number)}/").content.decode()
    assert "打电话联系了您" in page
    assert "问清了在哪个门口" not in page


def test_an_attempt_that_reached_nobody_is_on_record_and_the_clock_runs_on(make: Any, cast: Any):
    matter = called(make.handling(**KNOWN), cast.actor("wu"), reached=False)
    assert matter.contact_by is not None
    with clock.at(clock.now() + timedelta(hours=25)):
        while timers.run_once():
            pass
    (late,) = facts_of(matter, MatterUncontacted)
    assert late.tried == 1
    assert len(facts_of(matter, MatterContactDue)) == 1


def test_late_is_marked_once_and_a_late_call_is_late(make: Any, cast: Any):
    matter = make.handling(**KNOWN)
    due = matter.due_at
    with clock.at(clock.now() + timedelta(days=3)):
        for _ in range(3):
            timers.run_once()
        matter.refresh_from_db()
        matter = called(matter, cast.actor("wu"), said_at=clock.now() - timedelta(days=2, hours=23))
    assert len(facts_of(matter, MatterUncontacted)) == 1
    (fact,) = facts_of(matter, MatterContacted)
    assert not fact.in_time  # What was not written down in time was not done in time, whatever it says of itself.
    assert matter.due_at == due


def test_another_body_has_its_own_hours_until_somebody_was_reached(make: Any, cast: Any):
    matter = make.assigned(**KNOWN)
    began = clock.now()
    with clock.at(began + timedelta(hours=10)):
        matter = service.assign(matter, to=cast.bodies["liulin_desk"], differs="nearer", by=cast.actor("li"))
    assert matter.contact_by > began + timedelta(hours=33)
    assert Timer.objects.filter(subject=matter.subject, kind="matters.uncontacted").count() == 1
    reached = called(make.handling(**KNOWN), cast.actor("wu"))
    assert reached.contacted_at is not None


def test_a_dispute_stops_it_and_a_ruling_lets_it_go_on(make: Any, cast: Any):
    matter = make.objected(**KNOWN)
    due, began = matter.contact_by, clock.now()
    assert clocks.running(matter.subject, "contact").paused_at is not None  # type: ignore[union-attr]
    with clock.at(began + timedelta(days=2)):
        timers.run_once()
        matter = service.rule(matter, upheld=False, note="按清单办理", by=cast.actor("jiang"))
    assert timedelta(hours=47) < matter.contact_by - due < timedelta(hours=49)
    assert facts_of(matter, MatterUncontacted) == []


def test_an_answer_is_a_contact(make: Any):
    matter = make.answered(**KNOWN)
    assert matter.contact_by is None
    assert not Timer.objects.filter(subject=matter.subject).exists()


def test_of_a_report_the_body_leaves_a_message_and_learns_no_name(make: Any, cast: Any, client: Any):
    matter = make.handling(**KNOWN)
    Matter.objects.filter(pk=matter.pk).update(is_report=True)
    matter.refresh_from_db()
    with pytest.raises(Refused, match="举报"):
        called(matter, cast.actor("wu"))
    with pytest.raises(MissingWordsError):
        called(matter, cast.actor("wu"), means="message", said="")
    matter = called(matter, cast.actor("wu"), means="message", reached=False, said="正在核实，三天内答复您")
    assert matter.contact_by is None
    page = client.get(f"/m/{matter.number}/{follow_token(matter.number)}/").content.decode()
    assert "正在核实，三天内答复您" in page


@pytest.mark.parametrize("hours", [-2, 2])
def test_the_moment_lies_between_the_dispatch_and_now(make: Any, cast: Any, hours: int):
    matter = make.handling(**KNOWN)
    with pytest.raises(MissingWordsError, match="联系的时刻"):
        called(matter, cast.actor("wu"), said_at=clock.now() + timedelta(hours=hours))


@pytest.mark.parametrize("who", ["wang", "zhou", "li", "zheng", "sun"])
def test_others_do_not_contact(make: Any, cast: Any, who: str):
    with pytest.raises(Refused):
        called(make.handling(**KNOWN), cast.actor(who))


def test_the_page_has_the_form_until_somebody_was_reached(make: Any, sign_in: Any):
    matter = make.handling(**KNOWN)
    wu = sign_in("wu")
    assert "联系居民" in wu.get(f"/matters/{matter.number}/").content.decode()
    sent = {"means": "phone", "reached": "no", "said": "", "said_at": "not a moment"}
    answer = wu.post(f"/matters/{matter.number}/contact/", sent)
    assert answer.status_code == 422
    assert "请写什么时刻联系的" in answer.content.decode()
    sent["said_at"] = f"{clock.now().astimezone(clock.CITY):%Y-%m-%dT%H:%M}"
    assert wu.post(f"/matters/{matter.number}/contact/", sent).status_code == 302
    assert wu.post(f"/matters/{matter.number}/contact/", {**sent, "reached": "yes"}).status_code == 302
    assert "记下联系" not in wu.get(f"/matters/{matter.number}/").content.decode()


# --- 催办 ---------------------------------------------------------------------------------------------------------
def test_urging_is_passed_on_and_changes_no_date(make: Any, cast: Any, client: Any, sign_in: Any):
    matter = make.handling()
    due = matter.due_at
    link = f"/m/{matter.number}/{follow_token(matter.number)}/"
    assert "催一催" in client.get(link).content.decode()
    assert client.post(f"{link}urge/").status_code == 302
    matter.refresh_from_db()
    assert (matter.urged, matter.due_at) == (1, due)
    assert clocks.running(matter.subject, "handle").due_at == due  # type: ignore[union-attr]
    page = client.get(link).content.decode()
    assert "已转告柳林街道城管办" in page
    assert "以后可以再催" in page
    assert "催办 1 次" in sign_in("wu").get("/desk/").content.decode()


def test_urged_again_too_soon_is_refused_with_the_date(make: Any, client: Any):
    matter = service.urge(make.handling(), by=Actor.resident())
    again = exclusions.next_urging(matter)
    assert again is not None
    answer = client.post(f"/m/{matter.number}/{follow_token(matter.number)}/urge/")
    assert answer.status_code == 409
    assert f"{again.astimezone(clock.CITY):%H:%M}以后可以再催" in answer.content.decode()
    with clock.at(again + timedelta(minutes=1)):
        assert service.urge(matter, by=Actor.resident()).urged == 2


@pytest.mark.parametrize("state", ["answered", "closed", "excluded"])
def test_what_waits_for_nobody_is_not_urged(make: Any, state: str):
    with pytest.raises(NotNow):
        service.urge(getattr(make, state)(), by=Actor.resident())


def test_officials_do_not_urge(make: Any, cast: Any):
    with pytest.raises(Refused):
        service.urge(make.handling(), by=cast.actor("wu"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_urged_from_two_phones_at_once_it_is_urged_once(committed_city: Any):
    matter = Make(committed_city).handling()
    start, told = threading.Barrier(2), []

    def go() -> None:
        start.wait()
        try:
            service.urge(matter, by=Actor.resident())
        except NotNow as error:
            told.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    matter.refresh_from_db()
    assert (matter.urged, len(told)) == (1, 1)
    assert len(facts_of(matter, MatterUrged)) == 1
