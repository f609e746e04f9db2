"""Writing a history that has already happened: a demo city's, a benchmark's, an old system's. By COPY, hashed as always."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from linli.facts.base import Fact
from linli.mechanisms.journal.entries import GENESIS, Author, Heard, canonical, entry_hash
from linli.mechanisms.journal.models import Cursor
from linli.mechanisms.journal.readers import READERS
from linli.mechanisms.journal.runner import horizon

_COLUMNS = "epoch, txid, subject, seq, at, move, fact, payload, author, previous, hash"
# An xid8 travels as an int8 does.
_TYPES = ("int4", "int8", "text", "int4", "timestamptz", "text", "text", "text", "text", "bytea", "bytea")


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that happened to a subject."""

    at: datetime
    move: str
    fact: Fact
    author: Author


def copy_chains(
    chains: Iterable[tuple[str, Sequence[Past]]], *, each: Callable[[str, Sequence[Heard]], None] = lambda *_: None
) -> int:
    """Write whole histories of new subjects; returns how many entries. Inside the caller's transaction.

    `each` is given every subject's entries as a reader would hear them, so that a projection can be filled beside.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(number), pg_current_xact_id()::text::bigint FROM journal_incarnation")
        epoch, txid = cursor.fetchone()
        done = 0
        authors: dict[Author, str] = {}
        with cursor.copy(f"COPY journal_entry ({_COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(_TYPES)
            for subject, events in chains:
                previous = GENESIS
                told = []
                for seq, event in enumerate(events, start=1):
                    author = authors.get(event.author) or authors.setdefault(event.author, event.author.as_json())
                    payload = canonical(event.fact.payload())
                    name = event.fact.name
                    digest = entry_hash(
                        previous,
                        subject=subject,
                        seq=seq,
                        at=event.at,
                        move=event.move,
                        fact=name,
                        payload=payload,
                        author=author,
                    )
                    copy.write_row(
                        (epoch, txid, subject, seq, event.at, event.move, name, payload, author, previous, digest)
                    )
                    previous = digest
                    told.append(Heard(0, subject, seq, event.at, event.move, event.author, event.fact))
                done += len(events)
                each(subject, told)
    return done


def skip_to_now(names: Iterable[str] = ()) -> None:
    """Let readers begin after what was written in bulk: its letters are not sent, its projections are filled beside.

    After the bulk transaction has committed. Without names: every reader.
    """
    with transaction.atomic():
        end = horizon()
        wanted = tuple(names) or tuple(READERS)
        rows: list[Any] = [
            Cursor(reader=name, epoch=end.epoch, txid=end.txid - 1, entry_id=2**63 - 1) for name in wanted
        ]
        Cursor.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["reader"], update_fields=["epoch", "txid", "entry_id"]
        )
