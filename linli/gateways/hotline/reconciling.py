"""对账 — both sides' lists of one day beside each other: what is missing here is taken in, what is behind is told again, the rest is named."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from linli.gateways.hotline import handing_over, reading, sending, service
from linli.gateways.hotline.models import Comparison, HandOver, Message, Ticket
from linli.gateways.hotline.reading import Row
from linli.gateways.hotline.rules import Statuses
from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.journal import outward

BACK = 7
"""Days that are compared on their own; an older one when somebody asks."""
AFTER = 1
"""From this hour of the day on, the day before is compared."""


def compare(day: date, *, theirs: Sequence[Row] | None = None) -> Comparison:
    """对一天的账 — `theirs` is their list from a file; without it they are asked. What cannot be asked is written down too."""
    ours = {each.foreign: each for each in Ticket.objects.filter(day=day)}
    over_missing: list[str] = []
    over_heard: list[str] = []
    if theirs is None:
        try:
            over_missing, over_heard = handing_over.compare(day)
            theirs = _asked(day)
        except (outward.UnreachedError, LookupError, reading.WrongError) as error:
            return Comparison.objects.create(
                day=day, at=clock.now(), theirs=None, ours=len(ours), problem=str(error)[:300]
            )
    listed = {row.fields.get("number", "").strip(): row for row in theirs}
    listed.pop("", None)
    elsewhere = set(Ticket.objects.filter(foreign__in=listed).values_list("foreign", flat=True))
    found = service.take([row for foreign, row in listed.items() if foreign not in elsewhere], way="http")
    return Comparison.objects.create(
        day=day,
        at=clock.now(),
        theirs=len(listed),
        ours=len(ours),
        taken_in=[each.foreign for each in found if each.result != "wrong"],
        missing_here=[{"number": each.foreign, "why": each.remedy} for each in found if each.result == "wrong"],
        missing_there=sorted(foreign for foreign in ours if foreign not in listed),
        over_missing=over_missing,
        over_heard=over_heard,
        behind=_tell_again([each for foreign, each in ours.items() if foreign in listed], listed),
    )


def due(*, today: date | None = None) -> list[date]:
    """The days of the last week that were not yet compared to the end, yesterday last. None before one in the morning."""
    now = clock.now()
    if now.astimezone(clock.CITY).hour < AFTER or not settings.HOTLINE_URL:
        return []
    last = (today or now.astimezone(clock.CITY).date()) - timedelta(days=1)
    days = [last - timedelta(days=back) for back in range(BACK - 1, -1, -1)]
    begun = [
        rows.values_list("day", flat=True).first()
        for rows in (Ticket.objects.order_by("received_at"), HandOver.objects.order_by("day"))
    ]
    first = min((each for each in begun if each is not None), default=None)
    done = set(Comparison.objects.filter(day__in=days, problem="").values_list("day", flat=True))
    return [day for day in days if day not in done and first is not None and (day >= first or day == last)]


def _asked(day: date) -> list[Row]:
    status, answer = sending.ask("GET", f"/tickets?day={day:%Y-%m-%d}")
    if status != 200:
        raise reading.WrongError(_("热线系统答复 %(status)s，没有给出清单。") % {"status": status})
    try:
        records = json.loads(answer)["tickets"]
        return reading.from_json(records if isinstance(records, list) else [])
    except (ValueError, KeyError, TypeError):
        raise reading.WrongError(_("热线系统给的清单读不懂。")) from None


def _tell_again(tickets: list[Ticket], listed: dict[str, Row]) -> list[str]:
    """Tickets whose state there is not the last we told: it is told again. Where they give no state, nothing is known."""
    values = {item.code: item.value for item in rulebook.current(Statuses).list.items}
    names = {item.value: item.value for item in rulebook.current(Statuses).list.items}
    names |= {item.name: item.value for item in rulebook.current(Statuses).list.items}
    last: dict[int, str] = {}
    rows = Message.objects.filter(ticket__in=tickets).exclude(status="hand_back").order_by("id")
    for ticket_id, status in rows.values_list("ticket_id", "status"):
        last[ticket_id] = values.get(status, status)
    behind = []
    for ticket in tickets:
        said = listed[ticket.foreign].fields.get("status", "").strip()
        if said and ticket.pk in last and names.get(said, said) != last[ticket.pk]:
            service.send_again(ticket)
            behind.append(ticket.foreign)
    return sorted(behind)


def as_list(day: date) -> list[dict[str, Any]]:
    """我方清单 — of one day, for the other side's own comparison: their number, ours, and the last they were told."""
    values = {item.code: item.value for item in rulebook.current(Statuses).list.items}
    rows = []
    for ticket in Ticket.objects.filter(day=day).order_by("foreign").prefetch_related("messages"):
        told = [each for each in sorted(ticket.messages.all(), key=lambda one: one.pk) if each.status != "hand_back"]
        status = told[-1].status if told else "received"
        rows.append({"ticket_no": ticket.foreign, "our_no": ticket.number, "status": values.get(status, status)})
    return rows
