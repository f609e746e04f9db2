"""Due dates: the vectors of the domain by name, and what holds for every start, limit and pause."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.calendar import CalendarError, Limit, Unit, WorkingCalendar, Year
from linli.kernel.clock import CITY


def _days(year, *spans):
    """Dates from "10-01..10-08" and "10-11"."""
    found = set()
    for span in spans:
        first, _, last = span.partition("..")
        day, end = (date.fromisoformat(f"{year}-{text}") for text in (first, last or first))
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return frozenset(found)


# 国务院办公厅关于2025年、2026年部分节假日安排的通知.
YEARS = {
    2025: Year(
        2025,
        _days(2025, "01-01", "01-28..02-04", "04-04..04-06", "05-01..05-05", "05-31..06-02", "10-01..10-08"),
        _days(2025, "01-26", "02-08", "04-27", "09-28", "10-11"),
    ),
    2026: Year(
        2026,
        _days(
            2026,
            "01-01..01-03",
            "02-15..02-23",
            "04-04..04-06",
            "05-01..05-05",
            "06-19..06-21",
            "09-25..09-27",
            "10-01..10-07",
        ),
        _days(2026, "01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
    ),
}
CALENDAR = WorkingCalendar(YEARS)
FIVE_DAYS = Limit(5, Unit.WORKING_DAYS)

starts = st.builds(datetime.combine, st.dates(date(2025, 1, 1), date(2027, 6, 30)), st.times(), st.just(CITY))
limits = st.builds(Limit, st.integers(1, 60), st.sampled_from(Unit))
pauses = st.timedeltas(timedelta(0), timedelta(days=40))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


# --- The vectors of the domain -------------------------------------------------------------------------------------
def test_c1_2025_09_26_plus_5_is_2025_10_10():
    assert CALENDAR.due(at("2025-09-26 15:00"), FIVE_DAYS) == (at("2025-10-10 23:59:59"), False)


def test_c1_2025_09_30_plus_5_is_2025_10_14():
    assert CALENDAR.due(at("2025-09-30 09:00"), FIVE_DAYS) == (at("2025-10-14 23:59:59"), False)


def test_c1_2026_02_12_plus_5_is_2026_02_26():
    assert CALENDAR.due(at("2026-02-12 23:59"), FIVE_DAYS) == (at("2026-02-26 23:59:59"), False)


def test_c1_2026_02_13_plus_5_is_2026_02_27():
    assert CALENDAR.due(at("2026-02-13 00:00"), FIVE_DAYS) == (at("2026-02-27 23:59:59"), False)


# --- Working hours -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-04-17 09:00", 2, "2026-04-17 11:00"),
        ("2026-04-17 11:00", 2, "2026-04-17 15:00"),  # The lunch break does not run.
        ("2026-04-17 12:30", 1, "2026-04-17 15:00"),  # Received at lunch: from 14:00.
        ("2026-04-17 06:00", 1, "2026-04-17 09:30"),  # Received before work: from 8:30.
        (
            "2026-04-17 17:00",
            4,
            "2026-04-20 12:00",
        ),  # Half an hour on Friday, the rest on Monday; ends with the session.
        ("2026-04-17 22:00", 7, "2026-04-20 17:30"),
        ("2026-02-13 17:30", 1, "2026-02-14 09:30"),  # The Saturday after is a make-up day.
        ("2026-09-30 17:00", 1, "2026-10-08 09:00"),  # The National Day holiday does not run.
    ],
)
def test_working_hours_run_only_while_people_work(start, hours, end):
    assert CALENDAR.due(at(start), Limit(hours, Unit.WORKING_HOURS)) == (at(end), False)


def test_natural_hours_run_through_nights_and_holidays():
    assert CALENDAR.due(at("2026-10-01 22:00"), Limit(2, Unit.NATURAL_HOURS)) == (at("2026-10-02 00:00"), False)


# --- Years nobody has published ------------------------------------------------------------------------------------
def test_a_year_not_published_counts_weekends_only_and_says_so():
    assert CALENDAR.is_published(2026)
    assert not CALENDAR.is_published(2027)
    assert CALENDAR.due(at("2026-12-30 10:00"), FIVE_DAYS) == (at("2027-01-06 23:59:59"), True)
    assert CALENDAR.due(at("2026-12-30 10:00"), Limit(1, Unit.WORKING_DAYS)) == (at("2026-12-31 23:59:59"), False)


def test_entering_the_year_moves_the_due_date_and_makes_it_firm():
    new_year = Year(2027, frozenset({date(2027, 1, 1)}), frozenset())
    assert WorkingCalendar(YEARS | {2027: new_year}).due(at("2026-12-30 10:00"), FIVE_DAYS) == (
        at("2027-01-07 23:59:59"),
        False,
    )


def test_a_notice_may_reach_back_into_december():
    calendar = WorkingCalendar(YEARS | {2027: Year(2027, frozenset({date(2026, 12, 31)}), frozenset())})
    assert not calendar.is_working_day(date(2026, 12, 31))


# --- Pauses --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("paused", "resumed", "end"),
    [
        ("2026-04-18 10:00", "2026-04-19 22:00", "2026-04-21 23:59:59"),  # A weekend: nothing was lost.
        ("2026-04-17 17:00", "2026-04-20 09:00", "2026-04-22 23:59:59"),  # An hour of work over a weekend: one day.
        ("2026-04-15 08:00", "2026-04-17 20:00", "2026-04-24 23:59:59"),  # Three whole days.
        ("2026-04-22 09:00", "2026-04-25 09:00", "2026-04-21 23:59:59"),  # It was late already.
    ],
)
def test_a_pause_moves_days_by_the_working_time_lost(paused, resumed, end):
    due_at = CALENDAR.due(at("2026-04-14 10:00"), FIVE_DAYS).at
    assert due_at == at("2026-04-21 23:59:59")
    assert CALENDAR.shifted(due_at, FIVE_DAYS, at(paused), at(resumed)).at == at(end)


def test_a_pause_gives_working_hours_back_to_the_minute():
    limit = Limit(4, Unit.WORKING_HOURS)
    due_at = CALENDAR.due(at("2026-04-17 14:00"), limit).at
    assert due_at == at("2026-04-20 09:00")
    assert CALENDAR.shifted(due_at, limit, at("2026-04-17 15:00"), at("2026-04-20 16:00")).at == at("2026-04-21 10:00")


def test_a_pause_cannot_end_before_it_begins():
    with pytest.raises(CalendarError, match="before it begins"):
        CALENDAR.shifted(at("2026-04-17 14:00"), FIVE_DAYS, at("2026-04-16 14:00"), at("2026-04-16 13:00"))


# --- What holds always ---------------------------------------------------------------------------------------------
@given(starts, st.integers(1, 60))
def test_days_end_with_a_working_day(start, amount):
    due = CALENDAR.due(start, Limit(amount, Unit.WORKING_DAYS))
    assert CALENDAR.is_working_day(due.at.date())
    assert due.at.time() == time(23, 59, 59)
    assert CALENDAR.working_days_between(start.date(), due.at.date()) == amount


@given(starts, st.integers(1, 60))
def test_working_hours_end_inside_a_session_and_are_fully_worked(start, amount):
    due = CALENDAR.due(start, Limit(amount, Unit.WORKING_HOURS))
    assert CALENDAR.is_working_day(due.at.date())
    assert any(opens < due.at.time() <= closes for opens, closes in CALENDAR.sessions)
    assert CALENDAR.worked_between(start, due.at) == timedelta(hours=amount)


@given(starts, starts, limits)
def test_a_later_start_is_never_due_earlier(a, b, limit):
    first, second = sorted((a, b))
    assert CALENDAR.due(first, limit).at <= CALENDAR.due(second, limit).at


@given(starts, limits, st.integers(1, 60))
def test_a_longer_limit_is_due_later(start, limit, more):
    assert CALENDAR.due(start, limit).at < CALENDAR.due(start, Limit(limit.amount + more, limit.unit)).at


@given(starts, limits, pauses, pauses)
def test_a_pause_never_shortens_a_limit_and_a_longer_one_never_gives_less(start, limit, until, length):
    due_at, paused = CALENDAR.due(start, limit).at, start + until
    shorter = CALENDAR.shifted(due_at, limit, paused, paused + length / 2)
    longer = CALENDAR.shifted(due_at, limit, paused, paused + length)
    assert due_at <= shorter.at <= longer.at


@given(starts, limits, pauses, pauses)
def test_a_pause_never_counts_against_the_handler(start, limit, until, length):
    due_at, paused = CALENDAR.due(start, limit).at, start + until
    if paused >= due_at:
        return
    resumed = paused + length
    moved = CALENDAR.shifted(due_at, limit, paused, resumed).at
    before = CALENDAR.worked_between(start, due_at)
    left = CALENDAR.worked_between(start, paused) + CALENDAR.worked_between(resumed, moved)
    if limit.unit is Unit.NATURAL_HOURS:
        assert moved - resumed == due_at - paused
    elif limit.unit is Unit.WORKING_HOURS:
        assert left == before
    else:
        assert left >= before


@given(starts, starts, starts)
def test_working_time_adds_up(a, b, c):
    a, b, c = sorted((a, b, c))
    assert CALENDAR.worked_between(a, b) + CALENDAR.worked_between(b, c) == CALENDAR.worked_between(a, c)
    assert CALENDAR.worked_between(c, a) == timedelta(0)


# --- Refusals ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("amount", [0, -1, 10**9])
def test_a_limit_of_nothing_or_of_an_age_is_refused(amount):
    with pytest.raises(CalendarError, match="a limit is 1 to"):
        Limit(amount, Unit.WORKING_DAYS)


def test_a_date_in_9999_is_refused_with_a_sentence():
    for unit in Unit:
        with pytest.raises(CalendarError, match="too far away"):
            CALENDAR.due(at("9999-12-31 23:00"), Limit(1, unit))


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(CalendarError, match="no time zone"):
        CALENDAR.due(datetime(2026, 4, 17), FIVE_DAYS)  # noqa: DTZ001 - The point of the test.


@pytest.mark.parametrize(
    ("holidays", "make_up_days", "words"),
    [
        ({date(2025, 6, 1)}, set(), "does not belong"),
        ({date(2027, 2, 6)}, {date(2027, 2, 6)}, "both a holiday"),
        (set(), {date(2027, 2, 5)}, "not a Saturday or Sunday"),
    ],
)
def test_a_notice_with_a_slip_is_refused(holidays, make_up_days, words):
    with pytest.raises(CalendarError, match=words):
        Year(2027, frozenset(holidays), frozenset(make_up_days))


@pytest.mark.parametrize("sessions", [(), ((time(12), time(9)),), ((time(9), time(13)), (time(12), time(17)))])
def test_sessions_must_be_in_order(sessions):
    with pytest.raises(CalendarError):
        WorkingCalendar({}, sessions)


def test_a_limit_says_itself_in_chinese():
    assert [
        Limit(n, unit).words for n, unit in ((5, Unit.WORKING_DAYS), (4, Unit.WORKING_HOURS), (24, Unit.NATURAL_HOURS))
    ] == [
        "5 个工作日",
        "4 个工作小时",
        "24 小时",
    ]
