"""发送 — one subscription's entries go out, those of one subject in their order; what fails is tried again, later each time.

Two kinds of failure are told apart. An address that takes nothing waits as a whole, and after days is switched off. An
entry that alone is refused holds back only its own subject, and after days is given up, so that nothing starves.
"""

import time
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import transaction

from linli.facts.webhooks import SubscriptionSwitchedOff
from linli.gateways.webhooks import queries, reaching, service
from linli.gateways.webhooks.models import Delivery, Subscription
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor
from linli.mechanisms.journal import outward

WAITS = tuple(timedelta(seconds=each) for each in (10, 30, 120, 600, 1800, 3600, 7200, 14400, 21600))
"""After the first failure, the second …; the last of them from then on."""
LEASE = timedelta(minutes=10)
"""A worker that has not come back by then is dead."""
MOST_SECONDS = 60.0
"""So that one slow address does not keep the worker from the others."""
BATCH = 100
ENOUGH_FAILURES = 3
"""So many in a row, and the address is taken to be down."""
KEEP = timedelta(days=30)
"""What was sent is remembered so long; it can be replayed from the journal for ever."""
REFUSALS = frozenset(range(400, 500)) - {401, 403, 404, 405, 407, 408, 410, 425, 429}
"""Statuses that speak of the one entry and not of the address."""
Outcome = Literal["good", "refused", "bad"]
SENDER = Actor.system("webhooks")


def send(number: int) -> None:
    """Send what waits for one subscription, then queue the next turn if there is one."""
    subscription = _claim(number)
    if subscription is None:
        return
    turn = _Turn(subscription)
    try:
        turn.run()
    finally:
        _finish(turn)


def _claim(number: int) -> Subscription | None:
    """Take the subscription for this worker, or nothing if it is stopped or another has it."""
    now = clock.now()
    with transaction.atomic():
        held = Subscription.objects.select_for_update().filter(pk=number).first()
        if held is None or not held.is_on:
            if held is not None:
                Subscription.objects.filter(pk=number).update(job_at=None)
            return None
        if held.busy_until is not None and held.busy_until > now:
            Subscription.objects.filter(pk=number).update(job_at=held.busy_until)
            outward.enqueue(service.SEND, not_before=held.busy_until, subscription=number)
            return None
        held.job_at, held.busy_until = None, now + LEASE
        held.save(update_fields=["job_at", "busy_until"])
    return held


