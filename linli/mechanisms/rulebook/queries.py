"""Reading the rulebook: the list in force, the list as it was, and how it came to be.

Every request asks, so the answer comes from memory. A process looks at the one-row stamp at most every
LOOK_EVERY seconds; between two looks it may still answer by a list that was replaced a moment ago in another
process, which is no worse than the request having come a moment earlier.
"""

import threading
import time
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection

from linli.kernel import clock
from linli.kernel.calendar import WorkingCalendar, Year
from linli.kernel.rules import RuleList, RuleRef, Status
from linli.mechanisms.journal import Author
from linli.mechanisms.rulebook.models import RuleVersion, Stamp
from linli.mechanisms.rulebook.registry import schema_of
from linli.mechanisms.rulebook.rules import CalendarYear

LOOK_EVERY = 2.0

Rules = TypeVar("Rules", bound=RuleList[Any])


class NoRuleError(LookupError):
    """A rule is asked for that the rulebook does not hold, or did not hold yet on that date."""


@dataclass(frozen=True, slots=True)
class Edition(Generic[Rules]):
    """某一版 — one version of a list, parsed, with the reference that decisions made under it store."""

    ref: RuleRef
    list: Rules
    in_force: date

    def rule(self, code: str) -> str:
        """How a decision cites one item: "matters/limits v3 #streetlight"."""
        return self.ref.item(code)


@dataclass(frozen=True, slots=True)
class Enacted:
    """One version in the history of a list, without its items."""

    ref: RuleRef
    title: str
    in_force: date
    basis: str
    status: Status
    reason: str
    sha256: str
    loaded_at: datetime
    loaded_by: Author


