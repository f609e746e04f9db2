"""并案以后 — what the reporter of a merged matter sees: their own story, and from then on the one it goes along with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linli.work.matters import queries, together
from linli.work.matters.flow import State
from linli.work.matters.queries import Happened

if TYPE_CHECKING:
    from linli.work.matters.models import Matter, Merge

ANSWERED = (State.ANSWERED, State.VERIFIED, State.CLOSED)
"""States of the main matter in which the reporter of a merged one may say whether it is solved."""
THEIRS = frozenset({"reveal", "attach", "register", "register_for_triage", "withdraw"})
"""Steps of the main matter that concern its own reporter alone."""


@dataclass(frozen=True)
class Followed:
    """A matter as its reporter follows it: `lead` is the one that is worked on, itself or the main one."""

    own: "Matter"
    lead: "Matter"
    held: "Merge | None" = None

    @property
    def asked(self) -> bool:
        """Is this reporter asked the two questions now? Of a merged matter until they have answered."""
        if self.held is None:
            return self.own.state in {State.ANSWERED, State.VERIFIED}
        return self.lead.state in ANSWERED and not together.rated(self.held)

    @property
    def may_reopen(self) -> bool:
        """May this reporter say that it is not solved?"""
        return self.held is not None and self.lead.state in ANSWERED

    def has_rated(self, satisfaction: int) -> bool:
        """Was this very rating given already?"""
        if self.held is not None:
            return together.rated(self.held) and self.held.satisfaction == satisfaction
        return self.own.state == State.CLOSED and self.own.satisfaction == satisfaction

    def story(self) -> Sequence[Happened]:
        """Its own lines, and every step of the main one since they go together; nothing its other reporters said."""
        lines = queries.story(self.own, for_resident=True)
        if self.held is None:
            return lines
        since = self.held.merged_at
        theirs = [
            line if line.by != "resident" else replace(line, said="", by="neighbour")
            for line in queries.story(self.lead, for_resident=True)
            if line.at >= since and line.move not in THEIRS and self.own.number not in _about(line)
        ]
        return sorted([*lines, *theirs], key=lambda line: line.at)


def _about(line: Happened) -> tuple[str, ...]:
    """Which merged matters a line of the main one names: what is said there of this one stands in its own story."""
    named = getattr(line.fact, "merged", ())
    return (named,) if isinstance(named, str) else tuple(named)


def follow(matter: "Matter") -> Followed:
    """What there is to follow."""
    held = together.merge_of(matter) if matter.state == State.MERGED else None
    return Followed(matter, held.main if held else matter, held)
