"""`linli bench`: what each kind of work costs, beside its floor in the same run: the same rows by raw SQL.

CPU is counted apart for the web process (this one, through Django's test client) and for its PostgreSQL backend
(/proc/<pid>/schedstat of pg_backend_pid()). Figures are means per request over many requests; wall is given as p50 and
p95. Everything is measured in several passes, and of each work the pass with the least CPU counts.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

WORKS = (
    "submission",
    "queue",
    "search",
    "matter",
    "map",
    "board",
    "api",
    "grid",
    "logins",
    "timers",
    "service",
    "flood",
)
SIZES = (10_000, 1_000_000)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which sizes, which works, where to."""
    parser.add_argument("--size", default=",".join(map(str, SIZES)), help="how many matters, e.g. 10000,1000000")
    parser.add_argument("--only", default="", help=f"some of: {','.join(WORKS)}")
    parser.add_argument(
        "--data", metavar="DIR", help="the bench's own folder (default: beside the user's, with -bench)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows here too")
    parser.add_argument("--rounds", type=int, default=10, help="requests of each kind in a pass (default: 10)")
    parser.add_argument(
        "--passes", type=int, default=12, help="how often all is measured; the best counts (default: 12)"
    )


def run(args: argparse.Namespace) -> int:
    """Each size in a process and a database folder of its own, which is kept for the next run; then the table."""
    try:
        sizes = [int(each) for each in args.size.split(",") if each]
    except ValueError:
        print("linli bench: --size wants numbers, e.g. 10000,1000000", file=sys.stderr)
        return 2
    only = [each for each in args.only.split(",") if each]
    if wrong := [each for each in only if each not in WORKS]:
        print(f"linli bench: there is no work {wrong[0]!r}; --only may name {', '.join(WORKS)}", file=sys.stderr)
        return 2
    rows: list[dict[str, Any]] = []
    for size in sizes:
        found = _measured(base_folder(args.data), size, only, args.rounds, args.passes)
        if found is None:
            return 1
        rows += found
    grown = growth(rows)
    print(table(rows, grown))
    if args.json:
        args.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if all(row["holds"] is not False for row in rows) and all(each["holds"] for each in grown) else 1


def base_folder(said: str | None) -> Path:
    """Beside the user's data, never in it."""
    from linli.site.database import default_data

    usual = default_data()
    return Path(said).expanduser().absolute() if said else usual.with_name(usual.name + "-bench")


def _measured(base: Path, size: int, only: list[str], rounds: int, passes: int) -> list[dict[str, Any]] | None:
    data = base / f"bench-{size}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINLI_", "DATABASE_URL"))}
    ours = {"LINLI_DATA": str(data), "LINLI_DEMO": "1", "LINLI_LOG_LEVEL": "WARNING"}
    environment = {**kept, **ours, "PYTHONHASHSEED": "0"}
    command = [
        sys.executable,
        "-m",
        "bench.measuring",
        "--size",
        str(size),
        "--rounds",
        str(rounds),
        "--passes",
        str(passes),
        "--only",
        ",".join(only),
    ]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return None
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def forget(data: Path) -> None:
    """A folder whose seeding was cut off is worth nothing."""
    shutil.rmtree(data, ignore_errors=True)


MOST_GROWTH = 1.5


def growth(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many times dearer each page is at the largest size than at the smallest."""
    sizes = sorted({row["size"] for row in rows})
    if len(sizes) < 2:
        return []
    small = {row["work"]: row for row in rows if row["size"] == sizes[0]}
    grown = []
    for row in rows:
        before = small.get(row["work"])
        if row["size"] == sizes[-1] and before and before["cpu_ms"] and "per_second" not in row:
            times = round(row["cpu_ms"] / before["cpu_ms"], 2)
            grown.append({"work": row["work"], "times": times, "holds": times <= MOST_GROWTH})
    return grown


COLUMNS = (
    "work", "size", "cpu_ms", "web_cpu_ms", "db_cpu_ms", "wall_ms_p50", "wall_ms_p95", "statements", "floor_ms", "ratio", "bar", "holds",
)  # fmt: skip


def table(rows: list[dict[str, Any]], grown: list[dict[str, Any]]) -> str:
    """For people."""
    from bench import flood, logins, service, timers

    lines = [list(COLUMNS)]
    for row in rows:
        ratio = f"{row['cpu_ms'] / row['floor_ms']:.1f}" if row["floor_ms"] else "–"
        shown = {
            **row,
            "ratio": ratio,
            "holds": {True: "yes", False: "NO", None: "–"}[row["holds"]],
            "bar": row["bar"] or "–",
        }
        lines.append([str(shown[name]) for name in COLUMNS])
    widths = [max(len(line[n]) for line in lines) for n in range(len(COLUMNS))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    own = {"logins": logins, "timers": timers, "service": service, "flood": flood}
    rates = [own[row["work"].partition(",")[0]].said(row) for row in rows if "per_second" in row]
    text += ["", *rates] if rates else []
    if grown:
        text += ["", f"growth from the smallest to the largest size (bar: {MOST_GROWTH} times)"]
        text += [f"  {each['work']}: {each['times']}{'' if each['holds'] else '  NO'}" for each in grown]
    return "\n".join(text)


def quantile(values: list[float], part: float) -> float:
    """The nearest rank."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def mean(values: list[float]) -> float:
    """Of at least one."""
    return statistics.fmean(values)
