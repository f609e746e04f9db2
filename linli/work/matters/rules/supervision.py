"""督办、回访、评价申诉的规则 — the lists by which a matter is pressed, its resident called, and a rating appealed."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from linli.kernel.grades import Grade, GradeList
from linli.kernel.rules import InEnglish, Named, RuleList, Sentence, Words
from linli.work.matters.rules.kinds import Numbered
from linli.work.matters.rules.levels import URGENT
from linli.work.matters.rules.limits import LimitText


class MatterGrade(Grade):
    """督办等级 — and what the resident of a pressed matter reads."""

    told: Words
    told_en: InEnglish = ""
    for_unsolved: bool = False
    """The grade the system itself gives where a matter is still not solved and no level is left to go up to."""


class MatterGrades(GradeList[MatterGrade]):
    """诉求督办的等级."""

    key: ClassVar[str] = "matters/grades"

    @model_validator(mode="after")
    def _one_is_for_what_stays_unsolved(self) -> Self:
        if sum(item.for_unsolved for item in self.items) != 1:
            raise ValueError("要有一级、也只有一级写 for_unsolved: true（到了最高一级仍没解决时用）")
        return self

    @property
    def for_unsolved(self) -> MatterGrade:
        """The grade for what is still not solved at the highest level."""
        return next(item for item in self.items if item.for_unsolved)


class Reminder(Named):
    """催一步 — one step of time: a share of the limit before the date, or so long after it, and who is told."""

    share: Annotated[int, Field(ge=1, le=99)] | None = None
    """Percent of the limit that have passed: whoever has the matter is reminded."""
    after: LimitText | None = None
    """How long after the date: the level above is told."""
    after_urgent: LimitText | None = None
    """The same for a matter of the gravest risk."""
    up: Annotated[int, Field(ge=0, le=4)] = 0
    """How many levels above the one that has the matter are told; 0 is the desk of its own level."""

    @model_validator(mode="after")
    def _is_before_or_after(self) -> Self:
        if (self.share is None) == (self.after is None):
            raise ValueError("到期前写 share（办理期限过了百分之几），到期后写 after（过了多久），两样只写一样")
        return self


class Reminders(RuleList[Reminder]):
    """提醒和逾期上报."""

    key: ClassVar[str] = "matters/reminders"

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        shares = self.shares
        if list(shares) != sorted(set(shares)):
            raise ValueError("到期前的提醒要按 share 从小到大排，不能重")
        return self

    @property
    def shares(self) -> tuple[int, ...]:
        """The shares of the limit at which whoever has it is reminded."""
        return tuple(item.share for item in self.items if item.share is not None)

    @property
    def steps(self) -> tuple[Reminder, ...]:
        """What follows after the date, in order."""
        return tuple(item for item in self.items if item.after is not None)


USUAL_SHARES = (75,)
"""Where a city's rulebook is older than the list of reminders: when a quarter of the time is left."""


def remind_at(share: int, *, base: datetime, due_at: datetime) -> datetime:
    """The moment at which so many percent of the time from `base` to the date have passed."""
    return due_at - (due_at - base) * (100 - share) / 100


def next_reminder(
    shares: tuple[int, ...], *, base: datetime, due_at: datetime, now: datetime
) -> tuple[int, datetime] | None:
    """The first reminder that is not past already: the how manieth it is, from 0, and its moment."""
    moments = ((place, remind_at(share, base=base, due_at=due_at)) for place, share in enumerate(shares))
    return next((each for each in moments if each[1] > now), None)


def after_of(step: Reminder, *, risk: int) -> LimitText:
    """How long after the date a step comes, for a matter of this risk."""
    limit = step.after_urgent if risk >= URGENT and step.after_urgent is not None else step.after
    assert limit is not None
    return limit


class VisitRule(Named):
    """回访的安排 — when a resident who said nothing is called, how often, how far apart, and how long after the end."""

    share: Annotated[int, Field(ge=0, le=100)]
    """Percent of the time for rating that must have passed."""
    tries: Annotated[int, Field(ge=1, le=9)]
    apart: LimitText
    """How long until the next try after nobody answered."""
    days: Annotated[int, Field(ge=1, le=365)]
    """How many days a visit stays due."""


class VisitRules(RuleList[VisitRule]):
    """回访的安排."""

    key: ClassVar[str] = "matters/visits"

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self.items) != 1:
            raise ValueError("回访的安排只写一条")
        return self


class VisitOutcome(Numbered):
    """回访的结果 — reached, or not; to be tried again, or over."""

    counts_as: Literal["reached", "again", "over"]


class VisitOutcomes(RuleList[VisitOutcome]):
    """回访的结果."""

    key: ClassVar[str] = "lists/visit_outcomes"

    @model_validator(mode="after")
    def _one_is_reached(self) -> Self:
        if sum(item.counts_as == "reached" for item in self.items) != 1:
            raise ValueError("要有一条、也只有一条 counts_as: reached（接通）")
        return self


class ScriptLine(Named):
    """话术 — one sentence to be said on the telephone, word for word."""

    say: Sentence
    say_en: InEnglish = ""


class Script(RuleList[ScriptLine]):
    """回访的话术."""

    key: ClassVar[str] = "lists/visit_script"

    @model_validator(mode="after")
    def _asks_the_three(self) -> Self:
        if missing := {"greeting", "contacted", "solved", "satisfied", "closing"} - {item.code for item in self.items}:
            raise ValueError(f"话术缺 {'、'.join(sorted(missing))}；开头、三问、结尾都要有")
        return self


class AppealReasons(RuleList[Numbered]):
    """评价申诉的理由."""

    key: ClassVar[str] = "lists/appeal_reasons"
