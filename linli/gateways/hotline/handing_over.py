"""移交 — our own matters to the hotline: sent until they are taken, its number and its word brought back, the days compared.

What hands a matter over is an exclusion on a ground that says so; both persons it takes are then on record.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from linli.facts.hotline import HandOverAsked, HandOverFetched, HandOverRecalled, HandOverReturned, HandOverTaken
from linli.gateways.hotline import sending
from linli.gateways.hotline.models import HandOver, Progress
from linli.gateways.hotline.reading import WrongError
from linli.gateways.hotline.rules import Fields, Status, Statuses, TheirCategories
from linli.gateways.hotline.service import SYSTEM, Done
from linli.kernel import clock, text
from linli.mechanisms import journal, rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import NotNow
from linli.mechanisms.journal import outward
from linli.work.matters import exclusions, service
from linli.work.matters import queries as matters
from linli.work.matters.rules import Categories

RETURNS = {"hand_back", "excluded", "withdrawn"}
"""What the hotline says when it will not handle it: codes of hotline/statuses."""
COLUMNS = (("id", "消息标识"), ("our_no", "诉求编号"), ("ticket_no", "工单编号"), ("status", "状态"), ("words", "说明"))
"""Of a file in which the hotline says how far it is. The first may be empty: then the row itself is its identity."""


# --- Out -------------------------------------------------------------------------------------------------------------
def ask(number: str, *, exclusion: str, rule: str, at: datetime) -> HandOver | None:
    """移交 — queued with the fact that it was excluded; None if it was before. Inside the reader's transaction."""
    row, new = HandOver.objects.get_or_create(
        exclusion=exclusion,
        defaults={"number": number, "reason": rule, "day": at.astimezone(clock.CITY).date(), "at": at},
    )
    if not new:
        return None
    journal.append(f"hotline:{number}", HandOverAsked(number, exclusion, rule), by=SYSTEM.author, at=clock.now())
    outward.enqueue("hotline.hand_over", row=row.pk)
    return row


def recall(number: str, *, at: datetime) -> None:
    """收回 — it is ours after all. What was not sent yet never is; what was, the hotline is told."""
    for row in HandOver.objects.select_for_update().filter(number=number, recalled_at__isnull=True):
        row.recalled_at = at
        row.save(update_fields=["recalled_at"])
        fact = HandOverRecalled(number, row.foreign)
        journal.append(f"hotline:{number}", fact, by=SYSTEM.author, at=clock.now())
        outward.enqueue("hotline.hand_over", row=row.pk)


def waiting() -> Any:
    """What the hotline has not been given, and may be."""
    return HandOver.objects.filter(sent_at__isnull=True, refused="", recalled_at__isnull=True)


def send(pk: int) -> bool:
    """Give one matter to the hotline, or tell it that one was taken back; True if it was taken now.

    Two workers at once: the second waits and finds it done. Killed between its answer and our row, the same mark is sent
    again and the hotline answers with the same number. Raises UnreachedError or NotTakenError to be tried again.
    """
    with transaction.atomic():
        row = HandOver.objects.select_for_update(no_key=True).get(pk=pk)
        if row.refused or not settings.HOTLINE_URL:
            return False
        if row.sent_at is None and row.recalled_at is None:
            return _post(row, "/handovers", as_record(row))
        if row.recalled_at is not None and row.sent_at is not None and row.recall_sent_at is None:
            said = {"id": f"{row.mark}-recall", "our_no": row.number, "ticket_no": row.foreign}
            return _post(row, "/recalls", said)
    return False


def _post(row: HandOver, path: str, record: Mapping[str, Any]) -> bool:
    status, answer = sending.ask("POST", path, json.dumps(record, ensure_ascii=False).encode())
    row.tries += 1
    if status in sending.TAKEN:
        if path == "/recalls":
            row.recall_sent_at = clock.now()
        else:
            row.sent_at, row.contact = clock.now(), bool(_phone_of(matters.get(SYSTEM, row.number)))
            try:
                _number_given(row, _number_in(answer))
            except WrongError as error:
                row.refused = str(error)[:300]
    elif 400 <= status < 500 and status not in sending.LATER:
        row.refused = f"{status} {answer.decode('utf-8', 'replace')}"[:300]
    else:
        raise sending.NotTakenError(f"{status}")
    row.save()
    return status in sending.TAKEN


def _number_in(answer: bytes) -> str:
    try:
        said = json.loads(answer)
    except ValueError:
        return ""
    return text.clean(str(said.get("ticket_no") or ""))[:40] if isinstance(said, dict) else ""


