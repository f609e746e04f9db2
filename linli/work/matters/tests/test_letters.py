"""The letters a resident gets: about every fact they are told, in their language, once whatever happens."""

import re
from typing import Any

import pytest
from django.core import mail
from django.utils.formats import date_format
from procrastinate.contrib.django.models import ProcrastinateJob

from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import letters, service, tasks
from linli.work.matters.models import Matter
from linli.work.matters.words import follow_token
from tests.make import Make

pytestmark = pytest.mark.django_db
TO = {"visibility": "named", "name": "赵秀英", "phone": "13812345678", "email": "zhao@liulin.example"}


def lived(make: Make, **who: Any) -> Matter:
    """A matter to which everything has happened that a resident is told."""
    return service.reopen(make.verified(**(TO | who)), why="昨晚又灭了", by=Actor.resident())


def written(matter: Matter) -> dict[str, letters.Letter]:
    """The letter about each entry that has one, by the fact's name."""
    told = [each for each in journal.history(matter.subject) if isinstance(each.fact, letters.TOLD)]
    return {type(each.fact).__name__: letter for each in told if (letter := letters.letter_for(each))}


def test_a_letter_about_every_step_a_resident_is_told(make: Make) -> None:
    matter = lived(make)
    found = written(matter)
    due = date_format(matter.due_at.astimezone(clock.CITY), "MONTH_DAY_FORMAT")
    link = f"/m/{matter.number}/{follow_token(matter.number)}/"
    expected = {
        "MatterRegistered": ("已收到", due),
        "MatterAssigned": ("柳林街道城管办", due),
        "MatterAnswered": ("灯头已换，今晚亮了。", "解决了没有"),
        "MatterVerified": ("已有人到场核实", "评一评"),
        "MatterReopened": ("还没解决", due),
    }
    assert set(found) == set(expected)
    for name, parts in expected.items():
        letter = found[name]
        assert letter.to == "zhao@liulin.example"
        assert letter.subject.startswith(matter.number)
        assert link in letter.body
        assert all(part in letter.body for part in parts), letter.body
        assert "。。" not in letter.body


@pytest.mark.parametrize(("stands", "says"), [(True, "复核仍是不予受理"), (False, "复核认为该办")])
def test_an_exclusion_is_told_with_its_ground_its_channel_and_the_way_to_a_second_look(
    make: Make, cast: Any, stands: bool, says: str
) -> None:
    matter = service.look_again(make.second_look(**TO), stands=stands, why="看过案卷", by=cast.actor("jiang"))
    found = written(matter)
    told = found["MatterExcluded"]
    assert all(part in told.body for part in ("应当诉讼", "人民法院诉讼服务中心", "12368", "请另一个人再看一次"))
    looked = found["MatterExclusionUpheld" if stands else "MatterExclusionOverturned"]
    assert says in looked.body
    assert ("12368" in looked.body) is stands


def test_settled_on_the_spot_and_a_date_that_moved(make: Make, cast: Any) -> None:
    matter = service.settle(make.matter(**TO), reply="灯泡换好了。", by=cast.actor("wang"))
    settled = journal.history(matter.subject)[-1]
    letter = letters.letter_for(settled)
    assert letter is not None
    assert "灯泡换好了" in letter.body
    recounted = journal.Heard(
        settled.entry_id, settled.subject, 9, settled.at, settled.author, "recount",
        letters.facts.MatterRecounted(matter.number, matter.due_at, provisional=False),
    )  # fmt: skip
    letter = letters.letter_for(recounted)
    assert letter is not None
    assert "放假安排" in letter.body


def test_a_letter_is_in_the_language_the_resident_asked_for(make: Make) -> None:
    matter = lived(make, language="en")
    quoted = (matter.title, matter.reply.rstrip("。"), "柳林街道城管办", matter.number)
    for letter in written(matter).values():
        said = f"{letter.subject}\n{letter.body}"
        for each in quoted:
            said = said.replace(each, "")
        assert not re.search("[一-鿿]", said), said


def test_a_reply_of_several_lines_is_a_letter_all_the_same(make: Make, cast: Any) -> None:
    reply = "灯头已换\r\n今晚亮了。\n" + "一直到路口都看过，" * 20
    matter = service.answer(make.handling(**TO), outcome=make.outcome, reply=reply, by=cast.actor("wu"))
    tasks.send_letter(matter.subject, matter.version)
    (sent,) = mail.outbox
    assert sent.subject == f"{matter.number}：有答复了：灯头已换"
    assert "一直到路口都看过" in sent.body


def test_a_letter_tells_nothing_of_the_person(make: Make) -> None:
    for letter in written(lived(make)).values():
        assert "赵秀英" not in letter.subject + letter.body
        assert "13812345678" not in letter.subject + letter.body


def test_who_left_no_address_gets_no_letter(make: Make) -> None:
    assert written(lived(make, email="")) == {}
    assert written(lived(make, visibility="anonymous", name="", phone="", email="")) == {}
    deliver()
    assert not ProcrastinateJob.objects.filter(task_name="matters.letter").exists()


def test_each_letter_is_queued_once_and_bears_its_entry(make: Make) -> None:
    matter = lived(make)
    deliver()
    deliver()
    jobs = list(
        ProcrastinateJob.objects.filter(task_name="matters.letter").order_by("id").values_list("args", flat=True)
    )
    told = [each.seq for each in journal.history(matter.subject) if isinstance(each.fact, letters.TOLD)]
    assert jobs == [{"subject": matter.subject, "seq": seq} for seq in told]


def test_sent_twice_it_is_the_same_letter(make: Make) -> None:
    matter = make.matter(**TO)
    for _ in range(2):
        tasks.send_letter(matter.subject, 1)
    first, again = mail.outbox
    assert first.extra_headers == again.extra_headers == {"Message-ID": written(matter)["MatterRegistered"].message_id}
    assert first.to == ["zhao@liulin.example"]


def test_a_letter_about_nothing_is_not_sent(make: Make) -> None:
    matter = make.matter(**TO)
    tasks.send_letter(matter.subject, 99)
    tasks.send_letter("matter:没有", 1)
    tasks.send_letter(make.matter().subject, 1)
    assert mail.outbox == []
