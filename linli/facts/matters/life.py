"""From 登记 to 办结: what happens to most matters."""

from dataclasses import dataclass
from datetime import datetime

from linli.facts.base import Fact


@dataclass(frozen=True)
class MatterRegistered(Fact):
    """登记 — a matter exists: where, of what kind, who has it first, by which rule and until when."""

    number: str
    channel: str
    category: str
    risk: int
    level: int
    handler: int
    city: int | None
    county: int | None
    township: int | None
    community: int | None
    grid: int | None
    due_at: datetime
    rule: str
    public: bool
    words: str


@dataclass(frozen=True)
class MatterSettled(Fact):
    """当场解决 — a grid worker settled it on the spot."""

    number: str
    outcome: str
    words: str


@dataclass(frozen=True)
class MatterRaised(Fact):
    """上报 — from one level to the next, for a reason, after trying."""

    number: str
    from_level: int
    to_level: int
    reason: str
    handler: int
    words: str


@dataclass(frozen=True)
class MatterAssigned(Fact):
    """派单 — one body is answerable from here on."""

    number: str
    level: int
    handler: int
    handler_name: str
    category: str
    accept_by: datetime
    answer_by: datetime
    rule: str
    proposed: bool
    differs: str = ""


@dataclass(frozen=True)
class MatterAccepted(Fact):
    """受理 — the body has taken it up."""

    number: str
    handler: int
    in_time: bool


@dataclass(frozen=True)
class MatterAnswered(Fact):
    """答复 — what came of it, told to the resident."""

    number: str
    handler: int
    outcome: str
    in_time: bool
    words: str


@dataclass(frozen=True)
class MatterVerified(Fact):
    """核实通过 — somebody other than who answered has looked."""

    number: str
    rate_by: datetime
    cards_cleared: int = 0


@dataclass(frozen=True)
class MatterRedone(Fact):
    """退回重办 — verification did not agree."""

    number: str
    level: int
    reason: str
    answer_by: datetime
    words: str


@dataclass(frozen=True)
class MatterRated(Fact):
    """评价 — the resident says it is solved, and how satisfied they are (1–5)."""

    number: str
    satisfaction: int
    solved_level: int
    words: str
    channel: str = "page"
    """page, or phone where somebody called and asked."""
    cards_cleared: int = 0


@dataclass(frozen=True)
class MatterReopened(Fact):
    """没解决 — the resident says it is not; it is in hand again."""

    number: str
    level: int
    times: int
    answer_by: datetime
    words: str
    channel: str = "page"
    above: bool = False
    """Still not solved after a redo: it went up a level, to another desk."""
    handler: int | None = None
    """Who has it from here on; None in entries older than this field."""
    merged: str = ""
    """The merged matter whose reporter said so; empty for the reporter of the matter itself."""


@dataclass(frozen=True)
class MatterLapsed(Fact):
    """逾期未评 — the resident did not answer in time; closed, and not counted as solved."""

    number: str
    solved_level: int


@dataclass(frozen=True)
class MatterWithdrawn(Fact):
    """撤回 — the resident took it back."""

    number: str
    words: str


@dataclass(frozen=True)
class MatterAdded(Fact):
    """补充 — the resident said more, or added a photo."""

    number: str
    photos: int
    words: str


@dataclass(frozen=True)
class MatterSupported(Fact):
    """附议 — another resident has the same trouble."""

    number: str
    supporters: int


@dataclass(frozen=True)
class MatterReminded(Fact):
    """到期提醒 — the answer is due soon."""

    number: str
    handler: int
    due_at: datetime
    share: int = 75
    """Percent of the limit that have passed."""


@dataclass(frozen=True)
class MatterOverdue(Fact):
    """逾期 — the answer was due and is not there."""

    number: str
    handler: int
    level: int
    due_at: datetime


@dataclass(frozen=True)
class MatterRecounted(Fact):
    """重算期限 — the working calendar of a year was published; the date moved with it."""

    number: str
    due_at: datetime
    provisional: bool
