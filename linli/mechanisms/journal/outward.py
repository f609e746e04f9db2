"""What leaves the city (e-mail, messages to other systems): queued in the same transaction, sent by the worker.

Inside linli facts are heard by journal readers. Only what must reach a machine of somebody else goes through here: a job
is a row, so a rolled-back transaction sends nothing, and a committed one is sent at least once, after however many tries.
A task must therefore carry a stable id of its own and be safe to run twice.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import TaskNotFound

QUEUE = "outward"
TRIES = 8  # Waits of 4 s, 16 s, about a minute, … : at the last try a day has passed.


def task(name: str, *, tries: int = TRIES) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare, in an app's `tasks.py`, what a job of this name does. Its arguments must be plain JSON, and no secrets."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        app.task(name=name, queue=QUEUE, retry=RetryStrategy(max_attempts=tries, exponential_wait=4))(function)
        return function

    return register


def enqueue(task_name: str, **arguments: Any) -> int:
    """Queue one job in the current transaction; its number. An unknown name is refused here, not by the worker."""
    return enqueue_at(task_name, None, **arguments)


def enqueue_at(task_name: str, at: datetime | None, **arguments: Any) -> int:
    """The same, not to be done before a moment."""
    try:
        job = app.configure_task(task_name, allow_unknown=False, schedule_at=at)
    except TaskNotFound:
        raise LookupError(f"no app declares a task {task_name!r} in its tasks.py") from None
    number: int = job.defer(**arguments)
    return number
