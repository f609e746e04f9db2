"""What matters does when its own facts are heard: it writes to the reporter, who alone knows their address."""

from collections.abc import Sequence

from django.db import connection

from linli.mechanisms import journal
from linli.mechanisms.journal import outward
from linli.work.matters.letters import TOLD


@journal.batch_reader("matters.letters", *TOLD)
def write_to_reporters(entries: Sequence[journal.Heard]) -> None:
    """Queue letters in the same transaction as the cursor: at least once, with the entry's own identity."""
    with connection.cursor() as db:  # Most have left no address, and every fact asks.
        db.execute(
            "SELECT number FROM matters_contact JOIN matters_matter ON matters_matter.id = matter_id"
            " WHERE number = ANY(%s) AND email <> ''",
            [[heard.key for heard in entries]],
        )
        reachable = {number for (number,) in db.fetchall()}
    for heard in entries:
        if heard.key in reachable:
            outward.enqueue("matters.letter", subject=heard.subject, seq=heard.seq)
