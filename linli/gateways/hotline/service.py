"""Every write: tickets taken in, orders carried out, tickets handed back."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from linli.facts.hotline import HandBackAnswered, HandBackAsked, TicketReceived
from linli.gateways.hotline.models import HandBack, Message, Order, Ticket
from linli.gateways.hotline.reading import Row, Sent, WrongError, understood
from linli.gateways.hotline.rules import Returns
from linli.kernel import clock, text
from linli.kernel.rules import UnknownCodeError
from linli.mechanisms import journal, rulebook
from linli.mechanisms.access import Actor, Refused, require
from linli.mechanisms.flow import NotNow
from linli.mechanisms.journal import outward
from linli.work.matters import queries as matters
from linli.work.matters import service
from linli.work.matters.flow import LIFE
from linli.work.matters.proposals import NobodyAnswersError
from linli.work.matters.service import NeedsPlaceError, OutsideCityError, Report, SentTwiceError

POWER = "hotline.exchange"
SYSTEM = Actor.system("hotline")
"""Who looks a matter up; to change one, only what a resident may do is done, in the caller's name."""
CALLER = Actor(
    "resident", name="12345", post="resident", scope="own",
    powers=Actor.resident().powers,
)  # fmt: skip
REOPENS = {*LIFE.moves["reopen"].sources, *LIFE.moves["reopen_along"].sources}
"""From here a redo is a reopening; what is still in hand is told to whoever has it."""
ACTS = ("redo", "urge", "add", "take_back", "keep")


# --- Tickets in ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Taken:
    """What became of one row."""

    line: int
    foreign: str
    result: Literal["accepted", "again", "wrong"]
    number: str = ""
    remedy: str = ""
    given: tuple[str, ...] = ()


def take(rows: Iterable[Row], *, way: Literal["http", "file"]) -> list[Taken]:
    """收工单 — each row by itself: one that cannot be taken keeps no other from being. A line for every row, in their order."""
    return [_take(row, way=way) for row in rows]


def _take(row: Row, *, way: str) -> Taken:
    foreign = text.clean(row.fields.get("number", ""))[:40]
    try:
        sent = understood(row)
        number, again = _take_one(sent, way=way)
    except WrongError as error:
        return Taken(row.line, foreign, "wrong", remedy=str(error), given=row.given)
    except (NeedsPlaceError, OutsideCityError, NobodyAnswersError) as error:
        return Taken(row.line, foreign, "wrong", remedy=str(error), given=row.given)
    return Taken(row.line, foreign, "again" if again else "accepted", number=number)


@transaction.atomic
def _take_one(sent: Sent, *, way: str) -> tuple[str, bool]:
    """The matter of a ticket, and whether it was here before. Two that bring the same one at once make one."""
    known = Ticket.objects.filter(foreign=sent.foreign).first()
    if known is not None:
        if known.digest != sent.digest:
            raise WrongError(_differs(sent.foreign, known.number))
        return known.number, True
    report = Report(
        text=sent.text,
        key=f"hotline-{hashlib.sha256(sent.foreign.encode()).hexdigest()[:48]}",
        channel="hotline",
        point=sent.point,
        place_text=sent.place,
        visibility="named" if sent.name and sent.phone else "pseudonym" if sent.phone else "anonymous",
        name=sent.name,
        phone=sent.phone,
        public=False,  # The caller was not asked.
        category=sent.category,
        foreign_number=sent.foreign,
    )
    try:
        done = service.register(report, by=CALLER)
    except SentTwiceError:
        raise WrongError(_differs(sent.foreign, "")) from None
    if done.again:  # Another sender committed it while we waited; its ticket stands.
        return done.matter.number, True
    now = done.matter.registered_at
    Ticket.objects.create(
        foreign=sent.foreign, number=done.matter.number, day=sent.called_at.astimezone(clock.CITY).date(),
        answer_by=sent.answer_by, digest=sent.digest, way=way, received_at=now,
    )  # fmt: skip
    fact = TicketReceived(foreign=sent.foreign, number=done.matter.number, way=way)
    journal.append(f"hotline:{sent.foreign}", fact, by=CALLER.author, at=now)
    return done.matter.number, False


def _differs(foreign: str, number: str) -> str:
    return _("工单 %(foreign)s 已经收过（%(number)s），这次的内容不同。要补充请用“补充”指令；要改成另一件，请换一个工单编号。") % {
        "foreign": foreign, "number": number or _("正在登记"),
    }  # fmt: skip


# --- Their orders ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Done:
    """What became of one order."""

    mark: str
    result: Literal["done", "again", "wrong"]
    number: str = ""
    remedy: str = ""


def obey(orders: Iterable[Any]) -> list[Done]:
    """照热线的指令办 — each by itself, once: redo, urge, add, take_back (our hand-back agreed), keep (not agreed)."""
    return [_obey(each if isinstance(each, dict) else {}) for each in orders]


def _obey(order: dict[str, Any]) -> Done:
    mark, foreign, act, words = (
        text.clean(str(order.get(name) or ""))[:most]
        for name, most in (("id", 60), ("ticket_no", 40), ("act", 20), ("words", 1800))
    )
    try:
        if not mark or act not in ACTS:
            raise WrongError(_("指令要有 id、ticket_no 和 act；act 是 %(acts)s 之一。") % {"acts": "、".join(ACTS)})
        return _obey_once(mark, foreign, act, words)
    except NotNow as error:
        return Done(mark, "wrong", remedy=str(error))
    except WrongError as error:
        return Done(mark, "wrong", remedy=str(error))


