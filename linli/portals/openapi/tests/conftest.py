"""Machines with tokens of the cast, calling in JSON."""

import json
from datetime import timedelta
from itertools import count

import pytest

from linli.kernel import clock
from linli.mechanisms.access import queries as access
from linli.portals.openapi import limits, queries, repeating, service

_keys = count(1)


class Caller:
    """One system with one token."""

    def __init__(self, client, token, secret):
        self.client = client
        self.token = token
        self.secret = secret

    def headers(self, **more):
        """With its token."""
        named = {name.replace("_", "-"): value for name, value in more.items() if value is not None}
        return {"Authorization": f"Bearer {self.secret}"} | named

    def get(self, path, query=None, **headers):
        """GET /api/v1…"""
        return self.client.get(f"/api/v1{path}", query or {}, headers=self.headers(**headers))

    def post(self, path, said=None, *, key=None, **headers):
        """POST /api/v1… with a new key, unless one is given."""
        key = key if key is not None else f"test-{next(_keys):08d}"
        return self.client.post(
            f"/api/v1{path}",
            json.dumps(said if said is not None else {}),
            content_type="application/json",
            headers=self.headers(Idempotency_Key=key or None, **headers),
        )


@pytest.fixture
def caller(client, cast):
    """caller("li") is a system that acts from 李调度's post, with all its powers unless some are named."""

    def made(username, *, powers=None, until=None, name="数据中台"):
        appointment, _lent = access.appointments_of(cast.people[username])[0]
        actor = cast.actor(username)
        offered = queries.powers_of(actor)
        from linli.mechanisms.access import Actor

        token, secret = service.issue(
            name=name, appointment=appointment, powers=offered if powers is None else powers,
            until=until or clock.today() + timedelta(days=90), by=Actor.system("command-line"),
        )  # fmt: skip
        return Caller(client, token, secret)

    return made


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch):
    """The sweeping clocks are not rolled back with everything else."""
    monkeypatch.setattr(limits._Sweeping, "last", float("-inf"))
    monkeypatch.setattr(repeating._Sweeping, "last", float("-inf"))


def problem(response, status, kind):
    """A refusal as it must be: its kind, a sentence, a remedy."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    told = response.json()
    assert (told["status"], told["type"]) == (status, f"/api/#{kind}")
    assert told["title"]
    assert told["detail"]
    assert told["remedy"]
    return told
