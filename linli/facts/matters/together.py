"""并案、协办、拆分: matters that go along with each other, bodies beside the lead, a whole and its parts."""

from dataclasses import dataclass
from datetime import datetime

from linli.facts.base import Fact


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
    channel: str = "page"


@dataclass(frozen=True)
class MatterReopenedAlong(Fact):
    """并案没解决 — the reporter of a merged matter says that it is not; the matter it goes along with is in hand again."""

    number: str
    main: str
    words: str
    channel: str = "page"


@dataclass(frozen=True)
class MatterUrgedAlong(Fact):
    """并案催办 — the reporter of a merged matter asks for haste, for the n-th time; passed on to whoever has the main one."""

    number: str
    main: str
    times: int
    handler_name: str


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
