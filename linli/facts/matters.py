"""What happens to a matter (诉求). Codes, places and offices only: a resident's words and name stay in their own tables.

`words` is a keyed digest of the text said at that moment (reply, reason, supplement): the text can be checked
against the journal, and erased when its time has come without breaking the chain.
"""

from dataclasses import dataclass
from datetime import date, datetime

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


@dataclass(frozen=True)
class MatterReopened(Fact):
    """没解决 — the resident says it is not; it is in hand again."""

    number: str
    level: int
    times: int
    answer_by: datetime
    words: str


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


@dataclass(frozen=True)
class MatterNoted(Fact):
    """内部备注 — an official wrote a note for other officials; no resident and no public page is told."""

    number: str
    words: str


@dataclass(frozen=True)
class MatterAttached(Fact):
    """附件 — a document was put beside the matter, for officials or for the resident; its name stays in its own table."""

    number: str
    kind: str
    size: int
    sha256: str
    for_resident: bool


@dataclass(frozen=True)
class MatterSpokenFor(Fact):
    """代为反映 — somebody spoke for another, who agreed: as what, how and when. Never who."""

    number: str
    relation: str
    how: str
    agreed_at: datetime
