"""The same key is one act: sent again, sent with other words, sent by several at once."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.portals.openapi import queries, repeating, service
from linli.portals.openapi.models import KeptAnswer
from linli.portals.openapi.tests.conftest import problem
from linli.work.matters.models import Matter

pytestmark = pytest.mark.django_db
SAID = {"text": "井盖翘起来了，夜里绊人"}


def test_the_same_key_and_words_get_the_same_answer(caller):
    li = caller("li")
    first, again = (li.post("/matters", SAID, key="today-0001") for _ in range(2))
    assert again.content == first.content
    assert (again.status_code, again["Location"], again["ETag"]) == (201, first["Location"], first["ETag"])
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Matter.objects.count() == 1


def test_the_answer_stays_though_the_matter_moves_on(caller, make):
    matter = make.raised()
    li = caller("li")
    first = li.post(f"/matters/{matter.number}/add", {"said": "又打来电话"}, key="today-0001")
    li.post(f"/matters/{matter.number}/add", {"said": "再打来电话"}, key="today-0002")
    again = li.post(f"/matters/{matter.number}/add", {"said": "又打来电话"}, key="today-0001")
    assert again.json() == first.json()
    assert len(journal.history(matter.subject)) == matter.version + 2


@pytest.mark.parametrize("where", ["/matters", "/notices/read"])
def test_the_same_key_with_something_else_is_refused(caller, where):
    li = caller("li")
    li.post("/matters", SAID, key="today-0001")
    problem(li.post(where, {"text": "别的事"} if where == "/matters" else {}, key="today-0001"), 422, "key-reused")
    assert Matter.objects.count() == 1


def test_a_key_is_a_tokens_own(caller):
    done = [caller(who).post("/matters", SAID, key="today-0001").json()["number"] for who in ("li", "jiang")]
    assert len(set(done)) == 2


def test_what_was_refused_may_be_sent_again_mended(caller, make):
    matter = make.raised()
    li = caller("li")
    problem(li.post(f"/matters/{matter.number}/assign", {"to": 999999}, key="today-0001"), 422, "refused")
    assert not KeptAnswer.objects.exists()
    to = {"to": make.cast.bodies["liulin_urban"].pk}
    assert li.post(f"/matters/{matter.number}/assign", to, key="today-0001").status_code == 200


@pytest.mark.parametrize("key", ["", "short", "x" * 101, "with space 1", "标记标记标记标记"])
def test_a_post_without_a_proper_key_does_nothing(caller, key):
    told = problem(caller("li").post("/matters", SAID, key=key), 400, "malformed")
    assert "Idempotency-Key" in told["detail"]
    assert not Matter.objects.exists()


def test_no_kept_answer_holds_what_a_resident_said(caller):
    li = caller("li")
    number = li.post("/matters", SAID | {"name": "赵秀英", "phone": "13812345678"}).json()["number"]
    li.post(f"/matters/{number}/reveal", {"purpose": "电话核实位置"})
    kept = str(list(KeptAnswer.objects.values()))
    assert number in kept
    assert not any(each in kept for each in ("井盖", "赵秀英", "13812345678", "电话核实"))


def test_old_answers_are_swept(caller, monkeypatch):
    li = caller("li")
    li.post("/matters", SAID, key="today-0001")
    KeptAnswer.objects.update(at=clock.now() - repeating.KEEP - timedelta(minutes=1))
    monkeypatch.setattr(repeating._Sweeping, "last", float("-inf"))
    li.post("/notices/read", {}, key="today-0002")
    assert [each.key for each in KeptAnswer.objects.all()] == ["today-0002"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", [True, False], ids=["same words", "other words"])
def test_several_at_once_are_one_act(committed_city, same):
    person = committed_city.people["li"]
    appointment, _lent = access.appointments_of(person)[0]
    powers = queries.powers_of(committed_city.actor("li"))
    _token, secret = service.issue(
        name="数据中台", appointment=appointment, powers=powers, until=clock.today(), by=Actor.system("command-line")
    )
    start, answers = threading.Barrier(4), []

    def go(n):
        said = SAID if same else {"text": f"井盖翘起来了{n}"}
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "today-0001"}
        try:
            start.wait()
            sent = Client().post("/api/v1/matters", json.dumps(said), content_type="application/json", headers=headers)
            answers.append(sent)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Matter.objects.count() == 1
    assert sorted(each.status_code for each in answers) == ([201] * 4 if same else [201, 422, 422, 422])
    assert len({each.content for each in answers}) == (1 if same else 2)
