"""A document is the same bytes for the same values, prints what it is given as it is, and has a shape for every character."""

import io
import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from linli.engines.documents import DocumentError, making, pdf, png

AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
PACKS = Path(__file__).resolve().parents[4] / "packs"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "paper.typ"
    file.write_text("= #data.title\n#data.words\n\n#for each in data.rows [- #each.name：#each.n 件\n]", "utf-8")
    return file


def made_of(words: str = "路灯不亮") -> dict[str, object]:
    return {"title": "月报", "words": words, "rows": [{"name": "柳林街道", "n": 3}]}


def covered(font: Path) -> set[int]:
    """The characters a typeface has a shape for: its character map, read as the format says (cmap, formats 4 and 12)."""
    content = font.read_bytes()
    tables = {content[at : at + 4]: struct.unpack(">II", content[at + 8 : at + 16]) for at in range(12, 12 + 16 * struct.unpack(">H", content[4:6])[0], 16)}  # fmt: skip
    start = tables[b"cmap"][0]

    def numbers(form: str, at: int) -> tuple[int, ...]:
        return struct.unpack(f">{form}", content[at : at + struct.calcsize(f">{form}")])

    found: set[int] = set()
    for each in range(numbers("H", start + 2)[0]):
        at = start + numbers("I", start + 8 + 8 * each)[0]
        (form,) = numbers("H", at)
        if form == 12:  # Every plane.
            for group in range(numbers("I", at + 12)[0]):
                first, last, _glyph = numbers("III", at + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif form == 4:  # The basic plane.
            pieces = numbers("H", at + 6)[0] // 2
            lasts, firsts = numbers(f"{pieces}H", at + 14), numbers(f"{pieces}H", at + 16 + 2 * pieces)
            for first, last in zip(firsts, lasts, strict=True):
                found.update(range(first, last + 1))
    return found


def test_the_same_values_and_moment_make_the_same_bytes(template: Path) -> None:
    once = pdf(template, made_of(), at=AT)
    assert once.startswith(b"%PDF-")
    assert pdf(template, made_of(), at=AT) == once
    assert pdf(template, made_of(), at=AT + timedelta(days=1)) != once
    assert pdf(template, made_of("井盖"), at=AT) != once


@pytest.mark.parametrize(
    "words", ['#import "/etc/passwd"', "*粗* _斜_", "$x^2$", "#panic()", "]", '"\\', "= 题", "// 注", "#data"]
)
def test_what_was_typed_is_printed_and_not_obeyed(template: Path, words: str, tmp_path: Path) -> None:
    """Printed as it is: the same picture as of the same words written as a quoted string in a template."""
    plain = tmp_path / "plain.typ"
    quoted = words.replace("\\", "\\\\").replace('"', '\\"')
    plain.write_text(template.read_text("utf-8").replace("#data.words", f'#"{quoted}"'), "utf-8")
    assert pixels(template, made_of(words)) == pixels(plain, made_of("不在纸上"))
    assert pixels(template, made_of(words)) != pixels(template, made_of(""))


def pixels(template: Path, values: dict[str, object]) -> int:
    (page,) = png(template, values, at=AT, per_inch=40)
    return zlib.crc32(Image.open(io.BytesIO(page)).tobytes())


def test_a_template_reads_no_file_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("密", "utf-8")
    inside = tmp_path / "papers"
    inside.mkdir()
    (inside / "paper.typ").write_text('#read("../secret.txt")', "utf-8")
    with pytest.raises(DocumentError, match=r"paper\.typ"):
        pdf(inside / "paper.typ", {}, at=AT)


def test_a_value_that_is_missing_is_an_error_and_no_empty_line(template: Path) -> None:
    with pytest.raises(DocumentError, match=r"paper\.typ.*words"):
        pdf(template, {"title": "月报", "rows": []}, at=AT)


def test_a_package_of_others_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "paper.typ").write_text('#import "@preview/tablex:0.0.8": tablex', "utf-8")
    with pytest.raises(DocumentError):
        pdf(tmp_path / "paper.typ", {}, at=AT)


@pytest.mark.parametrize("value", [AT, {1, 2}, float("nan")])
def test_what_json_cannot_say_is_refused(template: Path, value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        pdf(template, made_of() | {"words": value}, at=AT)


def test_a_moment_without_a_zone_is_refused(template: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        pdf(template, made_of(), at=AT.replace(tzinfo=None))


@pytest.mark.parametrize("weight", ["400Regular", "700Bold"])
def test_every_character_of_every_place_has_a_shape(weight: str) -> None:
    (font,) = making.FONTS.glob(f"*/*{weight}.ttf")
    shapes = covered(font)
    names = {each for file in PACKS.rglob("*.csv") for each in file.read_text("utf-8") if each.isalpha()}
    assert len(names) > 1000
    assert {each for each in names if ord(each) not in shapes} == set()


def test_only_our_own_typeface_is_used() -> None:
    assert {(each.family, each.weight) for each in making._fonts().fonts()} == {
        ("Noto Sans SC", 400),
        ("Noto Sans SC", 700),
    }
