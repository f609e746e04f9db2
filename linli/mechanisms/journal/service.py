"""Every write to the journal: one function. Reads of one subject's history stand beside it."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from linli.facts.base import Fact, fact_named
from linli.mechanisms.journal.entries import GENESIS, Author, Heard, canonical, entry_hash

# The number an entry is read by is its transaction's, or its predecessor's if that is later: a transaction may have
# been numbered long before it got the subject's lock, and one subject's entries must be heard in their own order.
_INSERT = """
WITH first AS (
    INSERT INTO journal_entry (epoch, txid, subject, seq, at, move, fact, payload, author, previous, hash)
    SELECT now.epoch, GREATEST(pg_current_xact_id(), before.txid), v.*
    FROM (SELECT max(number) AS epoch FROM journal_incarnation) AS now
    CROSS JOIN (VALUES {row}) AS v (subject, seq, at, move, fact, payload, author, previous, hash)
    LEFT JOIN journal_entry AS before ON before.subject = v.subject AND before.seq = v.seq - 1 AND before.epoch = now.epoch
    ON CONFLICT (subject, seq) DO NOTHING
    RETURNING epoch, txid
), rest AS (
    INSERT INTO journal_entry (epoch, txid, subject, seq, at, move, fact, payload, author, previous, hash)
    SELECT first.epoch, first.txid, v.* FROM first CROSS JOIN (VALUES {rows}) AS v
)
SELECT 1 FROM first
"""
_INSERT_ONE = _INSERT.partition(", rest AS")[0] + " SELECT 1 FROM first"  # noqa: S608  No value is formatted in.
_ROW = "(%s::text, %s::int, %s::timestamptz, %s::text, %s::text, %s::text, %s::text, %s::bytea, %s::bytea)"
_PATIENCE = 50


def append(
    subject: str, *facts: Fact, by: Author, at: datetime, move: str = "", after: tuple[int, bytes] | None = None
) -> tuple[int, bytes]:
    """Write facts about a subject, chained to its last entry; returns the new head (sequence, hash).

    Runs inside the caller's transaction and refuses to run outside one: a fact and the change it tells of are
    written together or not at all. Two writers at once on one subject: the second waits for the first and goes
    behind it. `after` is the head when the caller knows it ((0, GENESIS) for a new subject); if it is not so,
    IntegrityError.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "journal.append outside a transaction: the fact could outlive its change"
        )
    if not facts:
        raise ValueError("journal.append without a fact")
    if after is not None:
        if written := _chain(subject, facts, by=by, at=at, move=move, after=after):
            return written
        raise IntegrityError(f"{subject} has an entry {after[0] + 1} already")
    for _ in range(_PATIENCE):
        if written := _chain(subject, facts, by=by, at=at, move=move, after=head(subject)):
            return written
    raise IntegrityError(f"{subject} is written to by too many at once")


def _chain(
    subject: str, facts: tuple[Fact, ...], *, by: Author, at: datetime, move: str, after: tuple[int, bytes]
) -> tuple[int, bytes] | None:
    """Insert the facts behind a head, or nothing and None if somebody else's entry came to stand there."""
    seq, previous = after
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
    sql = _INSERT if len(facts) > 1 else _INSERT_ONE
    with connection.cursor() as cursor:
        cursor.execute(sql.format(row=_ROW, rows=", ".join([_ROW] * (len(facts) - 1))), values)  # Only placeholders.
        return (seq, previous) if cursor.fetchone() else None


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


def last(subjects: Iterable[str], moves: Iterable[str]) -> list[Heard]:
    """The last entry of each of these moves on each of these subjects, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (subject, move) {COLUMNS} FROM journal_entry"  # noqa: S608  Column names.
            " WHERE subject = ANY(%s) AND move = ANY(%s) ORDER BY subject, move, seq DESC",
            [list(subjects), list(moves)],
        )
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
