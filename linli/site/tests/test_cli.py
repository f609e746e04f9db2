"""`linli` as an operator types it: quick, clear when refused, and a whole city carried from one folder to another."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from linli.site import cli
from linli.site.database import Server

pytestmark = pytest.mark.own_database
ROOT = Path(cli.__file__).parents[3]


def environment(**more: str) -> dict[str, str]:
    """Ours, without what would name another database, and with no home."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LINLI_", "DATABASE_URL", "DJANGO_"))
    }
    return {**kept, "HOME": "", **more}


def linli(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "linli", *map(str, arguments)],
        env=environment(**more), cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


# --- Asking ----------------------------------------------------------------------------------------------------------
def test_help_names_every_command_and_loads_no_django() -> None:
    script = "import sys; from linli.site.cli import run; run(['--help']); assert 'django' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(f"\n  {name} " in done.stdout for name in cli.COMMANDS)


def test_a_command_that_does_not_exist_is_named() -> None:
    done = linli("fly")
    assert done.returncode == 2
    assert "'fly'" in done.stderr


def test_a_wrong_option_says_where_to_read_on() -> None:
    done = linli("database", "start", "--wings")
    assert done.returncode == 2
    assert "linli database --help" in done.stderr


# --- Style sheets and scripts ------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_static_gathers_names_by_content_and_compresses(tmp_path: Path) -> None:
    gathered = tmp_path / "x y 邻里"
    done = linli("static", "--data", tmp_path / "data", LINLI_STATIC=str(gathered))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"gathered in {gathered}\n"
    names = json.loads((gathered / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    sheet = gathered / names["linli.css"]
    assert sheet.name != "linli.css"
    assert sheet.with_name(f"{sheet.name}.gz").stat().st_size < sheet.stat().st_size
    assert all((gathered / each).exists() for each in names.values())
    before = sorted(gathered.rglob("*"))
    assert linli("static", "--data", tmp_path / "data", LINLI_STATIC=str(gathered)).returncode == 0
    assert sorted(gathered.rglob("*")) == before


@pytest.mark.slow
def test_static_that_cannot_be_written_fails_and_says_where(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = linli("static", "--data", tmp_path / "data", LINLI_STATIC=str(blocked / "static"))
    assert done.returncode == 1
    assert str(blocked) in done.stderr
    assert "Traceback" not in done.stderr


# --- A whole city ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    """Two data folders' parent, with a space and Chinese in its name; servers in it are stopped at the end."""
    outer = Path(tempfile.mkdtemp(prefix="linli-cli-"))
    outer.chmod(0o755)
    folder = outer / "x y 邻里"
    yield folder
    for each in ("one", "two"):
        Server(folder / each).remove()
    shutil.rmtree(outer)


@pytest.fixture(scope="module")
def city(base: Path) -> Path:
    """A data folder with every table and one resident's photo."""
    data = base / "one"
    done = linli("migrate", "--data", data)
    assert done.returncode == 0, done.stderr
    (data / "media" / "photos").mkdir()
    (data / "media" / "photos" / "路灯.jpg").write_bytes(b"\xff\xd8 a photo \xff\xd9")
    return data


def sql(data: Path, statement: str) -> list[tuple[object, ...]]:
    """Ask the folder's database."""
    with psycopg.connect(Server(data).url, autocommit=True) as connection:
        found = connection.execute(statement.encode())
        return found.fetchall() if found.description else []


@pytest.mark.slow
def test_migrate_is_done_once(city: Path) -> None:
    assert linli("migrate", "--check", "--data", city).returncode == 0


@pytest.mark.slow
def test_the_secret_key_is_made_once_and_is_ours_alone(city: Path) -> None:
    key = city / "secret_key"
    before = key.read_text()
    linli("doctor", "--data", city)
    assert key.read_text() == before
    assert len(before) > 50
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.slow
def test_the_doctor_says_what_is_missing_and_how_to_mend_it(city: Path) -> None:
    done = linli("doctor", "--data", city)
    assert done.returncode == 1
    assert "✗ city pack: no rule is in force" in done.stdout
    assert "→ run linli pack load" in done.stdout
    assert "✓ migrations" in done.stdout


@pytest.mark.slow
def test_the_doctor_names_a_demo_that_the_world_can_see(city: Path) -> None:
    done = linli("doctor", "--data", city, LINLI_DEMO="1", LINLI_URL="http://linli.example")
    assert "✗ LINLI_DEMO" in done.stdout
    assert "✗ allowed hosts" in done.stdout
    assert "✗ address" in done.stdout


@pytest.mark.slow
def test_the_doctor_does_not_start_what_is_stopped(city: Path) -> None:
    Server(city).stop()
    done = linli("doctor", "--data", city)
    assert "✗ database" in done.stdout
    assert "linli doctor --start" in done.stdout
    assert not Server(city).status().running
    Server(city).start()


@pytest.mark.slow
def test_a_city_goes_round_through_a_backup(city: Path, base: Path) -> None:
    sql(city, "INSERT INTO django_session VALUES ('kept', '邻里', now())")
    file = base / "城市 backup.tar"
    done = linli("backup", file, "--data", city)
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = base / "two"
    done = linli("restore", file, "--data", other)
    assert done.returncode == 0, done.stderr
    assert sql(other, "SELECT session_data FROM django_session WHERE session_key = 'kept'") == [("邻里",)]
    assert (other / "media" / "photos" / "路灯.jpg").read_bytes() == b"\xff\xd8 a photo \xff\xd9"
    assert (other / "secret_key").read_text() == (city / "secret_key").read_text()
    epochs = "SELECT max(number) FROM journal_incarnation"
    assert sql(other, epochs)[0][0] == int(str(sql(city, epochs)[0][0] or 0)) + 1

    # The second time the folder is not empty.
    done = linli("restore", file, "--data", other)
    assert done.returncode == 1
    assert "not empty" in done.stderr
    sql(other, "DELETE FROM django_session")
    done = linli("restore", file, "--replace", "--data", other)
    assert done.returncode == 0, done.stderr
    assert sql(other, "SELECT count(*) FROM django_session") == [(1,)]


@pytest.mark.slow
def test_a_damaged_backup_changes_nothing(city: Path, base: Path) -> None:
    file = base / "damaged.tar"
    assert linli("backup", file, "--data", city).returncode == 0
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b" a photo ", b" a ph0to ", 1))
    before = sql(city, "SELECT count(*) FROM django_migrations")
    done = linli("restore", file, "--replace", "--data", city)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert sql(city, "SELECT count(*) FROM django_migrations") == before
    assert (city / "media" / "photos" / "路灯.jpg").exists()

    file.write_bytes(whole[: len(whole) // 2])
    assert "not a whole backup" in linli("restore", file, "--replace", "--data", city).stderr


@pytest.mark.slow
def test_a_backup_that_climbs_out_of_its_folder_is_refused(city: Path, base: Path) -> None:
    evil = base / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        tar.addfile(tarfile.TarInfo("../../climbed"))
    done = linli("restore", evil, "--replace", "--data", city)
    assert done.returncode == 1
    assert "no backup of linli has" in done.stderr


@pytest.mark.slow
def test_a_backup_does_not_write_over_another(city: Path, base: Path) -> None:
    file = base / "kept.tar"
    file.write_text("something")
    assert linli("backup", file, "--data", city).returncode == 1
    assert file.read_text() == "something"


# --- What runs for ever ------------------------------------------------------------------------------------------------
def free_port() -> int:
    """A port nobody listens on at this instant."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> tuple[int, str]:
    """Status and text."""
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.slow
def test_serve_answers_tells_and_ends(city: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "linli", "serve", "--port", str(port), "--data", str(city)],
        env=environment(), cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                assert fetch(f"http://127.0.0.1:{port}/healthz") == (200, "ok\n")
                break
            except urllib.error.URLError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert fetch(f"http://127.0.0.1:{port}/readyz") == (200, "ready\n")
        assert fetch(f"http://127.0.0.1:{port}/no/such/page?phone=13812345678")[0] == 404
        status, told = fetch(f"http://127.0.0.1:{port}/metrics")
        assert status == 200
        assert "linli_database_up 1.0" in told
        assert 'linli_requests_total{method="GET",status="200",view="readyz"}' in told

        # Without its database the server lives, says that it is not ready, and is ready again by itself.
        Server(city).stop()
        assert fetch(f"http://127.0.0.1:{port}/healthz")[0] == 200
        assert fetch(f"http://127.0.0.1:{port}/readyz")[0] == 503
        Server(city).start()
        deadline = time.monotonic() + 30
        while fetch(f"http://127.0.0.1:{port}/readyz")[0] != 200 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert fetch(f"http://127.0.0.1:{port}/readyz")[0] == 200
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    lines = [json.loads(line) for line in said.splitlines()]
    refused = [line for line in lines if line.get("status") == 404]
    assert refused
    assert refused[0]["view"] == "none"
    assert len(refused[0]["request_id"]) == 32
    assert "13812345678" not in said
    assert "/no/such/page" not in said


@pytest.mark.slow
def test_a_worker_outlives_its_database_and_ends_when_told(city: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "linli", "worker", "--data", str(city)],
        env=environment(), cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_for_worker(city)
        Server(city).stop()
        time.sleep(2)
        assert process.poll() is None
        Server(city).start()
        wait_for_worker(city)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    lines = [json.loads(line) for line in said.splitlines()]
    assert process.returncode == 0
    assert lines[0]["message"] == "worker started"
    assert lines[-1]["message"] == "worker stopped"


def wait_for_worker(data: Path) -> None:
    """Until the worker's sending part has said, later than now, that it is there."""
    ((now,),) = sql(data, "SELECT now()")
    deadline = time.monotonic() + 60
    while not sql(data, f"SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > '{now}'"):
        assert time.monotonic() < deadline
        time.sleep(0.2)
