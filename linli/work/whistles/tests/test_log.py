"""文字日志 of a whistle: every entry in words, for the auditor and whoever may see it."""

from typing import Any

import pytest

from linli.work.whistles import service, telling
from linli.work.whistles.models import Summons, Whistle
from linli.work.whistles.tests.conftest import District


@pytest.fixture
def told(district: District) -> Whistle:
    whistle = district.whistle()
    service.explain(whistle, reason="on-the-way", said="都在外面", by=district.actor("huo"))
    service.explain(whistle, reason="on-the-way", said="还有十分钟", by=district.actor("huo"))
    service.arrive(whistle, by=district.actor("lu"))
    service.report(whistle, action="封了\n东头", by=district.actor("lu"))
    service.report(whistle, action="放行", by=district.actor("lu"))
    return service.agree(whistle, plan="交警封路半小时", by=district.actor("li"))


def test_every_entry_in_words_and_none_is_accused_wrongly(told: Whistle) -> None:
    log = telling.log(told)
    titles = [str(each.title) for each in log.told]
    assert titles == ["吹哨", "说明没到的原因", "说明没到的原因", "到场", "报告办理", "报告办理", "议定办法"]
    assert (log.broken, log.altered) == ([], [])
    says = [detail.says for each in log.told for detail in each.details]
    assert "“封了\n东头”" in says
    assert "“放行”" in says
    assert "柳河区交警大队" in says
    assert "“还有十分钟”" in says  # Of the earlier one only the digest is left, and the page says so.
    assert sum("已不在库里" in each for each in says) == 1


def test_changed_words_are_said(told: Whistle) -> None:
    Summons.objects.filter(action__startswith="封了").update(action="封了\n西头\n放行")
    assert telling.log(told).altered


@pytest.mark.parametrize(("name", "status"), [("sun", 200), ("li", 200), ("lu", 200), ("xing", 404), ("qian", 404)])
def test_an_auditor_and_whoever_may_see_it_read_the_log(sign_in: Any, told: Whistle, name: str, status: int) -> None:
    client = sign_in(name)
    for page in ("log/", "chain.txt"):
        assert client.get(f"/whistles/{told.number}/{page}").status_code == status


def test_the_page_leads_there_and_so_does_the_auditors_search(sign_in: Any, told: Whistle) -> None:
    sun = sign_in("sun")
    assert "/log/" in sun.get(f"/whistles/{told.number}/").content.decode()
    assert "放行" in sun.get(f"/whistles/{told.number}/log/").content.decode()
    assert sun.get("/audit/", {"q": told.number}).status_code == 302
    assert sun.get("/audit/", {"q": "哨26-0101-999"}).status_code == 422
