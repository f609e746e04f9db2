"""What passes between the city and its 12345 hotline. Numbers and codes only: a caller's words are the matter's."""

from dataclasses import dataclass

from linli.facts.base import Fact


@dataclass(frozen=True)
class TicketReceived(Fact):
    """收下热线工单 — a ticket of the hotline became a matter."""

    foreign: str
    number: str
    way: str


@dataclass(frozen=True)
class HandBackAsked(Fact):
    """申请退回热线 — it is said not to be ours, and why; the hotline decides."""

    foreign: str
    number: str
    reason: str


@dataclass(frozen=True)
class HandBackAnswered(Fact):
    """热线答复退回 — it took the ticket back, or left it with us."""

    foreign: str
    number: str
    agreed: bool
