"""What is taken and what is refused, by contents and never by name."""

import zipfile
from io import BytesIO

import pytest
from PIL import Image

from linli.engines.papers import PaperError, accept

MOST = 10_000_000
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def packed(**more: bytes) -> bytes:
    parts = {"[Content_Types].xml": WORD, "word/document.xml": b"<w/>"} | more
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (PDF, "pdf"),
        (packed(), "docx"),
        (packed(**{"xl/workbook.xml": b"<x/>", "word/document.xml": b""}), "docx"),
        (photo(), "jpg"),
    ],
)
def test_a_paper_is_known_by_its_contents_whatever_it_is_called(raw, kind):
    paper = accept(raw, name="../../照片.exe", max_bytes=MOST)
    assert (paper.kind, paper.name) == (kind, f"照片.{kind}")


def test_an_excel_file_is_taken():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "spreadsheetml.sheet.main+xml")
        file.writestr("xl/workbook.xml", "<x/>")
    assert accept(out.getvalue(), name="台账.xls", max_bytes=MOST).kind == "xlsx"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b"x" * (MOST + 1), "too_large"),
        (b"MZ\x90\x00 a program", "unknown"),
        (b"<html><script>alert(1)</script>", "unknown"),
        (b"\xd0\xcf\x11\xe0 an old document", "unknown"),
        (packed(**{"word/vbaProject.bin": b"x"}), "macros"),
        (packed(**{"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}), "macros"),
        (packed(**{"word/embeddings/oleObject1.bin": b"x"}), "acts"),
        (packed()[:-40], "damaged"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "acts"),
        (PDF.replace(b"/Catalog", b"/Catalog/Names<</#4AavaScript 3 0 R>>"), "acts"),
        (PDF.replace(b"trailer<<", b"trailer<</Encrypt 2 0 R"), "locked"),
        (PDF[:-6], "damaged"),
        (photo()[:60], "picture"),
    ],
)
def test_what_could_act_or_cannot_be_read_is_refused_with_a_sentence(raw, code):
    with pytest.raises(PaperError) as refused:
        accept(raw, name="a.pdf", max_bytes=MOST)
    assert refused.value.code == code
    assert refused.value.sentence


def test_a_paper_that_unpacks_to_more_than_it_weighs_is_refused():
    with pytest.raises(PaperError, match="展开"):
        accept(packed(**{"word/media/a.bin": b"\0" * 210_000_000}), name="a.docx", max_bytes=MOST)


def test_a_script_packed_away_in_a_pdf_is_found():
    import zlib

    inner = zlib.compress(b"2 0 <</S/JavaScript/JS(x)>>")
    raw = b"%PDF-1.7\n5 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n" + inner + b"\nendstream endobj\n%%EOF\n"
    with pytest.raises(PaperError, match="脚本"):
        accept(raw, name="a.pdf", max_bytes=MOST)
