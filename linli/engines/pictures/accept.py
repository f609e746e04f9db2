"""From a stranger's bytes to a picture of ours, or a sentence that says what to do instead."""

import importlib
import re
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Literal

from PIL import Image, ImageOps

from linli.kernel.text import translatable

Code = Literal["empty", "too_many_bytes", "unknown_kind", "heic", "too_many_pixels", "animated", "damaged"]

_SENTENCES: dict[Code, str] = {
    "empty": translatable("照片是空的，没有收到内容。请重新选择照片。"),
    "too_many_bytes": translatable("照片太大，超过 %(limit)s MB。请换一张，或用手机的截图功能截取后再传。"),
    "unknown_kind": translatable("这不是照片文件。请上传 JPEG、PNG 或 WebP 格式的照片。"),
    "heic": translatable("这里还不能打开 HEIC 格式。请在手机“相机—格式”中选“兼容性最佳”后重拍，或截图后再传。"),
    "too_many_pixels": translatable("照片尺寸太大。请用手机的截图功能截取需要的部分后再传。"),
    "animated": translatable("这是会动的图片。请换一张静止的照片。"),
    "damaged": translatable("照片没有传完整，或者已经损坏。请重新选择照片，或截图后再传。"),
}
_LONGEST_SIDE = 2048
_THUMBNAIL_SIDE = 320
_QUALITY = 82
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"})
# A progressive JPEG is drawn in some ten scans. Thousands are an attack: each one costs a pass over all pixels.
_MOST_SCANS = 100
# Inside a scan FF is followed by 00 or a restart mark; anything else ends the scan.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


class PictureError(ValueError):
    """A photo that is not accepted: `code` for programs, the text for the resident; a page may turn `sentence` first."""

    def __init__(self, code: Code, **values: int) -> None:
        self.code = code
        self.sentence = _SENTENCES[code]
        self.values = values
        super().__init__(self.sentence % values)


@dataclass(frozen=True, slots=True)
class Picture:
    """照片 — a JPEG we wrote, upright, at most 2048 pixels wide or high, and a small one for lists."""

    jpeg: bytes
    width: int
    height: int
    thumbnail: bytes


def accept(raw: bytes, *, max_bytes: int, max_pixels: int) -> Picture:
    """The photo as a clean JPEG. Sizes are checked before a pixel is decoded. Raises PictureError and nothing else.

    Kinds are told by their first bytes; names and declared types are not looked at. Colour profiles are dropped with
    the rest: parsing a stranger's profile is a risk, and photos of potholes may lose a little red.
    """
    if not raw:
        raise PictureError("empty")
    if len(raw) > max_bytes:
        raise PictureError("too_many_bytes", limit=max_bytes // 1_000_000)
    kind = _kind(raw)
    if kind == "HEIF" and not _can_open_heif():
        raise PictureError("heic")
    width, height = _declared_size(raw, kind)
    if width * height > max_pixels:
        raise PictureError("too_many_pixels")
    if kind == "JPEG" and _scans(raw) > _MOST_SCANS:
        raise PictureError("damaged")
    try:
        return _written_anew(raw, kind, max_pixels)
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError("too_many_pixels") from None
    except Exception as error:  # Decoders meet broken files with almost any exception there is.
        raise PictureError("damaged") from error


def _written_anew(raw: bytes, kind: str, max_pixels: int) -> Picture:
    with Image.open(BytesIO(raw), formats=[kind]) as source:
        if source.width * source.height > max_pixels:
            raise PictureError("too_many_pixels")
        # Phones put a depth map or a second view behind a JPEG (MPO): the first picture is the photo.
        if kind != "JPEG" and getattr(source, "n_frames", 1) > 1:
            raise PictureError("animated")
        source.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))  # A JPEG can be decoded at an eighth of its size.
        source.load()
        upright = ImageOps.exif_transpose(source)
        upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        page = _on_white(upright)
    small = page.copy()
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    return Picture(_jpeg(page), page.width, page.height, _jpeg(small))


def _on_white(image: Image.Image) -> Image.Image:
    """Pixels only, on a new sheet: whatever else the file carried stays with the old one."""
    sheet = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        sheet.paste(layer, mask=layer.getchannel("A"))
    else:
        sheet.paste(image.convert("RGB"))
    return sheet


def _jpeg(image: Image.Image) -> bytes:
    target = BytesIO()
    image.save(target, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return target.getvalue()


def _kind(raw: bytes) -> str:
    if raw.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "WEBP"
    if raw[4:8] == b"ftyp" and raw[8:12] in _HEIC_BRANDS:
        return "HEIF"
    raise PictureError("unknown_kind")


def _declared_size(raw: bytes, kind: str) -> tuple[int, int]:
    """Width and height from the header, for the kinds whose decoder takes memory as soon as it opens the file."""
    if kind == "PNG":
        return int.from_bytes(raw[16:20], "big"), int.from_bytes(raw[20:24], "big")
    if kind == "WEBP" and raw[12:16] == b"VP8X":
        return int.from_bytes(raw[24:27], "little") + 1, int.from_bytes(raw[27:30], "little") + 1
    if kind == "WEBP" and raw[12:16] == b"VP8L":
        bits = int.from_bytes(raw[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == "WEBP":
        return int.from_bytes(raw[26:28], "little") & 0x3FFF, int.from_bytes(raw[28:30], "little") & 0x3FFF
    return 0, 0


def _scans(raw: bytes) -> int:
    """How many scans a JPEG has, up to the end of its first picture."""
    place, count = 2, 0
    while place + 4 <= len(raw) and raw[place] == 0xFF:
        mark = raw[place + 1]
        if mark == 0xD9:
            break
        if mark == 0xFF:  # Padding.
            place += 1
            continue
        place += 2 + int.from_bytes(raw[place + 2 : place + 4], "big")
        if mark == 0xDA:
            count += 1
            end = _END_OF_SCAN.search(raw, place)
            if end is None or count > _MOST_SCANS:
                break
            place = end.start()
    return count


@cache
def _can_open_heif() -> bool:
    """Whether the optional package pillow-heif is installed; it brings its own decoder."""
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError:
        return False
    return True
