"""月报 — the month on a page, on paper and as a spreadsheet: the same sections, the same figures, typed by nobody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines import documents, sheets
from linli.engines.sheets import Column, Sheet
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor, pages
from linli.mechanisms.rulebook import RuleRef
from linli.mechanisms.rulebook.city import head
from linli.portals.cockpit.asked import area_of, crumbs, month_of, turning
from linli.portals.cockpit.rates import address
from linli.review.indicators import brief
from linli.review.indicators.brief import Brief, Cell, Table
from linli.review.indicators.queries import TOWNSHIP


def _brief(request: HttpRequest) -> Brief:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return brief.of(actor, area_id=area_of(request), month=month_of(request))


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The brief to read on a screen."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _brief(request)
    context = {
        "found": found, "month": found.month, "crumbs": crumbs(actor, found.area, found.month),
        "turning": turning(found.month, found.area), "pdf": address("brief_pdf", found.area, found.month),
        "xlsx": address("brief_xlsx", found.area, found.month), "rates": address("rates", found.area, found.month),
        "rule_urls": {each.rule: _rule_url(each.rule) for each in found.defined},
        "below": [each for each in territory.children(found.area.id) if not each.functional] if found.area.level < TOWNSHIP else [],
    }  # fmt: skip
    return pages.page(request, "cockpit/brief.jinja", context)


@require_GET
def pdf(request: HttpRequest) -> HttpResponse:
    """The brief on paper: the pack's template, the same bytes for the same figures."""
    found = _brief(request)
    template = Path(settings.PACK) / "documents" / "brief.typ"
    made = documents.pdf(template, on_paper(found), at=found.moment)
    return _download(made, "application/pdf", f"{_named(found)}.pdf")


@require_GET
def xlsx(request: HttpRequest) -> HttpResponse:
    """The brief's tables as a spreadsheet, numbers as numbers."""
    found = _brief(request)
    with sheets.write(_sheets(found), at=found.moment) as file:
        made = file.read()
    return _download(made, sheets.XLSX, f"{_named(found)}.xlsx")


def on_paper(found: Brief) -> dict[str, Any]:
    """The brief as plain values for a template."""
    return {
        "title": found.title, "month": brief.month_words(found.month), "city": head().city.name,
        "as_of": _("统计到 %(day)s") % {"day": found.as_of.isoformat()}, "lead": list(found.lead), "lang": "en" if rulebook.is_english() else "zh",
        "sections": [
            {
                "heading": each.heading, "sentences": list(each.sentences),
                "tables": [
                    {
                        "caption": table.caption, "columns": list(table.columns),
                        "rows": [[{"text": cell.text, "bar": cell.bar} for cell in row] for row in table.rows],
                    }
                    for table in each.tables
                ],
            }
            for each in found.sections
        ],
        "defined": [{"name": each.name, "words": each.words, "rule": each.rule} for each in found.defined],
        "defined_heading": _("这些数怎么算的"), "list_words": found.list_words,
        "assumed": _("本条为暂定：%(reason)s") % {"reason": found.assumed} if found.assumed else "",
        "nobody": _("本报由系统按日志里的事实算出，没有人填过一个数。"), "page_words": _("第 {n} 页，共 {all} 页"),
    }  # fmt: skip


def _sheets(found: Brief) -> Iterator[Sheet]:
    words = [
        *found.lead,
        *(f"{section.heading}：{sentence}" for section in found.sections for sentence in section.sentences),
    ]
    title = f"{found.title} {brief.month_words(found.month)}"
    yield Sheet(_("说明"), [Column(title, 110)], [[each] for each in words])
    for section in found.sections:
        for table in section.tables:
            yield Sheet(
                table.caption,
                [Column(name, 30 if at == 0 else 16) for at, name in enumerate(table.columns)],
                _rows(table),
            )
    yield Sheet(_("口径"), [Column(_("指标"), 30), Column(_("怎么算的"), 110), Column(_("依据"), 40)], [[each.name, each.words, each.rule] for each in found.defined])  # fmt: skip


def _rows(table: Table) -> Iterator[list[str | float | int]]:
    for row in table.rows:
        yield [_value(cell) for cell in row]


def _value(cell: Cell) -> str | float | int:
    return cell.text if cell.value is None else cell.value


def _named(found: Brief) -> str:
    return f"{found.area.name}{_('月报')}{found.month:%Y-%m}"


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _rule_url(rule: str) -> str:
    ref, code = RuleRef.parse(rule)
    return ref.url(code)
