"""Writes XLSX (xlsxwriter, loaded when first asked for) and CSV that Excel and WPS open in Chinese."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, count, islice
from tempfile import TemporaryFile
from typing import IO, Any

from linli.kernel import clock

Cell = str | int | float | bool | date | datetime | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
ROWS = 1_048_575
"""What a sheet holds beneath its headings; what comes after goes on in another sheet (第2页)."""
LONGEST = 32_767
"""Characters in one cell, as the format allows; a longer text is cut, ending in …."""
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet may take for the start of a formula (OWASP, CSV injection), after spaces and in full width too."""


@dataclass(frozen=True)
class Column:
    """One column: its heading and its width in Latin characters; a Chinese character takes two."""

    name: str
    width: int = 0


@dataclass(frozen=True)
class Sheet:
    """One sheet: a name, headings, and rows taken one at a time."""

    name: str
    columns: Sequence[Column | str]
    rows: Iterable[Sequence[Cell]]


def write(sheets: Iterable[Sheet], *, at: datetime, into: IO[bytes] | None = None) -> IO[bytes]:
    """XLSX — a file open for reading, at its start: the same bytes for the same rows and moment `at`.

    Text is text: no formula, no link, whatever it starts with. Moments are said in the city's time.
    """
    import xlsxwriter  # noqa: PLC0415  Only whoever exports pays for it.

    file = into if into is not None else TemporaryFile()  # noqa: SIM115  The caller reads and closes it.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": at.astimezone(UTC).replace(tzinfo=None)})
        forms = {
            "head": book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "valign": "vcenter"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
            "text": book.add_format({"quote_prefix": True}),
        }
        taken: set[str] = set()
        for sheet in sheets:
            _sheet(book, sheet, forms, taken)
    file.seek(0)
    return file


def as_csv(columns: Sequence[Column | str], rows: Iterable[Sequence[Cell]], *, marked: bool = True) -> Iterator[bytes]:
    """CSV — in pieces of some hundred rows, UTF-8; `marked` with the mark (BOM) by which Excel knows that it is."""
    if marked:
        yield "\ufeff".encode()
    lines = chain([[_name(each) for each in columns]], rows)
    while block := list(islice(lines, 500)):
        text = io.StringIO()
        csv.writer(text).writerows([_plain(cell) for cell in row] for row in block)
        yield text.getvalue().encode()


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: with an apostrophe before it where it would be taken for one."""
    return f"'{text}" if is_like_a_formula(text) else text


def is_like_a_formula(text: str) -> bool:
    """Would a spreadsheet calculate it? Some read a full-width sign as the sign itself, and pass over spaces."""
    return unicodedata.normalize("NFKC", text[:50]).lstrip(" ").startswith(STARTS)


def _plain(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case datetime():
            return cell.astimezone(clock.CITY).strftime("%Y-%m-%d %H:%M")
        case date():
            return cell.isoformat()
        case str():
            return harmless(cell.replace("\x00", ""))
        case _:
            return cell


def _sheet(book: Any, sheet: Sheet, forms: dict[str, Any], taken: set[str]) -> None:
    rows = iter(sheet.rows)
    for part in count(1):
        first = next(rows, None)
        if first is None and part > 1:
            return
        page = book.add_worksheet(_free(sheet.name if part == 1 else f"{sheet.name} 第{part}页", taken))
        page.freeze_panes(1, 0)
        for at, column in enumerate(sheet.columns):
            wide = column.width if isinstance(column, Column) else 0
            page.set_column(at, at, wide or max(10, 2 * len(_name(column)) + 4))
            page.write_string(0, at, _name(column), forms["head"])
        for number, row in enumerate(chain([first] if first is not None else [], islice(rows, ROWS - 1)), 1):
            for at, cell in enumerate(row):
                _cell(page, number, at, cell, forms)


def _cell(page: Any, row: int, at: int, cell: Cell, forms: dict[str, Any]) -> None:
    match cell:
        case None | "":
            return
        case bool():
            page.write_string(row, at, "是" if cell else "否")
        case datetime():
            page.write_datetime(row, at, cell.astimezone(clock.CITY).replace(tzinfo=None), forms["moment"])
        case date():
            page.write_datetime(row, at, datetime(cell.year, cell.month, cell.day), forms["day"])  # noqa: DTZ001  A day has no zone.
        case str():
            text = cell.replace("\x00", "")
            text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
            page.write_string(row, at, text, forms["text"] if is_like_a_formula(text) else None)
        case _:
            page.write_number(row, at, cell)


def _name(column: Column | str) -> str:
    return column.name if isinstance(column, Column) else column


def _free(name: str, taken: set[str]) -> str:
    """A sheet's name as the format allows it: 31 characters, none of []:*?/\\, no apostrophe at an end, none twice."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip("' ") or "表"
    for tail in chain([""], (f" {n}" for n in count(2))):
        found = f"{clean[: 31 - len(tail)]}{tail}"
        if found.casefold() not in taken:
            taken.add(found.casefold())
            return found
    raise AssertionError("count() never ends")
