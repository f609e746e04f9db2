"""What an entry is made of, and the bytes its hash is taken over. Plain Python: a stranger can re-compute it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from linli.facts.base import Fact

GENESIS = bytes(32)
"""The hash before a subject's first entry."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an entry: a person at a post, a resident, or the system itself.

    `name` is an official's name in their office; a resident's is never written here.
    """

    kind: Literal["staff", "resident", "system"]
    person_id: int | None = None
    post: str = ""
    office: str = ""
    name: str = ""

    def as_json(self) -> str:
        """The author as it stands in the entry and under its hash."""
        return canonical(
            {"kind": self.kind, "person": self.person_id, "post": self.post, "office": self.office, "name": self.name}
        )

    @classmethod
    def from_json(cls, text: str) -> "Author":
        """The author back from an entry."""
        value = json.loads(text)
        return cls(value["kind"], value["person"], value["post"], value["office"], value["name"])


@dataclass(frozen=True, slots=True)
class Heard:
    """One entry as a reader hears it."""

    entry_id: int
    subject: str
    seq: int
    at: datetime
    move: str
    author: Author
    fact: Fact

    @property
    def key(self) -> str:
        """The subject without its kind: "滨26-0417-0032" of "matter:滨26-0417-0032"."""
        return self.subject.partition(":")[2]


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: the same value is always the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_hash(  # A plain recipe, so that docs/howto/verify-the-journal.md can be followed with sha256sum.
    previous: bytes, *, subject: str, seq: int, at: datetime, move: str, fact: str, payload: str, author: str
) -> bytes:
    """SHA-256 over the previous hash and the entry's fields, a line each, UTF-8, the moment in UTC."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    text = "\n".join(("linli-journal-1", previous.hex(), subject, str(seq), moment, move, fact, payload, author))
    return hashlib.sha256(text.encode()).digest()
