"""From bytes to a paper of a known kind, or a sentence that says what to do instead."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from linli.engines import pictures
from linli.kernel.text import clean, translatable

Kind = Literal["pdf", "docx", "xlsx", "jpg"]
Code = Literal["empty", "too_large", "unknown", "macros", "acts", "locked", "swollen", "damaged", "picture"]

_SENTENCES: dict[Code, str] = {
    "empty": translatable("文件是空的，没有收到内容。请重新选择。"),
    "too_large": translatable("文件太大，超过 %(limit)s MB。请分成几份，或者另存为较小的 PDF。"),
    "unknown": translatable("只收 PDF、Word（docx）、Excel（xlsx）和照片。旧格式（doc、xls）请另存为新格式。"),
    "macros": translatable("文件里带有宏，不能收。请另存为不带宏的 docx 或 xlsx，或者打印成 PDF。"),
    "acts": translatable("文件里带有脚本、程序或者另一个文件，不能收。请用“打印成 PDF”另存一份再传。"),
    "locked": translatable("文件加了密码，别人打不开。请去掉密码再传。"),
    "swollen": translatable("文件展开以后太大，不能收。请另存为 PDF 再传。"),
    "damaged": translatable("文件没有传完整，或者已经损坏。请重新选择。"),
    "picture": translatable("这张照片打不开。请换一张，或者截图后再传。"),
}
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
}
_MOST_PARTS, _MOST_UNPACKED = 4000, 200_000_000
_MOST_PIXELS = 60_000_000
# Names a PDF must spell to act by itself; a name may hide behind #41 escapes, which no honest writer uses in these.
_PDF_ACTS = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|OpenAction\s*<<)\b"
)
_PDF_LOCKED = re.compile(rb"/Encrypt\b")
_PDF_HIDDEN = re.compile(rb"/[A-Za-z]*#[0-9A-Fa-f]{2}[A-Za-z#0-9]*")
_PDF_STREAM = re.compile(rb"stream\r?\n")
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
_ACTING_PARTS = ("/activex/", "/embeddings/", "/macrosheets/", "/externallinks/")
_MACRO_KINDS = (b"macroenabled", b"vnd.ms-office.vbaproject", b"ms-excel.intlmacrosheet", b"ms-excel.macrosheet")


class PaperError(ValueError):
    """A file that is not accepted: `code` for programs, `sentence` with `values` for whoever sent it."""

    def __init__(self, code: Code, **values: int) -> None:
        self.code = code
        self.sentence = _SENTENCES[code]
        self.values = values
        super().__init__(self.sentence % values)


@dataclass(frozen=True, slots=True)
class Paper:
    """附件 — its bytes as they are kept, its kind as found in them, and a name that is only a name."""

    kind: Kind
    data: bytes
    name: str

    @property
    def media_type(self) -> str:
        """As HTTP calls the kind."""
        return MEDIA[self.kind]


def accept(raw: bytes, *, name: str, max_bytes: int) -> Paper:
    """The paper, a photograph written anew without its EXIF. Raises PaperError and nothing else."""
    if not raw:
        raise PaperError("empty")
    if len(raw) > max_bytes:
        raise PaperError("too_large", limit=max_bytes // 1_000_000)
    if raw[:1024].lstrip().startswith(b"%PDF-"):
        _look_into_pdf(raw)
        return Paper("pdf", raw, _named(name, "pdf"))
    if raw.startswith(b"PK\x03\x04"):
        kind = _look_into_office(raw)
        return Paper(kind, raw, _named(name, kind))
    if raw.startswith(b"\xd0\xcf\x11\xe0"):  # The container of doc and xls, and of a docx with a password.
        raise PaperError(
            "locked" if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k" in raw else "unknown"
        )
    try:
        picture = pictures.accept(raw, max_bytes=max_bytes, max_pixels=_MOST_PIXELS)
    except pictures.PictureError as error:
        raise PaperError("unknown" if error.code == "unknown_kind" else "picture") from None
    return Paper("jpg", picture.jpeg, _named(name, "jpg"))


def _look_into_pdf(raw: bytes) -> None:
    if b"%%EOF" not in raw[-4096:]:
        raise PaperError("damaged")
    if _PDF_LOCKED.search(raw):
        raise PaperError("locked")
    if _acts(raw):
        raise PaperError("acts")
    unpacked = 0
    for found in _PDF_STREAM.finditer(raw):  # Objects may be packed together; what acts may be among them.
        if b"/ObjStm" not in raw[max(0, found.start() - 400) : found.start()]:
            continue
        opened = zlib.decompressobj()
        try:
            inner = opened.decompress(raw[found.end() : found.end() + 20_000_000], 20_000_000)
        except zlib.error:
            raise PaperError("damaged") from None
        unpacked += len(inner)
        if unpacked > _MOST_UNPACKED:
            raise PaperError("swollen")
        if _acts(inner):
            raise PaperError("acts")


def _acts(raw: bytes) -> bool:
    if _PDF_ACTS.search(raw):
        return True
    plain = (re.sub(rb"#([0-9A-Fa-f]{2})", _unhidden, each) for each in _PDF_HIDDEN.findall(raw))
    return any(_PDF_ACTS.search(each + b" ") for each in plain)


def _unhidden(found: "re.Match[bytes]") -> bytes:
    return bytes([int(found[1], 16)])


def _look_into_office(raw: bytes) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            names, kinds = _parts_of(packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise PaperError("damaged") from None
    if any(mark in kinds for mark in _MACRO_KINDS) or any(each.endswith(_MACRO_PARTS) for each in names):
        raise PaperError("macros")
    if any(mark in f"/{each}" for each in names for mark in _ACTING_PARTS):
        raise PaperError("acts")
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    raise PaperError("unknown")


def _parts_of(packed: zipfile.ZipFile) -> tuple[set[str], bytes]:
    """The names of the parts in small letters, and what the package says that they are. Nothing else is unpacked."""
    parts = packed.infolist()
    if len(parts) > _MOST_PARTS or sum(each.file_size for each in parts) > _MOST_UNPACKED:
        raise PaperError("swollen")
    if any(each.flag_bits & 1 for each in parts):
        raise PaperError("locked")
    kinds = b""
    for each in parts:
        if each.filename.lower() == "[content_types].xml":
            with packed.open(each) as part:
                kinds += part.read(5_000_000).lower()
    if not kinds:
        raise PaperError("unknown")
    return {each.filename.lower() for each in parts}, kinds


def _named(name: str, kind: Kind) -> str:
    """The last part of a name, without what a file system or a header could take for more, with the ending of its kind."""
    last = re.split(r"[\\/]", clean(name))[-1]
    bare = re.sub(r'[\x00-\x1f<>:"|?*;%]+', "", last).strip(". ")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", bare).strip(". ")[:80]
    return f"{stem or '附件'}.{kind}"
