"""`linli demo`: a living demo city (演示城市) on this machine, with one-click sign-in. Nothing of it touches a real city.

It has a data folder of its own with its own embedded database. demo.json in it says what was loaded; a load that was
cut off is begun again, and a folder with a database and without demo.json is somebody's real city and left alone.
"""

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from linli.site.cli import environment
from linli.site.database import Folders, default_data
from linli.site.demo.running import DemoError, Running, Turn, free_port, stop_running

PORT = 8000
SIZE = 4000
ROOT = Path(__file__).resolve().parents[3]
ROLES = (
    "wang 网格员",
    "zhou 社区书记",
    "li 街道调度员",
    "wu 城管办承办人",
    "feng 城管办负责人",
    "jiang 区调度员",
    "zheng 区领导",
    "sun 审计",
    "gui 规则管理员",
    "ren 岗位管理员",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where, how much, and what to do with one that runs."""
    parser.add_argument("--port", type=_port, help=f"the port to listen on (default: {PORT}, or the next free one)")
    parser.add_argument(
        "--data", metavar="DIR", type=Path, help="the demo's own data folder (default: beside the user's, with -demo)"
    )
    parser.add_argument("--fresh", action="store_true", help="throw the demo city away and load it anew")
    parser.add_argument(
        "--check", action="store_true", help="start, open every kind of page once, say how it went, stop"
    )
    parser.add_argument("--stop", action="store_true", help="stop the demo that runs in this data folder")
    parser.add_argument("--size", type=_size, default=SIZE, help=f"how many matters to load (default: {SIZE})")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1_000_000):
        raise argparse.ArgumentTypeError("how many matters: a number from 1 to 1000000")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Load what is missing, serve, and watch until Ctrl-C or SIGTERM."""
    data = folder(args.data)
    try:
        if args.stop:
            print("演示已停下" if stop_running(data) else f"{data} 没有在运行的演示")
            return 0
        return _run(args, data)
    except DemoError as error:
        print(f"linli demo: {error}", file=sys.stderr)
        return 1


def folder(said: Path | None) -> Path:
    """The demo's data folder: never the one a real city would use unless somebody names it."""
    if said is not None:
        return said.expanduser().absolute()
    usual = default_data()
    return usual if os.environ.get("LINLI_DATA") else usual.with_name(usual.name + "-demo")


def _run(args: argparse.Namespace, data: Path) -> int:
    began = time.monotonic()
    turn = Turn(data)
    if not turn.take():
        said = turn.read()
        where = f"：{said['url']}" if said.get("url") else ""
        raise DemoError(f"这个目录的演示已经在运行{where}。停下它：linli demo --stop --data {data}")
    try:
        port = free_port(args.port or PORT, exactly=args.port is not None and not args.check)
        _describe(data, port)
        with _Signals():
            _fill(args, data)
            running = Running(data, port, turn)
            try:
                running.start()
                if args.check:
                    from linli.site.demo.checking import check

                    return check(running.url)
                _welcome(running.url, data, time.monotonic() - began)
                while True:
                    time.sleep(0.5)
                    running.watch()
            except KeyboardInterrupt:
                print("\n正在停下……", flush=True)
                return 0
            finally:
                running.stop()
    except KeyboardInterrupt:
        return 130
    finally:
        if (server := environment.embedded()) is not None:
            server.stop()
        turn.give()


class _Signals:
    """SIGTERM as Ctrl-C, so that there is one way to stop."""

    def __enter__(self) -> None:
        self.before = signal.signal(signal.SIGTERM, self._stop)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self.before)

    def _stop(self, *_: object) -> None:
        raise KeyboardInterrupt


def _describe(data: Path, port: int) -> None:
    """Everything a child needs to know, in the environment. What else is set there is of another city."""
    for name in (
        "DATABASE_URL",
        "DATABASE_URL_FILE",
        "LINLI_MEDIA",
        "LINLI_STATIC",
        "LINLI_SECRET_KEY",
        "LINLI_SECRET_KEY_FILE",
        "LINLI_CONTACT_KEYS",
        "LINLI_CONTACT_KEYS_FILE",
    ):
        os.environ.pop(name, None)
    os.environ["LINLI_DATA"] = str(data)
    os.environ["LINLI_DEMO"] = "1"
    os.environ["LINLI_URL"] = f"http://127.0.0.1:{port}"
    os.environ.setdefault("LINLI_HOSTS", "localhost,127.0.0.1,[::1]")
    environment.describe(data)


def _fill(args: argparse.Namespace, data: Path) -> None:
    stamp = data / "demo.json"
    held = _read(stamp)
    cluster = Folders.of(data).cluster
    if cluster.exists() and held is None:
        raise DemoError(f"{data} 里有一座城市的数据，不是演示。给演示另选一个目录：--data DIR")
    whole = held is not None and held.get("state") == "loaded"
    server = environment.embedded()
    if server is None:
        raise DemoError("演示只用自带的数据库。")
    if cluster.exists() and (args.fresh or not whole):
        print("  0.0s  " + ("重新装入" if whole else "上次没有装完，重新装入"), flush=True)
        server.remove()
        whole = False
    version = _version()
    if whole and held is not None and held.get("version") == version:
        server.start()
        return
    if not whole:
        _write(stamp, {"state": "loading"})
    server.start()
    command = [
        sys.executable,
        "-m",
        "linli.site.demo.loading",
        "--size",
        str(args.size),
        *(["--update"] if whole else []),
    ]
    loader = subprocess.Popen(command, start_new_session=True)  # noqa: S603  Our own module.
    try:
        code = loader.wait()
    except KeyboardInterrupt:
        loader.terminate()
        loader.wait()
        raise
    if code:
        raise DemoError("演示数据没有装完（原因见上）。再运行一次会从头装起。")
    _write(stamp, {"state": "loaded", "version": version, "size": args.size})


def _read(stamp: Path) -> dict[str, object] | None:
    """None: this folder was never a demo's."""
    try:
        return dict(json.loads(stamp.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}


def _write(stamp: Path, what: dict[str, object]) -> None:
    made = stamp.with_suffix(".unfinished")
    made.write_text(json.dumps(what), encoding="utf-8")
    made.replace(stamp)


def _version() -> str:
    """What the loaded city follows from: the tables' migrations and the pack."""
    digest = hashlib.sha256()
    pack = Path(os.environ.get("LINLI_PACK") or ROOT / "packs" / "binzhou")
    files = [
        *sorted((ROOT / "linli").glob("**/migrations/*.py")),
        *sorted(each for each in pack.rglob("*") if each.is_file()),
    ]
    for file in files:
        found = file.stat()
        digest.update(f"{file.name} {found.st_size} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _welcome(url: str, data: Path, seconds: float) -> None:
    print(f"\n邻里演示城市在运行（{seconds:.0f} 秒）。人员、机构和县以下边界都是示意，地名和县界是真的。\n")
    print(f"  居民       {url}/")
    print(f"  附近的事   {url}/nearby/")
    print(f"  规则       {url}/rules/")
    print(f"  一键登录   {url}/demo/    {'、'.join(ROLES)}")
    print(f"\n  数据目录   {data}")
    print("  停下       Ctrl-C，或 linli demo --stop\n", flush=True)
