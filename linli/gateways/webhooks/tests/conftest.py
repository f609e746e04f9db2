"""A machine of somebody else's, on a real socket, that takes, fails, hangs or redirects as a test says."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from linli.gateways.webhooks import kinds, sending, service
from linli.mechanisms.access import Actor
from linli.mechanisms.journal.testing import deliver
from linli.mechanisms.territory import queries as places
from tests import place

SYSTEM = Actor.system("command-line")


class Receiver:
    """What it has heard, and what it says next: a status, `hang` or `drop`."""

    def __init__(self, address):
        self.address = address
        self.heard = []
        self.says = []
        self.refuses = set()
        self.let_go = threading.Event()

    @property
    def ids(self):
        """In the order they came, also those it did not take."""
        return [headers["webhook-id"] for headers, _body, _status in self.heard]

    @property
    def taken(self):
        """What it answered well, as JSON."""
        return [json.loads(body) for _headers, body, status in self.heard if status == 200]

    def answer(self, body):
        """What it says to this one."""
        if self.says:
            return self.says.pop(0)
        return 422 if json.loads(body)["subject"] in self.refuses else 200


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = receiver.answer(body)
        receiver.heard.append((dict(self.headers), body, status))
        if status == "drop":
            self.connection.close()
            return
        if status == "hang":
            receiver.let_go.wait(5)
            return
        self.send_response(status)
        if status == 302:
            self.send_header("Location", receiver.address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def receiver(settings):
    """Reached because the city's settings allow its own network."""
    settings.WEBHOOKS_LAN = True
    settings.WEBHOOKS_TIMEOUT = 2.0
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    held = Receiver(f"http://127.0.0.1:{server.server_port}/hook?from=linli")
    server.receiver = held
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield held
    held.let_go.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def subscribe(cast, receiver):
    """subscribe() is a subscription of 柳林街道综治中心 to everything in 柳林街道, and its secret."""

    def made(*, wanted=kinds.KINDS, code=place.LIULIN, body="liulin_desk", by=SYSTEM, address=None):
        return service.subscribe(
            name="数据中台", address=address or receiver.address, wanted=wanted, body=cast.bodies[body], area=places.by_code(code), by=by
        )  # fmt: skip

    return made


@pytest.fixture
def told():
    """told(subscription) lets the journal be heard and the worker send once."""

    def go(subscription):
        deliver()
        sending.send(subscription.pk)
        subscription.refresh_from_db()

    return go
