"""Every write to a task (任务) or a meeting (会议). Read flow.py first: it says what may follow what."""

from linli.work.tasks.service.clockwork import mark_overdue, remind
from linli.work.tasks.service.giving import cancel, give, record_meeting
from linli.work.tasks.service.owning import ask_delay, finish, report, take_up
from linli.work.tasks.service.pressing import press, withdraw_card
from linli.work.tasks.service.ruling import confirm, grant_delay, refuse_delay, send_back

__all__ = [
    "ask_delay", "cancel", "confirm", "finish", "give", "grant_delay", "mark_overdue", "press", "record_meeting",
    "refuse_delay", "remind", "report", "send_back", "take_up", "withdraw_card",
]  # fmt: skip
