"""A lifecycle is a table: this move, from these states, to that one. An official can read it and say whether it is right."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Move:
    """One move. `sources` empty: the move that begins a life. `target` None: an act that changes no state.

    `four_eyes` names earlier moves: whoever made the last of one of them may not make this one.
    """

    name: str
    label: "StrOrPromise"
    sources: tuple[str, ...]
    target: str | None
    four_eyes: tuple[str, ...] = ()
    note: str = ""
    """One sentence for the drawing: what must be true besides."""

    needs: str = ""
    """The power it needs, where that is another move's: one verb that ends in two states is two moves."""

    app: str = ""

    @property
    def power(self) -> str:
        """The power the actor needs: matters.assign."""
        return f"{self.app}.{self.needs or self.name}"


class Lifecycle:
    """The moves of one kind of subject, reachable as attributes: LIFE.assign."""

    def __init__(self, app: str, *moves: Move, kind: str, states: Iterable[tuple[str, str]]) -> None:
        """`app` prefixes the powers, `kind` the journal's subjects ("matter:…"); `states` are (value, label)."""
        self.app = app
        self.kind = kind
        self.states = {value: str(label) for value, label in states}
        self.moves: dict[str, Move] = {}
        for move in moves:
            if move.name.startswith("_") or hasattr(type(self), move.name) or move.name in self.__dict__:
                raise ValueError(f"{app}: a move cannot be called {move.name}, the lifecycle itself has that name")
            if not move.sources and move.target is None:
                raise ValueError(f"{app}.{move.name} comes from no state and leads to none")
            if move.name in self.moves:
                raise ValueError(f"{app} declares {move.name} twice")
            unknown = {*move.sources, *([move.target] if move.target else [])} - set(self.states)
            if unknown:
                raise ValueError(f"{app}.{move.name} names states that do not exist: {sorted(unknown)}")
            self.moves[move.name] = replace(move, app=app)
        for move in self.moves.values():
            if missing := set(move.four_eyes) - set(self.moves):
                raise ValueError(f"{app}.{move.name}: four_eyes names unknown moves {sorted(missing)}")

    def __getattr__(self, name: str) -> Move:
        """LIFE.assign."""
        try:
            moves: dict[str, Move] = self.__dict__["moves"]
            return moves[name]
        except KeyError:
            raise AttributeError(f"no move is called {name!r}") from None

    def open_from(self, state: str) -> list[Move]:
        """The moves that are open in a state, in the order of the table."""
        return [move for move in self.moves.values() if state in move.sources]

    def label_of(self, state: Any) -> str:
        """The Chinese name of a state."""
        return self.states[str(state)]

    def as_mermaid(self) -> str:
        """The drawing for docs/lifecycles: generated, so it cannot disagree with the code."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {value}: {label}" for value, label in self.states.items()]
        for move in self.moves.values():
            label = f"{move.label}（{move.name}）"
            if not move.sources:
                lines.append(f"    [*] --> {move.target}: {label}")
            for source in move.sources:
                lines.append(f"    {source} --> {move.target or source}: {label}")
        ends = [
            state for state in self.states if not any(m.target and m.target != state for m in self.open_from(state))
        ]
        lines += [f"    {state} --> [*]" for state in ends]
        return "\n".join(lines) + "\n"
