"""玩具的一生."""

from django.db.models import TextChoices

from linli.mechanisms.flow import Lifecycle, Move


class State(TextChoices):
    """状态."""

    OPEN = "open", "待领"
    TAKEN = "taken", "已领"
    DONE = "done", "已完成"


LIFE = Lifecycle(
    "toy",
    Move("register", "登记", (), State.OPEN),
    Move("take", "领走", (State.OPEN,), State.TAKEN),
    Move("finish", "完成", (State.TAKEN,), State.DONE, four_eyes=("take",), note="须由另一人完成"),
    Move("reopen", "重开", (State.TAKEN, State.DONE), State.OPEN),
    Move("add", "补充", (State.OPEN, State.TAKEN), None),
    kind="toy",
    states=State.choices,
)
