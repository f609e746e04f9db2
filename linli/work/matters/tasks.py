"""What leaves the city for a matter: its reporter's letters."""

from django.core.mail import EmailMessage

from linli.mechanisms import journal
from linli.mechanisms.journal import outward
from linli.work.matters.letters import letter_for


@outward.task("matters.letter")
def send_letter(subject: str, seq: int, along: str = "") -> None:
    """Send one letter. Sent twice after a crash, it carries the same Message-ID, and a mail program shows it once."""
    heard = next((entry for entry in journal.history(subject) if entry.seq == seq), None)
    letter = letter_for(heard, along) if heard else None
    if letter is not None:
        EmailMessage(letter.subject, letter.body, to=[letter.to], headers={"Message-ID": letter.message_id}).send()
