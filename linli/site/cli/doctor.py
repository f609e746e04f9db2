"""`linli doctor`: one line for each thing that must hold; where it does not, what to do. Changes nothing."""

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseProblem
from django.db import connection

from linli.kernel import clock
from linli.site.cli import environment
from linli.site.database.binaries import OLDEST

LEAST_FREE = 2 * 1024**3
SKEW = 5.0  # Seconds between this machine's clock and the database's.
LAG = 200


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it holds, what was seen, and how to mend it."""

    state: Literal["good", "doubtful", "bad"]
    what: str
    seen: str
    remedy: str = ""

    def __str__(self) -> str:
        """One line, and the remedy below it."""
        mark = {"good": "✓", "doubtful": "!", "bad": "✗"}[self.state]
        return f"{mark} {self.what}: {self.seen}" + (f"\n    → {self.remedy}" if self.remedy else "")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whether the embedded database may be started to be looked at."""
    parser.add_argument("--start", action="store_true", help="start the embedded database first, if it is not running")


def run(args: argparse.Namespace) -> int:
    """Print every finding; 1 if one is bad."""
    if args.start:
        environment.start()
    worst = "good"
    for finding in findings():
        print(finding)
        if finding.state == "bad" or (finding.state == "doubtful" and worst == "good"):
            worst = finding.state
    print(
        {
            "good": "All is well.",
            "doubtful": "It works; see the lines with !.",
            "bad": "Something is wrong; see the lines with ✗.",
        }[worst]
    )
    return int(worst == "bad")


def findings() -> Iterator[Finding]:
    """What can be said without the database, then with it."""
    yield from _machine()
    yield from _secret_key()
    yield from _contact_keys()
    yield from _switches()
    answer = _database()
    yield answer
    if answer.state == "bad":
        return
    for check in WITH_DATABASE:
        try:
            yield from check()
        except DatabaseProblem as error:
            name = (check.__doc__ or "").rstrip(".")
            yield Finding(
                "bad", name, str(error).split("\n", maxsplit=1)[0], "run linli migrate, then linli doctor again"
            )


# --- The machine and the settings -------------------------------------------------------------------------------------
def _machine() -> Iterator[Finding]:
    media = Path(settings.MEDIA_ROOT)
    try:
        media.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=media):
            yield Finding("good", "media folder", str(media))
    except OSError as error:
        yield Finding(
            "bad", "media folder", f"{media}: {error.strerror}", "give it to this user, or name another in LINLI_MEDIA"
        )
    server = environment.embedded()
    folders = {media, server.folders.ground} if server else {media}
    for folder in sorted(folders):
        there = next(step for step in (folder, *folder.parents) if step.exists())
        free = shutil.disk_usage(there).free
        state: Literal["good", "bad"] = "good" if free > LEAST_FREE else "bad"
        remedy = "" if state == "good" else "make room: PostgreSQL stops when its disk is full"
        yield Finding(state, "disk", f"{free / 1024**3:.1f} GB free at {there}", remedy)


def _secret_key() -> Iterator[Finding]:
    if len(settings.SECRET_KEY) < 40:
        remedy = "put 50 random characters into LINLI_SECRET_KEY, or their file's name into LINLI_SECRET_KEY_FILE"
        yield Finding("bad", "secret key", f"{len(settings.SECRET_KEY)} characters", remedy)
    else:
        where = os.environ.get("LINLI_SECRET_KEY_FILE")
        loose = bool(where) and Path(where or "").stat().st_mode & 0o077
        if loose:
            yield Finding("bad", "secret key", f"others can read {where}", f"chmod 600 {where}")
        else:
            yield Finding("good", "secret key", where or "from LINLI_SECRET_KEY")


