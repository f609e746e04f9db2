"""不予受理的情形 and how many of them are looked at again each month."""

import hashlib
from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from linli.kernel.rules import InEnglish, Named, RuleList, Words
from linli.work.matters.rules.kinds import Numbered


class Exclusion(Numbered):
    """不予受理或转其他渠道的情形 — never without the right channel."""

    channel: Words
    channel_en: InEnglish = ""
    phone: Words | None = None
    where: Words | None = None
    """Where exactly, as a law says it."""
    where_en: InEnglish = ""
    kind: Literal["emergency", "legal", "repeat", "secret", "beyond", "unlawful"] | None = None
    """Which of the six kinds that are not dispatched."""
    names_channel: bool = False
    """Whoever proposes it must name the office, since no list can."""
    for_danger: bool = False
    """What speaks of danger may be passed on for this reason, and for no other."""


class Exclusions(RuleList[Exclusion]):
    """不予受理的情形."""

    key: ClassVar[str] = "lists/exclusions"


class Share(Named):
    """抽查的份额 — how much of a month's exclusions an overseer looks at: percent, and at least so many."""

    percent: Annotated[int, Field(ge=1, le=100)]
    least: Annotated[int, Field(ge=0)] = 1


class Sampling(RuleList[Share]):
    """抽查的份额."""

    key: ClassVar[str] = "matters/sampling"


def drawn(numbers: Iterable[str], *, seed: str, percent: int, least: int) -> list[str]:
    """抽中的 — the first so many by the SHA-256 of seed and number: who knows both finds the same with sha256sum."""
    by_lot = sorted(numbers, key=lambda number: hashlib.sha256(f"{seed} {number}".encode()).hexdigest())
    return by_lot[: max(-(-len(by_lot) * percent // 100), least)]
