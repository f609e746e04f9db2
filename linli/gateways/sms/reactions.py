"""Who is told by text message: the reporters who chose it, of the same facts that letters tell of."""

from collections.abc import Sequence

from linli.facts import matters as facts
from linli.gateways.sms.models import TextMessage
from linli.mechanisms import journal
from linli.mechanisms.journal import outward
from linli.work.notices import queries as wishes

TEMPLATE: dict[type, str] = {
    facts.MatterRegistered: "registered",
    facts.MatterAssigned: "assigned",
    facts.MatterSettled: "answered",
    facts.MatterAnswered: "answered",
    facts.MatterVerified: "verified",
    facts.MatterReopened: "reopened",
    facts.MatterExtended: "extended",
    facts.MatterCarried: "carried",
    facts.MatterRecounted: "recounted",
}
"""Which wording tells of which fact."""


@journal.batch_reader("sms.tell", *TEMPLATE)
def tell(entries: Sequence[journal.Heard]) -> None:
    """Queue a message in the transaction of the cursor. Most reporters did not ask for any, and one statement says who did."""
    wanting = wishes.wanting("sms", {heard.key for heard in entries})
    for heard in entries:
        if heard.key in wanting:
            message, new = TextMessage.objects.get_or_create(
                mark=f"entry-{heard.entry_id}",
                defaults={"number": heard.key, "template": TEMPLATE[type(heard.fact)], "due_at": heard.at},
            )
            if new:
                outward.enqueue("sms.send", message=message.pk)
