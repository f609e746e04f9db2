"""Sign-in with the city's identity provider, against a real one in a process of its own. Nothing is mocked.

A browser is played with `requests`: it keeps cookies, fills in forms and follows redirects between the two servers.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from linli.mechanisms.access.models import Person
from tests import cast as people
from tests import oidc_provider

pytestmark = pytest.mark.slow
WAYS = ("city", "phone", "other-issuer", "down")


@pytest.fixture(scope="module")
def issuer(served_city) -> Iterator[str]:
    """The provider's address while it runs."""
    callbacks = [f"{served_city}/accounts/oidc/{way}/login/callback/" for way in WAYS]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "DJANGO", "LINLI"))}
    command = [sys.executable, "-W", "ignore", "-m", "tests.oidc_provider", "--callback", *callbacks]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("ready "), line
            yield line.removeprefix("ready ").strip()
        finally:
            process.terminate()


@pytest.fixture
def cast(served_city, settings, issuer):
    """The people, and four ways of signing in: two good, one that lies about who it is, one that is down."""

    def way(key: str, **rest: str) -> dict:
        known = {"server_url": issuer, "issuer": issuer, "claim": "preferred_username", "match": "username"}
        return {
            "provider_id": key,
            "name": "柳城统一认证",
            "client_id": oidc_provider.CLIENT_ID,
            "secret": oidc_provider.CLIENT_SECRET,
            "settings": {**known, "oauth_pkce_enabled": True, **rest},
        }

    settings.SOCIALACCOUNT_PROVIDERS = {
        **settings.SOCIALACCOUNT_PROVIDERS,
        "openid_connect": {
            "provider_class": "linli.site.oidc.provider.CityProvider",
            "APPS": [
                way("city"),
                way("phone", claim="phone_number", match="phone"),
                way("other-issuer", issuer="https://id.liucheng.example"),
                way("down", server_url="http://127.0.0.1:9", issuer="http://127.0.0.1:9"),
            ],
        },
    }
    before = {person.pk: (person.username, person.phone) for person in Person.objects.all()}
    yield people.find()
    for pk, (username, phone) in before.items():
        Person.objects.filter(pk=pk).update(username=username, phone=phone, is_active=True)
    SocialAccount.objects.all().delete()
    Authenticator.objects.all().delete()


class Browser:
    """One person's browser."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.session = requests.Session()

    def get(self, url: str) -> requests.Response:
        return self.session.get(urljoin(self.home, url), allow_redirects=False, timeout=20)

    def submit(self, page: requests.Response, action: str, **typed: str) -> requests.Response:
        """Fill in the form of the page that goes to `action`."""
        for attributes, body in re.findall(r"<form\b([^>]*)>(.*?)</form>", page.text, re.DOTALL):
            goes = unescape((re.search(r'action="([^"]*)"', attributes) or [None, ""])[1])
            if action in goes:
                hidden = {}
                for field in re.findall(r"<input\b[^>]*>", body):
                    name, value = (re.search(rf'\b{part}="([^"]*)"', field) for part in ("name", "value"))
                    if name and 'type="submit"' not in field:
                        hidden[name[1]] = unescape(value[1]) if value else ""
                return self.session.post(
                    urljoin(page.url, goes),
                    {**hidden, **typed},
                    headers={"Referer": page.url},
                    allow_redirects=False,
                    timeout=20,
                )
        raise AssertionError(f"no form to {action!r} in {page.text[:2000]}")

    def onward(self, response: requests.Response) -> requests.Response:
        assert response.status_code == 302, response.text[:2000]
        return self.get(urljoin(response.url, response.headers["Location"]))

    def leave(self, way: str = "city", **changed: str) -> requests.Response:
        """From our sign-in page to the provider's first page, with parameters changed on the way."""
        response = self.submit(self.get("/accounts/login/"), f"/oidc/{way}/login/")
        assert response.status_code == 302, response.text
        address = urlsplit(response.headers["Location"])
        query = {name: values[0] for name, values in parse_qs(address.query).items()} | changed
        self.asked = query
        return self.get(address._replace(query=urlencode(query)).geturl())

    def agree(self, response: requests.Response, username: str) -> str:
        """Sign in there and consent; the address at which we are to come back."""
        page = self.onward(response)
        signed = self.submit(page, "", username=username, password=oidc_provider.PASSWORD)
        consent = self.onward(signed)
        back = self.submit(consent, "", allow="Authorize")
        assert back.status_code == 302, back.text
        return back.headers["Location"]

    def whoami(self) -> str:
        page = self.get("/me/")
        return page.text if page.status_code == 200 else ""


@pytest.fixture
def browser(served_city) -> Iterator[Browser]:
    made = Browser(served_city)
    yield made
    made.session.close()


def test_a_person_of_the_city_signs_in_and_is_linked(browser, cast):
    back = browser.get(browser.agree(browser.leave(), "li"))
    assert back.headers["Location"] == "/me/start/"
    assert "李调度" in browser.whoami()
    assert browser.asked["code_challenge_method"] == "S256"
    linked = SocialAccount.objects.get()
    assert linked.user.username == "li"
    assert set(linked.extra_data) == {"sub", "claim"}  # Nothing else of what the provider knows is kept.


