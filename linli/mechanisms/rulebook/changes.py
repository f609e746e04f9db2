"""What would change if a pack were loaded: item by item, and for whom. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from linli.kernel.rules import RuleRef
from linli.mechanisms.rulebook import queries
from linli.mechanisms.rulebook.models import RuleVersion
from linli.mechanisms.rulebook.pack import Pack
from linli.mechanisms.rulebook.registry import Affected, affected_by
from linli.mechanisms.rulebook.service import refusal_of, sha256
from linli.mechanisms.rulebook.words import is_english

_SPECIAL = {"list", "items"}


@dataclass(frozen=True)
class FieldChange:
    """One field: what it says now and what it would say. None where it is absent."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class ItemChange:
    """One item that is added, removed or says something else."""

    code: str
    name: str
    kind: Literal["added", "removed", "changed"]
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class ListChange:
    """One list that would get a new version, and what that touches."""

    key: str
    title: str
    in_force: date
    against: RuleRef | None
    """The version it is compared with; None for a list that is new."""
    head: tuple[FieldChange, ...]
    items: tuple[ItemChange, ...]
    affected: tuple[Affected, ...]
    refused: str = ""
    """Why loading it would be refused; empty when it would not."""


def between(pack: Pack) -> list[ListChange]:
    """Every list of the pack that differs from all that the rulebook holds, in order of key."""
    known = set(RuleVersion.objects.values_list("key", "content_sha256"))
    found: list[ListChange] = []
    for source in sorted(pack.sources, key=lambda each: each.key):
        if (source.key, sha256(source.content)) in known:
            continue
        newest = RuleVersion.objects.filter(key=source.key).order_by("-version").first()
        old: dict[str, Any] = newest.content if newest else {}
        items = compare_items(old, source.content)
        # What an item newly brings can have no open matter yet; what it changes or takes away can.
        touched = frozenset(item.code for item in items if item.kind != "added")
        refusal = refusal_of(source.key, source.content, source.file)
        found.append(
            ListChange(
                key=source.key,
                title=source.rules.title,
                in_force=source.rules.in_force,
                against=RuleRef(newest.key, newest.version) if newest else None,
                head=_fields(old, source.content) if newest else (),
                items=items,
                affected=tuple(affected_by(source.key, touched)) if touched else (),
                refused=str(refusal) if refusal else "",
            )
        )
    return found


def only_in_the_rulebook(pack: Pack) -> list[str]:
    """Lists an office has entered that the pack does not carry: they stay."""
    carried = {source.key for source in pack.sources}
    return [each.ref.key for each in queries.overview() if each.ref.key not in carried]


def compare_items(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[ItemChange, ...]:
    """The items of two versions of a list, matched by code, in the order of the new one and then the removed."""
    before = {item["code"]: item for item in old.get("items", ())}
    after = {item["code"]: item for item in new.get("items", ())}
    found: list[ItemChange] = []
    for code, item in after.items():
        if code not in before:
            found.append(ItemChange(code, _name(item), "added"))
        elif fields := _fields(before[code], item):
            found.append(ItemChange(code, _name(item), "changed", fields))
    found += [ItemChange(code, _name(item), "removed") for code, item in before.items() if code not in after]
    return tuple(found)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    names = [name for name in (*new, *(name for name in old if name not in new)) if name not in _SPECIAL]
    return tuple(FieldChange(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))


def _name(item: Mapping[str, Any]) -> str:
    return str((is_english() and item.get("name_en")) or item.get("name") or "")
