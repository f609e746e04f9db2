"""Delivery: each reader hears what has committed, in order, exactly once as far as the database goes.

Ids are handed out before commit, so a reader that remembered "the highest id seen" would miss an entry that
committed late. Entries therefore carry their transaction number, and a reader goes only up to the oldest
transaction still open: nothing can appear behind it any more. Order is (epoch, transaction, id); an entry's number
is never below its predecessor's (see service.append), so one subject's own order is kept.
"""

import logging
import time
from collections.abc import Collection
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
PASS_SECONDS = 2.0
"""No pass takes much longer: while its transaction is open, no other reader can hear what was committed after it began."""
_Row = tuple[Any, ...]
"""Epoch, transaction, then COLUMNS (which begin with id and subject)."""
_Position = tuple[int, int, int]
"""Epoch, transaction, entry: behind it, a reader has heard nothing yet."""
_LAST = 2**63 - 1


@dataclass(frozen=True)
class Horizon:
    """Up to where everything has committed: every older epoch, and transactions below `txid` of the current one."""

    epoch: int
    txid: int


_ENDLESS = Horizon(_LAST & 0x7FFFFFFF, _LAST)

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
    behind = _behind()
    if not behind:
        return 0
    limit = _ENDLESS if everything else horizon()
    pages = {position: _fetch(position, limit) for position in {at.position for at in behind}}
    heard_now, broken, known, idle = 0, None, dict[int, Heard](), list[_Place]()
    for at in behind:
        reader, page = READERS[at.reader], pages[at.position]
        rows = [row for row in page if _fact(row) in reader.names] if len(page) < FETCH else None
        if rows == []:
            idle.append(at)
            continue
        try:
            heard_now += _serve(reader, at, rows, limit, known)
        except Exception as error:
            log.exception("reader not served", extra={"reader": reader.name})
            broken = error
    if not everything:
        _move_on(idle, limit)
    if broken is not None:
        raise broken
    return heard_now


@dataclass(frozen=True)
class _Place:
    """Where a reader's cursor was seen."""

    reader: str
    epoch: int
    txid: int
    entry_id: int

    @property
    def position(self) -> _Position:
        """Behind which entry; readers in step are at the same."""
        return self.epoch, self.txid, self.entry_id


def _behind() -> list[_Place]:
    """The readers that have not reached the newest entry. When all is quiet, one read and no write."""
    with connection.cursor() as db:
        db.execute(
            "SELECT asked.reader, at.epoch, at.txid, at.entry_id FROM unnest(%s::text[]) AS asked (reader)"
            " LEFT JOIN journal_cursor AS at ON at.reader = asked.reader"
            " JOIN (SELECT epoch, txid, id FROM journal_entry ORDER BY epoch DESC, txid DESC, id DESC LIMIT 1) AS newest"
            " ON at.reader IS NULL"
            " OR (at.epoch, at.txid::text::xid8, at.entry_id) < (newest.epoch, newest.txid, newest.id)",
            [list(READERS)],
        )
        found = db.fetchall()
    new = [name for name, epoch, *_ in found if epoch is None]
    if new:
        Cursor.objects.bulk_create([Cursor(reader=name) for name in new], ignore_conflicts=True)
    return [_Place(name, epoch or 0, txid or 0, entry_id or 0) for name, epoch, txid, entry_id in found]


def _move_on(idle: list[_Place], limit: Horizon) -> None:
    """Take readers for whom there is nothing up to the horizon, all in one statement.

    Only from the place where each was seen: who has been set back meanwhile (重放) has everything to hear again.
    """
    moving = [at for at in idle if (at.epoch, at.txid) < (limit.epoch, limit.txid - 1)]
    if not moving:
        return
    with connection.cursor() as db:
        db.execute(
            "UPDATE journal_cursor AS moved SET epoch = %s, txid = %s, entry_id = %s FROM ("
            " SELECT reader FROM journal_cursor AS held JOIN unnest(%s::text[], %s::int[], %s::bigint[], %s::bigint[])"
            " AS seen (reader, epoch, txid, entry_id) USING (reader, epoch, txid, entry_id)"
            " FOR UPDATE OF held SKIP LOCKED) AS still WHERE moved.reader = still.reader",
            [
                limit.epoch, limit.txid - 1, _LAST,
                [at.reader for at in moving], [at.epoch for at in moving],
                [at.txid for at in moving], [at.entry_id for at in moving],
            ],
        )  # fmt: skip


