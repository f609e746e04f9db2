"""What happens to a notice to neighbours (邻里告知) and to a street's front page (街道主页). Codes, areas and moments only.

`words` is a keyed digest of what was published or said at that moment: the texts stay in their own tables.
"""

from dataclasses import dataclass
from datetime import datetime

from linli.facts.base import Fact


@dataclass(frozen=True)
class AnnouncementPublished(Fact):
    """发布 — an area's residents are told something, from a moment until another."""

    number: str
    area: int
    kind: str
    begins_at: datetime
    until_at: datetime
    rule: str
    words: str


@dataclass(frozen=True)
class AnnouncementCorrected(Fact):
    """更正 — another edition holds; the earlier ones stay readable."""

    number: str
    area: int
    edition: int
    begins_at: datetime
    until_at: datetime
    words: str


@dataclass(frozen=True)
class AnnouncementWithdrawn(Fact):
    """撤下 — it should not stand; the reason is public."""

    number: str
    area: int
    words: str


@dataclass(frozen=True)
class AnnouncementEnded(Fact):
    """到期 — its time is over."""

    number: str
    area: int


@dataclass(frozen=True)
class FrontPageSet(Fact):
    """街道主页 — a township or street says how its front page greets, by which short address, under which picture."""

    area: int
    alias: str
    picture: str
    """The key of the picture; empty for none."""
    words: str
