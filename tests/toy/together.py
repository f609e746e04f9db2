"""Two at once: threads with their own connections, and worker processes that can be killed."""

import os
import signal
import threading
import time
from collections.abc import Callable
from queue import Queue
from typing import Any

from django.db import connection, transaction

PATIENCE = 60.0


def in_another_thread(function: Callable[[], object], errors: list[Exception]) -> threading.Thread:
    """Run it on a connection of its own; what it raises goes to `errors`."""

    def run() -> None:
        try:
            function()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def wait_until(true: Callable[[], object]) -> None:
    """Look again and again; not for ever."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.005)


def wait_until_somebody_waits() -> None:
    """Until another connection to this database stands before a lock. (pg_stat_activity would answer from a cache.)"""

    def somebody_waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks"
                " WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())))"
            )
            return bool(cursor.fetchone()[0])

    wait_until(somebody_waits)


class Session:
    """Somebody with a connection of their own, who does one thing after another when told to."""

    def __init__(self) -> None:
        self._told: Queue[Callable[[], object] | None] = Queue()
        self._answers: Queue[tuple[object, Exception | None]] = Queue()
        self._block: transaction.Atomic | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (function := self._told.get()) is not None:
            try:
                self._answers.put((function(), None))
            except Exception as error:
                self._answers.put((None, error))
        connection.close()

    def start(self, function: Callable[[], object]) -> None:
        """Tell, and do not wait."""
        self._told.put(function)

    def finish(self) -> Any:
        """Wait for what was started."""
        answer, error = self._answers.get(timeout=PATIENCE)
        if error is not None:
            raise error
        return answer

    def do(self, function: Callable[[], object]) -> Any:
        """Tell, and wait."""
        self.start(function)
        return self.finish()

    @property
    def is_open(self) -> bool:
        """In the middle of a transaction?"""
        return self._block is not None

    def begin(self) -> None:
        """BEGIN, and take a transaction number at once."""
        self._block = transaction.atomic()
        self.do(self._block.__enter__)
        self.do(lambda: connection.cursor().execute("SELECT pg_current_xact_id()"))

    def end(self, *, commit: bool = True) -> None:
        """COMMIT or ROLLBACK."""
        assert self._block is not None
        block, self._block = self._block, None
        if not commit:
            self.do(lambda: transaction.set_rollback(True))
        self.do(lambda: block.__exit__(None, None, None))

    def close(self) -> None:
        """Go home."""
        if self.is_open:
            self.end(commit=False)
        self._told.put(None)
        self._thread.join(PATIENCE)


def fork(loop: Callable[[], object]) -> int:
    """A worker process that runs `loop` again and again until it is killed; its id. For tests that really commit."""
    child = os.fork()
    if child:
        return child
    try:
        connection.connection = None  # The parent's; psycopg closes it in the process that opened it only.
        while True:
            loop()
            time.sleep(0.001)
    finally:
        os._exit(1)


def kill(process: int) -> None:
    """kill -9."""
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