def _serve(reader: Reader, at: _Place, rows: list[_Row] | None, limit: Horizon, known: dict[int, Heard]) -> int:
    """Let one reader hear `rows`, which are all there is for it; with None, its own next ones, of perhaps many more."""
    now = clock.now()
    with transaction.atomic():
        cursor = _claim(reader)
        if cursor is None or (cursor.retry_at is not None and cursor.retry_at > now):
            return 0
        if (cursor.epoch, cursor.txid, cursor.entry_id) != at.position:
            return 0  # Another worker has been here, or it was set back: the next pass sees where it is.
        most = max(FETCH, reader.batch)
        if rows is None:
            rows = _fetch(at.position, limit, facts=reader.names, most=most)
        done = _hear_rows(reader, cursor, rows, known, now) if rows else 0
        if limit != _ENDLESS and done == len(rows) < most:  # Nothing is left below the horizon.
            cursor.epoch, cursor.txid, cursor.entry_id = limit.epoch, limit.txid - 1, _LAST
        _keep(cursor)
        return done


def _hear_rows(reader: Reader, cursor: Cursor, rows: list[_Row], known: dict[int, Heard], now: datetime) -> int:
    """Hear rows in order until one fails, all are heard, or others have waited for this transaction long enough."""
    parked = _parked_subjects(reader, {_subject(row) for row in rows})
    enough = time.monotonic() + PASS_SECONDS
    batch, done = reader.batch, 0
    while done < len(rows) and (not done or time.monotonic() < enough):
        chunk = rows[done : done + batch]
        try:
            with transaction.atomic():
                _hear(reader, chunk, parked, known, now)
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
    return done


def _claim(reader: Reader) -> Cursor | None:
    """The reader's cursor under lock, or None while another worker has it."""
    with connection.cursor() as db:
        db.execute(
            "SELECT epoch, txid, entry_id, tries, retry_at, last_error FROM journal_cursor WHERE reader = %s"
            " FOR UPDATE SKIP LOCKED",
            [reader.name],
        )
        row = db.fetchone()
    return Cursor(reader.name, *row) if row else None


def _keep(cursor: Cursor) -> None:
    with connection.cursor() as db:
        db.execute(
            "UPDATE journal_cursor SET epoch = %s, txid = %s, entry_id = %s, tries = %s, retry_at = %s, last_error = %s"
            " WHERE reader = %s",
            [
                cursor.epoch, cursor.txid, cursor.entry_id, cursor.tries, cursor.retry_at, cursor.last_error,
                cursor.reader,
            ],
        )  # fmt: skip


def _fetch(
    position: _Position, limit: Horizon, *, facts: Collection[str] | None = None, most: int = FETCH
) -> list[_Row]:
    """The next entries behind a position and below the horizon, in order: of all facts, or of these."""
    epoch, txid, entry_id = position
    only = "" if facts is None else " AND fact = ANY(%s)"
    with connection.cursor() as db:
        db.execute(
            f"SELECT epoch, txid::text::bigint, {COLUMNS} FROM journal_entry"  # noqa: S608  Column names only.
            " WHERE (epoch, txid, id) > (%s, %s::text::xid8, %s) AND (epoch, txid) < (%s, %s::text::xid8)"
            f"{only} ORDER BY epoch, txid, id LIMIT %s",
            [epoch, txid, entry_id, limit.epoch, limit.txid, *([] if facts is None else [list(facts)]), most],
        )
        rows: list[_Row] = db.fetchall()
    return rows


def _fact(row: _Row) -> str:
    return str(row[8])


def _subject(row: _Row) -> str:
    return str(row[3])


def _hear(reader: Reader, rows: list[_Row], parked: set[str], known: dict[int, Heard], now: datetime) -> None:
    """What one reader has read, the next one does not read again: `known` has the pass's entries by number."""
    behind = [row for row in rows if _subject(row) in parked]
    if behind:
        _park(reader, behind, now, "在同一主体更早的搁置条目之后")
    for row in rows:
        if row[2] not in known:
            known[row[2]] = heard(row[2:])
    open_ones = [known[row[2]] for row in rows if _subject(row) not in parked]
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
    with connection.cursor() as db:
        db.execute(
            "SELECT subject FROM journal_parked WHERE reader = %s AND subject = ANY(%s)", [reader.name, list(subjects)]
        )
        return {subject for (subject,) in db.fetchall()}


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
                [at.epoch, at.txid, at.entry_id, list(reader.names)],
            )
            waiting[name] = db.fetchone()[0]
    return waiting
