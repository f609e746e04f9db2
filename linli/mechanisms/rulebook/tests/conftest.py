"""What the rulebook's tests share."""

from collections.abc import Iterator

import pytest

from linli.mechanisms.journal import Author
from linli.mechanisms.rulebook.tests import small


@pytest.fixture(autouse=True)
def small_schemas() -> Iterator[None]:
    """The tiny pack's schemas are declared for every test here."""
    with small.schemas():
        yield


@pytest.fixture
def clerk() -> Author:
    """The official who keeps the rules."""
    return Author("staff", 7, "rule_keeper", "柳林市规则办", "郑规则")
