"""A database restored from a backup is a new one: its transaction numbers start anew, so a new epoch begins."""

from linli.kernel import clock
from linli.mechanisms.journal.models import Incarnation


def begin_new() -> int:
    """Begin the next epoch: entries written before it are all committed and come first. Returns its number."""
    last = Incarnation.objects.order_by("-number").values_list("number", flat=True).first() or 0
    Incarnation.objects.create(number=last + 1, began_at=clock.now())
    return last + 1
