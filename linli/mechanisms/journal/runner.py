"""Delivery: each reader hears what has committed, in order, exactly once as far as the database goes.

Ids are handed out before commit, so a reader that remembered "the highest id seen" would miss an entry that
committed late. Entries therefore carry their transaction number, and a reader goes only up to the oldest
transaction still open: nothing can appear behind it any more. Order is (epoch, transaction, id); an entry's number
is never below its predecessor's (see service.append), so one subject's own order is kept.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from linli.kernel import clock
from linli.mechanisms.journal.models import Cursor, Entry, Parked
from linli.mechanisms.journal.readers import READERS, Reader
from linli.mechanisms.journal.service import COLUMNS, heard

log = logging.getLogger("linli.journal")

MOST_TRIES = 8
"""After this many failures (about ten minutes) an entry is parked, and its subject with it, so that others go on."""
FETCH = 200
PASS_SECONDS = 2.0
"""No pass takes much longer: while its transaction is open, no other reader can hear what was committed after it began."""
_Row = tuple[Any, ...]
"""Epoch, transaction, then COLUMNS (which begin with id and subject)."""
_LAST = 2**63 - 1


@dataclass(frozen=True)
class Horizon:
    """Up to where everything has committed: every older epoch, and transactions below `txid` of the current one."""

    epoch: int
    txid: int


# Transactions of other databases on the same server can write nothing here, so they are not waited for; one that
# cannot be told (another role's session, unless we may read its statistics) is taken for ours.
_HORIZON = """
SELECT (SELECT max(number) FROM journal_incarnation), LEAST(
    pg_snapshot_xmax(now.snapshot)::text::bigint,
    pg_current_xact_id_if_assigned()::text::bigint,
    (SELECT min(open.txid::text::bigint) FROM pg_snapshot_xip(now.snapshot) AS open (txid)
     WHERE (open.txid::text::bigint & 4294967295) NOT IN (
        SELECT backend_xid::text::bigint FROM pg_stat_activity
        WHERE backend_xid IS NOT NULL AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
    ))
)
FROM (SELECT pg_current_snapshot() AS snapshot) AS now
"""


def horizon() -> Horizon:
    """The current horizon. Taken in a statement of its own, before the entries are read."""
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        epoch, txid = cursor.fetchone()
    return Horizon(epoch, txid)


def run_once(*, everything: bool = False) -> int:
    """Give every reader one batch of what it has not heard. Returns how many entries were heard.

    `everything` ignores the horizon: only tests, which read inside the transaction that wrote, may say so.
    """
    heard_now, broken = 0, None
    for reader in _behind():
        try:
            heard_now += _serve(reader, everything=everything)
        except Exception as error:
            log.exception("reader not served", extra={"reader": reader.name})
            broken = error
    if broken is not None:
        raise broken
    return heard_now


def _behind() -> list[Reader]:
    """The readers that have not reached the newest entry: when all is quiet, two reads and no write."""
    newest = Entry.objects.order_by("-epoch", "-txid", "-id").values_list("epoch", "txid", "id").first()
    if newest is None:
        return []
    at = {name: position for name, *position in Cursor.objects.values_list("reader", "epoch", "txid", "entry_id")}
    return [reader for reader in list(READERS.values()) if at.get(reader.name, [0, 0, 0]) < list(newest)]


def _serve(reader: Reader, *, everything: bool) -> int:
    now = clock.now()
    with transaction.atomic():
        cursor = _claim(reader)
        if cursor is None or (cursor.retry_at is not None and cursor.retry_at > now):
            return 0
        limit = Horizon(_LAST & 0x7FFFFFFF, _LAST) if everything else horizon()
        rows = _fetch(reader, cursor, limit)
        if rows:
            return _hear_rows(reader, cursor, rows, now)
        if not everything and (cursor.epoch, cursor.txid) < (limit.epoch, limit.txid - 1):
            cursor.epoch, cursor.txid, cursor.entry_id = limit.epoch, limit.txid - 1, _LAST
            cursor.save(update_fields=["epoch", "txid", "entry_id"])
        return 0


def _hear_rows(reader: Reader, cursor: Cursor, rows: list[_Row], now: datetime) -> int:
    """Hear rows in order until one fails, all are heard, or others have waited for this transaction long enough."""
    parked = _parked_subjects(reader, {_subject(row) for row in rows})
    enough = time.monotonic() + PASS_SECONDS
    batch, done = reader.batch, 0
    while done < len(rows) and (not done or time.monotonic() < enough):
        chunk = rows[done : done + batch]
        try:
            with transaction.atomic():
                _hear(reader, chunk, parked, now)
        except Exception as error:  # noqa: BLE001  Whatever a reader raises, the others go on and it tries again.
            if len(chunk) > 1:  # Find the entry that fails: from here on, one by one.
                batch = 1
                continue
            if not _failed(reader, cursor, chunk[0], now, error):
                break
            parked.add(_subject(chunk[0]))
        cursor.tries, cursor.retry_at = 0, None
        cursor.epoch, cursor.txid, cursor.entry_id = chunk[-1][:3]
        done += len(chunk)
    cursor.save()
    return done


def _claim(reader: Reader) -> Cursor | None:
    """The reader's cursor under lock, or None while another worker has it."""
    found = Cursor.objects.select_for_update(skip_locked=True).filter(reader=reader.name).first()
    if found is None and not Cursor.objects.filter(reader=reader.name).exists():
        Cursor.objects.bulk_create([Cursor(reader=reader.name)], ignore_conflicts=True)
        found = Cursor.objects.select_for_update(skip_locked=True).filter(reader=reader.name).first()
    return found


