"""诉求的一生 — the life of a matter, in the order a resident lives it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.flow import Lifecycle, Move


class State(TextChoices):
    """状态."""

    WITH_GRID = "with_grid", _("网格员处理中")
    TRIAGE = "triage", _("待派单")
    EXCLUDING = "excluding", _("拟不予受理待确认")
    ASSIGNED = "assigned", _("已派单待受理")
    OBJECTED = "objected", _("职责异议待裁定")
    HANDLING = "handling", _("办理中")
    EXTENDING = "extending", _("申请延期待批")
    CARRIED = "carried", _("挂账")
    ANSWERED = "answered", _("已答复待核实")
    VERIFIED = "verified", _("待评价")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXCLUDED = "excluded", _("不予受理")
    SECOND_LOOK = "second_look", _("不予受理复核中")
    MERGED = "merged", _("已并案")
    SPLIT = "split", _("分办中")


OPEN = (
    State.WITH_GRID,
    State.TRIAGE,
    State.EXCLUDING,
    State.ASSIGNED,
    State.OBJECTED,
    State.HANDLING,
    State.EXTENDING,
    State.CARRIED,
    State.ANSWERED,
    State.SECOND_LOOK,
    State.SPLIT,
)
"""Somebody owes the resident something."""
IN_HAND = (State.WITH_GRID, State.TRIAGE, State.ASSIGNED, State.HANDLING)
"""Its clock runs against whoever has it."""
PAUSED = (State.OBJECTED, State.EXTENDING, State.CARRIED, State.EXCLUDING, State.SECOND_LOOK)
"""The clock stands still: what is being decided is not the handler's delay (`domain.md` C.5, 3)."""
LIVING = (*OPEN, State.VERIFIED)
"""What may still move by itself or by whoever has it."""
PRESSED = (*IN_HAND, State.CARRIED)
"""Whoever has it can be pressed: not while others decide, and not for what was answered."""
STANDING = tuple(each for each in State if each != State.WITHDRAWN)
ENDED = (State.CLOSED, State.WITHDRAWN, State.EXCLUDED, State.MERGED)
"""Nothing more comes of it by itself. What was merged lives on in the matter it goes with."""
HELPED = (State.HANDLING, *PAUSED)
"""In which a body works on it that others may help."""
MERGEABLE = (*IN_HAND, State.CARRIED)
"""What may be merged into another: open, not answered yet, and nobody is deciding about it this moment."""
TAKES_IN = (*IN_HAND, State.OBJECTED, State.EXTENDING, State.CARRIED)
"""Into what others may be merged: open, not answered yet, and not about to be excluded."""
PART_OF_IT = (*IN_HAND, *PAUSED, State.ANSWERED)
"""In which a part is taken back with the matter it is a part of."""
WITH_A_BODY = (State.ASSIGNED, State.HANDLING, State.EXTENDING, State.CARRIED)
"""A body was told to handle it: it is theirs to speak with whoever brought it."""
_HANDS = ("propose_exclusion", "exclude", "uphold_exclusion")

