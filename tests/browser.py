"""A real browser for tests: phones and desks, what is wrong for those who see badly, and pictures for the guides."""

import os
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.cast import PASSWORD

FLAGS = [
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--use-gl=angle",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 860}
PICTURES = Path(settings.ROOT) / "docs" / "guide" / "img"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE = 15_000
"""Milliseconds: the machine may be busy; a test of words should not be a test of speed."""


@pytest.fixture(scope="module")
def browser(served_city: str) -> Iterator[Browser]:
    """One Chromium for all tests of a module."""
    expect.set_options(timeout=PATIENCE)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread; we look from it.
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()
        connections.close_all()  # Under Playwright's loop this thread has a connection of its own; nobody else ends it.


@pytest.fixture
def device(browser: Browser, served_city: str) -> Iterator[Any]:
    """device(PHONE) gives a page on a device of its own; what the policy stops or a script gets wrong fails the test."""
    contexts, complaints = [], []

    def give(size: dict[str, int] = PHONE, *, scale: int = 1, **options: Any) -> Page:
        context = browser.new_context(
            viewport=size,
            base_url=served_city,
            locale="zh-CN",
            device_scale_factor=scale,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda line: complaints.append(f"{page.url}: {line.text}") if line.type == "error" else None)
        return page

    yield give
    for context in contexts:
        context.close()
    complaints = [each for each in complaints if "status of 4" not in each]
    assert not complaints, "\n".join(complaints)


def sign_in(page: Page, username: str) -> Page:
    """By the form everybody signs in by."""
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    return page


def barriers(page: Page) -> list[str]:
    """What keeps people out: axe's serious and critical findings, and anything wider than the screen."""
    found = [
        f"{each['id']}: {node['html'][:160]}"
        for each in Axe().run(page, options={"runOnly": RULES}).response["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
    width, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if width > room:
        wide = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
            ".slice(0, 3).map(one => one.outerHTML.slice(0, 120))"
        )
        found.append(f"{width} px wide where there are {room}: {wide}")
    return found


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """For the guides, when LINLI_SCREENSHOTS=1 says that they are to be taken anew."""
    if os.environ.get("LINLI_SCREENSHOTS") != "1":
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    for each in page.locator("[data-map]:visible").all():
        each.and_(page.locator("[data-map-ready]")).wait_for()
    page.wait_for_timeout(300)
    taken = Image.open(BytesIO(page.screenshot(full_page=whole)))
    plain = taken.convert("RGB")
    palette = Image.new("P", (1, 1))  # The 256 colours used most, exactly: paper must not turn into card.
    most = sorted(plain.getcolors(plain.width * plain.height), reverse=True)[:256]
    palette.putpalette([part for _n, colour in most for part in colour])
    plain.quantize(palette=palette, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)
