"""今天: what waits for this grid worker and nobody else, and what they do with it from there."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Appointment, Person, Post
from linli.mechanisms.territory.models import Area
from linli.work.matters import queues, service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.rules import RedoReasons
from tests import place

pytestmark = pytest.mark.django_db


def on(client: Client) -> list[str]:
    """The numbers on today's page, in its order."""
    answer = client.get("/today/")
    assert answer.status_code == 200
    return re.findall(
        r'href="/matters/([^"/]+)/"', answer.content.decode().partition("</main>")[0].partition("<main")[2]
    )


def act(client: Client, verb: str, matter: Matter, **form: Any) -> Any:
    """Send one of the forms of the matter's page, as it stands there now."""
    address = reverse(f"matters:{verb}", args=[matter.number])
    page = client.get(reverse("matters:matter", args=[matter.number])).content.decode()
    assert f'action="{address}"' in page, f"{verb} is not offered"
    return client.post(address, {"version": matter.version, **form})


def redo_reason() -> str:
    """The first of the list."""
    return rulebook.current(RedoReasons).list.items[0].code


@pytest.fixture
def second(cast: Any) -> Person:
    """A second worker of 王网格员's grid."""
    ding = Person.objects.create_user("ding", "x", name="丁网格员")
    area = Area.objects.get(code=place.HUAIHUA_1)
    post = Post.objects.get(kind="grid_worker", area=area)
    Appointment.objects.create(person=ding, post=post, from_on=date(2026, 1, 1))
    return ding


# --- The list --------------------------------------------------------------------------------------------------------
def test_a_new_matter_of_ones_grid_and_of_no_other(make: Any, sign_in: Any) -> None:
    mine = make.matter()
    theirs = make.matter(point=place.at(1.5, 0.5))
    assert on(sign_in("wang")) == [mine.number]
    assert on(sign_in("he")) == [theirs.number]


def test_what_is_late_comes_first_and_says_so(make: Any, sign_in: Any) -> None:
    early = make.matter()
    with clock.at(early.due_at - timedelta(hours=3)):
        urgent_enough = make.matter()
        first = make.verified()
    with clock.at(early.due_at + timedelta(minutes=1)):
        client = sign_in("wang")
        assert on(client) == [early.number, urgent_enough.number]
        page = client.get("/today/").content.decode()
    assert page.index("tone-overdue") < page.index(urgent_enough.number)
    assert "今天 2 件" in page
    assert first.number not in page  # Waits for the resident now.


def test_what_has_left_ones_hands_is_gone_from_the_list(make: Any, sign_in: Any) -> None:
    for move in (make.raised, make.assigned, make.handling, make.verified, make.closed):
        move()
    service.withdraw(make.matter(), why="自己好了", by=Actor.resident())
    assert on(sign_in("wang")) == []
    assert "今天没有等您办的事" in sign_in("wang").get("/today/").content.decode()


def test_what_a_body_answered_waits_to_be_looked_at(make: Any, sign_in: Any) -> None:
    matter = make.answered()
    client = sign_in("wang")
    assert on(client) == [matter.number]
    assert "待您核实" in client.get("/today/").content.decode()


def test_ones_own_answer_waits_for_others(make: Any, cast: Any, sign_in: Any, second: Person, client: Client) -> None:
    matter = service.settle(make.matter(), reply="灯泡换好了。", by=cast.actor("wang"))
    worker = sign_in("wang")
    assert on(worker) == []
    page = worker.get(f"/matters/{matter.number}/").content.decode()
    assert "/verify/" not in page
    assert "/redo/" not in page
    client.force_login(second)
    assert on(client) == [matter.number]
    assert act(client, "verify", matter).status_code == 302


def test_a_long_list_says_that_there_is_more(make: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        make.matter()
    client = sign_in("wang")
    assert "还有更多" not in client.get("/today/").content.decode()
    monkeypatch.setattr(queues, "PAGE", 2)
    assert len(on(client)) == 2
    assert "还有更多" in client.get("/today/").content.decode()


def test_a_long_list_costs_no_more_statements(
    make: Any, cast: Any, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        make.matter()
        make.answered()
    client = sign_in("wang")
    client.get("/today/")
    with django_assert_max_num_queries(12):
        assert len(on(client)) == 10


# --- From the list ---------------------------------------------------------------------------------------------------
def test_settled_with_one_line(make: Any, sign_in: Any) -> None:
    matter = make.matter()
    client = sign_in("wang")
    assert act(client, "settle", matter, reply="灯泡换好了，今晚亮。").status_code == 302
    matter.refresh_from_db()
    assert (matter.state, matter.reply, matter.settled_on_spot) == (State.ANSWERED, "灯泡换好了，今晚亮。", True)
    assert on(client) == []


def test_raised_with_a_reason_and_what_was_tried(make: Any, sign_in: Any) -> None:
    matter = make.matter()
    client = sign_in("wang")
    refused = act(client, "raise_up", matter, reason=make.raise_reason, tried="")
    assert refused.status_code == 422
    assert "试过什么" in refused.content.decode()
    refused = act(client, "raise_up", matter, reason="because", tried="敲过门，没人应")
    assert refused.status_code == 422
    assert "敲过门，没人应" in refused.content.decode()
    assert act(client, "raise_up", matter, reason=make.raise_reason, tried="敲过门，没人应").status_code == 302
    matter.refresh_from_db()
    assert (matter.state, matter.level) == (State.TRIAGE, 4)
    assert on(client) == []


def test_looked_at_and_found_good_or_not(make: Any, sign_in: Any) -> None:
    good, bad = make.answered(), make.answered()
    client = sign_in("wang")
    assert act(client, "verify", good, note="亮了").status_code == 302
    refused = act(client, "redo", bad, reason=redo_reason(), note="")
    assert refused.status_code == 422
    assert act(client, "redo", bad, reason=redo_reason(), note="还是不亮").status_code == 302
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state, bad.redone) == (State.VERIFIED, State.HANDLING, 1)
    assert on(client) == []


def test_a_form_another_worker_overtook_keeps_what_was_typed(
    make: Any, sign_in: Any, second: Person, client: Client
) -> None:
    matter = make.matter()
    old = matter.version
    client.force_login(second)
    assert act(client, "raise_up", matter, reason=make.raise_reason, tried="够不着").status_code == 302
    answer = sign_in("wang").post(f"/matters/{matter.number}/settle/", {"version": old, "reply": "我踩着梯子换好了。"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我踩着梯子换好了。" in page
    assert "丁网格员" in page
    matter.refresh_from_db()
    assert (matter.state, matter.reply) == (State.TRIAGE, "")


# --- Who else --------------------------------------------------------------------------------------------------------
def test_a_stranger_is_sent_to_sign_in(city: None, client: Client) -> None:
    answer = client.get("/today/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_the_next_township_sees_none_of_it(make: Any, sign_in: Any) -> None:
    make.matter()
    make.answered()
    assert on(sign_in("qian")) == []


def test_a_post_without_matters_is_refused(cast: Any, client: Client) -> None:
    qu = Person.objects.create_user("qu", "x", name="曲区划")
    body = cast.bodies["county_desk"]
    post = Post.objects.create(kind="territory_keeper", body=body, area=body.area, title="区划管理员")
    Appointment.objects.create(person=qu, post=post, from_on=date(2026, 1, 1))
    client.force_login(qu)
    assert client.get("/today/").status_code == 403
