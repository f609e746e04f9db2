"""The projection of histories written in bulk: folded in memory, written by COPY. `linli replay` gives the same rows."""

from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter

from linli.mechanisms.journal import Heard
from linli.mechanisms.territory.service import copy_rows
from linli.review.indicators.models import Standing
from linli.review.indicators.reactions import COLUMNS, Cell, cell_of, count
from linli.review.indicators.rules import Life, after

_ROW = attrgetter(*COLUMNS)


class Tally:
    """The standings of new matters and what their endings add to the months."""

    def __init__(self) -> None:
        """Of nothing yet."""
        self.lives: list[Life] = []

    def hear(self, subject: str, entries: Sequence[Heard]) -> None:
        """One matter's whole history."""
        del subject
        life: Life | None = None
        for entry in entries:
            life = after(life, entry.fact, entry.at)
        if life is not None:
            self.lives.append(life)

    def write(self) -> None:
        """Into the projection's tables, in the caller's transaction."""
        copy_rows(Standing, COLUMNS, map(_ROW, self.lives))
        cells: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
        for life in self.lives:
            if life.ended_at is not None:
                cell = cells[cell_of(life)]
                cell[0] += 1
                cell[1] += life.satisfaction or 0
        count({cell: (n, total) for cell, (n, total) in cells.items()})
        self.lives = []
