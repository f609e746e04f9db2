"""A city pack from the operator's keyboard, and a letter on its way out of that city: real processes on one database."""

import shutil
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from linli.site.database import Server
from linli.site.tests.test_cli import ROOT, environment, linli, sql

pytestmark = [pytest.mark.slow, pytest.mark.own_database]
PACK = ROOT / "packs" / "binzhou"
LIMITS = "matters/limits.yaml"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack, to be edited."""
    return Path(shutil.copytree(PACK, tmp_path / "城市 pack"))


def edit(pack: Path, old: str, new: str, *, within: str = LIMITS) -> int:
    """Change the first place a text stands at in a file; its line."""
    file = pack / within
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


# --- check: no city needed ---------------------------------------------------------------------------------------------
def test_a_good_pack_is_found_good_without_any_database(pack: Path) -> None:
    done = linli("pack", "check", pack, DATABASE_URL="postgres://nobody@127.0.0.1:9/none")
    assert done.returncode == 0, done.stderr
    assert "滨州市城市包没有问题" in done.stdout
    assert "matters/limits" in done.stdout
    assert "张代码表" in done.stdout


def test_what_is_wrong_is_named_by_file_and_line_with_how_to_mend_it(pack: Path) -> None:
    line = edit(pack, "settle: 1 working_days", "settle: 1 day")
    other = edit(pack, "township: urban-management", "township: urban-managment", within="matters/routing.yaml")
    done = linli("pack", "check", pack, DATABASE_URL="postgres://nobody@127.0.0.1:9/none")
    assert done.returncode == 1
    assert "城市包有 2 处要改" in done.stdout
    assert f"{LIMITS} 第 {line} 行" in done.stdout
    assert "数字 单位" in done.stdout
    assert f"matters/routing.yaml 第 {other} 行" in done.stdout
    assert "是不是 urban-management" in done.stdout


def test_a_folder_that_is_no_pack_says_so(tmp_path: Path) -> None:
    for folder, said in ((tmp_path, "pack.toml"), (tmp_path / "nowhere", "没有这个文件夹")):
        done = linli("pack", "check", folder, DATABASE_URL="postgres://nobody@127.0.0.1:9/none")
        assert done.returncode == 1
        assert said in done.stdout
        assert "Traceback" not in done.stderr


# --- load and diff -----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    """A data folder whose server is stopped at the end."""
    outer = Path(tempfile.mkdtemp(prefix="linli-pack-"))
    outer.chmod(0o755)
    yield outer / "data"
    Server(outer / "data").remove()
    shutil.rmtree(outer)


@pytest.fixture(scope="module")
def city(base: Path) -> Path:
    """The real pack in force: rules and places, without illustrative grids."""
    Server(base, throwaway=True).start()
    assert linli("migrate", "--data", base).returncode == 0
    before = linli("pack", "diff", "--data", base)
    assert before.returncode == 0, before.stderr
    assert "matters/limits" in before.stdout
    assert "新清单" in before.stdout
    assert sql(base, "SELECT count(*) FROM rulebook_ruleversion") == [(0,)]
    done = linli("pack", "load", "--data", base)
    assert done.returncode == 0, done.stderr
    assert "matters/limits v1" in done.stdout
    assert "区划已装入" in done.stdout
    return base


def test_the_same_pack_again_changes_nothing(city: Path) -> None:
    versions = sql(city, "SELECT count(*) FROM rulebook_ruleversion")
    done = linli("pack", "diff", "--data", city)
    assert (done.returncode, done.stdout) == (0, "城市包和规则库一致，没有要改的。\n")
    done = linli("pack", "load", "--data", city)
    assert done.returncode == 0
    assert "载入 0 张清单的新版本" in done.stdout
    assert "区划没有变化" in done.stdout
    assert sql(city, "SELECT count(*) FROM rulebook_ruleversion") == versions


def test_diff_shows_a_change_and_load_brings_it_into_force(city: Path, pack: Path) -> None:
    edit(pack, "in_force: 2025-01-01", "in_force: 2026-11-01")
    edit(pack, "settle: 1 working_days", "settle: 2 working_days")
    done = linli("pack", "diff", pack, "--data", city)
    assert done.returncode == 0
    assert "~ default" in done.stdout
    assert "settle：1 working_days → 2 working_days" in done.stdout
    assert "matters/routing" not in done.stdout
    done = linli("pack", "load", pack, "--data", city)
    assert done.returncode == 0
    assert "matters/limits v2  自 2026-11-01 起施行" in done.stdout


def test_a_pack_with_a_mistake_changes_nothing(city: Path, pack: Path) -> None:
    versions = sql(city, "SELECT count(*) FROM rulebook_ruleversion")
    line = edit(pack, "settle: 1 working_days", "settle: soon")
    for action in ("diff", "load"):
        done = linli("pack", action, pack, "--data", city)
        assert done.returncode == 1
        assert f"{LIMITS} 第 {line} 行" in done.stdout
    assert sql(city, "SELECT count(*) FROM rulebook_ruleversion") == versions


# --- A letter ----------------------------------------------------------------------------------------------------------
class PostOffice(socketserver.ThreadingTCPServer):
    """A post office that turns the first letter away, as they do when they are busy."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.refused = 0
        self.taken: list[bytes] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Counter(socketserver.StreamRequestHandler):
    """One visit."""

    server: PostOffice

    def handle(self) -> None:
        """As much of SMTP as a letter needs."""
        self.say("220 here")
        while line := self.rfile.readline().strip().upper():
            if line.startswith(b"RCPT") and not self.server.refused:
                self.server.refused += 1
                self.say("451 come again later")
            elif line == b"DATA":
                self.say("354 go on")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append(letter)
                self.say("250 taken")
            elif line == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, words: str) -> None:
        """One line back."""
        self.wfile.write(f"{words}\r\n".encode())


