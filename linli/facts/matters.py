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
class MatterExclusionProposed(Fact):
    """提出不予受理 — somebody holds that it is not to be taken up here; the clock stands still until another has decided.

    `handler` is the desk where somebody else can confirm; `emergency`: its words speak of danger.
    """

    number: str
    exclusion: str
    reason: str
    rule: str
    handler: int
    confirm_by: datetime
    emergency: bool
    words: str


@dataclass(frozen=True)
class MatterExclusionRefused(Fact):
    """不同意不予受理 — the second person would have it handled; its clock goes on."""

    number: str
    exclusion: str
    reason: str
    handler: int
    answer_by: datetime
    words: str


@dataclass(frozen=True)
class MatterExcluded(Fact):
    """不予受理 — proposed by one, confirmed by another, under a number and a rule that can be cited."""

    number: str
    exclusion: str
    reason: str
    rule: str
    level: int
    proposer: int
    emergency: bool
    words: str


@dataclass(frozen=True)
class MatterUnconfirmed(Fact):
    """不予受理逾期未确认 — nobody has said yes or no; the level above is told. It is not excluded by silence."""

    number: str
    decider: int
    confirm_by: datetime


@dataclass(frozen=True)
class MatterSecondLookAsked(Fact):
    """请再看一次 — by the resident, once, or because an overseer found the exclusion wrong."""

    number: str
    exclusion: str
    reason: str
    asked_by: str
    level: int
    handler: int
    look_by: datetime
    words: str


@dataclass(frozen=True)
class MatterExclusionUpheld(Fact):
    """复核维持 — somebody above who had no hand in it has looked again, and it stands."""

    number: str
    exclusion: str
    reason: str
    in_time: bool
    words: str


@dataclass(frozen=True)
class MatterExclusionOverturned(Fact):
    """复核撤销 — it should not have been excluded: it is to be assigned, and its clock goes on."""

    number: str
    exclusion: str
    reason: str
    level: int
    handler: int
    answer_by: datetime
    in_time: bool
    words: str


@dataclass(frozen=True)
class MatterHandedOver(Fact):
    """移交热线 — excluded on a ground that names the hotline, it was taken there; `contact`: with how to reach the reporter."""

    number: str
    exclusion: str
    foreign: str
    contact: bool


@dataclass(frozen=True)
class MatterHandOverTold(Fact):
    """移交后的进展 — what the hotline says of a matter it took: its own status, by code and name."""

    number: str
    foreign: str
    status: str
    status_name: str
    words: str


@dataclass(frozen=True)
class MatterUnlooked(Fact):
    """逾期未复核 — the second look was due; the level above is told."""

    number: str
    decider: int
    look_by: datetime


@dataclass(frozen=True)
class MatterSampled(Fact):
    """抽中 — this exclusion came up in the month's sample; `always`: because its words spoke of danger, not by lot.

    `area` is the county whose overseer is to look.
    """

    number: str
    exclusion: str
    month: date
    seed: str
    always: bool
    area: int | None


@dataclass(frozen=True)
class MatterExclusionFound(Fact):
    """抽查结论 — an overseer says whether a sampled exclusion was right."""

    number: str
    exclusion: str
    reason: str
    rightly: bool
    words: str


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


@dataclass(frozen=True)
class MatterMerged(Fact):
    """已并案 — it goes along with another from here on; its clock stands still. `handler` is relieved of it."""

    number: str
    main: str
    handler: int


@dataclass(frozen=True)
class MatterTookIn(Fact):
    """并入几件 — others go along with this one; so many people wait for its answer now."""

    number: str
    merged: tuple[str, ...]
    reporters: int
    handler: int


@dataclass(frozen=True)
class MatterWentAlong(Fact):
    """改随另一件 — the matter it went along with was itself merged: it goes along with that one's."""

    number: str
    before: str
    main: str


@dataclass(frozen=True)
class MatterUnmerged(Fact):
    """撤回并案 — it stands for itself again, as it was; the time between does not count against anybody."""

    number: str
    main: str
    handler: int
    answer_by: datetime
    merged_at: datetime
    words: str


@dataclass(frozen=True)
class MatterLetGo(Fact):
    """一件撤回并案 — one that went along with this stands for itself again."""

    number: str
    merged: str
    reporters: int
    handler: int


@dataclass(frozen=True)
class MatterHeardAlong(Fact):
    """并案的反映人有话 — the reporter of a merged matter said something that whoever has this one should read."""

    number: str
    merged: str
    what: str
    handler: int


@dataclass(frozen=True)
class MatterRatedAlong(Fact):
    """并案评价 — the reporter of a merged matter says that it is solved."""

    number: str
    main: str
    satisfaction: int
    words: str


@dataclass(frozen=True)
class MatterReopenedAlong(Fact):
    """并案没解决 — the reporter of a merged matter says that it is not; the matter it goes along with is in hand again."""

    number: str
    main: str
    words: str


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


@dataclass(frozen=True)
class MatterHelpAsked(Fact):
    """请协办 — bodies beside the lead, and until when their opinion is wanted."""

    number: str
    handler: int
    bodies: tuple[int, ...]
    body_names: tuple[str, ...]
    advise_by: datetime


@dataclass(frozen=True)
class MatterAdvised(Fact):
    """协办意见 — a supporting body told the lead what it thinks or did."""

    number: str
    handler: int
    body: int
    body_name: str
    in_time: bool
    words: str


@dataclass(frozen=True)
class MatterSplit(Fact):
    """已拆分 — its parts are other bodies' from here on; it is answered when all of them are, by the latest of their days."""

    number: str
    parts: tuple[str, ...]
    handler: int
    answer_by: datetime


@dataclass(frozen=True)
class MatterParted(Fact):
    """拆出一部分 — a part exists: of which matter, whose, by which rule and until when. Not a matter more."""

    number: str
    whole: str
    category: str
    level: int
    handler: int
    handler_name: str
    accept_by: datetime
    answer_by: datetime
    rule: str
    words: str


@dataclass(frozen=True)
class MatterPartVerified(Fact):
    """一部分已核实 — this part has ended; the whole is answered when all have."""

    number: str
    whole: str


@dataclass(frozen=True)
class MatterPartWithdrawn(Fact):
    """一部分随整件撤回 — the resident took the whole back."""

    number: str
    whole: str
    handler: int


@dataclass(frozen=True)
class MatterKeptUp(Fact):
    """期限随各部分 — the day of one of its parts moved, and with it its own."""

    number: str
    answer_by: datetime


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
