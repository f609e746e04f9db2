"""What leaves the city (e-mail, messages to other systems): queued in the same transaction, sent by the worker.

Inside linli facts are heard by journal readers. Only what must reach a machine of somebody else goes through here: a job
is a row, so a rolled-back transaction sends nothing, and a committed one is sent at least once, after however many tries.
A task must therefore carry a stable id of its own and be safe to run twice.
"""

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

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


def hourly(name: str, *, minute: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare, in an app's `tasks.py`, what the worker looks at once an hour. It must itself find out whether anything is due.

    So what is done once a day or a month is done even where no worker ran at its hour, and only once.
    """

    def register(function: Callable[[], None]) -> Callable[[], None]:
        def look(timestamp: int) -> None:
            del timestamp  # What is due is told by the city's clock.
            function()

        app.periodic(cron=f"{minute} * * * *")(app.task(name=name, queue=QUEUE, queueing_lock=name)(look))
        return function

    return register


def enqueue(task_name: str, *, not_before: datetime | None = None, **arguments: Any) -> int:
    """Queue one job in the current transaction; its number. An unknown name is refused here, not by the worker."""
    options: dict[str, Any] = {} if not_before is None else {"schedule_at": not_before}
    try:
        job = app.configure_task(task_name, allow_unknown=False, **options)
    except TaskNotFound:
        raise LookupError(f"no app declares a task {task_name!r} in its tasks.py") from None
    number: int = job.defer(**arguments)
    return number


# --- Calls over HTTP -------------------------------------------------------------------------------------------------
LARGEST_ANSWER = 20_000_000


class UnreachedError(Exception):
    """Nobody answered, or not in time: to be tried again."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """What is signed for one address is not carried to another."""

    def redirect_request(self, *_: object) -> None:
        return None


def call(
    url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None, timeout: float = 20.0
) -> tuple[int, bytes]:
    """One request, POST where there is a body; the status and what was answered, whatever it is. Raises UnreachedError."""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise ValueError(f"{url!r} is no address for HTTP")
    asked = urllib.request.Request(url, data=body, headers=dict(headers or {}))  # noqa: S310  Looked at just above.
    try:
        with urllib.request.build_opener(_Stay).open(asked, timeout=timeout) as answer:
            return answer.status, answer.read(LARGEST_ANSWER)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(LARGEST_ANSWER)
    except (OSError, ValueError) as error:  # A broken answer is a ValueError of http.client's.
        raise UnreachedError(f"{urlsplit(url).netloc}: {type(error).__name__}") from None
