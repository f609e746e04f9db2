"""What a running linli tells its operator: /healthz, /readyz, /metrics, and log lines with nothing of residents in them."""

import hmac
import logging
import os
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseProblem
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from linli.kernel import clock
from linli.mechanisms.access import public
from linli.mechanisms.flow import timers
from linli.mechanisms.journal import runner
from linli.mechanisms.journal.models import Parked
from linli.site.loglines import request_id

log = logging.getLogger("linli.request")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
REQUESTS = Counter("linli_requests_total", "Requests answered.", ("view", "method", "status"))
SECONDS = Histogram(
    "linli_request_seconds",
    "Time from request to answer, by view.",
    ("view",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


# --- Every request -----------------------------------------------------------------------------------------------------
class Observer:
    """The outermost middleware: gives the request its number, and counts, times and logs it by the name of its view.

    Never by its path: a path may hold the token of a resident's follow page, and a query what somebody searched for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Once per process."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then tell."""
        token = request_id.set(_number(request))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            response["X-Request-ID"] = request_id.get()
            view = view_name(request)
            method = request.method if request.method in METHODS else "other"
            REQUESTS.labels(view, method, str(response.status_code)).inc()
            SECONDS.labels(view).observe(seconds)
            if view not in {"static", "healthz", "readyz", "metrics"}:
                told = {"view": view, "method": method, "status": response.status_code, "ms": round(seconds * 1000, 1)}
                log.info("request", extra=told)
            return response
        finally:
            request_id.reset(token)


def _number(request: HttpRequest) -> str:
    """The reverse proxy's number for this request, if there is a proxy; else one of our own."""
    given = request.headers.get("X-Request-ID", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex


def view_name(request: HttpRequest) -> str:
    """A name from the URL table: there are only so many of them."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


# --- Three addresses ---------------------------------------------------------------------------------------------------
@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  A view.
    """This process lives. The database is not asked: restarting us would not mend it."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


_migrated = False


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  A view.
    """Requests can be sent here: the database answers and has the tables of this release."""
    global _migrated  # noqa: PLW0603  Once true it stays true for the life of the process.
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            missing = unapplied()
            if missing:
                text = f"not ready: {len(missing)} migrations are not applied; run linli migrate\n"
                return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
            _migrated = True
    except DatabaseProblem:
        return HttpResponse(
            "not ready: the database does not answer\n", status=503, content_type="text/plain; charset=utf-8"
        )
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")


def unapplied() -> list[str]:
    """The migrations that this release has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, from this machine or with the token of LINLI_METRICS_TOKEN."""
    if not _may_measure(request):
        return HttpResponse(
            "403: from this machine, or with LINLI_METRICS_TOKEN\n", status=403, content_type="text/plain"
        )
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # Not annotated upstream.
        requests = b""
    else:
        requests = generate_latest(REGISTRY)
    registry.register(City())
    return HttpResponse(requests + generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_measure(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    # Behind a reverse proxy on this machine, everybody seems to be from this machine.
    behind_proxy = settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0 or "X-Forwarded-For" in request.headers
    return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and not behind_proxy


class City(Collector):
    """What the database knows, asked when Prometheus asks."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """A database that does not answer is a metric too."""
        up = GaugeMetricFamily("linli_database_up", "1 if the database answers.")
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL statement_timeout = '3s'")
                found = list(self._found())
        except DatabaseProblem:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from found

    def _found(self) -> Iterator[GaugeMetricFamily]:
        lag = GaugeMetricFamily(
            "linli_journal_lag", "Entries a reader has not heard yet, counted to 1000.", labels=["reader"]
        )
        for reader, waiting in runner.lag().items():
            lag.add_metric([reader], waiting)
        yield lag
        parked = GaugeMetricFamily("linli_journal_parked", "Entries a reader could not hear and put aside.")
        parked.add_metric([], Parked.objects.count())
        yield parked
        late = GaugeMetricFamily("linli_timers_overdue", "Timers that should have fired a minute ago.")
        late.add_metric([], overdue_timers())
        yield late
        matters = GaugeMetricFamily("linli_matters_open", "Matters neither closed nor withdrawn.", labels=["state"])
        for state, count in open_matters().items():
            matters.add_metric([state], count)
        yield matters


def overdue_timers(grace: float = 60) -> int:
    """Timers that a living worker would have fired by now."""
    return timers.overdue(clock.now() - timedelta(seconds=grace))


def open_matters() -> dict[str, int]:
    """Open matters by state; nothing where the table is not there yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('matters_matter')")
        if cursor.fetchone() == (None,):
            return {}
        cursor.execute(
            "SELECT state, count(*) FROM matters_matter"
            " WHERE state NOT IN ('closed', 'withdrawn', 'excluded', 'merged') GROUP BY state"
        )
        return dict(cursor.fetchall())


urlpatterns: list[URLPattern] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
