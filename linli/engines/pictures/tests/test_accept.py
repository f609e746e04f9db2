"""What comes through of a resident's photo, and what does not."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from linli.engines.pictures import PictureError, accept

LIMITS = {"max_bytes": 25_000_000, "max_pixels": 60_000_000}
ORIENTATION = 0x0112
GPS = 0x8825


def photo(kind="JPEG", size=(640, 480), mode="RGB", **options):
    """A photo with a red top left corner."""
    image = Image.new(
        mode, size, {"RGB": (90, 140, 90), "RGBA": (0, 0, 0, 0), "L": 90, "CMYK": (0, 0, 0, 0), "P": 3}.get(mode, 0)
    )
    if mode == "RGB":
        ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill=(250, 0, 0))
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def opened(jpeg):
    image = Image.open(BytesIO(jpeg))
    image.load()
    return image


def refused(raw, **limits):
    with pytest.raises(PictureError) as caught:
        accept(raw, **LIMITS | limits)
    assert "请" in str(caught.value)
    return caught.value.code


# --- What comes through --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_comes_through_as_a_jpeg(kind):
    picture = accept(photo(kind), **LIMITS)
    image = opened(picture.jpeg)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (640, 480))
    assert (picture.width, picture.height) == (640, 480)
    assert image.getpixel((10, 10))[0] > 200
    assert max(opened(picture.thumbnail).size) == 320


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("JPEG", "L")]
)
def test_every_colour_mode_comes_through(kind, mode):
    assert opened(accept(photo(kind, mode=mode), **LIMITS).jpeg).mode == "RGB"


def test_what_was_transparent_is_white():
    picture = opened(accept(photo("PNG", mode="RGBA"), **LIMITS).jpeg)
    assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photo_of_twenty_megabytes_is_shrunk():
    noise = Image.frombytes("RGB", (4000, 3000), random.Random(1).randbytes(36_000_000))
    target = BytesIO()
    noise.save(target, "JPEG", quality=97)
    raw = target.getvalue()
    assert len(raw) > 15_000_000
    picture = accept(raw, **LIMITS)
    assert (picture.width, picture.height) == (2048, 1536)
    assert len(picture.thumbnail) < 100_000


def test_a_photo_taken_upright_stays_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # Turned a quarter to the right.
    picture = accept(photo(exif=exif), **LIMITS)
    assert (picture.width, picture.height) == (480, 640)
    assert opened(picture.jpeg).getpixel((470, 10))[0] > 200


def test_a_photo_with_a_depth_map_behind_it_comes_through():
    first, second = Image.new("RGB", (640, 480), "red"), Image.new("RGB", (320, 240), "blue")
    target = BytesIO()
    first.save(target, "MPO", save_all=True, append_images=[second])
    assert accept(target.getvalue(), **LIMITS).width == 640


# --- What does not travel with it ----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_owner_and_device_are_gone(kind):
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    exif[0x8298] = "SECRET-OWNER"
    exif[GPS] = {1: "N", 2: (37.0, 22.0, 1.0), 3: "E", 4: (118.0, 1.0, 2.0)}
    extra = {"JPEG": {"comment": b"SECRET-COMMENT"}, "PNG": {}, "WEBP": {"xmp": b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>"}}[
        kind
    ]
    raw = photo(kind, exif=exif, icc_profile=b"SECRET-PROFILE" * 20, **extra)
    assert b"SECRET" in raw
    picture = accept(raw, **LIMITS)
    for jpeg in (picture.jpeg, picture.thumbnail):
        image = opened(jpeg)
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info)
        assert b"SECRET" not in jpeg
        assert b"Exif" not in jpeg


def test_a_page_hidden_behind_or_inside_a_photo_is_gone():
    page = b"<html><script>alert(1)</script></html>"
    for raw in (photo() + page, photo(comment=page), photo("PNG") + b"PK\x03\x04" + page):
        assert b"<script" not in accept(raw, **LIMITS).jpeg


# --- What is refused -----------------------------------------------------------------------------------------------
def test_nothing_and_too_much_are_refused():
    assert refused(b"") == "empty"
    assert refused(photo(), max_bytes=100) == "too_many_bytes"


@pytest.mark.parametrize(
    "raw",
    [
        b"GIF89a/*<html><script>alert(1)</script>*/=1;",
        b"<html><body>hello</body></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7",
        b"BM" + bytes(100),
        b"II*\x00" + bytes(100),
        b"%!PS-Adobe-3.0 EPSF-3.0",
    ],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(raw):
    assert refused(raw) == "unknown_kind"


def test_a_real_gif_is_refused():
    assert refused(photo("GIF", mode="P")) == "unknown_kind"


def test_heic_is_refused_with_advice_or_decoded():
    raw = b"\x00\x00\x00\x18ftypheic" + bytes(200)
    assert refused(raw) in {"heic", "damaged"}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_moves_is_refused(kind):
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    target = BytesIO()
    frames[0].save(target, kind, save_all=True, append_images=frames[1:], duration=100)
    assert refused(target.getvalue()) == "animated"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_photo_is_refused(kind):
    noise = Image.frombytes("RGB", (200, 200), random.Random(2).randbytes(120_000))
    target = BytesIO()
    noise.save(target, kind)
    assert refused(target.getvalue()[: len(target.getvalue()) // 2]) == "damaged"


def png(width, height, *chunks):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunk(*item) for item in chunks) + chunk(b"IEND", b"")
    )


def test_a_png_of_fifty_thousand_by_fifty_thousand_is_refused_unread():
    row = bytes(1 + 50_000 // 8)
    press = zlib.compressobj(9)
    body = b"".join(press.compress(row * 1000) for _ in range(50)) + press.flush()
    raw = png(50_000, 50_000, (b"IDAT", body))
    assert len(raw) < 500_000
    assert refused(raw) == "too_many_pixels"


def test_a_png_that_hides_a_bomb_in_its_text_is_refused():
    raw = png(10, 10, (b"zTXt", b"a\x00\x00" + zlib.compress(bytes(100_000_000))), (b"IDAT", zlib.compress(bytes(30))))
    assert refused(raw) == "damaged"


def test_headers_that_promise_too_many_pixels_are_refused():
    jpeg = bytearray(photo())
    start = jpeg.index(b"\xff\xc0") + 5
    jpeg[start : start + 4] = struct.pack(">HH", 65_000, 65_000)
    assert refused(bytes(jpeg)) == "too_many_pixels"
    webp = b"RIFF" + bytes(4) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\xff\x3f" * 2 + bytes(50)
    assert refused(webp) == "too_many_pixels"
    assert refused(photo(), max_pixels=1000) == "too_many_pixels"


def test_a_jpeg_of_thousands_of_scans_is_refused_at_once():
    raw = photo(progressive=True)
    start = raw.index(b"\xff\xda")
    end = raw.index(b"\xff", start + 14)
    assert refused(raw[:start] + raw[start:end] * 5000 + raw[start:]) == "damaged"


# --- Nothing crashes -----------------------------------------------------------------------------------------------
def survives(raw):
    try:
        picture = accept(raw, max_bytes=2_000_000, max_pixels=4_000_000)
    except PictureError:
        return
    assert opened(picture.jpeg).format == "JPEG"


@given(
    st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\x00\x00\x00\x00WEBP",
            b"RIFF\x00\x00\x00\x00WEBPVP8X",
            b"\x00\x00\x00\x18ftypheic",
        ]
    ),
    st.binary(max_size=400),
)
def test_random_bytes_never_crash(head, rest):
    survives(head + rest)


SAMPLES = [photo(kind, size=(48, 32)) for kind in ("JPEG", "PNG", "WEBP")]


@settings(max_examples=200)
@given(st.sampled_from(SAMPLES), st.data())
def test_a_photo_with_damaged_bytes_never_crashes(sample, data):
    raw = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    survives(bytes(raw[: data.draw(st.integers(1, len(raw)))]) if data.draw(st.booleans()) else bytes(raw))
