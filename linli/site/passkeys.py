"""通行密钥 — allauth's forms, hardened: what a browser sends as a credential may be anything at all."""

from typing import Any

from allauth.mfa.webauthn import forms as theirs
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

JUNK = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)
"""What fido2's parser raises, beside its own errors, for JSON that is not a credential."""


SENTENCE = _("没有完成验证：浏览器送来的通行密钥不对。可以再试一次，或换一种方式。")


class Plain:
    """One sentence for all that may be wrong with a credential."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Also for what is not even JSON."""
        super().__init__(*args, **kwargs)
        messages = self.fields["credential"].error_messages  # type: ignore[attr-defined]  # Mixed into allauth's forms.
        messages["invalid"] = messages["required"] = SENTENCE


class Adding(Plain):
    """For the forms that add a passkey."""

    def clean(self) -> dict[str, Any]:
        """A sentence instead of a fault."""
        try:
            found: dict[str, Any] = super().clean()  # type: ignore[misc]
        except JUNK:
            raise ValidationError(SENTENCE, code="junk") from None
        return found


class Using(Plain):
    """For the forms that use one."""

    def clean_credential(self) -> Any:
        """A sentence instead of a fault."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except JUNK:
            raise ValidationError(SENTENCE, code="junk") from None


class AddForm(Adding, theirs.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types.
    """添加."""


class AuthenticateForm(Using, theirs.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """第二步."""


class LoginForm(Using, theirs.LoginWebAuthnForm):  # type: ignore[misc]
    """登录."""


class ReauthenticateForm(Using, theirs.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """再确认."""
