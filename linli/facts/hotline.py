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


@dataclass(frozen=True)
class HandOverAsked(Fact):
    """移交热线 — one of our own matters is the hotline's: it is to be taken there."""

    number: str
    exclusion: str
    rule: str


@dataclass(frozen=True)
class HandOverFetched(Fact):
    """取走移交文件 — somebody fetched it for the hotline; `contact`: it says how to reach the reporter."""

    number: str
    contact: bool


@dataclass(frozen=True)
class HandOverTaken(Fact):
    """热线收下移交 — under its own number."""

    number: str
    foreign: str


@dataclass(frozen=True)
class HandOverReturned(Fact):
    """热线退回移交 — it will not take it: a level above looks again."""

    number: str
    foreign: str
    status: str


@dataclass(frozen=True)
class HandOverRecalled(Fact):
    """收回移交 — it was found to be ours after all."""

    number: str
    foreign: str
