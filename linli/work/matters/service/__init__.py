"""Every write to a matter (诉求). Read flow.py first: it says what may follow what."""

from linli.work.matters.rulings import AlreadyRuledError
from linli.work.matters.service.appealing import appeal, decide_appeal
from linli.work.matters.service.clockwork import lapse, mark_overdue, remind
from linli.work.matters.service.contactclock import mark_uncontacted, remind_contact
from linli.work.matters.service.contacting import contact
from linli.work.matters.service.disputes import mark_unruled, object_to, rule
from linli.work.matters.service.excluding import exclude, keep, mark_unconfirmed, propose_exclusion
from linli.work.matters.service.handing_over import hand_over, return_hand_over, tell_hand_over
from linli.work.matters.service.handling import accept, answer, assign, raise_up, redo, reveal, settle, verify
from linli.work.matters.service.helping import advise, ask_help, assign_with_help
from linli.work.matters.service.last_words import forget_telephone, told
from linli.work.matters.service.looking import ask_second_look, look_again, mark_unlooked
from linli.work.matters.service.lookups import look_up
from linli.work.matters.service.merging import merge, unmerge
from linli.work.matters.service.papers import TooManyPapersError, attach, note
from linli.work.matters.service.parts import Wanted, keep_up_with_parts, split, withdraw_parts
from linli.work.matters.service.pressing import press, press_what_stays_unsolved, respond, withdraw_card
from linli.work.matters.service.privacy import (
    ask_erasure,
    clear,
    clear_due,
    correct,
    disclose,
    grant,
    hold,
    mark_undecided,
    mask,
    refuse,
    release,
)
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
from linli.work.matters.service.sampling import draw, draw_month, find
from linli.work.matters.service.sending import approve, ask_approval, refuse_off_list, reject
from linli.work.matters.service.urging import urge
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
    "Behalf",
    "NeedsPlaceError",
    "OutsideCityError",
    "Registered",
    "Report",
    "SentTwiceError",
    "TooManyPapersError",
    "Wanted",
    "accept",
    "add",
    "advise",
    "answer",
    "appeal",
    "approve",
    "ask_approval",
    "ask_erasure",
    "ask_extension",
    "ask_help",
    "ask_second_look",
    "assign",
    "assign_with_help",
    "attach",
    "carry",
    "clear",
    "clear_due",
    "contact",
    "correct",
    "days_asked",
    "decide_appeal",
    "disclose",
    "draw",
    "draw_month",
    "exclude",
    "extend",
    "find",
    "forget_telephone",
    "grant",
    "hand_over",
    "hold",
    "keep",
    "keep_up_with_parts",
    "lapse",
    "look_again",
    "look_up",
    "mark_overdue",
    "mark_unconfirmed",
    "mark_uncontacted",
    "mark_undecided",
    "mark_unlooked",
    "mark_unreviewed",
    "mark_unruled",
    "mask",
    "merge",
    "note",
    "object_to",
    "press",
    "press_what_stays_unsolved",
    "propose_exclusion",
    "raise_up",
    "rate",
    "redo",
    "refuse",
    "refuse_extension",
    "refuse_off_list",
    "refuse_silently",
    "register",
    "reject",
    "release",
    "remind",
    "remind_contact",
    "reopen",
    "respond",
    "return_hand_over",
    "reveal",
    "review",
    "rule",
    "settle",
    "split",
    "support",
    "take_back",
    "tell_hand_over",
    "told",
    "unmerge",
    "urge",
    "verify",
    "visit",
    "withdraw",
    "withdraw_card",
    "withdraw_parts",
]
