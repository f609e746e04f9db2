"""The arithmetic of whistles: minutes run day and night, the rest by the calendar; how late is counted in begun minutes."""

from datetime import datetime, timedelta

import pytest

from linli.kernel import clock
from linli.kernel.calendar import Limit, Unit, WorkingCalendar
from linli.work.whistles import rules

FRIDAY_EVENING = datetime(2026, 4, 10, 19, 0, tzinfo=clock.CITY)


def test_minutes_run_at_night_and_working_hours_do_not():
    calendar = WorkingCalendar({})
    assert rules.due(calendar, FRIDAY_EVENING, timedelta(minutes=30)) == FRIDAY_EVENING + timedelta(minutes=30)
    assert rules.due(calendar, FRIDAY_EVENING, Limit(2, Unit.WORKING_HOURS)) > FRIDAY_EVENING + timedelta(days=2)


@pytest.mark.parametrize(("seconds", "minutes"), [(-60, 0), (0, 0), (1, 1), (60, 1), (61, 2), (3600, 60)])
def test_lateness_is_counted_in_begun_minutes(seconds, minutes):
    assert rules.minutes_late(FRIDAY_EVENING + timedelta(seconds=seconds), FRIDAY_EVENING) == minutes


@pytest.mark.parametrize("text", ["30 minutes", "2 working_hours", "1 working_days", "3 natural_hours"])
def test_a_wait_is_written_as_it_is_read(text):
    assert rules.wait_text(rules.wait_from(text)) == text


@pytest.mark.parametrize("text", ["30", "half an hour", "0 minutes", "99999 minutes", "0 working_days", 30])
def test_a_wrong_wait_is_refused_with_a_remedy(text):
    with pytest.raises(ValueError, match="时限"):
        rules.wait_from(text)
