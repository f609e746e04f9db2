"""Who is told by text message: the reporters who chose it, of the same facts that letters tell of."""

from collections.abc import Sequence

from linli.facts import matters as facts
from linli.gateways.sms.models import TextMessage
from linli.mechanisms import journal
from linli.mechanisms.journal import outward
from linli.work.matters import together
from linli.work.matters.letters import OWN, TOLD
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


CHANGED = "changed"
"""The wording for every other fact of which a letter tells: that there is something new on the page."""


@journal.batch_reader("sms.tell", *TOLD)
def tell(entries: Sequence[journal.Heard]) -> None:
    """Queue a message in the transaction of the cursor. Most reporters did not ask for any, and one statement says who did."""
    along = together.went_along({heard.key for heard in entries})
    wanting = wishes.wanting("sms", {heard.key for heard in entries} | {each.number for each in along})
    for heard in entries:
        template = TEMPLATE.get(type(heard.fact), CHANGED)
        if heard.key in wanting:
            _queue(f"entry-{heard.entry_id}", heard.key, template, heard)
        for each in along:
            if each.number in wanting and each.holds(heard.key, heard.at) and not isinstance(heard.fact, OWN):
                _queue(f"entry-{heard.entry_id}-{each.number}"[:40], each.number, CHANGED, heard)


def _queue(mark: str, number: str, template: str, heard: journal.Heard) -> None:
    message, new = TextMessage.objects.get_or_create(
        mark=mark, defaults={"number": number, "template": template, "due_at": heard.at}
    )
    if new:
        outward.enqueue("sms.send", message=message.pk)
