"""推什么 — the published list of kinds, and the fields of facts that may leave the city. What is not listed here is not sent."""

from datetime import date, datetime
from typing import Any

from linli.facts.base import Fact, fact_named
from linli.kernel import clock
from linli.mechanisms.journal import Heard
from linli.work.matters.telling import FACTS

KINDS: tuple[str, ...] = tuple(sorted(name for name in FACTS if name.startswith("matters.")))
"""Everything that happens to a matter. Their Chinese names are those of the log."""

FIELDS = frozenset(
    {
        "number", "channel", "category", "risk", "level", "from_level", "to_level", "solved_level", "handler", "handler_name",
        "believed", "believed_name", "decider", "due_at", "answer_by", "accept_by", "decide_by", "rate_by", "rule", "ruling", "upheld",
        "reason", "differs", "proposed", "outcome", "in_time", "days", "review_on", "satisfaction", "times", "photos", "supporters",
        "provisional", "city", "county", "township", "community", "grid", "public",
    }
)  # fmt: skip
"""Numbers, codes, dates and names of offices. Not here: digests of words, and whoever answers for it by name."""
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
