"""What the provider tells about its people."""

from typing import Any, ClassVar

from oauth2_provider.oauth2_validators import OAuth2Validator

from tests.oidc_provider import PEOPLE


class Validator(OAuth2Validator):
    """Username and telephone, each with its scope."""

    oidc_claim_scope: ClassVar[dict[str, str]] = {
        **OAuth2Validator.oidc_claim_scope,
        "preferred_username": "profile",
        "phone_number": "phone",
    }

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """The claims of one person."""
        return {"preferred_username": request.user.username, "phone_number": "+86 " + PEOPLE[request.user.username]}
