"""首次联系、催办: what passes between the body and the resident before the answer."""

from dataclasses import dataclass
from datetime import datetime

from linli.facts.base import Fact


@dataclass(frozen=True)
class MatterContacted(Fact):
    """首次联系 — the body that has it spoke with whoever brought it, or tried to.

    `said_at` is when they say it was, `minutes` from the dispatch until then; `in_time` by when it was written down.
    """

    number: str
    handler: int
    means: str
    reached: bool
    said_at: datetime
    minutes: int
    in_time: bool
    words: str


@dataclass(frozen=True)
class MatterContactDue(Fact):
    """提醒联系 — the first contact is due soon."""

    number: str
    handler: int
    contact_by: datetime


@dataclass(frozen=True)
class MatterUncontacted(Fact):
    """逾期未联系 — the first contact was due and nobody was reached; `tried` times it was tried."""

    number: str
    handler: int
    contact_by: datetime
    tried: int


@dataclass(frozen=True)
class MatterUrged(Fact):
    """催办 — the resident asks for haste, for the n-th time; passed on to whoever has it. No date changes.

    `area` is the grid whose worker has it, where one has.
    """

    number: str
    times: int
    handler: int
    handler_name: str
    area: int | None
    merged: str = ""
    """The merged matter whose reporter urged; empty for the reporter of the matter itself."""
