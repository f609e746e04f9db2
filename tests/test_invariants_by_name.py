"""The twelve invariants of C.5: each has tests by its number, or the app it is about does not exist yet."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"^def test_c5_(\d+)_", re.MULTILINE)
LATER = {9: "work/burden", 10: "work/disclosure", 11: "work/gigs", 12: "review/assessments"}
"""What is said of forms, disclosed accounts, public-welfare posts and assessments is tested where these are built."""


def named() -> set[int]:
    """The numbers that some test's name bears."""
    files = [*ROOT.glob("linli/**/tests/test_*.py"), *ROOT.glob("tests/test_*.py")]
    return {int(number) for file in files for number in NAME.findall(file.read_text())}


@pytest.mark.parametrize("number", range(1, 13))
def test_every_invariant_has_a_test_by_its_number(number: int) -> None:
    if number in LATER and number not in named():
        assert not (ROOT / "linli" / LATER[number]).exists(), f"{LATER[number]} is here: test C.5, {number}"
    else:
        assert number in named()
