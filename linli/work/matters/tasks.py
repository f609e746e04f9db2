"""What leaves the city for a matter: its reporter's letters."""

from django.core.mail import EmailMessage

from linli.facts.privacy import ErasureGranted
from linli.mechanisms import journal
from linli.mechanisms.journal import outward
from linli.work.matters import service
from linli.work.matters.letters import RIGHTS, about_rights, letter_for


@outward.task("matters.letter")
def send_letter(subject: str, seq: int, along: str = "") -> None:
    """Send one letter. Sent twice after a crash, it carries the same Message-ID, and a mail program shows it once."""
    heard = next((entry for entry in journal.history(subject) if entry.seq == seq), None)
    if heard is None:
        return
    letter = about_rights(heard) if isinstance(heard.fact, RIGHTS) else letter_for(heard, along)
    if letter is not None:
        EmailMessage(letter.subject, letter.body, to=[letter.to], headers={"Message-ID": letter.message_id}).send()
    if isinstance(heard.fact, ErasureGranted):  # Only now: a letter that could not be sent is tried again.
        service.told(heard.fact.number, "email")
