"""Delivery: each reader hears what has committed, in order, exactly once as far as the database goes.

Ids are handed out before commit, so a reader that remembered "the highest id seen" would miss an entry that
committed late. Entries therefore carry their transaction number, and a reader goes only up to the oldest
transaction still open: nothing can appear behind it any more. Order is (epoch, transaction, id); one subject's
entries are written under its row lock, so their own order is kept.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from linli.kernel import clock
from linli.mechanisms.journal.entries import Heard
from linli.mechanisms.journal.models import Cursor, Entry, Parked
from linli.mechanisms.journal.readers import READERS, Reader
from linli.mechanisms.journal.service import COLUMNS, heard

log = logging.getLogger("linli.journal")

MOST_TRIES = 8
"""After this many failures (about ten minutes) an entry is parked, and its subject with it, so that others go on."""
FETCH = 200
_LAST = 2**63 - 1


@dataclass(frozen=True)
class Horizon:
    """Up to where everything has committed: every older epoch, and transactions below `txid` of the current one."""

    epoch: int
    txid: int


def horizon() -> Horizon:
    """The current horizon. Taken in a statement of its own, before the entries are read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(number) FROM journal_incarnation), pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        )
        epoch, txid = cursor.fetchone()
    return Horizon(epoch, txid)


def run_once(*, everything: bool = False) -> int:
    """Give every reader one batch of what it has not heard. Returns how many entries were heard.

    `everything` ignores the horizon: only tests, which read inside the transaction that wrote, may say so.
    """
    return sum(_serve(reader, everything=everything) for reader in list(READERS.values()))


def _serve(reader: Reader, *, everything: bool) -> int:
    now = clock.now()
    with transaction.atomic():
        cursor = _claim(reader)
        if cursor is None or (cursor.retry_at is not None and cursor.retry_at > now):
            return 0
        limit = Horizon(_LAST & 0x7FFFFFFF, _LAST) if everything else horizon()
        rows = _fetch(reader, cursor, limit)
        if not rows:
            if not everything:
                _advance(cursor, limit.epoch, limit.txid - 1, _LAST)
            return 0
        parked = _parked_subjects(reader, {row[1].subject for row in rows})
        done = 0
        while done < len(rows):
            chunk = rows[done : done + reader.batch]
            try:
                with transaction.atomic():
                    _hear(reader, [entry for _, entry in chunk], parked, now)
            except Exception as error:  # noqa: BLE001  Whatever a reader raises, the others go on and it tries again.
                if len(chunk) > 1:  # Find the entry that fails: this pass, go on one by one.
                    reader = Reader(reader.name, reader.facts, reader.hear, reader.tables, batch=1)
                    continue
                _failed(reader, cursor, chunk[0][1], now, error)
                if cursor.tries:
                    return done
            done += len(chunk)
            (epoch, txid), last = chunk[-1]
            _advance(cursor, epoch, txid, last.entry_id)
        return done


def _claim(reader: Reader) -> Cursor | None:
    """The reader's cursor under lock, or None while another worker has it."""
    found = Cursor.objects.select_for_update(skip_locked=True).filter(reader=reader.name).first()
    if found is None and not Cursor.objects.filter(reader=reader.name).exists():
        Cursor.objects.bulk_create([Cursor(reader=reader.name)], ignore_conflicts=True)
        found = Cursor.objects.select_for_update(skip_locked=True).filter(reader=reader.name).first()
    return found


def _fetch(reader: Reader, cursor: Cursor, limit: Horizon) -> list[tuple[tuple[int, int], Heard]]:
    with connection.cursor() as db:
        db.execute(
            f"SELECT epoch, txid::text::bigint, {COLUMNS} FROM journal_entry"  # noqa: S608  Column names only.
            " WHERE (epoch, txid, id) > (%s, %s::text::xid8, %s) AND (epoch, txid) < (%s, %s::text::xid8)"
            " AND fact = ANY(%s) ORDER BY epoch, txid, id LIMIT %s",
            [
                cursor.epoch, cursor.txid, cursor.entry_id, limit.epoch, limit.txid,
                [fact.name for fact in reader.facts], max(FETCH, reader.batch),
            ],
        )  # fmt: skip
        return [((row[0], row[1]), heard(row[2:])) for row in db.fetchall()]


