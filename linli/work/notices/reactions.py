"""Whom a fact concerns: whoever has the matter now, at the post that can act on it."""

from collections.abc import Iterable

from linli.facts import matters as facts
from linli.mechanisms import journal
from linli.mechanisms.access import queries as access
from linli.work.notices.models import Notice


@journal.reader(
    "notices", facts.MatterRegistered, facts.MatterRaised, facts.MatterAssigned, facts.MatterRedone, facts.MatterReopened,
    facts.MatterAdded, facts.MatterReminded, facts.MatterOverdue,
)  # fmt: skip
def tell(heard: journal.Heard) -> None:
    """Tell those it concerns; whoever did it is not told of their own deed."""
    people = sorted({*whom(heard)} - {heard.author.person_id})
    urgent = isinstance(heard.fact, facts.MatterOverdue | facts.MatterReopened) or (
        isinstance(heard.fact, facts.MatterRegistered) and heard.fact.risk >= 3
    )
    about = {"subject": heard.subject, "kind": heard.fact.name, "at": heard.at, "urgent": urgent}
    # One statement for everybody; who has been told of this entry before is not told again.
    Notice.objects.bulk_create(
        [Notice(entry_id=heard.entry_id, person_id=person_id, **about) for person_id in people], ignore_conflicts=True
    )


def whom(heard: journal.Heard) -> Iterable[int]:
    """The people at the posts concerned."""
    fact = heard.fact
    if isinstance(fact, facts.MatterRegistered) and fact.level == 5 and fact.grid is not None:
        return access.people_at(area_id=fact.grid, power="matters.settle")
    if isinstance(fact, facts.MatterAssigned | facts.MatterReminded):
        return access.people_of("matters.answer", body_id=fact.handler)
    if isinstance(fact, facts.MatterOverdue):
        return access.people_of("matters.answer", "matters.assign", body_id=fact.handler)
    body = getattr(fact, "handler", None) or last_handler(heard)
    if body is None:
        return []
    return access.people_of("matters.assign", "matters.answer", body_id=body)


def last_handler(heard: journal.Heard) -> int | None:
    """Who has the matter, where the fact itself does not say: the last entry before it that did."""
    for entry in reversed(journal.history(heard.subject)):
        if entry.seq < heard.seq and getattr(entry.fact, "handler", None):
            return int(entry.fact.handler)  # type: ignore[attr-defined]
    return None
