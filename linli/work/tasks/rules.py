"""任务的规则 — what the city's lists of groups and of grades look like, and who may be given a task at all."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from linli.kernel import clock
from linli.kernel.grades import Grade, GradeList
from linli.kernel.rules import Code, InEnglish, Named, Refers, RuleList, Sentence, Words

LOWEST = 3
"""A township: villages and grids are given no tasks (`domain.md` 1.7 and 11.1; SD-TOWN art. 24)."""


class WorkGroup(Named):
    """工作组 — the leading group or one of its working groups: what it is for, and which function leads it."""

    number: Words
    leading: bool = False
    mandate: Sentence
    mandate_en: InEnglish = ""
    lead: Annotated[Code, Refers("bodies/functions")]
    """What the body is for that leads the group at each level."""
    remind_days: Annotated[int, Field(ge=1, le=60)]
    """How many days before the date its owner is reminded."""


class WorkGroups(RuleList[WorkGroup]):
    """领导小组和专项工作组."""

    key: ClassVar[str] = "tasks/groups"

    @model_validator(mode="after")
    def _one_leads(self) -> Self:
        if sum(item.leading for item in self.items) != 1:
            raise ValueError("领导小组要有一个，也只有一个；只在一条里写 leading: true")
        return self


class Grades(GradeList[Grade]):
    """督办的等级."""

    key: ClassVar[str] = "tasks/grades"


LISTS = (WorkGroups, Grades)


def ends_at(due_on: date) -> datetime:
    """The moment a day in the city is over: a task due on a day is in time until its last second."""
    return datetime.combine(due_on + timedelta(days=1), time(0), clock.CITY)


def remind_at(due_on: date, *, given_at: datetime, days: int) -> datetime:
    """So many days before the date; where less time was given than four times that, when a quarter of it is left."""
    end = ends_at(due_on)
    return end - min(timedelta(days=days), (end - given_at) / 4)


def may_own(level: int) -> bool:
    """Is a body of this level one that may be given a task?"""
    return 1 <= level <= LOWEST


def months_around(month: date) -> tuple[date, date]:
    """The first day of a month, and of the next."""
    first = month.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)
