"""The rulebook's own list: the working calendar, one year a list, because the State Council fixes it year by year."""

from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from linli.kernel.rules import Named, RuleList


class Day(Named):
    """放假或调休上班 — one day on which the calendar differs from the week. Its code is the date."""

    day: date
    kind: Literal["holiday", "make_up"]

    @model_validator(mode="after")
    def _code_is_the_day(self) -> Self:
        if self.code != self.day.isoformat():
            raise ValueError(f"code 要和 day 一致：写成 “{self.day.isoformat()}”")
        if self.kind == "make_up" and self.day.weekday() < 5:
            raise ValueError(f"{self.day} 是工作日，不必调休；kind: make_up 只用于周六、周日")
        return self


class CalendarYear(RuleList[Day]):
    """工作日历 — one year's days off and make-up days. A year without a list is provisional: weekends only."""

    key: ClassVar[str] = "calendar/*"

    @property
    def year(self) -> int:
        """The year this list is about."""
        return int(self.list_key.rpartition("/")[2])

    @model_validator(mode="after")
    def _one_year(self) -> Self:
        tail = self.list_key.rpartition("/")[2]
        if not (tail.isdigit() and len(tail) == 4):
            raise ValueError(f"list 要以年份结尾，如 calendar/2026；现在是 {self.list_key}")
        for item in self.items:
            if item.day.year not in {int(tail) - 1, int(tail)}:  # A notice may begin on 30 December of the year before.
                raise ValueError(f"{item.day} 不属于 {tail} 年的安排；请放进 calendar/{item.day.year}")
        return self

    @property
    def holidays(self) -> frozenset[date]:
        """Every day off, weekends inside a holiday among them."""
        return frozenset(item.day for item in self.items if item.kind == "holiday")

    @property
    def make_up_days(self) -> frozenset[date]:
        """Weekend days that are worked."""
        return frozenset(item.day for item in self.items if item.kind == "make_up")
