"""Writing: in a transaction, chained, refused to everybody who would change it."""

import hashlib
import json
from datetime import UTC

import pytest
from django.db import Error, connection, transaction

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.journal.models import Entry
from tests.toy.facts import ToyNoted, ToyRegistered, ToyTaken
from tests.toy.people import LI, WU

SUBJECT = "toy:柳-1"


def write(*facts, by=LI, subject=SUBJECT, move=""):
    return journal.append(subject, *facts, by=by.author, at=clock.now(), move=move)


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        write(ToyRegistered("柳-1"))
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_nothing_to_say_is_refused():
    with pytest.raises(ValueError, match="without a fact"):
        write()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["journal_entry", "journal_seal", "journal_sealedhead"])
@pytest.mark.parametrize(
    "change",
    ["UPDATE {0} SET hash = 'x'", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"],
    ids=["update", "delete", "truncate"],
)
def test_the_database_refuses_every_change(table, change):
    from linli.mechanisms.journal import seals

    write(ToyRegistered("柳-1"))
    seals.seal_now(everything=True)
    with pytest.raises(Error, match="日志只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER journal_no_truncate")  # Tests switch it off: see conftest.
        cursor.execute(change.format(table))
    assert Entry.objects.count() == 2


@pytest.mark.django_db
def test_a_stranger_can_recompute_the_chain():
    write(ToyRegistered("柳-1"))
    write(ToyTaken("柳-1", "吴城管"), ToyNoted("柳-1", 12), by=WU, move="take")
    before = bytes(32)
    for entry in Entry.objects.order_by("seq"):  # The recipe of the documents, written down once more.
        lines = [
            "linli-journal-1", before.hex(), entry.subject, str(entry.seq),
            entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), entry.move, entry.fact, entry.payload, entry.author,
        ]  # fmt: skip
        assert bytes(entry.previous) == before
        before = hashlib.sha256("\n".join(lines).encode()).digest()
        assert bytes(entry.hash) == before
    assert entry.seq == 3


@pytest.mark.django_db
def test_history_gives_the_facts_back_in_order_with_their_authors():
    write(ToyRegistered("柳-1"))
    write(ToyTaken("柳-1", "吴城管"), by=WU, move="take")
    first, second = journal.history(SUBJECT)
    assert (first.fact, second.fact) == (ToyRegistered("柳-1"), ToyTaken("柳-1", "吴城管"))
    assert (first.author.name, second.author.office, second.move, second.key) == (
        "李调度",
        "柳林街道城管办",
        "take",
        "柳-1",
    )
    assert json.loads(Entry.objects.get(seq=2).payload) == {"number": "柳-1", "handler": "吴城管"}