class _Turn:
    """One turn at one address."""

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self.good = 0
        self.bad = 0
        self.refused = 0
        self.in_a_row = 0
        self.blocked: set[str] = set()
        self.more = False
        self.next_at: datetime | None = None

    def run(self) -> None:
        """In the journal's order; past what cannot go yet, with everything behind it of the same subject."""
        enough = time.monotonic() + MOST_SECONDS
        after = 0
        while batch := queries.waiting(self.subscription, after=after, most=BATCH):
            entries = queries.entries([each.entry_id for each in batch])
            for each in batch:
                if time.monotonic() > enough:
                    self.more = True
                    return
                self._one(each, entries.get(each.entry_id))
                if self.in_a_row >= ENOUGH_FAILURES:
                    return
            after = batch[-1].entry_id

    def _one(self, delivery: Delivery, heard: journal.Heard | None) -> None:
        now = clock.now()
        if delivery.subject in self.blocked:
            return
        if heard is None:  # Not in this journal: restored from an older backup.
            Delivery.objects.filter(pk=delivery.pk).update(given_up_at=now)
            return
        # A single refused entry waits its own time; where the whole address was down, its head is what is tried.
        if delivery.next_at is not None and delivery.next_at > now and self.subscription.failing_since is None:
            self._later(delivery, delivery.next_at)
            return
        outcome, problem = self._post(delivery, heard, at=now)
        if outcome == "good":
            Delivery.objects.filter(pk=delivery.pk).update(sent_at=now, tries=delivery.tries + 1, next_at=None)
            self.good += 1
            self.in_a_row = 0
            self._note(last_good_at=now, last_error="", failing_since=None, failures=0, next_at=None)
            return
        self._note(last_error=problem[:200])
        since = delivery.failing_since or now
        tries = delivery.tries + 1
        again = now + WAITS[min(tries, len(WAITS)) - 1]
        given_up = None
        if outcome == "refused":  # The address lives, and this one entry it will not have.
            self.refused += 1
            self.in_a_row = 0
            self._note(failing_since=None, failures=0, next_at=None)
            given_up = now if now - since >= _patience() else None
        else:
            self.bad += 1
            self.in_a_row += 1
        Delivery.objects.filter(pk=delivery.pk).update(
            tries=tries, failing_since=since, next_at=again, given_up_at=given_up
        )
        if given_up is None:
            self._later(delivery, again)

    def _later(self, delivery: Delivery, at: datetime) -> None:
        self.blocked.add(delivery.subject)
        self.next_at = at if self.next_at is None else min(self.next_at, at)

    def _post(self, delivery: Delivery, heard: journal.Heard, *, at: datetime) -> tuple[Outcome, str]:
        delivery.subscription = self.subscription
        body = service.body_of(delivery, heard)
        try:
            reached = reaching.post(self.subscription.address, body, service.headers_of(delivery, body, at=at))
        except reaching.Unreachable as error:
            self._note(last_status=None)
            return "bad", str(error)
        self._note(last_status=reached.status)
        if reached.is_good:
            return "good", ""
        return "refused" if reached.status in REFUSALS else "bad", f"HTTP {reached.status}"

    def _note(self, **values: object) -> None:
        changed = {name: value for name, value in values.items() if getattr(self.subscription, name) != value}
        for name, value in changed.items():
            setattr(self.subscription, name, value)
        if changed:
            Subscription.objects.filter(pk=self.subscription.pk).update(**changed)


def _patience() -> timedelta:
    return timedelta(days=settings.WEBHOOKS_DAYS)


def _finish(turn: _Turn) -> None:
    """Give it back; say when it goes on, or that it is switched off."""
    now = clock.now()
    with transaction.atomic():
        held = Subscription.objects.select_for_update().get(pk=turn.subscription.pk)
        held.busy_until = None
        at: datetime | None = None
        if turn.bad and not (turn.good or turn.refused):
            held.failing_since = held.failing_since or now
            held.failures += 1
            held.next_at = at = now + WAITS[min(held.failures, len(WAITS)) - 1]
            if held.is_on and now - held.failing_since >= _patience():
                _switch_off(held, at=now)
                at = None
        elif turn.in_a_row >= ENOUGH_FAILURES:
            at = now + WAITS[0]
        elif turn.more:
            at = now
        else:
            at = turn.next_at
        if at is None and held.is_on and queries.waiting(held, after=0, most=1) and not turn.blocked:
            at = now  # Something came while this turn was ending.
        held.save(update_fields=["busy_until", "failing_since", "failures", "next_at", "stopped_at", "stopped_for"])
        if at is not None and held.is_on:
            held.job_at = at
            held.save(update_fields=["job_at"])
            outward.enqueue(service.SEND, not_before=at, subscription=held.pk)
        Delivery.objects.filter(subscription=held, sent_at__lt=now - KEEP).delete()


def _switch_off(held: Subscription, *, at: datetime) -> None:
    """推送因失败停了 — its body is told; what waits is kept for when it is resumed."""
    held.stopped_at, held.stopped_for = at, "failures"
    fact = SubscriptionSwitchedOff(subscription=held.pk, body=held.body_id, failures=held.failures)
    journal.append(f"webhook:{held.pk}", fact, by=SENDER.author, at=at)


def replay(number: int, first: int, last: int) -> None:
    """Queue once more what a subscription is told of, from one entry to another."""
    subscription = Subscription.objects.filter(pk=number).first()
    while subscription is not None and (batch := queries.entries_from(first, last, most=1000)):
        with transaction.atomic():
            told = queries.concerns(batch, [subscription]).get(number, [])
            if told:
                service.queue(number, told, again=True)
                service.wake([number])
        first = batch[-1].entry_id + 1
