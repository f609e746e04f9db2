"""备注、附件、代为反映: what is put beside a matter."""

from dataclasses import dataclass
from datetime import datetime

from linli.facts.base import Fact


@dataclass(frozen=True)
class MatterNoted(Fact):
    """内部备注 — an official wrote a note for other officials; no resident and no public page is told."""

    number: str
    words: str


@dataclass(frozen=True)
class MatterAttached(Fact):
    """附件 — a document was put beside the matter, for officials or for the resident; its name stays in its own table."""

    number: str
    kind: str
    size: int
    sha256: str
    for_resident: bool


@dataclass(frozen=True)
class MatterSpokenFor(Fact):
    """代为反映 — somebody spoke for another, who agreed: as what, how and when. Never who."""

    number: str
    relation: str
    how: str
    agreed_at: datetime
