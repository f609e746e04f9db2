"""What matters does when its own facts are heard: it writes to the reporter, who alone knows their address."""

from django.db import connection

from linli.mechanisms import journal
from linli.mechanisms.journal import outward
from linli.work.matters.letters import TOLD


@journal.reader("matters.letters", *TOLD)
def write_to_reporter(heard: journal.Heard) -> None:
    """Queue a letter in the same transaction as the cursor: at least once, with the entry's own identity."""
    with connection.cursor() as db:  # Most have none, and every fact asks.
        db.execute(
            "SELECT EXISTS (SELECT FROM matters_contact JOIN matters_matter ON matters_matter.id = matter_id"
            " WHERE number = %s AND email <> '')",
            [heard.key],
        )
        (reachable,) = db.fetchone()
    if reachable:
        outward.enqueue("matters.letter", subject=heard.subject, seq=heard.seq)
