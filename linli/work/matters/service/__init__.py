"""Every write to a matter (诉求). Read flow.py first: it says what may follow what."""

from linli.work.matters.rulings import AlreadyRuledError
from linli.work.matters.service.clockwork import lapse, mark_overdue, remind
from linli.work.matters.service.contactclock import mark_uncontacted, remind_contact
from linli.work.matters.service.contacting import contact
from linli.work.matters.service.disputes import mark_unruled, object_to, rule
from linli.work.matters.service.excluding import exclude, keep, mark_unconfirmed, propose_exclusion
from linli.work.matters.service.handling import accept, answer, assign, raise_up, redo, reveal, settle, verify
from linli.work.matters.service.looking import ask_second_look, look_again, mark_unlooked
from linli.work.matters.service.registering import (
    NeedsPlaceError,
    OutsideCityError,
    Registered,
    Report,
    SentTwiceError,
    register,
)
from linli.work.matters.service.residents import add, rate, reopen, support, withdraw
from linli.work.matters.service.sampling import draw, draw_month, find
from linli.work.matters.service.urging import urge
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
    "ask_extension",
    "ask_second_look",
    "assign",
    "carry",
    "contact",
    "days_asked",
    "draw",
    "draw_month",
    "exclude",
    "extend",
    "find",
    "keep",
    "lapse",
    "look_again",
    "mark_overdue",
    "mark_unconfirmed",
    "mark_uncontacted",
    "mark_unlooked",
    "mark_unreviewed",
    "mark_unruled",
    "object_to",
    "propose_exclusion",
    "raise_up",
    "rate",
    "redo",
    "refuse_extension",
    "refuse_silently",
    "register",
    "remind",
    "remind_contact",
    "reopen",
    "reveal",
    "review",
    "rule",
    "settle",
    "support",
    "take_back",
    "urge",
    "verify",
    "withdraw",
]
