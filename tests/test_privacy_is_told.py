"""Whoever asked for their data to be deleted is told what was decided, by the way they chose, and then is left alone."""

import json
from datetime import date, timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.facts.privacy import ErasureRecounted
from linli.gateways.sms import service as sms
from linli.gateways.sms.models import State, TextMessage
from linli.kernel import clock
from linli.mechanisms import journal, rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import clocks, timers
from linli.mechanisms.flow.models import Timer
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import service, tasks
from linli.work.matters.models import Contact, LastAddress
from linli.work.matters.service import last_words, privacy
from linli.work.notices import service as notices

pytestmark = pytest.mark.django_db
NAME, PHONE, EMAIL = "赵秀英", "13812345678", "zhao@liulin.example"


@pytest.fixture
def matter(make):
    """Closed; its reporter left an address and a telephone."""
    return make.closed(visibility="named", name=NAME, phone=PHONE, email=EMAIL)


@pytest.fixture
def asked(matter):
    """Their request that all of it be deleted."""
    return service.ask_erasure(matter, scope="all", why="搬走了", by=Actor.resident())


def sent_about(subject):
    """The letters that wait about this subject, sent as the worker would."""
    deliver()
    jobs = ProcrastinateJob.objects.filter(task_name="matters.letter", args__subject=subject).order_by("id")
    mail.outbox.clear()
    for args in jobs.values_list("args", flat=True):
        tasks.send_letter(**args)
    return list(mail.outbox)


def test_a_refusal_is_told_with_its_reason_and_where_to_complain(asked, cast):
    service.refuse(asked, reason="proceedings", said="信访复查用得着，十二月结束。", by=cast.actor("jiang"))
    (letter,) = sent_about(asked.subject)
    assert letter.to == [EMAIL]
    for part in ("信访复查复核", "十二月结束", "网信部门", "人民法院", f"/m/{asked.matter.number}/"):
        assert part in letter.body, part
    assert NAME not in letter.body + letter.subject
    assert not LastAddress.objects.exists()


def test_what_is_deleted_is_told_although_the_address_was_among_it(asked, cast):
    service.grant(asked, by=cast.actor("jiang"))
    assert not Contact.objects.exists()
    kept = LastAddress.objects.get()
    assert (kept.email, kept.phone) == (EMAIL, PHONE)
    (letter,) = sent_about(asked.subject)
    assert letter.to == [EMAIL]
    assert "已经删除" in letter.body
    assert "网信部门" in letter.body
    assert not LastAddress.objects.exists(), "no text message was asked for, and the letter is gone"
    assert sent_about(asked.subject) == [], "run again after a crash, it knows nobody any more"


def test_the_queue_of_letters_names_nobody(asked, cast):
    service.grant(asked, by=cast.actor("jiang"))
    deliver()
    queued = json.dumps(list(ProcrastinateJob.objects.values_list("args", flat=True)))
    assert EMAIL not in queued
    assert PHONE not in queued


def test_who_chose_text_messages_gets_one_and_the_telephone_goes(make, cast, monkeypatch):
    told = []
    monkeypatch.setattr(
        sms.provider, "hand_over",
        lambda **said: told.append(said) or sms.provider.Answer(taken=True, again=False, said="", theirs="p-1"),
    )  # fmt: skip
    with clock.at(clock.now().astimezone(clock.CITY).replace(hour=12)):
        matter = make.closed(visibility="pseudonym", phone=PHONE)
        notices.choose_channel(matter.number, "sms")
        row = service.ask_erasure(matter, scope="contact", why="", by=Actor.resident())
        service.refuse(row, reason="open", said="办完再说", by=cast.actor("jiang"))
        deliver()
        row = service.ask_erasure(matter, scope="contact", why="", by=Actor.resident())
        waiting = TextMessage.objects.get(template="erasure_refused")
        assert sms.send(waiting.pk) == State.SENT
        service.grant(row, by=cast.actor("jiang"))
        deliver()
        assert sms.send(TextMessage.objects.get(template="erasure_granted").pk) == State.SENT
    refused, granted = told
    assert refused["phone"] == granted["phone"] == PHONE
    assert "还在办" in refused["text"]
    assert all("网信部门" in each["text"] and matter.number in each["text"] for each in told)
    assert sent_about(row.subject) == [], "no e-mail was left"
    assert not LastAddress.objects.exists()


def test_an_address_nobody_could_write_to_goes_after_three_days(asked, cast):
    service.grant(asked, by=cast.actor("jiang"))
    with clock.at(clock.now() + last_words.LONGEST - timedelta(minutes=1)):
        while timers.run_once():
            pass
        assert LastAddress.objects.exists()
    with clock.at(clock.now() + last_words.LONGEST + timedelta(minutes=1)):
        while timers.run_once():
            pass
    assert not LastAddress.objects.exists()


def test_who_left_nothing_leaves_nothing_behind(make, cast):
    matter = make.closed(visibility="anonymous", name="", phone="", email="")
    row = service.ask_erasure(matter, scope="all", why="", by=Actor.resident())
    service.grant(row, by=cast.actor("jiang"))
    assert not LastAddress.objects.exists()
    assert not Timer.objects.filter(subject=row.subject).exists()
    assert sent_about(row.subject) == []


def test_a_copy_that_was_handed_over_is_told_to_whose_it_is(matter, cast):
    service.disclose(matter, checked="看了身份证原件", by=cast.actor("jiang"))
    (letter,) = [each for each in sent_about(matter.subject) if "给了来查的人一份" in each.body]
    assert letter.to == [EMAIL]
    assert "网信部门" in letter.body


def test_in_the_language_they_asked_for(make, cast):
    matter = make.closed(visibility="named", name=NAME, phone=PHONE, email=EMAIL, language="en")
    row = service.ask_erasure(matter, scope="contact", why="", by=Actor.resident())
    service.grant(row, by=cast.actor("jiang"))
    assert LastAddress.objects.get().language == "en"


# --- A year's calendar is entered ----------------------------------------------------------------------------------------
def test_the_day_of_a_decision_moves_with_the_calendar(make):
    with clock.at(clock.now().replace(year=2026, month=12, day=29, hour=2)):
        matter = make.closed()
        row = service.ask_erasure(matter, scope="all", why="", by=Actor.resident())
        before = row.decide_by
        items = [{"code": "new-year", "name": "元旦", "first": "2027-01-01", "last": "2027-01-03", "make_up": []}]
        rulebook.enact(
            "calendar/2027", {"title": "2027年工作日历", "items": items}, in_force=date(2027, 1, 1),
            basis="国务院办公厅通知", by=journal.Author("system", post="test"),
        )  # fmt: skip
        rulebook.queries.forget()
        deliver()
        row.refresh_from_db()
        assert row.decide_by > before
        assert row.decide_by == clocks.running(row.subject, "erase").due_at
        told = journal.history(row.subject)[-1].fact
        assert told == ErasureRecounted(row.number, matter.number, decide_by=row.decide_by, provisional=False)
        assert timers.armed(row.subject)[privacy.UNDECIDED] == row.decide_by + timedelta(seconds=1)
        with clock.at(before + timedelta(seconds=2)):
            while timers.run_once():
                pass
            row.refresh_from_db()
            assert not row.overdue
    rulebook.queries.forget()
