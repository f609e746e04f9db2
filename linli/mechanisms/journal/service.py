"""Every write to the journal: one function. Reads of one subject's history stand beside it."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from linli.facts.base import Fact, fact_named
from linli.mechanisms.journal.entries import GENESIS, Author, Heard, canonical, entry_hash

_INSERT = """
INSERT INTO journal_entry (epoch, txid, subject, seq, at, move, fact, payload, author, previous, hash)
SELECT (SELECT max(number) FROM journal_incarnation), pg_current_xact_id(), v.* FROM (VALUES {rows}) AS v
"""
_ROW = "(%s::text, %s::int, %s::timestamptz, %s::text, %s::text, %s::text, %s::text, %s::bytea, %s::bytea)"


def append(
    subject: str, *facts: Fact, by: Author, at: datetime, move: str = "", after: tuple[int, bytes] | None = None
) -> tuple[int, bytes]:
    """Write facts about a subject, chained to its last entry; returns the new head (sequence, hash).

    Runs inside the caller's transaction and refuses to run outside one: a fact and the change it tells of are
    written together or not at all. `after` is the head when the caller knows it under a lock of its own
    ((0, GENESIS) for a new subject); without it, it is read. Two writers at once on one subject: the second
    fails on the unique place and its whole transaction is undone.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("journal.append outside a transaction: the fact could outlive its change")
    if not facts:
        raise ValueError("journal.append without a fact")
    seq, previous = after if after is not None else head(subject)
    author = by.as_json()
    values: list[Any] = []
    for fact in facts:
        seq += 1
        payload = canonical(fact.payload())
        digest = entry_hash(
            previous, subject=subject, seq=seq, at=at, move=move, fact=fact.name, payload=payload, author=author
        )
        values += [subject, seq, at, move, fact.name, payload, author, previous, digest]
        previous = digest
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(rows=", ".join([_ROW] * len(facts))), values)  # Only placeholders are formatted in.
    return seq, previous


def head(subject: str) -> tuple[int, bytes]:
    """The subject's last (sequence, hash); (0, GENESIS) if it has none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM journal_entry WHERE subject = %s ORDER BY seq DESC LIMIT 1", [subject])
        row = cursor.fetchone()
    return (row[0], bytes(row[1])) if row else (0, GENESIS)


def history(subject: str) -> list[Heard]:
    """Everything that happened to a subject, in order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM journal_entry WHERE subject = %s ORDER BY seq", [subject])  # noqa: S608  Column names.
        return [heard(row) for row in cursor.fetchall()]


COLUMNS = "id, subject, seq, at, move, author, fact, payload"


def heard(row: tuple[Any, ...]) -> Heard:
    """A row of COLUMNS as a reader hears it."""
    entry_id, subject, seq, at, move, author, fact, payload = row
    return Heard(
        entry_id, subject, seq, at, move, Author.from_json(author), fact_named(fact).from_payload(json.loads(payload))
    )


def stream(sql: str, parameters: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows from a server-side cursor, so that a million entries do not stand in memory at once."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(2000):
            yield from rows
