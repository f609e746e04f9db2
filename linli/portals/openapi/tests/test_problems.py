"""Refusals: each of its kind, with a sentence and a remedy, in the caller's language; and how often one may ask."""

import pytest

from linli.portals.openapi import problems
from linli.portals.openapi.models import Allowance
from linli.portals.openapi.tests.conftest import problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "query", "where"),
    [
        ("/matters", {"view": "everything"}, "view"), ("/matters", {"risk": "4"}, "risk"), ("/matters", {"risk": "1.0"}, "risk"),
        ("/matters", {"handler": "0"}, "handler"), ("/matters", {"after": "x"}, "after"), ("/matters", {"q": "灯" * 101}, "q"),
        ("/matters", {"category": "\x00"}, "category"), ("/matters/not-a-number", {}, "number"), ("/areas", {"level": "\uff16"}, "level"),
    ],
)  # fmt: skip
def test_what_is_not_as_described_is_named(caller, path, query, where):
    told = problem(caller("li").get(path, query), 400, "malformed")
    assert where in {each["where"] for each in told["errors"]}


@pytest.mark.parametrize(
    "said",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"text": 5}', b'{"text": "x"}', b'{"text": "lamp", "secret": 1}', b'{"text": "lamp", "lat": "37"}',
     b'{"text": "lamp", "lon": NaN, "lat": 1}', b'{"text": "lamp", "phone": "none"}', b"[" * 100_000],
)  # fmt: skip
def test_a_body_that_is_none_is_refused(caller, said):
    li = caller("li")
    headers = li.headers(Idempotency_Key="today-0001")
    response = li.client.post("/api/v1/matters", said, content_type="application/json", headers=headers)
    problem(response, 400, "malformed")


def test_too_much_is_refused(caller):
    li = caller("li")
    told = li.post("/matters", {"text": "灯" * 2_000_000})
    problem(told, 413, "too-large")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "head", "options"])
def test_another_method_says_which_there_are(caller, method):
    li = caller("li")
    response = getattr(li.client, method)("/api/v1/matters", headers=li.headers())
    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) == {"GET", "POST"}
    assert response["Content-Type"] == "application/problem+json"


def test_an_address_that_is_none_says_so(client, city):
    problem(client.get("/api/v1/nothing"), 404, "missing")
    problem(client.post("/api/v1/nothing/at/all"), 404, "missing")


def test_a_fault_of_ours_is_said_plainly_and_logged(caller, monkeypatch, caplog):
    from linli.portals.openapi.operations import matters

    li = caller("li")
    monkeypatch.setattr(matters.queues, "page_of", lambda *_a, **_k: 1 / 0)
    li.client.raise_request_exception = False
    told = problem(li.get("/matters"), 500, "broken")
    assert "ZeroDivisionError" not in str(told)
    assert any(record.exc_info for record in caplog.records if record.name == "linli.api")


def test_every_kind_of_refusal_has_its_words():
    assert all(400 <= status < 600 and title and remedy for status, title, remedy in problems.KINDS.values())


def test_a_token_may_ask_so_often(caller, settings):
    settings.API_LIMITS = {"read": (3, 3600), "write": (1, 3600), "refused": (2, 3600)}
    li, ma = caller("li"), caller("ma", name="别的系统")
    assert [li.get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = li.get("/me")
    problem(refused, 429, "too-often")
    assert 0 < int(refused["Retry-After"]) <= 1200
    assert ma.get("/me").status_code == 200
    assert [li.post("/notices/read").status_code for _ in range(2)] == [200, 429]
    assert "li" not in str(list(Allowance.objects.values_list("who", flat=True)))


def test_whoever_tries_tokens_is_slowed(client, city, settings):
    settings.API_LIMITS = {"read": (3, 3600), "write": (1, 3600), "refused": (2, 3600)}
    tried = [client.get("/api/v1/me", headers={"Authorization": f"Bearer linli_{n}"}).status_code for n in range(4)]
    assert tried == [401, 401, 429, 429]


def test_an_allowance_refills(caller, settings):
    settings.API_LIMITS = {"read": (2, 3600), "write": (1, 3600), "refused": (2, 3600)}
    li = caller("li")
    assert [li.get("/me").status_code for _ in range(3)] == [200, 200, 429]
    from datetime import timedelta

    for row in Allowance.objects.all():
        Allowance.objects.filter(pk=row.pk).update(at=row.at - timedelta(minutes=31))
    assert [li.get("/me").status_code for _ in range(2)] == [200, 429]
