"""A morning's beginning: staff sign in over HTTP, a hundred a second for ten seconds, and nobody gives up.

A hundred a second is what is offered, not what two cores can do. A sign-in is a page, a form and one password hash, and the
hash is dear on purpose: 20 to 28 milliseconds of a core (docs/decisions/0010-password-hash.md); all together takes some 55.
Two cores with nothing else to do can therefore sign in at most 36 a second; 28 were measured on two shared ones. The rest
wait their turn, the last of a thousand for half a minute. What must hold is that each of them is answered and comes in:
a connection refused or cut off, a 429, a 5xx or a page without a session is an error.

The staff sit in four buildings, each behind one address. Their accounts are made for the bench and taken away again.
"""

import http.client
import re
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.main import quantile
from bench.meter import Sample, nothing
from bench.service import MOST_MEMORY_MB, _asked, _family, _memory, _running, _spent

EACH_SECOND = 100
MOST_SECONDS = 10
BUILDINGS = 4
LONGEST_SECONDS = 900
"""How long one waits for an answer: longer than any queue here, so that only the service can end it."""
PASSWORD = "three-lamps-by-the-river"
PREFIX = "bench-login-"


def measured(data: Path, size: int, *, rounds: int, postmaster: int) -> dict[str, Any]:
    """One row; what was made for it is taken away again."""
    count = EACH_SECOND * min(MOST_SECONDS, rounds)
    _take_back()
    try:
        names = _make(count)
        floor = _floor(rounds)
        with _running(data) as (port, ours):
            _signed_in(port, names[0], "10.99.0.1")  # Every process has opened its pages before.
            before = _spent(_family(ours)), _spent(_family([postmaster]))
            came, walls, seconds, memory = _storm(port, names, [*ours, postmaster])
            after = _spent(_family(ours)), _spent(_family([postmaster]))
    finally:
        _take_back()
    web, db = ((now - then) / count for now, then in zip(after, before, strict=True))
    errors = {kind: times for kind, times in came.items() if kind != "in"}
    return {
        "work": "logins, offered at once", "size": size, "cpu_ms": round(web + db, 2), "web_cpu_ms": round(web, 2),
        "db_cpu_ms": round(db, 2), "wall_ms_p50": round(quantile(walls, 0.5), 2), "wall_ms_p95": round(quantile(walls, 0.95), 2),
        "floor_ms": round(floor, 2), "statements": 0, "bar": None, "holds": not errors and came["in"] == count,
        "per_second": round(came["in"] / seconds, 1), "logins": count, "errors": errors, "memory_mb": round(memory),
    }  # fmt: skip


def said(row: dict[str, Any]) -> str:
    """The row's own figures, in a line below the table."""
    wrong = ", ".join(f"{times} {kind}" for kind, times in sorted(row["errors"].items()))
    return (
        f"logins with {row['size']} matters: {row['logins']} offered, {EACH_SECOND} a second; {row['per_second']} a second"
        f" signed in, half within {row['wall_ms_p50'] / 1000:.1f} s, 95 of 100 within {row['wall_ms_p95'] / 1000:.1f} s;"
        f" errors: {wrong or 'none'} (bar: none); at most {row['memory_mb']} MB beside the database's buffers"
        f" (elsewhere the bar is {MOST_MEMORY_MB})"
    )


def _make(count: int) -> list[str]:
    """Staff with one password, whose hash is computed once: to check it costs each of them as much."""
    from django.contrib.auth.hashers import make_password

    from linli.mechanisms.access.models import Person

    kept = make_password(PASSWORD)
    names = [f"{PREFIX}{n}" for n in range(count)]
    Person.objects.bulk_create(Person(username=name, name="早班", password=kept) for name in names)
    return names


def _take_back() -> None:
    """Accounts and sessions."""
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    from linli.mechanisms.access.models import Person

    mine = Person.objects.filter(username__startswith=PREFIX)
    Session.objects.filter(
        session_key__in=UserSession.objects.filter(user__in=mine).values_list("session_key", flat=True)
    ).delete()
    mine.delete()


def _floor(rounds: int) -> float:
    """Milliseconds of CPU for the bare hash, alone in this process."""
    from django.contrib.auth.hashers import check_password, make_password

    kept, sample = make_password(PASSWORD), Sample()
    for _ in range(max(rounds, 2)):
        sample.take(nothing, lambda: check_password(PASSWORD, kept))
    return sample.cpu


def _storm(port: int, names: list[str], pids: list[int]) -> tuple[Counter[str], list[float], float, float]:
    """How each came out, milliseconds from the moment each wanted in, seconds until the last, the most memory."""
    came: Counter[str] = Counter()
    walls: list[float] = []
    lock = threading.Lock()
    began = time.monotonic()

    def come(n: int, name: str) -> None:
        due = began + n / EACH_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        kind = _signed_in(port, name, f"10.99.1.{n % BUILDINGS + 1}")
        with lock:
            came[kind] += 1
            walls.append((time.monotonic() - due) * 1000)

    # Each has a thread: who waits for an answer must keep nobody else from asking.
    hands = [threading.Thread(target=come, args=(n, name)) for n, name in enumerate(names)]
    for hand in hands:
        hand.start()
    memory = 0.0
    while any(hand.is_alive() for hand in hands):
        memory = max(memory, _memory(_family(pids[:-1])) + _memory(_family(pids[-1:]), buffers_apart=True))
        hands[-1].join(1)
    return came, walls, time.monotonic() - began, memory


def _signed_in(port: int, name: str, address: str) -> str:
    """'in', or what came instead: a browser that opens the page, fills the form and waits."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_SECONDS)
    try:
        status, page, cookie = _asked(line, "GET", "/accounts/login/", "", {"X-Forwarded-For": address})
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        held = re.search(r"csrftoken=[^;]+", cookie)
        if status != 200 or token is None or held is None:
            return f"page {status}"
        form = {"csrfmiddlewaretoken": token[1], "login": name, "password": PASSWORD}
        headers = {
            "X-Forwarded-For": address,
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": held[0],
        }
        status, _, cookie = _asked(line, "POST", "/accounts/login/", urlencode(form), headers)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        line.close()
    return "in" if status == 302 and "sessionid=" in cookie else f"form {status}"