@dataclass(frozen=True)
class _Line:
    """What holds of one list over time: from `since[i]` on, version `numbers[i]`."""

    since: tuple[date, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class _Snapshot:
    stamp: UUID | None
    lines: Mapping[str, _Line]
    sha256: Mapping[RuleRef, str]


class _Memory:
    """What this process remembers. Replaced as a whole, so that a reader in another thread sees old or new."""

    def __init__(self) -> None:
        self.snapshot: _Snapshot | None = None
        self.editions: dict[tuple[RuleRef, str], Edition[Any]] = {}
        self.looked_at = float("-inf")
        self.uncommitted: UUID | None = None  # What this process has written: look before every answer.
        self.calendar: tuple[UUID | None, WorkingCalendar] | None = None
        self.lock = threading.Lock()


_memory = _Memory()


def current(schema: type[Rules], on: date | None = None, *, key: str = "") -> Edition[Rules]:
    """The version of a list in force on a day (default today): the newest of those already in force.

    Of a family ("calendar/*") say which list by `key`. Raises NoRuleError: a missing rule refuses.
    """
    key = key or schema.key
    line = _look().lines.get(key)
    number = _number_on(line, on or clock.today())
    if line is None or number is None:
        when = f"在 {on} " if on else ""
        raise NoRuleError(f"规则库{when}没有在施行的“{key}”；请先用 linli pack load 载入城市包")
    return _edition(RuleRef(key, number))


def family(schema: type[Rules], on: date | None = None) -> dict[str, Edition[Rules]]:
    """Every list of a family that is in force on a day, by key."""
    return in_force(on, stem=schema.key.removesuffix("*"))


def edition(ref: RuleRef) -> Edition[Any]:
    """A version as it was, in force or not. Raises NoRuleError."""
    return _edition(ref)


def in_force(on: date | None = None, *, stem: str = "") -> dict[str, Edition[Any]]:
    """Every list in force on a day, by key; with `stem` only those whose key begins so."""
    day = on or clock.today()
    found = {key: _number_on(line, day) for key, line in _look().lines.items() if key.startswith(stem)}
    return {key: _edition(RuleRef(key, number)) for key, number in sorted(found.items()) if number is not None}


def version_on(key: str, on: date | None = None) -> int | None:
    """Which version of a list is in force on a day; None if none is."""
    return _number_on(_look().lines.get(key), on or clock.today())


def history(key: str) -> list[Enacted]:
    """Every version of a list, newest first."""
    rows = RuleVersion.objects.filter(key=key).order_by("-version").defer("content")
    return [_enacted(row) for row in rows]


def overview() -> list[Enacted]:
    """The newest version in force of every list, or the first to come."""
    day = clock.today()
    numbers = {key: _number_on(line, day) or line.numbers[0] for key, line in _look().lines.items()}
    rows = RuleVersion.objects.order_by("key", "version").defer("content")
    return [_enacted(row) for row in rows if numbers.get(row.key) == row.version]


def working_calendar() -> WorkingCalendar:
    """工作日历 — every year that has been entered, as the kernel counts with it. Cheap: remembered until a change."""
    snapshot = _look()
    known = _memory.calendar
    if known is not None and known[0] == snapshot.stamp:
        return known[1]
    years = [edition.list for edition in family(CalendarYear, on=date.max).values()]
    calendar = WorkingCalendar({each.year: Year(each.year, each.holidays, each.make_up_days) for each in years})
    _memory.calendar = (snapshot.stamp, calendar)
    return calendar


def forget() -> None:
    """Forget what this process remembers; the next question looks in the database."""
    _memory.snapshot = None


def written(stamp: UUID) -> None:
    """This transaction has changed the rulebook: until it commits, look before every answer."""
    _memory.uncommitted = stamp
    _memory.snapshot = None


def committed() -> None:
    """The writing transaction has committed."""
    _memory.uncommitted = None
    _memory.snapshot = None


def _look() -> _Snapshot:
    snapshot = _memory.snapshot
    now = time.monotonic()
    if snapshot is not None:
        if _memory.uncommitted is None and now - _memory.looked_at < LOOK_EVERY:
            return snapshot
        if connection.needs_rollback:
            return snapshot  # Nothing can be read in a broken transaction, and nothing it decides will stand.
    with _memory.lock:
        stamp = Stamp.objects.filter(id=1).values_list("stamp", flat=True).first()
        if _memory.uncommitted not in (None, stamp):
            _memory.uncommitted = None  # It was undone, or somebody else's commit came after.
        if snapshot is None or snapshot.stamp != stamp:
            snapshot = _memory.snapshot = _read(stamp)
        _memory.looked_at = now
    return snapshot


def _read(stamp: UUID | None) -> _Snapshot:
    sha256: dict[RuleRef, str] = {}
    versions: dict[str, list[tuple[int, date]]] = {}
    for key, version, in_force, sha in RuleVersion.objects.order_by("key", "version").values_list(
        "key", "version", "in_force", "content_sha256"
    ):
        sha256[RuleRef(key, version)] = sha
        versions.setdefault(key, []).append((version, in_force))
    return _Snapshot(stamp, {key: _line(rows) for key, rows in versions.items()}, sha256)


def _line(versions: list[tuple[int, date]]) -> _Line:
    """On any day the newest version already in force holds; a version replaced before its day never does."""
    steps: list[tuple[date, int]] = []
    for version, in_force in versions:
        steps = [step for step in steps if step[0] < in_force]
        steps.append((in_force, version))
    return _Line(tuple(since for since, _ in steps), tuple(version for _, version in steps))


def _number_on(line: _Line | None, day: date) -> int | None:
    if line is None:
        return None
    place = bisect_right(line.since, day)
    return line.numbers[place - 1] if place else None


def _edition(ref: RuleRef) -> Edition[Any]:
    sha = _look().sha256.get(ref)
    if sha is None:
        raise NoRuleError(f"规则库里没有 {ref}")
    known = _memory.editions.get((ref, sha))
    if known is None:
        row = RuleVersion.objects.get(key=ref.key, version=ref.version)
        parsed = schema_of(ref.key).model_validate(row.content)
        known = _memory.editions[(ref, sha)] = Edition(ref, parsed, row.in_force)
    return known


def _enacted(row: RuleVersion) -> Enacted:
    return Enacted(
        RuleRef(row.key, row.version), row.title, row.in_force, row.basis, Status(row.status), row.reason,
        row.content_sha256, row.loaded_at, Author.from_json(row.loaded_by),
    )  # fmt: skip
