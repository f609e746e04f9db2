"""The whole service as a city runs it: web processes, a worker and PostgreSQL, with residents posting over HTTP."""

import http.client
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.browsing import Browser, Line, Pace, signed_in
from bench.main import quantile
from bench.meter import QUEUE_P95

HANDS = 8
"""Residents posting at once."""
MOST_SECONDS = 8.0
LEAST_PER_SECOND = 100
MOST_MEMORY_MB = 500
"""`DESIGN.md` 8; the database's shared buffers apart."""
LOOK_S = 0.1
"""Between two pages of the desk that works meanwhile."""
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def measured(data: Path, size: int, *, rounds: int, floor: float, postmaster: int) -> dict[str, Any]:
    """One row: CPU a submission takes of all processes together, how many a second, how much memory.

    First as many as the service takes; then, at the bar's own rate, how long a desk waits for its pages meanwhile.
    """
    from linli.mechanisms.access.models import Person

    desk = Person.objects.get(username="li")
    pace = Pace()
    with signed_in([desk]) as cookies, _running(data) as (port, ours):
        stop, counting = threading.Event(), threading.Event()
        walls: list[list[float]] = [[] for _ in range(HANDS)]
        hands = [
            threading.Thread(target=_post, args=(port, pace, stop, counting, walls[n], random.Random(f"{size} {n}")))
            for n in range(HANDS)
        ]
        for hand in hands:
            hand.start()
        wanted = min(MOST_SECONDS, float(rounds))
        time.sleep(wanted / 2)
        before = _spent(_family(ours)), _spent(_family([postmaster]))
        counting.set()
        began = time.monotonic()
        time.sleep(wanted)
        counting.clear()
        seconds = time.monotonic() - began
        after = _spent(_family(ours)), _spent(_family([postmaster]))
        memory = _memory(_family(ours)) + _memory(_family([postmaster]), buffers_apart=True)
        pace.set(LEAST_PER_SECOND)
        lists, pages = _desk(Browser(Line(port), cookies=cookies[desk.pk]), seconds=wanted)
        paced = pace.taken / (time.monotonic() - pace.began)
        stop.set()
        for hand in hands:
            hand.join()
    wall = [each for held in walls for each in held]
    if not wall:
        raise RuntimeError("the service answered no submission")
    web, db = ((now - then) / len(wall) for now, then in zip(after, before, strict=True))
    each_second = len(wall) / seconds
    return {
        "work": "service, submissions over HTTP", "size": size, "cpu_ms": round(web + db, 2), "web_cpu_ms": round(web, 2),
        "db_cpu_ms": round(db, 2), "wall_ms_p50": round(quantile(wall, 0.5), 2), "wall_ms_p95": round(quantile(wall, 0.95), 2),
        "floor_ms": round(floor, 2), "statements": 0, "bar": None,
        "holds": each_second >= LEAST_PER_SECOND and memory <= MOST_MEMORY_MB and quantile(lists, 0.95) <= QUEUE_P95,
        "per_second": round(each_second, 1), "memory_mb": round(memory), "paced_per_second": round(paced, 1),
        "list_ms_p50": round(quantile(lists, 0.5), 2), "list_ms_p95": round(quantile(lists, 0.95), 2),
        "page_ms_p50": round(quantile(pages, 0.5), 2), "page_ms_p95": round(quantile(pages, 0.95), 2),
    }  # fmt: skip


def said(row: dict[str, Any]) -> str:
    """The row's own figures, in a line below the table."""
    return (
        f"service with {row['size']} matters: {row['per_second']} submissions a second (bar: {LEAST_PER_SECOND}),"
        f" {row['memory_mb']} MB beside the database's buffers (bar: {MOST_MEMORY_MB}); while {row['paced_per_second']} come a"
        f" second a desk waits {row['list_ms_p50']}/{row['list_ms_p95']} ms for its list (bar of p95: {QUEUE_P95:.0f}) and"
        f" {row['page_ms_p50']}/{row['page_ms_p95']} ms for a matter (p50/p95 wall)"
    )


