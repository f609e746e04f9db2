"""The storm of sign-ins, small: everybody who does not come in is counted, and nothing of it stays."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client

from bench import logins
from linli.mechanisms.access.models import Person

PAGE = b'<input name="csrfmiddlewaretoken" value="t">'
# By the number in the name: what the form is answered with.
ANSWERS = {"0": (429, False), "1": (500, False), "2": (200, False), "3": (302, False)}


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The page with the form."""
        self._answer(200, "csrftoken=c; Path=/", PAGE)

    def do_POST(self) -> None:
        """As the name wants it; "cut" hangs up."""
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert (form["csrfmiddlewaretoken"], self.headers["Cookie"]) == (["t"], "csrftoken=c")
        name = form["login"][0]
        if name == "cut":
            self.close_connection = True
            return
        status, opens = ANSWERS.get(name, (302, True))
        self._answer(status, "sessionid=s; Path=/" if opens else "csrftoken=c; Path=/", b"")

    def _answer(self, status: int, cookie: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[int]:
    """Its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Door) as server:
        hand = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        hand.start()
        yield server.server_address[1]
        server.shutdown()
        hand.join()


def test_whoever_does_not_come_in_is_an_error(door: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused, failed, no session, cut off: each by its name; the others are in, and each has a time."""
    monkeypatch.setattr(logins, "EACH_SECOND", 10_000)
    came, walls, seconds, memory = logins._storm(door, ["0", "1", "2", "3", "cut", *"456789"], [0, 0])
    assert came == {"in": 6, "form 429": 1, "form 500": 1, "form 200": 1, "form 302": 1, "RemoteDisconnected": 1}
    assert len(walls) == 11
    assert seconds > 0
    assert memory >= 0


def test_a_closed_door_is_an_error_too() -> None:
    """Nobody listens on port 1."""
    assert logins._signed_in(1, "li", "10.0.0.1") == "ConnectionRefusedError"


@pytest.mark.django_db
def test_the_accounts_open_and_are_taken_back_with_their_sessions() -> None:
    """And nobody else's."""
    Person.objects.create(username="stays", name="留下", password=make_password(logins.PASSWORD))
    clients = {name: Client() for name in [*logins._make(3), "stays"]}
    for name, client in clients.items():
        answer = client.post("/accounts/login/", {"login": name, "password": logins.PASSWORD})
        assert (answer.status_code, "sessionid" in answer.cookies) == (302, True)
    assert Session.objects.count() == 4
    logins._take_back()
    assert list(Person.objects.values_list("username", flat=True)) == ["stays"]
    assert [each.session_key for each in Session.objects.all()] == [clients["stays"].cookies["sessionid"].value]


def test_what_is_said_names_every_error() -> None:
    """And says so where there is none."""
    row = {
        "size": 200, "logins": 1000, "per_second": 28.1, "wall_ms_p50": 16860.0, "wall_ms_p95": 24658.0, "memory_mb": 500,
    }  # fmt: skip
    assert "errors: none (bar: none)" in logins.said({**row, "errors": {}})
    assert "errors: 2 form 429, 1 page 502 (bar: none)" in logins.said(
        {**row, "errors": {"page 502": 1, "form 429": 2}}
    )
