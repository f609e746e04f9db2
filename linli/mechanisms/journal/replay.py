"""`linli replay`: empty a projection's tables and build them anew from the first entry."""

from collections.abc import Callable

from django.db import connection, transaction

from linli.mechanisms.journal.models import Cursor, Parked
from linli.mechanisms.journal.readers import READERS, Reader
from linli.mechanisms.journal.runner import Horizon, horizon
from linli.mechanisms.journal.service import COLUMNS, heard, stream


class NotAProjectionError(ValueError):
    """Only projections may be replayed: other readers' deeds (a letter sent) cannot be undone."""


def replay(name: str, *, progress: Callable[[int], None] = lambda _: None, everything: bool = False) -> int:
    """Rebuild one projection in a single transaction: readers see the old rows until the new ones stand.

    Returns how many entries it heard. `everything` ignores the horizon: only tests may say so.
    """
    reader = READERS.get(name)
    if reader is None or not reader.is_projection:
        known = "、".join(sorted(r.name for r in READERS.values() if r.is_projection)) or "（无）"
        raise NotAProjectionError(f"“{name}”不是可重建的投影；可重建的有：{known}")
    with transaction.atomic():
        Cursor.objects.bulk_create([Cursor(reader=name)], ignore_conflicts=True)
        cursor = Cursor.objects.select_for_update().get(reader=name)
        with connection.cursor() as db:
            for table in reader.tables:
                db.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608  A table's name from code.
        Parked.objects.filter(reader=name).delete()
        end = horizon()
        done, last = _rebuild(reader, end, progress, everything=everything)
        cursor.epoch, cursor.txid, cursor.entry_id = last if everything else (end.epoch, end.txid - 1, 2**63 - 1)
        cursor.tries, cursor.retry_at, cursor.last_error = 0, None, ""
        cursor.save()
    return done


def _rebuild(
    reader: Reader, end: Horizon, progress: Callable[[int], None], *, everything: bool
) -> tuple[int, tuple[int, int, int]]:
    """How many entries it heard, and where the last of them stands."""
    rows = stream(
        f"SELECT epoch, txid::text::bigint, {COLUMNS} FROM journal_entry"  # noqa: S608  Column names.
        " WHERE fact = ANY(%s) AND (%s OR (epoch, txid) < (%s, %s::text::xid8)) ORDER BY epoch, txid, id",
        [[fact.name for fact in reader.facts], everything, end.epoch, end.txid],
    )
    last = (0, 0, 0)
    done = 0
    batch = []
    for row in rows:
        batch.append(heard(row[2:]))
        last = (row[0], row[1], row[2])
        if len(batch) >= max(reader.batch, 1):
            reader.hear(batch)
            done += len(batch)
            batch = []
            progress(done)
    if batch:
        reader.hear(batch)
        done += len(batch)
    progress(done)
    return done, last