@contextmanager
def _running(data: Path) -> Iterator[tuple[int, list[int]]]:
    """`linli serve` and `linli worker` on the data; ended at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "LINLI_PROXIES": "1", "LINLI_URL": f"http://127.0.0.1:{port}"}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "linli", *words, "--data", str(data)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for words in (["serve", "--port", str(port)], ["worker"])
    ]
    try:
        _wait_for(port)
        yield port, [each.pid for each in started]
    finally:
        for each in started:
            each.terminate()
        for each in started:
            each.wait(timeout=60)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            if _asked(http.client.HTTPConnection("127.0.0.1", port, timeout=10), "GET", "/readyz")[0] == 200:
                return
        except OSError:
            pass
        if time.monotonic() > until:
            raise RuntimeError("the service did not get ready within a minute")
        time.sleep(0.2)


def _asked(
    line: http.client.HTTPConnection, verb: str, path: str, body: str = "", headers: dict[str, str] | None = None
) -> tuple[int, str, str]:
    line.request(verb, path, body=body or None, headers=headers or {})
    answer = line.getresponse()
    return answer.status, answer.read().decode(), " ".join(answer.headers.get_all("Set-Cookie", []))


def _desk(browser: Browser, *, seconds: float) -> tuple[list[float], list[float]]:
    """One official opens the list and a matter of it again and again; the milliseconds of each."""
    lists: list[float] = []
    pages: list[float] = []
    until = time.monotonic() + seconds
    while not lists or time.monotonic() < until:
        listed = browser.get("/desk/?view=triage&order=new")
        found = re.findall(r'href="(/matters/[^"/]+/)" data-open', listed.page)
        if listed.status != 200 or not found:
            raise RuntimeError(f"the desk's list gave {listed.status} with {len(found)} matters")
        time.sleep(LOOK_S)
        opened = browser.get(found[0])
        if opened.status != 200:
            raise RuntimeError(f"a matter gave {opened.status} at the desk")
        time.sleep(LOOK_S)
        lists.append(listed.ms)
        pages.append(opened.ms)
    return lists, pages


def _post(  # noqa: PLR0917  A thread is started with what it needs, in order.
    port: int, pace: Pace, stop: threading.Event, counting: threading.Event, walls: list[float], rng: random.Random
) -> None:
    """One resident after another opens no page again and again, but sends a sentence each."""
    from linli.portals.resident.forms import new_key

    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    _, page, cookie = _asked(line, "GET", "/")
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("the home page has no token")
    token = re.search(r"csrftoken=[^;]+", cookie)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": token[0] if token else ""}
    while not stop.is_set():
        pace.turn()
        form = {
            "csrfmiddlewaretoken": found[1],
            "key": new_key(),
            "text": f"为民社区{rng.randrange(1, 90)}号楼{rng.randrange(1, 7)}单元楼道的灯坏了，晚上看不见路",
            "place": "彭李街道为民社区",
            "visibility": "anonymous",
            "public": "on",
            "anyway": "1",
        }
        headers["X-Forwarded-For"] = ".".join(str(rng.randrange(1, 250)) for _ in range(4))
        counted, began = counting.is_set(), time.perf_counter()
        status, _, _ = _asked(line, "POST", "/", urlencode(form), headers)
        if status not in {302, 303}:
            raise RuntimeError(f"a submission over HTTP gave {status}")
        if counted and counting.is_set():
            walls.append((time.perf_counter() - began) * 1000)


# --- What the system says of processes ---------------------------------------------------------------------------------
def _family(pids: Iterable[int]) -> list[int]:
    """These processes and all below them."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            below.setdefault(parent, []).append(int(entry.name))
    found = list(pids)
    for pid in found:
        found += below.get(pid, [])
    return found


def _spent(pids: Iterable[int]) -> float:
    """Milliseconds of CPU so far."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total * TICK_MS


def _memory(pids: Iterable[int], *, buffers_apart: bool = False) -> float:
    """Megabytes: what each process has for itself and its part of what is shared."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        held = {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)}
        total += held.get("Pss", 0) - (held.get("Pss_Shmem", 0) if buffers_apart else 0)
    return total / 1024
