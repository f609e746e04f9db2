"""What the gateway's page shows: the traffic of the last days, what waits, what was compared."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from linli.gateways.hotline import handing_over
from linli.gateways.hotline.models import Comparison, HandBack, HandOver, Message, Ticket
from linli.gateways.hotline.rules import Returns, Statuses
from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor
from linli.work.matters import queries as matters

SHOWN = 50
DAYS = 14
ALWAYS = 3
"""The last days are shown even when nothing came; an older one only if something did."""


@dataclass(frozen=True)
class Day:
    """One day: how many came, how many messages wait, and how it last compared."""

    day: date
    tickets: int
    waiting: int
    refused: int
    compared: Comparison | None


def days(*, most: int = DAYS) -> list[Day]:
    """The last days, newest first."""
    today = clock.today()
    every = [today - timedelta(days=back) for back in range(most)]
    counted: dict[date, dict[str, Any]] = {
        row["day"]: dict(row)
        for row in Ticket.objects.filter(day__gte=every[-1])
        .values("day")
        .annotate(
            n=Count("pk", distinct=True),
            waiting=Count("messages", filter=Q(messages__sent_at__isnull=True, messages__refused="")),
            refused=Count("messages", filter=Q(messages__sent_at__isnull=True) & ~Q(messages__refused="")),
        )
    }
    newest: dict[date, Comparison] = {}
    for each in Comparison.objects.filter(day__gte=every[-1]).order_by("id"):
        newest[each.day] = each
    return [
        Day(day, row.get("n", 0), row.get("waiting", 0), row.get("refused", 0), newest.get(day))
        for day in every
        for row in [counted.get(day, {})]
        if row or day in newest or day >= every[ALWAYS - 1]
    ]


@dataclass(frozen=True)
class Line:
    """One ticket in the list, as far as the reader may see the matter it became."""

    ticket: Ticket
    title: str
    state: str
    may_hand_back: bool
    hand_back: HandBack | None


def newest(actor: Actor, *, words: str = "") -> list[Line]:
    """The newest tickets whose matters the actor may see; `words` is the beginning of a number, theirs or ours."""
    rows = Ticket.objects.order_by("-received_at", "-id")
    if words:
        rows = rows.filter(Q(foreign__startswith=words) | Q(number__startswith=words))
    tickets = list(rows[: SHOWN * 4])
    seen = matters.among(actor, [each.number for each in tickets])
    asked: dict[int, HandBack] = {}
    for each in HandBack.objects.filter(ticket__in=tickets).order_by("id"):
        asked[each.ticket_id] = each
    return [
        Line(
            ticket, seen[ticket.number].title, seen[ticket.number].state_words,
            (seen[ticket.number].is_in_hand or seen[ticket.number].is_paused)
            and not (ticket.pk in asked and asked[ticket.pk].agreed is None),
            asked.get(ticket.pk),
        )
        for ticket in tickets
        if ticket.number in seen
    ][:SHOWN]  # fmt: skip


def refused() -> list[Message]:
    """回传被拒的 — what the hotline will not take as it is."""
    rows = Message.objects.select_related("ticket").filter(sent_at__isnull=True).exclude(refused="")
    return list(rows.order_by("-id")[:SHOWN])


def reasons() -> list[tuple[str, str, str]]:
    """Code, words, help."""
    return [
        (each.code, rulebook.label(each), rulebook.label(each, "help") or "")
        for each in rulebook.current(Returns).list.items
    ]


@dataclass(frozen=True)
class Over:
    """One matter that was handed over, as far as the reader may see it."""

    row: HandOver
    title: str
    state: str
    said: str
    """What the hotline last said, in words."""


def handed_over(actor: Actor) -> list[Over]:
    """移交热线的 — the newest whose matters the actor may see; those the hotline has refused first."""
    rows = list(HandOver.objects.order_by("-at", "-id")[: SHOWN * 4])
    rows.sort(key=lambda row: not row.refused)
    seen = matters.among(actor, [row.number for row in rows])
    names = {each.code: rulebook.label(each) for each in rulebook.current(Statuses).list.items}
    return [
        Over(row, seen[row.number].title, seen[row.number].state_words, names.get(row.status, row.status))
        for row in rows
        if row.number in seen
    ][:SHOWN]


def to_hand_over(actor: Actor) -> list[HandOver]:
    """等移交的 — whose matters the actor may see, the oldest first: the file says how to reach their reporters."""
    rows = list(handing_over.waiting().order_by("id"))
    seen = matters.among(actor, [row.number for row in rows])
    return [row for row in rows if row.number in seen]
