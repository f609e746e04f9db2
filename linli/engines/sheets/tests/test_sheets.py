"""A table is what was put into it: nothing runs, nothing is lost, and the same rows are the same bytes."""

import csv
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from linli.engines import sheets
from linli.engines.sheets import Column, Sheet, as_csv, harmless, writing

AT = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
ATTACKS = [
    "=1+1", "+86 138", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", '=HYPERLINK("http://x")',  # noqa: RUF001  Meant so.
    "=cmd|' /C calc'!A0", " =1", "\u3000=1",
]  # fmt: skip


def write(tables: list[Sheet], *, at: datetime) -> io.BytesIO:
    with sheets.write(tables, at=at) as file:
        return io.BytesIO(file.read())


def read(file: io.BytesIO) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(file)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("words", ATTACKS)
def test_no_text_becomes_a_formula(words: str) -> None:
    (found,) = read(write([Sheet("名单", ["内容"], [[words]])], at=AT))["名单"][1:]
    assert found[0].strip() == words.strip()
    (line,) = list(csv.reader(io.StringIO(b"".join(as_csv(["内容"], [[words]], marked=False)).decode(), newline="")))[
        1:
    ]
    assert line == [f"'{words}"]


def test_an_xlsx_holds_no_formula_and_no_link_inside() -> None:
    with zipfile.ZipFile(write([Sheet("名单", ["内容"], [[each] for each in ATTACKS])], at=AT)) as inside:
        page = inside.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in page
    assert b"<hyperlink" not in page
    assert page.count(b't="inlineStr"') == len(ATTACKS) + 1


def test_every_kind_of_cell_comes_back() -> None:
    row = ["柳林街道", 3, 2.5, True, date(2026, 11, 30), AT, None]
    (found,) = read(write([Sheet("名单", [Column("地方", 20), *"abcdef"], [row])], at=AT))["名单"][1:]
    assert found[:4] == ["柳林街道", 3, 2.5, "是"]
    assert found[4] == date(2026, 11, 30)
    assert found[5].isoformat() == "2026-12-01T09:30:00"  # The city's time.
    line = b"".join(as_csv(list("abcdefg"), [row], marked=False)).decode().splitlines()[1]
    assert line == "柳林街道,3,2.5,是,2026-11-30,2026-12-01 09:30,"


def test_a_negative_number_stays_a_number() -> None:
    assert b"".join(as_csv(["差"], [[-5]], marked=False)).decode().splitlines() == ["差", "-5"]


def test_the_same_rows_and_moment_are_the_same_bytes() -> None:
    def made(at: datetime) -> bytes:
        return write([Sheet("甲", ["x"], [["=1"], [AT]])], at=at).read()

    assert made(AT) == made(AT)
    assert made(AT) != made(AT.replace(day=2))


def test_a_list_longer_than_a_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ROWS", 3)
    found = read(write([Sheet("名单", ["n"], ([n] for n in range(7)))], at=AT))
    assert {name: [row[0] for row in rows[1:]] for name, rows in found.items()} == {
        "名单": [0, 1, 2], "名单 第2页": [3, 4, 5], "名单 第3页": [6],
    }  # fmt: skip


def test_an_empty_list_still_has_its_headings() -> None:
    assert read(write([Sheet("名单", ["编号", "地方"], [])], at=AT))["名单"] == [["编号", "地方"]]


def test_names_of_sheets_are_what_the_format_allows() -> None:
    names = ["a/b[c]:*?", "x" * 40, "X" * 40, "", "'引'"]
    found = list(read(write([Sheet(name, ["n"], [[1]]) for name in names], at=AT)))
    assert len({each.casefold() for each in found}) == len(names)
    assert all(0 < len(each) <= 31 for each in found)


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    (found,) = read(write([Sheet("名单", ["n"], [["长" * 40_000]])], at=AT))["名单"][1:]
    assert len(found[0]) == writing.LONGEST
    assert found[0].endswith("…")


def test_a_long_list_is_written_in_little_memory() -> None:
    """Rows are taken one at a time and let go of: ten times as many need no more."""

    def peak(rows: int) -> int:
        def many() -> Iterator[list[str]]:
            for n in range(rows):
                yield [f"第{n}行" * 20]

        tracemalloc.start()
        sheets.write([Sheet("名单", ["内容"], many())], at=AT).close()
        for _piece in as_csv(["内容"], many()):
            pass
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(6_000) < peak(2_000) + 400_000  # Buffers are full at two thousand.


@given(st.text(max_size=20))
def test_what_is_harmless_starts_no_formula(text: str) -> None:
    made = harmless(text)
    assert not writing.is_like_a_formula(made)
    assert made in {text, f"'{text}"}


def test_the_mark_tells_excel_that_it_is_utf8() -> None:
    assert b"".join(as_csv(["地方"], [])).startswith(b"\xef\xbb\xbf")
    assert sheets.CSV.startswith("text/csv")
