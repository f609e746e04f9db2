"""The rulebook's own list: the working calendar, one year a list, because the State Council fixes it year by year."""

from datetime import date, timedelta
from typing import ClassVar, Self

from pydantic import model_validator

from linli.kernel.rules import Named, RuleList

LONGEST_HOLIDAY = 15


class Holiday(Named):
    """节日安排 — one paragraph of the notice: days off from the first to the last, and the days worked instead."""

    first: date
    last: date
    make_up: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _is_plausible(self) -> Self:
        if not timedelta() <= self.last - self.first < timedelta(LONGEST_HOLIDAY):
            raise ValueError(
                f"{self.name}从 {self.first} 到 {self.last}，先后颠倒或长过 {LONGEST_HOLIDAY} 天；请对照通知核对"
            )
        for day in self.make_up:
            if self.first <= day <= self.last:
                raise ValueError(f"{self.name}的上班日 {day} 又在放假期间；请对照通知核对")
            if day.weekday() < 5:
                raise ValueError(f"{self.name}的上班日 {day} 本来就是工作日；只写周六、周日上班的日子")
        return self

    @property
    def days_off(self) -> tuple[date, ...]:
        """Every day off, weekends among them."""
        return tuple(self.first + timedelta(n) for n in range((self.last - self.first).days + 1))


class CalendarYear(RuleList[Holiday]):
    """工作日历 — one year's notice. A year without a list is provisional: weekends only."""

    key: ClassVar[str] = "calendar/*"

    @property
    def year(self) -> int:
        """The year this notice is about."""
        return int(self.list_key.rpartition("/")[2])

    @model_validator(mode="after")
    def _is_one_year(self) -> Self:
        tail = self.list_key.rpartition("/")[2]
        if not (tail.isdigit() and len(tail) == 4):
            raise ValueError(f"list 要以年份结尾，如 calendar/2026；现在是 {self.list_key}")
        for day in sorted(self.holidays | self.make_up_days):
            # A notice may begin in the last days of December of the year before.
            if day.year != self.year and (day.year, day.month) != (self.year - 1, 12):
                raise ValueError(f"{day} 不属于 {tail} 年的安排；请放进 calendar/{day.year}")
        for day in sorted(self.holidays & self.make_up_days):
            raise ValueError(f"{day} 既放假又上班；请对照通知留下一个")
        return self

    @property
    def holidays(self) -> frozenset[date]:
        """Every day off, weekends inside a holiday among them."""
        return frozenset(day for item in self.items for day in item.days_off)

    @property
    def make_up_days(self) -> frozenset[date]:
        """Weekend days that are worked."""
        return frozenset(day for item in self.items for day in item.make_up)