def test_the_link_holds_the_second_time_even_under_another_name(browser, cast, served_city):
    browser.get(browser.agree(browser.leave(), "li"))
    Person.objects.filter(username="li").update(username="li.new")
    again = Browser(served_city)
    again.get(again.agree(again.leave(), "li"))
    assert "李调度" in again.whoami()
    assert SocialAccount.objects.count() == 1
    again.session.close()


def test_a_telephone_may_be_what_is_compared(browser, cast):
    Person.objects.filter(username="wang").update(phone=oidc_provider.PEOPLE["li"])
    browser.get(browser.agree(browser.leave("phone"), "li"))
    assert "王网格员" in browser.whoami()


def test_a_telephone_of_two_people_is_nobodys(browser, cast):
    Person.objects.filter(username__in=["wang", "li"]).update(phone=oidc_provider.PEOPLE["li"])
    refused = browser.get(browser.agree(browser.leave("phone"), "li"))
    assert refused.status_code == 403
    assert not browser.whoami()


def test_somebody_we_do_not_know_gets_no_account(browser, cast):
    before = Person.objects.count()
    refused = browser.get(browser.agree(browser.leave(), "stranger"))
    assert refused.status_code == 403
    assert "没有对应的在用账号" in refused.text
    assert not browser.whoami()
    assert Person.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_a_closed_account_is_not_opened_from_outside(browser, cast):
    Person.objects.filter(username="li").update(is_active=False)
    assert browser.get(browser.agree(browser.leave(), "li")).status_code == 403
    assert not browser.whoami()


def test_an_account_linked_already_is_not_linked_to_somebody_else(browser, cast):
    SocialAccount.objects.create(user=cast.people["li"], provider="city", uid="somebody-before")
    refused = browser.get(browser.agree(browser.leave(), "li"))
    assert refused.status_code == 403
    assert "另一个身份" in refused.text
    assert not browser.whoami()


def test_the_second_factor_is_asked_for_all_the_same(browser, cast):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(cast.people["li"], generate_totp_secret())
    back = browser.get(browser.agree(browser.leave(), "li"))
    assert back.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert not browser.whoami()


def is_refused(browser: Browser, response: requests.Response) -> bool:
    assert response.status_code == 401, response.text
    assert "没有登录成功" in response.text
    return not browser.whoami() and not SocialAccount.objects.exists()


def test_a_token_with_another_nonce_is_refused(browser, cast):
    address = browser.agree(browser.leave(nonce="a-nonce-of-somebody-else"), "li")
    assert is_refused(browser, browser.get(address))


def test_another_state_is_refused(browser, cast):
    address = urlsplit(browser.agree(browser.leave(), "li"))
    query = {name: values[0] for name, values in parse_qs(address.query).items()} | {"state": "guessed"}
    assert is_refused(browser, browser.get(address._replace(query=urlencode(query)).geturl()))


def test_the_way_back_of_one_browser_does_not_sign_in_another(browser, cast, served_city):
    address = browser.agree(browser.leave(), "li")
    victim = Browser(served_city)
    victim.get("/accounts/login/")
    assert is_refused(victim, victim.get(address))
    victim.session.close()


def test_a_code_of_another_session_does_not_fit_into_ones_own(browser, cast, served_city):
    stolen = parse_qs(urlsplit(browser.agree(browser.leave(), "li")).query)["code"][0]
    thief = Browser(served_city)
    thief.leave()
    query = urlencode({"code": stolen, "state": thief.asked["state"]})
    assert is_refused(thief, thief.get(f"/accounts/oidc/city/login/callback/?{query}"))
    thief.session.close()


def test_a_way_back_is_walked_once(browser, cast):
    address = browser.agree(browser.leave(), "li")
    assert browser.get(address).status_code == 302
    assert browser.get(address).status_code == 401


def test_a_provider_that_calls_itself_otherwise_is_refused(browser, cast):
    assert is_refused(browser, browser.submit(browser.get("/accounts/login/"), "/oidc/other-issuer/login/"))


def test_a_provider_that_does_not_answer_leaves_the_password(browser, cast):
    assert is_refused(browser, browser.submit(browser.get("/accounts/login/"), "/oidc/down/login/"))


def test_saying_no_there_is_no_error(browser, cast):
    state = parse_qs(urlsplit(browser.leave().url).query)
    assert state
    back = browser.get(f"/accounts/oidc/city/login/callback/?error=access_denied&state={browser.asked['state']}")
    assert back.headers["Location"] == "/accounts/3rdparty/login/cancelled/"
    assert "您取消了登录" in browser.get(back.headers["Location"]).text


def test_an_unknown_provider_is_not_there(browser, cast, db):
    assert browser.get("/accounts/oidc/nobody/login/").status_code == 404
