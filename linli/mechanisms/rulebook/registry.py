"""Which lists there are: every app declares its schemas here, and who is affected when a list changes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from linli.kernel.rules import RuleList

Schema = type[RuleList[Any]]
Declared = TypeVar("Declared", bound=Schema)

_SCHEMAS: dict[str, Schema] = {}
_AFFECTED: dict[str, list["AffectedBy"]] = {}


class NoSuchListError(LookupError):
    """No app has declared a list of this key."""


@dataclass(frozen=True)
class Affected:
    """What a change would touch: how many of what, and the first few by number."""

    what: str
    count: int
    first: tuple[str, ...] = ()


AffectedBy = Callable[[str, frozenset[str]], Affected]
"""Asked with the list's key and the codes that would be changed or removed."""


def declare(schema: Declared) -> Declared:
    """Let the rulebook hold lists of this schema. Called once by the app that owns it, in apps.py."""
    key = schema.key
    if not key:
        raise TypeError(f"{schema.__name__} does not say its key")
    known = _SCHEMAS.get(key)
    if known is not None and known.__qualname__ != schema.__qualname__:
        raise TypeError(f"two schemas, {known.__name__} and {schema.__name__}, claim the list {key}")
    _SCHEMAS[key] = schema
    return schema


def schema_of(key: str) -> Schema:
    """The schema of a list, by its key or its family. Raises NoSuchListError."""
    family = f"{key.rpartition('/')[0]}/*"
    try:
        return _SCHEMAS.get(key) or _SCHEMAS[family]
    except KeyError:
        raise NoSuchListError(key) from None


def declared() -> dict[str, Schema]:
    """Every schema by its key."""
    return dict(sorted(_SCHEMAS.items()))


def affects(key: str, ask: AffectedBy) -> None:
    """Let `pack diff` ask an app, which stands above the rulebook, what a change of this list would touch."""
    asked = _AFFECTED.setdefault(key, [])
    if ask not in asked:
        asked.append(ask)


def affected_by(key: str, codes: frozenset[str]) -> Iterator[Affected]:
    """Every app's answer."""
    for ask in _AFFECTED.get(key, []):
        yield ask(key, codes)
