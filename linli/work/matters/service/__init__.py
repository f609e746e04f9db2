"""Every write to a matter (诉求). Read flow.py first: it says what may follow what."""

from linli.work.matters.rulings import AlreadyRuledError
from linli.work.matters.service.appealing import appeal, decide_appeal
from linli.work.matters.service.clockwork import lapse, mark_overdue, remind
from linli.work.matters.service.disputes import mark_unruled, object_to, rule
from linli.work.matters.service.handling import accept, answer, assign, raise_up, redo, reveal, settle, verify
from linli.work.matters.service.pressing import press, press_what_stays_unsolved, respond, withdraw_card
from linli.work.matters.service.registering import (
    NeedsPlaceError,
    OutsideCityError,
    Registered,
    Report,
    SentTwiceError,
    register,
)
from linli.work.matters.service.residents import add, rate, reopen, support, withdraw
from linli.work.matters.service.visiting import visit
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
    "NeedsPlaceError",
    "OutsideCityError",
    "Registered",
    "Report",
    "SentTwiceError",
    "accept",
    "add",
    "answer",
    "appeal",
    "ask_extension",
    "assign",
    "carry",
    "days_asked",
    "decide_appeal",
    "extend",
    "lapse",
    "mark_overdue",
    "mark_unreviewed",
    "mark_unruled",
    "object_to",
    "press",
    "press_what_stays_unsolved",
    "raise_up",
    "rate",
    "redo",
    "refuse_extension",
    "refuse_silently",
    "register",
    "remind",
    "reopen",
    "respond",
    "reveal",
    "review",
    "rule",
    "settle",
    "support",
    "take_back",
    "verify",
    "visit",
    "withdraw",
    "withdraw_card",
]
