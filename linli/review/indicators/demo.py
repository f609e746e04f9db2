"""The projection of histories written in bulk: folded in memory, written by COPY. `linli replay` gives the same rows."""

from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter

from linli.mechanisms.journal import Heard
from linli.mechanisms.territory.service import copy_rows
from linli.review.indicators.courses import Course as Passed
from linli.review.indicators.courses import difference, onward
from linli.review.indicators.models import Course, Standing
from linli.review.indicators.reactions import COLUMNS, COURSE_COLUMNS, Cell, cell_of, count, count_courses
from linli.review.indicators.rules import Life, after

_ROW = attrgetter(*COLUMNS)
_COURSE = attrgetter(*COURSE_COLUMNS)


class Tally:
    """The standings of new matters and what their endings add to the months."""

    def __init__(self) -> None:
        """Of nothing yet."""
        self.lives: list[Life] = []
        self.courses: list[Passed] = []

    def hear(self, subject: str, entries: Sequence[Heard]) -> None:
        """One matter's whole history."""
        del subject
        life: Life | None = None
        course: Passed | None = None
        for entry in entries:
            life = after(life, entry.fact, entry.at)
            course = onward(course, entry.fact, entry.at)
        if life is not None:
            self.lives.append(life)
        if course is not None:
            self.courses.append(course)

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
        copy_rows(Course, COURSE_COLUMNS, map(_COURSE, self.courses))
        count_courses(difference((), self.courses))
        self.lives, self.courses = [], []
