"""换密钥 — a new key for what is written from now on, and everything older sealed anew, batch by batch, resumable.

Every batch is one transaction. A row that somebody changes meanwhile is left as they wrote it: it is sealed under the
new key already. What was interrupted goes on where rows under other keys are still found.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from linli.kernel import clock, sealing
from linli.kernel.sealing import CIPHERS, Key, Keyring, KeysError
from linli.mechanisms.access.sealing import DigestField, SealedField, bound_to, keyring

BATCH = 500


class CannotRotateError(ValueError):
    """The keys cannot be changed from here; the sentence says what to do."""


@dataclass(frozen=True)
class Column:
    """One sealed column, and the digest beside it if there is one."""

    field: SealedField
    digest: DigestField | None

    @property
    def table(self) -> str:
        """Its table."""
        return str(self.field.model._meta.db_table)  # noqa: SLF001  Django's own name.

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.table}.{self.column}"

    @property
    def column(self) -> str:
        """Its own name in the table."""
        return str(self.field.column)


def columns() -> list[Column]:
    """Every sealed column of the installed apps."""
    found = {}
    for field in SealedField.everywhere:
        beside = [
            each
            for each in field.model._meta.concrete_fields  # noqa: SLF001
            if isinstance(each, DigestField) and each.of == field.name
        ]
        column = Column(field, beside[0] if beside else None)
        found[column.name] = column
    return [found[name] for name in sorted(found)]


def counts() -> Counter[str]:
    """How many texts are sealed under each key; under "" those that are not sealed yet."""
    found: Counter[str] = Counter()
    with connection.cursor() as db:
        for column in columns():
            name = sql.Identifier(column.column)
            db.execute(
                sql.SQL(
                    "SELECT CASE WHEN {0} LIKE 'enc:%%:%%' THEN split_part({0}, ':', 2) ELSE '' END AS key, count(*)"
                    " FROM {1} WHERE {0} <> '' GROUP BY 1"
                ).format(name, sql.Identifier(column.table)),
                [],
            )
            for key, number in db.fetchall():
                found[key] += number
    return found


def seal_anew(*, batch: int = BATCH, progress: Callable[[str, int], None] = lambda *_: None) -> int:
    """Seal under the current key whatever is not; returns how many texts. Raises MissingKeyError for a key that is gone."""
    ring = keyring()
    done = 0
    for column in columns():
        for number in _batches(column, ring, batch):
            done += number
            progress(column.name, done)
    return done


def _batches(column: Column, ring: Keyring, batch: int) -> Iterator[int]:
    meta = column.field.model._meta  # noqa: SLF001
    table, name = sql.Identifier(column.table), sql.Identifier(column.column)
    assert meta.pk is not None
    pk = sql.Identifier(str(meta.pk.column))
    read = sql.SQL("SELECT {1}, {2} FROM {0} WHERE {1} > %s AND {2} <> '' ORDER BY {1} LIMIT %s").format(
        table, pk, name
    )
    writes = [sql.SQL("{} = %s").format(name)]
    if column.digest is not None:
        writes.append(sql.SQL("{} = %s").format(sql.Identifier(str(column.digest.column))))
    write = sql.SQL("UPDATE {0} SET {1} WHERE {2} = %s AND {3} = %s").format(
        table, sql.SQL(", ").join(writes), pk, name
    )
    last = -1
    while True:
        with transaction.atomic(), connection.cursor() as db:
            db.execute(read, [last, batch])
            rows = db.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            changes = [_changed(column, ring, row, stored) for row, stored in rows if _is_old(ring, stored)]
            if changes:
                db.executemany(write, changes)
        yield len(changes)


def _is_old(ring: Keyring, stored: str) -> bool:
    return sealing.key_of(stored) != ring.current.id


def _changed(column: Column, ring: Keyring, pk: int, stored: str) -> list[str | int]:
    bound = bound_to(column.field, pk)
    plain = ring.open(stored, bound=bound)
    digest = [ring.digest(column.digest.of, plain)] if column.digest is not None else []
    return [ring.seal(plain, bound=bound), *digest, pk, stored]


# --- The file of keys ----------------------------------------------------------------------------------------------------
def made_on(key: Key) -> date | None:
    """The day an id says; None for one of other make."""
    try:
        return datetime.strptime(key.id[1:7], "%y%m%d").date()  # noqa: DTZ007  A day, not a moment.
    except ValueError:
        return None


def add_key(cipher: str) -> Key:
    """A new key, first in the file: from the next write on everything is sealed under it. Raises CannotRotateError."""
    path = _file()
    chosen = next((each for each in CIPHERS if each == cipher), CIPHERS[0])
    line = sealing.new_line(sealing.new_id(clock.today()), chosen)
    _replace(path, f"{line}\n{path.read_text(encoding='ascii')}")
    return keyring().current


def set_aside() -> list[Key]:
    """Keys that seal nothing any more, moved into a file beside: only older backups still need them."""
    path = _file()
    used = counts()
    ring = keyring()
    idle = [key for key in ring.keys[1:] if not used[key.id]]
    if idle:
        gone = {key.id for key in idle}
        lines = path.read_text(encoding="ascii").splitlines(keepends=True)
        moved = [line for line in lines if line.split()[:1] and line.split()[0] in gone]
        retired = path.with_name(f"{path.name}.retired")
        _replace(retired, (retired.read_text(encoding="ascii") if retired.exists() else "") + "".join(moved))
        _replace(path, "".join(line for line in lines if line not in moved))
    return idle


def _file() -> Path:
    if not settings.CONTACT_KEYS_FILE:
        raise CannotRotateError(
            "密钥写在环境变量 LINLI_CONTACT_KEYS 里，这个命令改不了。请在那里把新密钥写在第一行、保留旧的，重启服务，再运行 linli keys rotate --resume"
        )
    path = Path(settings.CONTACT_KEYS_FILE)
    if not path.is_file():
        raise CannotRotateError(f"密钥文件 {path} 不在。先把它放回去；没有它，已加密的联系方式读不出来。")
    return path


def _replace(path: Path, text: str) -> None:
    """Whole or not at all, and readable by its owner only."""
    Keyring.parse(text)
    made = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


__all__ = ["CannotRotateError", "KeysError", "add_key", "columns", "counts", "made_on", "seal_anew", "set_aside"]
