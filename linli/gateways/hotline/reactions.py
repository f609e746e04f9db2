"""What the hotline is told: a fact about a matter that was its ticket becomes a message, in the transaction of the reader's cursor."""

from collections.abc import Sequence

from linli.facts import matters as facts
from linli.gateways.hotline.models import Message, Ticket
from linli.mechanisms import journal
from linli.mechanisms.journal import outward

STATUS: dict[type, str] = {
    facts.MatterAssigned: "assigned",
    facts.MatterAccepted: "handling",
    facts.MatterExtended: "extended",
    facts.MatterCarried: "carried",
    facts.MatterSettled: "answered",
    facts.MatterAnswered: "answered",
    facts.MatterVerified: "verified",
    facts.MatterRated: "closed",
    facts.MatterRedone: "redone",
    facts.MatterReopened: "redone",
    facts.MatterWithdrawn: "withdrawn",
}
"""What each fact is to the hotline: a code of hotline/statuses."""


@journal.batch_reader("hotline.tell", *STATUS)
def tell(entries: Sequence[journal.Heard]) -> None:
    """Queue a message and its sending. Most matters are no tickets, and one statement says which are."""
    tickets = {each.number: each for each in Ticket.objects.filter(number__in={heard.key for heard in entries})}
    concerned = [(tickets[heard.key], heard) for heard in entries if heard.key in tickets]
    Message.objects.bulk_create(
        [
            Message(ticket=ticket, mark=f"entry-{heard.entry_id}", status=STATUS[type(heard.fact)], seq=heard.seq, at=heard.at)
            for ticket, heard in concerned
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    for ticket_id in dict.fromkeys(ticket.pk for ticket, _heard in concerned):
        outward.enqueue("hotline.send", ticket=ticket_id)
