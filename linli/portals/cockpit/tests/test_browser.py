"""A month's brief, walked in a real browser: from the leader's page to a rate, its list and its year, and the paper."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from linli.kernel import clock
from linli.mechanisms.journal.testing import deliver
from tests import cast as people
from tests import place
from tests.browser import DESK, PHONE, barriers, picture, sign_in
from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SOLVED = 31
"""One more than a rate may be said of."""


@pytest.fixture(scope="module")
def lived(served_city: str, django_db_blocker: Any) -> None:
    """A month with enough solved to say a rate, and something at every other end; all of it this month."""
    with django_db_blocker.unblock():
        make = Make(people.find())
        with clock.at(clock.now() - timedelta(minutes=90)):
            for _each in range(SOLVED):
                make.closed()
            for state in ("answered", "handling", "carried", "objected", "raised"):
                getattr(make, state)(text="井盖翘起来了，差点绊倒人")
            make.matter(text="垃圾桶满了两天没人收", point=place.at(1.5, 0.5))
        deliver()


def test_a_months_brief(db: None, device: Any, lived: None) -> None:
    page = sign_in(device(DESK), "zheng")
    page.goto("/board/")
    page.get_by_role("link", name="比率和口径").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("比率和口径")
    assert barriers(page) == []
    picture(page, "rates")

    solution = page.locator("[data-code=solution]")
    expect(solution).to_contain_text("100.0%")
    expect(solution).to_contain_text("把握范围 89%–100%")
    solution.get_by_text("怎么算的").click()
    expect(solution).to_contain_text("indicators/matters v1 #solution")
    solution.get_by_role("link", name="各地和近十二个月").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("解决率")
    expect(page.locator(".lead")).to_contain_text(f"{SOLVED} 件里有 {SOLVED} 件")
    assert barriers(page) == []
    picture(page, "rate", whole=True)
    page.get_by_role("link", name=re.compile("看分子的")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{SOLVED} 件")
    expect(page.locator("[data-row]")).to_have_count(SOLVED)

    page.goto("/board/")
    page.get_by_role("link", name="看这个月的月报").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("诉求办理月报")
    lead = page.locator("#lead").inner_text()
    assert f"登记诉求 {SOLVED + 6} 件" in lead
    assert barriers(page) == []
    picture(page, "brief", whole=True)

    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 PDF，打印").click()
    paper = Path(waiting.value.path()).read_bytes()
    assert paper.startswith(b"%PDF-")
    assert waiting.value.suggested_filename.endswith(".pdf")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载表格（XLSX）").click()
    book = CalamineWorkbook.from_filelike(BytesIO(Path(waiting.value.path()).read_bytes()))
    said = [row[0] for row in book.get_sheet_by_name(book.sheet_names[0]).to_python()]
    assert [line for line in lead.splitlines() if line.strip()] == said[
        1 : 1 + len([1 for line in lead.splitlines() if line.strip()])
    ]


def test_on_a_phone_the_brief_and_the_rates_fit(db: None, device: Any, lived: None) -> None:
    page = sign_in(device(PHONE), "zheng")
    for address in (
        "/board/rates/",
        "/board/rates/one/?code=on_time",
        "/board/rates/list/?code=received",
        "/board/brief/",
    ):
        page.goto(address)
        assert barriers(page) == [], address
