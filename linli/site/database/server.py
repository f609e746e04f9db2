"""One PostgreSQL server per data folder: started once, found again, recovered after a crash, stopped by anybody of ours."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from linli.site.database import binaries
from linli.site.database.binaries import Binaries
from linli.site.database.folders import DatabaseError, Folders

__all__ = ["DatabaseError", "Server", "Status"]

ROLE = "linli"
NAME = "linli"
LOG_KEPT = 10 * 1024 * 1024

# For two cores and a machine that also serves the pages. Statements and details stay out of the log: they hold what
# residents wrote.
SETTINGS = {
    "listen_addresses": "''",
    "port": "5432",  # Only names the socket.
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "autovacuum_work_mem": "16MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_line_prefix": "'%m [%p] '",
}
# For tests only: a crash of the machine may lose everything.
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Status:
    """What is known of a data folder's server."""

    running: bool
    answers: bool
    version: str | None  # Of the data folder: its major version.
    pid: int | None
    data: Path
    log: Path


class Server:
    """The server of one data folder. `start` is idempotent, and two processes may call it at once."""

    def __init__(self, data: Path | str | None = None, *, throwaway: bool = False) -> None:
        self.folders = Folders.of(data)
        self.throwaway = throwaway

    # --- What is asked from outside ----------------------------------------------------------------------------------
    @property
    def url(self) -> str:
        """What to put in DATABASE_URL."""
        return self.url_of(NAME)

    def url_of(self, name: str) -> str:
        """The address of another database of the same server."""
        return f"postgres://{ROLE}@/{quote(name)}?host={quote(str(self.folders.socket), safe='')}&port=5432"

    def start(self, *, wait: float = 120) -> str:
        """Start the server if it is not running, wait until it answers, and give its address."""
        self.folders.make()
        with self._turn():
            launched = not self._is_alive()
            if launched:
                self._launch()
            try:
                self._wait(until=time.monotonic() + wait)
            except DatabaseError:
                if launched or self._is_alive():
                    raise
                self._launch()  # It was alive when asked and has ended since: somebody killed it this instant.
                self._wait(until=time.monotonic() + wait)
            self._make_database()
        return self.url

    def stop(self, *, wait: float = 60) -> bool:
        """Stop the server; True if it was running. Clients are disconnected, what they committed is kept."""
        if not self.folders.ground.exists():
            return False
        with self._turn():
            if not self._is_alive():
                return False
            found = self._binaries()
            self._as_server(
                found.bin / "pg_ctl", "stop", "-D", self.folders.cluster, "-m", "fast", "-W", "-s", check=False
            )
            deadline = time.monotonic() + wait
            while self._is_alive():
                if time.monotonic() > deadline:
                    raise DatabaseError(f"The database did not stop within {wait:.0f} s.{self._tail()}")
                time.sleep(0.05)
            return True

    def remove(self) -> None:
        """Stop the server and delete its database; media and the secret key stay."""
        self.stop()
        for path in (self.folders.cluster, self.folders.log.parent, self.folders.settings, self.folders.socket):
            shutil.rmtree(path, ignore_errors=True)

    def status(self) -> Status:
        """Whether it runs and answers. Starts nothing."""
        running = self._lock_file.exists() and self._is_alive()
        major = self._major()
        return Status(
            running=running,
            answers=running and self._answer() is None,
            version=str(major) if major else None,
            pid=self._pid() if running else None,
            data=self.folders.data,
            log=self.folders.log,
        )

    # --- Locks ---------------------------------------------------------------------------------------------------------
    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time starts or stops this server."""
        handle = os.open(self.folders.ground / "turn.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    @property
    def _lock_file(self) -> Path:
        return self.folders.ground / "alive.lock"

    def _is_alive(self) -> bool:
        """Does any process of the server live? It holds this lock from its first moment to its last.

        A pid file can lie (the machine was cut off, the number was given to another program); a lock that the kernel
        keeps for the server and its children cannot.
        """
        handle = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(handle)

    # --- Starting ------------------------------------------------------------------------------------------------------
    def _launch(self) -> None:
        found = self._binaries()
        if not self.folders.cluster.exists():
            self._initialise(found)
        self._write_settings()
        # No process of the server lives, so what is left of one is from a crash.
        (self.folders.cluster / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.folders.socket.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)
        log = self.folders.log
        if log.exists() and log.stat().st_size > LOG_KEPT:
            log.replace(log.with_suffix(".log.1"))
        alive = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(alive, fcntl.LOCK_EX)
            # pg_ctl hands the open lock to the server and goes; with it the server is nobody's child but the system's.
            options = f"-c config_file={_shell_quoted(self.folders.settings / 'postgresql.conf')}"
            self._as_server(
                found.bin / "pg_ctl",
                "start",
                "-D",
                self.folders.cluster,
                "-l",
                log,
                "-o",
                options,
                "-W",
                "-s",
                hand_over=(alive,),
            )
        finally:
            os.close(alive)

    def _initialise(self, found: Binaries) -> None:
        """initdb beside the real place and rename: a half-made cluster is never taken for a whole one."""
        unfinished = self.folders.ground / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if not self.folders.user.is_us:
            os.chown(unfinished, self.folders.user.uid, self.folders.user.gid)
        arguments = (
            "-D",
            unfinished,
            "-U",
            ROLE,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-T",
            "simple",
            "--auth=peer",
            "--data-checksums",
        )
        quick = ("--no-sync",) if self.throwaway else ()
        self._as_server(found.bin / "initdb", *arguments, "--no-instructions", *quick)
        unfinished.rename(self.folders.cluster)

    def _write_settings(self) -> None:
        """The settings, and who may come in. They are ours, not the server's: it cannot change them."""
        folder = self.folders.settings
        lines = {
            **SETTINGS,
            **(THROWAWAY if self.throwaway else {}),
            "data_directory": _quoted(self.folders.cluster),
            "hba_file": _quoted(folder / "pg_hba.conf"),
            "ident_file": _quoted(folder / "pg_ident.conf"),
            "unix_socket_directories": _quoted(f'"{self.folders.socket}"'),
        }
        ourselves = _our_name()
        for name, text in (
            ("postgresql.conf", "".join(f"{key} = {value}\n" for key, value in lines.items())),
            ("pg_hba.conf", "local all linli peer map=linli\n"),
            ("pg_ident.conf", f'linli "{ourselves}" linli\n'),
        ):
            path = folder / name
            path.write_text(text, encoding="utf-8")
            path.chmod(0o600 if self.folders.user.is_us else 0o644)

    def _wait(self, *, until: float) -> None:
        while (refusal := self._answer()) is not None:
            if not self._is_alive():
                raise DatabaseError(f"The database ended while it was starting.{self._tail()}")
            if time.monotonic() > until:
                raise DatabaseError(f"The database does not answer: {refusal}{self._tail()}")
            time.sleep(0.05)

    def _answer(self) -> str | None:
        """None if the server answers; else its excuse."""
        try:
            with psycopg.connect(self.url_of("postgres"), connect_timeout=5):
                return None
        except psycopg.OperationalError as error:
            return str(error).strip()

    def _make_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True, connect_timeout=10) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
            if there is None:
                connection.execute(f"CREATE DATABASE {NAME}")

    # --- Small things --------------------------------------------------------------------------------------------------
    def _major(self) -> int | None:
        """The major version that made the cluster."""
        try:
            return int((self.folders.cluster / "PG_VERSION").read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            return None

    def _binaries(self) -> Binaries:
        return binaries.choose(self._major()).reachable_by_server(self.folders)

    def _pid(self) -> int | None:
        try:
            return int((self.folders.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _as_server(self, *command: str | Path, check: bool = True, hand_over: tuple[int, ...] = ()) -> None:
        """Run one of PostgreSQL's programs as the server's user, in a session of its own: our Ctrl-C is not its."""
        user = None if self.folders.user.is_us else self.folders.user
        # Through a file and not a pipe: a server that inherited a pipe would hold us until it ends.
        with (self.folders.ground / "last-command.log").open("w+b") as said:
            done = subprocess.run(  # noqa: S603
                [str(part) for part in command],
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                pass_fds=hand_over,
                start_new_session=True,
                umask=0o077,
                check=False,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
            )
            said.seek(0)
            text = said.read().decode("utf-8", "replace").strip()
        if check and done.returncode:
            raise DatabaseError(f"{Path(command[0]).name} failed ({done.returncode}): {text}{self._tail()}")

    def _tail(self, lines: int = 15) -> str:
        """The end of the server's log, for an error's text."""
        try:
            with self.folders.log.open("rb") as log:
                log.seek(max(0, self.folders.log.stat().st_size - 20_000))
                said = log.read().decode("utf-8", "replace").splitlines()[-lines:]
        except OSError:
            return ""
        return f"\nThe end of {self.folders.log}:\n" + "\n".join(f"  {line}" for line in said)


def _our_name() -> str:
    """Who we are to the kernel, as the server will see it."""
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _quoted(value: object) -> str:
    """A value in postgresql.conf."""
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


def _shell_quoted(path: Path) -> str:
    """pg_ctl hands its options to a shell."""
    return "'" + str(path).replace("'", "'\\''") + "'"
