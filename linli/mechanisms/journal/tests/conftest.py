"""Readers for one test at a time."""

import pytest

from linli.mechanisms.journal.readers import READERS


@pytest.fixture
def readers():
    """Only the readers a test registers itself."""
    before = dict(READERS)
    READERS.clear()
    yield READERS
    READERS.clear()
    READERS.update(before)
