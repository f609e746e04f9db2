"""What time does to a matter: a reminder, the mark, the end of waiting, and a year's calendar that moves the date."""

from datetime import date, timedelta
from typing import Any

import pytest

from linli.facts.matters import MatterLapsed, MatterOverdue, MatterRecounted, MatterReminded
from linli.kernel import clock
from linli.mechanisms import journal, rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import clocks, timers
from linli.mechanisms.flow.models import Clock, Timer
from linli.work.matters import service
from linli.work.matters.flow import State
from linli.work.matters.service import clockwork
from tests.make import Make

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("timers")


def moves(matter: Any) -> list[str]:
    """What has happened to it."""
    return [each.move for each in journal.history(matter.subject)]


def test_reminded_when_a_quarter_of_the_time_is_left_then_marked(make: Make) -> None:
    matter = make.handling()
    kinds = dict(Timer.objects.filter(subject=matter.subject).values_list("kind", "due_at"))
    assert kinds[clockwork.REMIND] < matter.due_at < kinds[clockwork.OVERDUE]
    with clock.at(kinds[clockwork.REMIND]):
        assert timers.run_once() == 1
    assert isinstance(journal.history(matter.subject)[-1].fact, MatterReminded)
    with clock.at(kinds[clockwork.OVERDUE]):
        assert timers.run_once() == 2  # The second reminder's moment is past as well.
        assert timers.run_once() == 0
    matter.refresh_from_db()
    assert matter.overdue
    last = journal.history(matter.subject)[-1]
    assert last.fact == MatterOverdue(matter.number, matter.handler_id, matter.level, matter.due_at)
    assert last.author.kind == "system"


def test_time_does_nothing_to_what_is_answered(make: Make) -> None:
    matter = make.answered()
    before = moves(matter)
    clockwork.remind(matter.subject, SYSTEM)
    clockwork.mark_overdue(matter.subject, SYSTEM)
    clockwork.lapse(matter.subject, SYSTEM)
    assert moves(matter) == before


def test_marked_once(make: Make) -> None:
    matter = make.handling()
    clockwork.mark_overdue(matter.subject, SYSTEM)
    clockwork.mark_overdue(matter.subject, SYSTEM)
    assert moves(matter).count("mark_overdue") == 1


def test_a_resident_who_says_nothing_is_waited_for_and_not_counted_as_content(make: Make) -> None:
    matter = make.verified()
    (wait,) = Timer.objects.filter(subject=matter.subject)
    with clock.at(wait.due_at - timedelta(seconds=1)):
        assert timers.run_once() == 0
    with clock.at(wait.due_at):
        assert timers.run_once() == 1
    matter.refresh_from_db()
    assert (matter.state, matter.solved, matter.satisfaction) == (State.CLOSED, None, None)
    assert journal.history(matter.subject)[-1].fact == MatterLapsed(matter.number, matter.level)
    again = service.reopen(matter, why="出差刚回来，还是不亮", by=Actor.resident())
    assert again.state == State.HANDLING


def test_the_last_word_ends_the_waiting(make: Make) -> None:
    matter = make.closed()
    assert not Timer.objects.filter(subject=matter.subject).exists()


# --- A year's calendar is entered ------------------------------------------------------------------------------------
def enter_2027() -> None:
    """元旦 of 2027, three days off."""
    items = [{"code": "new-year", "name": "元旦", "first": "2027-01-01", "last": "2027-01-03", "make_up": []}]
    rulebook.enact(
        "calendar/2027", {"title": "2027年工作日历", "items": items}, in_force=date(2027, 1, 1), basis="国务院办公厅通知",
        by=journal.Author("system", post="test"),
    )  # fmt: skip
    rulebook.queries.forget()


@pytest.fixture
def across(make: Make) -> Any:
    """A matter whose date falls into the year nobody has entered."""
    with clock.at(clock.now().replace(year=2026, month=12, day=29, hour=10)):
        yield make.handling()
    rulebook.queries.forget()


def test_the_date_moves_with_the_calendar_and_the_journal_says_so(across: Any) -> None:
    before = across.due_at
    assert across.due_provisional
    enter_2027()
    assert clocks.recompute_provisional() >= 1
    across.refresh_from_db()
    assert not across.due_provisional
    assert across.due_at > before
    assert journal.history(across.subject)[-1].fact == MatterRecounted(across.number, across.due_at, provisional=False)
    running = Clock.objects.get(subject=across.subject, name="handle", stopped_at=None)
    assert running.due_at == across.due_at
    armed = dict(Timer.objects.filter(subject=across.subject).values_list("kind", "due_at"))
    assert armed[clockwork.OVERDUE] == across.due_at + timedelta(seconds=1)
    assert armed[clockwork.REMIND] < across.due_at
    assert clocks.recompute_provisional() == 0


def test_a_mark_that_came_too_early_is_taken_back(across: Any) -> None:
    with clock.at(across.due_at + timedelta(seconds=2)):
        clockwork.mark_overdue(across.subject, SYSTEM)
        enter_2027()
        clocks.recompute_provisional()
        across.refresh_from_db()
        assert not across.overdue
        assert across.due_at > clock.now()


def test_what_was_answered_keeps_the_date_it_was_judged_by(across: Any, make: Make, cast: Any) -> None:
    matter = service.answer(across, outcome=make.outcome, reply="修好了。", by=cast.actor("wu"))
    before, story = matter.due_at, moves(matter)
    enter_2027()
    clocks.recompute_provisional()
    matter.refresh_from_db()
    assert matter.due_at == before
    assert moves(matter) == story


def test_a_clock_that_is_no_answers_moves_no_date(make: Make) -> None:
    matter = make.handling()
    before = moves(matter)
    due = clocks.running(matter.subject, "handle")
    assert due is not None
    for subject, name in ((matter.subject, "verify"), ("toy:1", "handle")):
        clockwork.follow_the_clock(subject, name, rulebook.working_calendar().due(clock.now(), clocks.limit_of(due)))
    assert moves(matter) == before
