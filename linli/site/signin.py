"""登录 — what allauth asks of us: who may come in and how, and what is said when somebody may not.

Nobody signs up: accounts are made at /people/ by whoever appoints. The pages are in templates/account, mfa,
socialaccount and usersessions.
"""

import base64
import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.mechanisms.access import pages
from linli.mechanisms.access.middleware import is_public
from linli.mechanisms.access.models import Person


def display(person: Person) -> str:
    """How a library calls a person: by name."""
    return str(person)


# --- Passwords -------------------------------------------------------------------------------------------------------
class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types.
    """Sign-in by username and password."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("这个账号已停用。需要的话，请联系本单位管理员。"),
        "enter_current_password": _("请填写现在的密码。"),
        "incorrect_code": _("验证码不对，请核对后再填。验证器里的数字每 30 秒换一次。"),
        "incorrect_password": _("密码不对。"),
        "invalid_password_reset": _("这个重设密码的链接不对。"),
        "too_many_login_attempts": _("错的次数太多，这个账号先停一停，最多 15 分钟后可以再试。"),
        "username_password_mismatch": _("用户名或密码不对。忘了密码可以重设，也可以找本单位管理员。"),
        "unknown_email": _("没有账号用这个邮箱。"),
        "rate_limited": _("试得太快了，过一会儿再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by those who appoint."""
        del request
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try, or refuse it and say when one may try again."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            until = clock.now() + timedelta(seconds=locked_for(request, key))
            until += timedelta(minutes=1)  # The minute that is shown must not be one too early.
            sentence = gettext("错的次数太多，先停一停，%(when)s 以后可以再试。着急的话请找本单位管理员。")
            raise ValidationError(sentence % {"when": f"{until:%H:%M}"}, code="too_many_login_attempts") from None

    def set_password(self, user: Person, password: str) -> None:
        """One's own new password ends the one-time one."""
        user.must_change_password = False
        super().set_password(user, password)


def locked_for(request: HttpRequest, key: str) -> float:
    """Seconds until the next try of this login from this address will be heard."""
    wait = 0.0
    for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
        name = ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate, key=key)
        history = cache.get(name, [])  # Newest first.
        if len(history) >= rate.amount:
            wait = max(wait, history[rate.amount - 1] + rate.duration - time.time())
    return wait


# --- Second factors --------------------------------------------------------------------------------------------------
class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """第二步验证 — an authenticator app, passkeys, recovery codes."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("按规定必须有第二步验证，这是最后一种，不能停用。请先添加另一种。"),
        "cannot_generate_recovery_codes": _("要先设好验证器或通行密钥，才有恢复码。"),
        "incorrect_code": Accounts.error_messages["incorrect_code"],
    }

    def _get_site_name(self) -> str:
        return gettext("邻里")

    def get_totp_label(self, user: Person) -> str:
        """As shown in the authenticator app."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Secrets of authenticators are not readable in a copy of the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Back. A secret that no key opens belongs to nobody."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ValueError("no key of LINLI_SECRET_KEY opens this authenticator's secret") from error

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays where the city requires one."""
        if not settings.REQUIRE_MFA:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002  allauth's name.
        """Before the person gives it a better one."""
        n = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("我的第 %(n)s 把密钥") % {"n": n + 1}


def _cipher() -> MultiFernet:
    """Keys of its own, derived from SECRET_KEY and its predecessors: the first locks, any of them opens."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"mfa:" + force_bytes(key)).digest())) for key in keys]
    )


