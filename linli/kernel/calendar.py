"""Working days (工作日), working hours and due dates. The holidays themselves are lists of the pack, one a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from linli.kernel.clock import CITY

SESSIONS = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))
_ONE_DAY = timedelta(days=1)
_LAST_SECOND = time(23, 59, 59)


class CalendarError(ValueError):
    """A year, a limit or a moment the calendar cannot reckon with. Says what to mend."""


class Unit(StrEnum):
    """时限单位 — what a limit is counted in. The law says which."""

    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    NATURAL_HOURS = "natural_hours"

    @property
    def words(self) -> str:
        """As a resident reads it."""
        return _UNIT_WORDS[self]


_UNIT_WORDS = {Unit.WORKING_DAYS: "个工作日", Unit.WORKING_HOURS: "个工作小时", Unit.NATURAL_HOURS: "小时"}
_LARGEST = {Unit.WORKING_DAYS: 2_500, Unit.WORKING_HOURS: 17_500, Unit.NATURAL_HOURS: 87_600}  # Ten years each.


@dataclass(frozen=True, slots=True)
class Limit:
    """时限 — so many of a unit. Raises CalendarError for nothing, less than nothing, or more than ten years."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= _LARGEST[self.unit]:
            raise CalendarError(f"a limit is 1 to {_LARGEST[self.unit]} {self.unit}, not {self.amount}")

    @property
    def words(self) -> str:
        """ "5 个工作日"."""
        return f"{self.amount} {self.unit.words}"


