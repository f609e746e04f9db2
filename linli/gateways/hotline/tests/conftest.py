"""A small 12345 system on the air: it takes updates, repeats itself, fails, answers late, and lists its tickets."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from linli.gateways.hotline import signing
from linli.mechanisms.journal.testing import deliver

SECRET = "两边都知道的密钥"
SENTENCE = "槐花社区小区门口的路灯坏了三天，晚上看不见路"


def ticket(number="T2026112300001", **changes):
    """One ticket by the names of the pack's table."""
    usual = {
        "ticket_no": number, "call_time": "2026-11-20 09:30:00", "content": SENTENCE, "address": "槐花社区", "category": "路灯照明",
        "caller": "赵秀英", "phone": "13812345678",
    }  # fmt: skip
    return usual | changes


@dataclass
class Their12345:
    """The other side. `moods` are the statuses of its next answers; then it takes everything."""

    url: str = ""
    moods: list[int] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)
    """Every update it was sent, also those sent twice."""
    listed: list[dict[str, Any]] = field(default_factory=list)
    unsigned: int = 0
    over: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was handed over to it, by mark: the same mark twice is one ticket."""
    handovers: list[dict[str, Any]] = field(default_factory=list)
    """Its list of what was handed over."""
    recalled: list[dict[str, Any]] = field(default_factory=list)

    @property
    def known(self) -> dict[str, dict[str, Any]]:
        """What it knows, by mark: the same mark twice is one update."""
        return {each["id"]: each for each in self.got}


@pytest.fixture
def their(settings):
    """their.got is what the hotline was told; their.moods = [500, 200] makes it fail once."""
    side = Their12345()

    class Answers(BaseHTTPRequestHandler):
        def _signed(self, body):
            expected = signing.signature(
                SECRET, method=self.command, path=self.path, time=self.headers[signing.TIME],
                nonce=self.headers[signing.NONCE], body=body,
            )  # fmt: skip
            good = self.headers[signing.SIGNATURE] == expected
            side.unsigned += not good
            return good

        def _say(self, status, said):
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not self._signed(body):
                return self._say(401, {})
            mood = side.moods.pop(0) if side.moods else 200
            answer = {"said": mood}
            if mood in {200, 504}:  # 504: it took it, and its answer was lost.
                said = json.loads(body)
                if self.path == "/handovers":
                    side.over[said["id"]] = said
                    answer["ticket_no"] = f"B2026-{list(side.over).index(said['id']) + 1:04}"
                elif self.path == "/recalls":
                    side.recalled.append(said)
                else:
                    side.got.append(said)
            return self._say(mood, answer)

        def do_GET(self):
            mood = side.moods.pop(0) if side.moods else 200
            said = {"handovers": side.handovers} if self.path.startswith("/handovers") else {"tickets": side.listed}
            return self._say(mood if self._signed(b"") else 401, said)

        def log_message(self, *_args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    side.url = f"http://127.0.0.1:{server.server_port}"
    settings.HOTLINE_URL, settings.HOTLINE_SECRET = side.url, SECRET
    yield side
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def call(client, settings, city):
    """call("tickets", {"tickets": [...]}) as the hotline's system would, signed."""
    settings.HOTLINE_SECRET = SECRET

    def send(name, said=None, *, secret=SECRET, change=lambda headers: headers, path=""):
        path = path or f"/hotline/v1/{name}"
        body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
        method = "GET" if said is None else "POST"
        headers = change(signing.headers(secret, method=method, path=path, body=body))
        if said is None:
            return client.get(path, headers=headers)
        return client.post(path, body, content_type="application/json", headers=headers)

    return send


@pytest.fixture
def heard(call):
    """heard() hands one ticket over; gives our number."""

    def take(number="T2026112300001", **changes):
        answer = call("tickets", {"tickets": [ticket(number, **changes)]})
        (row,) = answer.json()["rows"]
        assert row["result"] == "accepted", row
        deliver()
        return row["our_no"]

    return take
