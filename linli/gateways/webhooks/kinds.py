"""推什么 — the published list of kinds, and the fields of facts that may leave the city. What is not listed here is not sent."""

from datetime import date, datetime
from typing import Any

from linli.facts.base import Fact, fact_named
from linli.kernel import clock
from linli.mechanisms.journal import Heard
from linli.work.matters.telling import FACTS

OF_A_PERSON = ("privacy.ContactCorrected", "privacy.DataCleared", "privacy.PublicWordsSet")
"""What became of a person's data, so that whoever keeps a copy clears, re-reads or masks it as well."""
KINDS: tuple[str, ...] = tuple(sorted([*(name for name in FACTS if name.startswith("matters.")), *OF_A_PERSON]))
"""Everything that happens to a matter. Their Chinese names are those of the log."""
LEFT_OUT = {
    "access.IdentityRevealed": "who looked at a reporter is for the reporter, who sees it, and for auditors",
    "privacy.DataHandedOver": "between a person and the counter",
    "privacy.DataHeld": "that there is a lawsuit or a review is nobody else's",
    "privacy.DataReleased": "that there was one, likewise",
    "privacy.ErasureAsked": "a request is the person's and the decider's; what comes of it is privacy.DataCleared",
    "privacy.ErasureGranted": "likewise: it is told as privacy.DataCleared",
    "privacy.ErasureRefused": "likewise: nothing changes",
    "privacy.ErasureOverdue": "likewise: nothing changes",
    "privacy.ErasureRecounted": "likewise: nothing changes",
}
"""Facts about a matter or its person that are not sent, and why. Whistles and tasks have their pages and the API."""

FIELDS = frozenset(
    {
        "number", "channel", "category", "risk", "level", "from_level", "to_level", "solved_level", "handler", "handler_name",
        "believed", "believed_name", "decider", "due_at", "answer_by", "accept_by", "decide_by", "rate_by", "rule", "ruling", "upheld",
        "reason", "differs", "proposed", "outcome", "in_time", "days", "review_on", "satisfaction", "times", "photos", "supporters",
        "provisional", "city", "county", "township", "community", "grid", "public",
        # Merged, split, supported, asked about.
        "main", "merged", "merged_at", "before", "reporters", "what", "parts", "whole", "body", "body_name", "bodies", "body_names",
        "advise_by", "asked_by",
        # Not dispatched, looked at again, sampled.
        "exclusion", "emergency", "confirm_by", "look_by", "rightly", "always", "month", "seed", "area",
        # Contacted, urged, pressed, called, appealed.
        "means", "reached", "said_at", "minutes", "contact_by", "tried", "share", "grade", "presser", "skipped", "cards_cleared",
        "tries", "contacted", "solved", "above", "appeal", "verdict", "until",
        # Handed over to the hotline, and what became of it there.
        "foreign", "status", "status_name",
        # Documents, and what became of a person's data.
        "kind", "size", "for_resident", "kinds", "masked",
    }
)  # fmt: skip
"""Numbers, codes, dates and names of offices. Not here: digests of words, and whoever answers for it by name."""
HELD_BACK = {
    "words": "a digest of what somebody said",
    "sha256": "a digest of a document: whoever has one like it could recognise it",
    "owner": "a person, by number",
    "proposer": "a person, by number",
    "reviewer": "a person, by number",
    "contact": "whether a telephone number went along is the reporter's to know",
    "relation": "what somebody is to the person they spoke for",
    "how": "how that person agreed",
    "agreed_at": "when that person agreed",
}
"""Fields of these facts that stay in the city, and why."""
PLACES = ("city", "county", "township", "community", "grid")


def facts() -> tuple[type[Fact], ...]:
    """The kinds as the journal's reader names them."""
    return tuple(fact_named(name) for name in KINDS)


def told(heard: Heard) -> dict[str, Any]:
    """The fact without what may not leave."""
    return {name: _plain(value) for name, value in vars(heard.fact).items() if name in FIELDS}


def author(heard: Heard) -> dict[str, str]:
    """Who did it: an office and its post, never a person."""
    return {"kind": heard.author.kind, "office": heard.author.office, "post": heard.author.post}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(clock.CITY).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
