"""What a password must be, and the form that asks where to send a link for a new one."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class LongEnough(MinimumLengthValidator):
    """Django's, in words that have a translation: Django 5.2 changed its sentence after its Chinese was written."""

    def get_error_message(self) -> Any:
        """What is wrong and how to mend it."""
        return _("密码太短，至少要 %(n)s 位。") % {"n": self.min_length}

    def get_help_text(self) -> Any:
        """Beforehand."""
        return _("至少 %(n)s 位。") % {"n": self.min_length}


class ResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types.
    """忘了密码."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With a sentence of ours for what is no address."""
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["invalid"] = gettext_lazy("这不像一个电子邮箱，请核对。")
