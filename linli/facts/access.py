"""Who came to a post, who left it, who stands in, and who looked at an identity."""

from dataclasses import dataclass
from datetime import date

from linli.facts.base import Fact


@dataclass(frozen=True)
class Appointed(Fact):
    """任命 — a person holds a post from a day on."""

    appointment: int
    person: int
    post: int
    kind: str
    area: int
    from_on: date


@dataclass(frozen=True)
class Relieved(Fact):
    """免去 — the last day of an appointment."""

    appointment: int
    person: int
    post: int
    to_on: date


@dataclass(frozen=True)
class Delegated(Fact):
    """代理 — another person acts from a post between two days."""

    appointment: int
    delegate: int
    from_on: date
    to_on: date


@dataclass(frozen=True)
class Recalled(Fact):
    """收回代理 — a delegation ended before its last day: by who lent the post, who borrowed it, or who appoints there."""

    appointment: int
    delegate: int


@dataclass(frozen=True)
class BodyEstablished(Fact):
    """设立单位 — a body exists, answerable for its functions in an area."""

    body: int
    called: str
    kind: str
    area: int
    functions: tuple[str, ...]


@dataclass(frozen=True)
class BodyRevised(Fact):
    """改单位 — what a body is for, or how it is called for short or reached, was changed."""

    body: int
    called: str
    functions: tuple[str, ...]


@dataclass(frozen=True)
class PostEstablished(Fact):
    """设立岗位 — a chair in a body, for whoever will be appointed to it."""

    post: int
    kind: str
    body: int
    area: int


@dataclass(frozen=True)
class IdentityRevealed(Fact):
    """查看身份 — an official looked at a resident's identity; who and from which office, so that the resident can see it."""

    field: str
    office: str


@dataclass(frozen=True)
class ListExported(Fact):
    """导出 — an official took a list out as a table; from which office, and how many rows."""

    listing: str
    rows: int
    format: str
    office: str


@dataclass(frozen=True)
class AccountOpened(Fact):
    """建号 — an account was made, with a one-time password."""

    person: int


@dataclass(frozen=True)
class AccountClosed(Fact):
    """停用 — an account opens nothing any more."""

    person: int


@dataclass(frozen=True)
class AccountRestored(Fact):
    """恢复 — a closed account opens again."""

    person: int


@dataclass(frozen=True)
class PasswordReset(Fact):
    """重置密码 — a new one-time password was given and second factors were taken off."""

    person: int
