"""依据 — the rulebook: every list, limit and standard of the city, dated, with its basis, loaded from the city pack.

Its promise: what was decided under a rule can always show that rule, as it was.

1. A version is never changed or removed: the database refuses. Changing a rule makes a new version.
2. On any day the newest version already in force holds; asking costs microseconds.
3. What the city has not decided says so: `status: assumed`, with the reason, down to the single item.
"""

from typing import TYPE_CHECKING, Any

from linli.kernel.rules import RuleRef
from linli.mechanisms.rulebook.registry import Affected, affects, declare
from linli.mechanisms.rulebook.words import is_english, label, limit_words, reason

if TYPE_CHECKING:
    from linli.mechanisms.rulebook.pack import Pack
    from linli.mechanisms.rulebook.queries import (
        Edition,
        NoRuleError,
        current,
        edition,
        family,
        history,
        working_calendar,
    )
    from linli.mechanisms.rulebook.service import RefusedRuleError, enact, load

__all__ = [
    "Affected", "Edition", "NoRuleError", "Pack", "RefusedRuleError", "RuleRef", "affects", "current", "declare",
    "edition", "enact", "family", "history", "is_english", "label", "limit_words", "load", "reason", "working_calendar",
]  # fmt: skip

_ELSEWHERE = {
    **dict.fromkeys(
        ("Edition", "NoRuleError", "current", "edition", "family", "history", "working_calendar"), "queries"
    ),
    **dict.fromkeys(("RefusedRuleError", "enact", "load"), "service"),
    "Pack": "pack",
}


def __getattr__(name: str) -> Any:
    """Reads and writes need the models, which Django loads after this module: they are fetched when first asked for."""
    from importlib import import_module  # noqa: PLC0415

    if name not in _ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_ELSEWHERE[name]}"), name)
    globals()[name] = found
    return found
