"""一次吹哨的一生 — the life of a whistle; and of a joint meeting, which may follow one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.flow import Lifecycle, Move


class State(TextChoices):
    """状态."""

    SOUNDED = "sounded", _("已吹哨")
    AGREED = "agreed", _("已议定")
    DONE = "done", _("已办结待互评")
    RATED = "rated", _("已互评")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN = (State.SOUNDED, State.AGREED)
"""Somebody is waited for."""

LIFE = Lifecycle(
    "whistles",
    Move("sound", _("吹哨"), (), State.SOUNDED, note="只限镇街；只叫管得到这个地方的单位"),
    # What each called body does; its own row keeps when.
    Move("acknowledge", _("收到"), OPEN, None, note="被叫的单位"),
    Move("arrive", _("到了"), OPEN, None, note="被叫的单位；晚了多少记下来"),
    Move("explain", _("说明没到的原因"), OPEN, None, needs="acknowledge", note="被叫的单位；照样报县区"),
    Move("report", _("报告办理"), OPEN, None, note="被叫的单位"),
    Move("agree", _("议定办法"), (State.SOUNDED,), State.AGREED, note="至少有一个单位到场"),
    Move("conclude", _("办结"), (State.AGREED,), State.DONE, note="给每个单位一句结论"),
    # Both sides judge; the last word given ends it.
    Move("rate", _("评部门"), (State.DONE,), None, note="吹哨的镇街，每个单位1至5分"),
    Move("rate_last", _("评部门，互评完成"), (State.DONE,), State.RATED, needs="rate"),
    Move("judge", _("评哨"), (State.DONE,), None, note="被叫的单位：该不该吹"),
    Move("judge_last", _("评哨，互评完成"), (State.DONE,), State.RATED, needs="judge"),
    Move("withdraw", _("撤回"), (State.SOUNDED,), State.WITHDRAWN),
    Move("escalate", _("报县区"), OPEN, None, note="系统：没有回应，或没有按时到场；每个单位一次"),
    kind="whistle",
    states=[(state.value, str(state.label)) for state in State],
)


class MeetingState(TextChoices):
    """联席会议的状态."""

    PLANNED = "planned", _("已约定")
    HELD = "held", _("已开")
    CANCELLED = "cancelled", _("已取消")


MEETING = Lifecycle(
    "whistles",
    Move("convene", _("召集联席会议"), (), MeetingState.PLANNED, note="乡镇、街道或县区"),
    Move(
        "hold", _("记下结论"), (MeetingState.PLANNED,), MeetingState.HELD, needs="convene", note="每条写明谁做、哪天前"
    ),
    Move("cancel", _("取消会议"), (MeetingState.PLANNED,), MeetingState.CANCELLED, needs="convene"),
    kind="meeting",
    states=[(state.value, str(state.label)) for state in MeetingState],
)