def _hear(reader: Reader, entries: list[Heard], parked: set[str], now: datetime) -> None:
    behind = [entry for entry in entries if entry.subject in parked]
    if behind:
        _park(reader, behind, now, "在同一主体更早的搁置条目之后")
    open_ones = [entry for entry in entries if entry.subject not in parked]
    if open_ones:
        reader.hear(open_ones)


def _failed(reader: Reader, cursor: Cursor, entry: Heard, now: datetime, error: Exception) -> None:
    """Try again later; after MOST_TRIES, park the entry so that other subjects are not kept waiting."""
    cursor.tries += 1
    cursor.last_error = f"{type(error).__name__}: {error}"[:2000]
    log.warning("reader failed", extra={"reader": reader.name, "entry": entry.entry_id, "tries": cursor.tries}, exc_info=error)
    if cursor.tries >= MOST_TRIES:
        _park(reader, [entry], now, cursor.last_error)
        cursor.tries = 0
    else:
        cursor.retry_at = now + timedelta(seconds=2 ** (cursor.tries + 1))
        cursor.save(update_fields=["tries", "retry_at", "last_error"])


def _park(reader: Reader, entries: list[Heard], now: datetime, error: str) -> None:
    rows = [
        Parked(reader=reader.name, entry_id=entry.entry_id, subject=entry.subject, parked_at=now, error=error)
        for entry in entries
    ]
    Parked.objects.bulk_create(rows, ignore_conflicts=True)


def _parked_subjects(reader: Reader, subjects: set[str]) -> set[str]:
    found = Parked.objects.filter(reader=reader.name, subject__in=subjects)
    return set(found.values_list("subject", flat=True))


def _advance(cursor: Cursor, epoch: int, txid: int, entry_id: int) -> None:
    if (epoch, txid, entry_id) <= (cursor.epoch, cursor.txid, cursor.entry_id) and not cursor.tries:
        return
    cursor.epoch, cursor.txid, cursor.entry_id, cursor.tries, cursor.retry_at = epoch, txid, entry_id, 0, None
    cursor.save(update_fields=["epoch", "txid", "entry_id", "tries", "retry_at"])


def retry_parked(reader_name: str) -> int:
    """Let a mended reader hear what was parked, subject by subject, in order. Returns how many were heard."""
    reader = READERS[reader_name]
    done = 0
    for parked in list(Parked.objects.filter(reader=reader_name).select_related("entry").order_by("subject", "entry__seq")):
        with transaction.atomic():
            entry: Entry = parked.entry
            reader.hear([heard(_columns(entry))])
            parked.delete()
            done += 1
    return done


def _columns(entry: Entry) -> tuple[Any, ...]:
    return (entry.id, entry.subject, entry.seq, entry.at, entry.move, entry.author, entry.fact, entry.payload)


def lag() -> dict[str, int]:
    """How many entries each reader has still to hear, counted to a thousand."""
    waiting: dict[str, int] = {}
    cursors = {cursor.reader: cursor for cursor in Cursor.objects.all()}
    for name, reader in READERS.items():
        at = cursors.get(name) or Cursor()
        with connection.cursor() as db:
            db.execute(
                "SELECT count(*) FROM (SELECT 1 FROM journal_entry WHERE (epoch, txid, id) > (%s, %s::text::xid8, %s)"
                " AND fact = ANY(%s) LIMIT 1000) AS waiting",
                [at.epoch, at.txid, at.entry_id, [fact.name for fact in reader.facts]],
            )
            waiting[name] = db.fetchone()[0]
    return waiting
