"""公开数据 — the page, the files, the dictionary, the catalogue. All of it is public."""

import gzip
import re

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.engines import sheets
from linli.mechanisms import rulebook
from linli.mechanisms.access import pages, public
from linli.mechanisms.rulebook import city
from linli.mechanisms.territory.words import level_words
from linli.portals.opendata import catalogue, dictionary, service
from linli.portals.opendata.models import Publication
from linli.portals.opendata.rules import Publishing


def _publications() -> list[Publication]:
    return list(Publication.objects.defer("content").order_by("-month"))


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is out, how it was made safe, and how to use it."""
    edition = rulebook.current(Publishing)
    context = {
        "publications": _publications(),
        "columns": dictionary.columns(),
        "k": edition.list.k,
        "licence": edition.list.item("licence").value,
        "rule_url": edition.ref.url(),
        "rule_name": edition.list.said("title", english=rulebook.is_english()),
        "assumed": edition.list.said("reason", english=rulebook.is_english()),
        "city_name": city.head().city.name,
    }
    return pages.page(request, "opendata/index.jinja", context)


@public
@require_safe
def month(request: HttpRequest, month: str) -> HttpResponse:
    """One month: how many, how exact, and the file."""
    found = _found(month)
    periods = {"day": _("按日"), "week": _("按周"), "month": _("按月")}
    steps = [(level_words(each["level"]), periods[each["period"]], each["rows"]) for each in found.steps]
    rule, _code = rulebook.RuleRef.parse(found.rule)
    context = {"found": found, "steps": steps, "rule_url": rule.url(), "city_name": city.head().city.name}
    return pages.page(request, "opendata/month.jinja", context)


@public
@require_safe
def table(request: HttpRequest, month: str) -> HttpResponse:
    """The file, as it was published."""
    found = _found(month, whole=True)
    etag = f'"{found.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    packed = bytes(found.content)
    accepts = re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", ""))
    response = HttpResponse(packed if accepts else gzip.decompress(packed), content_type=sheets.CSV)
    if accepts:
        response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=86400"
    response["Content-Disposition"] = f'attachment; filename="matters-{found.month:%Y-%m}.csv"'
    return response


@public
@require_safe
def dictionary_table(request: HttpRequest) -> HttpResponse:
    """The dictionary as a table."""
    del request
    lines = [[each.name, each.type, each.meaning] for each in dictionary.columns()]
    response = HttpResponse(b"".join(sheets.as_csv(["column", "type", "meaning"], lines)), content_type=sheets.CSV)
    response["Content-Disposition"] = 'attachment; filename="dictionary.csv"'
    return response


@public
@require_safe
def catalogue_ttl(request: HttpRequest) -> HttpResponse:
    """The catalogue in Turtle."""
    del request
    return _open(catalogue.turtle(catalogue.nodes(_publications())), "text/turtle; charset=utf-8")


@public
@require_safe
def catalogue_json(request: HttpRequest) -> HttpResponse:
    """The catalogue in JSON-LD."""
    del request
    return _open(catalogue.json_ld(catalogue.nodes(_publications())), "application/ld+json")


def _open(text: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=300"
    return response


def _found(month: str, *, whole: bool = False) -> Publication:
    day = service.month_of(month) if re.fullmatch(r"\d{4}-\d{2}", month) else None
    rows = Publication.objects.all() if whole else Publication.objects.defer("content")
    found = rows.filter(month=day).first() if day else None
    if found is None:
        raise Http404(_("这个月还没有公开。"))
    return found
