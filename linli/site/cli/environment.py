"""From a data folder to settings: which database, which secret key, which media folder. What the environment says wins."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from linli.kernel import clock, sealing
from linli.site.database import Server

_embedded: Server | None = None


def describe(data: Path | str | None = None) -> None:
    """Fill in what the environment leaves open. Starts nothing, and makes nothing but the key's folder and the key."""
    global _embedded  # noqa: PLW0603  One data folder per process, as there is one environment.
    server = Server(data)
    if not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")):
        _embedded = server
        os.environ["DATABASE_URL"] = server.url
    os.environ.setdefault("LINLI_DATA", str(server.folders.data))
    os.environ.setdefault("LINLI_MEDIA", str(server.folders.media))
    os.environ.setdefault("LINLI_STATIC", str(server.folders.data / "static"))
    if not (os.environ.get("LINLI_SECRET_KEY") or os.environ.get("LINLI_SECRET_KEY_FILE")):
        server.folders.make()
        os.environ["LINLI_SECRET_KEY_FILE"] = str(_secret_key(server.folders.secret_key))
    if not (os.environ.get("LINLI_CONTACT_KEYS") or os.environ.get("LINLI_CONTACT_KEYS_FILE")):
        server.folders.make()
        os.environ["LINLI_CONTACT_KEYS_FILE"] = str(_contact_keys(server.folders.contact_keys))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")


def start() -> None:
    """Start the embedded database, if it is ours to start."""
    if _embedded is not None:
        _embedded.start()


def embedded() -> Server | None:
    """The embedded server of this process's data folder; None where DATABASE_URL names another."""
    return _embedded


def set_up() -> None:
    """Django, ready for models."""
    import django

    django.setup()


def prepare(data: Path | str | None = None) -> None:
    """All three: for commands that import models only after they were asked to run."""
    describe(data)
    start()
    set_up()


def _secret_key(path: Path) -> Path:
    """Make the key once. A half-written one is never seen: it is written beside and linked into place."""
    return _once(path, lambda: secrets.token_urlsafe(64))


def _contact_keys(path: Path) -> Path:
    """The first key for residents' contact data, made once with the city. A later one comes from `linli keys rotate`."""
    cipher = sealing.CIPHERS[os.environ.get("LINLI_CONTACT_CIPHER", "") == "sm4-gcm"]
    return _once(path, lambda: sealing.new_line(sealing.new_id(clock.today()), cipher) + "\n")


def _once(path: Path, text: Callable[[], str]) -> Path:
    if not path.exists():
        made = path.with_name(f".{path.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(text(), encoding="ascii")
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path
