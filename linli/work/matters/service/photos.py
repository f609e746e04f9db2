"""Photos of a matter: files named at random under the media folder, rows beside them."""

import hashlib
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.pictures import Picture
from linli.work.matters.models import Matter, Photo

MOST = 6
"""A matter carries at most so many."""


MOST_BYTES, MOST_PIXELS = 20_000_000, 60_000_000
"""What a photo may weigh and measure as it comes in; a phone's largest is about 12 MB and 50 million pixels."""


class TooManyPhotosError(ValueError):
    """More photos than a matter carries."""


def keep(matter: Matter, pictures: tuple[Picture, ...], *, at: datetime, by_resident: bool) -> int:
    """Write the files first, then the rows: a crash in between leaves a file nobody names, never a row without a file.

    If the transaction is undone the files are swept by `linli doctor`.
    """
    if not pictures:
        return 0
    if Photo.objects.filter(matter=matter).count() + len(pictures) > MOST:
        raise TooManyPhotosError(_("一件诉求最多 %(most)s 张照片。") % {"most": MOST})
    rows = []
    for picture in pictures:
        key = secrets.token_hex(16)
        path = path_of(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg)
        thumbnail_of(key).write_bytes(picture.thumbnail)
        rows.append(
            Photo(
                matter=matter, key=key, width=picture.width, height=picture.height, size=len(picture.jpeg),
                sha256=hashlib.sha256(picture.jpeg).hexdigest(), at=at, by_resident=by_resident,
            )
        )  # fmt: skip
    with transaction.atomic():
        Photo.objects.bulk_create(rows)
    return len(rows)


def path_of(key: str) -> Path:
    """Where a photo lies: two levels of folders, so that none grows too large."""
    return Path(settings.MEDIA_ROOT) / "matters" / key[:2] / f"{key}.jpg"


def thumbnail_of(key: str) -> Path:
    """The small one beside it."""
    return path_of(key).with_name(f"{key}.small.jpg")
