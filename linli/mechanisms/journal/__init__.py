"""发生了什么 — the journal: append-only facts, chained by hash, sealed daily, delivered to readers, replayable.

Its promise: what is not written did not happen; what is written is delivered.

1. No entry is ever changed or removed: the database refuses, and `linli verify` names what was.
2. A reader hears every entry once its transaction has committed, in an order that keeps each subject's own,
   however late that transaction committed (see readers.py).
3. A projection is a function of the journal: `linli replay` rebuilds it row for row.
"""

from linli.mechanisms.journal.entries import Author, Heard
from linli.mechanisms.journal.readers import batch_reader, projection, reader
from linli.mechanisms.journal.service import append, head, history, last

__all__ = ["Author", "Heard", "append", "batch_reader", "head", "history", "last", "projection", "reader"]
