"""What happens to a whistle (吹哨). Codes, bodies and moments only; `words` is a keyed digest of the text said."""

from dataclasses import dataclass
from datetime import date, datetime

from linli.facts.base import Fact


@dataclass(frozen=True)
class WhistleSounded(Fact):
    """吹哨 — who calls whom to which place, and by when each is to be there."""

    number: str
    kind: str
    caller: int
    area: int
    bodies: tuple[int, ...]
    acknowledge_by: datetime
    arrive_by: tuple[datetime, ...]
    rule: str
    words: str


@dataclass(frozen=True)
class SummonsAcknowledged(Fact):
    """收到 — a called body has answered."""

    number: str
    body: int
    in_time: bool


@dataclass(frozen=True)
class SummonsMet(Fact):
    """到场 — a called body is on the spot, and how many minutes late."""

    number: str
    body: int
    minutes_late: int


@dataclass(frozen=True)
class AbsenceExplained(Fact):
    """说明没到的原因 — a called body says why it did not come."""

    number: str
    body: int
    reason: str
    words: str


@dataclass(frozen=True)
class ActionReported(Fact):
    """报告办理 — what a called body did."""

    number: str
    body: int
    words: str


@dataclass(frozen=True)
class ActionAgreed(Fact):
    """议定办法 — on the spot it was agreed what is to be done."""

    number: str
    present: tuple[int, ...]
    words: str


@dataclass(frozen=True)
class WhistleConcluded(Fact):
    """办结 — the township says what came of it, for each body."""

    number: str
    bodies: tuple[int, ...]
    words: str


@dataclass(frozen=True)
class BodiesRated(Fact):
    """评部门 — the township's score of each called body (1–5)."""

    number: str
    bodies: tuple[int, ...]
    scores: tuple[int, ...]
    words: str


@dataclass(frozen=True)
class WhistleJudged(Fact):
    """评哨 — a called body says whether the whistle was justified."""

    number: str
    body: int
    justified: bool
    reason: str
    words: str


@dataclass(frozen=True)
class WhistleWithdrawn(Fact):
    """撤回 — the township took it back."""

    number: str
    bodies: tuple[int, ...]
    words: str


@dataclass(frozen=True)
class WhistleEscalated(Fact):
    """报县区 — a called body was silent, or did not come in time; the county is told, once."""

    number: str
    body: int
    why: str
    due_at: datetime
    county: int | None


@dataclass(frozen=True)
class MeetingConvened(Fact):
    """召集联席会议 — who sits down with whom, when, and after which whistle (empty for none)."""

    number: str
    convener: int
    whistle: str
    area: int
    bodies: tuple[int, ...]
    starts_at: datetime
    words: str


@dataclass(frozen=True)
class MeetingHeld(Fact):
    """联席会议已开 — line by line: which body, before which day."""

    number: str
    bodies: tuple[int, ...]
    due_on: tuple[date, ...]
    words: str


@dataclass(frozen=True)
class MeetingCancelled(Fact):
    """联席会议取消 — whoever was invited need not come."""

    number: str
    bodies: tuple[int, ...]
    words: str
