"""`linli demo` as somebody meets it who tries linli for the first time: real processes, the real city, small."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from linli.site.database import Folders, Server
from linli.site.demo import checking
from linli.site.tests.test_cli import ROOT, environment, fetch, free_port, linli, sql
from tests.test_urls import ALL, address

pytestmark = [pytest.mark.slow, pytest.mark.own_database]
SIZE = 60

NOT_OPENED = {
    "calendars:feed": "only who opened it holds its address",
    "calendars:open": "a form; asked for, it leads back to the page",
    "hotline:ours": "asked by the hotline's own system, signed",
    "opendata:month": "a demo city's first month is not over",
    "opendata:table": "a demo city's first month is not over",
    "resident:street_picture": "only where a street has set one",
    "resident:channel": "a form; asked for, it leads back to the matter",
    "open311:token": "only who has filed holds one",
    # A step within something longer, opened by the tests of that; or a page that is empty in a demo.
    "account_email": "addresses are written by whoever appoints",
    "account_email_verification_sent": "addresses are not confirmed by letter",
    "account_confirm_email": "addresses are not confirmed by letter",
    "account_confirm_login_code": "no sign-in by a code from a letter",
    "account_inactive": "for who may no longer enter",
    "account_logout": "one may look again only after signing in again",
    "account_reauthenticate": "a step before two-step settings",
    "account_reset_password_done": "a step of a forgotten password",
    "account_reset_password_from_key": "a step of a forgotten password",
    "account_reset_password_from_key_done": "a step of a forgotten password",
    "account_signup": "nobody signs up: accounts are opened",
    "mfa_activate_totp": "after a password, which the demo has not",
    "mfa_add_webauthn": "after a password, which the demo has not",
    "mfa_authenticate": "a step of signing in",
    "mfa_deactivate_totp": "only where it is on",
    "mfa_download_recovery_codes": "only where it is on",
    "mfa_edit_webauthn": "only where there is a key",
    "mfa_generate_recovery_codes": "only where it is on",
    "mfa_list_webauthn": "after a password, which the demo has not",
    "mfa_login_webauthn": "asked by a script, answered in JSON",
    "mfa_reauthenticate": "a step before two-step settings",
    "mfa_reauthenticate_webauthn": "a step before two-step settings",
    "mfa_remove_webauthn": "only where there is a key",
    "mfa_view_recovery_codes": "only where it is on",
    "openid_connect_callback": "needs the other side",
    "openid_connect_login": "needs the other side",
    "socialaccount_connections": "needs the other side",
    "socialaccount_login_cancelled": "needs the other side",
    "socialaccount_login_error": "needs the other side",
    "socialaccount_signup": "needs the other side",
    "weixin_callback": "needs the other side",
    "weixin_login": "needs the other side",
    "django.views.generic.base.RedirectView": "an old address that leads on",
    "linli.site.web.missing": "what is not offered",
    "resident:add": "a form; asked for, it leads back to the matter",
    "resident:rate": "a form; asked for, it leads back to the matter",
    "resident:reopen": "a form; asked for, it leads back to the matter",
    "resident:correct": "a form; asked for, it leads back to the matter",
    "resident:erase": "a form; asked for, it leads back to the matter",
    "resident:forget": "a form; asked for, it leads back to the matter",
    "resident:second_look": "a form; asked for, it leads back to the matter",
    "resident:urge": "a form; asked for, it leads back to the matter",
    "resident:support": "a form; asked for, it leads back to the matter",
    "resident:withdraw": "a form; asked for, it leads back to the matter",
    "matters:merge": "a step after ticking what is alike; a demo's matter may have nothing alike",
    "resident:photo": "the demo city has no photos",
    "openapi:v1:nowhere": "what is not there",
    "webhooks:subscription": "nobody subscribes in a demo",
    "resident:paper": "the demo city has no papers",
    "matters:file": "the demo city has no papers",
    "matters:visit": "only where somebody waits to be called",
    "matters:rating": "only where a rating took a matter up a level",
    "tasks:proof": "only where it was sealed already",
    "whistles:proof": "only where it was sealed already",
    "desk:phrase": "nobody of the demo city has written one",
    "resident:proof": "what was sent a minute ago is sealed tonight; an auditor's is opened",
}


# --- One demo, looked at from all sides --------------------------------------------------------------------------------
class Demo:
    """One `linli demo`, and everything it started."""

    def __init__(self, data: Path, *options: str) -> None:
        """Start it."""
        self.data = data
        self.port = free_port()
        self.log = data.parent / f"{data.name}.log"
        command = [
            sys.executable,
            "-m",
            "linli",
            "demo",
            "--data",
            str(data),
            "--port",
            str(self.port),
            "--size",
            str(SIZE),
        ]
        with self.log.open("ab") as out:
            # DATABASE_URL is of another city, and the demo leaves it alone: it has a database of its own.
            env = environment(DATABASE_URL="postgres://nobody@127.0.0.1:9/none")
            self.process = subprocess.Popen([*command, *options], env=env, cwd=ROOT, stdout=out, stderr=out)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        """What it printed."""
        return self.log.read_text(encoding="utf-8")

    def until(self, words: str, *, seconds: float = 240) -> None:
        """Wait until it has said so."""
        deadline = time.monotonic() + seconds
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop; how it ended."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


def belonging_to(data: Path) -> list[str]:
    """Every process that has to do with a data folder, whoever its parent is now."""
    found = []
    for each in Path("/proc").iterdir():
        if not each.name.isdigit() or int(each.name) == os.getpid():
            continue
        try:
            told = (each / "cmdline").read_bytes() + (each / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(data) in told:
            found.append((each / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


@pytest.fixture(scope="module")
def outer() -> Iterator[Path]:
    """A place for data folders, with a space and Chinese in its name."""
    base = Path(tempfile.mkdtemp(prefix="linli-demo-"))
    base.chmod(0o755)
    (base / "x y 邻里").mkdir()
    yield base / "x y 邻里"
    for each in (base / "x y 邻里").iterdir():
        if each.is_dir() and Folders.of(each).cluster.exists():
            Server(each).remove()
    shutil.rmtree(base)


@pytest.fixture(scope="module")
def demo(outer: Path) -> Iterator[Demo]:
    """A demo that runs."""
    running = Demo(outer / "city")
    try:
        running.until("停下")
        yield running
    finally:
        if running.process.poll() is None:
            running.end()


def test_it_says_where_it_is_and_who_one_can_be(demo: Demo) -> None:
    said = demo.said()
    for words in (
        demo.url,
        "一键登录",
        "wang 网格员",
        "居民",
        "数据目录",
        "linli demo --stop",
        f"诉求已写入：{SIZE} 件",
    ):
        assert words in said
    assert fetch(f"{demo.url}/")[0] == 200


def test_every_kind_of_page_is_opened(demo: Demo, client: Client, sign_in: Any) -> None:
    """The table of addresses is walked: whatever answers a GET is opened by `--check`, or named above with its reason."""
    visitors = checking.visit(demo.url)
    assert [line for each in visitors for line in each.failures] == []
    opened = {name for each in visitors for path in each.asked if (name := name_of(path))}
    signed_in = sign_in("zheng")
    addresses = {route for name, route in ALL if name in opened}
    opened |= {name for name, route in ALL if route in addresses}  # One address may have two names.
    # The interface answers tokens only, and its own tests call all of it.
    asked = [pair for pair in ALL if pair[0] not in NOT_OPENED and not pair[0].startswith("openapi:v1:")]
    pages = {name for name, route in asked if signed_in.get(address(route)).status_code != 405}
    assert pages - opened == set(), "add these kinds of page to linli/site/demo/checking.py"
    never = {name for name, reason in NOT_OPENED.items() if not reason.startswith("only where")}
    assert never & opened == set(), "opened after all: take the reason out"
    assert set(NOT_OPENED) <= {name for name, _ in ALL}, "there is no such page any more"


def name_of(path: str) -> str:
    """The name of an address in the table."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def test_a_second_demo_in_the_same_folder_says_where_the_first_is(demo: Demo) -> None:
    done = linli("demo", "--data", demo.data)
    assert done.returncode == 1
    assert f"已经在运行：{demo.url}" in done.stderr
    assert "--stop" in done.stderr
    assert fetch(f"{demo.url}/healthz")[0] == 200