def _fetch(reader: Reader, cursor: Cursor, limit: Horizon) -> list[_Row]:
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
        rows: list[_Row] = db.fetchall()
    return rows


def _subject(row: _Row) -> str:
    return str(row[3])


def _hear(reader: Reader, rows: list[_Row], parked: set[str], now: datetime) -> None:
    behind = [row for row in rows if _subject(row) in parked]
    if behind:
        _park(reader, behind, now, "在同一主体更早的搁置条目之后")
    open_ones = [heard(row[2:]) for row in rows if _subject(row) not in parked]
    if open_ones:
        reader.hear(open_ones)


def _failed(reader: Reader, cursor: Cursor, row: _Row, now: datetime, error: Exception) -> bool:
    """Try again later; after MOST_TRIES, park the entry so that other subjects are not kept waiting. Was it parked?"""
    cursor.tries += 1
    cursor.last_error = f"{type(error).__name__}: {error}"[:2000]
    log.warning("reader failed", extra={"reader": reader.name, "entry": row[2], "tries": cursor.tries}, exc_info=error)
    if cursor.tries >= MOST_TRIES:
        _park(reader, [row], now, cursor.last_error)
        return True
    cursor.retry_at = now + timedelta(seconds=2 ** (cursor.tries + 1))
    return False


def _park(reader: Reader, rows: list[_Row], now: datetime, error: str) -> None:
    parked = [
        Parked(reader=reader.name, entry_id=row[2], subject=_subject(row), parked_at=now, error=error) for row in rows
    ]
    Parked.objects.bulk_create(parked, ignore_conflicts=True)


def _parked_subjects(reader: Reader, subjects: set[str]) -> set[str]:
    found = Parked.objects.filter(reader=reader.name, subject__in=subjects)
    return set(found.values_list("subject", flat=True))


def retry_parked(reader_name: str) -> int:
    """Let a mended reader hear what was parked, subject by subject, in order. Returns how many were heard.

    A subject whose entry fails again stays parked from there on, with the new error; the others go on.
    """
    reader = READERS[reader_name]
    subjects = (
        Parked.objects.filter(reader=reader_name).order_by("subject").values_list("subject", flat=True).distinct()
    )
    return sum(_retry_subject(reader, subject) for subject in list(subjects))


def _retry_subject(reader: Reader, subject: str) -> int:
    done = 0
    while _retry_first(reader, subject):
        done += 1
    return done


def _retry_first(reader: Reader, subject: str) -> bool:
    with transaction.atomic():
        # The cursor's lock keeps the workers from parking one more behind the last.
        Cursor.objects.select_for_update().filter(reader=reader.name).first()
        first = (
            Parked.objects.filter(reader=reader.name, subject=subject)
            .select_related("entry")
            .order_by("entry__seq")
            .first()
        )
        if first is None:
            return False
        try:
            with transaction.atomic():
                reader.hear([heard(_columns(first.entry))])
                first.delete()
        except Exception as error:
            Parked.objects.filter(pk=first.pk).update(error=f"{type(error).__name__}: {error}"[:2000])
            log.warning(
                "parked entry failed again", extra={"reader": reader.name, "entry": first.entry_id}, exc_info=error
            )
            return False
    return True


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
