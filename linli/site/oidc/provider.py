"""The provider as allauth sees it. What is checked is in views.py; whose account is opened, in site/signin.py."""

from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider

from linli.site.oidc.views import CityAdapter


class CityProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types.
    """One configured identity provider of the city."""

    oauth2_adapter_class = CityAdapter
    package = "linli.site.oidc"  # Where allauth looks for the URLs.

    def get_default_scope(self) -> list[str]:
        """Ask for what the compared claim needs and no more."""
        return ["openid", "phone" if self.app.settings.get("match") == "phone" else "profile"]

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept: who they are there, and the value compared."""
        claims = {**data.get("userinfo", {}), **data.get("id_token", {})}
        return {"sub": claims.get("sub", ""), "claim": claims.get(self.app.settings["claim"], "")}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The signed subject, never the unsigned one."""
        return str(data["id_token"]["sub"])

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing: accounts are made by people who appoint, not from claims."""
        del data
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Nothing, likewise."""
        del data
        return []
