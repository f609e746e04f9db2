"""The city this process serves: the head of its pack, read once."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings

from linli.mechanisms.rulebook.pack import HEAD, PackHead


def head() -> PackHead:
    """Name, code, prefix of matter numbers, whom to call. Raises FileNotFoundError or ValidationError on a broken pack."""
    return _read(Path(settings.PACK))


@cache
def _read(folder: Path) -> PackHead:
    return PackHead.model_validate(tomllib.loads((folder / HEAD).read_text(encoding="utf-8")))
