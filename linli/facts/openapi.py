"""Which machines may act from which posts, and which may no longer."""

from dataclasses import dataclass
from datetime import date

from linli.facts.base import Fact


@dataclass(frozen=True)
class TokenIssued(Fact):
    """发放令牌 — a machine may act from an appointment with these of its powers, up to a day."""

    token: int
    called: str
    appointment: int
    powers: tuple[str, ...]
    until: date


@dataclass(frozen=True)
class TokenRevoked(Fact):
    """吊销令牌 — it may not any longer."""

    token: int
