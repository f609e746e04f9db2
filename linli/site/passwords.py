"""What a password must be, how it is kept, and the form that asks where to send a link for a new one."""

import os
import threading
from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Argon2(Argon2PasswordHasher):
    """How passwords are kept: Argon2id as the OWASP Password Storage Cheat Sheet asks; docs/decisions/0010-password-hash.md.

    A process computes as many at once as it has cores. Others wait their turn: more at once would be no faster, and each
    holds its memory for as long as it takes. A hash with other parameters still opens, and is written anew by Django at
    that person's next sign-in.
    """

    time_cost = 2
    memory_cost = 19456  # KiB, so 19 MiB.
    parallelism = 1

    turns = threading.BoundedSemaphore(os.cpu_count() or 1)
    """One for the process: Django makes an object of this class once, but nothing promises that."""

    def encode(self, password: str, salt: str) -> str:
        """The hash as it is stored, in its turn."""
        with self.turns:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the password, in its turn."""
        with self.turns:
            return bool(super().verify(password, encoded))


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
