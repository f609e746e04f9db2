"""职责异议 and its 裁定; 清单外请示 and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from linli.facts.base import Fact


@dataclass(frozen=True)
class MatterObjected(Fact):
    """职责异议 — the body it was assigned to says whose duty it is; the clock stands still until that is decided."""

    number: str
    handler: int
    reason: str
    believed: int | None
    believed_name: str
    rule: str
    decider: int
    decide_by: datetime
    words: str


@dataclass(frozen=True)
class MatterRuled(Fact):
    """裁定 — whose duty it is, finally; under a number that can be cited."""

    number: str
    ruling: str
    upheld: bool
    level: int
    handler: int
    handler_name: str
    category: str
    rule: str
    answer_by: datetime
    in_time: bool
    words: str


@dataclass(frozen=True)
class MatterUnruled(Fact):
    """逾期未裁定 — the objection was to be decided by now; the level above is told."""

    number: str
    decider: int
    level: int
    decide_by: datetime


@dataclass(frozen=True)
class MatterApprovalAsked(Fact):
    """清单外请示 — no duty list says that this body owns it; the level that may approve is asked."""

    number: str
    body: int
    body_name: str
    category: str
    rule: str
    decider: int
    words: str
    decide_by: datetime | None = None
    """None in entries older than this field."""


@dataclass(frozen=True)
class MatterApproved(Fact):
    """批准清单外派办 — by somebody else, at the level that may."""

    number: str
    body: int
    body_name: str
    asked_by: int


@dataclass(frozen=True)
class MatterApprovalRejected(Fact):
    """不批清单外派办 — it stays where it is."""

    number: str
    body: int
    body_name: str
    asked_by: int
    words: str


@dataclass(frozen=True)
class MatterOffListRefused(Fact):
    """清单外拒接 — the body that was to have it refuses what its duty list does not hold."""

    number: str
    body: int
    body_name: str
    asked_by: int
    rule: str
