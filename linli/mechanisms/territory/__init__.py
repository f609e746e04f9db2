"""哪里 — places: the dated tree from the city to a building, its codes at two authorities, its shapes, and point lookup.

Its promise: any record can be placed, today and as it was then.

1. A grid is owned by exactly one village or community; a functional zone is nobody's parent. The database keeps both.
2. What holds now is read from memory, renewed when the version changes; what held then, from the dated tables.
3. A successor nobody has told us of is not known, never guessed; a generated shape says 示意 (illustrative).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.mechanisms.territory.index import Node, Outside, Place, Slots
    from linli.mechanisms.territory.loading import load
    from linli.mechanisms.territory.queries import (
        Found,
        ancestors,
        area,
        areas,
        as_of,
        by_code,
        children,
        find,
        locate,
        locate_many,
        slots,
        subtree_ids,
    )


__all__ = [
    "Found",
    "Node",
    "Outside",
    "Place",
    "Slots",
    "ancestors",
    "area",
    "areas",
    "as_of",
    "by_code",
    "children",
    "find",
    "load",
    "locate",
    "locate_many",
    "slots",
    "subtree_ids",
]


_ELSEWHERE = {**dict.fromkeys(("Node", "Outside", "Place", "Slots"), "index"), "load": "loading"}


def __getattr__(name: str) -> Any:
    """Reads need the models, which Django loads after this module: they are fetched when first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'queries')}"), name)
    globals()[name] = found
    return found
