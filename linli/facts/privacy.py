"""What happens to a person's data (个人信息): cleared in time, held back, corrected, handed over. Never the data itself."""

from dataclasses import dataclass
from datetime import datetime

from linli.facts.base import Fact


@dataclass(frozen=True)
class DataCleared(Fact):
    """清除 — what identified somebody is gone from a matter: which parts, by which rule. What is counted stays."""

    number: str
    kinds: tuple[str, ...]
    photos: int
    rule: str


@dataclass(frozen=True)
class DataHeld(Fact):
    """暂缓清除 — a matter's data stays longer than its period, for a reason kept beside."""

    number: str
    words: str


@dataclass(frozen=True)
class DataReleased(Fact):
    """解除暂缓 — its period counts again."""

    number: str
    words: str


@dataclass(frozen=True)
class ContactCorrected(Fact):
    """更正联系方式 — the person changed what is held of them: which fields, never what they say."""

    number: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class DataHandedOver(Fact):
    """告知本人 — a copy of what is held went to the person, after an official checked who they are."""

    number: str
    office: str


@dataclass(frozen=True)
class PublicWordsSet(Fact):
    """核定公开字句 — an official decided which words neighbours do not see; `words` is a digest of what they do."""

    number: str
    masked: int
    words: str


@dataclass(frozen=True)
class ErasureAsked(Fact):
    """申请删除 — a person asks that their data be deleted; by when that is decided, and by which rule."""

    number: str
    matter: str
    scope: str
    county: int | None
    decide_by: datetime
    rule: str


@dataclass(frozen=True)
class ErasureGranted(Fact):
    """同意删除."""

    number: str
    matter: str
    kinds: tuple[str, ...]
    in_time: bool


@dataclass(frozen=True)
class ErasureRefused(Fact):
    """不能删除 — with the lawful exception."""

    number: str
    matter: str
    reason: str
    in_time: bool


@dataclass(frozen=True)
class ErasureRecounted(Fact):
    """重算答复期限 — a calendar year was entered, and the moment by which the request is decided moved."""

    number: str
    matter: str
    decide_by: datetime
    provisional: bool


@dataclass(frozen=True)
class ErasureOverdue(Fact):
    """逾期未定 — the request was to be decided by now."""

    number: str
    matter: str
    county: int | None
    decide_by: datetime
