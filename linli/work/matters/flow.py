"""诉求的一生 — the life of a matter, in the order a resident lives it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.flow import Lifecycle, Move


class State(TextChoices):
    """状态."""

    WITH_GRID = "with_grid", _("网格员处理中")
    TRIAGE = "triage", _("待派单")
    ASSIGNED = "assigned", _("已派单待受理")
    HANDLING = "handling", _("办理中")
    ANSWERED = "answered", _("已答复待核实")
    VERIFIED = "verified", _("待评价")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN = (State.WITH_GRID, State.TRIAGE, State.ASSIGNED, State.HANDLING, State.ANSWERED)
"""Somebody owes the resident something."""
IN_HAND = (State.WITH_GRID, State.TRIAGE, State.ASSIGNED, State.HANDLING)
LIVING = (*OPEN, State.VERIFIED)
"""What may still move by itself or by whoever has it."""
ENDED = (State.CLOSED, State.WITHDRAWN)

LIFE = Lifecycle(
    "matters",
    # With a grid worker on duty a matter begins in their hands; else with a dispatcher (see rules.first_level).
    Move("register", _("登记"), (), State.WITH_GRID),
    Move("register_for_triage", _("登记（直接待派单）"), (), State.TRIAGE, needs="register"),
    Move("settle", _("当场解决"), (State.WITH_GRID,), State.ANSWERED, note="一句话写明怎么解决的"),
    Move("raise_up", _("上报"), (State.WITH_GRID, State.TRIAGE), State.TRIAGE, note="写明事由和试过的办法"),
    Move("assign", _("派单"), (State.WITH_GRID, State.TRIAGE, State.ASSIGNED), State.ASSIGNED),
    Move("accept", _("受理"), (State.ASSIGNED,), State.HANDLING),
    Move("answer", _("答复"), (State.HANDLING,), State.ANSWERED, note="办理结果和给居民的答复缺一不可"),
    Move("verify", _("核实通过"), (State.ANSWERED,), State.VERIFIED, four_eyes=("answer", "settle")),
    Move("redo", _("退回重办"), (State.ANSWERED, State.VERIFIED), State.HANDLING, four_eyes=("answer", "settle")),
    # What a grid worker settled and did not hold goes to the community's dispatcher, not back to the same hands.
    Move(
        "redo_for_triage",
        _("退回待派单"),
        (State.ANSWERED, State.VERIFIED),
        State.TRIAGE,
        ("answer", "settle"),
        needs="redo",
    ),
    # A resident need not wait for our verification to say yes, and may say no even after we have said done.
    Move("rate", _("评价"), (State.ANSWERED, State.VERIFIED), State.CLOSED),
    Move("reopen", _("没解决，重办"), (State.ANSWERED, State.VERIFIED, State.CLOSED), State.HANDLING),
    Move(
        "reopen_for_triage",
        _("没解决，重新派单"),
        (State.ANSWERED, State.VERIFIED, State.CLOSED),
        State.TRIAGE,
        needs="reopen",
    ),
    Move("lapse", _("逾期未评，办结"), (State.VERIFIED,), State.CLOSED, note="系统；不计为“已解决”"),
    Move("withdraw", _("撤回"), IN_HAND, State.WITHDRAWN),
    # Acts that change no state.
    Move("add", _("补充"), (*OPEN, State.VERIFIED), None),
    Move("support", _("附议"), OPEN, None),
    Move("reveal", _("查看身份"), tuple(State), None),
    Move("remind", _("到期提醒"), IN_HAND, None, note="系统"),
    Move("mark_overdue", _("逾期"), IN_HAND, None, note="系统"),
    Move("recount", _("重算期限"), IN_HAND, None, note="系统：新一年的放假安排公布后"),
    kind="matter",
    states=[(state.value, str(state.label)) for state in State],
)
