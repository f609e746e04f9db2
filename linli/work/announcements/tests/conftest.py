"""Makers of notices: what 李调度 tells the neighbours of 槐花社区 on a Monday."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.territory import Node
from linli.work.announcements import service
from linli.work.announcements.models import Announcement
from linli.work.announcements.service import Written
from tests import place
from tests.cast import Cast

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=clock.CITY)
WATER = Written(
    "槐花社区明天停水", "更换阀门，明天8点到17点停水，请提前存水。", MONDAY + timedelta(hours=23),
    MONDAY + timedelta(hours=32), "0543-96777",
)  # fmt: skip


@pytest.fixture(autouse=True)
def on_a_monday(db: None) -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def node(code: str) -> Node:
    """An area of the imaginary township by its code."""
    found = territory.by_code(code)
    assert found is not None
    return found


@pytest.fixture
def publish(cast: Cast) -> Callable[..., Announcement]:
    """A water cut in 槐花社区."""

    def make(written: Written = WATER, **rest: Any) -> Announcement:
        wanted = {"kind": "water", "area": node(place.HUAIHUA), "by": cast.actor("li")}
        return service.publish(written, **(wanted | rest))

    return make
