"""Where the city's data lies: one folder the user owns, and inside it the database, its socket, media and the secret key."""

import contextlib
import grp
import hashlib
import os
import pwd
import re
import stat
from dataclasses import dataclass
from pathlib import Path

SUN_PATH_MAX = 107  # Bytes of a Unix socket's path on Linux, less the closing zero.
SOCKET_NAME = "/.s.PGSQL.5432.lock"  # The longest name that PostgreSQL puts beside its socket.
PLAIN = re.compile(
    r"[A-Za-z0-9._/+-]+"
)  # A comma would be two sockets; quotes and spaces need quoting in three places.
SERVER_USERS = ("linli", "nobody")  # Whom the server runs as when we are root: PostgreSQL refuses to be root.


class DatabaseError(Exception):
    """The embedded database cannot do what was asked; the text says why and what to do."""


@dataclass(frozen=True)
class User:
    """An account of the machine."""

    uid: int
    gid: int
    name: str

    @property
    def is_us(self) -> bool:
        """Need we not change user at all?"""
        return self.uid == os.geteuid()


def server_user() -> User:
    """Whom PostgreSQL runs as: us, or, where we are root, the first unprivileged account there is."""
    if os.geteuid() != 0:
        try:
            entry = pwd.getpwuid(os.geteuid())
        except KeyError:
            raise DatabaseError(
                f"User number {os.geteuid()} has no entry in /etc/passwd, and PostgreSQL refuses to run as a user without a name. "
                "Add one, or name a database of your own in DATABASE_URL."
            ) from None
        return User(entry.pw_uid, entry.pw_gid, entry.pw_name)
    for name in SERVER_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return User(entry.pw_uid, entry.pw_gid, name)
    raise DatabaseError(
        "PostgreSQL refuses to run as root, and there is no account to run it as. Run: useradd --system linli"
    )


def home() -> Path | None:
    """Our home folder: what HOME says, or else the password file, if that folder is ours to write in."""
    said = os.environ.get("HOME", "")
    candidates = [Path(said)] if said.startswith("/") and said != "/" else []
    with contextlib.suppress(KeyError):
        candidates.append(Path(pwd.getpwuid(os.geteuid()).pw_dir))
    for folder in candidates:
        if folder != Path("/") and folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
            return folder
    return None


def default_data() -> Path:
    """The data folder when nobody names one: LINLI_DATA; /var/lib/linli for root; else the user's own share folder."""
    said = os.environ.get("LINLI_DATA", "")
    if said:
        return Path(said).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/linli")
    share = os.environ.get("XDG_DATA_HOME", "")
    if share.startswith("/"):
        return Path(share) / "linli"
    ours = home()
    if ours is not None:
        return ours / ".local" / "share" / "linli"
    return Path("/var/tmp") / f"linli-{os.geteuid()}"  # noqa: S108  Made private, and refused if another user owns it.


def may_traverse(folder: Path, user: User) -> bool:
    """Can this user walk to the folder from the root? Judged by mode bits, for the one case where we are root."""
    if user.is_us:
        return os.access(folder, os.X_OK)
    groups = {user.gid, *(entry.gr_gid for entry in grp.getgrall() if user.name in entry.gr_mem)}
    for step in (folder, *folder.parents):
        try:
            found = step.stat()
        except FileNotFoundError:
            continue  # We shall make it, and make it passable.
        bit = stat.S_IXUSR if found.st_uid == user.uid else stat.S_IXGRP if found.st_gid in groups else stat.S_IXOTH
        if not found.st_mode & bit:
            return False
    return True


def private(folder: Path, *, owner: User, mode: int = 0o700) -> Path:
    """Make a folder that is this user's and nobody else's; one that is already somebody else's is refused."""
    if not folder.exists() and not folder.is_symlink():
        _make(folder, owner=owner, mode=mode)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise DatabaseError(
            f"{folder} is not a folder. Move it away, or name another folder with --data or LINLI_DATA."
        )
    if found.st_uid != owner.uid:
        raise DatabaseError(
            f"{folder} belongs to user number {found.st_uid}, not to {owner.name} ({owner.uid}). "
            "Give it back with chown, or name another folder with --data or LINLI_DATA."
        )
    if stat.S_IMODE(found.st_mode) & 0o022:
        folder.chmod(mode)  # Ours, but others could write in it.
    return folder


def _make(folder: Path, *, owner: User, mode: int) -> None:
    try:
        for parent in reversed(folder.parents):
            if not parent.exists():
                parent.mkdir(exist_ok=True)
                if os.geteuid() == 0:
                    parent.chmod(0o755)  # Whatever our umask is, the server's user must be able to pass.
        folder.mkdir(mode=mode)
    except FileExistsError:
        return  # Another process of ours was quicker, or it was another user: `private` looks.
    except OSError as error:
        raise DatabaseError(
            f"{folder} cannot be made ({error.strerror}). Name another folder with --data or LINLI_DATA."
        ) from error
    folder.chmod(mode)
    if not owner.is_us:
        os.chown(folder, owner.uid, owner.gid)


@dataclass(frozen=True)
class Folders:
    """What lies where in one data folder."""

    data: Path
    user: User  # Whom the server runs as.

    @classmethod
    def of(cls, data: Path | str | None = None) -> "Folders":
        """The folders of this data folder, or of the default one. Nothing is made yet."""
        chosen = Path(data).expanduser().absolute() if data else default_data()
        return cls(Path(os.path.normpath(chosen)), server_user())

    @property
    def name(self) -> str:
        """A short name of this data folder, the same in every process."""
        return hashlib.sha256(os.fsencode(os.path.realpath(self.data))).hexdigest()[:16]

    @property
    def ground(self) -> Path:
        """Where the server's own files lie: the data folder, or /var/lib/linli if the server's user cannot get there.

        Root may keep data in /root, but the server is not root, and opening /root to everybody is not ours to do.
        """
        if self.user.is_us or may_traverse(self.data.parent, self.user):
            return self.data
        return Path("/var/lib/linli/clusters") / self.name

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder."""
        return self.ground / "postgres"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.ground / "log" / "postgres.log"

    @property
    def settings(self) -> Path:
        """The server's settings, written anew at every start."""
        return self.ground / "settings"

    @property
    def socket(self) -> Path:
        """The folder of the socket: in the data folder if that path is short and plain, else under /tmp by its name."""
        inside = self.ground / "socket"
        if PLAIN.fullmatch(str(inside)) and len(str(inside) + SOCKET_NAME) <= SUN_PATH_MAX:
            return inside
        return Path("/tmp") / f"linli-{self.user.uid}-{self.name}"  # noqa: S108  Made private, and refused if another's.

    @property
    def media(self) -> Path:
        """Photos and papers that people sent."""
        return self.data / "media"

    @property
    def secret_key(self) -> Path:
        """The key that sessions and links are signed with."""
        return self.data / "secret_key"

    @property
    def contact_keys(self) -> Path:
        """The keys that residents' contact data is sealed under."""
        return self.data / "contact_keys"

    def make(self) -> None:
        """Make the folders that are not there yet."""
        us = User(os.geteuid(), os.getegid(), "us")
        outer = 0o700 if self.user.is_us else 0o711  # The server's user passes through, and sees nothing.
        private(self.data, owner=us, mode=outer)
        if self.ground != self.data:
            private(self.ground, owner=us, mode=outer)
        if not self.user.is_us:
            self.ground.chmod(0o711)
        private(self.settings, owner=us, mode=0o700 if self.user.is_us else 0o755)
        private(self.media, owner=us)
        private(self.log.parent, owner=self.user)
        private(self.socket, owner=self.user)
