"""Clocks start, pause, go on and stop; a due moment is the same whenever a year of the calendar was entered."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.kernel import clock
from linli.kernel.calendar import Limit, Unit, WorkingCalendar, Year
from linli.mechanisms import rulebook
from linli.mechanisms.flow import clocks
from linli.mechanisms.flow.models import Clock
from linli.mechanisms.journal import Author
from linli.mechanisms.journal.testing import deliver
from tests.toy import service
from tests.toy.models import Toy
from tests.toy.people import LI
from tests.toy.together import Session, wait_until_somebody_waits

pytestmark = pytest.mark.django_db
real = pytest.mark.django_db(transaction=True)

SUBJECT = "toy:1"
FIVE_DAYS = Limit(5, Unit.WORKING_DAYS)
HOURS = Limit(14, Unit.WORKING_HOURS)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.CITY)


def enter(year, *holidays):
    """An official enters a year's days off: (code, first, last)."""
    items = [
        {"code": code, "name": code, "name_en": code, "first": first, "last": last, "make_up": []}
        for code, first, last in holidays
    ]
    content = {"title": f"{year}年工作日历", "items": items}
    rulebook.enact(
        f"calendar/{year}",
        content,
        in_force=date(year, 1, 1),
        basis="国务院办公厅通知",
        by=Author("system", post="test"),
    )
    rulebook.queries.forget()


@pytest.fixture(autouse=True)
def year_2026(db):
    rulebook.queries.forget()
    enter(2026, ("new-year", "2026-01-01", "2026-01-03"), ("national", "2026-10-01", "2026-10-07"))
    yield
    rulebook.queries.forget()


@pytest.fixture
def heard():
    """What followers were told."""
    told, before = [], list(clocks._FOLLOWERS)
    clocks._FOLLOWERS.clear()
    clocks.follow(lambda subject, name, due: told.append((subject, name, due.at, due.provisional)))
    yield told
    clocks._FOLLOWERS[:] = before


def start(limit=FIVE_DAYS, *, on="2026-03-02T10:00", name="handle", subject=SUBJECT):
    return clocks.start(subject, name, limit=limit, rule="toy/limits v1 #a", at=at(on))


def end_of(day):
    return at(f"{day}T23:59:59")


def test_a_clock_is_due_by_the_calendar_and_remembers_its_rule():
    due = start()
    assert due == (end_of("2026-03-09"), False)
    row = clocks.running(SUBJECT, "handle")
    assert (row.rule, clocks.limit_of(row), row.due_at) == ("toy/limits v1 #a", FIVE_DAYS, due.at)


def test_one_clock_of_a_name_runs_at_a_time():
    start()
    start(name="accept")
    with pytest.raises(IntegrityError), transaction.atomic():
        start()
    clocks.stop(SUBJECT, "handle", at=at("2026-03-03T10:00"))
    assert clocks.running(SUBJECT, "handle") is None
    start(on="2026-03-04T10:00")
    assert Clock.objects.filter(name="handle").count() == 2


def test_stopping_a_clock_that_does_not_run_does_nothing():
    clocks.stop(SUBJECT, "handle", at=at("2026-03-03T10:00"))


def test_only_a_running_clock_is_paused_and_only_a_paused_one_resumed():
    with pytest.raises(clocks.ClockError):
        clocks.pause(SUBJECT, "handle", at=at("2026-03-03T10:00"))
    start()
    with pytest.raises(clocks.ClockError):
        clocks.resume(SUBJECT, "handle", at=at("2026-03-03T10:00"))
    clocks.pause(SUBJECT, "handle", at=at("2026-03-03T10:00"))
    with pytest.raises(clocks.ClockError):
        clocks.pause(SUBJECT, "handle", at=at("2026-03-03T11:00"))
    clocks.stop(SUBJECT, "handle", at=at("2026-03-03T12:00"))
    with pytest.raises(clocks.ClockError):
        clocks.resume(SUBJECT, "handle", at=at("2026-03-04T10:00"))


def test_a_pause_moves_the_due_moment_and_a_second_one_moves_it_again():
    start()
    clocks.pause(SUBJECT, "handle", at=at("2026-03-03T08:30"))
    assert clocks.resume(SUBJECT, "handle", at=at("2026-03-05T08:30")).at == end_of("2026-03-11")
    clocks.pause(SUBJECT, "handle", at=at("2026-03-06T08:30"))
    assert clocks.resume(SUBJECT, "handle", at=at("2026-03-09T08:30")).at == end_of("2026-03-12")
    assert clocks.running(SUBJECT, "handle").pauses.count() == 2


