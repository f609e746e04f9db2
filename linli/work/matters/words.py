"""The words of a matter: what is said at a move, its digest in the journal, its search tokens, its secret link."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from linli.kernel import clock, text
from linli.mechanisms.flow import Step
from linli.work.matters.models import Matter, Remark

LONGEST = 2000
"""Characters said at one step; a resident's own sentence may be as long."""
TOLD_TO_RESIDENTS = {
    "answer": "reply", "settle": "reply", "add": "said", "contact": "said", "propose_exclusion": "said", "ask_extension": "why",
    "carry": "why", "review": "why", "take_back": "why", "unmerge": "why", "look_again": "why", "uphold_exclusion": "why",
    "decide_appeal": "note",
}  # fmt: skip
"""Verbs whose words a resident reads, and the field they stand in: pages and interfaces ask before they carry somebody's number."""


class WordsError(ValueError):
    """What was said cannot stand as it is; the sentence says why."""


def told_to_resident(verb: str, said: Mapping[str, Any]) -> str:
    """The words of a verb that a resident will read, out of what was typed or sent; empty where there are none."""
    if verb == "contact" and said.get("means") != "message":  # What was said on the telephone is for officials.
        return ""
    return str(said.get(TOLD_TO_RESIDENTS.get(verb, ""), "") or "")


def digest(subject: str, words: str) -> str:
    """A keyed digest: proves the words were these, tells nobody what they were. Empty for no words."""
    return salted_hmac("matters.words", f"{subject}\n{words}", algorithm="sha256").hexdigest() if words else ""


def say(matter: Matter, step: Step, words: str, *, for_resident: bool) -> str:
    """Keep what was said at this step; returns its digest for the fact. The remark's place is the step's first fact."""
    words = text.clean(words)
    if len(words) > LONGEST:
        raise WordsError(_("写得太长了：%(n)s字，最多%(most)s字。") % {"n": len(words), "most": LONGEST})
    if words:
        Remark.objects.create(
            matter=matter,
            seq=matter.version + 1,
            move=step.move.name,
            text=words,
            for_resident=for_resident,
            at=step.now,
        )
    return digest(matter.subject, words)


def tokens(matter: Matter) -> str:
    """What a desk finds it by: its number, words and place, and the month it was registered in."""
    found = text.tsvector_literal(f"{matter.number} {matter.foreign_number} {matter.text} {matter.place_text}")
    return f"{found} {month_token(matter.registered_at)}"


def month_token(moment: datetime) -> str:
    """The month as a search token, so that the newest of many finds are read without the others: '#2611'.

    Nobody can type one: a query's own tokens are letters and digits.
    """
    return f"'#{moment.astimezone(clock.CITY):%y%m}'"


def follow_token(number: str) -> str:
    """The secret half of a resident's link. Derived, so that it is stored nowhere and every notice can carry it."""
    key = salted_hmac("matters.follow", number, algorithm="sha256").digest()
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"  # No look-alikes: it may be read out over the phone.
    value = int.from_bytes(key[:20], "big")
    out = []
    for _place in range(26):
        value, place = divmod(value, len(alphabet))
        out.append(alphabet[place])
    return "".join(out)


def is_follow_token(number: str, token: str) -> bool:
    """Compared in constant time."""
    return constant_time_compare(follow_token(number), token)


def device_digest(device: str) -> str:
    """A device's cookie, so digested that the table cannot be joined to anything else."""
    return hmac.new(settings.SECRET_KEY.encode(), b"device:" + device.encode(), hashlib.sha256).hexdigest()
