"""The words of a task: what is said at a move, and its digest in the journal."""

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli.kernel import text
from linli.work.tasks.models import Task, TaskNote

LONGEST = 300
"""Characters said at one step: one sentence, not a report."""


class WordsError(ValueError):
    """What was said cannot stand as it is; the sentence says why."""


def cleaned(said: str, *, missing: str = "") -> str:
    """What may be kept. `missing` is the sentence for who said nothing; without it, silence is allowed."""
    said = text.clean(said)
    if len(said) > LONGEST:
        raise WordsError(_("写得太长了：%(n)s字，最多%(most)s字。") % {"n": len(said), "most": LONGEST})
    if missing and not said:
        raise WordsError(missing)
    return said


def say(task: Task, said: str) -> str:
    """Keep what was said at this step; returns its digest for the fact. Its place is the step's first fact."""
    if said:
        TaskNote.objects.create(task=task, seq=task.version + 1, text=said)
    return digest(task.subject, said)


def digest(subject: str, said: str) -> str:
    """A keyed digest: proves the words were these, tells nobody what they were. Empty for no words."""
    return salted_hmac("tasks.words", f"{subject}\n{said}", algorithm="sha256").hexdigest() if said else ""
