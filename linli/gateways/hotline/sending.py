"""回传 — messages of one ticket, in their order, over HTTP or into a file. Each is sent at least once, under one mark."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from linli.gateways.hotline import signing
from linli.gateways.hotline.models import HandBack, Message, Ticket
from linli.gateways.hotline.rules import Returns, Statuses
from linli.gateways.hotline.service import SYSTEM
from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.journal import outward
from linli.work.matters import queries as matters
from linli.work.matters.rules import Outcomes

TAKEN = {200, 201, 202, 204, 409}
"""409: it has this mark already."""
LATER = {408, 425, 429}


class NotTakenError(Exception):
    """The other side is there and cannot take it now: the job is tried again."""


def ask(method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """One signed request to the hotline. Raises outward.UnreachedError, and LookupError where no address is set."""
    if not settings.HOTLINE_URL:
        raise LookupError("LINLI_HOTLINE_URL is not set")
    url = f"{settings.HOTLINE_URL.rstrip('/')}{path}"
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    signed = signing.headers(settings.HOTLINE_SECRET, method=method, path=target, body=body or b"")
    return outward.call(url, body=body, headers={"Content-Type": "application/json; charset=utf-8", **signed})


def send(ticket_id: int) -> int:
    """Send what waits for one ticket, oldest first; how many were taken. Two workers at once: the second waits.

    Raises UnreachedError or NotTakenError when it must be tried again; what was taken before stays taken.
    """
    taken = 0
    while settings.HOTLINE_URL:
        with transaction.atomic():
            ticket = Ticket.objects.select_for_update(no_key=True).get(pk=ticket_id)
            message = waiting().filter(ticket=ticket).order_by("id").first()
            if message is None:
                break
            _send_one(message)
            taken += 1
    return taken


def waiting() -> Any:
    """What the other side has not taken, and was not told that it never will."""
    return Message.objects.filter(sent_at__isnull=True, refused="")


def _send_one(message: Message) -> None:
    body = json.dumps(as_record(message), ensure_ascii=False).encode()
    status, answer = ask("POST", "/updates", body)
    message.tries += 1
    if status in TAKEN:
        message.sent_at = clock.now()
    elif 400 <= status < 500 and status not in LATER:
        message.refused = f"{status} {answer.decode('utf-8', 'replace')}"[:300]
    else:
        raise NotTakenError(f"{status}")
    message.save(update_fields=["tries", "sent_at", "refused"])


def as_record(message: Message) -> dict[str, Any]:
    """What the hotline reads: which ticket, what happened, and the words that are for the caller. No name, no telephone."""
    ticket = message.ticket
    matter = matters.get(
        SYSTEM, message.of or ticket.number
    )  # Merged, it is answered with the matter it goes along with.
    status = rulebook.current(Statuses).list.find(message.status)
    record: dict[str, Any] = {
        "id": message.mark,
        "ticket_no": ticket.foreign,
        "our_no": ticket.number,
        "status": status.value if status else message.status,
        "status_name": status.name if status else message.status,
        "at": message.at.astimezone(clock.CITY).isoformat(timespec="seconds"),
        "handler": matter.handler.name,
        "handler_phone": matter.handler.phone,
        "due_at": matter.due_at.astimezone(clock.CITY).isoformat(timespec="seconds"),
    }
    said = matters.said_to_resident(matter, message.seq) if message.seq else ""
    if said:
        record["words"] = said
    if message.status == "answered":
        outcome = rulebook.current(Outcomes).list.find(matter.outcome)
        record["outcome"] = outcome.name if outcome else matter.outcome
    if message.status == "closed":
        record["satisfaction"] = matter.satisfaction
    if message.status == "hand_back":
        asked = HandBack.objects.get(pk=int(message.mark.removeprefix("back-")))
        reason = rulebook.current(Returns).list.find(asked.reason)
        record |= {"reason": reason.name if reason else asked.reason, "words": asked.words}
    return record


COLUMNS = (
    ("id", "消息标识"), ("ticket_no", "工单编号"), ("our_no", "诉求编号"), ("status", "状态代码"), ("status_name", "状态"), ("at", "时间"),
    ("handler", "承办单位"), ("handler_phone", "承办电话"), ("due_at", "答复期限"), ("outcome", "办理结果"), ("reason", "退回理由"), ("words", "答复或说明"),
    ("satisfaction", "满意度"),
)  # fmt: skip
"""Of a file that is carried to the hotline: what a machine there reads, in the hotline's own language."""


def as_lines(messages: Iterable[Message]) -> list[list[Any]]:
    """The same for a file."""
    records = [as_record(each) for each in messages]
    return [[record.get(name) for name, _heading in COLUMNS] for record in records]


@transaction.atomic
def mark_sent(ids: list[int], *, at: datetime) -> int:
    """A file with these was written and lies where it is fetched. Marked after it was written: better twice than never."""
    return Message.objects.filter(pk__in=ids, sent_at__isnull=True).update(sent_at=at)