def test_a_server_that_falls_is_started_again(demo: Demo) -> None:
    children = json.loads((demo.data / "demo.lock").read_text(encoding="utf-8"))["children"]
    os.killpg(children[0], signal.SIGKILL)
    deadline = time.monotonic() + 60
    while True:
        time.sleep(0.3)
        try:
            if fetch(f"{demo.url}/readyz")[0] == 200:
                break
        except OSError:
            assert time.monotonic() < deadline
    assert demo.process.poll() is None


def test_sigterm_stops_everything_it_started(demo: Demo) -> None:
    assert len(belonging_to(demo.data)) > 3
    assert demo.end(signal.SIGTERM) == 0
    assert belonging_to(demo.data) == []
    assert not Server(demo.data).status().running
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", demo.port))


def test_the_second_start_loads_nothing_and_stop_stops_it(demo: Demo) -> None:
    if demo.process.poll() is None:
        demo.end()
    demo.log.unlink()
    began = time.monotonic()
    again = Demo(demo.data)
    again.until("停下")
    assert time.monotonic() - began < 60
    assert "表已建好" not in again.said()
    done = linli("demo", "--stop", "--data", demo.data)
    assert (done.returncode, done.stdout) == (0, "演示已停下\n")
    again.process.wait(timeout=30)
    assert belonging_to(demo.data) == []
    assert "没有在运行的演示" in linli("demo", "--stop", "--data", demo.data).stdout


