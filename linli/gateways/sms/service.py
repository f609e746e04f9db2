"""Every write: a message is sent or it is written down why not; its fate is noted; a number is left in peace."""

import re
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import override

from linli.gateways.sms import provider
from linli.gateways.sms.models import LEFT, OptOut, State, TextMessage
from linli.gateways.sms.rules import SmsLimits, Templates
from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.journal import outward
from linli.work.matters import queries as matters
from linli.work.matters import service as matters_service
from linli.work.matters.letters import last_refusal
from linli.work.notices import queries as wishes
from linli.work.notices import service as notices

SYSTEM = Actor.system("sms")
CHANGED = "changed"
"""The wording for what has none of its own: that there is something new on the page."""
GRANTED = "erasure_granted"
MOBILE = re.compile(r"1[3-9]\d{9}")
STOP = {"t", "td", "n", "退订", "取消", "stop"}
REPEATED_WITHIN = timedelta(hours=12)


class NotNowError(Exception):
    """The provider cannot take it at the moment: the job is tried again."""


def digest_of(phone: str) -> str:
    """A keyed digest, to count by and to know a number that said stop; it cannot be turned back."""
    return salted_hmac("sms.who", re.sub(r"\D", "", phone)[-11:], algorithm="sha256").hexdigest()


@transaction.atomic
def send(pk: int) -> State:
    """发短信 — once; what becomes of it. Raises UnreachedError or NotNowError when it is to be tried again.

    The lock on the number makes the count of a day true when two workers send to it at once.
    """
    message = TextMessage.objects.select_for_update().get(pk=pk)
    if message.state != State.WAITING:
        return State(message.state)
    limits, now = rulebook.current(SmsLimits).list, clock.now()
    later = limits.may_be_sent_at(now)
    if later > now:
        outward.enqueue("sms.send", message=pk, not_before=later)
        return State.WAITING
    last = message.template == GRANTED
    reachable = matters.last_reach_of(message.number) if last else matters.reach_of(message.number)
    phone = reachable.phone if reachable else ""
    if reachable is None or not MOBILE.fullmatch(phone):
        return _settle(message, State.NOBODY)
    message.who = digest_of(phone)
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtextextended('sms:' || %s, 0))", [message.who])
    if why := _reason_not_to(message, limits, now):
        return _settle(message, why)
    text, values, template = wording(message, language=reachable.language)
    answer = provider.hand_over(phone=phone, text=text, mark=message.mark, template=template, values=values)
    message.tried += 1
    if not answer.taken and answer.again:
        raise NotNowError(answer.said.split(" ", 1)[0])
    message.sent_at, message.theirs = now, answer.theirs
    message.problem = "" if answer.taken else answer.said
    return _settle(message, State.SENT if answer.taken else State.FAILED)


def _reason_not_to(message: TextMessage, limits: SmsLimits, now: datetime) -> State | None:
    chosen_at = wishes.chosen_at(message.number, "sms")  # Whoever chose it again after a stop wants it again.
    if chosen_at is None or OptOut.objects.filter(who=message.who, at__gte=chosen_at).exists():
        return State.UNWANTED
    if now - message.due_at > limits.stale:
        return State.STALE
    left = TextMessage.objects.filter(who=message.who, state__in=LEFT)
    same = left.filter(number=message.number, template=message.template, sent_at__gte=now - REPEATED_WITHIN)
    if same.exists():
        return State.REPEATED
    midnight = now.astimezone(clock.CITY).replace(hour=0, minute=0, second=0, microsecond=0)
    if left.filter(sent_at__gte=midnight).count() >= limits.per_day:
        return State.CAPPED
    return None


def _settle(message: TextMessage, state: State) -> State:
    if message.template == GRANTED:  # Sent or not, nobody needs the telephone any more.
        matters_service.forget_telephone(message.number)
    message.state = state
    message.save(update_fields=["state", "who", "tried", "sent_at", "theirs", "problem"])
    return state


def wording(message: TextMessage, *, language: str) -> tuple[str, dict[str, str], str]:
    """The text in the reporter's language, the values in it, and the provider's number of the wording."""
    matter = matters.get(SYSTEM, message.number)
    known = rulebook.current(Templates).list
    item = known.find(message.template) or known.item(CHANGED)  # A city may not have registered the newest wording yet.
    with override(language):
        day = date_format(matter.due_at.astimezone(clock.CITY), "MONTH_DAY_FORMAT")
        said = item.said("text", english=rulebook.is_english())
        reason = last_refusal(matter.number).rstrip("。.") if "{reason}" in said else ""
    values = {"number": matter.number, "body": matter.handler.short_name, "day": day}
    values |= {"reason": reason} if reason else {}
    return said.format(**values), values, item.template


@transaction.atomic
def note_fate(mark: str, *, delivered: bool, why: str = "") -> bool:
    """下落 — what the provider reports of one, by our mark or their number; False if it is none of ours. Twice is once."""
    rows = TextMessage.objects.select_for_update().filter(state__in=LEFT)
    message = rows.filter(mark=mark).first() or (rows.filter(theirs=mark).first() if mark else None)
    if message is None:
        return False
    message.state = State.DELIVERED if delivered else State.FAILED
    message.told_at, message.problem = clock.now(), "" if delivered else why[:200]
    message.save(update_fields=["state", "told_at", "problem"])
    return True


@transaction.atomic
def hear(phone: str, said: str) -> bool:
    """居民回复 — T, TD or 退订: the number is left in peace. Anything else is not kept; True if it was a stop."""
    if said.strip().strip("。.！!").lower() not in STOP:
        return False
    who = digest_of(phone)
    OptOut.objects.get_or_create(who=who, defaults={"at": clock.now()})
    notices.choose_page_only(TextMessage.objects.filter(who=who).values_list("number", flat=True))
    return True
