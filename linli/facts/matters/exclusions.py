"""不予受理、复核、抽查."""

from dataclasses import dataclass
from datetime import date, datetime

from linli.facts.base import Fact


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
