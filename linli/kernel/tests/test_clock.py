"""The city's clock, and stopping it."""

import threading
from datetime import UTC, date, datetime

import pytest

from linli.kernel import clock


def test_now_is_on_the_clock_of_the_city():
    assert clock.now().tzinfo is clock.CITY


def test_inside_the_block_it_is_that_moment_and_afterwards_no_longer():
    with clock.at(datetime(2026, 4, 17, 18, 30, tzinfo=UTC)) as moment:
        assert clock.now() == moment == datetime(2026, 4, 18, 2, 30, tzinfo=clock.CITY)
        assert clock.today() == date(2026, 4, 18)
        with clock.at(datetime(2020, 1, 1, tzinfo=clock.CITY)):
            assert clock.today().year == 2020
        assert clock.now() == moment
    assert clock.now() != moment


def test_a_thread_started_inside_sees_the_real_time():
    seen = []
    with clock.at(datetime(2020, 1, 1, tzinfo=clock.CITY)):
        thread = threading.Thread(target=lambda: seen.append(clock.today().year))
        thread.start()
        thread.join()
    assert seen[0] > 2020


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"), clock.at(datetime(2026, 4, 17)):  # noqa: DTZ001 - The point of the test.
        pass
