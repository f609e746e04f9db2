"""A process makes ready what it can, and starts all the same when it cannot."""

import gc

import pytest

from linli.mechanisms import territory
from linli.mechanisms.territory import index
from linli.site.warming import warm


@pytest.fixture(autouse=True)
def frozen():
    """What `warm` took out of the garbage collector's sight is given back."""
    yield
    gc.unfreeze()


@pytest.mark.django_db(transaction=True)
def test_the_first_request_finds_the_places_made(committed_city):
    index.forget()
    warm()
    assert index.current().nodes


def test_a_database_that_is_away_does_not_keep_it_from_starting(monkeypatch, caplog):
    def away(_point):
        raise ConnectionError("nobody there")

    monkeypatch.setattr(territory, "locate", away)
    warm()
    assert "could not make ready" in caplog.text
