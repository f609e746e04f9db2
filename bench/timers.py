"""A hundred thousand matters overdue at once: how fast two workers say so, with timers that fail in front and one worker killed.

Copies of the city's own matters in hand are due at moments of the last day. The oldest two hundred timers belong to nothing
and fail. Halfway one worker is killed and another takes its place. Then every matter must be marked once, the oldest first.
"""

import os
import signal
import subprocess
import sys
import time
from typing import Any

from bench.service import _family, _spent

MOST = 100_000
BAD = 200
LEAST_PER_SECOND = 500
HANDS = 2
LONGEST_SECONDS = 1800
WINDOW = 1000
"""How far from its turn a timer may fire: two workers hold a hundred each, and what a killed one held waits for the next."""

_CLONE = """
INSERT INTO matters_matter SELECT (jsonb_populate_record(NULL::matters_matter, to_jsonb(m) || jsonb_build_object(
    'id', top.id + n, 'number', 'late' || n, 'search', '', 'state', 'handling', 'overdue', false, 'due_at', now() - n * interval '800 ms'
))).*
FROM generate_series(1, %(count)s) AS n CROSS JOIN (SELECT max(id) AS id FROM matters_matter) AS top
JOIN (
    SELECT row_number() OVER (ORDER BY id) - 1 AS place, matters_matter.* FROM matters_matter
    WHERE state IN ('assigned', 'handling') ORDER BY id LIMIT 20
) AS m ON m.place = n %% (SELECT least(20, count(*)) FROM (
    SELECT 1 FROM matters_matter WHERE state IN ('assigned', 'handling') LIMIT 20
) AS few)
"""
_ARM = """
INSERT INTO flow_timer (subject, kind, due_at, retry_at, tries, last_error)
SELECT 'matter:late' || n, 'matters.overdue', at, at, 0, ''
FROM generate_series(1, %(count)s + %(bad)s) AS n CROSS JOIN LATERAL (SELECT now() - n * interval '800 ms' AS at) AS due
"""
# In the order in which they were marked: the number in 'late<n>' falls, the greatest n being the oldest.
_TOLD = """
SELECT substr(subject, 12)::int FROM journal_entry
WHERE subject LIKE 'matter:late%%' AND fact = 'matters.MatterOverdue' ORDER BY epoch, txid, id
"""
_DUE = """
SELECT count(*) FROM flow_timer
WHERE kind = 'matters.overdue' AND subject LIKE 'matter:late%' AND tries = 0 AND retry_at <= now()
"""


def measured(size: int, postmaster: int) -> dict[str, Any]:
    """One row; what was made for it is taken away again."""
    count = min(MOST, 10 * size)
    _take_back()
    try:
        _make(count)
        floor = _floor(200)
        seconds, web, db = _drained(postmaster, count)
        wrong = _wrong(count)
    finally:
        _take_back()
    rate = count / seconds
    return {
        "work": "timers, overdue at once", "size": size, "cpu_ms": round((web + db) / count, 2), "web_cpu_ms": round(web / count, 2),
        "db_cpu_ms": round(db / count, 2), "wall_ms_p50": round(1000 / rate, 2), "wall_ms_p95": round(1000 / rate, 2),
        "floor_ms": round(floor, 2), "statements": 0, "bar": None, "holds": rate >= LEAST_PER_SECOND and not wrong,
        "per_second": round(rate, 1), "timers": count, "wrong": wrong,
    }  # fmt: skip


def said(row: dict[str, Any]) -> str:
    """The row's own figures, in a line below the table."""
    right = "each once, the oldest first, past those that fail and a killed worker"
    return (
        f"timers with {row['size']} matters: {row['timers']} due at once, {row['per_second']} a second with {HANDS} workers"
        f" (bar: {LEAST_PER_SECOND}); {row['wrong'] or right}"
    )


def _make(count: int) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as db:
        db.execute("SET LOCAL session_replication_role = replica")
        db.execute(_CLONE, {"count": count})
        if db.rowcount != count:
            raise RuntimeError(f"{db.rowcount} matters made and not {count}: is none in hand?")
        db.execute(_ARM, {"count": count, "bad": BAD})
    with connection.cursor() as db:
        db.execute("ANALYZE matters_matter, flow_timer")


