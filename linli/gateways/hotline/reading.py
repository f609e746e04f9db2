"""What the hotline sends, read by the pack's table of fields: from JSON, or from a table in a file (CSV, XLSX)."""

import csv
import hashlib
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from linli.gateways.hotline.rules import FieldCode, Fields, TheirCategories
from linli.kernel import clock, text
from linli.kernel.coordinates import Point
from linli.mechanisms import rulebook

MOST_ROWS = 20_000
MOST_BYTES = 20_000_000
LONGEST: dict[FieldCode, int] = {
    "number": 40,
    "text": 2000,
    "place": 120,
    "name": 40,
    "phone": 20,
    "category": 60,
    "status": 40,
}
_FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日",
)  # fmt: skip
_NUMBER = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff_.-]*")
_PHONE = re.compile(r"[0-9][0-9-]{4,19}")
_TOLERATED = timedelta(minutes=10)
"""By how much the other side's clock may be ahead of ours."""


class WrongError(ValueError):
    """This row, or this file, cannot be taken; the sentence says what to mend."""


@dataclass(frozen=True)
class Row:
    """One ticket as it came: which line, and its fields by our names."""

    line: int
    fields: Mapping[FieldCode, str]
    given: tuple[str, ...] = ()
    """The line of a file as it stood, so that it can be handed back to be mended."""


@dataclass(frozen=True)
class Sent:
    """One ticket, understood."""

    foreign: str
    called_at: datetime
    text: str
    place: str
    point: Point | None
    category: str
    name: str
    phone: str
    answer_by: datetime | None
    digest: str


