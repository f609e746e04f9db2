"""Passkeys in a real browser with a virtual authenticator, and the pages of sign-in on a phone."""

import re
import shutil
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

from linli.mechanisms.access.models import Person
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
FLAGS = ["--headless", "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser(served_city: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, served_city: str, monkeypatch) -> Iterator[Page]:
    """A phone; whatever the policy stops or a script gets wrong fails the test."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread; we look from it.
    context = browser.new_context(viewport=PHONE, base_url=served_city, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    Authenticator.objects.all().delete()
    connections.close_all()  # Beside a running loop, Django gives this same thread a connection of its own.
    assert not complaints


@pytest.fixture
def key(page: Page) -> str:
    """An authenticator that knows its owner, as a phone with a fingerprint does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return str(made["authenticatorId"])


def sign_in(page: Page, username: str = "li") -> None:
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def add_passkey(page: Page, *, alone: bool) -> None:
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="确认").click()
    page.get_by_label("给它起个名").fill("我的手机")
    page.get_by_label("只用这把钥匙就能登录").set_checked(alone)
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("恢复码")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="退出").click()


def test_the_city_is_really_committed(served_city, db):
    assert Person.objects.filter(username="li").exists()


def test_a_passkey_is_added_and_alone_it_signs_in(page: Page, key: str):
    sign_in(page)
    add_passkey(page, alone=True)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("我的手机")).to_be_visible()
    expect(page.get_by_text("可以不用密码登录")).to_be_visible()
    sign_out(page)
    page.goto("/accounts/login/?next=/me/")
    page.get_by_role("button", name=re.compile("通行密钥")).click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto("/me/")
    expect(page.get_by_role("main")).to_contain_text("李调度")


def test_a_passkey_is_a_second_step_after_the_password(page: Page, key: str):
    sign_in(page)
    add_passkey(page, alone=False)
    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("第二步验证")
    page.get_by_role("button", name=re.compile("通行密钥")).click()
    page.wait_for_url(lambda url: "/2fa/" not in url)
    page.goto("/me/")
    expect(page.get_by_role("main")).to_contain_text("李调度")


def test_a_finger_that_is_not_known_is_told_so(page: Page, key: str):
    session = page.context.new_cdp_session(page)
    page.goto("/accounts/login/")
    session.send("WebAuthn.enable")
    page.get_by_role("button", name=re.compile("通行密钥")).click()
    expect(page.locator("#passkey-trouble")).to_contain_text("没有完成验证")


PAGES = ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"]
STAFF = ["/me/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/password/change/", "/accounts/logout/"]


def fits(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], f"{path} is wider than a phone"
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_the_pages_fit_a_phone_and_can_be_read_aloud(page: Page):
    for path in PAGES:
        fits(page, path)
    sign_in(page)
    for path in STAFF:
        fits(page, path)
