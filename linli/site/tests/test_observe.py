"""What the operator is told, and what nobody is told: readiness, numbers for Prometheus, log lines without residents."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from linli.site import observe
from linli.site.loglines import JsonLines, WithoutRequest, without_personal


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("call 13812345678 now", "call *** now"),
        ("call +8613812345678", "call ***"),
        ("号码11010519491231002X。", "号码***。"),
        ("card 6222021234567890123", "card ***"),
        ("to zhao@example.com", "to ***"),
        ("matter 滨26-0417-0032 took 1234567 ms", "matter 滨26-0417-0032 took 1234567 ms"),
        ("Key (phone)=(0543-123) already exists.", "*** already exists."),
        ("bad row\nDETAIL:  Failing row contains (赵秀英).", "bad row\n***"),
    ],
)
def test_numbers_of_people_are_blotted_out(said: str, written: str) -> None:
    assert without_personal(said) == written


@pytest.fixture
def lines() -> Iterator[Any]:
    """A logger as the settings make it, and what it wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    handler.addFilter(WithoutRequest())
    logger = logging.getLogger("linli.test_observe")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_a_trace_is_blotted_out_too(lines: Any) -> None:
    logger, written = lines
    try:
        raise ValueError("13812345678")
    except ValueError:
        logger.exception("failed for %s", "13812345678", extra={"reader": "notices", "said": "13812345678"})
    (line,) = written()
    assert "13812345678" not in json.dumps(line)
    assert line["reader"] == "notices"
    assert line["level"] == "ERROR"
    assert "ValueError" in line["exc_info"]


def test_a_request_is_named_by_its_view_and_not_by_its_path(lines: Any, rf: RequestFactory) -> None:
    logger, written = lines
    logger.error(
        "Internal Server Error: %s", "/follow/SECRET/", extra={"request": rf.get("/follow/SECRET/"), "status_code": 500}
    )
    (line,) = written()
    assert line["view"] == "none"
    assert line["status"] == 500
    assert "SECRET" not in json.dumps(line)


# --- Every request -----------------------------------------------------------------------------------------------------
def test_every_answer_carries_its_number(client: Client) -> None:
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert len(first) == 32
    assert first != second


def test_a_number_from_outside_is_taken_from_a_proxy_only(client: Client, settings: Any) -> None:
    headers = {"X-Request-ID": "from-the-proxy-1"}
    assert client.get("/healthz", headers=headers)["X-Request-ID"] != "from-the-proxy-1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/healthz", headers=headers)["X-Request-ID"] == "from-the-proxy-1"
    assert client.get("/healthz", headers={"X-Request-ID": "a b\tc"})["X-Request-ID"] != "a b\tc"


def test_a_request_is_counted_by_view_and_status(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    labels = {"view": "none", "method": "GET", "status": "404"}
    before = observe.REGISTRY.get_sample_value("linli_requests_total", labels) or 0
    with caplog.at_level(logging.INFO, "linli.request"):
        assert client.get("/no-such-page/13812345678").status_code in {302, 404}
    assert observe.REGISTRY.get_sample_value("linli_requests_total", labels) == before + 1
    (record,) = [record for record in caplog.records if record.name == "linli.request"]
    assert "no-such-page" not in str(vars(record))


def test_a_method_nobody_knows_makes_no_new_row(rf: RequestFactory) -> None:
    answered = observe.Observer(lambda _: HttpResponse())(rf.generic("BREW", "/"))
    assert answered.status_code == 200
    assert observe.REGISTRY.get_sample_value(
        "linli_requests_total", {"view": "none", "method": "other", "status": "200"}
    )


# --- Three addresses ---------------------------------------------------------------------------------------------------
def test_healthz_asks_no_database(client: Client) -> None:
    # Without the db mark a query would be an error.
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_readyz_is_ready_when_everything_is_applied(client: Client) -> None:
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_names_missing_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observe, "_migrated", False)
    monkeypatch.setattr(observe, "unapplied", lambda: ["matters.0009_later"])
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"linli migrate" in response.content


@pytest.mark.django_db
def test_metrics_tell_of_the_city(client: Client) -> None:
    told = client.get("/metrics").content.decode()
    for name in (
        "linli_database_up 1.0",
        "linli_journal_parked 0.0",
        "linli_timers_overdue 0.0",
        "linli_request_seconds_bucket",
    ):
        assert name in told


def test_metrics_are_refused_from_elsewhere(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 403


def test_metrics_are_refused_when_a_proxy_hides_who_asks(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 403


@pytest.mark.django_db
def test_metrics_open_to_the_token(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "opensesame"
    headers = {"Authorization": "Bearer opensesame"}
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7", headers=headers).status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7", headers={"Authorization": "Bearer "}).status_code == 403


def test_a_view_without_a_match_has_no_path_in_its_name() -> None:
    request = HttpRequest()
    request.path = "/follow/SECRET/"
    assert observe.view_name(request) == "none"
