"""What happens to a group's task (任务). Codes, bodies and dates only: words stay in their own table.

`words` is a keyed digest of what was said at that moment.
"""

from dataclasses import dataclass
from datetime import date

from linli.facts.base import Fact


@dataclass(frozen=True)
class MeetingRecorded(Fact):
    """会议 — a group met."""

    group: str
    lead: int
    held_on: date


@dataclass(frozen=True)
class TaskGiven(Fact):
    """布置 — a body owns a task, with others to help, until a day."""

    number: str
    group: str
    lead: int
    owner: int
    co_owners: tuple[int, ...]
    due_on: date
    rule: str
    words: str


@dataclass(frozen=True)
class TaskTakenUp(Fact):
    """领受 — the owner has begun."""

    number: str
    owner: int


@dataclass(frozen=True)
class TaskReported(Fact):
    """报进展 — the owner or a helper said how far it is."""

    number: str
    body: int
    words: str


@dataclass(frozen=True)
class TaskDelayAsked(Fact):
    """申请延期 — the owner asks for another day."""

    number: str
    area: int
    """Where the group works: whose posts decide."""
    due_on: date
    wanted_on: date
    words: str


@dataclass(frozen=True)
class TaskDelayed(Fact):
    """同意延期 — the lead of the group granted it; another day holds."""

    number: str
    owner: int
    due_on: date


@dataclass(frozen=True)
class TaskDelayRefused(Fact):
    """不同意延期 — the day stays."""

    number: str
    owner: int
    words: str


@dataclass(frozen=True)
class TaskFinished(Fact):
    """报完成 — the owner says it is done, and shows what by."""

    number: str
    area: int
    """Where the group works: whose posts decide."""
    in_time: bool
    words: str


@dataclass(frozen=True)
class TaskConfirmed(Fact):
    """确认完成 — somebody else has looked; what was pressed is cleared."""

    number: str
    owner: int
    cards_cleared: int


@dataclass(frozen=True)
class TaskSentBack(Fact):
    """退回再办 — something is missing."""

    number: str
    owner: int
    words: str


@dataclass(frozen=True)
class TaskCancelled(Fact):
    """取消 — nobody need do it any more."""

    number: str
    owner: int
    words: str


@dataclass(frozen=True)
class TaskReminded(Fact):
    """任务到期提醒 — the day is near."""

    number: str
    owner: int
    due_on: date


@dataclass(frozen=True)
class TaskOverdue(Fact):
    """任务逾期 — the day is over and the task is not finished."""

    number: str
    owner: int
    due_on: date


@dataclass(frozen=True)
class TaskPressed(Fact):
    """督办 — the same level or a higher one presses: one grade more."""

    number: str
    owner: int
    grade: str
    level: int
    rule: str
    words: str


@dataclass(frozen=True)
class TaskCardWithdrawn(Fact):
    """撤销督办 — the last card is taken back."""

    number: str
    owner: int
    grade: str
    words: str
