"""暂存 — photos of a form that was not accepted yet, kept under the form's key so that nobody has to choose them again.

Already written anew by engines.pictures: what lies here is ours. Swept when a day old.
"""

import hashlib
import shutil
import time
from collections.abc import Collection
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image

from linli.engines.pictures import Picture
from linli.kernel import clock

SWEEP_EVERY = 3600.0


class _Sweeping:
    """When this process last threw old photos away."""

    last = float("-inf")


def keep(key: str, pictures: tuple[Picture, ...]) -> None:
    """Hold exactly these under a key; none: let go."""
    drop(key)
    if not pictures:
        return
    folder = _folder(key, clock.today())
    folder.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(pictures):
        (folder / f"{number}.jpg").write_bytes(picture.jpeg)
        (folder / f"{number}.small.jpg").write_bytes(picture.thumbnail)
    if time.monotonic() - _Sweeping.last > SWEEP_EVERY:
        _Sweeping.last = time.monotonic()
        sweep()


def with_held(key: str, fresh: tuple[Picture, ...], *, dropped: Collection[str]) -> tuple[Picture, ...]:
    """What is held from an earlier sending, less those no longer wanted (by their place in the row), and the new ones."""
    return tuple(each for n, each in enumerate(held(key)) if str(n) not in dropped) + fresh


def held(key: str) -> tuple[Picture, ...]:
    """What is held under a key, in order."""
    found = []
    for folder in _folders(key):
        for small in sorted(folder.glob("*.small.jpg")):
            try:
                jpeg = small.with_name(small.name.replace(".small", "")).read_bytes()
                with Image.open(BytesIO(jpeg), formats=["JPEG"]) as image:
                    width, height = image.size
                found.append(Picture(jpeg, width, height, small.read_bytes()))
            except OSError:
                continue  # Half written when the machine stopped, or swept this moment: as if not chosen.
    return tuple(found)


def drop(key: str) -> None:
    """Let go of what is held under a key."""
    for folder in _folders(key):
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Throw away what is older than yesterday's; returns how many days' folders went."""
    root = _root()
    kept = {_day(clock.today() - timedelta(days=back)) for back in (0, 1)}
    old = [each for each in root.iterdir() if each.name not in kept] if root.exists() else []
    for each in old:
        shutil.rmtree(each, ignore_errors=True)
    return len(old)


def _folders(key: str) -> list[Path]:
    """A form may have been opened before midnight."""
    days = (clock.today() - timedelta(days=1), clock.today())
    return [folder for day in days if (folder := _folder(key, day)).is_dir()]


def _folder(key: str, day: date) -> Path:
    # The key comes from a form: only its digest may name a folder.
    return _root() / _day(day) / hashlib.sha256(key.encode()).hexdigest()


def _day(day: date) -> str:
    return day.isoformat()


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "held"