def _take_back() -> None:
    from django.db import connection, transaction

    from linli.mechanisms.journal import bulk

    with connection.cursor() as db:
        with transaction.atomic():
            db.execute("SET LOCAL session_replication_role = replica")
            db.execute("DELETE FROM journal_entry WHERE subject LIKE 'matter:late%'")
            db.execute("DELETE FROM flow_timer WHERE subject LIKE 'matter:late%'")
            db.execute("DELETE FROM matters_matter WHERE number LIKE 'late%'")
        db.execute("VACUUM ANALYZE matters_matter, journal_entry, flow_timer")
    bulk.skip_to_now()


def _floor(rounds: int) -> float:
    """Milliseconds of CPU for the bare rows: one matter marked, one entry written, one timer gone; then undone."""
    from django.db import connection, transaction

    from bench.meter import Meter, Sample

    numbers = iter(range(1, rounds + 1))

    def mark() -> None:
        number = next(numbers)
        with transaction.atomic(), connection.cursor() as db:
            db.execute("UPDATE matters_matter SET overdue = true WHERE number = %s", [f"late{number}"])
            db.execute(
                "INSERT INTO journal_entry (epoch, txid, subject, seq, at, move, fact, payload, author, previous, hash)"
                " SELECT epoch, pg_current_xact_id(), %s, 9999, at, move, fact, payload, author, previous, hash"
                " FROM journal_entry ORDER BY id LIMIT 1",
                [f"matter:late{number}"],
            )
            db.execute("DELETE FROM flow_timer WHERE subject = %s", [f"matter:late{number}"])
            transaction.set_rollback(True)

    meter, sample = Meter(), Sample()
    for _ in range(rounds):
        sample.take(meter, mark)
    return sample.cpu


def _drained(postmaster: int, count: int) -> tuple[float, float, float]:
    """Seconds until no timer is due, CPU milliseconds of the workers and of the database."""
    from django.db import connection

    spent_by_dead = 0.0
    before = _spent(_family([postmaster]))
    began = time.monotonic()
    hands = [_hand() for _ in range(HANDS)]
    killed = False
    try:
        while True:
            time.sleep(0.1)
            with connection.cursor() as db:
                db.execute(_DUE)
                left = db.fetchone()[0]
            if not killed and left < count // 2:
                spent_by_dead = _spent([hands[0].pid])
                hands[0].send_signal(signal.SIGKILL)
                hands[0].wait()
                hands[0], killed = _hand(), True
            if not left:
                break
            if time.monotonic() - began > LONGEST_SECONDS:
                raise RuntimeError(f"{left} timers are still due after half an hour")
        seconds = time.monotonic() - began
        web = spent_by_dead + _spent([each.pid for each in hands])
        return seconds, web, _spent(_family([postmaster])) - before
    finally:
        for each in hands:
            each.kill()
            each.wait()


def _hand() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "bench.timers"], env=os.environ)


def _wrong(count: int) -> str:
    """What is not as promised, in a sentence; empty if all is."""
    from django.db import connection

    with connection.cursor() as db:
        db.execute(_TOLD)
        told = [row[0] for row in db.fetchall()]
        db.execute("SELECT count(*) FROM matters_matter WHERE number LIKE 'late%%' AND NOT overdue")
        unmarked = db.fetchone()[0]
    if len(told) != count or len(set(told)) != count or unmarked:
        return f"WRONG: {len(told)} told, {len(set(told))} of them different, {unmarked} not marked"
    furthest = max(abs(n - (count - place)) for place, n in enumerate(told))
    return f"WRONG: one fired {furthest} places from its turn" if furthest > WINDOW else ""


if __name__ == "__main__":
    from linli.site.cli import environment

    environment.set_up()
    from linli.mechanisms.flow import timers

    while True:
        if not timers.run_once():
            time.sleep(0.05)
