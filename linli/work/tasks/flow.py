"""任务的一生 — the life of a task, from the meeting that set it to the finish somebody else confirmed.

The five states of `domain.md` 1.7, and between 办理 and 完成 the one where a finish is reported and not yet confirmed.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.flow import Lifecycle, Move


class State(TextChoices):
    """状态."""

    OPEN = "open", _("待领受")
    DOING = "doing", _("办理中")
    DELAYED = "delayed", _("已延期")
    FINISHED = "finished", _("待确认完成")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")


WORKING = (State.OPEN, State.DOING, State.DELAYED)
"""The owner still owes something: time runs."""
UNDER_WAY = (*WORKING, State.FINISHED)
ENDED = (State.DONE, State.CANCELLED)

LIFE = Lifecycle(
    "tasks",
    Move("give", _("布置"), (), State.OPEN, note="只给市、县、乡镇的单位"),
    Move("take_up", _("领受"), (State.OPEN,), State.DOING),
    Move("report", _("报进展"), (State.DOING, State.DELAYED), None, note="主办或协办单位，一句话"),
    Move("ask_delay", _("申请延期"), WORKING, None, note="写明原因和新的日期"),
    Move("grant_delay", _("同意延期"), WORKING, State.DELAYED, four_eyes=("ask_delay",), note="须先有申请；由牵头单位"),
    Move("refuse_delay", _("不同意延期"), WORKING, None, ("ask_delay",), note="写明理由", needs="grant_delay"),
    Move("finish", _("报完成"), (State.DOING, State.DELAYED), State.FINISHED, note="附佐证的链接或一句说明"),
    Move("confirm", _("确认完成"), (State.FINISHED,), State.DONE, four_eyes=("finish",), note="督办全部清零"),
    Move("send_back", _("退回再办"), (State.FINISHED,), State.DOING, ("finish",), note="写明缺什么", needs="confirm"),
    Move("cancel", _("取消"), UNDER_WAY, State.CANCELLED, note="写明理由"),
    # Acts that change no state.
    Move("press", _("督办"), WORKING, None, note="同级或上级；一级一级来"),
    Move("withdraw_card", _("撤销督办"), UNDER_WAY, None, note="不低于发出的那一级；写明理由", needs="press"),
    Move("remind", _("到期提醒"), WORKING, None, note="系统"),
    Move("mark_overdue", _("逾期"), WORKING, None, note="系统"),
    kind="task",
    states=[(state.value, str(state.label)) for state in State],
)
