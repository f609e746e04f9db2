"""Kill anything at any instant: a sentence or a move is wholly there or not at all, and everybody it concerns is told.

Real processes on a database of their own: granian, the worker, PostgreSQL. What is killed is started again, as a
service manager would; the resident's browser sends the same form again, as people do.
"""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from linli.gateways.hotline import signing
from linli.site.database import Server
from tests.cast import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
SENT = 18
PATIENCE = 60.0
SECRET = "两边都知道的密钥"


class Hotline:
    """The 12345 system at the other end, which nobody kills: what it was told, by mark."""

    def __init__(self) -> None:
        """On the air at once."""
        self.told: dict[str, dict[str, Any]] = {}

        class Answers(BaseHTTPRequestHandler):
            def do_POST(answer) -> None:  # noqa: N805  The hotline is `self`.
                said = json.loads(answer.rfile.read(int(answer.headers["Content-Length"])))
                assert self.told.setdefault(said["id"], said) == said, "the same mark for something else"
                answer.send_response(204)
                answer.end_headers()

            def log_message(answer, *_args: object) -> None:  # noqa: N805
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """For good."""
        self.server.shutdown()
        self.server.server_close()


class City:
    """The processes of one small city, each of which may be killed."""

    def __init__(self, folder: Path) -> None:
        """Make the database and the imaginary township, then start everything."""
        self.database = Server(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.hotline = Hotline()
        env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "PYTEST_CURRENT_TEST"}}
        self.env = env | {
            "LINLI_DATA": str(folder),
            "LINLI_URL": self.address,
            "LINLI_REQUIRE_MFA": "0",
            "LINLI_HOTLINE_URL": self.hotline.url,
            "LINLI_HOTLINE_SECRET": SECRET,
            "PYTHONPATH": str(ROOT),
        }
        build = "from linli.site.cli import environment as e; e.prepare(); from tests.fixtures import build_city; build_city()"
        self.run("-m", "linli", "migrate")
        self.run("-c", build)
        self.one_at_a_time = threading.Lock()
        self.running = {name: self.start(name) for name in ("serve", "worker")}

    def run(self, *arguments: str) -> str:
        """One command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments], env=self.env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """The server or the worker, in a group of its own."""
        more = ["--port", str(self.port), "--workers", "1"] if name == "serve" else []
        return subprocess.Popen(
            [sys.executable, "-m", "linli", name, *more], env=self.env, cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self, what: str) -> None:
        """SIGKILL, children and all."""
        with self.one_at_a_time:
            if what == "database":
                pid = self.database.status().pid
                if pid:
                    os.kill(pid, signal.SIGKILL)
            else:
                os.killpg(self.running[what].pid, signal.SIGKILL)
                self.running[what].wait()

    def mend(self) -> None:
        """Start again whatever is not running."""
        with self.one_at_a_time:
            self.database.start()
            for name, process in self.running.items():
                if process.poll() is not None:
                    self.running[name] = self.start(name)

    def stop(self) -> None:
        """Everything, for good."""
        for name, process in self.running.items():
            if process.poll() is None:
                self.kill(name)
        self.database.remove()
        self.hotline.stop()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory):
    made = City(tmp_path_factory.mktemp("town") / "data")
    try:
        yield made
    finally:
        made.stop()


def filled_form(town: City, said: str) -> tuple[requests.Session, dict[str, str]]:
    """A resident opens the page and writes a sentence; waits while something is being mended."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            session = requests.Session()
            page = session.get(f"{town.address}/", timeout=10)
            if page.status_code == 200:
                break
        except requests.RequestException:
            pass
        assert time.monotonic() < deadline, "the page did not come back"
        town.mend()
        time.sleep(0.2)
    hidden = dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|key)" value="([^"]+)"', page.text))
    return session, hidden | {
        "text": said, "place": "柳林街道槐花社区", "visibility": "pseudonym", "phone": "13812345678", "public": "on", "anyway": "1",
    }  # fmt: skip


def send_until_heard(town: City, session: requests.Session, form: dict[str, str]) -> str:
    """Send the same form until the answer page comes: its address."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            answer = session.post(
                f"{town.address}/", data=form, headers={"Referer": town.address}, timeout=10, allow_redirects=False
            )
            if answer.status_code == 302:
                return answer.headers["Location"]
            assert answer.status_code >= 500, answer.text[:3000]
        except requests.RequestException:
            pass
        town.mend()
        time.sleep(0.2)
    raise AssertionError("nobody answered")


@pytest.mark.slow
@pytest.mark.own_database
def test_a_sentence_is_wholly_there_or_not_at_all_whatever_is_killed(town):
    rng = random.Random(20261123)
    answers = []
    for n in range(SENT):
        session, form = filled_form(town, f"第{n}盏路灯不亮了，晚上看不见路")
        if n % 2:
            what = ("serve", "worker", "database")[n // 2 % 3]
            killer = threading.Timer(rng.uniform(0.0, 0.06), town.kill, args=(what,))
            killer.start()
            answers.append(send_until_heard(town, session, form))
            killer.join()
            town.mend()
        else:
            answers.append(send_until_heard(town, session, form))
    assert len(set(answers)) == SENT

    with psycopg.connect(town.database.start(), autocommit=True) as db:

        def one(sql: str) -> int:
            return db.execute(sql).fetchone()[0]

        assert one("SELECT count(*) FROM matters_matter") == SENT
        whole = """
            SELECT count(*) FROM matters_matter m
            JOIN matters_contact c ON c.matter_id = m.id
            JOIN matters_submission s ON s.matter_id = m.id
            JOIN flow_clock k ON k.subject = 'matter:' || m.number AND k.name = 'handle' AND k.stopped_at IS NULL
            JOIN journal_entry e ON e.subject = 'matter:' || m.number AND e.seq = 1 AND e.move LIKE 'register%'
            WHERE m.version = 1 AND (SELECT count(*) FROM flow_timer t WHERE t.subject = 'matter:' || m.number) = 2"""
        assert one(whole) == SENT
        assert one("SELECT count(*) FROM matters_submission WHERE matter_id IS NULL") == 0
        deadline = time.monotonic() + PATIENCE
        told = "SELECT count(*) FROM notices_notice WHERE kind = 'matters.MatterRegistered'"
        while one(told) < SENT and time.monotonic() < deadline:
            town.mend()
            time.sleep(0.3)
        assert one(told) == one("SELECT count(DISTINCT (entry_id, person_id)) FROM notices_notice") == SENT
        standing = "SELECT count(*) FROM indicators_standing"
        while one(standing) < SENT and time.monotonic() < deadline:
            time.sleep(0.3)
        assert one(standing) == SENT
    town.run("-m", "linli", "verify")


RAISE = """
from linli.site.cli import environment as e; e.prepare()
from tests import cast; from tests.make import Make
make = Make(cast.find())
for n in range({n}):
    matter = make.raised(key=f"a-raised-one-{{n:04d}}")
    print(matter.number, matter.version, make.cast.bodies["liulin_urban"].pk)
"""
MOVED = 12


def signed_in(town: City, username: str) -> requests.Session:
    """An official with a session, whatever is being mended meanwhile."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            session = requests.Session()
            page = session.get(f"{town.address}/accounts/login/", timeout=10)
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
            if token is not None:
                form = {"csrfmiddlewaretoken": token[1], "login": username, "password": PASSWORD}
                answer = session.post(
                    f"{town.address}/accounts/login/", data=form, headers={"Referer": town.address}, timeout=10,
                    allow_redirects=False,
                )  # fmt: skip
                if answer.status_code == 302:
                    return session
        except requests.RequestException:
            pass
        assert time.monotonic() < deadline, "nobody could sign in"
        town.mend()
        time.sleep(0.2)


def assign_until_heard(town: City, session: requests.Session, number: str, form: dict[str, str]) -> int:
    """Send the same form until something is said: done, or that it was done already."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            token = {"csrfmiddlewaretoken": session.cookies["csrftoken"]}
            answer = session.post(
                f"{town.address}/matters/{number}/assign/", data=form | token, headers={"Referer": town.address}, timeout=10,
                allow_redirects=False,
            )  # fmt: skip
            if answer.status_code in {302, 409}:
                assert answer.status_code == 302 or "李调度" in answer.text
                return answer.status_code
            assert answer.status_code >= 500, answer.text[:3000]
        except requests.RequestException:
            pass
        town.mend()
        time.sleep(0.2)
    raise AssertionError("nobody answered")


@pytest.mark.slow
@pytest.mark.own_database
def test_a_move_is_wholly_made_or_not_at_all_whatever_is_killed(town):
    rng = random.Random(1123)
    town.mend()
    matters = [line.split() for line in town.run("-c", RAISE.format(n=MOVED)).splitlines()]
    assert len(matters) == MOVED
    session = signed_in(town, "li")
    for n, (number, version, body) in enumerate(matters):
        killer = threading.Timer(rng.uniform(0.0, 0.05), town.kill, args=(("serve", "worker", "database")[n % 3],))
        killer.start()
        assign_until_heard(town, session, number, {"to": body, "version": version})
        killer.join()
        town.mend()
    numbers = [number for number, *_ in matters]
    with psycopg.connect(town.database.start(), autocommit=True) as db:

        def one(sql: str) -> int:
            return db.execute(sql, {"numbers": numbers, "subjects": [f"matter:{each}" for each in numbers]}).fetchone()[
                0
            ]

        whole = """
            SELECT count(*) FROM matters_matter m
            JOIN journal_entry e ON e.subject = 'matter:' || m.number AND e.move = 'assign' AND e.seq = m.version
            JOIN flow_clock k ON k.subject = 'matter:' || m.number AND k.name = 'accept' AND k.stopped_at IS NULL
            JOIN access_body b ON b.id = m.handler_id AND b.short_name = '柳林街道城管办'
            WHERE m.number = ANY(%(numbers)s) AND m.state = 'assigned'"""
        assert one(whole) == MOVED
        assert one("SELECT count(*) FROM journal_entry WHERE subject = ANY(%(subjects)s) AND move = 'assign'") == MOVED
        told = (
            "SELECT count(*) FROM notices_notice n JOIN access_person p ON p.id = n.person_id"
            " WHERE n.subject = ANY(%(subjects)s) AND n.kind = 'matters.MatterAssigned' AND p.username = 'wu'"
        )
        deadline = time.monotonic() + PATIENCE
        while one(told) < MOVED and time.monotonic() < deadline:
            town.mend()
            time.sleep(0.3)
        assert one(told) == MOVED
    town.run("-m", "linli", "verify")


SEVERAL = """
from linli.site.cli import environment as e; e.prepare()
from tests import cast; from tests.make import Make
make = Make(cast.find())
for n in range({n}):
    main, other = make.raised(key=f"a-main-one-{{n:04d}}"), make.raised(key=f"another-one-{{n:04d}}")
    print(main.number, main.version, other.number, other.version, make.cast.bodies["liulin_urban"].pk)
"""
PAIRS = 6


def heard(town: City, ask: Callable[[], requests.Response], answers: set[int]) -> requests.Response:
    """Ask until one of these is answered, and mend meanwhile what was killed."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            answer = ask()
            if answer.status_code in answers:
                return answer
            assert answer.status_code >= 500, answer.text[:3000]
        except requests.RequestException:
            pass
        town.mend()
        time.sleep(0.2)
    raise AssertionError("nobody answered")


def post_until_heard(town: City, session: requests.Session, path: str, form: dict[str, Any]) -> requests.Response:
    """Send the same form until something is said: done, or that it was done already."""

    def send() -> requests.Response:
        token = {"csrfmiddlewaretoken": session.cookies["csrftoken"]}
        return session.post(
            f"{town.address}{path}", data=form | token, headers={"Referer": town.address}, timeout=10, allow_redirects=False
        )  # fmt: skip

    return heard(town, send, {302, 409})


def wait_for(town: City, n: int, count: Callable[[], int]) -> int:
    """What is counted, as soon as it is n; or when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while count() < n and time.monotonic() < deadline:
        town.mend()
        time.sleep(0.3)
    return count()


@pytest.mark.slow
@pytest.mark.own_database
def test_a_merge_and_a_split_touch_several_matters_or_none_whatever_is_killed(town):
    """Two rows, two journals, clocks and timers of a merge; a whole and its parts of a split: all of it, once, or nothing."""
    rng = random.Random(2311)
    town.mend()
    pairs = [line.split() for line in town.run("-c", SEVERAL.format(n=PAIRS)).splitlines()]
    assert len(pairs) == PAIRS
    session = signed_in(town, "li")
    for n, (main, seen, other, other_seen, body) in enumerate(pairs):
        for path, form in (
            (
                f"/matters/{main}/merge/",
                {"with": other, "into": main, f"version-{main}": seen, f"version-{other}": other_seen},
            ),
            (f"/matters/{main}/split/", {"what_1": "换灯头", "to_1": body, "what_2": "修电箱门", "to_2": body}),
        ):
            what = ("serve", "worker", "database")[n % 3]
            killer = threading.Timer(rng.uniform(0.0, 0.06), town.kill, args=(what,))
            killer.start()
            post_until_heard(town, session, path, form)
            killer.join()
            town.mend()
    mains, others = [each[0] for each in pairs], [each[2] for each in pairs]
    with psycopg.connect(town.database.start(), autocommit=True) as db:

        def one(sql: str) -> int:
            named = {"mains": mains, "others": others}
            return db.execute(sql, named).fetchone()[0]

        merged = """
            SELECT count(*) FROM matters_matter m
            JOIN matters_merge g ON g.matter_id = m.id AND g.ended_at IS NULL
            JOIN matters_matter main ON main.id = g.main_id AND main.number = ANY(%(mains)s)
            JOIN journal_entry e ON e.subject = 'matter:' || m.number AND e.move = 'merge' AND e.seq = m.version
            JOIN journal_entry t ON t.subject = 'matter:' || main.number AND t.move = 'take_in'
            JOIN flow_clock k ON k.subject = 'matter:' || m.number AND k.name = 'handle' AND k.paused_at IS NOT NULL
            WHERE m.number = ANY(%(others)s) AND m.state = 'merged'
              AND NOT EXISTS (SELECT FROM flow_timer f WHERE f.subject = 'matter:' || m.number)"""
        assert one(merged) == PAIRS
        split = """
            SELECT count(*) FROM matters_matter part
            JOIN matters_matter whole ON whole.id = part.parent_id AND whole.state = 'split'
            JOIN journal_entry e ON e.subject = 'matter:' || part.number AND e.move = 'part' AND e.seq = part.version
            JOIN flow_clock k ON k.subject = 'matter:' || part.number AND k.name = 'handle' AND k.stopped_at IS NULL
            WHERE whole.number = ANY(%(mains)s)
              AND (SELECT count(*) FROM journal_entry s WHERE s.subject = 'matter:' || whole.number AND s.move = 'split') = 1"""
        assert one(split) == 2 * PAIRS
        told = """
            SELECT count(*) FROM notices_notice n JOIN matters_matter part ON n.subject = 'matter:' || part.number
            JOIN matters_matter whole ON whole.id = part.parent_id AND whole.number = ANY(%(mains)s)
            JOIN access_person p ON p.id = n.person_id AND p.username = 'wu'
            WHERE n.kind = 'matters.MatterParted'"""
        assert wait_for(town, 2 * PAIRS, lambda: one(told)) == 2 * PAIRS
    town.run("-m", "linli", "verify")


DISTRICT = """
from linli.site.cli import environment as e; e.prepare()
from linli.mechanisms.territory.models import Area
from linli.work.whistles.tests.conftest import District
from tests import cast, place
district = District(cast.find())
print(Area.objects.get(code=place.HUAIHUA).pk, district.bodies["police"].pk, district.bodies["fire"].pk)
"""
ROUNDS = 3
"""Each of the acts with each of the three processes killed under it."""


@pytest.mark.slow
@pytest.mark.own_database
def test_a_whistle_and_a_hand_over_are_whole_and_told_once_whatever_is_killed(town):
    """From the hotline a ticket is taken and handed back to it; to two departments a whistle is sounded, and one arrives."""
    rng = random.Random(2411)
    town.mend()
    area, police, fire = town.run("-c", DISTRICT).split()
    li, jiang, lu = (signed_in(town, each) for each in ("li", "jiang", "lu"))

    def hand_over(n: int) -> requests.Response:
        ticket = {
            "ticket_no": f"T20261124{n:05d}", "call_time": "2026-11-20 09:30:00", "address": "槐花社区",
            "content": f"槐花社区第{n}盏路灯坏了，晚上看不见路", "category": "路灯照明", "phone": "13812345678",
        }  # fmt: skip
        body, path = json.dumps({"tickets": [ticket]}, ensure_ascii=False).encode(), "/hotline/v1/tickets"
        signed = signing.headers(SECRET, method="POST", path=path, body=body) | {"Content-Type": "application/json"}
        return requests.post(f"{town.address}{path}", data=body, headers=signed, timeout=10)

    def sound(n: int) -> requests.Response:
        form = {
            "area": area, "kind": "emergency", "what": f"第{n}处起火，要封路、要水带", "body": [police, fire], "key": f"whistle-{n:06d}",
        }  # fmt: skip
        return post_until_heard(town, li, "/whistles/new/", form)

    def hand_back(number: str) -> requests.Response:
        why = {"reason": "not-our-duty", "words": "由区里的灯光管理所办"}
        return post_until_heard(town, jiang, f"/hotline/{number}/hand_back/", why)

    def killing(what: str, *acts: Callable[[], requests.Response]) -> list[requests.Response]:
        """All of these at once, and one process killed under them."""
        killer = threading.Timer(rng.uniform(0.0, 0.08), town.kill, args=(what,))
        with ThreadPoolExecutor(len(acts)) as pool:
            killer.start()
            answers = [each.result() for each in [pool.submit(act) for act in acts]]
        killer.join()
        town.mend()
        return answers

    numbers, whistles = [], []
    for n, what in enumerate(("serve", "worker", "database")):
        taken, sounded = killing(what, partial(heard, town, partial(hand_over, n), {200}), partial(sound, n))
        (row,) = taken.json()["rows"]
        assert row["result"] in {"accepted", "again"}, row
        numbers.append(row["our_no"])
        whistles.append(requests.utils.unquote(sounded.headers["Location"]).strip("/").rpartition("/")[2])
        arrive = partial(post_until_heard, town, lu, f"/whistles/{whistles[-1]}/arrive/", {})
        killing(what, partial(hand_back, numbers[-1]), arrive)
    with psycopg.connect(town.database.start(), autocommit=True) as db:
        named = {"numbers": numbers, "whistles": [f"whistle:{each}" for each in whistles]}

        def one(sql: str) -> int:
            return db.execute(sql, named).fetchone()[0]

        taken = """
            SELECT count(*) FROM hotline_ticket t JOIN matters_matter m ON m.number = t.number AND m.foreign_number = t.foreign
            JOIN journal_entry e ON e.subject = 'matter:' || m.number AND e.seq = 1
            JOIN journal_entry h ON h.subject = 'hotline:' || t.foreign AND h.fact = 'hotline.TicketReceived'
            WHERE t.number = ANY(%(numbers)s)"""
        assert one(taken) == one("SELECT count(*) FROM hotline_ticket") == ROUNDS
        back = """
            SELECT count(*) FROM hotline_handback b JOIN hotline_ticket t ON t.id = b.ticket_id
            JOIN hotline_message s ON s.ticket_id = t.id AND s.status = 'hand_back' AND s.mark = 'back-' || b.id
            JOIN journal_entry h ON h.subject = 'hotline:' || t.foreign AND h.fact = 'hotline.HandBackAsked'"""
        assert one(back) == ROUNDS
        called = """
            SELECT count(*) FROM whistles_whistle w
            JOIN journal_entry e ON e.subject = 'whistle:' || w.number AND e.move = 'sound' AND e.seq = 1
            JOIN journal_entry a ON a.subject = 'whistle:' || w.number AND a.move = 'arrive'
            JOIN whistles_summons s ON s.whistle_id = w.id AND s.arrived_at IS NOT NULL
            JOIN whistles_summons waited ON waited.whistle_id = w.id AND waited.arrived_at IS NULL
            JOIN flow_timer f ON f.subject = 'whistle:' || w.number
            WHERE 'whistle:' || w.number = ANY(%(whistles)s) AND w.version = 2"""
        assert one(called) == one("SELECT count(*) FROM whistles_whistle") == ROUNDS
        told = "SELECT count(*) FROM notices_notice WHERE kind = 'whistles.WhistleSounded'"
        assert wait_for(town, 2 * ROUNDS, lambda: one(told)) == 2 * ROUNDS
        met = "SELECT count(*) FROM notices_notice n JOIN access_person p ON p.id = n.person_id WHERE n.kind = 'whistles.SummonsMet' AND p.username = 'li'"
        assert wait_for(town, ROUNDS, lambda: one(met)) == ROUNDS
        waiting = "SELECT count(*) FROM hotline_message WHERE status = 'hand_back' AND sent_at IS NOT NULL"
        assert wait_for(town, ROUNDS, lambda: one(waiting)) == ROUNDS
    given_back = [each["ticket_no"] for each in town.hotline.told.values() if each["status_name"] and "reason" in each]
    assert sorted(given_back) == [f"T20261124{n:05d}" for n in range(ROUNDS)]
    town.run("-m", "linli", "verify")
