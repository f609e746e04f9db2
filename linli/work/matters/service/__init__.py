"""Every write to a matter (诉求). Read flow.py first: it says what may follow what."""

from linli.work.matters.rulings import AlreadyRuledError
from linli.work.matters.service.clockwork import lapse, mark_overdue, remind
from linli.work.matters.service.disputes import mark_unruled, object_to, rule
from linli.work.matters.service.handling import accept, answer, assign, raise_up, redo, reveal, settle, verify
from linli.work.matters.service.lookups import look_up
from linli.work.matters.service.papers import TooManyPapersError, attach, note
from linli.work.matters.service.registering import (
    Behalf,
    NeedsPlaceError,
    OutsideCityError,
    Registered,
    Report,
    SentTwiceError,
    register,
)
from linli.work.matters.service.residents import add, rate, reopen, support, withdraw
from linli.work.matters.service.waiting import (
    ask_extension,
    carry,
    days_asked,
    extend,
    mark_unreviewed,
    refuse_extension,
    refuse_silently,
    review,
    take_back,
)

__all__ = [
    "AlreadyRuledError",
    "Behalf",
    "NeedsPlaceError",
    "OutsideCityError",
    "Registered",
    "Report",
    "SentTwiceError",
    "TooManyPapersError",
    "accept",
    "add",
    "answer",
    "ask_extension",
    "assign",
    "attach",
    "carry",
    "days_asked",
    "extend",
    "lapse",
    "look_up",
    "mark_overdue",
    "mark_unreviewed",
    "mark_unruled",
    "note",
    "object_to",
    "raise_up",
    "rate",
    "redo",
    "refuse_extension",
    "refuse_silently",
    "register",
    "remind",
    "reopen",
    "reveal",
    "review",
    "rule",
    "settle",
    "support",
    "take_back",
    "verify",
    "withdraw",
]
