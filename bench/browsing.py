"""A browser for the bench: it keeps its cookies, fills in the forms of the pages it is shown, and is paced."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlencode


class Answer(NamedTuple):
    """What came back, and after how many milliseconds."""

    status: int
    page: str
    to: str
    """Where it leads, for an answer that only leads on."""
    cookies: Sequence[str] = ()
    ms: float = 0.0


Ask = Callable[[str, str, str, Mapping[str, str]], Answer]
"""Verb, path, body and headers, to an answer."""


class Line:
    """One connection to the service, opened anew after it broke."""

    def __init__(self, port: int) -> None:
        self.held = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def __call__(self, verb: str, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Raises OSError or http.client.HTTPException when nobody answers."""
        try:
            self.held.request(verb, path, body=body or None, headers=dict(headers))
            got = self.held.getresponse()
            page = got.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self.held.close()
            raise
        return Answer(got.status, page, got.headers.get("Location", ""), got.headers.get_all("Set-Cookie", []))


class Browser:
    """One person's browser."""

    def __init__(self, ask: Ask, *, address: str = "", cookies: Mapping[str, str] | None = None) -> None:
        self.ask, self.address, self.cookies = ask, address, dict(cookies or {})

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._send("GET", path, "")

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        """Send a form."""
        return self._send("POST", path, urlencode(form))

    def _send(self, verb: str, path: str, body: str) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self.address:
            headers["X-Forwarded-For"] = self.address
        if verb == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        answer = self.ask(verb, path, body, headers)
        for each in answer.cookies:
            name, _equals, value = each.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        return answer._replace(ms=(time.perf_counter() - began) * 1000)


_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)


def forms(page: str, opening: str) -> list[str]:
    """The forms of a page whose first tag has these words in it."""
    return [each for each in _FORM.findall(page) if opening in each.partition(">")[0]]


def hidden(form: str) -> dict[str, str]:
    """What a form carries by itself."""
    found = {}
    for tag in _HIDDEN.findall(form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is not None:
            found[name[1]] = unescape(value[1]) if value else ""
    return found


def first_choice(form: str, name: str) -> str:
    """The first of several to choose from; empty if the form offers none."""
    found = re.search(rf'<input[^>]*type="radio"[^>]*name="{name}"[^>]*value="([^"]+)"', form)
    return unescape(found[1]) if found else ""


class Pace:
    """Whose turn it is, and when: so many a second, shared by all who ask. Without a rate nobody waits."""

    def __init__(
        self, each_second: float | None = None, *, now: Callable[[], float] = time.monotonic, wait: Callable[[float], Any] = time.sleep
    ) -> None:  # fmt: skip
        self.now, self.wait, self.lock = now, wait, threading.Lock()
        self.set(each_second)

    def set(self, each_second: float | None) -> None:
        """From this moment on."""
        with self.lock:
            self.each_second, self.began, self.taken = each_second, self.now(), 0

    def turn(self) -> int:
        """The next turn's number, from 0 on, when its moment has come; who is late does not wait."""
        with self.lock:
            number, rate = self.taken, self.each_second
            self.taken += 1
            at = self.began + number / rate if rate else None
        if at is not None and (left := at - self.now()) > 0:
            self.wait(left)
        return number


@contextmanager
def signed_in(people: Sequence[Any]) -> Iterator[dict[int, dict[str, str]]]:
    """Sessions made for the bench, by person: their cookies. They are gone afterwards."""
    from django.conf import settings
    from django.test import Client

    clients = {person.pk: Client() for person in people}
    try:
        for person in people:
            clients[person.pk].force_login(person)
        name = settings.SESSION_COOKIE_NAME
        yield {pk: {name: client.cookies[name].value} for pk, client in clients.items()}
    finally:
        for client in clients.values():
            client.session.flush()
