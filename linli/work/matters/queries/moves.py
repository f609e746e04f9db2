"""What may be done now, by whoever asks: a page does not offer what would be refused."""

from collections.abc import Callable, Container

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.calendar import Unit
from linli.mechanisms import journal
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import Move, clocks
from linli.work.matters import exclusions, rules, rulings, supervision
from linli.work.matters.flow import ENDED, LIFE, State
from linli.work.matters.models import CoHandler, Matter, Visibility
from linli.work.matters.queries.beside import approval_of
from linli.work.matters.queries.scope import visible_to

NOT_OFFERED = frozenset(
    {
        "unmerge_to_grid", "unmerge_to_triage", "unmerge_to_assigned", "unmerge_to_carried", "verify_part", "put_together", "keep_up", "withdraw_part", "let_go", "go_along",
        "take_in", "rate_along", "reopen_along", "hear_along", "urge_along", "visit_along",
    }
)  # fmt: skip
"""What happens along with another move, or is the same verb ending elsewhere."""

OF_THE_BODY = frozenset(
    (
        "accept",
        "contact",
        "respond",
        "object",
        "ask_extension",
        "extend",
        "refuse_extension",
        "carry",
        "review",
        "take_back",
        "answer",
    )
)
"""Moves of the body that has the matter, whoever else may see it."""


def open_moves(matter: Matter, actor: Actor, told: Container[str] | None = None) -> list[Move]:
    """The moves this actor may make now, in the order of the table; what the page offers. The service decides again.

    `told`: the moves its story tells of, if the caller has read it: what answers another move is looked up only then.
    """
    found = []
    for move in LIFE.open_from(matter.state):
        if not actor.has(move.power) or move.name.endswith(("_for_triage", "_by_phone")) or move.name in NOT_OFFERED:
            continue
        if move.name in ANSWERS and told is not None and ANSWERS[move.name] not in told:
            continue
        if (
            move.name in {"raise_up", "assign", "merge", "unmerge", "ask_approval", "split", "propose_exclusion"}
            and actor.area_level > matter.level
        ):
            continue
        if move.name in OF_THE_BODY and matter.handler_id != actor.body_id:
            continue
        unhindered = told is not None and move.name in HINDERED and HINDERED[move.name] not in told
        if move.name in ONLY_IF and not unhindered and not ONLY_IF[move.name](matter, actor):
            continue
        if move.power == LIFE.rule.power and actor.area_level > rules.deciding_level(matter.level):
            continue
        found.append(move)
    return found


def may_object(matter: Matter) -> bool:
    """Is it not yet ruled that it is this body's, and was it assigned lately?"""
    return rulings.says_whose(matter) is None and clock.now() <= rulings.may_object_until(matter)


def may_assign(matter: Matter, actor: Actor) -> bool:
    """Not what was ruled on by a level above this one."""
    ruled = rulings.says_whose(matter) if matter.state == State.ASSIGNED else None
    return ruled is None or actor.area_level <= ruled.level


def why_no_extension(matter: Matter) -> str:
    """Why its date cannot be moved, in a sentence; empty if it can: once since its clock began, if counted in days."""
    running = clocks.running(matter.subject, "handle")
    if running is None or running.unit != Unit.WORKING_DAYS:
        return _("这一件按小时计时，不能延期。")
    if any(each.at >= running.started_at for each in journal.last([matter.subject], [LIFE.extend.name])):
        return _("已经延期过一次，不能再延。确实办不了的，可以申请挂账。")
    return ""


def _may_approve(matter: Matter, actor: Actor) -> bool:
    asked = approval_of(matter)
    return asked is not None and actor.scope == "area" and actor.area_level <= asked.level


def _may_refuse(matter: Matter, actor: Actor) -> bool:
    asked = approval_of(matter)
    return asked is not None and asked.body_id == actor.body_id


def _may_ask_help(matter: Matter, actor: Actor) -> bool:
    return matter.handler_id == actor.body_id if actor.scope == "body" else actor.area_level <= matter.level


def _may_unmerge(matter: Matter, actor: Actor) -> bool:
    """Is the one it goes along with within reach, and has it not ended?"""
    mains = visible_to(actor).filter(took_in__matter=matter, took_in__ended_at=None, level__gte=actor.area_level)
    return mains.exclude(state__in=ENDED).exists()


ANSWERS = {"approve": "ask_approval", "reject": "ask_approval", "refuse_off_list": "ask_approval", "advise": "ask_help"}
"""Moves that answer another: offered only where that was made."""

HINDERED = {"assign": "object"}
"""Moves that only another can have closed: whether it did is looked up only where that was made."""

ONLY_IF: dict[str, Callable[[Matter, Actor], bool]] = {
    "assign": may_assign,
    "object": lambda matter, _actor: may_object(matter),
    "ask_extension": lambda matter, _actor: not why_no_extension(matter),
    "press": supervision.may_press,
    "withdraw_card": supervision.may_withdraw_card,
    "respond": supervision.may_respond,
    "visit": supervision.may_visit,
    "appeal": supervision.may_appeal,
    "decide_appeal": supervision.may_decide,
    "contact": lambda matter, _actor: matter.visibility != Visibility.ANONYMOUS and matter.contacted_at is None,
    "exclude": exclusions.may_decide,
    "keep": exclusions.may_decide,
    "uphold_exclusion": exclusions.may_look,
    "overturn_exclusion": exclusions.may_look,
    "find_right": lambda matter, _actor: exclusions.sample_of(matter) is not None,
    "find_wrong": lambda matter, _actor: exclusions.stands(matter),
    "find_wrong_late": lambda _matter, _actor: False,
    "unmerge": _may_unmerge,
    "approve": _may_approve,
    "reject": _may_approve,
    "refuse_off_list": _may_refuse,
    "ask_help": _may_ask_help,
    "advise": lambda matter, actor: CoHandler.objects.filter(matter=matter, body_id=actor.body_id or 0).exists(),
    "split": lambda matter, _actor: matter.parent_id is None,
    "merge": lambda matter, _actor: matter.parent_id is None,
    "ask_approval": lambda matter, _actor: matter.level < rules.GRID,
}
"""Moves that depend on what was decided before: a page does not offer what would be refused."""
