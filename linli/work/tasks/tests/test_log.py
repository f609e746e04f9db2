"""文字日志 of a task: for the auditor and whoever may see it; and the bodies that help are told of it."""

from datetime import date

import pytest

from linli.mechanisms.journal.models import Entry
from linli.mechanisms.journal.testing import deliver
from linli.work.tasks import service, telling
from linli.work.tasks.models import TaskNote


@pytest.fixture
def told(doing, cast):
    task = service.report(doing, note="沿街谈了一半", by=cast.actor("wu"))
    return service.press(task, reason="慢", by=cast.actor("zheng"))


def test_every_entry_in_words_and_the_words_still_hold(told):
    log = telling.log(told)
    assert [str(each.title) for each in log.told] == ["布置", "领受", "报进展", "督办"]
    assert (log.broken, log.altered) == ([], [])
    says = {detail.says for each in log.told for detail in each.details}
    assert {"“把沿街店铺的占道经营清一遍”", "“沿街谈了一半”", "柳林街道城市管理办公室"} <= says


def test_changed_words_and_a_changed_entry_are_said(told):
    TaskNote.objects.filter(text="慢").update(text="快")
    assert telling.log(told).altered == [4]
    with pytest.raises(Exception, match=r"(?i)append|read-only|not|只"):
        Entry.objects.filter(subject=told.subject, seq=2).update(payload="{}")


@pytest.mark.parametrize(("name", "status"), [("sun", 200), ("wu", 200), ("zheng", 200), ("zhou", 404), ("qian", 404)])
def test_an_auditor_and_whoever_may_see_it_read_the_log(sign_in, told, name, status):
    client = sign_in(name)
    for page in ("log/", "chain.txt"):
        assert client.get(f"/tasks/{told.number}/{page}").status_code == status
    assert client.get(f"/tasks/{told.number}/proof.json").status_code == 404  # Not sealed yet.


def test_the_page_leads_there_and_so_does_the_auditors_search(sign_in, told):
    sun = sign_in("sun")
    assert "/log/" in sun.get(f"/tasks/{told.number}/").content.decode()
    assert "沿街谈了一半" in sun.get(f"/tasks/{told.number}/log/").content.decode()
    assert sun.get("/audit/", {"q": told.number}).status_code == 302


def test_who_helps_is_told_too(give, cast):
    from linli.work.tasks.tests.test_notices import told as notices

    helper = cast.bodies["liulin_desk"]  # 柳林街道综治中心: 李调度 and 马调度.
    task = service.take_up(give(co_owners=[helper]), by=cast.actor("wu"))
    task = service.ask_delay(task, until=date(2026, 6, 30), reason="下雨", by=cast.actor("wu"))
    task = service.grant_delay(task, by=cast.actor("zheng"))
    task = service.press(task, reason="慢", by=cast.actor("zheng"))
    task = service.finish(task, evidence="好了", by=cast.actor("wu"))
    service.confirm(task, by=cast.actor("zheng"))
    deliver()
    for name in ("li", "ma"):
        assert notices(cast, name) == [("TaskGiven", False), ("TaskDelayed", False), ("TaskConfirmed", False)]
    assert notices(cast, "zhou") == []
