"""A projection is a function of the journal: replaying rebuilds it row for row."""

import pytest
from django.db import transaction
from django.db.models import F

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.journal import runner
from linli.mechanisms.journal.models import Cursor
from linli.mechanisms.journal.replay import NotAProjectionError, replay
from linli.mechanisms.journal.testing import deliver
from tests.toy.facts import ToyNoted, ToyRegistered
from tests.toy.models import Tally
from tests.toy.people import LI
from tests.toy.together import Session


@pytest.fixture
def tallies(readers):
    @journal.projection("toy.tally", ToyRegistered, ToyNoted, tables=["toy_tally"], batch=3)
    def count(batch):
        for each in batch:
            row, _ = Tally.objects.get_or_create(subject=each.subject, defaults={"count": 0, "last": ""})
            Tally.objects.filter(pk=row.pk).update(count=F("count") + 1, last=each.fact.name)

    @journal.reader("toy.post", ToyNoted)
    def post(each):
        """A reader whose deeds cannot be undone."""


def write(name, *facts):
    with transaction.atomic():
        journal.append(f"toy:{name}", *facts, by=LI.author, at=clock.now())


def rows():
    return sorted(Tally.objects.values_list("subject", "count", "last"))


@pytest.mark.django_db
def test_replaying_rebuilds_every_row(tallies):
    for name in "甲乙丙":
        write(name, ToyRegistered(name), *[ToyNoted(name, n) for n in range(5)])
    deliver()
    before = rows()
    assert before[0] == ("toy:丙", 6, ToyNoted.name)
    Tally.objects.filter(subject="toy:甲").update(count=99)
    Tally.objects.filter(subject="toy:乙").delete()
    assert replay("toy.tally", everything=True) == 18
    assert rows() == before
    assert deliver() == 0  # What the replay heard is not heard again…
    write("甲", ToyNoted("甲", 9))
    assert deliver() == 2  # …and what comes after is.
    assert Tally.objects.get(subject="toy:甲").count == 7


@pytest.mark.django_db(transaction=True)
def test_a_replay_beside_open_transactions_neither_loses_nor_doubles(tallies):
    write("甲", ToyRegistered("甲"))
    late = Session()
    late.begin()
    late.do(lambda: write("乙", ToyRegistered("乙")))
    write("丙", ToyRegistered("丙"))
    replay("toy.tally")
    write("甲", ToyNoted("甲", 1))
    late.end()
    late.close()
    while runner.run_once():
        pass
    assert rows() == [
        ("toy:丙", 1, ToyRegistered.name),
        ("toy:乙", 1, ToyRegistered.name),
        ("toy:甲", 2, ToyNoted.name),
    ]


@pytest.mark.django_db
def test_a_replay_that_fails_leaves_the_old_rows(readers):
    hates = []

    @journal.projection("toy.tally", ToyNoted, tables=["toy_tally"])
    def count(batch):
        for each in batch:
            if hates:
                raise ValueError("no")
            Tally.objects.create(subject=each.subject, count=1, last="")

    write("甲", ToyNoted("甲", 1))
    deliver()
    hates.append("everything")
    before = Cursor.objects.values_list().get(reader="toy.tally")
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        replay("toy.tally", everything=True)
    assert rows() == [("toy:甲", 1, "")]
    assert Cursor.objects.values_list().get(reader="toy.tally") == before


@pytest.mark.django_db
def test_only_projections_may_be_replayed(tallies):
    for name in ("toy.post", "toy.nobody"):
        with pytest.raises(NotAProjectionError, match="可重建的有：toy.tally"):
            replay(name)
