"""How a matter's course (经过) follows from its facts: when it reached each stage first, and what is true of it. Plain Python.

A course belongs to the month it was registered in, the month its answer was due in and the month it was first answered
in, and never changes those: what changes is what is true of it (its marks). So a share is a part of a fixed whole.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from linli.facts.base import Fact
from linli.kernel import clock

SATISFIED = 3
"""基本满意 and better (GB/T of the rating, 1–5): what counts as satisfied."""
MONTHS = ("registered", "due", "answered")
"""By which moment a course belongs to a month."""
STAGES = ("registered", "dispatched", "accepted", "answered", "verified")
"""The moments between which hours are counted."""

# A mark's number is its bit in the database: it never changes and is never given to another.
MARKS: dict[str, int] = {
    "settled": 0, "raised": 1, "dispatched": 2, "objected": 3, "objection_upheld": 4, "objection_denied": 5, "accepted": 6,
    "accepted_in_time": 7, "extended": 8, "carried": 9, "answered": 10, "answered_in_time": 11, "overdue": 12, "judged": 13,
    "redone": 14, "said_no": 15, "said_yes": 16, "spoke": 17, "satisfied": 18, "lapsed": 19, "withdrawn": 20, "asked": 21,
    "solved_by_grid": 22, "solved_by_community": 23, "solved_by_township": 24, "solved_by_county": 25, "solved_by_city": 26,
    "unruled": 27, "unreviewed": 28, "supported": 29, "contacted": 30, "contacted_in_time": 31, "excluded": 32,
    "exclusion_overturned": 33, "visited": 34, "reached": 35, "appealed": 36, "appeal_upheld": 37, "pressed": 38, "merged": 39, "urged": 40, "second_look": 41,
}  # fmt: skip
"""What may be true of a course, each a word a city's list of indicators may use."""
SOLVED_BY = {
    5: "solved_by_grid",
    4: "solved_by_community",
    3: "solved_by_township",
    2: "solved_by_county",
    1: "solved_by_city",
}
VERDICT = ("said_yes", "satisfied", "lapsed", *SOLVED_BY.values())
"""What a resident's no takes back."""

MARKED_BY: dict[str, tuple[str, ...]] = {
    "settled": ("MatterSettled",), "raised": ("MatterRaised",), "dispatched": ("MatterAssigned",), "objected": ("MatterObjected",),
    "objection_upheld": ("MatterRuled",), "objection_denied": ("MatterRuled",), "accepted": ("MatterAccepted",),
    "accepted_in_time": ("MatterAccepted",), "extended": ("MatterExtended",), "carried": ("MatterCarried",),
    "answered": ("MatterAnswered", "MatterSettled"), "answered_in_time": ("MatterAnswered", "MatterSettled"),
    "overdue": ("MatterOverdue",), "judged": ("MatterAnswered", "MatterSettled", "MatterOverdue"), "redone": ("MatterRedone",),
    "said_no": ("MatterReopened",), "said_yes": ("MatterRated",), "spoke": ("MatterRated", "MatterReopened"),
    "satisfied": ("MatterRated",), "lapsed": ("MatterLapsed",), "withdrawn": ("MatterWithdrawn",), "asked": ("MatterVerified",),
    **dict.fromkeys(SOLVED_BY.values(), ("MatterRated",)), "unruled": ("MatterUnruled",), "unreviewed": ("MatterUnreviewed",),
    "supported": ("MatterSupported",), "contacted": ("MatterContacted",), "contacted_in_time": ("MatterContacted",),
    "excluded": ("MatterExcluded",), "exclusion_overturned": ("MatterExclusionOverturned",), "visited": ("MatterVisited",),
    "reached": ("MatterVisited",), "appealed": ("MatterAppealed",), "appeal_upheld": ("MatterAppealDecided",),
    "pressed": ("MatterPressed",), "merged": ("MatterMerged",), "urged": ("MatterUrged", "MatterUrgedAlong"), "second_look": ("MatterSecondLookAsked",),
}  # fmt: skip
"""By which facts a mark is made. Where this linli records none of them, the mark is nobody's to count."""


