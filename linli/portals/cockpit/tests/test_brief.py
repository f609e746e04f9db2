"""月报: page, paper and spreadsheet say the same; the same figures are the same bytes; nobody typed one."""

import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from python_calamine import CalamineWorkbook

from linli.engines import documents
from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.journal import replay
from linli.mechanisms.journal.testing import deliver
from linli.portals.cockpit import paper
from linli.review.indicators import brief
from linli.review.indicators.models import Called
from linli.work.matters import service
from linli.work.whistles import service as whistles
from tests import place

pytestmark = pytest.mark.django_db
TEMPLATE = Path(settings.PACK) / "documents" / "brief.typ"


@pytest.fixture
def month(make: Any, cast: Any) -> date:
    """A month in which things went wrong too."""
    for move in (make.closed, make.closed, make.answered, make.handling, make.raised, make.carried, make.objected):
        move()
    unsolved = service.answer(make.handling(), outcome="not-found", reply="去看过了。", by=cast.actor("wu"))
    assert unsolved.state
    deliver()
    return clock.today().replace(day=1)


def sheets_of(client: Client, address: str) -> dict[str, list[list[Any]]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_page_has_every_cell_of_every_table(month: date, sign_in: Any, cast: Any) -> None:
    found = brief.of(cast.actor("zheng"))
    page = sign_in("zheng").get("/board/brief/").content.decode()
    assert {section.code for section in found.sections} == set(re.findall(r'data-section="([a-z]+)"', page))
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for sentence in (*found.lead, *(each for section in found.sections for each in section.sentences)):
        assert sentence in plain
    for section in found.sections:
        for table in section.tables:
            for row in table.rows:
                assert " ".join(cell.text for cell in row).split() == [
                    word for word in " ".join(cell.text for cell in row).split() if word in plain
                ]


def test_the_spreadsheet_has_the_pages_numbers_as_numbers(month: date, sign_in: Any, cast: Any) -> None:
    found = brief.of(cast.actor("zheng"))
    sheets = list(sheets_of(sign_in("zheng"), "/board/brief/xlsx/").values())
    tables = [table for section in found.sections for table in section.tables]
    assert len(sheets) == len(tables) + 2
    for table, sheet in zip(tables, sheets[1:-1], strict=True):
        assert sheet[0][: len(table.columns)] == list(table.columns)
        for row, line in zip(table.rows, sheet[1:], strict=True):
            assert [cell.text if cell.value is None else cell.value for cell in row] == line[: len(row)]
    assert [line[0] for line in sheets[-1][1:]] == [each.name for each in found.defined]
    assert len(found.lead) <= len(sheets[0]) - 1


def test_the_paper_has_the_pages_figures(month: date, cast: Any) -> None:
    """What the template is given is what the page shows: the same cells, in the same order."""
    found = brief.of(cast.actor("zheng"))
    told = paper.on_paper(found)
    given = [
        [[cell["text"] for cell in row] for row in table["rows"]]
        for section in told["sections"]
        for table in section["tables"]
    ]
    shown = [
        [[cell.text for cell in row] for row in table.rows] for section in found.sections for table in section.tables
    ]
    assert given == shown
    assert told["lead"] == list(found.lead)
    assert all(each["rule"].startswith("indicators/matters v") for each in told["defined"])


def test_the_same_month_is_the_same_bytes_after_a_replay_too(month: date, sign_in: Any) -> None:
    with clock.at(clock.now()):
        client = sign_in("zheng")
        once = {kind: client.get(f"/board/brief/{kind}/").content for kind in ("pdf", "xlsx")}
        assert once["pdf"].startswith(b"%PDF-")
        for name in ("courses", "called", "indicators"):
            replay.replay(name, everything=True)
        assert {kind: client.get(f"/board/brief/{kind}/").content for kind in ("pdf", "xlsx")} == once


def test_another_matter_is_other_bytes(month: date, sign_in: Any, make: Any) -> None:
    client = sign_in("zheng")
    once = client.get("/board/brief/pdf/").content
    make.matter()
    deliver()
    assert client.get("/board/brief/pdf/").content != once


@pytest.mark.parametrize("code", [place.COUNTY, place.LIULIN, place.HUAIHUA])
def test_a_brief_for_every_level(month: date, sign_in: Any, cast: Any, code: str) -> None:
    area = territory.by_code(code)
    assert area is not None
    client = sign_in("zheng")
    page = client.get(f"/board/brief/?area={area.id}").content.decode()
    assert f"{area.name} 诉求办理月报" in page
    assert client.get(f"/board/brief/pdf/?area={area.id}")["Content-Type"] == "application/pdf"


def test_a_month_in_which_nothing_happened_has_its_brief(city: None, sign_in: Any, cast: Any) -> None:
    client = sign_in("zheng")
    assert "这个月没有登记诉求" in client.get("/board/brief/").content.decode()
    assert client.get("/board/brief/pdf/").content.startswith(b"%PDF-")
    assert "还没有指标口径在施行" in client.get("/board/brief/?month=2023-06").content.decode()
    assert client.get("/board/brief/pdf/?month=2023-06").content.startswith(b"%PDF-")


def test_every_rate_is_said_with_its_whole_and_nothing_of_under_thirty_as_a_rate(month: date, cast: Any) -> None:
    (rates,) = [section for section in brief.of(cast.actor("zheng")).sections if section.code == "rates"]
    for _name, part, whole, rate, interval, _before in rates.tables[0].rows:
        assert part.value is not None
        assert whole.value is not None
        assert part.value <= whole.value < 30
        assert (rate.text, interval.text) in {("样本太少", "–"), ("–", "–")}
        assert rate.value is None


def test_why_it_was_not_done_is_told_by_the_recorded_reasons(month: date, cast: Any) -> None:
    (unsolved,) = [section for section in brief.of(cast.actor("zheng")).sections if section.code == "unsolved"]
    told = {table.caption: [row[0].text for row in table.rows] for table in unsolved.tables}
    assert "查无此事" in told["答复写明没办成的（当月第一次答复，居民没有说解决了）"]
    assert told["现在挂账的"]
    assert told["现在在办、下级解决不了报上来的"]


def test_a_whistle_nobody_answered_is_in_the_brief(month: date, make: Any, cast: Any) -> None:
    li, urban = cast.actor("li"), cast.bodies["liulin_urban"]
    now = clock.now().replace(day=10, hour=9)
    with clock.at(now):
        area = territory.by_code(place.LIULIN)
        assert area is not None
        whistles.sound(
            kind="emergency",
            area_id=area.id,
            called=[whistles.Called(urban)],
            what="井盖塌了",
            key="form-whistle-1",
            by=li,
        )
        deliver()
    with clock.at(now + timedelta(days=2)):
        found = brief.of(cast.actor("zheng"), month=now.date())
    (section,) = [each for each in found.sections if each.code == "whistles"]
    assert "吹哨 1 次，应叫 1 次；过了回应的时限没有人应的 1 次" in section.sentences[0]
    assert [cell.value for cell in section.tables[0].rows[0]] == [None, 1, 1, 0]
    before = list(Called.objects.order_by("number", "body").values("number", "body", "answered_at", "acknowledge_by"))
    replay.replay("called", everything=True)
    assert (
        list(Called.objects.order_by("number", "body").values("number", "body", "answered_at", "acknowledge_by"))
        == before
    )
    assert before


def test_a_task_given_from_above_is_in_the_brief(make: Any, cast: Any) -> None:
    make.task()
    deliver()

    def asked(code: str) -> Any:
        area = territory.by_code(code)
        assert area is not None
        (burden,) = [each for each in brief.of(cast.actor("zheng"), area_id=area.id).sections if each.code == "burden"]
        return burden.tables[0].rows[-1][1].value

    assert (asked(place.COUNTY), asked(place.LIULIN), asked(place.XINGHUA), asked(place.HUAIHUA)) == (1, 1, 0, 0)
    replay.replay("given", everything=True)
    assert asked(place.LIULIN) == 1


def test_what_a_body_is_called_is_printed_and_not_obeyed(month: date, cast: Any) -> None:
    told = paper.on_paper(brief.of(cast.actor("zheng")))
    told["title"] = '#import "x": * $ ] #panic()'
    assert documents.pdf(TEMPLATE, told, at=clock.now()).startswith(b"%PDF-")


@pytest.mark.parametrize("who", ["wang", "wu"])
def test_who_may_not_read_indicators_has_no_brief(month: date, sign_in: Any, who: str) -> None:
    client = sign_in(who)
    assert [client.get(f"/board/brief/{kind}").status_code for kind in ("", "pdf/", "xlsx/")] == [403] * 3
