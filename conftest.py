"""What every test stands on: a database that may be emptied between tests, and the journal's first epoch in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models.signals import post_migrate
from hypothesis import settings

# Two busy cores are slow at times; a deadline per example would test the machine.
settings.register_profile("linli", deadline=None)
settings.load_profile("linli")

pytest_plugins = ["tests.fixtures"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, so that two workers end together; a module's tests that commit stay its last."""
    items.sort(
        key=lambda item: (
            0 if item.get_closest_marker("own_database") else 1 if item.get_closest_marker("browser") else 2
        )
    )


_NO_TRUNCATE = """
DO $$
DECLARE each record;
BEGIN
    FOR each IN SELECT tgrelid::regclass AS kept, tgname FROM pg_trigger WHERE NOT tgisinternal AND (tgtype & 32) > 0
    LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', each.kept, each.tgname); END LOOP;
END $$
"""


def _first_epoch(**_: Any) -> None:
    """A flushed database has no epoch, and without one nothing can be written to the journal."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO journal_incarnation (number, began_at) VALUES (1, now()) ON CONFLICT DO NOTHING")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Tests that commit empty every table afterwards, also those that refuse it anywhere else.

    Only TRUNCATE is let through; UPDATE and DELETE are refused in tests as in a city.
    """
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(_NO_TRUNCATE)
        post_migrate.connect(_first_epoch, dispatch_uid="first epoch")  # Flushing sends it, once for each app.
        _first_epoch()
    yield
    post_migrate.disconnect(dispatch_uid="first epoch")
