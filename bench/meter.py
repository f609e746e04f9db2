"""Counting what a request costs: statements, and the CPU of this process and of its PostgreSQL backend."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.main import mean, quantile

QUEUE_P95 = 60.0
QUEUE_STATEMENTS = 15


class Meter:
    """Counts statements, and the CPU of this process and of its backend."""

    def __init__(self) -> None:
        """Open the one connection everything goes through."""
        from django.db import connection

        connection.ensure_connection()
        self.connection = connection
        with connection.cursor() as db:
            db.execute("SELECT pg_backend_pid()")
            self.spent = Path(f"/proc/{db.fetchone()[0]}/schedstat")
        self.statements: list[tuple[str, Any]] = []

    def backend_ms(self) -> float:
        """What the backend has spent on a CPU so far."""
        return int(self.spent.read_text().split()[0]) / 1e6

    @contextmanager
    def listening(self) -> Iterator[list[tuple[str, Any]]]:
        """Which statements are sent meanwhile."""
        heard: list[tuple[str, Any]] = []

        def hear(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            heard.append((sql, params))
            return execute(sql, params, many, context)

        with self.connection.execute_wrapper(hear):
            yield heard

    def again(self, statements: Sequence[tuple[str, Any]]) -> float:
        """The floor of a read: the same statements, bare; milliseconds of CPU, ours and the backend's."""
        reads = [(sql, params) for sql, params in statements if sql.lstrip().upper().startswith("SELECT")]

        def bare() -> None:
            with self.connection.connection.cursor() as db:
                for sql, params in reads:
                    db.execute(sql, params)
                    db.fetchall()

        bare()
        sample = Sample()
        for _ in range(5):
            sample.take(self, bare)
        return sample.cpu


@dataclass
class Sample:
    """Many requests of one kind."""

    web: list[float] = field(default_factory=list)
    db: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    statements: int = 0

    def take(self, meter: Meter, request: Callable[[], Any]) -> None:
        """One request."""
        backend, web, wall = meter.backend_ms(), time.process_time(), time.perf_counter()
        request()
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.web.append((time.process_time() - web) * 1000)
        self.db.append(meter.backend_ms() - backend)

    @property
    def cpu(self) -> float:
        """The mean, web and database."""
        return mean(self.web) + mean(self.db)

    def row(self, work: str, size: int, *, floor: float, bar: float | None) -> dict[str, Any]:
        """As `linli bench --json` writes it."""
        holds = None if bar is None else self.cpu <= bar
        if bar is not None and work.startswith("queue"):
            holds = holds and quantile(self.wall, 0.95) <= QUEUE_P95 and self.statements <= QUEUE_STATEMENTS
        figures = {
            "cpu_ms": self.cpu, "web_cpu_ms": mean(self.web), "db_cpu_ms": mean(self.db), "wall_ms_p50": quantile(self.wall, 0.5),
            "wall_ms_p95": quantile(self.wall, 0.95), "floor_ms": floor,
        }  # fmt: skip
        places = 5 if work.startswith("grid") else 2
        rounded = {name: round(value, places) for name, value in figures.items()}
        return {"work": work, "size": size, **rounded, "statements": self.statements, "bar": bar, "holds": holds}


class _Still:
    """For work that asks no database."""

    def backend_ms(self) -> float:
        """Nothing is spent there."""
        return 0.0


nothing: Any = _Still()
