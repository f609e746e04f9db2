"""Who is told by text message: the reporters who chose it, of the same facts that letters tell of."""

from collections.abc import Sequence

from linli.facts import matters as facts
from linli.facts import privacy
from linli.gateways.sms.models import TextMessage
from linli.gateways.sms.service import CHANGED, GRANTED
from linli.mechanisms import journal
from linli.mechanisms.journal import outward
from linli.work.matters import service as matters
from linli.work.matters import together
from linli.work.matters.letters import OWN, RIGHTS, TOLD, number_of
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


OF_RIGHTS: dict[type, str] = {
    privacy.ErasureGranted: GRANTED,
    privacy.ErasureRefused: "erasure_refused",
    privacy.DataHandedOver: "data_given",
}
"""The same of what somebody asked about their own data, or was asked in their name."""


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


@journal.batch_reader("sms.rights", *RIGHTS)
def tell_of_rights(entries: Sequence[journal.Heard]) -> None:
    """What became of somebody's own data, by the same way. Who did not choose it leaves no telephone behind."""
    wanting = wishes.wanting("sms", {number_of(heard.fact) for heard in entries})
    for heard in entries:
        number = number_of(heard.fact)
        if number in wanting:
            _queue(f"entry-{heard.entry_id}", number, OF_RIGHTS.get(type(heard.fact), CHANGED), heard)
        elif isinstance(heard.fact, privacy.ErasureGranted):
            matters.told(heard.fact.number, "phone")


def _queue(mark: str, number: str, template: str, heard: journal.Heard) -> None:
    message, new = TextMessage.objects.get_or_create(
        mark=mark, defaults={"number": number, "template": template, "due_at": heard.at}
    )
    if new:
        outward.enqueue("sms.send", message=message.pk)
