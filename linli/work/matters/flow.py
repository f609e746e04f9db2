"""诉求的一生 — the life of a matter, in the order a resident lives it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.flow import Lifecycle, Move


class State(TextChoices):
    """状态."""

    WITH_GRID = "with_grid", _("网格员处理中")
    TRIAGE = "triage", _("待派单")
    ASSIGNED = "assigned", _("已派单待受理")
    OBJECTED = "objected", _("职责异议待裁定")
    HANDLING = "handling", _("办理中")
    EXTENDING = "extending", _("申请延期待批")
    CARRIED = "carried", _("挂账")
    ANSWERED = "answered", _("已答复待核实")
    VERIFIED = "verified", _("待评价")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN = (
    State.WITH_GRID,
    State.TRIAGE,
    State.ASSIGNED,
    State.OBJECTED,
    State.HANDLING,
    State.EXTENDING,
    State.CARRIED,
    State.ANSWERED,
)
"""Somebody owes the resident something."""
IN_HAND = (State.WITH_GRID, State.TRIAGE, State.ASSIGNED, State.HANDLING)
"""Its clock runs against whoever has it."""
PAUSED = (State.OBJECTED, State.EXTENDING, State.CARRIED)
"""The clock stands still: what is being decided is not the handler's delay (`domain.md` C.5, 3)."""
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
    # One objection, decided one level up by somebody who had no hand in it; what is decided is final.
    Move(
        "object",
        _("职责异议"),
        (State.ASSIGNED, State.HANDLING),
        State.OBJECTED,
        note="派单后24小时内提一次，写明应属谁",
    ),
    Move(
        "rule",
        _("裁定：维持派单"),
        (State.OBJECTED,),
        State.ASSIGNED,
        ("assign", "object"),
        note="上一级裁定，不得再退",
    ),
    Move("uphold", _("裁定：异议成立，改派"), (State.OBJECTED,), State.ASSIGNED, ("assign", "object"), needs="rule"),
    Move(
        "uphold_for_triage",
        _("裁定：异议成立，重新派单"),
        (State.OBJECTED,),
        State.TRIAGE,
        ("assign", "object"),
        needs="rule",
    ),
    Move("accept", _("受理"), (State.ASSIGNED,), State.HANDLING),
    Move("ask_extension", _("申请延期"), (State.HANDLING,), State.EXTENDING, note="只能一次，理由居民看得到"),
    Move("extend", _("同意延期"), (State.EXTENDING,), State.HANDLING, ("ask_extension",)),
    Move("refuse_extension", _("不同意延期"), (State.EXTENDING,), State.HANDLING, ("ask_extension",), needs="extend"),
    # What cannot be done now stays open, with somebody who answers for it and a day on which it is looked at again.
    Move("carry", _("挂账"), (State.HANDLING,), State.CARRIED, note="写明理由、谁负责、哪天再看"),
    Move("review", _("挂账再看，继续挂账"), (State.CARRIED,), None, needs="carry"),
    Move("take_back", _("重新办理"), (State.CARRIED,), State.HANDLING, needs="carry"),
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
    Move("withdraw", _("撤回"), (*IN_HAND, *PAUSED), State.WITHDRAWN),
    # Acts that change no state.
    Move("add", _("补充"), (*OPEN, State.VERIFIED), None),
    Move("support", _("附议"), OPEN, None),
    Move("reveal", _("查看身份"), tuple(State), None),
    # What becomes of a person's data: the matter goes on, or stays ended, as it was.
    Move("disclose", _("告知本人"), tuple(State), None, note="核对身份以后，把记着的给本人一份"),
    Move("correct", _("更正联系方式"), tuple(State), None, note="本人凭链接"),
    Move("mask", _("核定公开字句"), tuple(State), None, note="隐去的和不必隐去的都记下"),
    Move("hold", _("暂缓清除"), tuple(State), None, note="写明理由"),
    Move("release", _("解除暂缓"), tuple(State), None, needs="hold"),
    Move("erase", _("应本人要求删除"), tuple(State), None),
    Move("clear", _("到期清除个人信息"), ENDED, None, note="系统；统计和日志不变"),
    Move("remind", _("到期提醒"), IN_HAND, None, note="系统"),
    Move("mark_overdue", _("逾期"), IN_HAND, None, note="系统"),
    Move("mark_unreviewed", _("挂账到期未再看"), (State.CARRIED,), None, note="系统"),
    Move("mark_unruled", _("逾期未裁定"), (State.OBJECTED,), None, note="系统"),
    Move("recount", _("重算期限"), IN_HAND, None, note="系统：新一年的放假安排公布后"),
    kind="matter",
    states=[(state.value, str(state.label)) for state in State],
)


class ErasureState(TextChoices):
    """删除申请的状态."""

    ASKED = "asked", _("等答复")
    GRANTED = "granted", _("已删除")
    REFUSED = "refused", _("不能删除")


ERASURE = Lifecycle(
    "matters",
    Move("ask_erasure", _("申请删除个人信息"), (), ErasureState.ASKED, note="本人凭链接，或核对身份后代为申请"),
    Move("grant", _("同意删除"), (ErasureState.ASKED,), ErasureState.GRANTED, needs="erase"),
    Move("refuse", _("不能删除"), (ErasureState.ASKED,), ErasureState.REFUSED, needs="erase", note="写明依法的情形"),
    Move("mark_undecided", _("逾期未定"), (ErasureState.ASKED,), None, note="系统"),
    kind="erasure",
    states=[(state.value, str(state.label)) for state in ErasureState],
)
"""A person's request that what is held of them be deleted: its own clock, its own decision."""
