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


@dataclass(frozen=True)
class MatterEscalated(Fact):
    """逾期报上一级 — it is still overdue; the desk of a level above is told, once for each step of the rule."""

    number: str
    handler: int
    decider: int
    level: int
    due_at: datetime
    rule: str


@dataclass(frozen=True)
class MatterPressed(Fact):
    """督办 — the same level or a higher one presses whoever has the matter, in a grade."""

    number: str
    handler: int
    presser: int
    grade: str
    level: int
    skipped: int
    """How many grades were left out; each skipping has its reason in the words."""
    rule: str
    words: str


@dataclass(frozen=True)
class MatterCardWithdrawn(Fact):
    """撤销督办 — the last card is taken back."""

    number: str
    handler: int
    grade: str
    words: str


@dataclass(frozen=True)
class MatterResponded(Fact):
    """回复督办 — whoever has the matter says to the presser what is being done."""

    number: str
    handler: int
    presser: int
    grade: str
    words: str


@dataclass(frozen=True)
class MatterVisited(Fact):
    """回访 — the resident was called by somebody who had no part in the answer: reached or not, and the three answers."""

    number: str
    outcome: str
    reached: bool
    tries: int
    contacted: bool | None
    solved: bool | None
    satisfaction: int | None
    words: str


@dataclass(frozen=True)
class MatterAppealed(Fact):
    """评价申诉 — the body that answered says that a rating should not count."""

    number: str
    appeal: str
    handler: int
    verdict: int
    """Which entry of the journal holds the rating."""
    solved: bool
    satisfaction: int | None
    reason: str
    decider: int
    decide_by: datetime
    words: str


@dataclass(frozen=True)
class MatterAppealDecided(Fact):
    """审评价申诉 — by somebody of the level above without a hand in it. Upheld, the rating stands but does not count."""

    number: str
    appeal: str
    handler: int
    verdict: int
    solved: bool
    satisfaction: int | None
    reason: str
    upheld: bool
    level: int
    reviewer: int
    in_time: bool
    words: str