@dataclass(frozen=True)
class Table:
    """A file: its headings as they stood, and its rows."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def from_json(records: Sequence[Any]) -> list[Row]:
    """Records of the interface, by the names the pack gives."""
    names = {each.json_name: each.code for each in rulebook.current(Fields).list.items}
    rows = []
    for line, record in enumerate(records, start=1):
        said = record if isinstance(record, dict) else {}
        rows.append(Row(line, {names[name]: _plain(value) for name, value in said.items() if name in names}))
    return rows


def from_file(name: str, content: bytes) -> Table:
    """A table by its headings. Raises WrongError where it is none, or a column that must be there is not."""
    if len(content) > MOST_BYTES:
        raise WrongError(_("文件太大，最大 %(most)s MB；请分几次送。") % {"most": MOST_BYTES // 1_000_000})
    lines = _xlsx(content) if name.lower().endswith(".xlsx") else _csv(content)
    filled = [(number, line) for number, line in enumerate(lines, start=1) if any(cell.strip() for cell in line)]
    if not filled:
        raise WrongError(_("文件是空的。第一行要是列名，下面每行一张工单。"))
    if len(filled) > MOST_ROWS + 1:
        raise WrongError(_("一次最多 %(most)s 行；请分几次送。") % {"most": f"{MOST_ROWS:,}"})
    (_first, headings), *rest = filled
    columns = _columns(headings)
    rows = tuple(
        Row(number, {code: line[at].strip() for at, code in columns.items() if at < len(line)}, tuple(line))
        for number, line in rest
    )
    return Table(tuple(cell.strip() for cell in headings), rows)


def from_lines(name: str, content: bytes, columns: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """A table by these (name, heading) columns; a cell that is not there is empty. Raises WrongError where it is none."""
    if len(content) > MOST_BYTES:
        raise WrongError(_("文件太大，最大 %(most)s MB；请分几次送。") % {"most": MOST_BYTES // 1_000_000})
    lines = _xlsx(content) if name.lower().endswith(".xlsx") else _csv(content)
    filled = [line for line in lines if any(cell.strip() for cell in line)]
    if not filled:
        raise WrongError(_("文件是空的。第一行要是列名，下面每行一件。"))
    headings = [_same(cell) for cell in filled[0]]
    at = {code: headings.index(_same(heading)) for code, heading in columns if _same(heading) in headings}
    missing = [heading for code, heading in columns if code not in at and code not in {"id", "words"}]
    if missing:
        raise WrongError(_("第一行里没有这几列：%(missing)s。请照字段对照表写列名。") % {"missing": "、".join(missing)})
    return [
        {code: line[place].strip() for code, place in at.items() if place < len(line)}
        for line in filled[1 : MOST_ROWS + 1]
    ]


def _columns(headings: Sequence[str]) -> dict[int, FieldCode]:
    items = rulebook.current(Fields).list.items
    known = {_same(name): each.code for each in items for name in (each.name, each.name_en, *each.also) if name}
    found: dict[int, FieldCode] = {}
    for at, heading in enumerate(headings):
        code = known.get(_same(heading))
        if code is not None and code not in found.values():
            found[at] = code
    missing = [each.name for each in items if each.required and each.code not in found.values()]
    if missing:
        raise WrongError(_("第一行里没有这几列：%(missing)s。请照字段对照表写列名。") % {"missing": "、".join(missing)})
    return found


def understood(row: Row) -> Sent:
    """One row, or WrongError with the sentence that says how to mend it."""
    said = {code: text.clean(row.fields.get(code, "")) for code in LONGEST}
    for each in rulebook.current(Fields).list.items:
        if each.required and not row.fields.get(each.code, "").strip():
            raise WrongError(_("“%(field)s”是空的；请补上。") % {"field": rulebook.label(each)})
        if each.code in LONGEST and len(said[each.code]) > LONGEST[each.code]:
            raise WrongError(
                _("“%(field)s”有 %(n)s 个字，最多 %(most)s 个；请删短。")
                % {"field": rulebook.label(each), "n": len(said[each.code]), "most": LONGEST[each.code]}
            )
    if not _NUMBER.fullmatch(said["number"]):
        raise WrongError(_("工单编号“%(number)s”不对：只能有数字、字母、汉字和 - _ .。") % {"number": said["number"]})
    phone = re.sub(r"[\s()（）]", "", unicodedata.normalize("NFKC", said["phone"]))
    if phone and not _PHONE.fullmatch(phone):
        raise WrongError(_("联系电话不对：只能是数字和横线；没有就空着。"))
    called_at = _moment(row.fields.get("called_at", ""), _("来电时间")) or clock.now()
    if called_at > clock.now() + _TOLERATED:
        raise WrongError(_("来电时间在将来；请核对日期。"))
    lon, lat = row.fields.get("lon", "").strip(), row.fields.get("lat", "").strip()
    told = "\n".join((said["text"], said["place"], phone, said["category"]))
    return Sent(
        foreign=said["number"], called_at=called_at, text=said["text"], place=said["place"], point=_point(lon, lat),
        category=rulebook.current(TheirCategories).list.ours(said["category"]), name=said["name"], phone=phone,
        answer_by=_moment(row.fields.get("answer_by", ""), _("办理时限")), digest=hashlib.sha256(told.encode()).hexdigest(),
    )  # fmt: skip


def _point(lon: str, lat: str) -> Point | None:
    if not lon and not lat:
        return None
    try:
        east, north = float(lon), float(lat)
    except ValueError:
        raise WrongError(_("经度、纬度要是数字，两个都写或都不写。")) from None
    if not (math.isfinite(east) and math.isfinite(north) and -180 <= east <= 180 and -90 <= north <= 90):
        raise WrongError(_("经度、纬度不在地球上；请核对，没有就都空着。"))
    return Point(east, north)


def _moment(said: str, what: str) -> datetime | None:
    said = said.strip()
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
        return found if found.tzinfo else found.replace(tzinfo=clock.CITY)
    except ValueError:
        pass
    for form in _FORMS:
        try:
            return datetime.strptime(said, form).replace(tzinfo=clock.CITY)
        except ValueError:
            continue
    raise WrongError(_("“%(field)s”写成 2026-11-23 09:30 这样。") % {"field": what})


def day_of(said: str) -> date | None:
    """2026-11-23, or None."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _same(heading: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", heading)).casefold()


def _plain(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list | bool) else str(value).replace("\x00", "")


def _csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            said = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [[_unquoted(cell) for cell in line] for line in csv.reader(io.StringIO(said.replace("\x00", "")))]
    raise WrongError(_("文件的编码认不出来；请存成 UTF-8 或 GB18030 的 CSV，或者存成 XLSX。"))


def _unquoted(cell: str) -> str:
    """Our own tables put an apostrophe before what a spreadsheet might run; it is not part of what was said."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@" else cell


def _xlsx(content: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  Only whoever brings one pays for it.

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return [[_cell(cell) for cell in line] for line in book.get_sheet_by_index(0).to_python()]
    except (CalamineError, ValueError, IndexError, OSError):
        raise WrongError(_("这不是能读的 XLSX；请用表格软件另存一次，或者存成 CSV。")) from None


def _cell(value: Any) -> str:
    match value:
        case float() if value.is_integer():
            return str(int(value))  # A number typed as one: 20261123001, not 20261123001.0.
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case _:
            return "" if value is None else str(value)


def written(lines: Iterable[tuple[int, str, Sequence[str]]], headings: Sequence[str]) -> list[list[Any]]:
    """The rows that were not taken, each as it stood, after its line and what to mend: mend it, and send this file again."""
    width = len(headings)
    return [[line, remedy, *list(cells)[:width], *[""] * (width - len(cells))] for line, remedy, cells in lines]
