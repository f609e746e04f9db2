"""`linli restore FILE`: puts a backup back into an empty database, checks it, and begins a new epoch of the journal."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from linli.site.cli import backup
from linli.site.database import binaries


class RefusedFileError(Exception):
    """The file is not a backup that can be put back; the text says why."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, and whether it may replace what is there."""
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--replace", action="store_true", help="first delete everything that is in the database and the media"
    )


def run(args: argparse.Namespace) -> int:
    """Everything is checked before anything is touched."""
    try:
        if not args.replace and (full := _what_is_there()):
            raise RefusedFileError(f"{full}. Restore into an empty one, or say --replace to delete what is there.")
        media = Path(settings.MEDIA_ROOT)
        media.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=media.parent, prefix=".restore-") as folder:
            manifest = unpack(args.file, Path(folder))
            _load(Path(folder) / backup.DUMP, replace=args.replace)
            _place_media(Path(folder), media, replace=args.replace)
            _place_key(Path(folder) / backup.KEY)
        differences = _compare(manifest)
    except (RefusedFileError, OSError) as error:
        print(f"linli restore: {error}", file=sys.stderr)
        return 1
    for line in differences:
        print(f"differs: {line}", file=sys.stderr)
    if differences:
        return 1
    from linli.mechanisms.journal import incarnation

    epoch = incarnation.begin_new()
    print(
        f"restored: {sum(manifest['counts'].values())} rows, as of {manifest['made_at']}; the journal goes on in epoch {epoch}"
    )
    print("Start `linli serve` and `linli worker` anew: they hold connections and a key from before.")
    return 0


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Everything of the tar in the folder, its sums checked. Only names that a backup has; no links, no ways out."""
    sums: dict[str, str] = {}
    try:
        with tarfile.open(file, mode="r|") as tar:
            for entry in tar:
                source = tar.extractfile(entry) if entry.isreg() else None
                path = (folder / entry.name).resolve()
                if source is None or not path.is_relative_to(folder.resolve()):
                    raise RefusedFileError(f"{file} holds {entry.name!r}, which no backup of linli has.")
                path.parent.mkdir(parents=True, exist_ok=True)
                counted = backup.Counted(source)
                with path.open("wb") as target:
                    shutil.copyfileobj(counted, target)
                sums[entry.name] = counted.digest.hexdigest()
        manifest: dict[str, Any] = json.loads((folder / backup.MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, FileNotFoundError, ValueError) as error:
        raise RefusedFileError(f"{file} is not a whole backup of linli ({error}).") from error
    if manifest.get("format") != backup.FORMAT:
        raise RefusedFileError(
            f"{file} is of format {manifest.get('format')}; this release reads format {backup.FORMAT}."
        )
    del sums[backup.MANIFEST]
    for name in sorted(sums.keys() | manifest["files"].keys()):
        if sums.get(name) != manifest["files"].get(name):
            raise RefusedFileError(f"{file} is damaged: {name} is not what was backed up. Nothing was changed.")
    return manifest


def _what_is_there() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema() AND c.relkind = 'r'"
        )
        (tables,) = cursor.fetchone()
    if tables:
        return f"The database {connection.settings_dict['NAME']!r} is not empty ({tables} tables)"
    media = Path(settings.MEDIA_ROOT)
    return f"The media folder {media} is not empty" if media.is_dir() and any(media.iterdir()) else ""


def _load(dump: Path, *, replace: bool) -> None:
    if replace:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            schema = connection.ops.quote_name(cursor.fetchone()[0])
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
            cursor.execute(f"CREATE SCHEMA {schema}")
    program = binaries.client("pg_restore", at_least=backup.server_major())
    connections.close_all()
    where, environment = backup.connection_arguments()
    flags = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    done = subprocess.run(  # noqa: S603
        [str(program), *where, *flags, str(dump)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RefusedFileError(f"pg_restore failed, and the database is as empty as before: {done.stderr.strip()}")


def _place_media(folder: Path, media: Path, *, replace: bool) -> None:
    restored = folder / "media"
    restored.mkdir(exist_ok=True)
    restored.chmod(0o700)
    if replace:
        shutil.rmtree(media)
    else:
        media.rmdir()
    restored.rename(media)


def _place_key(key: Path) -> None:
    """Links and sessions signed with the old key stay good, if the key is a file of ours."""
    print(
        "Names and phones open with the contact keys they were sealed under, which no backup holds: see linli doctor."
    )
    where = os.environ.get("LINLI_SECRET_KEY_FILE", "")
    if not where:
        print("LINLI_SECRET_KEY is set in the environment and stays. The backup's own key is in the tar as secret_key.")
        return
    key.chmod(0o600)
    shutil.move(key, where)


def _compare(manifest: dict[str, Any]) -> list[str]:
    """What the database has, against what the backup says it had."""
    have, had = backup.count_rows(), manifest["counts"]
    return [
        f"{table}: {had.get(table, 0)} rows were backed up, {have.get(table, 0)} are there"
        for table in sorted(have.keys() | had.keys())
        if have.get(table, 0) != had.get(table, 0)
    ]