def test_a_deadline_across_a_year_nobody_entered_is_provisional_until_it_is(heard):
    assert start(on="2026-12-28T10:00") == (end_of("2027-01-04"), True)
    assert start(on="2026-12-07T10:00", subject="toy:2").provisional is False
    enter(2027, ("new-year", "2027-01-01", "2027-01-05"))
    deliver()
    row = clocks.running(SUBJECT, "handle")
    assert (row.due_at, row.provisional) == (end_of("2027-01-07"), False)
    assert heard == [(SUBJECT, "handle", end_of("2027-01-07"), False)]


def test_a_year_that_moves_nothing_still_makes_the_deadline_certain(heard):
    start(on="2026-12-28T10:00")
    enter(2027, ("spring", "2027-02-06", "2027-02-12"))
    assert clocks.recompute_provisional() == 1
    assert clocks.recompute_provisional() == 0
    assert heard == [(SUBJECT, "handle", end_of("2027-01-04"), False)]


def test_a_stopped_clock_keeps_the_due_moment_it_was_judged_by(heard):
    start(on="2026-12-28T10:00")
    clocks.stop(SUBJECT, "handle", at=at("2026-12-30T10:00"))
    enter(2027, ("new-year", "2027-01-01", "2027-01-05"))
    deliver()
    assert Clock.objects.get().due_at == end_of("2027-01-04")
    assert heard == []


@pytest.mark.parametrize("limit", [FIVE_DAYS, HOURS], ids=["days", "hours"])
@pytest.mark.parametrize("entered", ["before the start", "before the pause", "while paused", "after the pause"])
def test_a_year_entered_sooner_or_later_leads_to_the_same_due_moment(heard, limit, entered):
    """A pause of two working days, and a new year's holiday that nobody knew of at first."""

    def perhaps_enter(when):
        if when == entered:
            enter(2027, ("new-year", "2027-01-01", "2027-01-05"))
            deliver()

    perhaps_enter("before the start")
    start(limit, on="2026-12-28T10:00")
    perhaps_enter("before the pause")
    clocks.pause(SUBJECT, "handle", at=at("2026-12-29T08:30"))
    perhaps_enter("while paused")
    clocks.resume(SUBJECT, "handle", at=at("2026-12-31T08:30"))
    perhaps_enter("after the pause")
    known = {
        2026: Year(2026, frozenset({date(2026, 1, 1)}), frozenset()),
        2027: Year(2027, frozenset(date(2027, 1, day) for day in range(1, 6)), frozenset()),
    }
    calendar = WorkingCalendar(known)
    due = calendar.due(at("2026-12-28T10:00"), limit)
    due = calendar.shifted(due.at, limit, at("2026-12-29T08:30"), at("2026-12-31T08:30"))
    row = clocks.running(SUBJECT, "handle")
    assert (row.due_at, row.provisional) == (due.at, False)


@real
def test_recounting_waits_for_a_step_and_not_the_step_for_it(heard):
    """The step holds its toy and moves the clock; the recount tells the toy's app, which wants the toy."""
    toy = service.register("1", by=LI)
    start(on="2026-12-28T10:00")
    clocks.follow(lambda subject, _, due: service.add(Toy.objects.get(number=subject[4:]), f"{due.at:%m-%d}", by=LI))
    enter(2027, ("new-year", "2027-01-01", "2027-01-05"))
    worker = Session()
    with transaction.atomic():
        Toy.objects.select_for_update(no_key=True).get(pk=toy.pk)
        worker.start(clocks.recompute_provisional)
        wait_until_somebody_waits()
        clocks.pause(SUBJECT, "handle", at=at("2026-12-29T08:30"))
        clocks.resume(SUBJECT, "handle", at=at("2026-12-31T08:30"))
    worker.finish()
    worker.close()
    row = clocks.running(SUBJECT, "handle")
    assert (row.due_at, row.provisional) == (end_of("2027-01-11"), False)
    assert Toy.objects.get().note in {"", "01-11"}  # Never the moment the pause has made wrong.


def test_natural_hours_are_never_provisional():
    due = start(Limit(48, Unit.NATURAL_HOURS), on="2026-12-31T10:00")
    assert due == (at("2026-12-31T10:00") + timedelta(hours=48), False)
