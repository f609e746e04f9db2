"""What goes out, in which order, and what happens when the other side fails, hangs, redirects, or refuses one entry for good."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.gateways.webhooks import kinds, sending, service
from linli.gateways.webhooks.models import Delivery, Subscription
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import service as matters
from linli.work.matters import together
from linli.work.notices.models import Notice
from tests import place

pytestmark = pytest.mark.django_db


def jobs(name=service.SEND):
    return ProcrastinateJob.objects.filter(task_name=name)


def test_what_happens_is_told_once_and_in_order(subscribe, told, make, receiver):
    subscription, _secret = subscribe()
    matter = make.assigned()
    told(subscription)
    told(subscription)
    assert [each["type"] for each in receiver.taken] == [
        "matters.MatterRegistered", "matters.MatterRaised", "matters.MatterRaised", "matters.MatterAssigned",
    ]  # fmt: skip
    assert [each["seq"] for each in receiver.taken] == [1, 2, 3, 4]
    assert len(set(receiver.ids)) == 4
    assert {each["subject"] for each in receiver.taken} == {matter.subject}
    assert Delivery.objects.filter(sent_at__isnull=False).count() == 4


def test_what_is_told_carries_no_words_and_no_names(subscribe, told, make, receiver):
    subscription, _secret = subscribe()
    matter = make.carried(visibility="named", name="赵秀英", phone="13812345678")
    matters.take_back(matter, why="化冻了，开工", by=make.cast.actor("feng"))
    told(subscription)
    whole = " ".join(body.decode() for _headers, body, _status in receiver.heard)
    for secret in ("路灯", "赵秀英", "13812345678", "等开春", "化冻", "冯主任", "王网格员", "敲门", "words", "owner"):
        assert secret not in whole
    carried = next(each for each in receiver.taken if each["type"] == "matters.MatterCarried")
    assert carried["data"] == {
        "number": matter.number, "handler": matter.handler_id, "reason": "season", "review_on": str(clock.today() + timedelta(days=20)),
    }  # fmt: skip
    assert carried["by"] == {"kind": "staff", "office": "柳林街道城管办", "post": "主任"}
    assert carried["url"].endswith("/")


def test_every_field_of_a_fact_leaves_or_has_a_reason_to_stay():
    from dataclasses import fields

    there = {each.name for fact in kinds.facts() for each in fields(fact)}
    assert not kinds.FIELDS & set(kinds.HELD_BACK)
    assert there == kinds.FIELDS | set(kinds.HELD_BACK), "a field in FIELDS, or in HELD_BACK with a reason"


def test_every_fact_of_a_matter_is_sent_or_has_a_reason_not_to_be():
    import linli.facts.matters
    import linli.facts.privacy
    from linli.facts.base import Fact

    here = {
        each.name
        for module in (linli.facts.matters, linli.facts.privacy)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Fact) and each.__module__.startswith(module.__name__)
    }
    assert not set(kinds.KINDS) & set(kinds.LEFT_OUT)
    assert here | {"access.IdentityRevealed"} == set(kinds.KINDS) | set(kinds.LEFT_OUT)


def test_what_is_pressed_merged_and_cleared_is_told_with_its_fields(subscribe, told, make, receiver, cast):
    subscription, _secret = subscribe(
        wanted=["matters.MatterPressed", "matters.MatterTookIn", "matters.MatterMerged", "privacy.PublicWordsSet"]
    )
    merged = make.merged()
    main = together.main_of(merged.number)
    matters.press(main, reason="三天没有动静", by=cast.actor("zheng"))
    matters.mask(main, keep=[], hide=["三天"], by=cast.actor("li"))
    told(subscription)
    data = {each["type"]: each["data"] for each in receiver.taken}
    assert data["matters.MatterMerged"]["main"] == main.number
    assert data["matters.MatterTookIn"]["merged"] == [merged.number]
    assert data["matters.MatterPressed"]["presser"] == cast.bodies["county_desk"].pk
    assert data["matters.MatterPressed"]["grade"]
    assert data["privacy.PublicWordsSet"] == {"number": main.number, "masked": 1}


def test_the_signature_is_over_id_time_and_body(subscribe, told, make, receiver):
    subscription, secret = subscribe(wanted=["matters.MatterRegistered"])
    make.matter()
    told(subscription)
    ((headers, body, _status),) = receiver.heard
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    assert secret not in str(Subscription.objects.values().get())


def test_only_the_asked_kinds_of_the_asked_area_are_told_and_no_report(subscribe, told, make, receiver):
    subscription, _secret = subscribe(wanted=["matters.MatterRegistered"], code=place.LIUAN)
    make.assigned()  # In 槐花社区.
    here = make.matter(point=place.at(1.5, 0.5))
    report = make.matter(point=place.at(1.5, 0.5), category="production-safety", text="有人贪了钱")
    assert report.is_report
    told(subscription)
    assert [each["data"]["number"] for each in receiver.taken] == [here.number]


def test_what_was_before_is_not_told(subscribe, told, make, receiver):
    make.matter()
    subscription, _secret = subscribe()
    told(subscription)
    assert receiver.heard == []


def test_a_failure_is_tried_again_later_and_later(subscribe, told, make, receiver, monkeypatch):
    subscription, _secret = subscribe(wanted=["matters.MatterRegistered"])
    make.matter()
    receiver.says = [500, 500, 503, 200]
    now, waits = clock.now(), []
    for _ in range(3):
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        told(subscription)
        waits.append(subscription.next_at - now)
        assert jobs().order_by("-id")[0].scheduled_at == subscription.next_at
        now = subscription.next_at + timedelta(seconds=1)
    assert waits == [timedelta(seconds=each) for each in (10, 30, 120)]
    assert (subscription.failures, subscription.last_status) == (3, 503)
    monkeypatch.setattr(clock, "now", lambda: now)
    told(subscription)
    assert (subscription.failures, subscription.failing_since, subscription.next_at) == (0, None, None)
    assert len(set(receiver.ids)) == 1
    assert len(receiver.ids) == 4


def test_who_hangs_is_left_and_who_drops_too(subscribe, told, make, receiver, settings):
    settings.WEBHOOKS_TIMEOUT = 0.2
    subscription, _secret = subscribe(wanted=["matters.MatterRegistered"])
    make.matter()
    for trouble in ("hang", "drop"):
        receiver.says = [trouble]
        began = time.monotonic()
        told(subscription)
        assert time.monotonic() - began < 3
        assert subscription.last_status is None
        assert subscription.last_error
    assert not Delivery.objects.filter(sent_at__isnull=False).exists()


def test_a_redirect_is_not_followed(subscribe, told, make, receiver):
    subscription, _secret = subscribe(wanted=["matters.MatterRegistered"])
    make.matter()
    receiver.says = [302]
    told(subscription)
    assert len(receiver.heard) == 1
    assert subscription.last_status == 302
    assert subscription.failing_since is not None


def test_a_dead_address_is_not_tried_for_every_entry(subscribe, told, make, receiver):
    subscription, _secret = subscribe(wanted=["matters.MatterRegistered"])
    for _ in range(6):
        make.matter()
    receiver.says = [500] * 6
    told(subscription)
    assert len(receiver.heard) == sending.ENOUGH_FAILURES


def test_an_entry_that_alone_is_refused_holds_back_only_its_own_subject(subscribe, told, make, receiver):
    subscription, _secret = subscribe()
    first, second = make.assigned(), make.assigned()
    receiver.refuses = {first.subject}
    told(subscription)
    assert [each["subject"] for each in receiver.taken] == [second.subject] * 4
    assert receiver.ids.count(receiver.ids[0]) == 1
    assert len(receiver.heard) == 5  # Of the first matter only its first entry was tried.
    assert subscription.failing_since is None
    later = clock.now() + timedelta(days=4)
    Delivery.objects.filter(tries=1, sent_at=None).update(
        next_at=clock.now() - timedelta(seconds=1), failing_since=later - timedelta(days=8)
    )
    told(subscription)
    assert Delivery.objects.filter(given_up_at__isnull=False).count() == 1
    receiver.refuses = set()
    Delivery.objects.filter(sent_at=None, given_up_at=None).update(next_at=None)
    told(subscription)
    assert [each["seq"] for each in receiver.taken if each["subject"] == first.subject] == [2, 3, 4]


def test_after_days_of_failure_it_is_switched_off_and_its_body_told(subscribe, told, make, receiver):
    subscription, _secret = subscribe(wanted=["matters.MatterRegistered"])
    make.matter()
    receiver.says = [500] * 3
    told(subscription)
    Subscription.objects.update(failing_since=clock.now() - timedelta(days=3, minutes=1))
    told(subscription)
    assert subscription.stopped_for == "failures"
    deliver()
    notice = Notice.objects.get(kind="webhooks.SubscriptionSwitchedOff", person__username="li")
    assert notice.address == f"/webhooks/{subscription.pk}/"
    assert notice.words == "推送连续失败，停了"
    sending.send(subscription.pk)
    assert len(receiver.heard) == 2
    receiver.says = []
    service.resume(subscription, by=make.cast.actor("li"))
    told(subscription)
    assert len(receiver.taken) == 1


def test_nothing_is_queued_while_it_is_stopped(subscribe, told, make, receiver, cast):
    subscription, _secret = subscribe()
    service.stop(subscription, by=cast.actor("li"))
    make.matter()
    told(subscription)
    assert not Delivery.objects.exists()
    assert receiver.heard == []


def test_many_facts_are_one_job(subscribe, make):
    subscription, _secret = subscribe()
    make.assigned()
    make.assigned()
    deliver()
    assert jobs().filter(args__subscription=subscription.pk).count() == 1
    assert Delivery.objects.filter(subscription=subscription).count() == 8


def test_two_workers_do_not_send_at_once(subscribe, told, make, receiver):
    subscription, _secret = subscribe()
    make.matter()
    deliver()
    Subscription.objects.update(busy_until=clock.now() + timedelta(minutes=5))
    sending.send(subscription.pk)
    assert receiver.heard == []
    Subscription.objects.update(busy_until=clock.now() - timedelta(seconds=1))  # That worker died.
    sending.send(subscription.pk)
    assert len(receiver.taken) == 1


# --- Replay ------------------------------------------------------------------------------------------------------------
def again(subscription, **how):
    """What a replay queues, run as the worker would."""
    service.replay(subscription, **how)
    job = jobs(service.REPLAY).order_by("-id")[0]
    sending.replay(number=job.args["subscription"], first=job.args["first"], last=job.args["last"])


def test_a_replay_sends_the_same_ids_and_bytes_again(subscribe, told, make, receiver, cast):
    subscription, _secret = subscribe()
    make.assigned()
    told(subscription)
    first = list(receiver.heard)
    again(subscription, from_entry=receiver.taken[1]["entry"], by=cast.actor("li"))
    sending.send(subscription.pk)
    assert receiver.ids[4:] == receiver.ids[1:4]
    assert [body for _h, body, _s in receiver.heard[4:]] == [body for _h, body, _s in first[1:]]
    story = journal.history(f"webhook:{subscription.pk}")
    assert story[-1].fact.name == "webhooks.SubscriptionReplayed"


def test_a_replay_reaches_back_before_the_subscription(subscribe, make, receiver, cast):
    matter = make.assigned()
    subscription, _secret = subscribe(wanted=["matters.MatterAssigned"])
    again(subscription, since=clock.now() - timedelta(days=1), by=cast.actor("li"))
    sending.send(subscription.pk)
    assert [each["data"]["number"] for each in receiver.taken] == [matter.number]


def test_what_was_removed_from_the_list_of_sent_can_still_be_replayed(subscribe, told, make, receiver, cast):
    subscription, _secret = subscribe(wanted=["matters.MatterRegistered"])
    make.matter()
    told(subscription)
    Delivery.objects.update(sent_at=clock.now() - sending.KEEP - timedelta(days=1))
    make.matter()
    told(subscription)
    assert Delivery.objects.count() == 1
    again(subscription, from_entry=1, by=cast.actor("li"))
    sending.send(subscription.pk)
    assert receiver.ids.count(receiver.ids[0]) == 2


def test_the_payload_is_what_the_guide_shows(subscribe, told, make, receiver):
    subscription, _secret = subscribe(wanted=["matters.MatterRegistered"])
    make.matter()
    told(subscription)
    (told_once,) = receiver.taken
    assert list(told_once) == ["id", "type", "entry", "at", "subject", "seq", "by", "data", "url"]
    assert told_once["id"] == f"wh_{subscription.pk}_{told_once['entry']}"
    assert json.loads(receiver.heard[0][1]) == told_once
