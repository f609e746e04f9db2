"""For tests, which write and read in one transaction that never commits."""

from linli.mechanisms.journal import runner
from linli.mechanisms.journal.models import Cursor
from linli.mechanisms.journal.readers import READERS


class ReaderFailed(AssertionError):  # noqa: N818  Reads as a sentence in a test's report.
    """A reader raised. In a city it would be tried again; in a test it is what the test has found."""


def deliver(*, failing: bool = False) -> int:
    """Let every reader hear everything, until all is quiet. Raises ReaderFailed unless the test expects it to fail."""
    total = 0
    while heard := runner.run_once(everything=True):
        total += heard
    broken = Cursor.objects.filter(reader__in=READERS, tries__gt=0).first()
    if broken is not None and not failing:
        raise ReaderFailed(f"reader {broken.reader}: {broken.last_error}")
    return total