class Due(NamedTuple):
    """截止时间 — when a limit ends; provisional when a year it crosses has no published holidays yet."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Year:
    """One year's notice of the State Council (国务院办公厅节假日安排通知): days off, and weekend days worked instead.

    A notice may reach into the year before (a New Year holiday that starts on 30 December); such dates are accepted.
    Raises CalendarError for a date of another year, a date that is both, or a make-up day that is a weekday anyhow.
    """

    number: int
    holidays: frozenset[date]
    make_up_days: frozenset[date]

    def __post_init__(self) -> None:
        for day in sorted(self.holidays | self.make_up_days):
            if day.year not in {self.number - 1, self.number}:
                raise CalendarError(
                    f"{day} does not belong to the notice of {self.number}: remove it or correct the year"
                )
        for day in sorted(self.holidays & self.make_up_days):
            raise CalendarError(f"{day} is both a holiday and a make-up working day: keep one")
        for day in sorted(self.make_up_days):
            if day.weekday() < 5:
                raise CalendarError(f"make-up working day {day} is not a Saturday or Sunday: check the notice")


class WorkingCalendar:
    """工作日历 — which days and hours are worked, and when a limit ends.

    A working-days limit does not count the day of receipt and ends with the last second of its last day (依据
    民法典第二百零一条、第二百零三条). A working-hours limit runs only inside the sessions; a start outside them
    counts from the next. A year nobody has published yet is reckoned with weekends only, and every answer that
    leans on it says `provisional`.
    """

    def __init__(self, years: Mapping[int, Year], sessions: tuple[tuple[time, time], ...] = SESSIONS) -> None:
        if not sessions or any(opens >= closes for opens, closes in sessions):
            raise CalendarError("each working session needs an opening time before its closing time")
        if any(before[1] > after[0] for before, after in pairwise(sessions)):
            raise CalendarError("working sessions must be in order and must not overlap")
        self.sessions = sessions
        self._published = frozenset(years)
        self._exceptions: dict[date, bool] = {}
        for number in sorted(years):  # A later notice may correct the end of the year before.
            if years[number].number != number:
                raise CalendarError(f"the notice of {years[number].number} is filed under {number}")
            self._exceptions |= dict.fromkeys(years[number].holidays, False)
            self._exceptions |= dict.fromkeys(years[number].make_up_days, True)
        self.day_length = sum((_length(opens, closes) for opens, closes in sessions), timedelta())

    def is_published(self, year: int) -> bool:
        """Whether the State Council's notice for this year has been entered."""
        return year in self._published

    def is_working_day(self, day: date) -> bool:
        """A weekday that is no holiday, or a make-up Saturday or Sunday."""
        exception = self._exceptions.get(day)
        return day.weekday() < 5 if exception is None else exception

    def due(self, start: datetime, limit: Limit) -> Due:
        """When a limit that starts at `start` ends. Raises CalendarError for one without a zone or past year 9900."""
        start = _local(start)
        if limit.unit is Unit.NATURAL_HOURS:
            return Due(_plus(start, timedelta(hours=limit.amount)), provisional=False)
        if limit.unit is Unit.WORKING_DAYS:
            return self._after_days(start.date(), limit.amount)
        return self._after_working_time(start, timedelta(hours=limit.amount))

    def shifted(self, due_at: datetime, limit: Limit, paused_at: datetime, resumed_at: datetime) -> Due:
        """The new end after a pause (中止). A pause never counts against the handler, and never shortens a limit.

        Hours move by exactly the time lost. Days move by the working time lost, rounded up to whole days: a pause
        over a weekend moves nothing, one that touched an afternoon moves a day. A pause that began after the end
        moves nothing: it was late already. Raises CalendarError when the pause ends before it begins.
        """
        due_at, paused_at, resumed_at = _local(due_at), _local(paused_at), _local(resumed_at)
        if resumed_at < paused_at:
            raise CalendarError(f"a pause cannot end ({resumed_at}) before it begins ({paused_at})")
        if paused_at >= due_at:
            return Due(due_at, provisional=not self._all_published(due_at.date(), due_at.date()))
        if limit.unit is Unit.NATURAL_HOURS:
            return Due(_plus(due_at, resumed_at.astimezone(UTC) - paused_at.astimezone(UTC)), provisional=False)
        lost = self.worked_between(paused_at, resumed_at)
        if limit.unit is Unit.WORKING_DAYS:
            days = -(-lost // self.day_length)
            moved = self._after_days(due_at.date(), days) if days else Due(due_at, provisional=False)
        else:
            left = self.worked_between(paused_at, due_at)
            moved = self._after_working_time(resumed_at, left) if lost and left else Due(due_at, provisional=False)
        first = min(paused_at.date(), due_at.date())
        last = max(resumed_at.date(), moved.at.date())
        return Due(max(due_at, moved.at), provisional=not self._all_published(first, last))

    def worked_between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from a to b; none when b is not after a."""
        a, b = _local(a), _local(b)
        total, day = timedelta(), a.date()
        while day <= b.date():
            if self.is_working_day(day):
                for opens, closes in self.sessions:
                    begin, end = max(a, _on(day, opens)), min(b, _on(day, closes))
                    total += max(end - begin, timedelta())
            day += _ONE_DAY
        return total

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days follow `after`, up to and including `until`; for "还剩 2 个工作日"."""
        span = (until - after).days
        return sum(self.is_working_day(after + timedelta(days=n)) for n in range(1, span + 1))

    def _after_days(self, day: date, amount: int) -> Due:
        _refuse_the_far_future(day)
        provisional = False
        while amount:
            day += _ONE_DAY
            provisional = provisional or not self.is_published(day.year)
            amount -= self.is_working_day(day)
        return Due(_on(day, _LAST_SECOND), provisional)

    def _after_working_time(self, start: datetime, left: timedelta) -> Due:
        _refuse_the_far_future(start.date())
        day, provisional = start.date(), False
        while True:
            provisional = provisional or not self.is_published(day.year)
            if self.is_working_day(day):
                for opens, closes in self.sessions:
                    begin = max(start, _on(day, opens))
                    free = max(_on(day, closes) - begin, timedelta())
                    if left <= free:
                        return Due(begin + left, provisional)
                    left -= free
            day += _ONE_DAY

    def _all_published(self, first: date, last: date) -> bool:
        return all(self.is_published(year) for year in range(first.year, last.year + 1))


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise CalendarError(f"{moment.isoformat()} has no time zone; take moments from linli.kernel.clock")
    return moment.astimezone(CITY)


def _plus(moment: datetime, span: timedelta) -> datetime:
    """Real elapsed time, not wall-clock time: China moved its clocks in summer until 1991."""
    _refuse_the_far_future(moment.date())
    return (moment.astimezone(UTC) + span).astimezone(CITY)


def _refuse_the_far_future(day: date) -> None:
    if day.year > 9900:
        raise CalendarError(f"{day} is too far away to count from: check the year")


def _on(day: date, clock_time: time) -> datetime:
    return datetime.combine(day, clock_time, CITY)


def _length(opens: time, closes: time) -> timedelta:
    return datetime.combine(date.min, closes) - datetime.combine(date.min, opens)
