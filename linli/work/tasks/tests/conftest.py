"""Makers of tasks: what 郑区长 gives to 柳林街道城管办, brought to where a test needs it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from linli.kernel import clock
from linli.work.tasks import service
from linli.work.tasks.models import Task
from tests.cast import Cast

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=clock.CITY)


@pytest.fixture(autouse=True)
def on_a_monday(db: None) -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@pytest.fixture
def give(cast: Cast) -> Callable[..., Task]:
    """A task for 城管办, due in a fortnight."""

    def make(**rest: Any) -> Task:
        wanted = {
            "group": "grid", "content": "把沿街店铺的占道经营清一遍", "owner": cast.bodies["liulin_urban"],
            "due_on": date(2026, 6, 15), "by": cast.actor("zheng"),
        }  # fmt: skip
        return service.give(**(wanted | rest))

    return make


@pytest.fixture
def doing(give: Callable[..., Task], cast: Cast) -> Task:
    """Taken up by 吴城管."""
    return service.take_up(give(), by=cast.actor("wu"))


@pytest.fixture
def finished(doing: Task, cast: Cast) -> Task:
    """Reported finished by 吴城管."""
    return service.finish(doing, evidence="沿街38家都谈过，盲道已清", by=cast.actor("wu"))