LIFE = Lifecycle(
    "matters",
    # With a grid worker on duty a matter begins in their hands; else with a dispatcher (see rules.first_level).
    Move("register", _("登记"), (), State.WITH_GRID),
    Move("register_for_triage", _("登记（直接待派单）"), (), State.TRIAGE, needs="register"),
    Move("settle", _("当场解决"), (State.WITH_GRID,), State.ANSWERED, note="一句话写明怎么解决的"),
    Move("raise_up", _("上报"), (State.WITH_GRID, State.TRIAGE), State.TRIAGE, note="写明事由和试过的办法"),
    Move("assign", _("派单"), (State.WITH_GRID, State.TRIAGE, State.ASSIGNED), State.ASSIGNED),
    # 不予受理: one proposes, another confirms, and somebody who had no hand in it looks again if asked.
    Move(
        "propose_exclusion",
        _("提出不予受理"),
        (State.TRIAGE,),
        State.EXCLUDING,
        note="写明哪一种情形、该走哪个渠道；第二个人确认才算",
    ),
    Move("exclude", _("确认不予受理"), (State.EXCLUDING,), State.EXCLUDED, ("propose_exclusion",), note="同级或上级"),
    Move(
        "keep", _("不同意不予受理，照常派单"), (State.EXCLUDING,), State.TRIAGE, ("propose_exclusion",), needs="exclude"
    ),
    Move("ask_second_look", _("请再看一次"), (State.EXCLUDED,), State.SECOND_LOOK, note="居民，只一次"),
    Move(
        "uphold_exclusion",
        _("复核：维持不予受理"),
        (State.SECOND_LOOK,),
        State.EXCLUDED,
        _HANDS,
        needs="look_again",
        note="上一级、没有经手的人",
    ),
    Move(
        "overturn_exclusion",
        _("复核：撤销，重新派单"),
        (State.SECOND_LOOK,),
        State.TRIAGE,
        _HANDS,
        needs="look_again",
    ),
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
        note="当场解决的，或者第二次还没解决的：上一级",
        needs="reopen",
    ),
    Move("lapse", _("逾期未评，办结"), (State.VERIFIED,), State.CLOSED, note="系统；不计为“已解决”"),
    # 回访: who did nothing for the answer asks by telephone, and what is said counts as the resident's own word.
    Move(
        "visit",
        _("回访"),
        (State.VERIFIED, State.CLOSED),
        None,
        ("answer", "settle"),
        note="不是承办单位的人；没人接的隔一阵再打，最多几次由规则定",
    ),
    Move(
        "rate_by_phone",
        _("电话评价"),
        (State.VERIFIED, State.CLOSED),
        State.CLOSED,
        ("answer", "settle"),
        note="居民没有在网页上评过的",
        needs="visit",
    ),
    Move(
        "reopen_by_phone",
        _("电话里说没解决，重办"),
        (State.VERIFIED, State.CLOSED),
        State.HANDLING,
        ("answer", "settle"),
        needs="visit",
    ),
    Move(
        "reopen_by_phone_for_triage",
        _("电话里说没解决，重新派单"),
        (State.VERIFIED, State.CLOSED),
        State.TRIAGE,
        ("answer", "settle"),
        needs="visit",
    ),
    Move("press", _("督办"), PRESSED, None, note="同级或上级；一级一级来，跳级写理由；核实通过后清零"),
    Move("withdraw_card", _("撤销督办"), OPEN, None, note="不低于发出的那一级；写明理由", needs="press"),
    Move("respond", _("回复督办"), PRESSED, None, note="承办的单位"),
    Move("appeal", _("评价申诉"), STANDING, None, note="答复的单位，一次评价一次；写明理由"),
    Move(
        "decide_appeal",
        _("审评价申诉"),
        STANDING,
        None,
        ("appeal", "answer", "settle"),
        note="上一级没有经手过这一件的人；成立的不计入统计，居民看得到为什么",
    ),
    Move("withdraw", _("撤回"), (*IN_HAND, *PAUSED, State.MERGED, State.SPLIT), State.WITHDRAWN),
    # Several about one thing go on as one; each reporter stays a reporter. What comes out again is as it was before.
    Move("merge", _("并入另一件"), MERGEABLE, State.MERGED, note="并到一件还在办的，期限停着不走"),
    Move("unmerge", _("撤回并案"), (State.MERGED,), State.HANDLING, note="回到并案前的状态，期限接着走"),
    Move("unmerge_to_grid", _("撤回并案（网格员处理）"), (State.MERGED,), State.WITH_GRID, needs="unmerge"),
    Move("unmerge_to_triage", _("撤回并案（待派单）"), (State.MERGED,), State.TRIAGE, needs="unmerge"),
    Move("unmerge_to_assigned", _("撤回并案（待受理）"), (State.MERGED,), State.ASSIGNED, needs="unmerge"),
    Move("unmerge_to_carried", _("撤回并案（挂账）"), (State.MERGED,), State.CARRIED, needs="unmerge"),
    # One matter, several bodies' duties: each part has its body and its clock; the resident has one matter and one answer.
    Move(
        "split", _("拆分"), (State.TRIAGE, State.ASSIGNED, State.HANDLING), State.SPLIT, note="最晚答复随最晚的一部分"
    ),
    Move("part", _("拆出一部分"), (), State.ASSIGNED, needs="split"),
    Move("verify_part", _("核实通过（一部分）"), (State.ANSWERED,), State.CLOSED, ("answer", "settle"), needs="verify"),
    Move("put_together", _("合成答复"), (State.SPLIT,), State.VERIFIED, note="系统：每一部分都答复并核实以后"),
    Move("keep_up", _("期限随各部分"), (State.SPLIT,), None, needs="put_together"),
    Move("withdraw_part", _("随整件撤回"), PART_OF_IT, State.WITHDRAWN, needs="put_together"),
    # Sent down only what the lower level owns; anything else is asked of the level that may approve it, and may be refused.
    Move(
        "ask_approval",
        _("清单外请示"),
        (State.WITH_GRID, State.TRIAGE, State.ASSIGNED),
        None,
        needs="assign",
        note="清单里没有，先请示再派",
    ),
    Move(
        "approve",
        _("批准清单外派办"),
        (State.WITH_GRID, State.TRIAGE, State.ASSIGNED),
        State.ASSIGNED,
        ("ask_approval",),
        note="县级批准，不由请示的人批",
    ),
    Move(
        "reject",
        _("不批清单外派办"),
        (State.WITH_GRID, State.TRIAGE, State.ASSIGNED),
        None,
        ("ask_approval",),
        needs="approve",
    ),
    Move(
        "refuse_off_list",
        _("清单外拒接"),
        (State.WITH_GRID, State.TRIAGE, State.ASSIGNED),
        None,
        note="被派的一方，一点就拒",
    ),
    # Several bodies, one lead: only the lead has the clock.
    Move("ask_help", _("请协办"), (State.ASSIGNED, *HELPED), None, note="主办负责，协办出意见"),
    Move("advise", _("协办意见"), (State.ASSIGNED, *HELPED), None, note="给主办看，居民看不到"),
    # 抽查: a month's exclusions are sampled by lot, and an overseer says of each whether it was right.
    Move("sample", _("抽查：抽中"), tuple(State), None, note="系统；每月按种子抽，谁都可以重算"),
    Move("find_right", _("抽查：不予受理得对"), tuple(State), None, _HANDS, needs="oversee"),
    Move("find_wrong", _("抽查：不该不受理，转复核"), (State.EXCLUDED,), State.SECOND_LOOK, _HANDS, needs="oversee"),
    Move(
        "find_wrong_late",
        _("抽查：不该不受理，已另行处理"),
        tuple(State),
        None,
        _HANDS,
        needs="oversee",
    ),
    # Acts that change no state.
    Move("take_in", _("并入几件"), TAKES_IN, None, needs="merge"),
    Move("let_go", _("一件撤回并案"), (*OPEN, State.VERIFIED), None, needs="unmerge"),
    Move("go_along", _("改随另一件"), (State.MERGED,), None, needs="merge"),
    Move("rate_along", _("并案的反映人评价"), (State.MERGED,), None, needs="rate"),
    Move("reopen_along", _("并案的反映人说没解决"), (State.MERGED,), None, needs="reopen"),
    Move("urge_along", _("并案的反映人催办"), (State.MERGED,), None, needs="urge", note="各催各的；催到主件"),
    Move("visit_along", _("回访并案的反映人"), (State.MERGED,), None, needs="visit"),
    Move("rate_along_by_phone", _("并案的反映人电话评价"), (State.MERGED,), None, needs="visit"),
    Move("reopen_along_by_phone", _("并案的反映人电话里说没解决"), (State.MERGED,), None, needs="visit"),
    Move("hear_along", _("并案的反映人有话"), (*OPEN, State.VERIFIED, State.CLOSED), None, needs="add"),
    Move("add", _("补充"), (*OPEN, State.VERIFIED, State.MERGED), None),
    Move("contact", _("首次联系"), WITH_A_BODY, None, note="打不通也记，记了才算；24小时内联系上"),
    Move("urge", _("催办"), (*IN_HAND, *PAUSED), None, note="居民，一段时间一次；期限不变"),
    Move("support", _("附议"), OPEN, None),
    # Between officials: a resident is shown neither the words nor that there are any.
    Move("note", _("内部备注"), tuple(State), None, needs="add"),
    Move("attach", _("附件"), tuple(State), None, needs="add", note="内部的，或者给居民看的"),
    Move("reveal", _("查看身份"), tuple(State), None),
    # What becomes of a person's data: the matter goes on, or stays ended, as it was.
    Move("disclose", _("告知本人"), tuple(State), None, note="核对身份以后，把记着的给本人一份"),
    Move("correct", _("更正联系方式"), tuple(State), None, note="本人凭链接"),
    Move("mask", _("核定公开字句"), tuple(State), None, note="隐去的和不必隐去的都记下"),
    Move("hold", _("暂缓清除"), tuple(State), None, note="写明理由"),
    Move("release", _("解除暂缓"), tuple(State), None, needs="hold"),
    Move("erase", _("应本人要求删除"), tuple(State), None),
    Move("clear", _("到期清除个人信息"), (*ENDED, State.VERIFIED), None, note="系统；统计和日志不变"),
    Move("remind", _("到期提醒"), IN_HAND, None, note="系统"),
    Move("mark_overdue", _("逾期"), IN_HAND, None, note="系统"),
    Move("escalate", _("逾期报上一级"), IN_HAND, None, note="系统；每一步只报一次"),
    Move("mark_unreviewed", _("挂账到期未再看"), (State.CARRIED,), None, note="系统"),
    Move("mark_unruled", _("逾期未裁定"), (State.OBJECTED,), None, note="系统"),
    Move("mark_unconfirmed", _("不予受理逾期未确认"), (State.EXCLUDING,), None, note="系统；不会自己变成不予受理"),
    Move("mark_unlooked", _("逾期未复核"), (State.SECOND_LOOK,), None, note="系统"),
    Move("remind_to_decide", _("提醒审定"), STANDING, None, note="系统；评价申诉、清单外请示"),
    Move("mark_undecided", _("逾期未审定"), STANDING, None, note="系统；告诉上一级，不会自己成立"),
    Move("remind_contact", _("提醒联系"), WITH_A_BODY, None, note="系统"),
    Move("mark_uncontacted", _("逾期未联系"), WITH_A_BODY, None, note="系统；一次"),
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
