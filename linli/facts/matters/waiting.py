"""延期、挂账: stretches in which the clock stands still."""

from dataclasses import dataclass
from datetime import date, datetime

from linli.facts.base import Fact


@dataclass(frozen=True)
class MatterExtensionAsked(Fact):
    """申请延期 — more time is asked for; the clock stands still until the head of the body decides."""

    number: str
    handler: int
    days: int
    words: str


@dataclass(frozen=True)
class MatterExtended(Fact):
    """同意延期 — once, with the reason the resident reads."""

    number: str
    handler: int
    days: int
    answer_by: datetime


@dataclass(frozen=True)
class MatterExtensionRefused(Fact):
    """不同意延期 — the old date goes on."""

    number: str
    handler: int
    answer_by: datetime
    words: str


@dataclass(frozen=True)
class MatterCarried(Fact):
    """挂账 — cannot be done now: why, who answers for it, when it is looked at again. It stays open."""

    number: str
    handler: int
    reason: str
    owner: int
    review_on: date
    words: str


@dataclass(frozen=True)
class MatterReviewed(Fact):
    """挂账再看 — looked at on the day, and carried on to the next."""

    number: str
    handler: int
    owner: int
    review_on: date
    in_time: bool
    words: str


@dataclass(frozen=True)
class MatterUnreviewed(Fact):
    """挂账到期未再看 — the day came and nobody looked; whoever answers for it and the desk above are told."""

    number: str
    handler: int
    owner: int
    decider: int
    review_on: date


@dataclass(frozen=True)
class MatterTakenBack(Fact):
    """重新办理 — what was carried is worked on again; the clock goes on."""

    number: str
    handler: int
    answer_by: datetime
    words: str
