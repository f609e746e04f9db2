"""What a fact is, and how it becomes JSON and comes back. One module or package beside this per app that publishes facts."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, Self, get_args, get_origin, get_type_hints

_REGISTRY: dict[str, type["Fact"]] = {}


class UnknownFactError(LookupError):
    """A journal entry names a fact this version of linli does not know: an old release reads a new journal."""


@dataclass(frozen=True)
class Fact:
    """Something that happened, said in the past tense. Never edited, never deleted.

    A fact carries numbers, codes and names of offices; never a resident's words, name or phone, because the
    journal outlives every retention period. Fields may be str, int, bool, date, datetime (aware), None,
    and tuples of these.
    """

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        app = cls.__module__.removeprefix("linli.facts.").partition(".")[0]
        cls.name = f"{app}.{cls.__name__}"
        there = _REGISTRY.get(cls.name, cls)
        if (there.__module__, there.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"two facts are called {cls.name}")
        _REGISTRY[cls.name] = cls

    def payload(self) -> dict[str, Any]:
        """The fact as JSON-ready values; dates in ISO 8601."""
        return {key: _to_json(value) for key, value in vars(self).items()}

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        """The fact back from the journal. Fields added since take their default."""
        hints = _hints(cls)  # type: ignore[arg-type]  # Every class is hashable.
        return cls(**{key: _from_json(value, hints[key]) for key, value in payload.items() if key in hints})


def fact_named(name: str) -> type[Fact]:
    """The class of a fact by its name in the journal, e.g. "matters.MatterAssigned". Raises UnknownFactError."""
    try:
        return _REGISTRY[name]
    except KeyError:
        raise UnknownFactError(f"no fact is called {name!r}; is this linli older than the journal?") from None


def all_facts() -> tuple[type[Fact], ...]:
    """Every fact that has been imported, in order of name."""
    return tuple(_REGISTRY[name] for name in sorted(_REGISTRY))


@cache
def _hints(cls: Any) -> dict[str, Any]:
    """The fields of a kind of fact and their types."""
    hints = get_type_hints(cls)
    return {f.name: hints[f.name] for f in fields(cls)}


def _to_json(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_to_json(item) for item in value]
    return value


def _from_json(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    options = [option for option in (get_args(hint) or (hint,)) if option is not type(None)]
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return tuple(_from_json(item, inner) for item in value)
    for option in options:
        if option in (datetime, date):
            return option.fromisoformat(value)
    return value