# --- Identity providers ----------------------------------------------------------------------------------------------
class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """统一身份认证 and 微信: they open accounts that exist; they never make one."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultSocialAccountAdapter.error_messages,
        "invalid_token": _("身份凭证无效。"),
        "no_password": _("这个账号还没有密码，请先设密码。"),
        "disconnect_last": _("这是最后一种登录方式，不能解除。"),
        "connected_other": _("这个身份已经绑定了另一个账号。"),
    }

    def list_providers(self, request: HttpRequest) -> list[Any]:
        """Each under the name this city gave it."""
        return [_named(provider) for provider in super().list_providers(request)]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """Likewise. One this city has not set up is not here."""
        try:
            return _named(super().get_provider(request, provider, client_id=client_id))
        except SocialApp.DoesNotExist:
            raise Http404 from None

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        del request, sociallogin
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Somebody came back from a provider: an account bound before, or the one account its claim names, or nobody."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        provider = sociallogin.account.get_provider(request)
        if "claim" not in provider.app.settings:
            self._refuse(
                request,
                gettext(
                    "这个%(provider)s还没有绑定账号。请先用用户名和密码登录，在“登录安全”里绑定一次，以后就能直接用。"
                ),
                provider,
            )
        person = person_of(str(sociallogin.account.extra_data.get("claim") or ""), match=provider.app.settings["match"])
        if person is None:
            self._refuse(
                request,
                gettext("%(provider)s认得您，但这里没有对应的在用账号。请联系本单位管理员建号，或核对登记的信息。"),
                provider,
            )
        if SocialAccount.objects.filter(user=person, provider=sociallogin.account.provider).exists():
            self._refuse(
                request, gettext("您的账号已经绑定了%(provider)s里的另一个身份。请联系本单位管理员核对。"), provider
            )
        sociallogin.connect(request, person)

    def _refuse(self, request: HttpRequest, sentence: str, provider: Any) -> NoReturn:
        words = {"back": reverse("account_login"), "back_label": gettext("回到登录")}
        raise ImmediateHttpResponse(pages.refusal(request, 403, sentence % {"provider": provider.name}, words))


def _named(provider: Any) -> Any:
    provider.name = getattr(provider.app, "name", "") or provider.name
    return provider


@pages.share("ways")
def ways(request: HttpRequest) -> list[Any]:
    """The providers this city has configured, for the sign-in page."""
    found: list[Any] = Providers(request).list_providers(request)
    return found


def person_of(claim: str, *, match: str) -> Person | None:
    """The one active account a claim names; two with the same telephone are nobody."""
    claim = claim.strip()
    if match == "phone":
        claim = claim.removeprefix("+86").replace(" ", "").replace("-", "")
    if not claim:
        return None
    found = list(Person.objects.filter(**{match: claim}, is_active=True)[:2])
    return found[0] if len(found) == 1 else None


# --- Every request of somebody signed in -----------------------------------------------------------------------------
class SignedIn:
    """Keeps a session alive while it is used, and leads to what must be done first: an own password, a second factor."""

    KEY = "signed_in"
    EVERY = timedelta(minutes=15)
    FIRST = ("account_change_password", "account_set_password", "account_logout", "account_reauthenticate", "mfa_")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Once per process."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Strangers cost nothing here; others one write in a quarter of an hour."""
        del args, kwargs
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        person = request.user
        assert isinstance(person, Person)
        has_second = self._stamp(request, person)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if is_public(request, view) or name.startswith(self.FIRST):
            return None
        if person.must_change_password:
            messages.warning(request, gettext("您现在用的是一次性密码，请先换成自己的。"))
            return _go(request, "account_change_password")
        if settings.REQUIRE_MFA and not has_second:
            messages.warning(request, gettext("按规定，工作人员登录要有第二步验证。请先设好一种，两分钟就够。"))
            return _go(request, "mfa_index")
        return None

    def _stamp(self, request: HttpRequest, person: Person) -> bool:
        """Whether there is a second factor; looked up again, and the session prolonged, every quarter of an hour."""
        seen, has_second = request.session.get(self.KEY, ("", False))
        now = clock.now()
        fresh = bool(seen) and now - datetime.fromisoformat(seen) < self.EVERY
        if fresh and (has_second or not settings.REQUIRE_MFA):
            return bool(has_second)
        factors = Authenticator.objects.filter(user_id=person.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
        has_second = bool(factors.exists())
        request.session[self.KEY] = (now.isoformat(), has_second)
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)
        return has_second


def _go(request: HttpRequest, name: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": reverse(name)})
    return HttpResponseRedirect(reverse(name))
