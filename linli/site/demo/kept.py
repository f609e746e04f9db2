"""工作台上存着的 — a shared view, a standard text of an office, an internal note, and a bulk order that was done."""

from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Person
from linli.portals.desk import bulk, phrases, saving
from linli.work.matters import queries, queues, service


def tell() -> int:
    """Keep them by the real services; returns how many things there are."""
    li, wu = _actor("li"), _actor("wu")
    saving.keep("view=open&q=路灯&order=due", name="夜里的灯", sharing="area", by=li)
    saving.keep("view=overdue&order=due", name="本周要催的", sharing="own", by=li)
    phrases.keep(
        None,
        name="路灯修好",
        said="{地点}的灯{今天}已经修好，编号{编号}。还不亮请打{电话}。",
        verb="answer",
        sharing="body",
        by=wu,
    )
    done = 3
    page = queues.page_of(li, queues.Filters(view="mine"), counted=False)
    for row in page.matters[:1]:
        said = "电话打过一次没有人接，下午再打。"
        service.note(queries.get(li, row.number), said=said, by=li)
        done += 1
    waiting = queues.page_of(li, queues.Filters(view="triage", order="new"), counted=False).matters[-2:]
    if waiting:
        order = bulk.choose([each.number for each in waiting], verb="assign", by=li, back="view=triage")
        bulk.begin(order, {}, by=li)
        bulk.carry_on(order, by=li)
        done += 1
    return done


def _actor(username: str) -> Actor:
    person = Person.objects.get(username=username)
    appointment, lent = access.appointments_of(person)[0]
    return access.actor_for(person, appointment, on_behalf_of=lent)
