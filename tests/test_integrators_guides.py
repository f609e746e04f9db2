"""docs/howto/use-the-api.md and use-webhooks.md, followed word for word by somebody with curl and bare Python."""

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from django.core.wsgi import get_wsgi_application

from linli.gateways.webhooks import service as webhooks
from linli.gateways.webhooks.models import Delivery, Subscription
from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.portals.openapi import queries, service
from tests import cast as people
from tests.fixtures import _Quiet, _Threads

HOWTO = Path(__file__).resolve().parent.parent / "docs" / "howto"


def blocks(page: str, language: str) -> list[str]:
    """The code of one language, in order."""
    text = (HOWTO / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def documents(printed: str) -> Iterator[Any]:
    """JSON after JSON, with or without a line between them."""
    decoder, at = json.JSONDecoder(), 0
    while rest := printed[at:].lstrip():
        at = len(printed) - len(rest)
        found, length = decoder.raw_decode(rest)
        at += length
        yield found


@pytest.fixture
def on_the_air() -> Iterator[str]:
    """The application behind a real server: gives its address."""
    server = make_server("localhost", 0, get_wsgi_application(), server_class=_Threads, handler_class=_Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_calls_of_the_guide_are_answered(
    committed_city: people.Cast, on_the_air: str, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    (appointment, _lent), *_more = access.appointments_of(committed_city.people["li"])
    powers = queries.powers_of(committed_city.actor("li"))
    _token, secret = service.issue(
        name="数据中台", appointment=appointment, powers=powers, until=clock.today(), by=Actor.system("command-line")
    )
    script = "set -e\n" + "\necho\n".join(blocks("use-the-api.md", "bash")) + "\necho\n"
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env={"LINLI": on_the_air, "TOKEN": secret, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False, timeout=60
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    me, filed, listed, whole, added, attached, files = documents(done.stdout)
    assert me["person"] == "李调度"
    assert filed["number"] == listed["items"][0]["number"] == whole["number"] == added["number"]
    assert (filed["version"], added["version"], attached["version"]) == (1, 2, 3)
    assert [each["name"] for each in files["items"]] == ["sheet.pdf"]


def test_the_signature_is_checked_as_the_guide_says() -> None:
    scope: dict[str, Any] = {}
    exec(blocks("use-webhooks.md", "python")[0], scope)
    subscription = Subscription(pk=3, salt="00" * 16)
    delivery = Delivery(subscription=subscription, entry_id=48211)
    body = b'{"id": "wh_3_48211"}'
    headers = webhooks.headers_of(delivery, body, at=clock.now())
    secret = webhooks.secret_of(subscription)
    scope["check"](secret, headers, body)
    for wrong in ({"webhook-id": "wh_3_1"}, {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 1)}):
        with pytest.raises(ValueError, match="not signed"):
            scope["check"](secret, headers | wrong, body)
    with pytest.raises(ValueError, match="not signed"):
        scope["check"](secret, headers, body + b" ")
    old = webhooks.headers_of(delivery, body, at=clock.now() - timedelta(minutes=6))
    with pytest.raises(ValueError, match="too old"):
        scope["check"](secret, old, body)


def test_the_body_of_the_guide_has_the_fields_that_are_sent() -> None:
    (shown,) = blocks("use-webhooks.md", "json")
    assert list(json.loads(shown)) == ["id", "type", "entry", "at", "subject", "seq", "by", "data", "url"]
