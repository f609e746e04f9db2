"""What the hotline is told: a fact about a matter that was its ticket becomes a message, in the transaction of the reader's cursor."""

from collections.abc import Sequence

from linli.facts import matters as facts
from linli.gateways.hotline import handing_over
from linli.gateways.hotline.models import Message, Ticket
from linli.mechanisms import journal
from linli.mechanisms.journal import outward
from linli.work.matters import exclusions, together

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
    facts.MatterLapsed: "closed",
    facts.MatterExcluded: "excluded",
    facts.MatterExclusionUpheld: "excluded",
    facts.MatterExclusionOverturned: "redone",
    facts.MatterMerged: "merged",
    facts.MatterUnmerged: "handling",
    facts.MatterRatedAlong: "closed",
    facts.MatterReopenedAlong: "redone",
}
"""What each fact is to the hotline: a code of hotline/statuses."""
OWN = (facts.MatterMerged, facts.MatterUnmerged, facts.MatterRated, facts.MatterLapsed, facts.MatterWithdrawn)
"""Of one matter alone; all else is also told of those that go along with it."""


@journal.batch_reader("hotline.tell", *STATUS)
def tell(entries: Sequence[journal.Heard]) -> None:
    """Queue a message and its sending. Most matters are no tickets, and one statement says which are."""
    along = together.went_along({heard.key for heard in entries})
    numbers = {heard.key for heard in entries} | {each.number for each in along}
    tickets = {each.number: each for each in Ticket.objects.filter(number__in=numbers)}
    if not tickets:
        return
    concerned = [(tickets[heard.key], heard, "") for heard in entries if heard.key in tickets]
    concerned += [
        (tickets[each.number], heard, heard.key)
        for heard in entries
        for each in along
        if each.number in tickets and each.holds(heard.key, heard.at) and not isinstance(heard.fact, OWN)
    ]
    Message.objects.bulk_create(
        [
            Message(
                ticket=ticket, mark=f"entry-{heard.entry_id}{f'-{ticket.pk}' if of else ''}", of=of,
                status=STATUS[type(heard.fact)], seq=heard.seq, at=heard.at,
            )
            for ticket, heard, of in concerned
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    for ticket_id in dict.fromkeys(ticket.pk for ticket, _heard, _of in concerned):
        outward.enqueue("hotline.send", ticket=ticket_id)


@journal.reader("hotline.hand_over", facts.MatterExcluded, facts.MatterExclusionOverturned)
def hand_over(heard: journal.Heard) -> None:
    """What was excluded as the hotline's goes there; what is ours after all is taken back from it."""
    fact = heard.fact
    if isinstance(fact, facts.MatterExclusionOverturned):
        handing_over.recall(heard.key, at=heard.at)
    elif isinstance(fact, facts.MatterExcluded) and exclusions.hands_over(fact.rule):
        handing_over.ask(heard.key, exclusion=fact.exclusion, rule=fact.rule, at=heard.at)
