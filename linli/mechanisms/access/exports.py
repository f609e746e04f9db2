"""导出 — any list as a table (CSV or XLSX): who takes it, how many rows and what for is written down before the first row leaves.

A list is read row by row through a cursor of the server's, so that fifty thousand rows cost no more memory than fifty.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from linli.engines import sheets
from linli.facts.access import ListExported
from linli.kernel import clock, masking, text
from linli.mechanisms import journal
from linli.mechanisms.access import pages
from linli.mechanisms.access.actors import Actor, Refused
from linli.mechanisms.access.models import Export

MOST_ROWS = 50_000
AT_A_TIME = 500
"""Rows asked of the database at once."""
FORMATS = ("csv", "xlsx")
LEAST_PURPOSE = 4

Row = Sequence[sheets.Cell]


@dataclass(frozen=True)
class Listing:
    """One list that may be taken out: its code for the record, its name for the file, headings, how many rows, and the rows."""

    code: str
    name: str
    columns: Sequence[str]
    count: int
    """As many as there are, counted no further than MOST_ROWS + 1."""
    rows: Callable[[], Iterable[Row]]


class TooManyError(ValueError):
    """More rows than one table may hold; the sentence says how many and how to ask for fewer."""


def answer(request: HttpRequest, listing: Listing, *, by: Actor) -> HttpResponseBase:
    """The table as a file, or the page that says why not. The form's fields: `format` and `purpose`."""
    written = request.POST.get("format", "csv")
    try:
        row = write_export(
            listing, format=written if written in FORMATS else "csv", purpose=request.POST.get("purpose", ""),
            asked=request.GET.urlencode(), by=by,
        )  # fmt: skip
    except TooManyError as error:
        return pages.refusal(request, 413, str(error), {"remedy": _("先按地方、类别、轻重筛一筛，再导出。")})
    except PurposeError as error:
        return pages.refusal(request, 400, str(error))
    return _file(listing, row)


class PurposeError(ValueError):
    """A table leaves only for a stated purpose."""


@transaction.atomic
def write_export(listing: Listing, *, format: str, purpose: str, asked: str, by: Actor) -> Export:  # noqa: A002
    """导出 — write down who, what, how many and what for. Raises Refused, PurposeError, TooManyError; then nothing leaves."""
    if by.person_id is None:
        raise Refused(_("导出必须以本人岗位登录。"))
    why = text.clean(purpose)[:200]
    if len(why) < LEAST_PURPOSE:
        raise PurposeError(_("请写明导出做什么用（至少4个字），例如：周例会核对逾期件。"))
    if listing.count > MOST_ROWS:
        raise TooManyError(_("这张表超过 %(most)s 行，一次导不出。") % {"most": f"{MOST_ROWS:,}"})
    now = clock.now()
    row = Export.objects.create(
        listing=listing.code, asked=text.clean(asked)[:300], rows=listing.count, format=format, purpose=why,
        person_id=by.person_id, office=by.office[:160], area_id=by.area_id, at=now,
    )  # fmt: skip
    fact = ListExported(listing=listing.code, rows=listing.count, format=format, office=by.office)
    journal.append(f"person:{by.person_id}", fact, by=by.author, at=now)
    return row


def _file(listing: Listing, row: Export) -> HttpResponseBase:
    name = f"{listing.name}-{row.at.astimezone(clock.CITY):%Y-%m-%d-%H%M}.{row.format}"
    if row.format == "xlsx":
        made = sheets.write([sheets.Sheet(listing.name, listing.columns, listing.rows())], at=row.at)
        response: HttpResponseBase = FileResponse(made, content_type=sheets.XLSX)
    else:
        response = StreamingHttpResponse(sheets.as_csv(listing.columns, listing.rows()), content_type=sheets.CSV)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


def safe(said: str) -> str:
    """What somebody typed, for a table that leaves the house: telephones, names and numbers in it are masked."""
    return masking.mask_personal(said)


def taken(actor: Actor, *, limit: int = 50) -> list[Export]:
    """导出记录 — the newest exports from posts in the actor's own area or below it."""
    rows = Export.objects.select_related("person").order_by("-at", "-id")
    if actor.scope == "area" and actor.area_path:
        rows = rows.filter(area__path__startswith=actor.area_path)
    elif actor.scope != "all":
        rows = rows.filter(person_id=actor.person_id or 0)
    return list(rows[:limit])


def download(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A small file that is made at once."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response
