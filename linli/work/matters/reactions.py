"""What matters does when its own facts are heard: it writes to the reporter, who alone knows their address."""

from linli.mechanisms import journal
from linli.mechanisms.journal import outward
from linli.work.matters.letters import TOLD
from linli.work.matters.models import Contact


@journal.reader("matters.letters", *TOLD)
def write_to_reporter(heard: journal.Heard) -> None:
    """Queue a letter in the same transaction as the cursor: at least once, with the entry's own identity."""
    if Contact.objects.filter(matter__number=heard.key).exclude(email="").exists():
        outward.enqueue("matters.letter", subject=heard.subject, seq=heard.seq)
