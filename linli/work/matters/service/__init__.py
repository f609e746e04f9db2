"""Every write to a matter (诉求). Read flow.py first: it says what may follow what."""

from linli.work.matters.service.clockwork import lapse, mark_overdue, remind
from linli.work.matters.service.handling import accept, answer, assign, raise_up, redo, reveal, settle, verify
from linli.work.matters.service.registering import (
    NeedsPlaceError,
    OutsideCityError,
    Registered,
    Report,
    SentTwiceError,
    register,
)
from linli.work.matters.service.residents import add, rate, reopen, support, withdraw

__all__ = [
    "NeedsPlaceError",
    "OutsideCityError",
    "Registered",
    "Report",
    "SentTwiceError",
    "accept",
    "add",
    "answer",
    "assign",
    "lapse",
    "mark_overdue",
    "raise_up",
    "rate",
    "redo",
    "register",
    "remind",
    "reopen",
    "reveal",
    "settle",
    "support",
    "verify",
    "withdraw",
]
