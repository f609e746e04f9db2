"""Ten thousand or a million matters in a database of the bench's own, written by two processes with progress.

Indexes are taken away and built again afterwards, and foreign keys are not looked at row by row: what is written
follows from the rows that stand. Each process writes its share batch by batch.
"""

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

BATCH = 2000
HANDS = 2
DAYS = 365
BULKY = (
    "matters_matter", "matters_contact", "matters_remark", "flow_clock", "flow_timer", "journal_entry", "indicators_standing",
    "indicators_course",
)  # fmt: skip


def seed(size: int) -> float:
    """Fill the connected, empty database; returns the seconds it took."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction

    from linli.kernel import clock
    from linli.mechanisms import rulebook
    from linli.mechanisms.access import demo as people
    from linli.mechanisms.access.rules import Functions
    from linli.mechanisms.journal import Author, bulk
    from linli.mechanisms.rulebook import pack
    from linli.mechanisms.territory import loading
    from linli.site.demo.loading import cast

    began = time.monotonic()
    call_command("migrate", interactive=False, verbosity=0)
    system = Author("system", None, "pack", "", "")
    rulebook.load(pack.read(Path(settings.PACK)), by=system)
    loading.load(Path(settings.PACK), by=system, illustrate=True)
    people.settle(
        rulebook.current(Functions).list.items,
        cast(),
        since=clock.today().replace(month=1, day=1) - timedelta(days=DAYS),
    )
    _say(began, "rules, places and people")
    with connection.cursor() as db, transaction.atomic():
        kept = _take_indexes(db)
    until = clock.now()
    stamp = until.isoformat()
    hands = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.seeding", "--size", str(size), "--hand", str(hand), "--until", stamp],
            stdout=subprocess.PIPE,
            text=True,
        )
        for hand in range(HANDS)
    ]
    _follow(hands, size, began)
    with connection.cursor() as db:
        db.execute("SET maintenance_work_mem = '512MB'")
        for n, definition in enumerate(kept, start=1):
            db.execute(definition)
            print(f"\r{time.monotonic() - began:6.1f}s  indexes {n}/{len(kept)}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        db.execute("VACUUM ANALYZE")
    bulk.skip_to_now()
    _say(began, f"{size} matters")
    return time.monotonic() - began


def take_back() -> None:
    """Take away what an earlier run has sent: thousands of sentences about one lamp are no city."""
    from django.db import connection, transaction

    from linli.mechanisms.journal import bulk

    sent = "SELECT 'matter:' || number FROM matters_matter JOIN matters_submission ON matter_id = matters_matter.id"
    with connection.cursor() as db:
        with transaction.atomic():
            db.execute("SET LOCAL session_replication_role = replica")
            db.execute(f"CREATE TEMPORARY TABLE taken ON COMMIT DROP AS {sent}")
            db.execute(_HANGING_ON)
            for table, column in db.fetchall():
                rows = "SELECT id FROM matters_matter WHERE 'matter:' || number IN (TABLE taken)"
                db.execute(f"DELETE FROM {table} WHERE {column} IN ({rows})")
            for table in ("flow_clock", "flow_timer", "journal_entry"):
                db.execute(f"DELETE FROM {table} WHERE subject IN (TABLE taken)")
            for table in ("indicators_standing", "indicators_course"):
                db.execute(f"DELETE FROM {table} WHERE 'matter:' || number IN (TABLE taken)")
            db.execute("DELETE FROM matters_matter USING matters_submission WHERE matter_id = matters_matter.id")
            db.execute("TRUNCATE matters_submission, resident_bucket, notices_notice CASCADE")
        db.execute("VACUUM (INDEX_CLEANUP ON, ANALYZE) matters_matter, journal_entry")
    bulk.skip_to_now()


_HANGING_ON = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint AS c
JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = 'matters_matter'::regclass
AND c.conrelid NOT IN ('matters_matter'::regclass, 'matters_submission'::regclass)
"""
"""Tables whose rows belong to a matter: while taking away no foreign key is looked at, so nothing else would take them."""


def _take_indexes(db: object) -> list[str]:
    """Drop the bulky tables' indexes that no constraint stands on; their definitions."""
    db.execute(  # type: ignore[attr-defined]
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [list(BULKY)],
    )
    found = db.fetchall()  # type: ignore[attr-defined]
    for name, _ in found:
        db.execute(f"DROP INDEX {name}")  # type: ignore[attr-defined]
    return [definition for _, definition in found]


def _follow(hands: "Sequence[subprocess.Popen[str]]", size: int, began: float) -> None:
    """Say how far they are, until both are done."""
    import selectors

    done = [0] * len(hands)
    watch = selectors.DefaultSelector()
    for number, hand in enumerate(hands):
        if hand.stdout is not None:
            watch.register(hand.stdout, selectors.EVENT_READ, number)
    while watch.get_map():
        for key, _ in watch.select():
            line = key.fileobj.readline()  # type: ignore[union-attr]
            if not line:
                watch.unregister(key.fileobj)
                continue
            done[key.data] = int(line)
            print(f"\r{time.monotonic() - began:6.1f}s  {sum(done)}/{size}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if any(hand.wait() for hand in hands):
        raise RuntimeError("seeding failed; see above")


def _say(began: float, words: str) -> None:
    print(f"{time.monotonic() - began:6.1f}s  {words}", file=sys.stderr, flush=True)


def write_share(size: int, hand: int, until_text: str) -> None:
    """One process's share: every other batch."""
    from datetime import datetime

    from django.db import connection, transaction

    from linli.review.indicators import demo as indicators
    from linli.work.matters import demo as matters

    with connection.cursor() as db:
        db.execute("SET synchronous_commit = off")
        db.execute("SET session_replication_role = replica")
    until = datetime.fromisoformat(until_text)
    stage = matters.Stage()
    times = matters.moments(size, since=until.date() - timedelta(days=DAYS), until=until, seed="bench")
    numbers = matters.numbers(stage, times)
    rng = random.Random(f"bench {hand}")
    done = 0
    for start in range(hand * BATCH, size, HANDS * BATCH):
        tally = indicators.Tally()
        share = zip(numbers[start : start + BATCH], times[start : start + BATCH], strict=True)
        with transaction.atomic():
            done += matters.write(
                (matters.tell(stage, rng, number=n, at=at, until=until) for n, at in share), each=tally.hear
            )
            tally.write()
        print(done, flush=True)
    if hand == 0:
        matters.begin_today(until.date(), sum(at.date() == until.date() for at in times))


def main(argv: Sequence[str]) -> int:
    """One hand, as a process of its own."""
    parser = argparse.ArgumentParser(prog="bench.seeding")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--hand", type=int, required=True)
    parser.add_argument("--until", required=True)
    args = parser.parse_args(argv)
    from linli.site.cli import environment

    environment.set_up()
    write_share(args.size, args.hand, args.until)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
