"""What was made public of the city's matters."""

from dataclasses import dataclass
from datetime import date

from linli.facts.base import Fact


@dataclass(frozen=True)
class MonthPublished(Fact):
    """公开一个月的数据 — so many lines, so many left out, and the file's digest: it can be shown that it was never changed."""

    month: date
    rows: int
    suppressed: int
    k: int
    rule: str
    sha256: str
