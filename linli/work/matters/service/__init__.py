"""Every write to a matter (诉求). Read flow.py first: it says what may follow what."""

from linli.work.matters.rulings import AlreadyRuledError
from linli.work.matters.service.clockwork import lapse, mark_overdue, remind
from linli.work.matters.service.contactclock import mark_uncontacted, remind_contact
from linli.work.matters.service.contacting import contact
from linli.work.matters.service.disputes import mark_unruled, object_to, rule
from linli.work.matters.service.excluding import exclude, keep, mark_unconfirmed, propose_exclusion
from linli.work.matters.service.handling import accept, answer, assign, raise_up, redo, reveal, settle, verify
from linli.work.matters.service.helping import advise, ask_help, assign_with_help
from linli.work.matters.service.looking import ask_second_look, look_again, mark_unlooked
from linli.work.matters.service.merging import merge, unmerge
from linli.work.matters.service.parts import Wanted, keep_up_with_parts, split, withdraw_parts
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
from linli.work.matters.service.sending import approve, ask_approval, refuse_off_list, reject
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
    "Wanted",
    "accept",
    "add",
    "advise",
    "answer",
    "approve",
    "ask_approval",
    "ask_extension",
    "ask_help",
    "ask_second_look",
    "assign",
    "assign_with_help",
    "carry",
    "contact",
    "days_asked",
    "draw",
    "draw_month",
    "exclude",
    "extend",
    "find",
    "keep",
    "keep_up_with_parts",
    "lapse",
    "look_again",
    "mark_overdue",
    "mark_unconfirmed",
    "mark_uncontacted",
    "mark_unlooked",
    "mark_unreviewed",
    "mark_unruled",
    "merge",
    "object_to",
    "propose_exclusion",
    "raise_up",
    "rate",
    "redo",
    "refuse_extension",
    "refuse_off_list",
    "refuse_silently",
    "register",
    "reject",
    "remind",
    "remind_contact",
    "reopen",
    "reveal",
    "review",
    "rule",
    "settle",
    "split",
    "support",
    "take_back",
    "unmerge",
    "urge",
    "verify",
    "withdraw",
    "withdraw_parts",
]
