"""The words of a whistle: how long they may be, and their digest in the journal."""

import re

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli.kernel import text

LONGEST = 2000


class WordsError(ValueError):
    """What was said or chosen cannot stand as it is; the sentence says why."""


def said(words: str, *, need: str = "") -> str:
    """Clean words. With `need`, their absence is refused with that sentence."""
    words = text.clean(words)
    if need and len(words) < 2:
        raise WordsError(need)
    if len(words) > LONGEST:
        raise WordsError(_("写得太长了：%(n)s字，最多%(most)s字。") % {"n": len(words), "most": LONGEST})
    return words


def is_key(typed: str) -> bool:
    """Is this a form's key as we make them?"""
    return re.fullmatch(r"[A-Za-z0-9-]{1,64}", typed) is not None


def number_after(begins: str, last: str | None) -> str:
    """The next number of a day: 哨26-1123-002 after 哨26-1123-001."""
    return f"{begins}{int(last.removeprefix(begins)) + 1 if last else 1:03d}"


def digest(subject: str, words: str) -> str:
    """A keyed digest: proves the words were these, tells nobody what they were. Empty for no words."""
    return salted_hmac("whistles.words", f"{subject}\n{words}", algorithm="sha256").hexdigest() if words else ""