REGISTER = """
from linli.site.cli import environment as e; e.prepare()
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body, BodyKind
from linli.mechanisms.territory import queries
from linli.work.matters import service
city = queries.city()
county = next(each for each in queries.children(city.id) if not each.functional)
Body.objects.create(name="市民热线", short_name="市民热线", kind=BodyKind.GOVERNMENT, functions=["governance-centre"], area_id=city.id, level=1)
report = service.Report("路灯坏了三天", "a-form-of-a-process-1", area_id=county.id, visibility="pseudonym", phone="13812345678", email="zhao@liulin.example")
print(service.register(report, by=Actor.stranger()).matter.number)
"""


def test_a_letter_that_was_turned_away_is_sent_by_the_worker_after_all(city: Path) -> None:
    office = PostOffice()
    mail = {"LINLI_MAIL_HOST": "127.0.0.1", "LINLI_MAIL_PORT": str(office.server_address[1])}
    registered = subprocess.run(
        [sys.executable, "-c", REGISTER], env=environment(LINLI_DATA=str(city)), cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert registered.returncode == 0, registered.stderr
    worker = subprocess.Popen(
        [sys.executable, "-m", "linli", "worker", "--data", str(city)], env=environment(**mail), cwd=ROOT,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    waiting = "SELECT attempts, status::text FROM procrastinate_jobs WHERE task_name = 'matters.letter'"
    try:
        deadline = time.monotonic() + 60
        while not office.refused and time.monotonic() < deadline:
            time.sleep(0.1)
        assert office.taken == []
        while not office.taken and time.monotonic() < deadline:
            seen = sql(city, waiting) or [(0, "")]
            time.sleep(0.1)
        assert len(office.taken) == 1
        assert seen[0][0] == 1  # It waited in the database, tried once.
        while sql(city, waiting) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert sql(city, waiting) == []
    finally:
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=60)
        office.shutdown()
        office.server_close()
    letter = message_from_bytes(office.taken[0], policy=policy.default)
    assert letter["To"] == "zhao@liulin.example"
    assert letter["Message-ID"].endswith("@linli>")
    assert registered.stdout.strip() in str(letter["Subject"])
    assert "13812345678" not in said
    assert "zhao@liulin.example" not in said
