"""`linli worker`: delivers facts, fires timers, sends what leaves the city, seals the journal. May be killed at any instant.

Nothing is kept in its memory: every part finds in the database what is due, and does it in one transaction with the mark
that it is done. Any number of workers may run; they share the work by row locks.
"""

import argparse
import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import Error as DatabaseProblem
from django.db import close_old_connections, connection, connections
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from linli.site import memory

log = logging.getLogger("linli.worker")

IDLE = 0.3  # Seconds without work before looking again.
LONGEST_WAIT = 30.0  # Between tries while something is broken.
STALLED = 60.0  # A job whose worker has not been heard of for so long is done again by another.


@dataclass
class Part:
    """One thing the worker does again and again; when it fails it waits, longer each time, and the others go on."""

    name: str
    once: Callable[[], int]  # How much was done: 0 means there is nothing to do.
    pause: float = IDLE
    failures: int = 0
    next_at: float = 0.0

    def turn(self) -> bool:
        """Do one piece, if it is time; True if there may be more."""
        if time.monotonic() < self.next_at:
            return False
        try:
            done = self.once()
        except Exception as error:  # noqa: BLE001  Whatever a part raises, the worker lives on and tries again.
            self._failed(error)
            return False
        if self.failures:
            log.info("works again", extra={"part": self.name, "failures": self.failures})
        self.failures = 0
        self.next_at = 0.0 if done else time.monotonic() + self.pause
        if done:
            log.debug("did", extra={"part": self.name, "count": done})
        return bool(done)

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        wait = min(0.5 * 2 ** min(self.failures, 10), LONGEST_WAIT)
        self.next_at = time.monotonic() + wait
        if isinstance(error, DatabaseProblem):
            text = str(error).split("\n", maxsplit=1)[0]
            log.warning(
                "database lost", extra={"part": self.name, "wait_s": wait, "failures": self.failures, "reason": text}
            )
            with contextlib.suppress(DatabaseProblem):
                connection.close()
        else:
            log.error("failed", extra={"part": self.name, "wait_s": wait, "failures": self.failures}, exc_info=error)


class Outward(threading.Thread):
    """procrastinate's worker, which is asynchronous, in a thread of its own with its own connections."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__(name="outward", daemon=True)
        self.stop = stop
        self.failures = 0

    def run(self) -> None:
        """Until told to stop; started anew, after a wait, whenever it ends by itself."""
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                asyncio.run(self._serve())
            except Exception as error:  # noqa: BLE001  Most often the database is gone; it is tried again.
                self.failures = 1 if time.monotonic() - began > 60 else self.failures + 1
                wait = min(0.5 * 2 ** min(self.failures, 10), LONGEST_WAIT)
                log.warning("outward failed", extra={"wait_s": wait, "reason": type(error).__name__})
                self.stop.wait(wait)
        connections.close_all()

    async def _serve(self) -> None:
        # An app of our own beside the global one: what readers and views queue must go through Django's connection, in
        # their transaction, and not through the pool of this thread.
        connector = PsycopgConnector(
            kwargs=connector_params(), min_size=1, max_size=3, timeout=10, reconnect_timeout=10
        )
        app = DjangoApp(connector=connector)
        app.tasks = jobs.tasks
        app.periodic_registry = jobs.periodic_registry
        async with app.open_async():
            worker = asyncio.create_task(
                app.run_worker_async(
                    concurrency=2,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    listen_notify=True,
                    fetch_job_polling_interval=5.0,
                    shutdown_graceful_timeout=20.0,
                )
            )
            try:
                await self._watch(app, worker)
            finally:
                worker.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await worker

    async def _watch(self, app: DjangoApp, worker: "asyncio.Task[None]") -> None:
        looked = 0.0
        while not self.stop.is_set() and not worker.done():
            if time.monotonic() - looked > STALLED / 2:
                looked = time.monotonic()
                for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                    log.warning("job of a dead worker", extra={"job": job.id, "task": job.task_name})
                    await app.job_manager.retry_job(job)
            await asyncio.sleep(0.25)
        if worker.done():
            worker.result()  # Raises what ended it.


def parts() -> list[Part]:
    """What the worker does, in turn."""
    from linli.mechanisms.flow import timers
    from linli.mechanisms.journal import runner, seals
    from linli.work.matters.service import clear_due

    return [
        Part("journal", runner.run_once),
        Part("timers", timers.run_once, pause=1.0),
        Part("retention", clear_due, pause=3600.0),
        Part("seal", lambda: int(seals.seal_due() is not None), pause=60.0),
    ]


def work(stop: threading.Event, *, outward: bool = True) -> None:
    """Until `stop` is set."""
    sender = Outward(stop) if outward else None
    if sender:
        sender.start()
    log.info("worker started")
    mine = parts()
    while not stop.is_set():
        close_old_connections()
        more = False
        for part in mine:
            more = part.turn() or more
            if stop.is_set():
                break
        if not more:
            stop.wait(IDLE)
    connections.close_all()
    if sender:
        sender.join(timeout=25)
    log.info("worker stopped")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to send, and how long to stay."""
    parser.add_argument("--inward-only", action="store_true", help="send nothing outward: facts, timers and seals only")
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")


def run(args: argparse.Namespace) -> int:
    """Until SIGTERM or Ctrl-C; what is under way is finished first."""
    if args.once:
        for part in parts():
            while part.once():
                pass
        return 0
    memory.spare()
    memory.settle()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(stop, outward=not args.inward_only)
    return 0
