"""A browser without scripts, on 赵阿姨's phone: it opens the form, fills it and sends it."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.portals.resident import limits
from linli.work.matters import words

SENTENCE = "小区门口的路灯坏了三天，晚上看不见路"


def key_of(page):
    """The key a form carries."""
    return page.partition('name="key" value="')[2].partition('"')[0]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def say(client, cast):
    """say(text=…) opens the form, fills it and sends it."""

    def send(**typed):
        typed.setdefault("key", key_of(client.get("/").content.decode()))
        typed.setdefault("text", SENTENCE)
        typed.setdefault("visibility", "anonymous")
        return client.post("/", {name: value for name, value in typed.items() if value is not None}, follow=True)

    return send


@pytest.fixture
def photo():
    """photo(size) is a JPEG as a phone sends it, with the place it was taken at in its EXIF."""

    def take(width=64, height=48, name="灯.jpg", kind="JPEG"):
        exif = Image.Exif()
        exif[0x010F] = "SECRETPHONE"
        target = BytesIO()
        options = {"exif": exif} if kind == "JPEG" else {}
        Image.new("RGB", (width, height), "darkgreen").save(target, kind, **options)
        return SimpleUploadedFile(name, target.getvalue(), content_type="image/jpeg")

    return take


@pytest.fixture
def link(cast):
    """link(matter, "add/") is an address behind a matter's secret link."""
    return lambda matter, tail="": f"/m/{matter.number}/{words.follow_token(matter.number)}/{tail}"


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch):
    """Each test begins with full buckets: they are rolled back with everything else, the sweeping clock is not."""
    monkeypatch.setattr(limits._Sweeping, "last", float("-inf"))
