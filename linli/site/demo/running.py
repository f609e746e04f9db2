"""Server and worker of the demo as child processes: started, watched, started again if one falls, stopped together."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
READY_WITHIN = 60.0
MOST_FALLS = 5
"""A child that falls so often is not started again: its log says why."""


class DemoError(Exception):
    """The demo cannot do what was asked; the text says why and what to do."""


def free_port(wanted: int, *, exactly: bool) -> int:
    """The port, or the next free one after it; exactly this one if the person named it."""
    for port in range(wanted, wanted + (1 if exactly else 200)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    if exactly:
        raise DemoError(f"端口 {wanted} 已被别的程序占用。换一个：--port {wanted + 1}；不写 --port 会自动找空着的。")
    raise DemoError(f"{wanted} 到 {wanted + 199} 的端口都被占用了。用 --port 指定一个空着的。")


class Turn:
    """One demo per data folder. The lock is held by the parent and its children as long as any of them lives."""

    def __init__(self, data: Path) -> None:
        """Of this data folder; takes nothing yet."""
        self.lock = data / "demo.lock"
        self.handle: int | None = None

    def take(self) -> bool:
        """Be the one; False if another is."""
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self.handle = handle
        self.write({"pid": os.getpid()})
        return True

    def write(self, what: dict[str, object]) -> None:
        """Who we are and where we answer, for whoever finds the lock taken."""
        if self.handle is not None:
            os.ftruncate(self.handle, 0)
            os.pwrite(self.handle, json.dumps(what).encode(), 0)

    def read(self) -> dict[str, object]:
        """What the one who has it wrote."""
        try:
            return dict(json.loads(self.lock.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def is_taken(self) -> bool:
        """Does a demo run in this folder?"""
        if not self.lock.exists():
            return False
        handle = os.open(self.lock, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def give(self) -> None:
        """Let another be it."""
        if self.handle is not None:
            self.write({})
            os.close(self.handle)
            self.handle = None


@dataclass
class Child:
    """One process we watch over."""

    name: str
    command: list[str]
    log: Path
    lock: int
    running: subprocess.Popen[bytes] | None = None
    falls: int = 0

    def start(self) -> None:
        """In a session of its own: Ctrl-C reaches us, and we tell it."""
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(  # noqa: S603  Our own interpreter and our own commands.
                [sys.executable, "-m", "linli", *self.command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(self.lock,),
            )

    def tell(self, number: int) -> None:
        """Send it, and what it started, a signal."""
        if self.running is not None and self.running.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, number) if number == signal.SIGKILL else self.running.send_signal(number)

    def tail(self, lines: int = 12) -> str:
        """The end of its log."""
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


@dataclass
class Running:
    """Server and worker of one data folder on one port."""

    data: Path
    port: int
    turn: Turn
    children: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Start both, and wait until the server says it is ready."""
        lock = self.turn.handle
        if lock is None:
            raise DemoError("演示没有拿到数据目录的锁。")
        serve = ["serve", "--host", HOST, "--port", str(self.port), "--workers", "1", "--threads", "4"]
        self.children = [
            Child("server", serve, self.data / "server.log", lock),
            Child("worker", ["worker"], self.data / "worker.log", lock),
        ]
        for child in self.children:
            child.log.unlink(missing_ok=True)
            child.start()
        self.turn.write(
            {"pid": os.getpid(), "url": self.url, "children": [c.running.pid for c in self.children if c.running]}
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            if self._answers():
                return
            self.watch()
            time.sleep(0.1)
        raise DemoError(f"{READY_WITHIN:.0f} 秒内没有起来。{self.children[0].log} 的末尾：\n{self.children[0].tail()}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:  # noqa: S310  Our own address.
                return bool(answer.status == 200)
        except OSError:  # Refused, or not ready yet: both are said so.
            return False

    def watch(self) -> None:
        """Start again what has fallen."""
        for child in self.children:
            if child.running is None or child.running.poll() is None:
                continue
            child.falls += 1
            if child.falls >= MOST_FALLS:
                raise DemoError(
                    f"{child.name} 一再停下（{child.running.returncode}）。{child.log} 的末尾：\n{child.tail()}"
                )
            child.start()

    def stop(self) -> None:
        """Both, politely, then not."""
        for child in self.children:
            child.tell(signal.SIGTERM)
        until = time.monotonic() + 15
        for child in self.children:
            if child.running is None:
                continue
            try:
                child.running.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                child.tell(signal.SIGKILL)
                child.running.wait()


def stop_running(data: Path) -> bool:
    """Stop the demo of a data folder, whoever started it; False if none runs."""
    turn = Turn(data)
    if not turn.is_taken():
        return False
    said = turn.read()
    children = said.get("children", [])
    pids = [said.get("pid"), *(children if isinstance(children, list) else [])]
    for number, patience in ((signal.SIGTERM, 25.0), (signal.SIGKILL, 5.0)):
        for pid in pids:
            if isinstance(pid, int) and _is_ours(pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if not turn.is_taken():
                return True
            time.sleep(0.1)
    raise DemoError(f"演示没有停下来；占着 {turn.lock} 的进程：{'、'.join(map(str, pids))}。")


def _is_ours(pid: int) -> bool:
    """Is this process number still a process of ours? Numbers are given out again."""
    try:
        return b"linli" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