def test_fresh_throws_the_city_away_and_check_opens_every_page(demo: Demo) -> None:
    """The two commands of the README in one: anew, every page, and an exit code."""
    if demo.process.poll() is None:
        demo.end()
    server = Server(demo.data)
    server.start()
    sql(demo.data, "INSERT INTO django_session VALUES ('old', '旧城', now())")
    server.stop()
    done = linli("demo", "--fresh", "--check", "--size", str(SIZE), "--data", demo.data)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "重新装入" in done.stdout
    assert "每种页面都打开了" in done.stdout
    assert "✗" not in done.stdout
    assert belonging_to(demo.data) == []
    server.start()
    assert sql(demo.data, "SELECT count(*) FROM django_session WHERE session_key = 'old'") == [(0,)]
    server.stop()


def test_stopped_while_loading_it_leaves_nothing_running_and_begins_again(outer: Path) -> None:
    data = outer / "cut off"
    loading = Demo(data)
    loading.until("表已建好")
    assert loading.end(signal.SIGTERM) == 130
    assert belonging_to(data) == []
    assert not Server(data).status().running
    assert json.loads((data / "demo.json").read_text(encoding="utf-8")) == {"state": "loading"}
    again = Demo(data)
    again.until("上次没有装完")
    again.end()
    assert belonging_to(data) == []


# --- Refused before anything is done -----------------------------------------------------------------------------------
def test_a_port_already_taken_is_told_in_a_sentence(outer: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = linli("demo", "--port", port, "--data", outer / "nothing")
    assert done.returncode == 1
    assert f"端口 {port} 已被别的程序占用" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not Folders.of(outer / "nothing").cluster.exists()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", ""])
def test_a_port_that_is_none_is_refused(outer: Path, port: str) -> None:
    done = linli("demo", f"--port={port}", "--data", outer / "nothing")
    assert done.returncode == 2
    assert "a port is a number from 1 to 65535" in done.stderr


def test_a_real_city_is_left_alone(outer: Path) -> None:
    data = outer / "real"
    Folders.of(data).cluster.mkdir(parents=True)
    for options in ((), ("--fresh",)):
        done = linli("demo", *options, "--data", data)
        assert done.returncode == 1
        assert "不是演示" in done.stderr
    assert Folders.of(data).cluster.exists()
    shutil.rmtree(data)