def _contact_keys() -> Iterator[Finding]:
    """The keys of residents' contact data, as far as they can be judged without the database."""
    from linli.kernel.sealing import KeysError
    from linli.mechanisms.access import rotation
    from linli.mechanisms.access.sealing import keyring

    where = settings.CONTACT_KEYS_FILE or "LINLI_CONTACT_KEYS"
    try:
        keys = keyring().keys
    except KeysError as error:
        yield Finding("bad", "contact keys", f"{where}: {error}", "put the file back from where its copy is kept")
        return
    if not keys:
        remedy = "put the key file back from where its copy is kept; only a city without matters may begin a new one"
        yield Finding("bad", "contact keys", f"{where} holds no key: names and phones cannot be read or taken", remedy)
        return
    if settings.CONTACT_KEYS_FILE and Path(where).stat().st_mode & 0o077:
        yield Finding("bad", "contact keys", f"others can read {where}", f"chmod 600 {where}")
        return
    made = rotation.made_on(keys[0])
    days = (clock.today() - made).days if made else None
    if days is not None and days > settings.CONTACT_KEY_DAYS:
        yield Finding("doubtful", "contact keys", f"{keys[0].id} is {days} days old", "run linli keys rotate")
    else:
        yield Finding("good", "contact keys", f"{keys[0].id}, {keys[0].cipher}, in {where}; keep a copy elsewhere")


def _sealed() -> Iterator[Finding]:
    """Contact data."""
    from linli.mechanisms.access import rotation
    from linli.mechanisms.access.sealing import keyring

    used = rotation.counts()
    known = {key.id for key in keyring().keys}
    lost = {key: n for key, n in used.items() if key and key not in known}
    if lost:
        seen = "; ".join(f"{n} texts are sealed under {key}, which is not here" for key, n in sorted(lost.items()))
        yield Finding("bad", "contact data", seen, "put that key back into the key file: the texts are not lost")
    elif used[""]:
        yield Finding("bad", "contact data", f"{used['']} texts are not sealed", "run linli keys rotate --resume")
    else:
        yield Finding("good", "contact data", f"{sum(used.values())} texts, all sealed under keys that are here")


def _switches() -> Iterator[Finding]:
    address = urlsplit(settings.BASE_URL)
    public = address.hostname not in {"localhost", "127.0.0.1", "::1"}
    for name, on in (("LINLI_DEBUG", settings.DEBUG), ("LINLI_DEMO", settings.DEMO)):
        if not on:
            yield Finding("good", name, "off")
        elif public:
            yield Finding("bad", name, f"on, while {settings.BASE_URL} is public", f"unset {name}")
        else:
            yield Finding("doubtful", name, "on: for a demonstration or a developer, never for a city")
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding("bad", "allowed hosts", "every name is answered", "name the city's own in LINLI_HOSTS")
    elif address.hostname not in settings.ALLOWED_HOSTS:
        seen = f"{address.hostname} of LINLI_URL is not among {', '.join(settings.ALLOWED_HOSTS)}"
        yield Finding("bad", "allowed hosts", seen, f"add {address.hostname} to LINLI_HOSTS")
    else:
        yield Finding("good", "allowed hosts", ", ".join(settings.ALLOWED_HOSTS))
    if public and address.scheme != "https":
        remedy = "put a reverse proxy with a certificate in front, and say https in LINLI_URL"
        yield Finding("bad", "address", f"{settings.BASE_URL} is not https: cookies would travel in the open", remedy)


# --- The database ------------------------------------------------------------------------------------------------------
def _database() -> Finding:
    server = environment.embedded()
    where = f"embedded, {server.folders.ground}" if server else "of DATABASE_URL"
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'), current_setting('server_version_num')::int,"
                " current_setting('server_encoding'), datcollate FROM pg_database WHERE datname = current_database()"
            )
            version, number, encoding, collation = cursor.fetchone()
    except DatabaseProblem as error:
        remedy = (
            "run linli database start, or linli doctor --start"
            if server
            else "look whether it runs and DATABASE_URL names it rightly"
        )
        return Finding("bad", "database", f"{where}: {str(error).splitlines()[0]}", remedy)
    seen = f"PostgreSQL {version}, {encoding}, {collation} ({where})"
    if number < OLDEST * 10000:
        return Finding("bad", "database", seen, f"linli needs PostgreSQL {OLDEST} or later")
    if encoding != "UTF8":
        return Finding(
            "bad", "database", seen, "make the database anew: createdb -E UTF8 -T template0 --locale=C.UTF-8"
        )
    if collation not in {"C.UTF-8", "C.utf8", "C"}:
        return Finding(
            "doubtful", "database", seen, "linli is tested with C.UTF-8; in other locales lists may be in another order"
        )
    return Finding("good", "database", seen)


