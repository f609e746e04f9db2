"""邻里告知的规则 — the kinds of notices a city has, how long one may stand, and what an address may be called."""

import re
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from linli.kernel.rules import Named, RuleList

TOWNSHIP = 3
"""The tier that has a front page of its own."""
LONGEST_TITLE, LONGEST_TEXT, LONGEST_REASON = 40, 1000, 200
LONGEST_WELCOME, LONGEST_PHONE = 120, 20
_ALIAS = re.compile(r"[a-z][a-z0-9-]{2,19}")
_PHONE = re.compile(r"\d[\d -]{2,18}\d")


class Kind(Named):
    """种类 — what a notice is about, and for how many days at most one may stand before it must be said anew."""

    days: Annotated[int, Field(ge=1, le=366)]


class Kinds(RuleList[Kind]):
    """邻里告知的种类."""

    key: ClassVar[str] = "announcements/kinds"


def too_long(begins_at: datetime, until_at: datetime, days: int) -> bool:
    """Would it stand longer than its kind may?"""
    return until_at - begins_at > timedelta(days=days)


def is_alias(text: str) -> bool:
    """短地址 — a few small letters, to be read aloud; never digits alone, which are codes."""
    return _ALIAS.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """A telephone as offices have them: digits, with blanks or hyphens between."""
    return _PHONE.fullmatch(text) is not None