def _number_given(row: HandOver, foreign: str) -> None:
    """The hotline's number, once: the matter keeps it and its reporter is told. A number of another matter is no number."""
    if not foreign or row.foreign:
        return
    if HandOver.objects.filter(foreign=foreign).exclude(pk=row.pk).exists():
        raise WrongError(_("工单编号 %(foreign)s 已经用在另一件移交上；请核对。") % {"foreign": foreign})
    row.foreign = foreign
    with suppress(NotNow):  # It came back meanwhile: the number stays here, for the recall.
        service.hand_over(matters.get(SYSTEM, row.number), foreign=foreign, contact=row.contact, by=SYSTEM)
    journal.append(f"hotline:{row.number}", HandOverTaken(row.number, foreign), by=SYSTEM.author, at=clock.now())


def as_record(row: HandOver) -> dict[str, Any]:
    """What the hotline gets, by the pack's table of fields. Who brought a 举报 is not said; nor who left nothing."""
    matter = matters.get(SYSTEM, row.number)
    names = {each.code: each.json_name for each in rulebook.current(Fields).list.items}
    values = {
        "number": matter.number,
        "called_at": f"{matter.registered_at.astimezone(clock.CITY):%Y-%m-%d %H:%M:%S}",
        "text": matter.text,
        "place": matters.place_words(matter),
        "category": _their_category(matter.category),
        **({} if matter.lon is None or matter.lat is None else {"lon": matter.lon, "lat": matter.lat}),
    }
    if phone := _phone_of(matter):
        values["phone"] = phone
    exclusion = exclusions.last_of(matter)
    assert exclusion is not None, "nothing else hands a matter over"
    record: dict[str, Any] = {names[code]: value for code, value in values.items() if code in names and value != ""}
    return record | {
        "id": row.mark,
        "our_no": row.number,
        "reason": exclusions.ground_of(exclusion).name,
        "words": exclusion.said,
    }


def _phone_of(matter: Any) -> str:
    """How the hotline reaches the reporter; of a 举报 nobody learns it, and a name nobody needs (《个人信息保护法》第六条)."""
    known = None if matter.is_report else matters.reach_of(matter.number)
    return known.phone if known is not None else ""


def _their_category(ours: str) -> str:
    theirs = next((each.theirs for each in rulebook.current(TheirCategories).list.items if each.category == ours), None)
    if theirs:
        return str(theirs[0])
    item = rulebook.current(Categories).list.find(ours)
    return item.name if item else ""


def as_table(rows: Iterable[HandOver]) -> tuple[list[str], list[list[Any]]]:
    """The same for a file: headings of the pack, then what the hotline needs to answer."""
    items = rulebook.current(Fields).list.items
    headings = [
        "消息标识",
        *(each.name for each in items if each.code not in {"answer_by", "status", "name"}),
        "移交理由",
    ]
    lines = []
    for row in rows:
        record = as_record(row)
        named = [record.get(each.json_name, "") for each in items if each.code not in {"answer_by", "status", "name"}]
        lines.append([record["id"], *named, record["words"]])
    return headings, lines


@transaction.atomic
def mark_sent(rows: Sequence[HandOver], *, by: Actor, at: datetime) -> None:
    """A file with these was written and lies where it is fetched. The number comes back with the hotline's own file."""
    for row in HandOver.objects.select_for_update().filter(pk__in=[each.pk for each in rows], sent_at__isnull=True):
        row.sent_at = at
        row.contact = bool(_phone_of(matters.get(SYSTEM, row.number)))
        row.save(update_fields=["sent_at", "contact"])
        fetched = HandOverFetched(row.number, contact=row.contact)
        journal.append(f"hotline:{row.number}", fetched, by=by.author, at=at)


@transaction.atomic
def send_again(row: HandOver) -> None:
    """再移交 — under its own mark: whoever has it knows it again."""
    HandOver.objects.filter(pk=row.pk).update(sent_at=None, refused="")
    outward.enqueue("hotline.hand_over", row=row.pk)


# --- Back ------------------------------------------------------------------------------------------------------------
def hear(rows: Iterable[Any]) -> list[Done]:
    """听进展 — [{"id", "our_no", "ticket_no", "status", "words"}], each by itself and once."""
    return [_hear(each if isinstance(each, dict) else {}) for each in rows]


