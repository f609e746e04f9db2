"""What neighbours are told of what came of matters: no more than of open ones, and not a word of the answer."""

from datetime import datetime, timedelta
from typing import NamedTuple

from linli.kernel import clock
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.queries import public_title, within

LATELY = timedelta(days=60)


class Solved(NamedTuple):
    """A public matter that was closed, and not against the resident's word."""

    number: str
    title: str
    on: datetime


def solved_lately(area_id: int, *, limit: int) -> list[Solved]:
    """Public matters of an area closed in the last weeks, the last first; none of which its reporter said it is not solved."""
    rows = (
        Matter.objects.filter(within(area_id), is_public=True, state=State.CLOSED, moved_at__gte=clock.now() - LATELY)
        .exclude(solved=False)
        .only("number", "title", "shown_title", "moved_at")
        .order_by("-moved_at", "-id")
    )
    return [Solved(each.number, public_title(each), each.moved_at) for each in rows[:limit]]
