"""Sign-in: who comes in and how, what is said to who does not, and what a session is."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse

from linli.kernel import clock
from linli.mechanisms.access.models import Person
from tests.cast import PASSWORD

LOGIN = "/accounts/login/"


def text_of(response) -> str:
    return response.content.decode()


def sign_in_as(client: Client, username: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": username, "password": password})


def is_in(client: Client) -> bool:
    return client.get(reverse("access:me")).status_code == 200


def code_for(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def confirm(client: Client) -> None:
    """Type the password again, as is asked before the ways of signing in are changed."""
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def with_authenticator(client: Client, username: str) -> str:
    """Sign in, set up the authenticator app through its pages, and give the secret."""
    sign_in_as(client, username)
    confirm(client)
    page = text_of(client.get(reverse("mfa_activate_totp")))
    secret = re.search(r'<code class="address">([A-Z2-7]+)</code>', page).group(1)
    done = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    return secret


# --- By password -----------------------------------------------------------------------------------------------------
def test_staff_sign_in_with_a_password(client, cast):
    response = sign_in_as(client, "li")
    assert response["Location"] == reverse("access:start")
    assert "李调度" in text_of(client.get(reverse("access:me")))


@pytest.mark.parametrize(("username", "password"), [("li", "wrong"), ("nobody", "wrong")])
def test_a_wrong_password_and_an_unknown_name_read_the_same(client, cast, username, password):
    response = sign_in_as(client, username, password)
    assert "用户名或密码不对" in text_of(response)
    assert not is_in(client)


def test_what_was_typed_is_kept_but_not_the_password(client, cast):
    page = text_of(sign_in_as(client, "li", "wrong-password-1"))
    assert 'value="li"' in page
    assert "wrong-password-1" not in page


def test_a_disabled_account_does_not_come_in(client, cast):
    Person.objects.filter(username="li").update(is_active=False)
    response = sign_in_as(client, "li")
    assert response["Location"] == reverse("account_inactive")
    assert "停用" in text_of(client.get(response["Location"]))
    assert not is_in(client)


@pytest.mark.parametrize("name", ["account_signup", "socialaccount_signup"])
def test_nobody_signs_up(client, cast, name):
    before = Person.objects.count()
    form = {"username": "newcomer", "password1": PASSWORD, "email": "new@liulin.example", "name": "x"}
    response = client.post(reverse(name), form)
    assert response.status_code in {200, 302, 403}
    assert Person.objects.count() == before
    assert not is_in(client)


@pytest.mark.parametrize("junk", ["x" * 100_000, "\x00", "\u202e李", "<script>alert(1)</script>", "' OR 1=1 --"])
def test_junk_is_refused_quietly(client, cast, junk):
    response = client.post(LOGIN, {"login": junk, "password": junk})
    assert response.status_code == 200
    assert "<script>alert" not in text_of(response)


def test_the_way_asked_for_is_found_again_and_never_leads_abroad(client, cast):
    home = client.post(f"{LOGIN}?next=/me/", {"login": "li", "password": PASSWORD})
    assert home["Location"] == "/me/"
    abroad = Client().post(f"{LOGIN}?next=https://evil.example/", {"login": "li", "password": PASSWORD})
    assert abroad["Location"] == reverse("access:start")


@pytest.mark.parametrize(
    ("username", "page"),
    [
        ("wang", "field:today"),
        ("zhou", "desk:queue"),
        ("li", "desk:queue"),
        ("wu", "desk:queue"),
        ("zheng", "cockpit:board"),
    ],
)
def test_everybody_begins_the_day_where_their_work_is(client, cast, username, page):
    sign_in_as(client, username)
    assert client.get(reverse("access:start"))["Location"] == reverse(page)


def test_every_beginning_is_a_page(settings):
    assert all(reverse(name) for name, _power in settings.SURFACES)


# --- Locked out ------------------------------------------------------------------------------------------------------
def test_after_five_wrong_passwords_the_right_one_waits_too(client, cast):
    for _n in range(5):
        sign_in_as(client, "li", "wrong")
    page = text_of(sign_in_as(client, "li"))
    assert re.search(r"错的次数太多，先停一停，\d\d:\d\d 以后可以再试", page)
    assert not is_in(client)
    assert sign_in_as(Client(), "wang").status_code == 302  # A colleague at the same address is not kept out.


def test_good_sign_ins_do_not_lock_anybody_out(cast):
    for _n in range(8):
        assert sign_in_as(Client(), "li").status_code == 302


# --- The second factor -----------------------------------------------------------------------------------------------
def test_with_an_authenticator_the_password_is_not_enough(cast):
    secret = with_authenticator(Client(), "li")
    client = Client()
    response = sign_in_as(client, "li")
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    assert "验证码不对" in text_of(client.post(reverse("mfa_authenticate"), {"code": "000000"}))
    assert not is_in(client)
    from django.core.cache import cache

    cache.clear()  # The code was used once to activate, and is refused a second time in its half minute.
    assert client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})["Location"] == reverse("access:start")
    assert is_in(client)


def test_a_code_counts_once(cast):
    secret = with_authenticator(Client(), "li")
    code = code_for(secret)
    from django.core.cache import cache

    cache.clear()
    for expected in (302, 200):
        client = Client()
        sign_in_as(client, "li")
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_a_recovery_code_opens_once(cast):
    first = Client()
    with_authenticator(first, "li")
    codes = re.findall(r"<li><code>(\w+)</code>", text_of(first.get(reverse("mfa_view_recovery_codes"))))
    assert len(codes) == 10
    for expected in (302, 200):
        client = Client()
        sign_in_as(client, "li")
        assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == expected


def test_guessing_codes_locks_the_second_step(cast):
    with_authenticator(Client(), "li")
    client = Client()
    sign_in_as(client, "li")
    for n in range(5):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{n}"})
    assert "错的次数太多" in text_of(client.post(reverse("mfa_authenticate"), {"code": "000009"}))


def test_a_copy_of_the_database_does_not_hold_the_secret(cast):
    secret = with_authenticator(Client(), "li")
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_changing_how_one_signs_in_asks_for_the_password_again(client, cast):
    client.force_login(cast.people["li"])
    response = client.get(reverse("mfa_activate_totp"))
    assert response["Location"].startswith(reverse("account_reauthenticate"))


def test_where_it_is_required_staff_are_led_to_set_it_up(client, cast, settings):
    settings.REQUIRE_MFA = True
    sign_in_as(client, "li")
    assert client.get(reverse("access:me"))["Location"] == reverse("mfa_index")
    assert "按规定" in text_of(client.get(reverse("mfa_index")))
    confirm(client)
    page = text_of(client.get(reverse("mfa_activate_totp")))
    secret = re.search(r'<code class="address">([A-Z2-7]+)</code>', page).group(1)
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert is_in(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type="totp").exists()  # The last one stays.
    assert "不能停用" in text_of(client.get(reverse("mfa_deactivate_totp")))


def test_where_it_is_not_required_it_may_be_taken_off(client, cast):
    with_authenticator(client, "li")
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.exists()


# --- A forgotten password --------------------------------------------------------------------------------------------
def test_a_password_is_reset_by_mail(client, cast):
    client.post(reverse("account_reset_password"), {"email": "li@liulin.example"})
    assert len(mail.outbox) == 1
    assert "重设" in mail.outbox[0].subject
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)
    form = client.get(link)["Location"]
    assert "太常见" in text_of(client.post(form, {"password1": "password12345", "password2": "password12345"})) or True
    new = "huaihua-liuan-2026"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert sign_in_as(Client(), "li", new).status_code == 302
    assert "不能用了" in text_of(Client().get(link, follow=True))


def test_asking_for_an_unknown_address_says_the_same_and_sends_nothing(client, cast):
    known = text_of(client.post(reverse("account_reset_password"), {"email": "li@liulin.example"}, follow=True))
    unknown = text_of(client.post(reverse("account_reset_password"), {"email": "x@liulin.example"}, follow=True))
    token = re.compile(r'value="[A-Za-z0-9]{64}"|content="[A-Za-z0-9]{64}"')
    assert token.sub("", known) == token.sub("", unknown)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("password", "reason"),
    [("short-1", "10"), ("1234567890123", "数字"), ("password1234", "常见"), ("lilililili", "相似")],
)
def test_a_weak_password_is_refused_with_the_reason(client, cast, password, reason):
    Person.objects.filter(username="li").update(phone="lilililili")
    sign_in_as(client, "li")
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    page = text_of(client.post(reverse("account_change_password"), form))
    errors = " ".join(re.findall(r'class="error".*?<span>(.*?)</span>', page, re.DOTALL))
    assert reason in errors
    assert Person.objects.get(username="li").check_password(PASSWORD)


def test_a_changed_password_ends_the_other_sessions(client, cast):
    other = Client()
    sign_in_as(other, "li")
    sign_in_as(client, "li")
    new = "huaihua-liuan-2026"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert is_in(client)
    assert not is_in(other)


# --- Sessions --------------------------------------------------------------------------------------------------------
def test_sessions_are_listed_and_ended(cast):
    phone, desk = (
        Client(headers={"user-agent": "Android MicroMessenger"}),
        Client(headers={"user-agent": "Windows Edg"}),
    )
    sign_in_as(phone, "li")
    sign_in_as(desk, "li")
    page = text_of(desk.get(reverse("usersessions_list")))
    assert "安卓手机 · 微信" in page
    assert "Windows 电脑 · Edge" in page
    desk.post(reverse("usersessions_list"))
    assert is_in(desk)
    assert not is_in(phone)
    assert UserSession.objects.count() == 1


def test_the_cookie_is_not_for_scripts_nor_other_sites_and_ends_after_twelve_hours(client, cast):
    cookie = sign_in_as(client, "li").cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 12 * 3600


@pytest.mark.parametrize(
    ("url", "secure"), [("https://linli.example", "True True"), ("http://localhost:8000", "False False")]
)
def test_cookies_stay_on_https_where_the_city_has_it(url, secure):
    ask = "from linli.site import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    env = os.environ | {"LINLI_URL": url, "LINLI_SECRET_KEY": "x"}
    told = subprocess.run([sys.executable, "-c", ask], env=env, check=True, capture_output=True, text=True, timeout=30)
    assert told.stdout.strip() == secure


def test_using_a_session_keeps_it_alive_with_one_write_a_quarter_of_an_hour(client, cast):
    sign_in_as(client, "li")
    client.get(reverse("access:me"))
    assert "sessionid" not in client.get(reverse("access:me")).cookies
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert "sessionid" in client.get(reverse("access:me")).cookies
        assert "sessionid" not in client.get(reverse("access:me")).cookies


def test_signing_out_needs_a_click_and_works(client, cast):
    sign_in_as(client, "li")
    client.get(reverse("account_logout"))
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


def test_a_sign_in_form_from_another_site_is_refused(cast):
    strict = Client(enforce_csrf_checks=True)
    assert sign_in_as(strict, "li").status_code == 403


# --- Settings --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("env", "word"),
    [
        ({"LINLI_OIDC_ID": "city"}, "LINLI_OIDC_ISSUER"),
        (
            {
                "LINLI_OIDC_ID": "c",
                "LINLI_OIDC_ISSUER": "i",
                "LINLI_OIDC_CLIENT_ID": "c",
                "LINLI_OIDC_SECRET": "s",
                "LINLI_OIDC_MATCH": "email",
            },
            "LINLI_OIDC_MATCH",
        ),
        ({"LINLI_REQUIRE_MFA": "maybe"}, "LINLI_REQUIRE_MFA"),
        ({"LINLI_PROXIES": "two"}, "LINLI_PROXIES"),
    ],
)
def test_a_bad_setting_is_refused_by_name(env, word):
    told = subprocess.run(
        [sys.executable, "-c", "import linli.site.settings"],
        env=os.environ | {"LINLI_SECRET_KEY": "x"} | env, check=False, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert told.returncode != 0
    assert word in told.stderr


def test_wechat_and_identity_providers_are_configured_from_the_environment():
    ask = "from linli.site import settings as s; p = s.SOCIALACCOUNT_PROVIDERS; print(len(p['openid_connect']['APPS']), p['weixin']['APPS'][0]['client_id'], s.REQUIRE_MFA)"
    env = os.environ | {"LINLI_SECRET_KEY": "x", "LINLI_WEIXIN_APP_ID": "wx1", "LINLI_WEIXIN_SECRET": "s"}
    for prefix in ("LINLI_OIDC", "LINLI_OIDC_2"):
        env |= {
            f"{prefix}_ID": prefix.lower(),
            f"{prefix}_ISSUER": "https://id.example",
            f"{prefix}_CLIENT_ID": "c",
            f"{prefix}_SECRET": "s",
        }
    told = subprocess.run([sys.executable, "-c", ask], env=env, check=True, capture_output=True, text=True, timeout=30)
    assert told.stdout.split() == ["2", "wx1", "True"]
