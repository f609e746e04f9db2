"""The pieces in a real browser: what is read aloud, what the scripts add, and what remains without them."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

pytestmark = pytest.mark.browser

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
WITHOUT_WEBGL = """
const whole = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return kind === "webgl2" ? null : whole.call(this, kind, ...rest); };
"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The component page asks nothing of the database, so a plain server thread will do."""
    server = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Any]:
    """Opens the component page; afterwards no script may have failed and no policy been broken."""
    complaints: list[str] = []
    contexts = []

    def opener(*, width: int = 360, before: str = "", cookies: dict[str, str] | None = None, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 740}, locale="zh-CN", **options)
        contexts.append(context)
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in (cookies or {}).items()])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        if before:
            page.add_init_script(before)
        page.goto(f"{address}/pieces/")
        return page

    yield opener
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(
    ("width", "large"), [(360, "0"), (1280, "0"), (360, "1")], ids=["phone", "desk", "large type on a phone"]
)
def test_axe_finds_nothing_serious(open_page: Any, width: int, large: str):
    page = open_page(width=width, cookies={"large": large}, bypass_csp=True)
    page.locator(".beside-map [data-map-ready]").wait_for()
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] + (["wcag2aaa"] if large == "1" else [])
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("large", ["0", "1"])
def test_nothing_sticks_out_of_a_phone(open_page: Any, large: str):
    page = open_page(width=360, cookies={"large": large})
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_every_target_is_large_enough_in_old_age_mode(open_page: Any):
    page = open_page(cookies={"large": "1"})
    small = page.eval_on_selector_all(
        ".button, .tool, .input, .choice",
        "all => all.filter(one => one.offsetParent && one.offsetHeight < 56).map(one => one.outerHTML)",
    )
    assert small == []


def test_the_map_is_drawn_with_webgl_and_without(open_page: Any):
    with_it = open_page(width=1280).locator(".beside-map [data-map]")
    with_it.and_(with_it.page.locator("[data-map-ready=maplibre]")).wait_for()
    without = open_page(width=1280, before=WITHOUT_WEBGL).locator(".beside-map [data-map]")
    without.and_(without.page.locator("[data-map-ready=leaflet]")).wait_for()


def test_a_place_is_taken_from_the_device_and_moved_by_keyboard(open_page: Any):
    page = open_page(geolocation={"longitude": 118.01, "latitude": 37.385}, permissions=["geolocation"])
    page.locator("[data-pick-here]").click()
    page.locator("[data-pick] [data-map-ready]").wait_for()
    lon, lat = page.locator("[data-pick-lon]"), page.locator("[data-pick-lat]")
    page.locator("[data-pick-clear]").wait_for()
    assert (lon.input_value(), lat.input_value()) == ("118.010000", "37.385000")
    page.locator("[data-pick] [data-map]").press("ArrowUp")
    assert float(lat.input_value()) > 37.385
    page.locator("[data-pick-clear]").click()
    assert lon.input_value() == lat.input_value() == ""


def test_what_was_typed_is_found_again_but_not_a_telephone_number(open_page: Any):
    page = open_page()
    page.evaluate("document.querySelector('#good_place').type = 'tel'")
    page.locator("#good_place").fill("13812345678")
    page.locator("#good_text").fill("路灯坏了三天了")
    page.locator("#good_text").blur()
    page.wait_for_timeout(500)
    assert "13812345678" not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    assert page.locator("#good_text").input_value() == "路灯坏了三天了"
    page.get_by_role("button", name="不要了，重新写").click()
    assert page.locator("#good_text").input_value() == ""
    assert page.evaluate("localStorage.length") == 0


def test_a_photograph_is_made_smaller_before_it_is_sent(open_page: Any, tmp_path: Path):
    big = tmp_path / "big.jpg"
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(big, quality=95)
    page = open_page()
    page.locator("#good_photo").set_input_files(big)
    page.locator("[data-photo-list] img").wait_for()
    assert page.evaluate("document.querySelector('#good_photo').files[0].size") < big.stat().st_size / 2
    page.locator("[data-photo-list] button").click()
    assert page.evaluate("document.querySelector('#good_photo').files.length") == 0


def test_the_queue_is_walked_by_keyboard(open_page: Any):
    page = open_page(width=1280)
    page.locator("#content").focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "井盖松动"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.url.endswith("#row1")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_without_scripts_the_lists_remain_and_the_switches_work(open_page: Any):
    page = open_page(java_script_enabled=False)
    assert not page.locator("[data-pick]").is_visible()
    assert not page.locator(".beside-map [data-map]").is_visible()
    assert page.locator(".beside-map").get_by_text("井盖松动").is_visible()
    page.get_by_role("button", name="EN").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("details.confirm > summary").first.click()
    assert page.locator(".confirm-body").first.is_visible()
