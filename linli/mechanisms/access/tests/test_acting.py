"""The one statement every request asks finds whom the long way finds, on every day of a year."""

from datetime import datetime, timedelta

import pytest

from linli.kernel import clock
from linli.mechanisms.access import queries, service

NOW = datetime(2026, 5, 6, 10, 0, tzinfo=clock.CITY)
DAY = NOW.date()


@pytest.fixture(autouse=True)
def in_may():
    with clock.at(NOW):
        yield


def test_the_quick_way_and_the_long_way_find_the_same_actors(cast):
    service.delegate(
        cast.terms["li"], to=cast.zhou, from_on=DAY, to_on=DAY + timedelta(days=9), reason="年休假", by=cast.actor("li")
    )
    service.delegate(
        cast.terms["wang"],
        to=cast.zhou,
        from_on=DAY,
        to_on=DAY + timedelta(days=3),
        reason="培训",
        by=cast.actor("wang"),
    )
    recalled = service.delegate(
        cast.terms["qian"],
        to=cast.zhou,
        from_on=DAY,
        to_on=DAY + timedelta(days=9),
        reason="病假",
        by=cast.actor("qian"),
    )
    service.recall(recalled, by=cast.actor("qian"))
    service.relieve(cast.terms["li"], to_on=DAY + timedelta(days=5), by=cast.actor("feng"))
    for day in (DAY + timedelta(days=n) for n in range(-1, 12)):
        for person in cast.people.values():
            held = queries.appointments_of(person, on=day)
            long_way = [queries.actor_for(person, each, on_behalf_of=lender) for each, lender in held]
            assert [queries.acting(person, each.pk, on=day) for each, _ in held] == long_way
            assert queries.acting(person, 10**9, on=day) == (long_way[0] if long_way else None)
