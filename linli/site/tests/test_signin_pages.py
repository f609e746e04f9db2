"""Every page about signing in: opened once, in our words, under our Content-Security-Policy."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD

STRANGERS = [
    "account_login", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done",
    "account_inactive", "account_signup", "socialaccount_login_cancelled", "socialaccount_login_error", "demo:people",
]  # fmt: skip
STAFF = [
    "account_logout", "account_change_password", "account_reauthenticate", "mfa_index", "mfa_activate_totp",
    "mfa_list_webauthn", "mfa_add_webauthn", "usersessions_list", "socialaccount_connections", "access:me",
]  # fmt: skip
WITH_FACTORS = [
    "mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate",
    "mfa_list_webauthn", "mfa_reauthenticate_webauthn",
]  # fmt: skip
NAMES = {"TOTP", "QR", "EN", "Windows", "Linux", "Chrome", "Safari", "Edge", "PIN", "Cookie", "linli"}


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.SOCIALACCOUNT_PROVIDERS = {
        **settings.SOCIALACCOUNT_PROVIDERS,
        "weixin": {"APPS": [{"client_id": "wx", "secret": "s", "name": "微信"}]},
    }


def shown(response) -> str:
    """What is read on a page, without the codes that are meant to be copied."""
    text = re.sub(r"<(script|style|code|svg)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def looked_at(response) -> None:
    """200, ours, Chinese, and nothing in it that the policy would stop."""
    page = response.content.decode()
    assert response.status_code in {200, 401}, page[:500]
    assert 'class="brand"' in page, "not in our look"
    used = {template.name for template in getattr(response, "templates", [])}
    assert not [name for name in used if name and name.endswith(".html") and not name.startswith("django/")], used
    foreign = set(re.findall(r"[A-Za-z]{3,}", shown(response))) - NAMES - {"wang", "liulin", "example"}
    assert not foreign, f"not Chinese: {sorted(foreign)}"
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    for script in re.findall(r"<script\b([^>]*)>", page):
        assert 'src="/static/' in script or 'type="application/json"' in script, script
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_page_for_strangers(client, cast, demo, name):
    looked_at(client.get(reverse(name)))


@pytest.mark.parametrize("name", STAFF)
def test_a_page_for_staff(client, cast, demo, name):
    client.post(reverse("account_login"), {"login": "wang", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    looked_at(client.get(reverse(name)))


@pytest.fixture
def with_factors(client, cast, demo):
    """王网格员 with an authenticator, recovery codes, a passkey and 微信."""
    wang = cast.people["wang"]
    client.post(reverse("account_login"), {"login": "wang", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    TOTP.activate(wang, generate_totp_secret())
    RecoveryCodes.activate(wang)
    key = Authenticator.objects.create(
        user=wang, type="webauthn", data={"name": "办公电脑", "credential": {"clientExtensionResults": {}}}
    )
    SocialAccount.objects.create(user=wang, provider="weixin", uid="o1", extra_data={"nickname": "王"})
    return client, key


@pytest.mark.parametrize("name", WITH_FACTORS)
def test_a_page_for_staff_with_a_second_factor(with_factors, monkeypatch, name):
    if "webauthn" in name:
        from allauth.mfa.webauthn.internal import auth

        monkeypatch.setattr(auth, "get_credentials", lambda _user: [])
    looked_at(with_factors[0].get(reverse(name)))


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_a_page_about_one_passkey(with_factors, name):
    client, key = with_factors
    looked_at(client.get(reverse(name, args=[key.pk])))


def test_the_page_of_bound_providers(with_factors):
    client, _key = with_factors
    response = client.get(reverse("socialaccount_connections"))
    looked_at(response)
    assert "解除绑定" in response.content.decode()


def test_the_page_asking_for_a_code(cast, demo):
    TOTP.activate(cast.people["wang"], generate_totp_secret())
    client = Client()
    client.post(reverse("account_login"), {"login": "wang", "password": PASSWORD})
    looked_at(client.get(reverse("mfa_authenticate")))


def test_the_page_before_leaving_for_a_provider(client, cast, demo):
    looked_at(client.get(reverse("weixin_login"), {"process": "login"}))


def test_recovery_codes_can_be_kept_as_a_file(with_factors):
    client, _key = with_factors
    text = client.get(reverse("mfa_download_recovery_codes")).content.decode()
    assert text.startswith("“邻里”恢复码")
    assert len(text.split()) == 11


MISTAKES = [
    ("account_login", {}, "这个字段"),
    ("account_reset_password", {"email": "x"}, "邮"),
    ("account_change_password", {"oldpassword": "x", "password1": "a", "password2": "b"}, "密码"),
    ("mfa_activate_totp", {"code": "1"}, "验证码不对"),
    ("account_reauthenticate", {"password": "x"}, "密码不对"),
    ("mfa_add_webauthn", {"credential": "{}"}, ""),
    ("mfa_add_webauthn", {"credential": '{"id": 1}'}, ""),
    ("mfa_add_webauthn", {"credential": "[[1]]"}, ""),
    ("mfa_add_webauthn", {"credential": "not json"}, ""),
]
JUNK = [
    "",
    "x",
    "[]",
    "{}",
    '"x"',
    "1",
    '{"id": "AA", "rawId": 7}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
]


@pytest.mark.parametrize("junk", JUNK)
def test_a_passkey_that_is_none_opens_nothing_and_breaks_nothing(client, cast, demo, junk):
    assert client.post(reverse("mfa_login_webauthn"), {"credential": junk})["Location"] == reverse("account_login")
    assert client.get(reverse("access:me")).status_code == 302
    TOTP.activate(cast.people["wang"], generate_totp_secret())
    client.post(reverse("account_login"), {"login": "wang", "password": PASSWORD})
    looked_at(client.post(reverse("mfa_authenticate"), {"credential": junk}))
    assert client.get(reverse("access:me")).status_code == 302


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[0])
def test_a_mistake_is_said_in_chinese(client, cast, demo, mistake):
    name, typed, says = mistake
    if name not in STRANGERS:
        client.post(reverse("account_login"), {"login": "wang", "password": PASSWORD})
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.post(reverse(name), typed)
    looked_at(response)
    assert says in shown(response)


# --- The demo's one click --------------------------------------------------------------------------------------------
def test_in_the_demo_one_click_is_enough(client, cast, demo):
    assert client.post(reverse("demo:sign_in", args=["wu"])).status_code == 302
    assert "吴城管" in client.get(reverse("access:me")).content.decode()


@pytest.mark.parametrize("username", ["qian", "nobody"])
def test_in_the_demo_one_is_only_who_is_listed(client, cast, demo, username):
    assert client.post(reverse("demo:sign_in", args=[username])).status_code == 404


def test_elsewhere_there_is_no_such_click(client, cast):
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/sign-in/li").status_code == 404
    assert client.get(reverse("access:me")).status_code == 302


def test_the_demo_needs_a_click_and_not_a_link(client, cast, demo):
    assert client.get("/demo/sign-in/li").status_code == 405


# --- WeChat ----------------------------------------------------------------------------------------------------------
def test_wechat_leads_to_wechat_and_unbound_it_opens_nothing(client, cast, demo, rf):
    from allauth.core import context
    from allauth.core.exceptions import ImmediateHttpResponse
    from allauth.socialaccount.models import SocialLogin

    from linli.site.signin import Providers

    away = client.post(reverse("weixin_login") + "?process=login")
    assert away["Location"].startswith("https://open.weixin.qq.com/connect/qrconnect?")
    request = client.get(reverse("account_login")).wsgi_request
    request.actor = None
    account = SocialAccount(provider="weixin", uid="o-new", extra_data={"nickname": "某人"})
    back = SocialLogin(account=account)
    back.state = {"process": "login"}
    with context.request_context(request), pytest.raises(ImmediateHttpResponse) as refused:
        Providers(request).pre_social_login(request, back)
    assert refused.value.response.status_code == 403
    assert "还没有绑定账号" in refused.value.response.content.decode()