@dataclass(frozen=True)
class Course:
    """经过 — one matter: where, when it first reached each stage, and its marks."""

    number: str
    county: int | None
    township: int | None
    community: int | None
    grid: int | None
    category: str
    channel: str
    registered_at: datetime
    due_at: datetime
    """Of the first answer; what is due after a redo is not looked at here."""
    level: int = 0
    marks: int = 0
    dispatched_at: datetime | None = None
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    verified_at: datetime | None = None
    left_at: datetime | None = None
    """When it ended without an answer: withdrawn, excluded."""
    carried_for: str = ""
    """Why it is carried now; empty when it is not."""
    excluded_for: str = ""
    outcome: str = ""

    def has(self, mark: str) -> bool:
        """Is this true of it?"""
        return bool(self.marks >> MARKS[mark] & 1)


def recorded(facts: Iterable[str]) -> frozenset[str]:
    """The marks that facts of these names make; others cannot be counted by this linli."""
    known = set(facts)
    return frozenset(mark for mark, makers in MARKED_BY.items() if known.intersection(makers))


def bits(marks: Iterable[str]) -> int:
    """The marks as one number. Raises KeyError for a word that is none."""
    return sum(1 << MARKS[mark] for mark in set(marks))


def begun(fact: Any, at: datetime) -> Course:
    """The course of a matter that was just registered."""
    return Course(
        fact.number, fact.county, fact.township, fact.community, fact.grid, fact.category, fact.channel, at, fact.due_at, fact.level
    )  # fmt: skip


def onward(course: Course | None, fact: Fact, at: datetime) -> Course | None:
    """The course after a fact of matters. A fact about a matter never registered is of an older journal: left alone."""
    name = type(fact).__name__
    if name == "MatterRegistered":
        return begun(fact, at)
    step = STEPS.get(name)
    return course if course is None or step is None else step(course, fact, at)


def _marked(course: Course, *marks: str, without: Iterable[str] = (), **changes: Any) -> Course:
    return replace(course, marks=(course.marks & ~bits(without)) | bits(marks), **changes)


def _assigned(course: Course, fact: Any, at: datetime) -> Course:
    due = course.due_at if course.answered_at else fact.answer_by
    return _marked(
        course, "dispatched", category=fact.category, level=fact.level, due_at=due, dispatched_at=course.dispatched_at or at
    )  # fmt: skip


def _ruled(course: Course, fact: Any, at: datetime) -> Course:
    del at
    due = course.due_at if course.answered_at else fact.answer_by
    mark = "objection_upheld" if fact.upheld else "objection_denied"
    return _marked(course, mark, category=fact.category, level=fact.level, due_at=due)


def _accepted(course: Course, fact: Any, at: datetime) -> Course:
    marks = ("accepted", "accepted_in_time") if fact.in_time and not course.accepted_at else ("accepted",)
    return _marked(course, *marks, accepted_at=course.accepted_at or at)


def _due(course: Course, fact: Any, at: datetime) -> Course:
    """Extended, refused, taken back, recounted, let go on: until the first answer the date moves."""
    del at
    due: Any = getattr(fact, "answer_by", None) or getattr(fact, "due_at", course.due_at)
    return course if course.answered_at else replace(course, due_at=due)


def _answered(course: Course, fact: Any, at: datetime) -> Course:
    first = course.answered_at is None
    in_time = getattr(fact, "in_time", at <= course.due_at)
    marks = ["answered", "judged"] + (["answered_in_time"] if first and in_time else [])
    marks += ["settled"] if type(fact).__name__ == "MatterSettled" else []
    return _marked(course, *marks, answered_at=course.answered_at or at, outcome=fact.outcome, carried_for="")


def _overdue(course: Course, fact: Any, at: datetime) -> Course:
    del fact, at
    return course if course.answered_at else _marked(course, "overdue", "judged")


def _rated(course: Course, fact: Any, at: datetime) -> Course:
    del at
    marks = ["said_yes", "spoke", *([SOLVED_BY[fact.solved_level]] if fact.solved_level in SOLVED_BY else [])]
    marks += ["satisfied"] if fact.satisfaction >= SATISFIED else []
    return _marked(course, *marks, without=VERDICT)


def _excluded(course: Course, fact: Any, at: datetime) -> Course:
    return _marked(course, "excluded", left_at=course.left_at or at, excluded_for=fact.reason)


def _visited(course: Course, fact: Any, at: datetime) -> Course:
    del at
    return _marked(course, "visited", *(["reached"] if fact.reached else []))