def _migrations() -> Iterator[Finding]:
    """Migrations."""
    from linli.site.observe import unapplied

    missing = unapplied()
    if missing:
        yield Finding("bad", "migrations", f"{len(missing)} are not applied, first {missing[0]}", "run linli migrate")
    else:
        yield Finding("good", "migrations", "all applied")


def _clock() -> Iterator[Finding]:
    """Clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    skew = abs((clock.now() - theirs).total_seconds())
    if skew > SKEW:
        yield Finding(
            "bad",
            "clock",
            f"{skew:.0f} s away from the database's",
            "let both machines keep time with chrony or systemd-timesyncd",
        )
    else:
        yield Finding("good", "clock", f"{skew:.1f} s away from the database's")


def _pack() -> Iterator[Finding]:
    """City pack."""
    from linli.mechanisms.rulebook.models import RuleVersion

    keys = set(RuleVersion.objects.values_list("key", flat=True).distinct())
    published = {int(key.rpartition("/")[2]) for key in keys if key.startswith("calendar/")}
    if not keys:
        yield Finding("bad", "city pack", "no rule is in force", f"run linli pack load {settings.PACK}")
        return
    yield Finding("good", "city pack", f"{len(keys)} lists in force")
    year = clock.today().year
    if year not in published:
        remedy = "enter the State Council's notice on the calendar page; deadlines are reckoned anew at once"
        yield Finding("bad", "calendar", f"{year} is not published: every deadline is provisional", remedy)
    elif year + 1 not in published:
        seen = f"{year} is published, {year + 1} is not: deadlines beyond the new year are provisional"
        yield Finding(
            "doubtful", "calendar", seen, "enter it when the State Council's notice is out, usually in November"
        )
    else:
        yield Finding("good", "calendar", f"{year} and {year + 1} are published")


def _worker() -> Iterator[Finding]:
    """Worker."""
    from linli.mechanisms.journal import runner
    from linli.mechanisms.journal.models import Parked
    from linli.site.observe import overdue_timers

    behind = {name: waiting for name, waiting in runner.lag().items() if waiting > LAG}
    late = overdue_timers()
    if behind or late:
        parts = [f"{name} has {n} entries to hear" for name, n in sorted(behind.items())]
        parts += [f"{late} timers should have fired"] if late else []
        yield Finding("bad", "worker", "; ".join(parts), "start linli worker, or one more; its log says what keeps it")
    else:
        yield Finding("good", "worker", "readers and timers are up to date")
    parked = Parked.objects.count()
    if parked:
        first = Parked.objects.order_by("parked_at").first()
        assert first is not None
        seen = f"{parked} could not be heard; the first by {first.reader}: {first.error[:120]}"
        yield Finding(
            "bad",
            "parked entries",
            seen,
            "mend the reader; then let it hear them with linli.mechanisms.journal.runner.retry_parked",
        )
    else:
        yield Finding("good", "parked entries", "none")


def _people() -> Iterator[Finding]:
    """People."""
    from linli.mechanisms.access import queries
    from linli.mechanisms.access.models import Body
    from linli.mechanisms.rulebook import NoRuleError

    bodies = Body.objects.filter(valid_to=None).count()
    try:
        appointers = queries.appointers().count()
    except NoRuleError:
        return  # The pack comes first, and has been asked for above.
    if appointers:
        yield Finding("good", "people", f"{appointers} can open accounts and appoint")
    else:
        yield Finding("bad", "people", "nobody can open accounts", "run linli account first")
    if bodies > 1:
        yield Finding("good", "bodies", f"{bodies} to hand matters to")
    else:
        remedy = "run linli bodies draft, let each county correct it, then linli bodies import"
        yield Finding("bad", "bodies", f"{bodies}: there is nobody to hand matters to", remedy)


WITH_DATABASE: tuple[Callable[[], Iterator[Finding]], ...] = (_migrations, _clock, _pack, _people, _sealed, _worker)
