"""The words of a whistle: how long they may be, and their digest in the journal."""

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


def digest(subject: str, words: str) -> str:
    """A keyed digest: proves the words were these, tells nobody what they were. Empty for no words."""
    return salted_hmac("whistles.words", f"{subject}\n{words}", algorithm="sha256").hexdigest() if words else ""
