"""Which outside systems are told what happens, and which are no longer."""

from dataclasses import dataclass

from linli.facts.base import Fact


@dataclass(frozen=True)
class Subscribed(Fact):
    """订阅 — an address is told, from now on, of these kinds of facts within an area."""

    subscription: int
    called: str
    body: int
    area: int
    host: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class SubscriptionStopped(Fact):
    """停推送 — it is told nothing more, because somebody said so."""

    subscription: int
    body: int


@dataclass(frozen=True)
class SubscriptionResumed(Fact):
    """恢复推送 — what waited is sent."""

    subscription: int
    body: int


@dataclass(frozen=True)
class SubscriptionSwitchedOff(Fact):
    """推送因失败停了 — it answered nothing good for days; whoever looks after it is told."""

    subscription: int
    body: int
    failures: int


@dataclass(frozen=True)
class SubscriptionReplayed(Fact):
    """补推 — entries are sent once more, from one entry or from a day on."""

    subscription: int
    body: int
    from_entry: int


@dataclass(frozen=True)
class SecretRenewed(Fact):
    """换签名密钥 — what is signed from now on is signed with another secret."""

    subscription: int
    body: int