@transaction.atomic
def _obey_once(mark: str, foreign: str, act: str, words: str) -> Done:
    ticket = Ticket.objects.select_for_update(no_key=True).filter(foreign=foreign).first()
    if ticket is None:
        raise WrongError(_("没有收过工单 %(foreign)s；请先把工单送来。") % {"foreign": foreign})
    before = Order.objects.filter(mark=mark).first()
    if before is not None:
        if before.ticket_id != ticket.pk or before.act != act:
            raise WrongError(_("这个 id 已经用在另一条指令上；请换一个。"))
        return Done(mark, "again", ticket.number)
    now = clock.now()
    if act in {"take_back", "keep"}:
        _answer_hand_back(ticket, agreed=act == "take_back", words=words)
    elif not words:
        raise WrongError(_("请在 words 里写明要求，承办的人才知道怎么办。"))
    else:
        _tell_the_handler(ticket, act, words)
    Order.objects.create(mark=mark, ticket=ticket, act=act, at=now)
    return Done(mark, "done", ticket.number)


def _tell_the_handler(ticket: Ticket, act: str, words: str) -> None:
    matter = matters.get(SYSTEM, ticket.number)
    if act == "redo" and matter.state in REOPENS:
        service.reopen(matter, why=_("12345热线回访未通过：%(words)s") % {"words": words}, by=CALLER)
        return
    said = {
        "redo": _("12345热线要求重办：%(words)s"), "urge": _("12345热线催办：%(words)s"), "add": _("12345热线补充：%(words)s"),
    }[act]  # fmt: skip
    service.add(matter, said=said % {"words": words}, by=CALLER)


# --- Handing back ----------------------------------------------------------------------------------------------------
@transaction.atomic
def hand_back(number: str, *, reason: str, words: str, by: Actor) -> HandBack:
    """申请退回热线 — with a reason of the list; the hotline decides. Raises Refused, WrongError, NotNow, Http404.

    Until it agrees the matter stays where it is and its clock runs: a resident does not wait for two offices to agree.
    """
    require(by, POWER)
    matter = matters.get(by, number)
    ticket = Ticket.objects.select_for_update(no_key=True).filter(number=matter.number).first()
    if ticket is None:
        raise Refused(_("这一件不是热线转来的，退不回热线。"))
    try:
        rulebook.current(Returns).list.item(reason)
    except UnknownCodeError:
        raise WrongError(_("请在表里选一个理由。")) from None
    why = text.clean(words)[:500]
    if len(why) < 4:
        raise WrongError(_("请写明为什么不归这里、应归哪里，热线才好定。"))
    if not (matter.is_in_hand or matter.is_paused):
        raise NotNow(_("这一件已经答复或办结，不能再退。"))
    if ticket.hand_backs.filter(agreed__isnull=True).exists():
        raise NotNow(_("已经申请过退回，等热线答复。"))
    now = clock.now()
    assert by.person_id is not None, "the power hangs on a post"
    row = HandBack.objects.create(ticket=ticket, reason=reason, words=why, person_id=by.person_id, asked_at=now)
    Message.objects.create(ticket=ticket, mark=f"back-{row.pk}", status="hand_back", at=now)
    fact = HandBackAsked(foreign=ticket.foreign, number=ticket.number, reason=reason)
    journal.append(f"hotline:{ticket.foreign}", fact, by=by.author, at=now)
    outward.enqueue("hotline.send", ticket=ticket.pk)
    return row


def _answer_hand_back(ticket: Ticket, *, agreed: bool, words: str) -> None:
    asked = ticket.hand_backs.filter(agreed__isnull=True).first()
    if asked is None and not agreed:
        raise WrongError(_("没有在等答复的退回申请。"))
    now = clock.now()
    if asked is not None:
        asked.agreed, asked.answer, asked.answered_at = agreed, words[:500], now
        asked.save(update_fields=["agreed", "answer", "answered_at"])
    if agreed:  # Also unasked: whose ticket it is may take it back.
        matter = matters.get(SYSTEM, ticket.number)
        service.withdraw(matter, why=_("12345热线已收回：%(words)s") % {"words": words or _("另派")}, by=CALLER)
    fact = HandBackAnswered(foreign=ticket.foreign, number=ticket.number, agreed=agreed)
    journal.append(f"hotline:{ticket.foreign}", fact, by=CALLER.author, at=now)


# --- Sending once more -----------------------------------------------------------------------------------------------
@transaction.atomic
def send_again(ticket: Ticket) -> int:
    """再回传 — the last thing that was to be told of a ticket, under its own mark: whoever has it knows it again."""
    last = ticket.messages.exclude(status="hand_back").order_by("-id").first()
    if last is None:
        last = Message.objects.create(ticket=ticket, mark=f"got-{ticket.pk}", status="received", at=ticket.received_at)
    last.sent_at, last.refused = None, ""
    last.save(update_fields=["sent_at", "refused"])
    return outward.enqueue("hotline.send", ticket=ticket.pk)
