"""What territory (哪里) publishes: the tree was loaded, areas were established, shapes were redrawn."""

from dataclasses import dataclass

from linli.facts.base import Fact


@dataclass(frozen=True)
class TerritoryLoaded(Fact):
    """区划已装入 — a city pack's places became the tree."""

    version: int
    pack: str
    digest: str
    areas: int
    ended: int
    successions: int
    grids: int
    shapes: int


@dataclass(frozen=True)
class AreasEstablished(Fact):
    """区划已设立 — areas were added, by hand or by import. Codes are listed up to a hundred."""

    version: int
    count: int
    codes: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class AreasRedrawn(Fact):
    """区划已调整 — names, shapes or card details of existing areas were changed by import."""

    version: int
    count: int
    codes: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class CompoundsListed(Fact):
    """小区名称已装入 — which residential compounds lie in so many villages and communities."""

    version: int
    count: int
    communities: int
    source: str


@dataclass(frozen=True)
class CoverageNoted(Fact):
    """覆盖已登记 — what an area has of Party organisation, premises and services was noted."""

    area: str
    has_party_organisation: bool | None
    has_premises: bool | None
    has_service: bool | None
