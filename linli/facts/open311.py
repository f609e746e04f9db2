"""Which outside systems were let in, and which were shut out again."""

from dataclasses import dataclass

from linli.facts.base import Fact


@dataclass(frozen=True)
class ApiKeyIssued(Fact):
    """发放密钥 — a body's system may file matters of an area from now on."""

    key: int
    called: str
    body: int
    area: int


@dataclass(frozen=True)
class ApiKeyRevoked(Fact):
    """吊销密钥 — it may not any longer."""

    key: int
