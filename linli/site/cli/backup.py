"""`linli backup FILE`: the database, the media and the secret key in one tar, with a list of what must be in it."""

import argparse
import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from linli.kernel import clock
from linli.site.database import DatabaseError, binaries

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
KEY = "secret_key"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("file", type=Path, help="the file to write, e.g. linli-2026-11-23.tar")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(args: argparse.Namespace) -> int:
    """Write beside, then rename: a backup is whole or not there. It holds everything, so it is readable by us only."""
    if args.file.exists() and not args.force:
        print(f"linli backup: {args.file} is there already. Choose another name, or say --force.", file=sys.stderr)
        return 1
    if not args.file.absolute().parent.is_dir():
        print(f"linli backup: the folder {args.file.absolute().parent} is not there.", file=sys.stderr)
        return 1
    unfinished = args.file.with_name(f".{args.file.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            manifest = write(file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(args.file)
    finally:
        unfinished.unlink(missing_ok=True)
    rows, photos = sum(manifest["counts"].values()), len(manifest["files"]) - 2
    print(
        f"{args.file}: {rows} rows of {len(manifest['counts'])} tables, {photos} media files, {args.file.stat().st_size} bytes"
    )
    print("It holds residents' data and the secret key: keep it as you keep the database.")
    where = settings.CONTACT_KEYS_FILE or "LINLI_CONTACT_KEYS"
    print(f"It does not hold the keys of names and phones ({where}): keep a copy of those apart from it.")
    return 0


def write(file: Any) -> dict[str, Any]:
    """Stream everything into the file. The dump and the counts are of the same instant."""
    sums: dict[str, str] = {}
    with (
        tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        tempfile.TemporaryDirectory() as folder,
    ):
        with _snapshot() as snapshot:
            counts = count_rows()
            dump = Path(folder) / DUMP
            _dump(dump, snapshot)
        _add(tar, DUMP, dump, sums)
        key = Path(folder) / KEY
        key.write_text(settings.SECRET_KEY, encoding="utf-8")
        _add(tar, KEY, key, sums)
        for path in _media_files():
            name = f"media/{path.relative_to(settings.MEDIA_ROOT).as_posix()}"
            with contextlib.suppress(FileNotFoundError):  # Deleted since we listed it; the dump is older than that.
                _add(tar, name, path, sums)
        manifest = {
            "format": FORMAT,
            "made_at": clock.now().isoformat(timespec="seconds"),
            "postgres": server_major(),
            "migrations": applied(),
            "counts": counts,
            "files": sums,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        tar.addfile(entry, io.BytesIO(text))
    return manifest


@contextlib.contextmanager
def _snapshot() -> Iterator[str]:
    """One view of the database, shared between our counting and pg_dump."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def count_rows() -> dict[str, int]:
    """Rows of every table that survives a crash (an UNLOGGED one, such as the cache, need not be kept)."""
    counts = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relpersistence = 'p' ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  PostgreSQL quoted the name itself.
            counts[table] = cursor.fetchone()[0]
    return counts


def applied() -> list[str]:
    """Every migration that the database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def connection_arguments() -> tuple[list[str], dict[str, str]]:
    """How pg_dump and pg_restore reach our database. The password goes by the environment, not by the command line."""
    said = connection.get_connection_params()
    told = {"host": "-h", "port": "-p", "user": "-U"}
    arguments_ = [part for key, flag in told.items() if said.get(key) for part in (flag, str(said[key]))]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    if said.get("password"):
        environment["PGPASSWORD"] = str(said["password"])
    for key, name in (("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT")):
        if said.get(key):
            environment[name] = str(said[key])
    return [*arguments_, "-d", str(said["dbname"])], environment


def server_major() -> int:
    """18."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def _dump(target: Path, snapshot: str) -> None:
    program = binaries.client("pg_dump", at_least=server_major())
    where, environment = connection_arguments()
    unlogged = [
        "--no-unlogged-table-data",
        "--no-owner",
        "--no-privileges",
        "--format=custom",
        f"--snapshot={snapshot}",
    ]
    done = subprocess.run(  # noqa: S603
        [str(program), *where, *unlogged, "-f", str(target)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DatabaseError(f"pg_dump failed: {done.stderr.strip()}")


def _media_files() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    if root.is_dir():
        yield from sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def _add(tar: tarfile.TarFile, name: str, path: Path, sums: dict[str, str]) -> None:
    with path.open("rb") as source:
        entry = tar.gettarinfo(arcname=name, fileobj=source)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        counted = Counted(source)
        tar.addfile(entry, counted)
    sums[name] = counted.digest.hexdigest()


class Counted:
    """A file that reckons its sum while it is read."""

    def __init__(self, file: Any) -> None:
        """Read from here."""
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """As the file, summed."""
        block: bytes = self.file.read(size)
        self.digest.update(block)
        return block
