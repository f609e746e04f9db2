"""吹哨和任务 — read here; what is done with them stands in doings.py."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query

from linli.kernel.text import translatable
from linli.mechanisms.access import require
from linli.portals.openapi import reading, shapes
from linli.portals.openapi.calling import Answer, actor_of, reads
from linli.work.tasks import queries as tasks
from linli.work.whistles import queries as whistles

TAG = translatable("吹哨和任务")
Number = Annotated[str, Path(pattern=r"^[^\x00-\x20/\x7f]{1,4}[0-9-]{4,15}$", description=translatable("编号"))]


@reads("/whistles", shapes.Whistles, tag=TAG, summary=translatable("吹哨"))
def whistles_list(request: HttpRequest, asked: Annotated[shapes.WhistlesAsked, Query()]) -> Answer:
    """Within reach, the newest first."""
    actor = actor_of(request)
    require(actor, "whistles.read")
    found = whistles.visible_to(actor).select_related("caller", "area")  # With their places, in one statement.
    numbers = [each.pk for each in whistles.listed(actor, asked.view)]
    rows = {each.pk: each for each in found.filter(pk__in=numbers)}
    items = [shapes.WhistleLine(**reading.whistle_fields(rows[pk])) for pk in numbers if pk in rows]
    return Answer(shapes.Whistles(items=items))


@reads("/whistles/{number}", shapes.WhistleWhole, tag=TAG, summary=translatable("一次吹哨"), more=(404,))
def whistles_read(request: HttpRequest, number: Number) -> Answer:
    """With whom it called and when they came."""
    actor = actor_of(request)
    require(actor, "whistles.read")
    found = whistles.get(actor, number)
    return Answer(reading.whistle(found, actor), version=found.version)


@reads("/tasks", shapes.Tasks, tag=TAG, summary=translatable("任务"))
def tasks_list(request: HttpRequest, asked: Annotated[shapes.TasksAsked, Query()]) -> Answer:
    """The one due first at the top."""
    actor = actor_of(request)
    require(actor, "tasks.read")
    found = tasks.listed(actor, group=asked.group or "", view=asked.view)
    return Answer(shapes.Tasks(items=[shapes.TaskLine(**reading.task_fields(each)) for each in found]))


@reads("/tasks/{number}", shapes.TaskWhole, tag=TAG, summary=translatable("一项任务"), more=(404,))
def tasks_read(request: HttpRequest, number: Number) -> Answer:
    """With how far it is and what shows it."""
    actor = actor_of(request)
    require(actor, "tasks.read")
    found = tasks.get(actor, number)
    return Answer(reading.task(found, actor), version=found.version)
