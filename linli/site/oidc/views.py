"""There and back: the way to the identity provider, and everything that is checked on the way home."""

from typing import Any

import requests
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac


class NotTrustedError(OAuth2Error):  # type: ignore[misc]  # allauth has no types.
    """Something on the way back was not what it should be: a wrong issuer, signature, nonce or subject."""


def nonce_of(state: str) -> str:
    """The nonce that belongs to a state. The state lives in one session, so a token of another session does not fit."""
    return salted_hmac("linli.site.oidc.nonce", state, algorithm="sha256").hexdigest()


class Client(OAuth2Client):  # type: ignore[misc]
    """Adds the nonce, which allauth leaves out."""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        """Where the browser is sent."""
        params = extra_params | {"nonce": nonce_of(self.state or "")}
        return str(super().get_redirect_url(authorization_url, scope, params))


class CityAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """What is asked of the provider, and believed of its answer."""

    client_class = Client

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's own description; it must name the issuer that was configured."""
        found: dict[str, Any] = super().openid_config
        expected = self.get_provider().app.settings["issuer"]
        if str(found.get("issuer", "")).rstrip("/") != expected.rstrip("/"):
            raise NotTrustedError(f"issuer {found.get('issuer')!r} is not {expected!r}")
        return found

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """From the provider's answer to somebody, if everything fits."""
        text = kwargs["response"].get("id_token")
        if not text:
            raise NotTrustedError("no ID token")
        id_token = jwtkit.verify_and_decode(
            credential=text,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        if not constant_time_compare(str(id_token.get("nonce", "")), nonce_of(request.GET.get("state", ""))):
            raise NotTrustedError("nonce does not fit")
        data = {"id_token": id_token}
        if app.settings["claim"] not in id_token:
            userinfo = self._fetch_user_info(token.token)
            if userinfo.get("sub") != id_token["sub"]:
                raise NotTrustedError("user information is about somebody else")
            data["userinfo"] = userinfo
        return self.get_provider().sociallogin_from_response(request, data)


@login_not_required  # type: ignore[untyped-decorator]
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider."""
    adapter = CityAdapter(request, provider_id)
    try:
        return OAuth2LoginView.adapter_view(adapter)(request)  # type: ignore[no-any-return]
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, requests.RequestException) as error:
        return render_authentication_error(request, adapter.get_provider(), exception=error)  # type: ignore[no-any-return]


@login_not_required  # type: ignore[untyped-decorator]
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """And back."""
    try:
        return OAuth2CallbackView.adapter_view(CityAdapter(request, provider_id))(request)  # type: ignore[no-any-return]
    except SocialApp.DoesNotExist:
        raise Http404 from None
