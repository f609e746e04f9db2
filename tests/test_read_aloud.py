"""读给我听 in a real browser whose voices are ours: what is read and in which order, held, gone on with, ended."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linli.kernel import clock
from linli.mechanisms import territory
from linli.work.announcements import service
from linli.work.announcements.models import Announcement
from linli.work.announcements.service import Written
from linli.work.matters import words
from tests import cast as people
from tests import place
from tests.browser import PHONE, barriers
from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.slow]
VOICES = """
window.spoken = []; window.pending = null; window.hushed = 0;
const voices = %s.map(([lang, localService]) => ({ lang, localService }));
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices, addEventListener() {},
  speak(line) { window.spoken.push([line.lang, line.text]); window.pending = line; },
  cancel() { window.hushed += 1; window.pending = null; },
} });
window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
window.finishLine = () => { const line = window.pending; window.pending = null; if (line) line.dispatchEvent(new Event("end")); return Boolean(line); };
"""
OURS = '[["zh_CN", true], ["en-US", true]]'


@pytest.fixture(scope="module")
def notice(served_city: str, django_db_blocker: Any) -> Announcement:
    with django_db_blocker.unblock():
        area = territory.by_code(place.LIULIN)
        assert area is not None
        now = clock.now()
        written = Written("槐花路修路", "北半幅封闭。公交站往东挪。", now, now + timedelta(days=30), "0543-96777")
        return service.publish(written, kind="roadworks", area=area, by=people.find().actor("li"))


@pytest.fixture(scope="module")
def reported(served_city: str, django_db_blocker: Any) -> str:
    """The number of a matter in hand."""
    with django_db_blocker.unblock():
        return Make(people.find()).handling(text="小区北门的路灯坏了").number


def listening(device: Any, voices: str = OURS, **options: Any) -> Page:
    page: Page = device(PHONE, **options)
    page.add_init_script(VOICES % voices)
    return page


def heard(page: Page) -> list[str]:
    return [text for _lang, text in page.evaluate("window.spoken")]


def to_the_end(page: Page) -> list[str]:
    page.evaluate("while (window.finishLine());")
    return heard(page)


@pytest.mark.parametrize("voices", ["[]", '[["zh-CN", false]]', '[["zh-HK", true]]', '[["en-US", true]]'])
def test_no_button_where_the_device_itself_has_no_voice_for_the_language(db, device, notice, voices):
    page = listening(device, voices)
    page.goto(f"/n/{notice.number}/")
    expect(page.get_by_role("heading", name="槐花路修路")).to_be_visible()
    expect(page.get_by_role("button", name="读给我听")).to_be_hidden()


def test_the_main_text_is_read_in_its_order_and_nothing_else(db, device, notice):
    page = listening(device)
    page.goto(f"/n/{notice.number}/")
    page.get_by_role("button", name="读给我听").click()
    said = to_the_end(page)
    whole = "".join(said)
    assert whole.index("槐花路修路") < whole.index("修路、封路") < whole.index("北半幅封闭") < whole.index("0543-96777")
    for silent in ("打印", "读给我听", "110", "大字", "不读了"):
        assert silent not in whole
    assert all(len(each) <= 120 for each in said)
    expect(page.get_by_role("button", name="读给我听")).to_be_visible()  # At its end it stands as it did.


def test_it_is_held_gone_on_with_and_ended_by_the_keyboard_alone(db, device, notice):
    page = listening(device)
    page.goto(f"/n/{notice.number}/")
    page.get_by_role("button", name="读给我听").focus()
    page.keyboard.press("Enter")
    page.evaluate("window.finishLine()")
    assert len(heard(page)) == 2
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="接着读")).to_be_focused()
    assert page.evaluate("window.pending") is None
    page.keyboard.press("Enter")
    assert heard(page)[1] == heard(page)[2]  # From the beginning of the line where it was held.
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="不读了")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="读给我听")).to_be_focused()
    expect(page.get_by_role("button", name="不读了")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="读给我听")).to_be_visible()


def test_a_matter_is_read_to_its_reporter_and_no_form_of_it(db, device, served_city, reported):
    page = listening(device)
    page.context.add_cookies([{"name": "large", "value": "1", "url": served_city}])
    page.goto(f"/m/{reported}/{words.follow_token(reported)}/")
    page.get_by_role("button", name="读给我听").click()
    whole = "".join(to_the_end(page))
    assert whole.index("小区北门的路灯坏了") < whole.index("柳林街道城市管理办公室") < whole.index("办到哪一步")
    assert "补充上去" not in whole
    assert "催一催" not in whole


def test_a_rule_and_a_street_are_read_too_and_bar_nobody(db, device, notice):
    page = listening(device)
    for path, first in ((f"/t/{place.LIULIN}/", "柳林街道"), ("/rules/announcements/kinds/v1/", "邻里告知的种类")):
        page.goto(path)
        assert barriers(page) == []
        page.get_by_role("button", name="读给我听").click()
        assert any(first in each for each in to_the_end(page)[:3])


def test_in_english_a_chinese_name_is_read_by_the_chinese_voice(db, device, notice, served_city):
    page = listening(device)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": served_city}])
    page.goto(f"/n/{notice.number}/")
    page.locator("[data-speak-go]").click()
    to_the_end(page)
    spoken = page.evaluate("window.spoken")
    assert ["zh", "槐花路修路"] in spoken
    assert any(lang == "en" and "Road works" in text for lang, text in spoken)
