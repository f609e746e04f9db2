"""The city every test may stand in: the pack's rules, the imaginary township, its people.

Built once per module, inside a transaction that the module's end undoes; each test undoes only its own. A test that
must really commit (two connections, two processes) takes `committed_city` with pytest.mark.django_db(transaction=True).
"""

from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections, transaction

from linli.mechanisms import rulebook
from linli.mechanisms.journal import Author
from linli.mechanisms.rulebook import pack, queries
from linli.mechanisms.rulebook.models import RuleVersion
from linli.mechanisms.territory import index
from linli.mechanisms.territory.models import Area
from tests import cast as people
from tests import place
from tests.make import Make


def build_city() -> None:
    """Load the pack's rules, establish the township, put its people in their posts. What stands is left standing."""
    if not RuleVersion.objects.exists():
        read = pack.read(Path(settings.PACK))
        rulebook.load(read, by=Author("system", office="测试"))
    forget()
    if not Area.objects.exists():
        place.build()
        people.build()
    forget()


def forget() -> None:
    """What this process remembers of rules and places is of a city that is gone."""
    queries.forget()
    index.forget()


_unsaved: list[transaction.Atomic] = []
"""The transaction in which the module at hand keeps its city, if it has one."""


def leave_city() -> None:
    """Undo the module's uncommitted city, if one stands: a test that commits cannot run inside it."""
    while _unsaved:
        transaction.set_rollback(True)
        _unsaved.pop().__exit__(None, None, None)
        forget()


@pytest.fixture(scope="module")
def _city_of_the_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        block = transaction.atomic()
        block.__enter__()
        _unsaved.append(block)
        build_city()
        queries.committed()  # As far as this module's tests see, it is: no look at the stamp before every answer.
        yield
        leave_city()


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest) -> None:
    """A test that commits leaves what its module has not: with several workers a module's tests run one after another."""
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction") and _unsaved:
        with request.getfixturevalue("django_db_blocker").unblock():
            leave_city()


@pytest.fixture
def city(_city_of_the_module: None, db: None) -> None:
    """The rules and the place."""


@pytest.fixture
def committed_city(transactional_db: None) -> Iterator[people.Cast]:
    """The same, really committed, for tests that look from a second connection."""
    build_city()
    yield people.find()
    forget()
    cache.clear()  # Its table is no model's, so nobody else empties it: the next test would find the sign-ins counted.


@pytest.fixture
def cast(city: None) -> people.Cast:
    """Everybody at their post: cast.actor("wang")."""
    return people.find()


@pytest.fixture
def make(cast: people.Cast) -> Make:
    """Makers of situations: make.assigned()."""
    return Make(cast)


@pytest.fixture
def sign_in(client: Any, cast: people.Cast) -> Any:
    """sign_in("li") makes the test client act as 李调度."""

    def enter(username: str) -> Any:
        client.force_login(cast.people[username])
        return client

    return enter


# --- A city on the air: for browsers, real ones and played ones ----------------------------------------------------------
class _Threads(ThreadingMixIn, WSGIServer):
    """A thread per request, all of them over when the server is, and none leaving a database connection behind."""

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle must not keep a connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def served_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The committed city behind a real server, for all tests of a module: gives its address.

    The tests of the module share one database without undoing: each leaves it as it found it. One test of the module
    must say `db`, because pytest-django makes its database only when some test asks for it.
    """
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        assert name.startswith("test"), f"{name} is not a test's database: let one test of the module take `db`"
        build_city()
        handler = StaticFilesHandler(get_wsgi_application())
        server = make_server("localhost", 0, handler, server_class=_Threads, handler_class=_Quiet)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()
        call_command("flush", interactive=False, verbosity=0)
        forget()