def _hear(said: Mapping[str, Any]) -> Done:
    values = {
        name: text.clean(str(said.get(name) or ""))[:most]
        for name, most in (("id", 60), ("our_no", 20), ("ticket_no", 40), ("status", 40), ("words", 2000))
    }
    mark = values["id"] or f"row-{hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:48]}"
    try:
        return _hear_once(mark, values)
    except (WrongError, NotNow) as error:
        return Done(mark, "wrong", remedy=str(error))


@transaction.atomic
def _hear_once(mark: str, said: Mapping[str, str]) -> Done:
    rows = HandOver.objects.select_for_update(no_key=True).order_by("-id")
    row = rows.filter(number=said["our_no"]).first() if said["our_no"] else None
    row = row or (rows.filter(foreign=said["ticket_no"]).first() if said["ticket_no"] else None)
    if row is None:
        raise WrongError(_("没有移交过这一件；请写对诉求编号（our_no）或工单编号（ticket_no）。"))
    before = Progress.objects.filter(mark=mark).first()
    if before is not None:
        if before.hand_over_id != row.pk:
            raise WrongError(_("这个 id 已经用在另一件上；请换一个。"))
        return Done(mark, "again", row.number)
    status = status_of(said["status"])
    if row.foreign and said["ticket_no"] and said["ticket_no"] != row.foreign:
        raise WrongError(_("这一件的工单编号是 %(foreign)s；请核对。") % {"foreign": row.foreign})
    _number_given(row, said["ticket_no"])
    row.sent_at = row.sent_at or clock.now()  # Whoever speaks of it has it.
    row.status, row.refused = status.code, ""
    row.save(update_fields=["foreign", "sent_at", "status", "refused"])
    Progress.objects.create(mark=mark, hand_over=row, status=status.code, at=clock.now())
    matter = service.tell_hand_over(
        matters.get(SYSTEM, row.number), status=status.code, name=status.name, said=said["words"], by=SYSTEM
    )
    if status.code in RETURNS and row.recalled_at is None:
        _returned(row, matter, said["words"])
    return Done(mark, "done", row.number)


def status_of(said: str) -> Status:
    """The status they mean, by our code, their code or its name. Raises WrongError."""
    for each in rulebook.current(Statuses).list.items:
        if said in {each.code, each.value, each.name}:
            return each
    raise WrongError(_("状态“%(status)s”不在对照表里；请照 hotline/statuses 写。") % {"status": said})


def _returned(row: HandOver, matter: Any, words: str) -> None:
    why = _("12345热线没有收：%(words)s") % {"words": words or _("没有写明理由")}
    try:
        service.return_hand_over(matter, why=why, by=SYSTEM)
    except NotNow:
        return  # Somebody above has it already.
    fact = HandOverReturned(row.number, row.foreign, row.status)
    journal.append(f"hotline:{row.number}", fact, by=SYSTEM.author, at=clock.now())


# --- Compared --------------------------------------------------------------------------------------------------------
def compare(day: date) -> tuple[list[str], list[str]]:
    """对移交的账 — of one day: what they lack is given again, what they say and we have not heard is heard. Numbers of both.

    Raises UnreachedError, LookupError and WrongError where they cannot be asked.
    """
    ours = list(HandOver.objects.filter(day=day, recalled_at__isnull=True, refused="").order_by("id"))
    if not ours:
        return [], []
    status, answer = sending.ask("GET", f"/handovers?day={day:%Y-%m-%d}")
    if status != 200:
        raise WrongError(_("热线系统答复 %(status)s，没有给出移交清单。") % {"status": status})
    try:
        listed = {str(each["our_no"]): each for each in json.loads(answer)["handovers"]}
    except (ValueError, KeyError, TypeError):
        raise WrongError(_("热线系统给的移交清单读不懂。")) from None
    missing, heard = [], []
    for row in ours:
        said = listed.get(row.number)
        if said is None:
            send_again(row)
            missing.append(row.number)
        elif _is_news(row, said):
            stamp = f"day-{row.pk}-{said.get('status') or ''}-{said.get('ticket_no') or ''}"
            done = _hear({**said, "id": said.get("id") or stamp, "status": said.get("status") or "received"})
            if done.result != "wrong":
                heard.append(row.number)
    return missing, heard


def _is_news(row: HandOver, said: Mapping[str, Any]) -> bool:
    if said.get("ticket_no") and not row.foreign:
        return True
    try:
        return bool(said.get("status")) and status_of(str(said["status"])).code != row.status
    except WrongError:
        return False
