"""What facts make of a course: stages once, marks for ever, a resident's no before everything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.facts import matters as facts
from linli.facts.base import Fact
from linli.kernel import clock
from linli.review.indicators.courses import Course, cells_of, difference, onward
from linli.review.indicators.reactions import COURSE_FACTS

BEGAN = datetime(2026, 9, 29, 9, tzinfo=clock.CITY)
DUE = BEGAN + timedelta(days=3)
NUMBER = "柳26-0929-0001"
REGISTERED = facts.MatterRegistered(
    NUMBER, "qr", "streetlight", 1, 5, 70, city=1, county=2, township=3, community=4, grid=5, due_at=DUE, rule="r", public=True, words=""
)  # fmt: skip
ASSIGNED = facts.MatterAssigned(NUMBER, 3, 80, "城管办", "pothole", DUE, DUE, "r", proposed=True)
ANSWERED = facts.MatterAnswered(NUMBER, 80, "solved", in_time=True, words="")
RATED = facts.MatterRated(NUMBER, 5, 3, "")
REOPENED = facts.MatterReopened(NUMBER, 3, 1, DUE + timedelta(days=30), "")


def lived(*happened: Fact, days: float = 1) -> Course:
    """A course of these facts, a day apart."""
    course: Course | None = None
    for place, fact in enumerate((REGISTERED, *happened)):
        course = onward(course, fact, BEGAN + timedelta(days=days * place))
    assert course is not None
    return course


def marks(course: Course) -> set[str]:
    from linli.review.indicators.courses import MARKS

    return {mark for mark in MARKS if course.has(mark)}


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        ((), set()),
        ((facts.MatterRaised(NUMBER, 5, 4, "r", 1, ""),), {"raised"}),
        ((ASSIGNED,), {"dispatched"}),
        ((ASSIGNED, facts.MatterAccepted(NUMBER, 80, in_time=True)), {"dispatched", "accepted", "accepted_in_time"}),
        ((ASSIGNED, facts.MatterAccepted(NUMBER, 80, in_time=False)), {"dispatched", "accepted"}),
        ((facts.MatterSettled(NUMBER, "solved", ""),), {"settled", "answered", "answered_in_time", "judged"}),
        ((ASSIGNED, ANSWERED), {"dispatched", "answered", "answered_in_time", "judged"}),
        ((ASSIGNED, facts.MatterOverdue(NUMBER, 80, 3, DUE)), {"dispatched", "overdue", "judged"}),
        ((ANSWERED, RATED), {"answered", "answered_in_time", "judged", "said_yes", "spoke", "satisfied", "solved_by_township"}),
        ((ANSWERED, facts.MatterRated(NUMBER, 2, 5, "")), {"answered", "answered_in_time", "judged", "said_yes", "spoke", "solved_by_grid"}),
        ((ANSWERED, RATED, REOPENED), {"answered", "answered_in_time", "judged", "spoke", "said_no"}),
        ((ANSWERED, facts.MatterLapsed(NUMBER, 3)), {"answered", "answered_in_time", "judged", "lapsed"}),
        ((ANSWERED, facts.MatterLapsed(NUMBER, 3), REOPENED), {"answered", "answered_in_time", "judged", "spoke", "said_no"}),
        ((facts.MatterWithdrawn(NUMBER, ""),), {"withdrawn"}),
    ],
)  # fmt: skip
def test_the_marks_of_a_course(happened: tuple[Fact, ...], expected: set[str]) -> None:
    assert marks(lived(*happened)) == expected


def test_the_first_answer_is_the_one_that_counts() -> None:
    late = facts.MatterAnswered(NUMBER, 80, "partly", in_time=False, words="")
    course = lived(late, REOPENED, ANSWERED)
    assert not course.has("answered_in_time")
    assert course.answered_at == BEGAN + timedelta(days=1)
    assert course.due_at == DUE  # What is due after the resident's no is another matter.
    assert course.outcome == "solved"


def test_a_resident_heard_twice_is_solved_and_was_not() -> None:
    course = lived(ANSWERED, REOPENED, ANSWERED, RATED)
    assert {"said_no", "said_yes", "spoke"} <= marks(course)
    assert not course.has("lapsed")


def test_an_objection_upheld_and_one_denied_are_two_things() -> None:
    def ruled(*, upheld: bool) -> Course:
        objected = facts.MatterObjected(NUMBER, 80, "no", 81, "交通局", "r", 60, DUE, "")
        fact = facts.MatterRuled(
            NUMBER, "裁1", upheld, 3, 81, "交通局", "pothole", "r", DUE + timedelta(days=9), in_time=True, words=""
        )
        return lived(ASSIGNED, objected, fact)

    assert marks(ruled(upheld=True)) == {"dispatched", "objected", "objection_upheld"}
    assert marks(ruled(upheld=False)) == {"dispatched", "objected", "objection_denied"}
    assert ruled(upheld=True).due_at == DUE + timedelta(days=9)


def test_an_exclusion_counts_until_it_is_overturned() -> None:
    excluded = facts.MatterExcluded(NUMBER, "外1", "litigation", "r", 3, 7, emergency=False, words="")
    looked = facts.MatterSecondLookAsked(NUMBER, "外1", "litigation", "resident", 2, 60, DUE, "")
    upheld = facts.MatterExclusionUpheld(NUMBER, "外1", "litigation", in_time=True, words="")
    overturned = facts.MatterExclusionOverturned(
        NUMBER, "外1", "litigation", 3, 60, DUE + timedelta(days=5), in_time=True, words=""
    )
    assert (marks(lived(excluded)), lived(excluded).excluded_for) == ({"excluded"}, "litigation")
    assert (marks(lived(excluded, looked)), lived(excluded, looked).left_at) == ({"excluded", "second_look"}, None)
    assert marks(lived(excluded, looked, upheld)) == {"excluded", "second_look"}
    again = lived(excluded, looked, overturned)
    assert (marks(again), again.excluded_for, again.left_at) == ({"second_look", "exclusion_overturned"}, "", None)
    assert again.due_at == DUE + timedelta(days=5)


def test_the_first_contact_that_reached_somebody_counts() -> None:
    def contact(*, reached: bool, in_time: bool) -> facts.MatterContacted:
        return facts.MatterContacted(NUMBER, 80, "phone", reached, BEGAN, 30, in_time, "")

    assert marks(lived(ASSIGNED, contact(reached=False, in_time=True))) == {"dispatched"}
    assert marks(lived(ASSIGNED, contact(reached=True, in_time=True))) == {
        "dispatched",
        "contacted",
        "contacted_in_time",
    }
    late = lived(ASSIGNED, contact(reached=True, in_time=False), contact(reached=True, in_time=True))
    assert marks(late) == {"dispatched", "contacted"}


def test_what_is_carried_says_why_until_it_is_taken_back() -> None:
    carried = facts.MatterCarried(NUMBER, 80, "season", 9, DUE.date(), "")
    back = facts.MatterTakenBack(NUMBER, 80, DUE + timedelta(days=40), "")
    assert lived(ASSIGNED, carried).carried_for == "season"
    assert (lived(ASSIGNED, carried, back).carried_for, lived(ASSIGNED, carried, back).has("carried")) == ("", True)


def test_a_course_belongs_to_three_months_and_stays_there() -> None:
    before, after = lived(ANSWERED), lived(ANSWERED, RATED)  # Registered in September, due in October.
    assert {(month.month, kind) for month, _area, kind, _marks in cells_of(before)} == {
        (9, "registered"),
        (10, "due"),
        (9, "answered"),
    }
    assert {area for _month, area, _kind, _marks in cells_of(before)} == {0, 2, 3}
    moved = difference([before], [after])
    assert sum(moved.values()) == 0
    assert sorted(moved.values()) == [-1] * 9 + [1] * 9
    assert difference([before], [before]) == {}


def test_a_matter_without_a_place_is_the_citys() -> None:
    from dataclasses import replace

    course = onward(None, replace(REGISTERED, county=None, township=None, community=None, grid=None), BEGAN)
    assert course is not None
    assert {area for _month, area, _kind, _marks in cells_of(course)} == {0}


def test_a_fact_of_a_matter_never_registered_is_left_alone() -> None:
    assert onward(None, ANSWERED, BEGAN) is None


@dataclass(frozen=True)
class _Waiting:
    """A fact as the gateway of tomorrow may record it: known here by its name alone."""

    number: str
    reached: bool
    in_time: bool


def test_a_fact_that_is_not_recorded_yet_has_a_line_that_waits() -> None:
    course = lived(ASSIGNED)
    contacted: Any = type("MatterContacted", (_Waiting,), {})
    assert marks(onward(course, contacted(NUMBER, reached=True, in_time=True), BEGAN) or course) >= {
        "contacted",
        "contacted_in_time",
    }
    assert onward(course, contacted(NUMBER, reached=False, in_time=True), BEGAN) == course


def test_the_projection_hears_every_fact_that_this_linli_records_and_that_does_something() -> None:
    from linli.review.indicators.courses import STEPS

    there = {name for name in STEPS if hasattr(facts, name)} | {"MatterRegistered"}
    assert {kind.__name__ for kind in COURSE_FACTS} == there