def _contacted(course: Course, fact: Any, at: datetime) -> Course:
    """The first contact counts, and only one that reached somebody."""
    del at
    if not fact.reached or course.has("contacted"):
        return course
    return _marked(course, "contacted", *(["contacted_in_time"] if fact.in_time else []))


def _mark(*marks: str, without: Iterable[str] = (), **changes: Any) -> "Step":
    def step(course: Course, fact: Any, at: datetime) -> Course:
        del fact, at
        return _marked(course, *marks, without=without, **changes)

    return step


Step = Callable[[Course, Any, datetime], Course]
STEPS: dict[str, Step] = {
    "MatterRaised": lambda course, fact, _at: _marked(course, "raised", level=fact.to_level),
    "MatterAssigned": _assigned,
    "MatterObjected": _mark("objected"),
    "MatterRuled": _ruled,
    "MatterUnruled": _mark("unruled"),
    "MatterExtended": lambda course, fact, at: _marked(_due(course, fact, at), "extended"),
    "MatterExtensionRefused": _due,
    "MatterCarried": lambda course, fact, _at: _marked(course, "carried", carried_for=fact.reason),
    "MatterUnreviewed": _mark("unreviewed"),
    "MatterTakenBack": lambda course, fact, at: replace(_due(course, fact, at), carried_for=""),
    "MatterAccepted": _accepted,
    "MatterSettled": _answered,
    "MatterAnswered": _answered,
    "MatterVerified": lambda course, _fact, at: _marked(course, "asked", verified_at=course.verified_at or at),
    "MatterRedone": _mark("redone"),
    "MatterRated": _rated,
    "MatterReopened": _mark("said_no", "spoke", without=VERDICT),
    "MatterLapsed": _mark("lapsed"),
    "MatterWithdrawn": lambda course, _fact, at: _marked(
        course, "withdrawn", left_at=course.left_at or at, carried_for=""
    ),
    "MatterSupported": _mark("supported"),
    "MatterOverdue": _overdue,
    "MatterRecounted": _due,
    # What the exclusion, the first contact, the return visit, the appeals and the merging record, where this linli has them.
    "MatterContacted": _contacted,
    "MatterExcluded": _excluded,
    "MatterExclusionRefused": _due,
    "MatterExclusionUpheld": lambda course, _fact, at: _marked(course, "excluded", left_at=course.left_at or at),
    "MatterSecondLookAsked": lambda course, _fact, _at: _marked(course, "second_look", left_at=None),
    "MatterUrged": _mark("urged"),
    "MatterUrgedAlong": _mark("urged"),
    "MatterSplit": _due,
    "MatterKeptUp": _due,
    "MatterExclusionOverturned": lambda course, fact, at: replace(
        _marked(_due(course, fact, at), "exclusion_overturned", without=("excluded",)), left_at=None, excluded_for=""
    ),
    "MatterVisited": _visited,
    "MatterAppealed": _mark("appealed"),
    "MatterAppealDecided": lambda course, fact, _at: _marked(course, *(["appeal_upheld"] if fact.upheld else [])),
    "MatterPressed": _mark("pressed"),
    "MatterMerged": _mark("merged"),
    "MatterUnmerged": lambda course, fact, at: _marked(_due(course, fact, at), without=("merged",)),
}
"""What each fact does, by its name in linli.facts.matters: a fact this linli does not record yet has a line that waits."""


def month_of(moment: datetime) -> date:
    """The first day of its month in the city."""
    return moment.astimezone(clock.CITY).date().replace(day=1)


Cell = tuple[date, int, str, int]
"""A month, an area (0: the whole city), by which moment it belongs there, and the marks."""


def cells_of(course: Course) -> list[Cell]:
    """Where a course is counted: in up to three months, for the city, its county and its township."""
    found: list[Cell] = []
    areas = [0, *(each for each in (course.county, course.township) if each)]
    for kind in MONTHS:
        moment = getattr(course, f"{kind}_at")
        if moment is not None:
            month = month_of(moment)
            found += [(month, area, kind, course.marks) for area in areas]
    return found


def difference(before: Iterable[Course], now: Iterable[Course]) -> Mapping[Cell, int]:
    """What a batch adds to each cell, or takes from it."""
    cells: dict[Cell, int] = defaultdict(int)
    for sign, side in ((-1, before), (1, now)):
        for course in side:
            for cell in cells_of(course):
                cells[cell] += sign
    return {cell: n for cell, n in cells.items() if n}
