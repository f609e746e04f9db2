"""主办、协办 — supporters see the matter and tell the lead; only the lead has the clock; silence is seen."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.http import Http404

from linli.facts.matters import MatterAdvised
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, clocks
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import queries, service
from linli.work.matters.models import Matter
from linli.work.matters.service.handling import MissingWordsError

Notice = apps.get_model("notices", "Notice")
"""Tables of other apps: looked at here, never imported."""


@pytest.fixture
def li(cast: Any) -> Actor:
    return cast.actor("li")  # type: ignore[no-any-return]


@pytest.fixture
def helped(make: Any, cast: Any, li: Actor) -> Matter:
    """城管办 leads, 槐花社区 supports."""
    return service.ask_help(make.handling(), bodies=[cast.bodies["huaihua"]], by=li)


def test_a_supporting_body_is_told_sees_it_and_tells_the_lead(helped: Matter, cast: Any):
    deliver()
    assert Notice.objects.filter(kind="matters.MatterHelpAsked", person=cast.people["zhou"]).exists()
    zhou = cast.actor("zhou")
    service.advise(helped, opinion="电箱钥匙在物业", by=zhou)
    fact = journal.history(helped.subject)[-1].fact
    assert isinstance(fact, MatterAdvised)
    assert fact.in_time
    deliver()
    assert Notice.objects.filter(kind=fact.name, person=cast.people["wu"]).exists()
    seen = [line.said for line in queries.story(helped, for_resident=True)]
    assert "电箱钥匙在物业" not in seen


def test_a_body_without_an_area_sees_what_it_helps_with_and_nothing_else(make: Any, cast: Any, li: Actor):
    other = replace(cast.actor("wu"), body_id=cast.bodies["liuan"].pk)
    matter = make.handling()
    with pytest.raises(Http404):
        queries.get(other, matter.number)
    Matter.objects.filter(pk=matter.pk).update(community=cast.bodies["liuan"].area_id)
    matter.refresh_from_db()
    service.ask_help(matter, bodies=[cast.bodies["liuan"]], by=li)
    assert queries.get(other, matter.number).pk == matter.pk
    with pytest.raises(Http404):
        queries.get(other, make.handling().number)
    assert "answer" not in {each.name for each in queries.open_moves(matter, other)}


def test_only_the_lead_has_the_clock_and_answers(helped: Matter, make: Any, cast: Any):
    assert {each.name for each in queries.clocks_of(helped) if each.stopped_at is None} == {"handle"}
    village = replace(cast.actor("wu"), body_id=cast.bodies["huaihua"].pk)
    with pytest.raises(Refused):
        service.answer(helped, outcome=make.outcome, reply="我们办了", by=village)
    assert clocks.running(helped.subject, "handle").due_at == helped.due_at  # type: ignore[union-attr]


def test_silence_is_seen(helped: Matter, sign_in: Any, cast: Any):
    page = sign_in("wu").get(f"/matters/{helped.number}/").content.decode()
    assert "还没有回话" in page
    (row,) = queries.helpers_of(helped)
    with clock.at(row.advise_by + timedelta(minutes=1)):
        page = sign_in("wu").get(f"/matters/{helped.number}/").content.decode()
        assert "过了时间还没有回话" in page
        service.advise(helped, opinion="才看到", by=cast.actor("zhou"))
    fact = journal.history(helped.subject)[-1].fact
    assert isinstance(fact, MatterAdvised)
    assert not fact.in_time


def test_whom_one_may_ask_and_who_may_ask(helped: Matter, make: Any, cast: Any, li: Actor):
    with pytest.raises(NotNow):
        service.ask_help(helped, bodies=[cast.bodies["huaihua"]], by=li)
    with pytest.raises(MissingWordsError):
        service.ask_help(helped, bodies=[cast.bodies["liulin_urban"]], by=li)
    with pytest.raises(Refused):
        service.ask_help(helped, bodies=[cast.bodies["xinghua"]], by=li)
    with pytest.raises(Refused):
        service.advise(helped, opinion="我们不管", by=cast.actor("wu"))
    service.ask_help(make.handling(), bodies=[cast.bodies["huaihua"]], by=cast.actor("wu"))


def test_the_list_of_what_a_body_is_asked_for(helped: Matter, sign_in: Any, cast: Any):
    page = sign_in("zhou").get("/matters/helping/").content.decode()
    assert helped.number in page
    assert sign_in("sun").get("/matters/helping/").status_code == 403


def test_assigned_with_helpers_it_is_both_or_neither(make: Any, cast: Any, li: Actor, sign_in: Any):
    matter, urban = make.raised(), cast.bodies["liulin_urban"]
    form = {"to": urban.pk, "helpers": [cast.bodies["huaihua"].pk], "version": matter.version}
    sign_in("li").post(f"/matters/{matter.number}/assign/", form)
    matter.refresh_from_db()
    assert matter.handler_id == urban.pk
    assert [each.body_id for each in queries.helpers_of(matter)] == [cast.bodies["huaihua"].pk]
    other = make.raised()
    with pytest.raises(Refused):
        service.assign_with_help(other, to=urban, helpers=[cast.bodies["xinghua"]], by=li)
    other.refresh_from_db()
    assert other.state == "triage"
